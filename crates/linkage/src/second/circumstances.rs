//! Circumstances that go together: where somebody lives, learns or is written up.
//!
//! A school says its village, a suburb its postcode. Who agrees in both agrees in little more than one, and to count them as if
//! neither knew of the other makes every neighbour a match. So of two circumstances that agree, the later in the model weighs by
//! the registry rows that have it among those that have the first: Pr(second | first), in place of Pr(second).

use arrow::array::RecordBatch;
use milaan_model::matching::{Comparator, Comparison, MatchModel};

use super::values::Values;
use super::{Counted, Counting, NO_VALUE, is_of};
use crate::candidates::Error;
use crate::candidates::column::Side;

/// Rows as if all had the second circumstance as often as the whole registry, beside those counted of the first.
const AS_ALL_ROWS: f64 = 30.0;
/// So many circumstances are laid beside one another, the first of a model.
const CIRCUMSTANCES_MAX: usize = 5;
/// What a list's own words name, and where people are.
const FIELDS: [&str; 4] = ["text", "code", "postcode", "address_line"];

/// Two comparisons, the first before the second in the model.
pub(super) type Two = (usize, usize);

/// Each two of the model's circumstances.
pub(super) fn pairs_of(model: &MatchModel, has: &dyn Fn(&str) -> bool) -> Vec<Two> {
    let is_one = |(at, one): (usize, &Comparison)| {
        let is_key = one.columns.iter().any(|column| model.household_keys.contains(column));
        let column = column(one).filter(|column| has(column))?;
        let fits = one.comparator == Comparator::Place
            || one.comparator != Comparator::Numeric
                && FIELDS.iter().any(|field| is_of(&column, field));
        (fits && !is_key).then_some(at)
    };
    let all: Vec<usize> =
        model.comparisons.iter().enumerate().filter_map(is_one).take(CIRCUMSTANCES_MAX).collect();
    let each = all.iter().enumerate();
    each.flat_map(|(at, second)| all[..at].iter().map(|first| (*first, *second))).collect()
}

/// The column that is counted: of a place the smallest.
fn column(comparison: &Comparison) -> Option<String> {
    let base = comparison.columns.first()?;
    Some(match comparison.comparator {
        Comparator::Place => format!("{base}_key"),
        _ => base.clone(),
    })
}

/// What is counted of two: rows with the first, with the second, with both.
pub(super) fn counted(model: &MatchModel, (first, second): Two) -> Vec<Counted> {
    let column = |at: usize| column(&model.comparisons[at]);
    let (Some(first), Some(second)) = (column(first), column(second)) else { return Vec::new() };
    let each = [vec![first.clone()], vec![second.clone()], vec![first, second]];
    let counted = |columns| Counted { columns, agree: "true".to_owned(), either_side: false };
    each.map(counted).into()
}

/// What a pair agrees in twice: the place of the second among the codes seen, which two, hashes of the resident's first, second
/// and both.
#[derive(Debug)]
pub(super) struct Met {
    pub(super) at: usize,
    pub(super) two: usize,
    pub(super) values: [Option<u64>; 3],
}

/// The residents' circumstances in a batch, ready to be asked.
pub(super) struct Circumstances<'a>(Vec<(&'a Two, Vec<Values>)>);

impl<'a> Circumstances<'a> {
    pub(super) fn of(batch: &RecordBatch, counting: &'a Counting) -> Result<Self, Error> {
        let values = |one| Values::of(batch, (Side::Registry, "r."), one);
        let each = counting.circumstances.iter().zip(counting.of_circumstances());
        let each = each.map(|(two, counted)| {
            Ok((two, counted.iter().map(values).collect::<Result<_, Error>>()?))
        });
        each.collect::<Result<_, _>>().map(Self)
    }

    /// What a row agrees in twice; `agrees` says in which comparisons it does, `first` is its first place among the codes.
    pub(super) fn met(
        &self,
        row: usize,
        first: usize,
        agrees: impl Fn(usize) -> bool,
    ) -> impl Iterator<Item = Met> {
        let each = self.0.iter().enumerate();
        each.filter(move |(_, (two, _))| agrees(two.0) && agrees(two.1)).map(
            move |(at, (two, values))| {
                let mut hashes = [None; 3];
                for (hash, values) in hashes.iter_mut().zip(values) {
                    *hash = values.hash(row);
                }
                Met { at: first + two.1, two: at, values: hashes }
            },
        )
    }
}

/// A meeting whose values wait for counts.
#[derive(Debug)]
pub(super) struct Waiting {
    /// Place among all codes.
    pub(super) at: u32,
    pub(super) two: u32,
    /// Numbers of the values; [`NO_VALUE`].
    pub(super) values: [u32; 3],
}

/// How much more often the registry has the second beside the first than by itself, as a natural logarithm. `rows` gives a value's
/// rows that are not of the record's own person.
fn lift(one: &Waiting, rows: &dyn Fn(u32) -> f64, all: f64) -> f64 {
    if one.values.contains(&NO_VALUE) {
        return 0.0;
    }
    let [first, second, both] = one.values.map(rows);
    let by_itself = second.max(0.5) / all;
    ((both + AS_ALL_ROWS * by_itself) / (first + AS_ALL_ROWS) / by_itself).ln()
}

/// The places among all codes whose chance among strangers is another beside a first circumstance, and the natural logarithm of
/// how many times it is. Of each second the first that says most about it counts, over all pairs: a tree of dependences (Chow and
/// Liu 1968).
pub(super) fn lifts(
    twos: &[Two],
    waiting: &[Waiting],
    rows: &dyn Fn(u32) -> f64,
    all: f64,
) -> Vec<(u32, f64)> {
    let mut said = vec![0.0; twos.len()];
    for one in waiting {
        said[one.two as usize] += lift(one, rows, all);
    }
    let is_most = |at: usize| {
        let of_second = (0..twos.len()).filter(|other| twos[*other].1 == twos[at].1);
        said[at] > 0.0 && of_second.into_iter().all(|other| other == at || said[other] < said[at])
    };
    let counts: Vec<bool> = (0..twos.len()).map(is_most).collect();
    let wanted = waiting.iter().filter(|one| counts[one.two as usize]);
    wanted.map(|one| (one.at, lift(one, rows, all))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers are rows.
    fn waiting(two: u32, values: [u32; 3]) -> Waiting {
        Waiting { at: two, two, values }
    }

    fn of(twos: &[Two], waiting: &[Waiting]) -> Vec<(u32, f64)> {
        lifts(twos, waiting, &|number| f64::from(number), 10_000.0)
    }

    #[test]
    fn a_school_says_its_village() {
        let found = of(&[(0, 1)], &[waiting(0, [400, 500, 400])]);
        // Of the rows of the school all are of the village, as if 30 more were like the registry.
        let wanted = ((400.0 + 30.0 * 0.05) / 430.0 / 0.05_f64).ln();
        assert_eq!(found.len(), 1);
        assert!((found[0].1 - wanted).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn what_goes_its_own_way_says_nothing() {
        let found = of(&[(0, 1)], &[waiting(0, [400, 500, 20])]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn of_two_that_say_the_same_one_counts() {
        let twos = [(0, 1), (0, 2), (1, 2)];
        let found = of(
            &twos,
            &[
                waiting(0, [400, 500, 300]),
                waiting(1, [400, 500, 300]),
                waiting(2, [400, 500, 400]),
            ],
        );
        let places: Vec<u32> = found.iter().map(|(at, _)| *at).collect();
        assert_eq!(places, [0, 2]);
    }
}
