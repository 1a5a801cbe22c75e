//! Names: words with all their spellings, and a vocabulary from which a community draws them, skewed as in life.

mod christian;
mod compose;
mod muslim;
mod pakistan;
mod parts;
mod second;
mod telugu;

use chrono::{Datelike, NaiveDate};

use self::compose::Collector;
use crate::{
    dice::{Dice, mix},
    latin,
    order::{NameSeed, Programme},
    phonetic, urdu,
};

/// Communities with naming customs of their own, first those of Andhra, then those of Pakistan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Community {
    Hindu,
    Muslim,
    Christian,
    Punjabi,
    Sindhi,
    Pashtun,
    Baloch,
}

impl Community {
    /// Its place among the communities of its country.
    fn seat(self) -> usize {
        match self {
            Self::Hindu | Self::Punjabi => 0,
            Self::Muslim | Self::Sindhi => 1,
            Self::Christian | Self::Pashtun => 2,
            Self::Baloch => 3,
        }
    }

    /// Whether its people have a family name that stands in every list.
    pub(crate) fn has_family_names(self) -> bool {
        matches!(self, Self::Hindu | Self::Muslim | Self::Christian)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    Male,
    Female,
}

/// A script besides the Latin one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Telugu,
    Urdu,
}

/// One word of a name.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The phonetic code, from which the Telugu spelling follows; the letters of an Urdu word.
    pub(crate) code: String,
    /// The usual Latin spelling.
    pub(crate) latin: String,
    /// The spelling in the country's own script.
    pub(crate) native: String,
    script: Script,
    /// The usual spelling is a custom (Reddy), not a rendering of the code.
    listed: bool,
    /// A number of the code, for throws that must agree wherever the word occurs.
    hash: u64,
}

impl Word {
    /// Reads `code` or `code=Spelling`, the code being phonetic.
    fn telugu(entry: &str) -> Self {
        let (code, listed) =
            entry.split_once('=').map_or((entry, None), |(code, latin)| (code, Some(latin)));
        Self {
            code: code.to_owned(),
            latin: listed.map_or_else(|| latin::usual(code), str::to_owned),
            native: phonetic::telugu(code),
            script: Script::Telugu,
            listed: listed.is_some(),
            hash: hash(code),
        }
    }

    /// Reads `Latin=letters`, the letters being those of Urdu.
    fn urdu(entry: &str) -> Self {
        let (latin, code) = entry.split_once('=').unwrap_or((entry, ""));
        Self {
            code: format!("{latin}={code}"),
            latin: latin.replace('_', " "),
            native: urdu::script(code),
            script: Script::Urdu,
            listed: true,
            hash: hash(entry),
        }
    }

    /// Its own script is Telugu.
    pub(crate) fn is_telugu(&self) -> bool {
        self.script == Script::Telugu
    }

    /// A Latin spelling other than `known`.
    pub(crate) fn variant(&self, known: &str, dice: &mut Dice) -> String {
        match self.script {
            Script::Telugu => latin::variant(&self.code, known, self.listed, dice),
            Script::Urdu => urdu::variant(&self.latin, known, dice),
        }
    }

    /// A number that is the same wherever this word meets this salt.
    pub(crate) fn salted(&self, salt: u64) -> u64 {
        mix(self.hash ^ mix(salt))
    }
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)))
}

/// A person's name: the family's word and one to three of her own.
#[derive(Clone, Debug)]
pub(crate) struct Name<'w> {
    pub(crate) family: &'w Word,
    pub(crate) given: Vec<&'w Word>,
    /// The family's word is part of the written name; in Pakistan often not.
    pub(crate) shown: bool,
}

/// Words in order of frequency; the n-th is drawn in proportion to 1 / (n + 3)^0.875 (assumed; village lists are steeper still).
/// Square roots alone are used, as only these are the same to the last bit on every machine.
#[derive(Clone, Debug)]
struct Ranked {
    words: Vec<Word>,
    sums: Vec<f64>,
}

impl Ranked {
    fn new(words: Vec<Word>) -> Self {
        let sums = (0..words.len()).scan(0.0, |sum, rank| {
            let half = (rank as f64 + 3.0).sqrt();
            let quarter = half.sqrt();
            *sum += 1.0 / (half * quarter * quarter.sqrt());
            Some(*sum)
        });
        Self { sums: sums.collect(), words }
    }

    fn draw(&self, dice: &mut Dice) -> &Word {
        let mark = dice.unit() * self.sums.last().copied().unwrap_or_default();
        let place = self.sums.partition_point(|sum| *sum <= mark);
        &self.words[place.min(self.words.len() - 1)]
    }
}

