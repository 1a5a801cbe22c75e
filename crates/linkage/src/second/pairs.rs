//! Takes pairs in, batch by batch, as small numbers; then fits and gives them back weighed.

use arrow::array::{Array, AsArray, ListArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use milaan_model::matching::{Comparator, MatchModel, Weights, bits_of_probability};

use super::mixture::{self, Fitted, Observed, Prior};
use super::own::{self, OwnName};
use super::{evidence, is_shared, knows_households, own_comparison, takes_frequency};
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
}

impl Coding {
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
    person: Prior,
    household: Option<Prior>,
    pub(super) accept: f64,
    pub(super) review: f64,
    pub(super) observed: Observed,
    first: Vec<(f32, f32)>,
    /// `record_id`, `resident_ref`, `rule` of the pairs, as they came.
    pub(super) names: Vec<RecordBatch>,
}

impl SecondLook {
    /// Ready for the pairs of this model.
    pub fn new(model: &MatchModel, weights: &Weights, scope: Scope) -> Self {
        let own = own_comparison(model);
        let file = |comparison: &str, level: &str| {
            let known = weights.levels.get(comparison).and_then(|levels| levels.get(level));
            known.map_or((0.5, 0.5), |one| (one.m.max(1e-8), one.u.max(1e-8)))
        };
        let mut codings = Vec::new();
        let (mut person, mut household) = (Vec::new(), Vec::new());
        for (at, comparison) in model.comparisons.iter().enumerate() {
            let shares: Vec<(f64, f64)> = comparison
                .levels
                .iter()
                .map(|level| file(comparison.name.as_str(), level.name.as_str()))
                .collect();
            let variants = match comparison.comparator {
                _ if own == Some(at) => OwnName::ALL.len(),
                Comparator::BirthDate => 2,
                _ => 1,
            };
            let between: Vec<f64> = shares
                .iter()
                .map(|(m, u)| if is_shared(comparison, model) { *m } else { (m * u).sqrt() })
                .collect();
            person.push(pseudo(shares.iter().map(|(m, _)| *m), variants, &OWN_OF_ONE_PERSON));
            household.push(pseudo(between.into_iter(), variants, &OWN_OF_RELATIVES));
            codings.push(Coding {
                name: comparison.name.to_string(),
                levels: comparison.levels.iter().map(|level| level.name.to_string()).collect(),
                variants,
                ln_u: shares.iter().map(|(_, u)| u.ln()).collect(),
                takes_frequency: (0..shares.len())
                    .map(|level| takes_frequency(comparison, level))
                    .collect(),
                identity: comparison.levels.iter().map(|level| level.identity).collect(),
                contradicts: comparison.levels.iter().map(|level| level.contradicts).collect(),
                is_identity_number: comparison.comparator == Comparator::NationalId,
            });
        }
        // Of a list that is the registry each pair counts for two records.
        let per_record = weights.expected_found / if scope.same_records { 2.0 } else { 1.0 };
        let worth = FILE_WORTH_RECORDS;
        Self {
            observed: Observed { width: codings.len(), ..Observed::default() },
            codings,
            own,
            scope,
            person: Prior { pseudo: person, per_record, worth },
            household: knows_households(model).then_some(Prior {
                pseudo: household,
                per_record: RELATIVES,
                worth,
            }),
            accept: bits_of_probability(model.bands.accept_probability),
            review: bits_of_probability(model.bands.review_probability),
            first: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Whether two tokens lists a side are wanted: `l_own`, `r_own`, `l_relative`, `r_relative`.
    pub fn wants_own_names(&self) -> bool {
        self.own.is_some()
    }

    /// Takes pairs in. Columns: those of `pairs`; `f0`, `f1` … (BIGINT, a comparison's number: registry rows that have what the
    /// two agree on, NULL where they do not or where it is not counted); `d0` … (BOOLEAN: both dates are days) for birth dates;
    /// and the token lists, if wanted.
    pub fn push(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let steps = list(batch, "evidence")?;
        let flat = steps.values().as_struct();
        let levels = texts(flat.column(1))?;
        let tokens = match self.own {
            Some(_) => Some(Tokens::of(batch)?),
            None => None,
        };
        let frequencies = (0..self.codings.len())
            .map(|at| numbers(batch, &format!("f{at}")))
            .collect::<Result<Vec<_>, _>>()?;
        let by_day = (0..self.codings.len())
            .map(|at| {
                batch
                    .column_by_name(&format!("d{at}"))
                    .and_then(|one| one.as_boolean_opt().cloned())
            })
            .collect::<Vec<_>>();
        let chances = column(batch, "match_probability")?.as_primitive::<Float64Type>().clone();
        let contradictions = column(batch, "contradictions")?.as_primitive::<Int64Type>().clone();
        for row in 0..batch.num_rows() {
            let own = tokens.as_ref().map_or(OwnName::Unknown, |tokens| tokens.compare(row));
            let start = steps.value_offsets()[row] as usize;
            for (at, coding) in self.codings.iter().enumerate() {
                let level = levels.value(start + at);
                let level = coding.levels.iter().position(|known| known == level);
                let variant = match coding.variants {
                    2 => by_day[at]
                        .as_ref()
                        .map_or(0, |days| usize::from(!days.is_null(row) && days.value(row))),
                    1 => 0,
                    _ => own as usize,
                };
                self.observed.codes.push(level.map_or(0, |level| coding.code(level, variant)));
                let counted = frequencies[at].as_ref().filter(|one| !one.is_null(row));
                let counted = counted.map(|one| one.value(row) as u64);
                self.observed
                    .ln_u
                    .push(level.map_or(0.0, |level| self.ln_u(coding, level, counted) as f32));
            }
            self.first.push(self.first_guess(own, contradictions.value(row), chances.value(row)));
        }
        let names = ["record_id", "resident_ref", "rule"];
        let places = names.map(|name| batch.schema().index_of(name));
        let places: Vec<usize> =
            places.into_iter().collect::<Result<_, _>>().map_err(|error| Error::build(&error))?;
        self.names.push(batch.project(&places).map_err(|error| Error::build(&error))?);
        Ok(())
    }

    fn ln_u(&self, coding: &Coding, level: usize, counted: Option<u64>) -> f64 {
        let rows = self.scope.registry_rows.max(1) as f64;
        let counted =
            counted.or((coding.is_identity_number && coding.identity[level]).then_some(1));
        match counted {
            Some(counted) if coding.takes_frequency[level] => {
                // A row is no stranger to itself.
                let others = counted as f64 - if self.scope.same_records { 1.0 } else { 0.0 };
                ((others.max(0.0) + 0.5) / (rows + 1.0)).ln()
            }
            _ => coding.ln_u[level],
        }
    }

    fn first_guess(&self, own: OwnName, contradictions: i64, chance: f64) -> (f32, f32) {
        match self.household {
            None => (chance as f32, 0.0),
            Some(_) if contradictions > 0 || own == OwnName::Different => (0.02, 0.98),
            Some(_) => (0.98, 0.02),
        }
    }

    /// Fits the classes to the pairs taken in.
    pub fn fit(&self) -> Fitted {
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
    fn of(batch: &RecordBatch) -> Result<Self, Error> {
        let names = ["l_own", "r_own", "l_relative", "r_relative"];
        Ok(Self(names.map(|name| {
            batch.column_by_name(name).and_then(|one| one.as_list_opt::<i32>().cloned())
        })))
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

fn numbers(batch: &RecordBatch, name: &str) -> Result<Option<arrow::array::Int64Array>, Error> {
    let Some(found) = batch.column_by_name(name) else { return Ok(None) };
    let cast = cast(found, &DataType::Int64).map_err(|error| Error::build(&error))?;
    Ok(Some(cast.as_primitive::<Int64Type>().clone()))
}
