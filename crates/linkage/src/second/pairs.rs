//! Takes pairs in, batch by batch, as small numbers; then fits and gives them back weighed.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, AsArray, BooleanArray, Int64Array, RecordBatch};
use milaan_model::matching::{MatchModel, SecondWeights, Weights, bits_of_probability};

use super::circumstances::{self, Circumstances, Met, Waiting};
use super::coding::Coding;
use super::kept::Keeping;
use super::mixture::{self, Fitted, Lists, Observed};
use super::own::OwnName;
use super::pins::Pins;
use super::priors::ModelPriors;
use super::rivals::Rivals;
use super::tokens::Tokens;
use super::values::{Counter, Numbers, Values};
use super::{
    Counting, NO_VALUE, evidence, names_relatives, own_comparison, trained, wants_own_names, ways,
};
use crate::candidates::column::Side;
use crate::candidates::{Error, Pairs, match_probability};

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
    at: u32,
    /// Numbers of its values; [`NO_VALUE`].
    values: [u32; 2],
}

/// A place's names are its own in so far as it has more rows than this: families call their children after one another, and
/// villages after their saint.
const TOGETHER_ROWS: f64 = 500.0;

/// Some pairs as small numbers, ready for [`SecondLook::take`].
#[derive(Debug, Default)]
pub struct Seen {
    pairs: Vec<u32>,
    codes: Vec<u8>,
    ln_u: Vec<f32>,
    first: Vec<(f32, f32)>,
    agreed: Vec<Agreed>,
    met: Vec<Met>,
}

/// What a level's two sides agree on: place among the codes seen, what of [`super::counted`] and way of counting, hashes of the
/// value.
#[derive(Debug)]
struct Agreed {
    at: usize,
    counted: usize,
    way: usize,
    values: [Option<u64>; 2],
}

/// Pairs to be weighed a second time.
#[derive(Debug)]
pub struct SecondLook {
    pub(super) codings: Vec<Coding>,
    pub(super) own: Option<usize>,
    /// The comparisons of the given name and of the surname, where both are.
    parts: Option<(usize, usize)>,
    scope: Scope,
    /// Registry rows of a record's own person, on average.
    own_rows: f64,
    priors: ModelPriors,
    names_relatives: bool,
    /// How the operator keeps pairs.
    keeping: Option<Keeping>,
    of_file: Option<SecondWeights>,
    pub(super) accept: f64,
    pub(super) review: f64,
    /// Bits within which two candidates are close.
    margin: f64,
    pub(super) observed: Observed,
    first: Vec<(f32, f32)>,
    counting: Arc<Counting>,
    numbers: Arc<Numbers>,
    /// Registry rows by number of the value; as many as there are numbers.
    rows: Vec<u32>,
    uncounted: Vec<Box<[Uncounted]>>,
    /// Levels of names that wait for how many of a place have them.
    uncounted_together: Vec<Box<[Uncounted]>>,
    /// Circumstances that agree beside others.
    met: Vec<Waiting>,
}

impl SecondLook {
    /// Ready for so many pairs of this model. `Err`: their codes are too many to be numbered.
    pub fn new(
        (model, weights): (&MatchModel, &Weights),
        scope: Scope,
        counting: &Arc<Counting>,
        pairs: usize,
    ) -> Result<Self, Error> {
        let limit = u64::from(u32::MAX) / model.comparisons.len().max(1) as u64;
        if pairs as u64 > limit {
            return Err(Error::Limit { what: "pairs to be weighed", found: pairs as u64, limit });
        }
        let own = own_comparison(model).filter(|_| wants_own_names(model));
        let priors = ModelPriors::of(model, weights, scope.same_records);
        let codings: Vec<Coding> = model
            .comparisons
            .iter()
            .zip(&priors.shares)
            .enumerate()
            .map(|(at, (comparison, shares))| {
                let known = (&model.household_keys[..], names_relatives(model));
                Coding::of((comparison, own == Some(at)), shares, known)
            })
            .collect();
        let keeping = Keeping::of((model, weights), &codings, scope.registry_rows);
        let numbers = counting.ways.iter().map(|ways| vec![HashMap::default(); ways.len()]);
        Ok(Self {
            observed: Observed {
                width: codings.len(),
                codes: vec![0; pairs * codings.len()],
                ln_u: vec![0.0; pairs * codings.len()],
            },
            codings,
            own,
            parts: ways::parts_of(model),
            scope,
            own_rows: weights.expected_found.max(1.0) + if scope.same_records { 1.0 } else { 0.0 },
            priors,
            names_relatives: names_relatives(model),
            keeping: Some(keeping).filter(|_| !names_relatives(model)),
            of_file: weights.second.clone(),
            accept: bits_of_probability(model.bands.accept_probability),
            review: bits_of_probability(model.bands.review_probability),
            margin: model.bands.ambiguous_margin_bits,
            first: vec![(0.0, 0.0); pairs],
            counting: Arc::clone(counting),
            numbers: Arc::new(numbers.collect()),
            rows: Vec::new(),
            uncounted: Vec::new(),
            uncounted_together: Vec::new(),
            met: Vec::new(),
        })
    }

