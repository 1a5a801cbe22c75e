//! Takes pairs in, batch by batch, as small numbers; then fits and gives them back weighed.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, ListArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use milaan_kernels::hash::hash64;
use milaan_model::matching::{
    Comparator, Comparison, Level, MatchModel, Weights, bits_of_probability,
};

use super::mixture::{self, Fitted, Observed, Prior};
use super::own::{self, OwnName};
use super::{Counted, evidence, is_shared, knows_households, own_comparison, takes_frequency};
use crate::candidates::Error;

/// How many there are of what.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    /// Records of the list.
    pub records: u64,
    /// Rows of the registry.
    pub registry_rows: u64,
    /// The list is the registry itself: each two records are one pair.
    pub same_records: bool,
}

/// A level whose chance among strangers waits for counts.
#[derive(Debug)]
struct Uncounted {
    /// Place among all codes.
    at: usize,
    way: u8,
    values: [Option<u64>; 2],
}

/// What the weights file says is worth this many pairs of each class.
const FILE_WORTH_PAIRS: f64 = 30.0;
/// And what it says of how many there are this many records.
const FILE_WORTH_RECORDS: f64 = 20.0;
/// Relatives in the registry that a record is expected to be compared with, before anything is known.
const RELATIVES: f64 = 1.0;

/// One comparison as codes: 0 is null, then level by level, each in its variants.
#[derive(Debug)]
pub(super) struct Coding {
    pub(super) name: String,
    pub(super) levels: Vec<String>,
    /// Own names (5) or whether both dates are days (2); else 1.
    pub(super) variants: usize,
    ln_u: Vec<f64>,
    takes_frequency: Vec<bool>,
    identity: Vec<bool>,
    pub(super) contradicts: Vec<bool>,
    is_identity_number: bool,
    pub(super) is_relative: bool,
    /// Its closest level is something that few share: a number, a card, a day.
    pub(super) identifies: bool,
}

