//! A match model with its weights, checked once and made ready for comparing.
//!
//! Weights are whole numbers of 1e-4 bits, read from the same four decimals that the SQL twin writes: their sum is exactly what
//! SQL gets by adding and rounding to four places.

use std::sync::Arc;

use milaan_kernels::secret::Keyring;
use milaan_model::matching::{
    Comparator, Comparison, LevelTest, MatchModel, Weights, bits_of_probability,
};

use super::error::Error;
use super::keys::KeyPlan;
use crate::sql::{Sides, kept_below_review_bits};

/// Comparisons in a model at most; levels are bits of a number besides.
const COMPARISONS_MAX: usize = 32;
const LEVELS_MAX: usize = 31;

/// Which pairs leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Those of the view `pairs`: by identity, or not too far below the review weight.
    Useful,
    /// Every compared pair with its levels: training.
    All,
    /// None: keys are probed and counted, nothing is compared.
    Nothing,
}

/// What is wanted besides model and weights.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// As for the SQL steps.
    pub sides: Sides<'a>,
    /// Which pairs leave.
    pub keep: Keep,
    /// The installation's keys, for opening sealed digits; needed if the model compares identity numbers.
    pub keyring: Option<Arc<Keyring>>,
    /// Further registry columns wanted of residents that are in a pair (`household_ref`).
    pub carried: Vec<String>,
}

/// A match model with its weights, ready for comparing.
#[derive(Debug)]
pub struct Compiled {
    pub(super) keys: KeyPlan,
    pub(super) comparisons: Vec<Compare>,
    /// Feature words of a row.
    pub(super) width: usize,
    pub(super) keep: Keep,
    pub(super) same_records: bool,
    pub(super) keyring: Option<Arc<Keyring>>,
    pub(super) id_scheme: String,
    pub(super) carried: Vec<String>,
    /// In 1e-4 bits, as all limits and weights.
    pub(super) prior: i64,
    prior_bits: f64,
    pub(super) accept: i64,
    pub(super) review: i64,
    pub(super) kept: i64,
    list_columns: Vec<String>,
    registry_columns: Vec<String>,
}

/// One comparison, ready.
#[derive(Debug)]
pub(super) struct Compare {
    pub(super) name: String,
    pub(super) comparator: Comparator,
    /// The columns it reads on both sides, in the order its comparator wants.
    pub(super) columns: Vec<String>,
    /// Its first feature word.
    pub(super) at: usize,
    /// Level names; 0 is `null`.
    pub(super) levels: Vec<String>,
    /// Weight of each level in 1e-4 bits; 0 for null.
    pub(super) weights: Vec<i64>,
    /// The same in bits, as SQL reads them.
    pub(super) bits: Vec<f64>,
    /// Level of each word of a word-giving comparator.
    pub(super) words: Vec<u8>,
    /// Tests of a number-giving comparator, in order.
    pub(super) numbers: Vec<NumberTest>,
    /// The largest weight of a level other than null.
    pub(super) most: i64,
    /// A bit for each level that is an identity, or a contradiction.
    pub(super) identity: u32,
    pub(super) contradicts: u32,
}

/// A level's test of a number.
#[derive(Debug, Clone, Copy)]
pub(super) enum NumberTest {
    AtLeast(f64),
    AtMost(f64),
    Else,
}

impl Compare {
    fn of(comparison: &Comparison, weights: &Weights, at: usize) -> Result<Self, Error> {
        let wrong = || Error::Levels { comparison: comparison.name.to_string() };
        let count = comparison.levels.len();
        if count > LEVELS_MAX {
            return Err(Error::Limit {
                what: "levels in a comparison",
                found: count as u64,
                limit: LEVELS_MAX as u64,
            });
        }
        if comparison.levels.last().map(|level| &level.test) != Some(&LevelTest::Else)
            || comparison.columns.is_empty()
        {
            return Err(wrong());
        }
        let gives_words = comparison.comparator.larger_is_closer().is_none();
        let (words, numbers) = if gives_words {
            (word_levels(comparison).ok_or_else(wrong)?, Vec::new())
        } else {
            (Vec::new(), number_tests(comparison).ok_or_else(wrong)?)
        };
        let (mut units, mut in_bits) = (vec![0], vec![0.0]);
        for level in &comparison.levels {
            let what = || format!("the weight of `{}` in `{}`", level.name, comparison.name);
            let bits = weights.bits(comparison.name.as_str(), level.name.as_str()).unwrap_or(0.0);
            units.push(in_units(bits).ok_or_else(|| Error::NotFinite { what: what() })?);
            in_bits.push(as_written(bits));
        }
        let set = |wanted: fn(&milaan_model::matching::Level) -> bool| {
            let places = comparison.levels.iter().enumerate().filter(|(_, level)| wanted(level));
            places.fold(0, |set, (place, _)| set | 2 << place)
        };
        let names = comparison.levels.iter().map(|level| level.name.to_string());
        Ok(Self {
            name: comparison.name.to_string(),
            comparator: comparison.comparator,
            columns: columns_of(comparison),
            at,
            levels: std::iter::once("null".to_owned()).chain(names).collect(),
            most: units[1..].iter().copied().max().unwrap_or(0),
            weights: units,
            bits: in_bits,
            words,
            numbers,
            identity: set(|level| level.identity),
            contradicts: set(|level| level.contradicts),
        })
    }