    /// Bytes that so many pairs take until they are fitted, beside [`Self::values_bytes`]: no pair agrees on more than one counted
    /// value a comparison, and on one more.
    pub fn bytes_at_most(model: &MatchModel, pairs: usize) -> usize {
        let codes = model.comparisons.len() * (size_of::<u8>() + size_of::<f32>());
        let counted = (model.comparisons.len() + 1) * size_of::<Uncounted>();
        let circumstances = circumstances::pairs_of(model, &|_| true).len() * size_of::<Waiting>();
        // First guesses, the chances of three classes, and the odds.
        pairs * (codes + counted + circumstances + size_of::<(f32, f32, [f64; 4])>())
    }

    /// Bytes of the values to be counted, once all pairs are taken in, and of so many counters.
    pub fn values_bytes(&self, counters: usize) -> usize {
        let maps = self.numbers.iter().flatten().map(HashMap::capacity).sum::<usize>();
        maps * (size_of::<(u64, u32)>() + 1) + (self.rows.len() * (counters + 1)) * size_of::<u32>()
    }

    /// Looks at some pairs. A row is the pair of its number. Columns: `l.x` and `r.x`, for each column of [`Counted`] what the
    /// record and the resident have; `agree0_0`, `agree0_1` … (BOOLEAN; a comparison's number and a way of counting it: whether
    /// the two agree); `way0` … (BIGINT: [`super::expressions`]); the token lists
    /// `l.person_name_keys` …, and the names `l.person_name` and `r.person_name`, if wanted.
    pub fn see(&self, batch: &RecordBatch, pairs: &Pairs, numbers: &[u32]) -> Result<Seen, Error> {
        let tokens = self.own.map(|_| Tokens::of(batch)).transpose()?;
        let asked = self.codings.len() + usize::from(self.counting.together.is_some());
        let ways = (0..asked).map(|at| self.ways(batch, at));
        let ways: Vec<Vec<Way>> = ways.collect::<Result<_, _>>()?;
        let number = |at: usize| batch.column_by_name(&ways::name(at))?.as_primitive_opt().cloned();
        let came_about: Vec<Option<Int64Array>> = (0..self.codings.len()).map(number).collect();
        let circumstances = Circumstances::of(batch, &self.counting)?;
        let mut seen = Seen { pairs: numbers.to_vec(), ..Seen::default() };
        for (row, pair) in numbers.iter().enumerate() {
            let own = tokens.as_ref().map_or(OwnName::Unknown, |tokens| tokens.compare(row));
            for (at, level) in pairs.levels(*pair as usize).iter().enumerate() {
                let coding = &self.codings[at];
                let level = usize::from(*level).checked_sub(1);
                let variant = match coding.variants {
                    1 => 0,
                    _ if self.own == Some(at) => own as usize,
                    variants => variant(came_about[at].as_ref(), row).min(variants - 1),
                };
                let place = seen.codes.len();
                seen.codes.push(level.map_or(0, |level| coding.code(level, variant)));
                seen.ln_u.push(level.map_or(0.0, |level| coding.ln_u[level] as f32));
                if level.is_some_and(|level| coding.takes_frequency[level]) {
                    if ways[at].is_empty() && coding.is_identity_number {
                        seen.ln_u[place] =
                            self.ln_frequency(1, coding.ln_u[level.unwrap_or(0)]) as f32;
                    }
                    seen.agreed.extend(agreed(&ways[at], row, (place, at)));
                }
            }
            let first = seen.codes.len() - self.codings.len();
            self.swap(&mut seen, first);
            let level = |at: usize| self.codings[at].parts(seen.codes[first + at]);
            let agrees = |at: usize| {
                level(at).is_some_and(|(level, _)| level < self.codings[at].agreeing_levels)
            };
            let met = circumstances.met(row, first, agrees);
            seen.met.extend(met);
            if let Some((name, place)) = self.counting.together
                && [name, place].iter().all(|at| level(*at).is_some_and(|(level, _)| level == 0))
            {
                let counted = self.codings.len();
                seen.agreed.extend(agreed(&ways[counted], row, (first + name, counted)));
            }
            let (chance, contradictions) = pairs.first_opinion(*pair as usize);
            seen.first.push(self.first_guess(own, contradictions, chance));
        }
        Ok(seen)
    }