impl Coding {
    fn of(
        comparison: &Comparison,
        variants: usize,
        shares: &[(f64, f64)],
        household_keys: &[String],
    ) -> Self {
        let levels = &comparison.levels;
        Self {
            name: comparison.name.to_string(),
            levels: levels.iter().map(|level| level.name.to_string()).collect(),
            variants,
            ln_u: shares.iter().map(|(_, u)| u.ln()).collect(),
            takes_frequency: (0..levels.len())
                .map(|level| takes_frequency(comparison, level))
                .collect(),
            identity: levels.iter().map(|level| level.identity).collect(),
            contradicts: levels.iter().map(|level| level.contradicts).collect(),
            is_identity_number: comparison.comparator == Comparator::NationalId,
            is_relative: comparison.columns.iter().any(|column| column == "relative_name"),
            identifies: matches!(
                comparison.comparator,
                Comparator::NationalId | Comparator::Digits | Comparator::BirthDate
            ) || comparison
                .columns
                .iter()
                .any(|column| household_keys.contains(column)),
        }
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

/// Pairs to be weighed a second time.
#[derive(Debug)]
pub struct SecondLook {
    pub(super) codings: Vec<Coding>,
    pub(super) own: Option<usize>,
    scope: Scope,
    /// Registry rows of a record's own person, on average.
    own_rows: f64,
    person: Prior,
    household: Option<Prior>,
    pub(super) accept: f64,
    pub(super) review: f64,
    pub(super) observed: Observed,
    first: Vec<(f32, f32)>,
    /// By comparison and way: what is to be counted, by hash of the value.
    counts: Vec<Vec<HashMap<u64, u32>>>,
    /// Pair and comparison, way, hashes of the value: what weighs by its frequency.
    uncounted: Vec<Uncounted>,
    /// `record_id`, `resident_ref`, `rule` of the pairs, as they came.
    pub(super) names: Vec<RecordBatch>,
}

impl SecondLook {
    /// Ready for the pairs of this model; `counted` is what [`super::counted`] gives.
    pub fn new(
        model: &MatchModel,
        weights: &Weights,
        scope: Scope,
        counted: &[Vec<Counted>],
    ) -> Self {
        let own = own_comparison(model).filter(|_| knows_households(model));
        let mut codings = Vec::new();
        let (mut person, mut household) = (Vec::new(), Vec::new());
        for (at, comparison) in model.comparisons.iter().enumerate() {
            let shares = file_shares(comparison, weights);
            let variants = match comparison.comparator {
                _ if own == Some(at) => OwnName::ALL.len(),
                Comparator::BirthDate => 2,
                _ => 1,
            };
            let between = shares
                .iter()
                .map(|(m, u)| if is_shared(comparison, model) { *m } else { (m * u).sqrt() });
            household.push(pseudo(between, variants, &OWN_OF_RELATIVES));
            person.push(pseudo(shares.iter().map(|(m, _)| *m), variants, &OWN_OF_ONE_PERSON));
            codings.push(Coding::of(comparison, variants, &shares, &model.household_keys));
        }
        // Of a list that is the registry each pair counts for two records.
        let per_record = weights.expected_found / if scope.same_records { 2.0 } else { 1.0 };
        let worth = FILE_WORTH_RECORDS;
        Self {
            observed: Observed { width: codings.len(), ..Observed::default() },
            codings,
            own,
            scope,
            own_rows: weights.expected_found.max(1.0) + if scope.same_records { 1.0 } else { 0.0 },
            person: Prior { pseudo: person, per_record, worth },
            household: knows_households(model).then_some(Prior {
                pseudo: household,
                per_record: RELATIVES,
                worth,
            }),
            accept: bits_of_probability(model.bands.accept_probability),
            review: bits_of_probability(model.bands.review_probability),
            first: Vec::new(),
            counts: counted.iter().map(|ways| vec![HashMap::new(); ways.len()]).collect(),
            uncounted: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Whether two tokens lists a side are wanted: `l_own`, `r_own`, `l_relative`, `r_relative`.
    pub fn wants_own_names(&self) -> bool {
        self.own.is_some()
    }

    /// Takes pairs in. Columns: those of `pairs`; `v0_0`, `v0_1` … (text; a comparison's number and a way of counting it: the
    /// value that the two agree on, NULL where they do not), `w0_0` … (the same of the list's side, where that is counted
    /// too); `d0` … (BOOLEAN: both dates are days) for birth dates; and the token lists, if wanted.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let steps = list(batch, "evidence")?;
        let levels = texts(steps.values().as_struct().column(1))?;
        let tokens = self.own.map(|_| Tokens::of(batch));
        let values = self.values(batch)?;
        let day = |at: usize| {
            batch.column_by_name(&format!("d{at}")).and_then(|one| one.as_boolean_opt().cloned())
        };
        let by_day: Vec<_> = (0..self.codings.len()).map(day).collect();
        let chances = column(batch, "match_probability")?.as_primitive::<Float64Type>();
        let contradictions = column(batch, "contradictions")?.as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let own = tokens.as_ref().map_or(OwnName::Unknown, |tokens| tokens.compare(row));
            let start = steps.value_offsets()[row] as usize;
            for at in 0..self.codings.len() {
                let coding = &self.codings[at];
                let level = levels.value(start + at);
                let level = coding.levels.iter().position(|known| known == level);
                let variant = match coding.variants {
                    1 => 0,
                    2 => usize::from(
                        by_day[at]
                            .as_ref()
                            .is_some_and(|days| days.is_valid(row) && days.value(row)),
                    ),
                    _ => own as usize,
                };
                self.observed.codes.push(level.map_or(0, |level| coding.code(level, variant)));
                self.observed.ln_u.push(level.map_or(0.0, |level| coding.ln_u[level] as f32));
                if level.is_some_and(|level| coding.takes_frequency[level]) {
                    self.note(at, &values[at], row);
                }
            }
            self.first.push(self.first_guess(own, contradictions.value(row), chances.value(row)));
        }
        let names = ["record_id", "resident_ref", "rule"].map(|name| batch.schema().index_of(name));
        let names: Vec<usize> =
            names.into_iter().collect::<Result<_, _>>().map_err(|error| Error::build(&error))?;
        self.names.push(batch.project(&names).map_err(|error| Error::build(&error))?);
        Ok(())
    }

    /// By comparison and way, the two columns of values.
    fn values(&self, batch: &RecordBatch) -> Result<Vec<Vec<[Option<StringArray>; 2]>>, Error> {
        let one = |name: String| batch.column_by_name(&name).map(|found| texts(found)).transpose();
        let ways = |at: usize, count: usize| {
            (0..count)
                .map(|way| Ok([one(format!("v{at}_{way}"))?, one(format!("w{at}_{way}"))?]))
                .collect()
        };
        self.counts.iter().enumerate().map(|(at, counts)| ways(at, counts.len())).collect()
    }

    /// Notes what the pair just taken in agrees on, to be counted.
    fn note(&mut self, at: usize, values: &[[Option<StringArray>; 2]], row: usize) {
        let place = self.observed.ln_u.len() - 1;
        let hash = |column: &Option<StringArray>| {
            let column = column.as_ref().filter(|column| column.is_valid(row))?;
            Some(hash64(17, column.value(row).as_bytes()))
        };
        for (way, columns) in values.iter().enumerate() {
            let found = [hash(&columns[0]), hash(&columns[1])];
            if found.iter().any(Option::is_some) {
                for value in found.iter().flatten() {
                    self.counts[at][way].entry(*value).or_default();
                }
                self.uncounted.push(Uncounted { at: place, way: way as u8, values: found });
                return;
            }
        }
        if values.is_empty() && self.codings[at].is_identity_number {
            let of_level = self.observed.ln_u[place];
            self.observed.ln_u[place] = self.ln_frequency(1, of_level.into()) as f32;
        }
    }

    /// Counts rows of the registry. Columns: `v0_0` … as in [`SecondLook::push`], of every row. All pairs are taken in before.
    pub fn count(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let values = self.values(batch)?;
        for (counts, values) in self.counts.iter_mut().flatten().zip(values.iter().flatten()) {
            for value in values[0].iter().flat_map(|column| column.iter().flatten()) {
                if let Some(count) = counts.get_mut(&hash64(17, value.as_bytes())) {
                    *count += 1;
                }
            }
        }
        Ok(())
    }

    /// Weighs what was counted by its frequency.
    fn settle(&mut self) {
        let width = self.codings.len();
        for one in std::mem::take(&mut self.uncounted) {
            let counts = &self.counts[one.at % width][usize::from(one.way)];
            let counted = one.values.iter().flatten().filter_map(|value| counts.get(value)).max();
            let of_level = self.observed.ln_u[one.at];
            self.observed.ln_u[one.at] =
                self.ln_frequency(counted.copied().unwrap_or(0), of_level.into()) as f32;
        }
    }

    /// The chance that a stranger has a value that so many rows of the registry have, as a natural logarithm. Rows of the
    /// record's own person are no strangers to it. A value that nobody else has may be had by half a row more, or by fewer, where
    /// strangers agree on fewer values than that on average.
    fn ln_frequency(&self, counted: u32, ln_of_level: f64) -> f64 {
        let rows = self.scope.registry_rows as f64 + 1.0;
        let others = (f64::from(counted) - self.own_rows).max(0.0);
        ((others + (rows * ln_of_level.exp()).min(0.5)) / rows).ln()
    }

    fn first_guess(&self, own: OwnName, contradictions: i64, chance: f64) -> (f32, f32) {
        match self.household {
            None => (chance as f32, 0.0),
            Some(_) if contradictions > 0 || own == OwnName::Different => (0.02, 0.98),
            Some(_) => (0.98, 0.02),
        }
    }

    /// Fits the classes to the pairs taken in, after the registry was counted.
    pub fn fit(&mut self) -> Fitted {
        self.settle();
        let (records, rows) = (self.scope.records as f64, self.scope.registry_rows as f64);
        let strangers =
            if self.scope.same_records { rows * (rows - 1.0) / 2.0 } else { records * rows };
        mixture::fit(
            &self.observed,
            &self.first,
            (&self.person, self.household.as_ref()),
            (records.max(1.0), strangers),
        )
    }

    /// The pairs in the order they came, weighed, as [`super::second_schema`] says.
    pub fn batches<'a>(
        &'a self,
        fitted: &'a Fitted,
    ) -> impl Iterator<Item = Result<RecordBatch, Error>> + 'a {
        let mut next = 0;
        self.names.iter().map(move |names| {
            let first = next;
            next += names.num_rows();
            evidence::batch(self, fitted, names, first)
        })
    }

