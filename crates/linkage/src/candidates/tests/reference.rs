//! What linking is defined to give, by nested loops and the plain kernels.

use std::collections::{BTreeMap, BTreeSet};

use milaan_kernels::date::Date;
use milaan_kernels::digits::{DigitDistance, distance};
use milaan_kernels::{edit, name};
use milaan_model::matching::{
    BlockingRule, Comparison, Level, LevelTest, MatchModel, Weights, bits_of_probability,
};

use super::super::Keep;
use super::people::{Person, model, weights};
use crate::em::PatternCount;

/// The different keys of a person under a rule.
pub(super) fn keys_of(person: &Person, rule: &BlockingRule) -> BTreeSet<Vec<String>> {
    let mut keys = BTreeSet::from([Vec::new()]);
    for key in &rule.keys {
        let one = |value: Option<String>| value.into_iter().collect::<Vec<_>>();
        let values = match key.column.as_str() {
            "keys" => person.keys.iter().flatten().flatten().cloned().collect(),
            "relative_keys" => person.relative_keys.iter().flatten().flatten().cloned().collect(),
            "village_key" => one(person.village.clone()),
            "mandal_key" => one(person.mandal.clone()),
            "birth_date" => one(person.birth.map(|birth| birth.0.to_string())),
            _ => one(person.digits.clone()),
        };
        let with = |key: &Vec<String>| {
            let key = key.clone();
            values
                .iter()
                .map(move |value| [key.clone(), vec![value.clone()]].concat())
                .collect::<Vec<_>>()
        };
        keys = keys.iter().flat_map(with).collect();
    }
    keys
}

/// What a comparison gives: a word or a number; `None`: NULL.
pub(super) enum Value {
    Word(&'static str),
    Number(f64),
}

pub(super) fn digit_word(distance: DigitDistance) -> &'static str {
    match distance {
        DigitDistance::Equal => "equal",
        DigitDistance::OneWrong => "one_digit",
        DigitDistance::Swapped => "swapped",
        DigitDistance::Far => "different",
    }
}

pub(super) fn birth_word(a: (i32, &str), b: (i32, &str)) -> &'static str {
    let ((y, m, d), (z, n, e)) = (Date::from_days(a.0).ymd(), Date::from_days(b.0).ymd());
    let by_age = i32::from(a.1 == "age" || b.1 == "age");
    let apart = (y - z).abs();
    let of_age = |born: (i32, u32, u32), latest: (i32, u32, u32)| {
        born <= latest && (born.0 + 1, born.1, born.2) > latest
    };
    if a.1 == "day" && b.1 == "age" && of_age((y, m, d), (z, n, e))
        || a.1 == "age" && b.1 == "day" && of_age((z, n, e), (y, m, d))
    {
        return "same_age";
    }
    if a.1 != "day" || b.1 != "day" {
        return match apart {
            _ if apart <= by_age => "same_year",
            _ if apart <= 2 + by_age => "near_year",
            _ => "different",
        };
    }
    let written = |y: i32, m: u32, d: u32| format!("{y:04}{m:02}{d:02}");
    let (a, b) = (written(y, m, d), written(z, n, e));
    let wrong = a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count();
    match (y == z, m == n, d == e) {
        (true, true, true) => "same_day",
        _ if wrong == 1 => "one_digit",
        (true, false, false) if m == e && d == n => "day_month_swapped",
        (true, false, false) => "same_year",
        (true, ..) => "one_part_differs",
        (false, true, true) if apart <= 2 || apart == 10 => "one_part_differs",
        (false, true, true) => "same_birthday",
        _ if apart <= 1 => "near_year",
        _ => "different",
    }
}

pub(super) fn value(comparison: &Comparison, l: &Person, r: &Person) -> Option<Value> {
    let same = |equal| if equal { "equal" } else { "different" };
    Some(match comparison.name.as_str() {
        "name" => Value::Number(name::similarity(l.name.as_ref()?, r.name.as_ref()?)),
        "jaro" => Value::Number(edit::jaro_winkler(l.name.as_ref()?, r.name.as_ref()?)),
        "edits" => Value::Number(edit::levenshtein(l.name.as_ref()?, r.name.as_ref()?) as f64),
        "amount" => Value::Number((l.amount? - r.amount?).abs()),
        "exact" => Value::Word(same(l.mandal.as_ref()? == r.mandal.as_ref()?)),
        "phone" => Value::Word(digit_word(distance(l.phone.as_ref()?, r.phone.as_ref()?))),
        "birth" => Value::Word(birth_word(l.birth?, r.birth?)),
        "id" => {
            let (a, b) = (l.digits.as_ref()?, r.digits.as_ref()?);
            let seen = a == b || (l.sealed && r.sealed);
            Value::Word(if seen { digit_word(distance(a, b)) } else { "different" })
        }
        _ => {
            let agree = |a: &Option<String>, b: &Option<String>| Some(a.as_ref()? == b.as_ref()?);
            let (village, mandal) = (agree(&l.village, &r.village), agree(&l.mandal, &r.mandal));
            Value::Word(match (village, mandal) {
                (Some(true), Some(true) | None) => "village",
                (_, Some(true)) => "mandal",
                (None, None) => return None,
                _ => "different",
            })
        }
    })
}

