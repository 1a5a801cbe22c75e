//! The operator against its definition: nested loops over small random tables, with the plain kernels.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, BinaryArray, Date32Array, Float64Array, Int32Array, ListBuilder as Lists,
    RecordBatch, StringArray, StringBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use milaan_kernels::date::Date;
use milaan_kernels::digits::{DigitDistance, distance};
use milaan_kernels::secret::Keyring;
use milaan_kernels::{edit, name};
use milaan_model::matching::{
    Bands, BlockingKey, BlockingRule, Comparator, Comparison, Level, LevelTest, LevelWeight,
    MatchModel, Weights, bits_of_probability,
};
use proptest::prelude::*;

use super::{Compiled, Found, Keep, ListBuilder, Order, Worker, cross_patterns, finish};
use crate::em::PatternCount;
use crate::sql::Sides;

/// A row of either side.
#[derive(Debug, Clone)]
struct Person {
    id: String,
    name: Option<String>,
    keys: Option<Vec<Option<String>>>,
    relative_keys: Option<Vec<Option<String>>>,
    village: Option<String>,
    mandal: Option<String>,
    birth: Option<(i32, &'static str)>,
    phone: Option<String>,
    digits: Option<String>,
    sealed: bool,
    amount: Option<f64>,
}

fn keyring() -> Arc<Keyring> {
    Arc::new(Keyring::new([5; 32]))
}

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.85, prop::sample::select(words).prop_map(str::to_owned))
}

const NAMES: &[&str] = &[
    "k venkata rao",
    "venkatarao",
    "lakshmi devi",
    "laxmi",
    "lakshmaiah",
    "ramu",
    "ramulu",
    "",
    "md aslam",
    "muhammad aslam khan",
    "k v",
    "é ramu",
    "ramana reddy kolli",
    "not known",
];
const KEYS: &[&str] = &["a", "b", "c"];

fn list_of_keys() -> impl Strategy<Value = Option<Vec<Option<String>>>> {
    prop::option::weighted(0.85, prop::collection::vec(one_of(KEYS), 0..4))
}

fn person() -> impl Strategy<Value = Person> {
    let births = prop::sample::select(vec![
        (3650, "day"),
        (3660, "day"),
        (3981, "day"),
        (3650, "year"),
        (4100, "age"),
        (9000, "day"),
    ]);
    let phones: &[&str] = &[
        "+919876543210",
        "+919876543201",
        "+919876543211",
        "12345678901234567890",
        "12345678901234567891",
        "",
    ];
    let digits: &[&str] =
        &["234123412346", "234123412364", "234123412345", "1111", "1112222233333444445555"];
    (
        (one_of(NAMES), list_of_keys(), list_of_keys()),
        (one_of(&["v", "w"]), one_of(&["m", "n"])),
        (prop::option::weighted(0.85, births), one_of(phones), one_of(digits), any::<bool>()),
        prop::option::weighted(0.8, (-3..4_i32).prop_map(|n| f64::from(n) / 2.0)),
    )
        .prop_map(|((name, keys, relative_keys), (village, mandal), rest, amount)| {
            let (birth, phone, digits, sealed) = rest;
            let id = String::new();
            Person {
                id,
                name,
                keys,
                relative_keys,
                village,
                mandal,
                birth,
                phone,
                digits,
                sealed,
                amount,
            }
        })
}

fn named(mut people: Vec<Person>, prefix: &str) -> Vec<Person> {
    for (at, person) in people.iter_mut().enumerate() {
        person.id = format!("{prefix}{}", (at * 7) % 40);
    }
    people
}

fn rule(name: &str, keys: &[&str], block_rows_max: u64) -> BlockingRule {
    let key = |key: &&str| BlockingKey {
        column: key.trim_end_matches("[]").to_owned(),
        each: key.ends_with("[]"),
    };
    BlockingRule {
        name: name.parse().expect("a name"),
        keys: keys.iter().map(key).collect(),
        block_rows_max,
    }
}

fn comparison(
    name: &str,
    comparator: Comparator,
    columns: &[&str],
    tests: &[LevelTest],
) -> Comparison {
    let levels = tests.iter().chain([&LevelTest::Else]).enumerate().map(|(at, test)| Level {
        name: format!("l{at}").parse().expect("a name"),
        test: test.clone(),
        identity: comparator == Comparator::NationalId && at == 0,
        contradicts: at == tests.len()
            && matches!(comparator, Comparator::Name | Comparator::BirthDate),
    });
    Comparison {
        name: name.parse().expect("a name"),
        comparator,
        columns: columns.iter().map(|one| (*one).to_owned()).collect(),
        levels: levels.collect(),
    }
}