    pub(super) fn is_identity(&self, codes: &[u8]) -> bool {
        let each = self.codings.iter().zip(codes);
        each.into_iter()
            .any(|(one, code)| one.parts(*code).is_some_and(|(level, _)| one.identity[level]))
    }

    /// How own names met.
    pub(super) fn own_name(&self, codes: &[u8]) -> OwnName {
        let met = self.own.and_then(|at| self.codings[at].parts(codes[at]));
        met.map_or(OwnName::Unknown, |(_, variant)| OwnName::ALL[variant])
    }
}

/// Unknown, same, part, near, different: of one person's two names, and of two relatives', before anything is known.
const OWN_OF_ONE_PERSON: [f64; 5] = [0.10, 0.70, 0.10, 0.08, 0.02];
const OWN_OF_RELATIVES: [f64; 5] = [0.15, 0.05, 0.08, 0.02, 0.70];

/// m and u of each level, as the weights file has them.
fn file_shares(comparison: &Comparison, weights: &Weights) -> Vec<(f64, f64)> {
    let known = weights.levels.get(comparison.name.as_str());
    let of_level = |level: &Level| {
        let one = known.and_then(|levels| levels.get(level.name.as_str()));
        one.map_or((0.5, 0.5), |one| (one.m.max(1e-8), one.u.max(1e-8)))
    };
    comparison.levels.iter().map(of_level).collect()
}