    /// The level of a number: the first test that holds, in SQL's order of numbers.
    pub(super) fn number_level(&self, value: f64) -> u8 {
        let holds = |test: &NumberTest| match test {
            NumberTest::AtLeast(least) => value.total_cmp(least).is_ge(),
            NumberTest::AtMost(most) => value.total_cmp(most).is_le(),
            NumberTest::Else => true,
        };
        self.numbers.iter().position(holds).map_or(0, |place| place as u8 + 1)
    }

    /// The lowest number whose level still allows a sum of `kept` with what else there is; `None`: any number may.
    pub(super) fn least_useful(&self, others: i64, kept: i64) -> Option<f64> {
        let mut least = f64::INFINITY;
        for (test, weight) in self.numbers.iter().zip(&self.weights[1..]) {
            if weight + others >= kept {
                match test {
                    NumberTest::AtLeast(number) => least = least.min(*number),
                    NumberTest::AtMost(_) | NumberTest::Else => return None,
                }
            }
        }
        Some(least)
    }

    pub(super) fn is_identity(&self, level: u8) -> bool {
        self.identity >> level & 1 == 1
    }

    pub(super) fn is_contradiction(&self, level: u8) -> bool {
        self.contradicts >> level & 1 == 1
    }

    /// Feature words it needs.
    pub(super) fn width(&self) -> usize {
        match self.comparator {
            Comparator::Exact | Comparator::Name | Comparator::Numeric => 1,
            Comparator::BirthDate
            | Comparator::NationalId
            | Comparator::Digits
            | Comparator::JaroWinkler
            | Comparator::Levenshtein => 2,
            Comparator::Place => self.columns.len(),
        }
    }
}

/// The level of each word the comparator may give; `None` when a level tests anything but words.
fn word_levels(comparison: &Comparison) -> Option<Vec<u8>> {
    let mut words: Vec<&str> = Vec::new();
    if comparison.comparator == Comparator::Place {
        words.extend(comparison.columns.iter().map(String::as_str));
    }
    words.extend(comparison.comparator.words());
    let fits = |test: &LevelTest| matches!(test, LevelTest::Is(_) | LevelTest::Else);
    if !comparison.levels.iter().all(|level| fits(&level.test)) {
        return None;
    }
    let level_of = |word: &str| {
        let holds = |test: &LevelTest| match test {
            LevelTest::Is(listed) => listed.iter().any(|one| one == word),
            _ => true,
        };
        comparison.levels.iter().position(|level| holds(&level.test)).map(|at| at as u8 + 1)
    };
    words.into_iter().map(level_of).collect()
}

fn number_tests(comparison: &Comparison) -> Option<Vec<NumberTest>> {
    let test = |test: &LevelTest| match test {
        LevelTest::AtLeast(least) => Some(NumberTest::AtLeast(*least)),
        LevelTest::AtMost(most) => Some(NumberTest::AtMost(*most)),
        LevelTest::Else => Some(NumberTest::Else),
        LevelTest::Is(_) => None,
    };
    comparison.levels.iter().map(|level| test(&level.test)).collect()
}

/// The columns a comparison reads, by the names standardising gives them.
fn columns_of(comparison: &Comparison) -> Vec<String> {
    let base = &comparison.columns[0];
    let with = |suffixes: &[&str]| suffixes.iter().map(|one| format!("{base}{one}")).collect();
    match comparison.comparator {
        Comparator::BirthDate => with(&["", "_precision", "_year", "_latest"]),
        Comparator::NationalId => with(&["_token", "_sealed"]),
        Comparator::Place => {
            comparison.columns.iter().map(|column| format!("{column}_key")).collect()
        }
        _ => with(&[""]),
    }
}

/// Bits as SQL reads them: with four decimals.
fn as_written(bits: f64) -> f64 {
    format!("{bits:.4}").parse().unwrap_or(bits)
}

/// Bits in units of 1e-4, by the four decimals that SQL gets.
fn in_units(bits: f64) -> Option<i64> {
    bits.is_finite().then(|| format!("{bits:.4}").replace('.', "").parse().ok()).flatten()
}

