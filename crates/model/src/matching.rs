//! The match model: blocking rules, comparisons as ordered levels, bands; and the weights that go with it.
//!
//! The words are record linkage's own (Fellegi and Sunter 1969): `m` is the chance of a level among pairs that are the same
//! person, `u` among pairs that are not; a level's weight is log2(m/u).
//! A comparison's levels are ordered: the *null* level (a side is missing, weight 0) comes first, then the first level whose
//! test is true wins, and the last level is *else*.
//!
//! Invariant: a model in use is never edited; a change is a new model id.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ident::Name;
use crate::outcome::words;

/// Numbers as text, so that JSON keeps them to the last bit: serde_json's reader of numbers may be off by one without a feature
/// that would have all of DataFusion built anew.
mod exact {
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(super) fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One key of a blocking rule: both sides must agree on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockingKey {
    /// Canonical column.
    pub column: String,
    /// The column is a list and each of its elements is a key (written `column[]`).
    pub each: bool,
}

/// A blocking rule: pairs that agree on all its keys become candidates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockingRule {
    /// Its name in reports.
    pub name: Name,
    /// The keys.
    pub keys: Vec<BlockingKey>,
    /// Blocks with more registry rows than this are not searched, and are named in the receipt.
    pub block_rows_max: u64,
}

words! {
    /// How the values of a comparison are compared.
    Comparator {
        /// Equal or not.
        Exact = "exact",
        /// Name similarity in [0, 1].
        Name = "name",
        /// Birth dates with precision: a word a level (see [`LevelTest::Is`]).
        BirthDate = "birth_date",
        /// Identity numbers: token first, then sealed digits (equal, one_digit, swapped, different).
        NationalId = "national_id",
        /// Phone numbers: equal, one_digit, swapped, different.
        Digits = "digits",
        /// Places from the smallest level to the largest: the name of the first level that agrees.
        Place = "place",
        /// Jaro–Winkler similarity in [0, 1].
        JaroWinkler = "jaro_winkler",
        /// Levenshtein distance in edits.
        Levenshtein = "levenshtein",
        /// Absolute difference of numbers.
        Numeric = "numeric",
    }
}

impl Comparator {
    /// Whether a larger value means more alike; `None`: the comparator gives words.
    pub const fn larger_is_closer(self) -> Option<bool> {
        match self {
            Self::Name | Self::JaroWinkler => Some(true),
            Self::Levenshtein | Self::Numeric => Some(false),
            Self::Exact | Self::BirthDate | Self::NationalId | Self::Digits | Self::Place => None,
        }
    }

    /// The words a word-giving comparator may give, from closest to farthest; places add the names of their columns.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Exact => &["equal", "different"],
            Self::BirthDate => &[
                "same_day",
                "same_age",
                "same_year",
                "one_digit",
                "day_month_swapped",
                "one_part_differs",
                "near_year",
                "same_birthday",
                "different",
            ],
            Self::NationalId | Self::Digits => &["equal", "one_digit", "swapped", "different"],
            Self::Place => &["different"],
            _ => &[],
        }
    }
}

/// When a level applies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LevelTest {
    /// The comparator gave one of these words.
    Is(Vec<String>),
    /// The comparator's number is at least this.
    AtLeast(#[serde(with = "exact")] f64),
    /// The comparator's number is at most this.
    AtMost(#[serde(with = "exact")] f64),
    /// Nothing before it applied.
    Else,
}

/// One level of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Its name in weights and reports.
    pub name: Name,
    /// When it applies.
    pub test: LevelTest,
    /// Agreement here says that the two are one person by id (only for identity numbers).
    pub identity: bool,
    /// The two values cannot both belong to one person: such a pair is never accepted on an id alone.
    pub contradicts: bool,
}

/// A comparison: columns, comparator and ordered levels. The null level is implied and comes first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Its name in weights and reports.
    pub name: Name,
    /// How values are compared.
    pub comparator: Comparator,
    /// Base columns on both sides (places: from the smallest level to the largest).
    pub columns: Vec<String>,
    /// The levels, closest first; the last one is [`LevelTest::Else`].
    pub levels: Vec<Level>,
}

/// Where the bands begin.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bands {
    /// Match probability at and above which a pair is accepted.
    #[serde(with = "exact")]
    pub accept_probability: f64,
    /// Match probability at and above which a pair goes to review.
    #[serde(with = "exact")]
    pub review_probability: f64,
    /// A second candidate within this many bits of the best makes the record ambiguous.
    #[serde(with = "exact")]
    pub ambiguous_margin_bits: f64,
}