    /// That given name and surname stand in each other's place is one thing, and said once: by the given name. Strangers are so
    /// no more often than they have both in common.
    fn swap(&self, seen: &mut Seen, first: usize) {
        let Some((given, surname)) = self.parts else { return };
        let way = self.codings[given].parts(seen.codes[first + given]);
        if way.is_some_and(|(_, way)| self.codings[given].is_swapped(way)) {
            let both = self.codings[given].ln_u[0] + self.codings[surname].ln_u[0];
            seen.ln_u[first + given] = both as f32;
            (seen.codes[first + surname], seen.ln_u[first + surname]) = (0, 0.0);
        }
    }

    /// The ways of counting a comparison, most exact first.
    fn ways(&self, batch: &RecordBatch, at: usize) -> Result<Vec<Way>, Error> {
        let each = self.counting.ways[at].iter().enumerate();
        each.map(|(way, counted)| {
            let list = Values::of(batch, (Side::List, "l."), counted);
            Ok(Way {
                agree: boolean(batch, &format!("agree{at}_{way}")),
                registry: Values::of(batch, (Side::Registry, "r."), counted)?,
                list: counted.either_side.then_some(list).transpose()?,
            })
        })
        .collect()
    }

    /// Takes in what was seen of some pairs; in whatever order, the result is the same.
    pub fn take(&mut self, seen: Seen) {
        let width = self.codings.len();
        for (row, pair) in seen.pairs.iter().enumerate() {
            let (from, to) = (row * width, *pair as usize * width);
            self.observed.codes[to..to + width].copy_from_slice(&seen.codes[from..from + width]);
            self.observed.ln_u[to..to + width].copy_from_slice(&seen.ln_u[from..from + width]);
            self.first[*pair as usize] = seen.first[row];
        }
        let numbers = Arc::make_mut(&mut self.numbers);
        let rows = &mut self.rows;
        let mut number = |(counted, way): (usize, usize), hash: Option<u64>| {
            let Some(hash) = hash else { return NO_VALUE };
            *numbers[counted][way].entry(hash).or_insert_with(|| {
                rows.push(0);
                rows.len() as u32 - 1
            })
        };
        let place = |at: usize| seen.pairs[at / width] * width as u32 + (at % width) as u32;
        let mut uncounted = |one: &Agreed| {
            let values = one.values.map(|hash| number((one.counted, one.way), hash));
            Uncounted { at: place(one.at), values }
        };
        let (each, together): (Vec<_>, Vec<_>) =
            seen.agreed.iter().partition(|one| one.counted < width);
        self.uncounted.push(each.into_iter().map(&mut uncounted).collect());
        self.uncounted_together.push(together.into_iter().map(&mut uncounted).collect());
        let first = self.counting.first_of_circumstances();
        for one in seen.met {
            let mut values = [NO_VALUE; 3];
            for (way, (value, hash)) in values.iter_mut().zip(one.values).enumerate() {
                *value = number((first + one.two, way), hash);
            }
            self.met.push(Waiting { at: place(one.at), two: one.two as u32, values });
        }
    }