/// Given names of one community and sex.
#[derive(Clone, Debug)]
struct Givens {
    old: Ranked,
    new: Ranked,
    second: Ranked,
    /// Share of people with a second given word.
    second_share: f64,
}

/// How one community names people.
#[derive(Clone, Debug)]
struct Custom {
    families: Ranked,
    /// Words that the men of a family share: titles, which stand last (Reddy), or in Pakistan first words (Muhammad).
    titles: Ranked,
    givens: [Givens; 2],
}

/// The words of an invented population.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    customs: Vec<Custom>,
}

impl Vocabulary {
    /// The words of a programme's country; A and B share hardly any.
    pub(crate) fn new(programme: Programme, names: NameSeed) -> Self {
        let customs = match programme {
            Programme::PeopleHub => andhra(names),
            Programme::Ehsaas => {
                [pakistan::PUNJABI, pakistan::SINDHI, pakistan::PASHTUN, pakistan::BALOCH]
                    .iter()
                    .map(|people| pakistan::custom(people, names))
                    .collect()
            }
        };
        Self { customs }
    }

    /// A family name.
    pub(crate) fn family(&self, community: Community, dice: &mut Dice) -> &Word {
        self.customs[community.seat()].families.draw(dice)
    }

    /// A word that the men of a family carry last (Reddy, Rao), in Pakistan first (Muhammad).
    pub(crate) fn title(&self, community: Community, dice: &mut Dice) -> &Word {
        self.customs[community.seat()].titles.draw(dice)
    }

    /// The given names of a person; `inherited` is the word a family's men share.
    pub(crate) fn given<'w>(
        &'w self,
        who: (Community, Sex, NaiveDate),
        inherited: Option<&'w Word>,
        dice: &mut Dice,
    ) -> Vec<&'w Word> {
        let (community, sex, birth) = who;
        let givens = &self.customs[community.seat()].givens[sex as usize];
        // Names changed between the generations of 1950 and 2010.
        let modern = (f64::from(birth.year()) - 1945.0) / 65.0;
        let list = if dice.chance(modern.clamp(0.03, 0.97)) { &givens.new } else { &givens.old };
        let mut words = vec![list.draw(dice)];
        let inherited = inherited.filter(|_| sex == Sex::Male && !words[0].code.ends_with("rAvu"));
        let second =
            if inherited.is_some() { givens.second_share / 4.0 } else { givens.second_share };
        if dice.chance(second) {
            words.push(givens.second.draw(dice));
        }
        if community.has_family_names() {
            words.extend(inherited);
        } else if let Some(first) = inherited {
            words.insert(0, first);
        }
        words.dedup_by(|one, other| one.code == other.code);
        words
    }
}