fn model() -> MatchModel {
    let is = |words: &[&str]| LevelTest::Is(words.iter().map(|one| (*one).to_owned()).collect());
    let (least, most) = (LevelTest::AtLeast, LevelTest::AtMost);
    MatchModel {
        id: "m".parse().expect("a name"),
        blocking: vec![
            rule("id", &["national_id_token"], 3),
            rule("name-birth", &["keys[]", "birth_date"], 4),
            rule("both-lists", &["keys[]", "relative_keys[]", "mandal_key"], 3),
            rule("village", &["village_key"], 8),
        ],
        comparisons: vec![
            comparison(
                "name",
                Comparator::Name,
                &["person_name"],
                &[least(0.97), least(0.72), least(0.5)],
            ),
            comparison(
                "jaro",
                Comparator::JaroWinkler,
                &["person_name"],
                &[least(0.92), least(0.8)],
            ),
            comparison(
                "id",
                Comparator::NationalId,
                &["national_id"],
                &[is(&["equal"]), is(&["one_digit", "swapped"])],
            ),
            comparison(
                "birth",
                Comparator::BirthDate,
                &["birth_date"],
                &[is(&["same_day"]), is(&["same_year", "day_month_swapped"])],
            ),
            comparison(
                "phone",
                Comparator::Digits,
                &["phone"],
                &[is(&["equal"]), is(&["one_digit"])],
            ),
            comparison(
                "place",
                Comparator::Place,
                &["village", "mandal"],
                &[is(&["village"]), is(&["mandal"])],
            ),
            comparison("edits", Comparator::Levenshtein, &["person_name"], &[most(1.0), most(3.0)]),
            comparison("amount", Comparator::Numeric, &["amount"], &[most(0.0), most(1.0)]),
            comparison("exact", Comparator::Exact, &["mandal_key"], &[is(&["equal"])]),
        ],
        household_keys: Vec::new(),
        bands: Bands {
            accept_probability: 0.99,
            review_probability: 0.5,
            ambiguous_margin_bits: 3.0,
        },
    }
}

fn weights(model: &MatchModel) -> Weights {
    let mut levels = BTreeMap::new();
    for comparison in &model.comparisons {
        let count = comparison.levels.len();
        let of_level = |at: usize| LevelWeight {
            m: 0.7 / (1.0 + at as f64 * 4.3),
            u: 0.003 + 0.8 * (at as f64 / count as f64).powi(2),
        };
        let each = comparison.levels.iter().enumerate();
        let each = each.map(|(at, level)| (level.name.to_string(), of_level(at)));
        levels.insert(comparison.name.to_string(), each.collect());
    }
    Weights { model: model.id.clone(), expected_found: 0.8, levels }
}

fn batch(people: &[Person], id: &str, view: bool) -> RecordBatch {
    let keyring = keyring();
    let text = |of: &dyn Fn(&Person) -> Option<String>| -> ArrayRef {
        let array: ArrayRef = Arc::new(people.iter().map(of).collect::<StringArray>());
        if view { cast(&array, &DataType::Utf8View).expect("views") } else { array }
    };
    let lists = |of: &dyn Fn(&Person) -> &Option<Vec<Option<String>>>| -> ArrayRef {
        let mut lists = Lists::new(StringBuilder::new());
        for person in people {
            match of(person) {
                Some(keys) => lists.append_value(keys.iter().map(Option::as_deref)),
                None => lists.append_null(),
            }
        }
        Arc::new(lists.finish())
    };
    let days = people.iter().map(|p| p.birth.map(|birth| birth.0)).collect::<Date32Array>();
    let year = |p: &Person| p.birth.map(|birth| Date::from_days(birth.0).year());
    let years = people.iter().map(year).collect::<Int32Array>();
    let seal = |p: &Person| {
        p.digits.as_ref().filter(|_| p.sealed).map(|digits| keyring.seal("aadhaar", digits))
    };
    let seals = people.iter().map(seal).collect::<BinaryArray>();
    let amounts = people.iter().map(|p| p.amount).collect::<Float64Array>();
    let columns: Vec<(&str, ArrayRef)> = vec![
        (id, text(&|p| Some(p.id.clone()))),
        ("person_name", text(&|p| p.name.clone())),
        ("keys", lists(&|p| &p.keys)),
        ("relative_keys", lists(&|p| &p.relative_keys)),
        ("village_key", text(&|p| p.village.clone())),
        ("mandal_key", text(&|p| p.mandal.clone())),
        ("birth_date", Arc::new(days)),
        ("birth_date_precision", text(&|p| p.birth.map(|birth| birth.1.to_owned()))),
        ("birth_date_year", Arc::new(years)),
        ("phone", text(&|p| p.phone.clone())),
        ("national_id_token", text(&|p| Some(keyring.token("aadhaar", p.digits.as_ref()?)))),
        ("national_id_sealed", Arc::new(seals)),
        ("amount", Arc::new(amounts)),
        ("household_ref", text(&|p| Some(format!("of {}", p.id)))),
    ];
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
}

