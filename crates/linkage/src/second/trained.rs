//! Fitted classes as the weights file has them, by name, and back.

use std::collections::BTreeMap;

use milaan_model::matching::{ClassShares, SecondWeights};

use super::coding::Coding;
use super::mixture::{Class, Fitted, LEAST_SHARE};
use super::pins::Pins;

const PERSON: &str = "person";
const MOVED: &str = "moved";
const HOUSEHOLD: &str = "household";
const STRANGERS: &str = "strangers";

/// What was fitted to the pairs of so many records.
pub(super) fn written(
    fitted: &Fitted,
    codings: &[Coding],
    records: f64,
    learnt_from: String,
) -> SecondWeights {
    let mut written = SecondWeights { learnt_from, ..SecondWeights::default() };
    let classes = [
        (PERSON, Some(&fitted.person)),
        (MOVED, fitted.moved.as_ref()),
        (HOUSEHOLD, fitted.household.as_ref()),
    ];
    for (name, class) in classes.into_iter().filter_map(|(name, class)| Some((name, class?))) {
        written.pairs.insert(name.to_owned(), class.ln_pairs.exp() / records);
        written.shares.insert(name.to_owned(), by_name(codings, &class.ln_shares, &|_| true));
    }
    let customs = by_name(codings, &fitted.ln_customs, &Coding::is_custom);
    if !customs.is_empty() {
        written.shares.insert(STRANGERS.to_owned(), customs);
    }
    written
}

fn by_name(
    codings: &[Coding],
    ln_shares: &[Vec<f64>],
    wanted: &dyn Fn(&Coding) -> bool,
) -> ClassShares {
    let each = codings.iter().zip(ln_shares).filter(|(coding, _)| wanted(coding));
    let levels = |coding: &Coding, shares: &[f64]| {
        let of_level = |(level, name): (usize, &String)| {
            let way = |way: usize| {
                let share = shares[usize::from(coding.code(level, way))].exp();
                (share > LEAST_SHARE).then(|| (coding.way_name(way).to_owned(), share))
            };
            (name.clone(), (0..coding.variants).filter_map(way).collect::<BTreeMap<_, _>>())
        };
        coding.levels.iter().enumerate().map(of_level).collect()
    };
    each.map(|(coding, shares)| (coding.name.clone(), levels(coding, shares))).collect()
}

/// The classes that the file has, for a list of so many records; `None` where it has none of one person.
pub(super) fn read(
    written: &SecondWeights,
    codings: &[Coding],
    records: f64,
    strangers: f64,
) -> Option<Fitted> {
    let class = |name: &str| -> Option<Class> {
        let pairs = written.pairs.get(name)? * records;
        let shares = written.shares.get(name)?;
        Some(Class { ln_pairs: pairs.max(1e-9).ln(), ln_shares: by_code(codings, shares, true) })
    };
    let person = class(PERSON)?;
    let (moved, household) = (class(MOVED), class(HOUSEHOLD));
    let pairs = |class: Option<&Class>| class.map_or(0.0, |class| class.ln_pairs.exp());
    let none = ClassShares::new();
    let customs = written.shares.get(STRANGERS).unwrap_or(&none);
    Some(Fitted {
        persons: pairs(Some(&person)) + pairs(moved.as_ref()),
        households: pairs(household.as_ref()),
        person,
        moved,
        household,
        ln_strangers: strangers.max(1.0).ln(),
        ln_customs: by_code(codings, customs, false),
        ln_rivals: Vec::new(),
        torn: Vec::new(),
        pins: Pins::default(),
        rounds: 0,
    })
}

/// Logarithms by comparison and code, 0 for null. What is not written is next to impossible, or, of comparisons that are not
/// named at all, not told apart.
fn by_code(codings: &[Coding], shares: &ClassShares, all: bool) -> Vec<Vec<f64>> {
    let of_coding = |coding: &Coding| {
        let known = shares.get(&coding.name);
        let mut codes = vec![0.0; 1 + coding.levels.len() * coding.variants];
        for (level, name) in coding.levels.iter().enumerate() {
            for way in 0..coding.variants {
                let share = known.and_then(|levels| levels.get(name)?.get(coding.way_name(way)));
                if known.is_some() || all {
                    let share = share.copied().unwrap_or(0.0).max(LEAST_SHARE);
                    codes[usize::from(coding.code(level, way))] = share.ln();
                }
            }
        }
        codes
    };
    codings.iter().map(of_coding).collect()
}

#[cfg(test)]
mod tests {
    use milaan_model::matching::{Comparator, Comparison, Level, LevelTest};

    use super::*;

    fn comparison(name: &str, comparator: Comparator, column: &str, levels: &[&str]) -> Comparison {
        let level = |name: &&str| Level {
            name: name.parse().expect("a name"),
            test: LevelTest::Else,
            identity: false,
            contradicts: false,
        };
        Comparison {
            name: name.parse().expect("a name"),
            comparator,
            columns: vec![column.to_owned()],
            levels: levels.iter().map(level).collect(),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let birth =
            comparison("birth", Comparator::BirthDate, "birth_date", &["same", "different"]);
        let gender = comparison("gender", Comparator::Exact, "gender", &["equal", "different"]);
        let shares = [(0.5, 0.5), (0.5, 0.5)];
        let codings = [&birth, &gender].map(|one| Coding::of((one, false), &shares, (&[], true)));
        let ln = |shares: &[f64]| -> Vec<f64> {
            let each = shares.iter().map(|share| share.max(LEAST_SHARE).ln());
            std::iter::once(0.0).chain(each).collect()
        };
        let by_birth = [0.1, 0.6, 0.2, 0.05, 0.0, 0.0, 0.05, 0.0, 0.0, 0.0];
        let class = |pairs: f64| Class {
            ln_pairs: pairs.ln(),
            ln_shares: vec![ln(&by_birth), ln(&[0.99, 0.01])],
        };
        let fitted = Fitted {
            person: class(80.0),
            moved: None,
            household: Some(class(40.0)),
            ln_strangers: 1e6_f64.ln(),
            ln_customs: vec![ln(&by_birth), vec![0.0; 3]],
            ln_rivals: Vec::new(),
            torn: Vec::new(),
            pins: Pins::default(),
            persons: 80.0,
            households: 40.0,
            rounds: 7,
        };
        let file = written(&fitted, &codings, 100.0, "invented".to_owned());
        assert!((file.pairs["person"] - 0.8).abs() < 1e-9);
        assert!(!file.shares["strangers"].contains_key("gender"), "{file:?}");
        let again = read(&file, &codings, 200.0, 2e6).expect("classes");
        assert!((again.persons - 160.0).abs() < 1e-9 && again.moved.is_none());
        for (one, other) in again.person.ln_shares.iter().zip(&fitted.person.ln_shares) {
            assert!(one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-9), "{one:?} {other:?}");
        }
        for (one, other) in again.ln_customs.iter().zip(&fitted.ln_customs) {
            assert!(one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-9), "{one:?} {other:?}");
        }
        assert!(read(&SecondWeights::default(), &codings, 1.0, 1.0).is_none());
    }
}