/// A match model as checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchModel {
    /// Its id, for example `person_v1`.
    pub id: Name,
    /// Blocking rules, in order: a pair is counted under the first one that finds it.
    pub blocking: Vec<BlockingRule>,
    /// Comparisons, in order.
    pub comparisons: Vec<Comparison>,
    /// Canonical columns that name a household on both sides (a ration card): a person not found whose household is.
    pub household_keys: Vec<String>,
    /// Bands.
    pub bands: Bands,
}

/// m and u of one level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LevelWeight {
    /// Chance of the level among pairs of one person, in (0, 1].
    #[serde(with = "exact")]
    pub m: f64,
    /// Chance of the level among pairs of different persons, in (0, 1].
    #[serde(with = "exact")]
    pub u: f64,
}

impl LevelWeight {
    /// log2(m/u), in bits.
    pub fn bits(self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// The weights of a model, from its `.weights.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// The model they belong to.
    pub model: Name,
    /// Registry rows expected for a list record: the share of records whose person is in the registry; for a list that is the
    /// registry itself, the other rows of a record's person. In (0, 100].
    #[serde(with = "exact")]
    pub expected_found: f64,
    /// comparison → level → m and u.
    pub levels: BTreeMap<String, BTreeMap<String, LevelWeight>>,
    /// The classes of the second look; `None`: each run fits its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<SecondWeights>,
}

/// The classes that the second look tells apart, as `milaan train` fitted them. A run uses them as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SecondWeights {
    /// What they were fitted to, in words.
    pub learnt_from: String,
    /// class → pairs expected of it, for each record.
    pub pairs: BTreeMap<String, f64>,
    /// class → comparison → level → way in which it comes about → share. Those of `strangers` are shares of one level's ways.
    pub shares: BTreeMap<String, ClassShares>,
}

impl SecondWeights {
    /// Pairs of one person expected for each record: of who stayed and of who moved.
    pub fn persons(&self) -> f64 {
        ["person", "moved"].iter().filter_map(|class| self.pairs.get(*class)).sum()
    }
}

/// comparison → level → way → share.
pub type ClassShares = BTreeMap<String, BTreeMap<String, BTreeMap<String, f64>>>;

impl Weights {
    /// A starting guess for a model without weights: most matches agree closely, most others do not; four of five records
    /// are expected to be found.
    pub fn guess(model: &MatchModel) -> Self {
        let falling = |count: usize, at: usize, by: f64| -> f64 {
            let shares: f64 = (0..count).map(|n| by.powi(n as i32)).sum();
            by.powi(at as i32) / shares
        };
        let levels = model
            .comparisons
            .iter()
            .map(|comparison| {
                let count = comparison.levels.len();
                let levels = comparison.levels.iter().enumerate().map(|(at, level)| {
                    let m = falling(count, at, 0.2);
                    let u = falling(count, count - 1 - at, 0.1);
                    (level.name.to_string(), LevelWeight { m, u })
                });
                (comparison.name.to_string(), levels.collect())
            })
            .collect();
        Self { model: model.id.clone(), expected_found: 0.8, levels, second: None }
    }

    /// The weight in bits of a level; `None` when the file does not have it.
    pub fn bits(&self, comparison: &str, level: &str) -> Option<f64> {
        Some(self.levels.get(comparison)?.get(level)?.bits())
    }

    /// log2 of the prior odds that a random pair of a list record and a registry row is one person: a record has
    /// `expected_found` rows in the registry, so the odds of one given pair fall with the registry's size.
    pub fn prior_bits(&self, registry_rows: u64) -> f64 {
        let chance = (self.expected_found / registry_rows.max(1) as f64).min(0.5);
        (chance / (1.0 - chance).max(f64::MIN_POSITIVE)).log2()
    }
}

/// Match weight in bits at which a pair has this match probability.
pub fn bits_of_probability(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prior_falls_with_the_registry() {
        let weights = Weights {
            model: "m".parse().expect("a name"),
            expected_found: 0.8,
            levels: BTreeMap::new(),
            second: None,
        };
        let ten = weights.prior_bits(10);
        let twenty = weights.prior_bits(20);
        assert!(ten > twenty && (ten - twenty - 1.0).abs() < 0.2, "{ten} {twenty}");
    }

    #[test]
    fn bits_and_probability() {
        assert!(bits_of_probability(0.5).abs() < 1e-12);
        assert!((bits_of_probability(0.99) - 6.629).abs() < 0.001);
        assert!((LevelWeight { m: 0.8, u: 0.1 }.bits() - 3.0).abs() < 1e-12);
    }
}