    /// Counts the registry's rows, beside others; all pairs are taken in before.
    pub fn counter(&self) -> Counter {
        Counter::new(&self.counting, &self.numbers, self.rows.len() as u32)
    }

    /// Adds what a counter counted.
    pub fn add(&mut self, counter: &Counter) {
        for (sum, rows) in self.rows.iter_mut().zip(&counter.rows) {
            *sum += rows;
        }
    }

    /// Weighs what was counted by its frequency.
    fn settle(&mut self) {
        for one in std::mem::take(&mut self.uncounted).iter().flatten() {
            let of_level = self.observed.ln_u[one.at as usize];
            self.observed.ln_u[one.at as usize] =
                self.ln_frequency(self.counted(one), of_level.into()) as f32;
        }
        for one in std::mem::take(&mut self.uncounted_together).iter().flatten() {
            self.settle_together(one);
        }
        // In order, so that sums are the same whoever came first.
        let mut met = std::mem::take(&mut self.met);
        met.sort_unstable_by_key(|one| (one.at, one.two));
        let rows = |value: u32| (f64::from(self.rows[value as usize]) - self.own_rows).max(0.0);
        let all = self.scope.registry_rows as f64 + 1.0;
        for (at, lift) in circumstances::lifts(&self.counting.circumstances, &met, &rows, all) {
            let at = at as usize;
            self.observed.ln_u[at] = (self.observed.ln_u[at] + lift as f32).min(0.0);
        }
        self.numbers = Arc::default();
        self.rows = Vec::new();
    }

    fn counted(&self, one: &Uncounted) -> u32 {
        let known = one.values.iter().filter(|value| **value != NO_VALUE);
        known.map(|value| self.rows[*value as usize]).max().unwrap_or(0)
    }

    /// The chance that a stranger of the place has the name: of its rows that have it, and of [`TOGETHER_ROWS`] more that are called
    /// as everybody is.
    fn settle_together(&mut self, one: &Uncounted) {
        let Some((name, place)) = self.counting.together else { return };
        let rows = self.scope.registry_rows as f64 + 1.0;
        let chance = |at: usize| f64::from(self.observed.ln_u[at]).exp();
        let at = one.at as usize;
        let (of_name, of_place) = (chance(at), chance(at - name + place) * rows);
        let others = (f64::from(self.counted(one)) - self.own_rows).max(0.0);
        let together = (others + TOGETHER_ROWS * of_name) / (of_place + TOGETHER_ROWS);
        self.observed.ln_u[at] = together.ln() as f32;
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
        match self.priors.household {
            None => (chance as f32, 0.0),
            Some(_) if contradictions > 0 || own == OwnName::Different => (0.02, 0.98),
            Some(_) => (0.98, 0.02),
        }
    }

    /// What was fitted, for the weights file.
    pub fn written(&self, fitted: &Fitted, learnt_from: String) -> SecondWeights {
        trained::written(fitted, &self.codings, self.scope.records.max(1) as f64, learnt_from)
    }

