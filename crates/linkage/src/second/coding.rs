//! How a comparison's levels are written as small numbers, and what is known of each.

use milaan_model::matching::{Comparator, Comparison, LevelTest};

use super::{takes_frequency, ways};

/// One comparison as codes: 0 is null, then level by level, each in its variants.
#[derive(Debug)]
pub(super) struct Coding {
    pub(super) name: String,
    pub(super) levels: Vec<String>,
    /// Ways in which a level comes about ([`ways`]), own names' too; else 1.
    pub(super) variants: usize,
    pub(super) ln_u: Vec<f64>,
    pub(super) takes_frequency: Vec<bool>,
    pub(super) identity: Vec<bool>,
    pub(super) contradicts: Vec<bool>,
    pub(super) is_identity_number: bool,
    is_custom: bool,
    way_names: &'static [&'static str],
    pub(super) is_relative: bool,
    /// It compares a part of a name ([`ways::is_part`]).
    is_part: bool,
    /// Levels that few strangers reach: the same number, card, day, house or score, an identity number but for a slip, a day with
    /// its month in its place.
    identifies: Vec<bool>,
    /// So many levels, the first, say that two circumstances agree: of a place that the smallest does.
    pub(super) agreeing_levels: usize,
    /// Levels of a birth date that is the same, as far as both sides know it, or but for a slip of the pen.
    pub(super) born_alike: Vec<bool>,
}

impl Coding {
    pub(super) fn of(
        (comparison, is_own): (&Comparison, bool),
        shares: &[(f64, f64)],
        (household_keys, names_relatives): (&[String], bool),
    ) -> Self {
        let levels = &comparison.levels;
        Self {
            name: comparison.name.to_string(),
            levels: levels.iter().map(|level| level.name.to_string()).collect(),
            variants: ways::count(comparison, is_own),
            ln_u: shares.iter().map(|(_, u)| u.ln()).collect(),
            takes_frequency: (0..levels.len())
                .map(|level| takes_frequency(comparison, level))
                .collect(),
            identity: levels.iter().map(|level| level.identity).collect(),
            contradicts: levels.iter().map(|level| level.contradicts).collect(),
            is_identity_number: comparison.comparator == Comparator::NationalId,
            is_custom: ways::is_custom(comparison, is_own, names_relatives),
            way_names: ways::names(comparison, is_own),
            is_relative: ways::is_relative(comparison),
            is_part: !is_own && ways::is_part(comparison),
            identifies: (0..levels.len())
                .map(|level| identifies(comparison, level, household_keys))
                .collect(),
            agreeing_levels: match comparison.comparator {
                Comparator::Place => 1,
                _ => levels.len() - 1,
            },
            born_alike: levels.iter().map(|level| is_born_alike(comparison, &level.test)).collect(),
        }
    }

    /// Whether few strangers agree as far as this.
    pub(super) fn says_who(&self, level: usize) -> bool {
        self.identifies[level]
    }

    /// Whether a part of a name stands in the other's place.
    pub(super) fn is_swapped(&self, way: usize) -> bool {
        self.is_part && ways::are_swapped(way)
    }

    /// Whether its ways are the lists' custom.
    pub(super) fn is_custom(&self) -> bool {
        self.is_custom
    }

    /// A way's name in the weights file.
    pub(super) fn way_name(&self, way: usize) -> &'static str {
        self.way_names.get(way).copied().unwrap_or_default()
    }

    pub(super) fn code(&self, level: usize, variant: usize) -> u8 {
        (1 + level * self.variants + variant) as u8
    }

    /// Level and variant; `None`: null.
    pub(super) fn parts(&self, code: u8) -> Option<(usize, usize)> {
        let at = usize::from(code).checked_sub(1)?;
        Some((at / self.variants, at % self.variants))
    }
}

/// See [`Coding::born_alike`].
fn is_born_alike(comparison: &Comparison, test: &LevelTest) -> bool {
    const ALIKE: [&str; 5] =
        ["same_day", "same_age", "same_year", "day_month_swapped", "one_digit"];
    let is_alike = |word: &String| ALIKE.contains(&word.as_str());
    let alike = matches!(test, LevelTest::Is(words) if words.iter().all(is_alike));
    comparison.comparator == Comparator::BirthDate && alike
}

/// See [`Coding::identifies`].
fn identifies(comparison: &Comparison, level: usize, household_keys: &[String]) -> bool {
    let has = |known: &str| comparison.columns.iter().any(|column| column == known);
    let is_swapped = |test: &LevelTest| match test {
        LevelTest::Is(words) => words.iter().all(|word| word == "day_month_swapped"),
        _ => false,
    };
    match comparison.comparator {
        Comparator::NationalId => level + 1 < comparison.levels.len(),
        Comparator::BirthDate => level == 0 || is_swapped(&comparison.levels[level].test),
        Comparator::Digits => level == 0,
        _ => {
            let few = ["address_line", "poverty_score"].into_iter().any(has);
            level == 0 && (few || household_keys.iter().any(|key| has(key)))
        }
    }
}
