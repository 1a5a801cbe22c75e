//! How departments of Pakistan write names: words in no fixed order, the clan now there and now not, Muhammad shortened or left
//! out, a wife with her husband's name behind her own.

use super::{Clerk, Subject, moved_out};
use crate::{
    cases::Case,
    dice::Dice,
    latin,
    names::{Name, Word},
    people::Household,
    urdu,
};

/// Rows in which the clan stands though it does not in the registry, or the other way round (assumed).
const CLAN_OTHERWISE: f64 = 0.10;
/// How much more often the words of a name of several stand in another order: many names have one word only.
const MORE_SWAPPED: f64 = 1.35;
/// Of the names that begin with a weak word (Muhammad), those that leave it out altogether where it is shortened (assumed).
const LEFT_OUT: f64 = 0.5;

impl Clerk<'_> {
    /// The person's name with its planted faults.
    pub(super) fn urdu_name(
        &self,
        subject: &Subject,
        native: bool,
        dice: &mut Dice,
        cases: &mut Vec<Case>,
    ) -> String {
        let (person, rates) = (subject.person, self.rates());
        let name = moved_out(subject).map_or(&person.name, |(name, _)| name);
        let mut words = written_words(name, dice.chance(CLAN_OTHERWISE));
        let husband = person.husband.as_ref().filter(|_| dice.chance(rates.married_name));
        if let Some(husband) = husband {
            cases.push(Case::MarriedName);
            words.extend(husband.given.iter().rev().find(|word| !is_weak(word)).copied());
        }
        let (mut spelled, changed) =
            self.urdu_words(&words, subject.household, (native, rates.name_variant), dice);
        if changed {
            cases.push(Case::NameVariant);
        }
        if dice.chance(self.manner().initials * 2.0) && words.len() > 1 && is_weak(words[0]) {
            cases.push(Case::NameInitials);
            if native || dice.chance(LEFT_OUT) {
                spelled.remove(0);
            } else {
                spelled[0] = format!("{}.", &words[0].latin[..1]);
            }
        }
        spelled = spelled.join(" ").split(' ').map(str::to_owned).collect();
        if spelled.len() > 1 && dice.chance(rates.order_swapped * MORE_SWAPPED) {
            cases.push(Case::OrderSwapped);
            spelled.rotate_right(1);
        }
        if dice.chance(rates.name_typo) {
            let at = dice.below(spelled.len());
            let right = spelled[at].clone();
            spelled[at] = if native {
                shortened(&right, dice)
            } else {
                latin::mistyped(&right.to_lowercase(), dice)
            };
            if !spelled[at].eq_ignore_ascii_case(&right) {
                cases.push(Case::NameTypo);
            }
        }
        self.in_case(&spelled.join(" "), native)
    }

    /// The relative's name and who it is.
    pub(super) fn urdu_relative(
        &self,
        subject: &Subject,
        native: bool,
        dice: &mut Dice,
        cases: &mut Vec<Case>,
    ) -> (String, &'static str) {
        let rates = self.rates();
        if dice.chance(rates.relative_missing) {
            cases.push(Case::RelativeMissing);
            return (String::new(), "");
        }
        let (relative, relation) = self.relative_of(subject, dice, cases);
        let mut words = written_words(relative, dice.chance(CLAN_OTHERWISE));
        if words.len() > 1 && is_weak(words[0]) && dice.chance(0.2) {
            words.remove(0);
        }
        let (spelled, changed) =
            self.urdu_words(&words, subject.household, (native, rates.relative_variant), dice);
        if changed {
            cases.push(Case::RelativeVariant);
        }
        (self.in_case(&spelled.join(" "), native), relation)
    }

    /// The registry's spelling (or the script's), one word of it varied now and then.
    fn urdu_words(
        &self,
        words: &[&Word],
        household: &Household,
        (native, share): (bool, f64),
        dice: &mut Dice,
    ) -> (Vec<String>, bool) {
        let varied = dice.chance(share).then(|| dice.below(words.len()));
        let mut changed = false;
        let mut spell = |(at, word): (usize, &&Word)| {
            let usual =
                if native { word.native.clone() } else { self.world.spelling(household, word) };
            if varied != Some(at) {
                return usual;
            }
            let other =
                if native { urdu::varied(&usual, dice) } else { word.variant(&usual, dice) };
            changed |= other != usual;
            other
        };
        let spelled = words.iter().enumerate().map(&mut spell).collect();
        (spelled, changed)
    }

    fn in_case(&self, name: &str, native: bool) -> String {
        if native || !self.manner().capitals { name.to_owned() } else { name.to_uppercase() }
    }
}

/// The words of a name as a list has them; `otherwise` turns the clan's presence round.
fn written_words<'w>(name: &Name<'w>, otherwise: bool) -> Vec<&'w Word> {
    let mut words = name.given.clone();
    if name.shown != otherwise && words.last().is_none_or(|last| last.code != name.family.code) {
        words.push(name.family);
    }
    words
}

/// Words that do not tell people apart.
fn is_weak(word: &Word) -> bool {
    ["Muhammad", "Ghulam", "Syed", "Abdul", "Bibi", "Begum", "Khan", "Mai"]
        .contains(&word.latin.as_str())
}

/// The word with one letter left out.
fn shortened(script: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = script.chars().collect();
    if letters.len() > 3 {
        letters.remove(1 + dice.below(letters.len() - 2));
    }
    letters.into_iter().collect()
}