pub(super) fn level(comparison: &Comparison, value: Option<Value>) -> u8 {
    let Some(value) = value else { return 0 };
    let holds = |level: &Level| match (&level.test, &value) {
        (LevelTest::Is(words), Value::Word(word)) => words.iter().any(|one| one == word),
        (LevelTest::AtLeast(least), Value::Number(number)) => number >= least,
        (LevelTest::AtMost(most), Value::Number(number)) => number <= most,
        (test, _) => *test == LevelTest::Else,
    };
    comparison.levels.iter().position(holds).expect("the last level") as u8 + 1
}

/// A pair: record, resident, rule, weight, probability, band, identity, contradictions, levels.
pub(super) type Row = (String, String, String, u64, u64, String, bool, i64, Vec<u8>);

#[derive(Debug, PartialEq)]
pub(super) struct Expected {
    pub(super) rows: Vec<Row>,
    pub(super) overfull: Vec<(String, u64, u64)>,
    pub(super) patterns: Vec<Vec<PatternCount>>,
}

pub(super) fn row(
    model: &MatchModel,
    weights: &Weights,
    registry_rows: u64,
    levels: Vec<u8>,
    pair: (&Person, &Person, &str),
) -> (Row, bool) {
    let rounded = |bits: f64| format!("{bits:.4}").parse::<f64>().expect("a number");
    let (mut weight, mut identity, mut contradictions) =
        (rounded(weights.prior_bits(registry_rows)), false, 0);
    for (comparison, level) in
        model.comparisons.iter().zip(&levels).filter(|(_, level)| **level > 0)
    {
        let level = &comparison.levels[usize::from(*level) - 1];
        let bits = weights.bits(comparison.name.as_str(), level.name.as_str()).expect("a weight");
        weight += rounded(bits);
        identity |= level.identity;
        contradictions += i64::from(level.contradicts);
    }
    let weight = (weight * 10_000.0).round() / 10_000.0;
    let accept = rounded(bits_of_probability(model.bands.accept_probability));
    let review = rounded(bits_of_probability(model.bands.review_probability));
    let band = match (identity, contradictions) {
        (true, 0) if weight >= review => "exact",
        (true, _) => "review",
        (_, 0) if weight >= accept => "high",
        (_, 0) if weight >= review => "review",
        (_, 1) if weight >= accept => "review",
        _ => "low",
    };
    let probability = 1.0 / (1.0 + (-weight).exp2());
    let (l, r, rule) = pair;
    let row = (
        l.id.clone(),
        r.id.clone(),
        rule.to_owned(),
        weight.to_bits(),
        probability.to_bits(),
        band.to_owned(),
        identity,
        contradictions,
        levels,
    );
    // The model of these tests names no relatives.
    (row, identity || weight >= review - 12.0)
}

pub(super) fn expected(list: &[Person], registry: &[Person], keep: Keep, same: bool) -> Expected {
    let model = model();
    let weights = weights(&model);
    let (mut rows, mut overfull) = (Vec::new(), Vec::new());
    let mut sizes: Vec<BTreeMap<Vec<String>, u64>> = Vec::new();
    for rule in &model.blocking {
        let mut size = BTreeMap::new();
        registry
            .iter()
            .flat_map(|one| keys_of(one, rule))
            .for_each(|key| *size.entry(key).or_default() += 1);
        let searched: BTreeSet<_> = list.iter().flat_map(|one| keys_of(one, rule)).collect();
        let over = size
            .iter()
            .filter(|(key, size)| searched.contains(*key) && **size > rule.block_rows_max);
        let over: Vec<u64> = over.map(|(_, size)| *size).collect();
        overfull.push((
            rule.name.to_string(),
            over.len() as u64,
            over.into_iter().max().unwrap_or(0),
        ));
        sizes.push(size);
    }
    let mut patterns: Vec<BTreeMap<Vec<u8>, u64>> = vec![BTreeMap::new(); model.blocking.len()];
    for l in list {
        for r in registry.iter().filter(|r| !same || l.id < r.id) {
            let finds = |at: usize| {
                let rule = &model.blocking[at];
                keys_of(l, rule)
                    .intersection(&keys_of(r, rule))
                    .any(|key| sizes[at][key] <= rule.block_rows_max)
            };
            let found: Vec<usize> = (0..model.blocking.len()).filter(|at| finds(*at)).collect();
            let Some(first) = found.first() else { continue };
            let levels: Vec<u8> =
                model.comparisons.iter().map(|one| level(one, value(one, l, r))).collect();
            let rule = model.blocking[*first].name.as_str();
            let (row, kept) =
                row(&model, &weights, registry.len() as u64, levels.clone(), (l, r, rule));
            if kept || keep == Keep::All {
                rows.push(row);
                for at in found {
                    *patterns[at].entry(levels.clone()).or_default() += 1;
                }
            }
        }
    }
    rows.sort();
    let count = |(levels, pairs)| PatternCount { levels, pairs };
    let patterns = patterns.into_iter().map(|one| one.into_iter().map(count).collect()).collect();
    Expected { rows, overfull, patterns }
}