/// The different keys of a person under a rule.
fn keys_of(person: &Person, rule: &BlockingRule) -> BTreeSet<Vec<String>> {
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
enum Value {
    Word(&'static str),
    Number(f64),
}

fn digit_word(distance: DigitDistance) -> &'static str {
    match distance {
        DigitDistance::Equal => "equal",
        DigitDistance::OneWrong => "one_digit",
        DigitDistance::Swapped => "swapped",
        DigitDistance::Far => "different",
    }
}

fn birth_word(a: (i32, &str), b: (i32, &str)) -> &'static str {
    let ((y, m, d), (z, n, e)) = (Date::from_days(a.0).ymd(), Date::from_days(b.0).ymd());
    let by_age = i32::from(a.1 == "age" || b.1 == "age");
    let apart = (y - z).abs();
    if a.1 != "day" || b.1 != "day" {
        return match apart {
            _ if apart <= by_age => "same_year",
            _ if apart <= 2 + by_age => "near_year",
            _ => "different",
        };
    }
    match (y == z, m == n, d == e) {
        (true, true, true) => "same_day",
        (true, false, false) if m == e && d == n => "day_month_swapped",
        (true, false, false) => "same_year",
        (true, ..) => "one_part_differs",
        (false, true, true) if apart <= 2 || apart == 10 => "one_part_differs",
        _ if apart <= 1 => "near_year",
        _ => "different",
    }
}

fn value(comparison: &Comparison, l: &Person, r: &Person) -> Option<Value> {
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

fn level(comparison: &Comparison, value: Option<Value>) -> u8 {
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
type Row = (String, String, String, u64, u64, String, bool, i64, Vec<u8>);

#[derive(Debug, PartialEq)]
struct Expected {
    rows: Vec<Row>,
    overfull: Vec<(String, u64, u64)>,
    patterns: Vec<Vec<PatternCount>>,
}

fn row(
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
    (row, identity || weight >= review - 8.0)
}

fn expected(list: &[Person], registry: &[Person], keep: Keep, same: bool) -> Expected {
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
                found.iter().for_each(|at| *patterns[*at].entry(levels.clone()).or_default() += 1);
            }
        }
    }
    rows.sort();
    let count = |(levels, pairs)| PatternCount { levels, pairs };
    let patterns = patterns.into_iter().map(|one| one.into_iter().map(count).collect()).collect();
    Expected { rows, overfull, patterns }
}

fn compiled(registry_rows: u64, keep: Keep, same_records: bool) -> Arc<Compiled> {
    let model = model();
    let sides = Sides { registry_rows, id_scheme: "aadhaar", same_records };
    let carried = vec!["household_ref".to_owned()];
    let order = Order { sides, keep, keyring: Some(keyring()), carried };
    Arc::new(Compiled::new(&model, &weights(&model), order).expect("a model"))
}

/// Cuts a batch at a few places.
fn cut(batch: &RecordBatch, size: usize) -> Vec<RecordBatch> {
    let rows = batch.num_rows();
    (0..rows).step_by(size).map(|at| batch.slice(at, size.min(rows - at))).collect()
}