/// Telugu Hindus, Muslims and Christians.
fn andhra(names: NameSeed) -> Vec<Custom> {
    use telugu::{FAMILIES, MEN_NEW, MEN_OLD, MEN_SECOND, TITLES, WOMEN_NEW, WOMEN_OLD};
    let written = [
        [FAMILIES, MEN_NEW, MEN_OLD, MEN_SECOND, TITLES, WOMEN_NEW],
        [WOMEN_OLD, telugu::WOMEN_SECOND, second::TITLES, second::MEN_SECOND, "", ""],
        [muslim::FAMILIES, muslim::MEN, muslim::WOMEN, muslim::MEN_SECOND, "", ""],
        [muslim::WOMEN_SECOND, second::MUSLIM_FAMILIES, christian::MEN, christian::WOMEN, "", ""],
        [second::WOMEN_SECOND, second::MUSLIM_MEN_SECOND, second::MUSLIM_WOMEN_SECOND, "", "", ""],
    ];
    let collector = Collector::new(names, written.as_flattened());
    let ranked =
        |lists, parts: &[compose::Parts], most| Ranked::new(collector.words(lists, parts, most));
    let givens = |old, new, second: Ranked, second_share| Givens { old, new, second, second_share };
    let (men, women) = (
        ranked([MEN_SECOND, second::MEN_SECOND], &[], 0),
        ranked([telugu::WOMEN_SECOND, second::WOMEN_SECOND], &[], 0),
    );
    let same = |lists, parts, second: Ranked, share| {
        let list = ranked(lists, &[parts], 300);
        givens(list.clone(), list, second, share)
    };
    let titles = ranked([TITLES, second::TITLES], &[], 0);
    let families = ranked([FAMILIES, ""], &[parts::FAMILIES], 420);
    let hindu = [
        givens(
            ranked([MEN_OLD, ""], &[parts::MEN_OLD], 700),
            ranked([MEN_NEW, ""], &[parts::MEN_NEW, parts::MEN_MODERN], 800),
            men.clone(),
            0.35,
        ),
        givens(
            ranked([WOMEN_OLD, ""], &[parts::WOMEN_OLD], 700),
            ranked([WOMEN_NEW, ""], &[parts::WOMEN_NEW, parts::WOMEN_MODERN], 800),
            women.clone(),
            0.35,
        ),
    ];
    let muslim_men = ranked([muslim::MEN_SECOND, second::MUSLIM_MEN_SECOND], &[], 0);
    let muslim_women = ranked([muslim::WOMEN_SECOND, second::MUSLIM_WOMEN_SECOND], &[], 0);
    let muslim = [
        same([muslim::MEN, ""], second::MUSLIM_MEN, muslim_men, 0.6),
        same([muslim::WOMEN, ""], second::MUSLIM_WOMEN, muslim_women, 0.6),
    ];
    let christian = [
        same([christian::MEN, ""], second::CHRISTIAN_MEN, men, 0.3),
        same([christian::WOMEN, ""], second::CHRISTIAN_WOMEN, women, 0.25),
    ];
    let muslim_families = ranked([muslim::FAMILIES, second::MUSLIM_FAMILIES], &[], 0);
    vec![
        Custom { families: families.clone(), titles: titles.clone(), givens: hindu },
        Custom { families: muslim_families, titles: titles.clone(), givens: muslim },
        Custom { families, titles, givens: christian },
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    impl Vocabulary {
        fn all(&self) -> impl Iterator<Item = &Word> {
            self.customs.iter().flat_map(|custom| {
                let givens = custom.givens.iter();
                givens
                    .flat_map(|givens| [&givens.old, &givens.new, &givens.second])
                    .chain([&custom.families, &custom.titles])
                    .flat_map(|ranked| &ranked.words)
            })
        }

        fn spellings(&self, of: impl Fn(&Custom) -> Vec<&Ranked>) -> HashSet<String> {
            let lists = self.customs.iter().flat_map(of);
            lists.flat_map(|list| list.words.iter().map(|word| word.latin.to_lowercase())).collect()
        }
    }

    const ALL: [(Programme, NameSeed); 4] = [
        (Programme::PeopleHub, NameSeed::A),
        (Programme::PeopleHub, NameSeed::B),
        (Programme::Ehsaas, NameSeed::A),
        (Programme::Ehsaas, NameSeed::B),
    ];

    #[test]
    fn there_are_names_enough() {
        for (programme, names) in ALL {
            let vocabulary = Vocabulary::new(programme, names);
            let families = vocabulary.spellings(|custom| vec![&custom.families]).len();
            let given = vocabulary.spellings(|custom| {
                custom.givens.iter().flat_map(|givens| [&givens.old, &givens.new]).collect()
            });
            assert!(families >= 300, "{programme} {names:?}: {families} families");
            assert!(given.len() >= 1500, "{programme} {names:?}: {} given names", given.len());
        }
    }

    #[test]
    fn the_vocabularies_share_no_family_and_no_given_name() {
        for programme in [Programme::PeopleHub, Programme::Ehsaas] {
            let of = |names| {
                Vocabulary::new(programme, names).spellings(|custom| {
                    let given = custom.givens.iter().flat_map(|givens| [&givens.old, &givens.new]);
                    given.chain([&custom.families]).collect()
                })
            };
            let (a, b) = (of(NameSeed::A), of(NameSeed::B));
            let shared: Vec<_> = a.intersection(&b).collect();
            assert!(shared.is_empty(), "{programme}: {shared:?}");
        }
    }

    #[test]
    fn every_code_is_readable() {
        for (programme, names) in ALL {
            let letters = match programme {
                Programme::PeopleHub => '\u{c00}'..='\u{c7f}',
                Programme::Ehsaas => '\u{600}'..='\u{6ff}',
            };
            for word in Vocabulary::new(programme, names).all() {
                let script = &word.native;
                assert!(
                    script.chars().all(|letter| letters.contains(&letter) || letter == ' '),
                    "{}",
                    word.code
                );
                assert!(script.chars().count() > 1, "{}", word.code);
                assert!(word.latin.is_ascii() && word.latin.len() > 1, "{}", word.code);
                let lost = phonetic::sounds(&word.code)
                    .iter()
                    .any(|sound| phonetic::telugu(sound).is_empty());
                assert!(
                    programme == Programme::Ehsaas || !lost,
                    "{} has a letter outside the code",
                    word.code
                );
                let letters = word.code.split_once('=').map_or(0, |(_, letters)| letters.len());
                assert!(programme == Programme::PeopleHub || script.chars().count() == letters);
            }
        }
    }
}