impl Compiled {
    /// Checks and compiles.
    pub fn new(model: &MatchModel, weights: &Weights, order: Order<'_>) -> Result<Self, Error> {
        let limit = |what, found: usize, limit: usize| {
            (found <= limit).then_some(()).ok_or(Error::Limit {
                what,
                found: found as u64,
                limit: limit as u64,
            })
        };
        limit("comparisons in a model", model.comparisons.len(), COMPARISONS_MAX)?;
        limit("blocking rules in a model", model.blocking.len(), usize::from(u8::MAX))?;
        let mut comparisons: Vec<Compare> = Vec::new();
        let mut width = 0;
        for comparison in &model.comparisons {
            let one = Compare::of(comparison, weights, width)?;
            width += one.width();
            comparisons.push(one);
        }
        if order.keep != Keep::Nothing
            && order.keyring.is_none()
            && let Some(one) =
                comparisons.iter().find(|one| one.comparator == Comparator::NationalId)
        {
            return Err(Error::NoKeyring { comparison: one.name.clone() });
        }
        let units = |what: &str, bits: f64| {
            in_units(bits).ok_or_else(|| Error::NotFinite { what: what.to_owned() })
        };
        let review = bits_of_probability(model.bands.review_probability);
        let prior = weights.prior_bits(order.sides.registry_rows);
        let keys = KeyPlan::of(&model.blocking);
        let mut read: Vec<String> = keys.columns.iter().map(|(name, _)| name.clone()).collect();
        if order.keep != Keep::Nothing {
            read.extend(comparisons.iter().flat_map(|one| one.columns.iter().cloned()));
        }
        Ok(Self {
            list_columns: first_once("record_id", read.iter()),
            registry_columns: first_once("resident_ref", read.iter().chain(&order.carried)),
            prior: units("the prior", prior)?,
            prior_bits: as_written(prior),
            accept: units(
                "the accept weight",
                bits_of_probability(model.bands.accept_probability),
            )?,
            review: units("the review weight", review)?,
            kept: units("the kept weight", review - kept_below_review_bits(model))?,
            keys,
            comparisons,
            width,
            keep: order.keep,
            same_records: order.sides.same_records,
            keyring: order.keyring,
            id_scheme: order.sides.id_scheme.to_owned(),
            carried: order.carried,
        })
    }

    /// The columns a batch of the list must have, `record_id` first.
    pub fn list_columns(&self) -> &[String] {
        &self.list_columns
    }

    /// The columns a batch of the registry must have, `resident_ref` first.
    pub fn registry_columns(&self) -> &[String] {
        &self.registry_columns
    }

    /// The weight of a pair with these levels, in units of 1e-4 bits.
    pub(super) fn weight(&self, levels: &[u8]) -> i64 {
        let each = self.comparisons.iter().zip(levels);
        self.prior + each.map(|(one, level)| one.weights[usize::from(*level)]).sum::<i64>()
    }

    /// The same in bits, added and rounded as SQL does it: even a zero has SQL's sign.
    pub(super) fn weight_bits(&self, levels: &[u8]) -> f64 {
        let each = self.comparisons.iter().zip(levels);
        let sum =
            each.fold(self.prior_bits, |sum, (one, level)| sum + one.bits[usize::from(*level)]);
        (sum * 10_000.0).round() / 10_000.0
    }

    /// Whether some comparison of a pair with these levels says identity, and how many contradict.
    pub(super) fn identity(&self, levels: &[u8]) -> (bool, i64) {
        let each = || self.comparisons.iter().zip(levels);
        (
            each().any(|(one, level)| one.is_identity(*level)),
            each().filter(|(one, level)| one.is_contradiction(**level)).count() as i64,
        )
    }

    /// The band of a pair, as the view `pairs` says it.
    pub(super) fn band(&self, weight: i64, identity: bool, contradictions: i64) -> &'static str {
        match (identity, contradictions) {
            (true, 0) if weight >= self.review => "exact",
            (true, _) => "review",
            (false, 2..) => "low",
            (false, 1) if weight >= self.accept => "review",
            (false, 1) => "low",
            _ if weight >= self.accept => "high",
            _ if weight >= self.review => "review",
            _ => "low",
        }
    }
}

/// A key column and others, each once.
fn first_once<'a>(first: &str, others: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut columns = vec![first.to_owned()];
    for column in others {
        if !columns.contains(column) {
            columns.push(column.clone());
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_the_four_decimals() {
        for (bits, units) in [
            (0.0, Some(0)),
            (-0.00001, Some(0)),
            (-0.00005, Some(-1)),
            (12.512_349, Some(125_123)),
            (-20.193_251, Some(-201_933)),
            (f64::NAN, None),
            (f64::NEG_INFINITY, None),
        ] {
            assert_eq!(in_units(bits), units, "{bits}");
        }
    }
}