    /// The classes of the weights file where it has them, else fitted to the pairs taken in, after the registry was counted. What
    /// reviewers decided is no lesson here: it holds afterwards.
    pub fn fit(&mut self, pairs: &Pairs, pins: Pins) -> Fitted {
        self.settle();
        let (records, rows) = (self.scope.records as f64, self.scope.registry_rows as f64);
        let strangers =
            if self.scope.same_records { rows * (rows - 1.0) / 2.0 } else { records * rows };
        let of_file = self
            .of_file
            .as_ref()
            .and_then(|written| trained::read(written, &self.codings, records.max(1.0), strangers));
        let record_of = |pair| pairs.places(pair).0;
        let rivals = (!self.scope.same_records)
            .then(|| Rivals::of(pairs.rows(), records.max(1.0), record_of));
        let keeping = self.keeping.take().map(|keeping| keeping.seen(&self.observed));
        let mut fitted = of_file.unwrap_or_else(|| {
            let lists = Lists {
                observed: &self.observed,
                records: records.max(1.0),
                strangers,
                rivals: rivals.as_ref(),
                ways: &self.customs(),
                keeping: keeping.as_ref(),
            };
            // The operator knows no households: what it takes for one person are relatives too.
            let knows = !self.names_relatives && self.priors.household.is_some();
            mixture::fit(&lists, (!knows).then_some(&self.first), &self.priors.classes())
        });
        fitted.pins = pins;
        if let Some(rivals) = &rivals {
            let torn = fitted.weigh_rivals(&self.observed, rivals, self.review.exp2());
            fitted.torn = torn.into_iter().flat_map(|pairs| self.torn(&fitted, pairs)).collect();
        }
        fitted
    }

    /// Of a record's pairs, each of which stands against the others, those to be reviewed: the best that nothing contradicts, where
    /// the record's person is among all such likely enough.
    fn torn(&self, fitted: &Fitted, pairs: Range<usize>) -> Vec<usize> {
        let mut weights: Vec<(usize, f64)> = pairs
            .filter(|pair| {
                let is_contradicted =
                    evidence::contradictions(self, self.observed.codes(*pair)) > 0;
                !is_contradicted && !fitted.pins.is_out(*pair)
            })
            .map(|pair| (pair, fitted.weight(&self.observed, pair)))
            .collect();
        let chance: f64 = weights.iter().map(|(_, weight)| match_probability(*weight)).sum();
        if chance < match_probability(self.review) {
            return Vec::new();
        }
        let best = weights.iter().map(|(_, weight)| *weight).fold(f64::NEG_INFINITY, f64::max);
        weights.retain(|(_, weight)| *weight >= best - self.margin);
        weights.into_iter().map(|(pair, _)| pair).collect()
    }

    /// The comparisons whose ways are the lists' custom, by their number of ways; 1 for the others.
    fn customs(&self) -> Vec<usize> {
        self.codings.iter().map(|one| if one.is_custom() { one.variants } else { 1 }).collect()
    }

    /// Some pairs in their order, weighed, as [`super::second_schema`] says.
    pub fn batches<'a>(
        &'a self,
        fitted: &'a Fitted,
        pairs: &'a Pairs,
        wanted: Range<usize>,
    ) -> impl Iterator<Item = Result<RecordBatch, Error>> + 'a {
        wanted.clone().step_by(BATCH_ROWS).map(move |first| {
            let end = wanted.end.min(first + BATCH_ROWS);
            evidence::batch(self, fitted, pairs.names(first..end)?.to_vec(), first..end)
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

/// Rows of a result batch at most.
const BATCH_ROWS: usize = 8192;

/// A way of counting a comparison, over a batch.
struct Way {
    agree: Option<BooleanArray>,
    registry: Values,
    list: Option<Values>,
}

/// What a row agrees on in the first way that it does; the place among the codes seen, and what is counted.
fn agreed(ways: &[Way], row: usize, (at, counted): (usize, usize)) -> Option<Agreed> {
    ways.iter().enumerate().find_map(|(way, one)| {
        one.agree.as_ref().filter(|agree| holds(agree, row))?;
        let list = one.list.as_ref().and_then(|list| list.hash(row));
        let values = [one.registry.hash(row), list];
        values.iter().any(Option::is_some).then_some(Agreed { at, counted, way, values })
    })
}

/// The number of the way; 0 where nothing says.
fn variant(came_about: Option<&Int64Array>, row: usize) -> usize {
    let known = came_about.filter(|numbers| numbers.is_valid(row));
    known.map_or(0, |numbers| numbers.value(row).max(0) as usize)
}

fn boolean(batch: &RecordBatch, name: &str) -> Option<BooleanArray> {
    batch.column_by_name(name).and_then(|one| one.as_boolean_opt().cloned())
}

fn holds(column: &BooleanArray, row: usize) -> bool {
    column.is_valid(row) && column.value(row)
}