fn found(
    list: &[Person],
    registry: &[Person],
    order: (Keep, bool),
    shape: (usize, usize, bool),
    settled: bool,
) -> Found {
    let (workers, size, view) = shape;
    let compiled = compiled(registry.len() as u64, order.0, order.1);
    let mut builder = ListBuilder::new(compiled);
    for batch in cut(&batch(list, "record_id", !view), size) {
        builder.push(&batch).expect("a list");
    }
    let index = Arc::new(builder.finish().expect("an index"));
    let batches = cut(&batch(registry, "resident_ref", view), size);
    let pass = || -> Vec<_> {
        let mut workers: Vec<Worker> =
            (0..workers).map(|_| Worker::new(Arc::clone(&index))).collect();
        std::thread::scope(|scope| {
            for (at, worker) in workers.iter_mut().enumerate() {
                let own = batches.iter().skip(at).step_by(shape.0);
                scope.spawn(move || own.for_each(|batch| worker.probe(batch).expect("a registry")));
            }
        });
        workers.into_iter().map(Worker::finish).collect()
    };
    let mut results = pass();
    if settled {
        index.settle();
        results = pass();
    }
    finish(&index, results)
}

fn rows_of(found: &Found) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in found.batches() {
        let batch = batch.expect("pairs");
        let text =
            |at: usize, row: usize| batch.column(at).as_string::<i32>().value(row).to_owned();
        let number = |at: usize, row: usize| {
            batch.column(at).as_primitive::<Float64Type>().value(row).to_bits()
        };
        for row in 0..batch.num_rows() {
            let evidence = batch.column(8).as_list::<i32>().value(row);
            let levels = evidence.as_struct().column(1).as_string::<i32>().clone();
            let level = |name: Option<&str>| match name.expect("a level") {
                "null" => 0,
                name => name[1..].parse::<u8>().expect("a number") + 1,
            };
            rows.push((
                text(0, row),
                text(1, row),
                text(2, row),
                number(3, row),
                number(4, row),
                text(5, row),
                batch.column(6).as_boolean().value(row),
                batch.column(7).as_primitive::<Int64Type>().value(row),
                levels.iter().map(level).collect(),
            ));
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn the_operator_does_what_it_says(
        list in prop::collection::vec(person(), 0..14),
        registry in prop::collection::vec(person(), 0..30),
        (workers, size, view) in (1..4_usize, 1..40_usize, any::<bool>()),
        (all, same, settled) in (any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let keep = if all { Keep::All } else { Keep::Useful };
        let (list, registry) = (named(list, "p"), named(registry, if same { "p" } else { "r" }));
        let expected = expected(&list, &registry, keep, same);
        let found = found(&list, &registry, (keep, same), (workers, size, view), settled);
        prop_assert_eq!(&rows_of(&found), &expected.rows);
        let overfull = found.overfull_blocks().into_iter().map(|one| (one.rule, one.blocks, one.rows_max));
        prop_assert_eq!(overfull.collect::<Vec<_>>(), expected.overfull);
        for (rule, patterns) in expected.patterns.iter().enumerate() {
            prop_assert_eq!(&found.patterns(rule), patterns);
        }
        let mut residents: Vec<&String> = expected.rows.iter().map(|row| &row.1).collect();
        residents.sort();
        residents.dedup();
        let carried = found.residents().expect("residents");
        prop_assert_eq!(carried.num_rows(), residents.len());
        if !residents.is_empty() {
            let column = cast(carried.column(1), &DataType::Utf8).expect("texts");
            for (at, resident) in residents.iter().enumerate() {
                prop_assert_eq!(column.as_string::<i32>().value(at), format!("of {resident}"));
            }
        }
    }

    #[test]
    fn all_pairs_have_the_levels_of_their_values(
        list in prop::collection::vec(person(), 0..6),
        registry in prop::collection::vec(person(), 0..6),
    ) {
        let (list, registry) = (named(list, "p"), named(registry, "r"));
        let model = model();
        let mut expected: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        for (l, r) in list.iter().flat_map(|l| registry.iter().map(move |r| (l, r))) {
            let levels = model.comparisons.iter().map(|one| level(one, value(one, l, r)));
            *expected.entry(levels.collect()).or_default() += 1;
        }
        let mut builder = ListBuilder::new(compiled(9, Keep::All, false));
        builder.push(&batch(&list, "record_id", false)).expect("a list");
        let index = Arc::new(builder.finish().expect("an index"));
        let found = cross_patterns(&index, &[batch(&registry, "resident_ref", true)]).expect("pairs");
        let found: BTreeMap<Vec<u8>, u64> = found.into_iter().map(|one| (one.levels, one.pairs)).collect();
        prop_assert_eq!(found, expected);
    }
}
