//! How a department writes names: its custom, and the clerk's faults.

use super::{Clerk, RelativeBy, Subject, is_head, moved_out};
use crate::{
    cases::Case,
    dice::Dice,
    latin,
    names::{Name, Word},
    people::Household,
    phonetic,
};

/// The words of a name as this row spells them.
#[derive(Clone, Debug)]
struct Written {
    family: String,
    given: Vec<String>,
    /// The family name is its first letter (or first syllable, in Telugu script).
    initial: bool,
    family_last: bool,
}

impl Clerk<'_> {
    /// The person's name with its planted faults.
    pub(super) fn person_name(
        &self,
        subject: &Subject,
        native: bool,
        dice: &mut Dice,
        cases: &mut Vec<Case>,
    ) -> String {
        let (person, rates) = (subject.person, self.rates());
        let other_family = person.other_family.filter(|_| dice.chance(rates.married_name));
        if other_family.is_some() {
            cases.push(Case::MarriedName);
        }
        let family = other_family.unwrap_or(person.name.family);
        let name = match moved_out(subject) {
            Some((name, _)) => name.clone(),
            None => Name { family, given: person.name.given.clone(), shown: true },
        };
        let initial = dice.chance(self.manner().initials);
        let varied = dice.chance(rates.name_variant).then(|| word_to_vary(&name, initial, dice));
        let (mut written, changed) = self.spelled(&name, subject.household, (native, varied), dice);
        if changed {
            cases.push(Case::NameVariant);
        }
        if initial {
            written.initial = true;
            cases.push(Case::NameInitials);
        }
        if dice.chance(rates.order_swapped) {
            written.family_last = true;
            cases.push(Case::OrderSwapped);
        }
        if dice.chance(rates.name_typo) {
            let at = dice.below(written.given.len());
            let right = written.given[at].clone();
            written.given[at] = if native {
                mistyped_telugu(name.given[at], dice)
            } else {
                latin::mistyped(&right.to_lowercase(), dice)
            };
            if !written.given[at].eq_ignore_ascii_case(&right) {
                cases.push(Case::NameTypo);
            }
        }
        self.laid_out(written, name.family, native)
    }

    /// The relative's name and who it is; for the head of a card the head's own name as the row has it.
    pub(super) fn relative_name(
        &self,
        subject: &Subject,
        (own, native): (&str, bool),
        dice: &mut Dice,
        cases: &mut Vec<Case>,
    ) -> (String, &'static str) {
        let manner = self.manner();
        if manner.relative == RelativeBy::Head && is_head(subject) {
            return (own.to_owned(), "Self");
        }
        if dice.chance(self.rates().relative_missing) {
            cases.push(Case::RelativeMissing);
            return (String::new(), "");
        }
        let (relative, relation) = self.relative_of(subject, dice, cases);
        let varied =
            dice.chance(self.rates().relative_variant).then(|| word_to_vary(relative, false, dice));
        let (mut written, changed) =
            self.spelled(relative, subject.household, (native, varied), dice);
        if changed {
            cases.push(Case::RelativeVariant);
        }
        written.initial = dice.chance(if manner.dotted { 0.5 } else { 0.1 });
        let name = self.laid_out(written, relative.family, native);
        let late = manner.dotted && subject.person.widowed && dice.chance(0.5);
        (if late { format!("LATE {name}") } else { name }, relation)
    }

    /// The registry's spelling (or the script's), one word of it varied; `varied` 0 is the family name.
    fn spelled(
        &self,
        name: &Name,
        household: &Household,
        (native, varied): (bool, Option<usize>),
        dice: &mut Dice,
    ) -> (Written, bool) {
        let mut changed = false;
        let mut spell = |place: usize, word: &Word| {
            let usual =
                if native { word.native.clone() } else { self.world.spelling(household, word) };
            if varied != Some(place) {
                return usual;
            }
            let other = if native { varied_telugu(word, dice) } else { word.variant(&usual, dice) };
            changed |= other != usual;
            other
        };
        let family = spell(0, name.family);
        let given = name.given.iter().enumerate().map(|(nth, word)| spell(nth + 1, word)).collect();
        (Written { family, given, initial: false, family_last: false }, changed)
    }

    /// Puts the words in the list's order and case.
    fn laid_out(&self, written: Written, family: &Word, native: bool) -> String {
        let given = written.given.join(" ");
        let manner = self.manner();
        let family = match (written.initial, native) {
            (false, _) => written.family,
            (true, true) => format!("{}.", phonetic::telugu_initial(&family.code)),
            (true, false) => written.family.chars().take(1).collect(),
        };
        let name = match (written.family_last, written.initial && manner.dotted) {
            (true, _) => format!("{given} {family}"),
            (false, true) => format!("{family}.{given}"),
            (false, false) => format!("{family} {given}"),
        };
        if native || !manner.capitals { name } else { name.to_uppercase() }
    }
}

/// Which word is spelt otherwise: mostly a given one.
fn word_to_vary(name: &Name, initial: bool, dice: &mut Dice) -> usize {
    if !initial && dice.chance(0.3) { 0 } else { 1 + dice.below(name.given.len()) }
}

/// Sounds that Telugu spellers exchange.
#[rustfmt::skip]
const EXCHANGED: [(&str, &str); 14] = [
    ("i", "I"), ("I", "i"), ("u", "U"), ("U", "u"), ("z", "S"), ("S", "z"), ("L", "l"), ("N", "n"), ("dh", "d"), ("th", "t"),
    ("A", "a"), ("e", "E"), ("E", "e"), ("o", "O"),
];

/// The word as another speller of Telugu writes it.
fn varied_telugu(word: &Word, dice: &mut Dice) -> String {
    let mut sounds = phonetic::sounds(&word.code);
    let places: Vec<_> = (1..sounds.len())
        .filter_map(|at| {
            EXCHANGED.iter().find(|(from, _)| *from == sounds[at]).map(|(_, to)| (at, *to))
        })
        .collect();
    if !places.is_empty() {
        let (at, to) = *dice.pick(&places);
        sounds[at] = to;
    }
    phonetic::telugu(&sounds.concat())
}

/// The word with one sound left out.
fn mistyped_telugu(word: &Word, dice: &mut Dice) -> String {
    let mut sounds = phonetic::sounds(&word.code);
    if sounds.len() > 3 {
        sounds.remove(1 + dice.below(sounds.len() - 2));
    }
    phonetic::telugu(&sounds.concat())
}