fn pseudo(shares: impl Iterator<Item = f64>, variants: usize, own: &[f64; 5]) -> Vec<f64> {
    let shares: Vec<f64> = shares.collect();
    let total: f64 = shares.iter().sum();
    let split =
        |variant: usize| if variants == own.len() { own[variant] } else { 1.0 / variants as f64 };
    let each = shares.iter().flat_map(|share| {
        (0..variants).map(move |variant| FILE_WORTH_PAIRS * share / total * split(variant))
    });
    std::iter::once(0.0).chain(each).collect()
}

/// The keys of both sides' names and relatives.
struct Tokens([Option<ListArray>; 4]);

impl Tokens {
    fn of(batch: &RecordBatch) -> Self {
        let names = ["l_own", "r_own", "l_relative", "r_relative"];
        Self(names.map(|name| {
            batch.column_by_name(name).and_then(|one| one.as_list_opt::<i32>().cloned())
        }))
    }

    fn compare(&self, row: usize) -> OwnName {
        let lists: Vec<Option<StringArray>> =
            self.0.iter().map(|list| keys(list.as_ref(), row)).collect();
        let each = |at: usize| -> Vec<&str> {
            lists[at].iter().flat_map(|one| one.iter().flatten()).collect()
        };
        own::compare(&each(0), &each(1), &each(2), &each(3))
    }
}

fn keys(list: Option<&ListArray>, row: usize) -> Option<StringArray> {
    let list = list.filter(|list| !list.is_null(row))?;
    texts(&list.value(row)).ok()
}

fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a dyn Array, Error> {
    let found = batch.column_by_name(name).map(AsRef::as_ref);
    found.ok_or_else(|| Error::ColumnMissing { side: "pairs", column: name.to_owned() })
}

fn list(batch: &RecordBatch, name: &str) -> Result<ListArray, Error> {
    Ok(column(batch, name)?.as_list::<i32>().clone())
}

fn texts(array: &dyn Array) -> Result<StringArray, Error> {
    let cast = cast(array, &DataType::Utf8).map_err(|error| Error::build(&error))?;
    Ok(cast.as_string::<i32>().clone())
}
