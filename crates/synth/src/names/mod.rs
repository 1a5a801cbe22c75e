//! Names: words with all their spellings, and a vocabulary from which a community draws them, skewed as in life.

mod christian;
mod muslim;
mod telugu;

use chrono::{Datelike, NaiveDate};

use crate::{
    dice::{Dice, mix},
    latin, phonetic,
};

/// Communities with naming customs of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Community {
    Hindu,
    Muslim,
    Christian,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    Male,
    Female,
}

/// One word of a name.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    /// The phonetic code, from which the Telugu spelling follows.
    pub(crate) code: &'static str,
    /// The usual Latin spelling.
    pub(crate) latin: String,
    /// The spelling in Telugu script.
    pub(crate) telugu: String,
    /// The usual spelling is a custom (Reddy), not a rendering of the code.
    listed: bool,
    /// A number of the code, for throws that must agree wherever the word occurs.
    hash: u64,
}

impl Word {
    /// Reads `code` or `code=Spelling`.
    fn new(entry: &'static str) -> Self {
        let (code, listed) =
            entry.split_once('=').map_or((entry, None), |(code, latin)| (code, Some(latin)));
        let hash = code.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)));
        Self {
            code,
            latin: listed.map_or_else(|| latin::usual(code), str::to_owned),
            telugu: phonetic::telugu(code),
            listed: listed.is_some(),
            hash,
        }
    }

    /// A Latin spelling other than `known`.
    pub(crate) fn variant(&self, known: &str, dice: &mut Dice) -> String {
        latin::variant(self.code, known, self.listed, dice)
    }

    /// A number that is the same wherever this word meets this salt.
    pub(crate) fn salted(&self, salt: u64) -> u64 {
        mix(self.hash ^ mix(salt))
    }
}

/// A person's name: the family's word and one to three of her own.
#[derive(Clone, Debug)]
pub(crate) struct Name<'w> {
    pub(crate) family: &'w Word,
    pub(crate) given: Vec<&'w Word>,
}

/// Words in order of frequency; the n-th is drawn in proportion to 1 / (n + 3)^0.875 (assumed; village lists are steeper still).
/// Square roots alone are used, as only these are the same to the last bit on every machine.
#[derive(Clone, Debug)]
struct Ranked {
    words: Vec<Word>,
    sums: Vec<f64>,
}

impl Ranked {
    fn new(lists: &[&'static str]) -> Self {
        let words: Vec<_> =
            lists.iter().flat_map(|list| list.split_whitespace()).map(Word::new).collect();
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

/// All words that names are made of. Another vocabulary (issue 3) is another value of this type.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    telugu_families: Ranked,
    muslim_families: Ranked,
    titles: Ranked,
    givens: [[Givens; 2]; 3],
}

impl Vocabulary {
    /// The first vocabulary.
    pub(crate) fn a() -> Self {
        let givens = |old, new, second, second_share| Givens {
            old: Ranked::new(&[old]),
            new: Ranked::new(&[new]),
            second: Ranked::new(&[second]),
            second_share,
        };
        Self {
            telugu_families: Ranked::new(&[telugu::FAMILIES]),
            muslim_families: Ranked::new(&[muslim::FAMILIES]),
            titles: Ranked::new(&[telugu::TITLES]),
            givens: [
                [
                    givens(telugu::MEN_OLD, telugu::MEN_NEW, telugu::MEN_SECOND, 0.35),
                    givens(telugu::WOMEN_OLD, telugu::WOMEN_NEW, telugu::WOMEN_SECOND, 0.35),
                ],
                [
                    givens(muslim::MEN, muslim::MEN, muslim::MEN_SECOND, 0.6),
                    givens(muslim::WOMEN, muslim::WOMEN, muslim::WOMEN_SECOND, 0.6),
                ],
                [
                    givens(christian::MEN, christian::MEN, telugu::MEN_SECOND, 0.3),
                    givens(christian::WOMEN, christian::WOMEN, telugu::WOMEN_SECOND, 0.25),
                ],
            ],
        }
    }

    /// A family name.
    pub(crate) fn family(&self, community: Community, dice: &mut Dice) -> &Word {
        match community {
            Community::Muslim => self.muslim_families.draw(dice),
            Community::Hindu | Community::Christian => self.telugu_families.draw(dice),
        }
    }

    /// A word that the men of a Hindu family carry last (Reddy, Rao).
    pub(crate) fn title(&self, dice: &mut Dice) -> &Word {
        self.titles.draw(dice)
    }

    /// The given names of a person; `inherited` is the word a family's men share.
    pub(crate) fn given<'w>(
        &'w self,
        who: (Community, Sex, NaiveDate),
        inherited: Option<&'w Word>,
        dice: &mut Dice,
    ) -> Vec<&'w Word> {
        let (community, sex, birth) = who;
        let givens = &self.givens[community as usize][sex as usize];
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
        words.extend(inherited);
        words.dedup_by_key(|word| word.code);
        words
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn different(lists: &[&'static str]) -> usize {
        lists.iter().flat_map(|list| list.split_whitespace()).collect::<HashSet<_>>().len()
    }

    #[test]
    fn there_are_names_enough() {
        use telugu::{FAMILIES, MEN_NEW, MEN_OLD, WOMEN_NEW, WOMEN_OLD};
        assert!(different(&[FAMILIES]) >= 120);
        assert!(different(&[MEN_OLD, MEN_NEW, WOMEN_OLD, WOMEN_NEW]) >= 250);
        assert!(different(&[muslim::MEN, muslim::WOMEN]) >= 60);
        assert!(different(&[christian::MEN, christian::WOMEN]) >= 40);
    }

    #[test]
    fn every_code_is_readable() {
        let vocabulary = Vocabulary::a();
        let words = vocabulary
            .givens
            .iter()
            .flatten()
            .flat_map(|givens| [&givens.old, &givens.new, &givens.second]);
        let families =
            [&vocabulary.telugu_families, &vocabulary.muslim_families, &vocabulary.titles];
        for word in words.chain(families).flat_map(|ranked| &ranked.words) {
            let script = &word.telugu;
            assert!(
                script.chars().all(|letter| ('\u{c00}'..='\u{c7f}').contains(&letter)),
                "{}",
                word.code
            );
            assert!(script.chars().count() > 1, "{}", word.code);
            assert!(word.latin.is_ascii() && word.latin.len() > 1, "{}", word.code);
            let lost =
                phonetic::sounds(word.code).iter().any(|sound| phonetic::telugu(sound).is_empty());
            assert!(!lost, "{} has a letter outside the code", word.code);
        }
    }
}
