//! What comparing costs: three Jaro–Winkler comparisons and a birth date a pair against strsim and rapidfuzz, names, and looking
//! keys up. Results are held equal before anything is measured.
//!
//! `cargo bench -p milaan-linkage`

use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Int32Array, ListBuilder as Lists, RecordBatch, StringArray,
    StringBuilder,
};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use milaan_kernels::name::{self, NameTable, PreparedName};
use milaan_linkage::candidates::{Compiled, Keep, ListBuilder, ListIndex, Order, Worker};
use milaan_linkage::sql::Sides;
use milaan_model::matching::{
    Bands, BlockingKey, BlockingRule, Comparator, Comparison, Level, LevelTest, MatchModel, Weights,
};

const LIST: usize = 2_000;
const REGISTRY: usize = 1_000;
const LEAST: [f64; 3] = [0.95, 0.88, 0.8];

fn main() {
    let people = People::new();
    people.assert_equal();
    names_are_equal();
    divan::main();
}

/// A stream of numbers that is the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = milaan_kernels::hash::combine(self.0, 1);
        (self.0 >> 33) as usize % end
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

const SYLLABLES: &[&str] = &[
    "ra", "ma", "lak", "shmi", "ven", "ka", "ta", "na", "ra", "ya", "su", "bba", "rao", "ko", "ti",
    "dev", "i", "pra", "sad", "gan", "esh", "mo", "han", "si", "va", "kri", "shna", "re", "ddy",
    "pu", "lla", "iah", "am",
];
const FIRST: &[&str] = &[
    "lakshmi",
    "laxmi",
    "venkata",
    "ramana",
    "ramesh",
    "rajesh",
    "suresh",
    "narayana",
    "krishna",
    "sita",
    "anjali",
    "fatima",
    "aslam",
    "akram",
    "nasreen",
    "subba",
    "mangamma",
    "venkamma",
    "venkaiah",
    "ramaiah",
    "lakshmaiah",
    "padma",
    "sarojini",
    "koteswara",
    "srinivas",
    "sreenivas",
    "bhavani",
    "yadagiri",
    "mallesh",
    "satyanarayana",
];
const LAST: &[&str] =
    &["rao", "reddy", "devi", "kumari", "bibi", "begum", "naidu", "khan", "kumar", "varma", "", ""];
const FAMILY: &[&str] =
    &["k", "ch", "kolli", "chukka", "pulla", "b", "shaik", "md", "gadde", "nalla", "v", ""];

/// A name of some ten letters.
fn word(numbers: &mut Numbers) -> String {
    (0..4).map(|_| numbers.of(SYLLABLES)).collect()
}

/// A person's name as a list writes it.
fn full_name(numbers: &mut Numbers) -> String {
    let first = if numbers.below(3) == 0 { word(numbers) } else { numbers.of(FIRST).to_owned() };
    let parts = [numbers.of(FAMILY).to_owned(), first, numbers.of(LAST).to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Rows with three names and a birth date, those of the registry partly with a slip of one of the list.
struct People {
    list: Vec<[String; 3]>,
    registry: Vec<[String; 3]>,
    days: [Vec<i32>; 2],
    index: Arc<ListIndex>,
    batch: RecordBatch,
}

fn comparison(
    name: &str,
    comparator: Comparator,
    column: &str,
    tests: Vec<LevelTest>,
) -> Comparison {
    let level = |(at, test)| Level {
        name: format!("l{at}").parse().expect("a name"),
        test,
        identity: false,
        contradicts: false,
    };
    Comparison {
        name: name.parse().expect("a name"),
        comparator,
        columns: vec![column.to_owned()],
        levels: tests.into_iter().chain([LevelTest::Else]).enumerate().map(level).collect(),
    }
}

fn model(rules: &[(&str, &[&str])]) -> MatchModel {
    let names = ["given", "family", "relative"].map(|column| {
        comparison(column, Comparator::JaroWinkler, column, LEAST.map(LevelTest::AtLeast).into())
    });
    let day = vec![LevelTest::Is(vec!["same_day".to_owned()])];
    let key = |column: &&str| BlockingKey {
        column: column.trim_end_matches("[]").to_owned(),
        each: column.ends_with("[]"),
    };
    let rule = |(name, keys): &(&str, &[&str])| BlockingRule {
        name: name.parse().expect("a name"),
        keys: keys.iter().map(key).collect(),
        block_rows_max: 200,
    };
    MatchModel {
        id: "bench".parse().expect("a name"),
        blocking: rules.iter().map(rule).collect(),
        comparisons: names
            .into_iter()
            .chain([comparison("day", Comparator::BirthDate, "birth_date", day)])
            .collect(),
        household_keys: Vec::new(),
        bands: Bands {
            accept_probability: 0.99,
            review_probability: 0.5,
            ambiguous_margin_bits: 3.0,
        },
    }
}

fn compiled(model: &MatchModel, keep: Keep) -> Arc<Compiled> {
    let sides = Sides { registry_rows: 1_000_000, id_scheme: "aadhaar", same_records: false };
    let order = Order { sides, keep, keyring: None, carried: Vec::new() };
    Arc::new(Compiled::new(model, &Weights::guess(model), order).expect("a model"))
}

fn people_batch(id: &str, people: &[[String; 3]], days: &[i32]) -> RecordBatch {
    let ids: ArrayRef =
        Arc::new((0..people.len()).map(|at| Some(at.to_string())).collect::<StringArray>());
    let name = |at: usize| -> ArrayRef {
        Arc::new(people.iter().map(|person| Some(person[at].as_str())).collect::<StringArray>())
    };
    let precision: ArrayRef = Arc::new(StringArray::from(vec!["day"; people.len()]));
    let years: ArrayRef = Arc::new(Int32Array::from(vec![1980; people.len()]));
    let columns = [
        (id, ids),
        ("given", name(0)),
        ("family", name(1)),
        ("relative", name(2)),
        ("birth_date", Arc::new(Date32Array::from(days.to_vec()))),
        ("birth_date_precision", precision),
        ("birth_date_year", years),
        ("birth_date_latest", Arc::new(Date32Array::new_null(days.len()))),
    ];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

impl People {
    fn new() -> Self {
        let mut numbers = Numbers(7);
        let names = |numbers: &mut Numbers| [word(numbers), word(numbers), word(numbers)];
        let list: Vec<_> = (0..LIST).map(|_| names(&mut numbers)).collect();
        let mut registry: Vec<_> = (0..REGISTRY).map(|_| names(&mut numbers)).collect();
        for person in registry.iter_mut().step_by(3) {
            person.clone_from(&list[numbers.below(LIST)]);
            let part = numbers.below(3);
            let at = numbers.below(person[part].len() - 1);
            person[part].remove(at);
        }
        let mut day = |_| numbers.below(2_000) as i32;
        let days =
            [(0..LIST).map(&mut day).collect(), (0..REGISTRY).map(&mut day).collect::<Vec<_>>()];
        let mut builder = ListBuilder::new(compiled(&model(&[]), Keep::Useful));
        builder.push(&people_batch("record_id", &list, &days[0])).expect("a list");
        let index = Arc::new(builder.finish().expect("an index"));
        let batch = people_batch("resident_ref", &registry, &days[1]);
        Self { list, registry, days, index, batch }
    }

    /// All pairs by plain functions; the levels, as a check on what is done.
    fn plain(
        &self,
        jaro_winkler: impl Fn(&str, &str) -> f64,
        mut tell: impl FnMut(usize, usize, [u8; 4]),
    ) {
        for (row, resident) in self.registry.iter().enumerate() {
            for (list_row, record) in self.list.iter().enumerate() {
                let mut levels = [0; 4];
                for at in 0..3 {
                    let value = jaro_winkler(&record[at], &resident[at]);
                    let place = LEAST.iter().position(|least| value >= *least);
                    levels[at] = place.unwrap_or(LEAST.len()) as u8 + 1;
                }
                levels[3] = if self.days[0][list_row] == self.days[1][row] { 1 } else { 2 };
                tell(list_row, row, levels);
            }
        }
    }

    fn operator(&self, tell: &mut dyn FnMut(usize, usize, &[u8])) {
        let mut worker = Worker::new(Arc::clone(&self.index));
        worker.each_pair(&self.batch, 0..LIST, tell).expect("pairs");
    }

    /// The operator keeps exactly the pairs whose plain weight is not too low, with their plain levels.
    fn assert_equal(&self) {
        let model = model(&[]);
        let weights = Weights::guess(&model);
        let rounded = |bits: f64| format!("{bits:.4}").parse::<f64>().expect("a number");
        let mut expected = Vec::new();
        self.plain(strsim::jaro_winkler, |list_row, row, levels| {
            let each = model.comparisons.iter().zip(levels);
            let bits = each.map(|(comparison, level)| {
                rounded(
                    weights
                        .bits(comparison.name.as_str(), &format!("l{}", level - 1))
                        .expect("a weight"),
                )
            });
            if rounded(weights.prior_bits(1_000_000)) + bits.sum::<f64>() >= -8.0 - 1e-9 {
                expected.push((list_row, row, levels.to_vec()));
            }
        });
        let mut found = Vec::new();
        self.operator(&mut |list_row, row, levels| found.push((list_row, row, levels.to_vec())));
        assert!(
            found == expected && found.len() > 100,
            "{} and {} pairs",
            found.len(),
            expected.len()
        );
    }
}

#[divan::bench(sample_count = 5)]
fn pairs_three_jaro_winkler_and_date(bencher: Bencher<'_, '_>) {
    let people = People::new();
    bencher.counter(ItemsCount::new(LIST * REGISTRY)).bench_local(|| {
        let mut kept = 0;
        people.operator(&mut |_, _, _| kept += 1);
        black_box(kept)
    });
}

#[divan::bench(sample_count = 3)]
fn pairs_by_strsim(bencher: Bencher<'_, '_>) {
    let people = People::new();
    bencher.counter(ItemsCount::new(LIST * REGISTRY)).bench_local(|| {
        people.plain(strsim::jaro_winkler, |_, _, levels| _ = black_box(levels));
    });
}

#[divan::bench(sample_count = 3)]
fn pairs_by_rapidfuzz(bencher: Bencher<'_, '_>) {
    let people = People::new();
    let jaro_winkler =
        |a: &str, b: &str| rapidfuzz::distance::jaro_winkler::similarity(a.bytes(), b.bytes());
    bencher.counter(ItemsCount::new(LIST * REGISTRY)).bench_local(|| {
        people.plain(jaro_winkler, |_, _, levels| _ = black_box(levels));
    });
}

/// Names of a list and of a registry, and candidate pairs: each shares a key, as blocking finds them.
struct Names {
    list: Vec<String>,
    registry: Vec<String>,
    pairs: Vec<(usize, usize)>,
}

fn names(count: usize) -> Names {
    let mut numbers = Numbers(11);
    let list: Vec<String> = (0..count).map(|_| full_name(&mut numbers)).collect();
    let registry: Vec<String> = (0..count).map(|_| full_name(&mut numbers)).collect();
    let keys: Vec<Vec<String>> = list.iter().map(|text| name::keys(text)).collect();
    let mut pairs = Vec::new();
    for (at, text) in registry.iter().enumerate() {
        let own = name::keys(text);
        let shares = |of: &&usize| keys[**of].iter().any(|key| own.contains(key));
        let from = numbers.below(count);
        let places: Vec<usize> = (from..count).chain(0..from).collect();
        pairs.extend(places.iter().filter(shares).take(8).map(|of| (*of, at)));
    }
    Names { list, registry, pairs }
}

/// The arena of the list's names and the table over it.
fn packed(list: &[String]) -> (NameTable, Vec<name::NameWord>, Vec<u64>) {
    let (mut table, mut arena, mut name) = (NameTable::new(), Vec::new(), PreparedName::default());
    let pack = |text: &String| {
        table.prepare(text, &mut name);
        NameTable::pack(&name, &mut arena)
    };
    let starts = list.iter().map(pack).collect();
    (NameTable::over(Arc::new(table)), arena, starts)
}

fn compare_all(
    names: &Names,
    table: &mut NameTable,
    arena: &[name::NameWord],
    starts: &[u64],
    mut tell: impl FnMut(f64),
) {
    let mut name = PreparedName::default();
    let mut before = usize::MAX;
    for (of, at) in &names.pairs {
        if before != *at {
            table.prepare(&names.registry[*at], &mut name);
            before = *at;
        }
        tell(table.similarity(arena, starts[*of], &name));
    }
}

fn names_are_equal() {
    let names = names(2_000);
    let (mut table, arena, starts) = packed(&names.list);
    let mut found = Vec::new();
    compare_all(&names, &mut table, &arena, &starts, |value| found.push(value.to_bits()));
    let plain = names
        .pairs
        .iter()
        .map(|(of, at)| name::similarity(&names.list[*of], &names.registry[*at]).to_bits());
    assert_eq!(found, plain.collect::<Vec<_>>());
}

#[divan::bench(sample_count = 20)]
fn names_prepared(bencher: Bencher<'_, '_>) {
    let names = names(20_000);
    let (mut table, arena, starts) = packed(&names.list);
    bencher.counter(ItemsCount::new(names.pairs.len())).bench_local(|| {
        let mut sum = 0.0;
        compare_all(&names, &mut table, &arena, &starts, |value| sum += value);
        black_box(sum)
    });
}

#[divan::bench(sample_count = 5)]
fn names_plain(bencher: Bencher<'_, '_>) {
    let names = names(2_000);
    bencher.counter(ItemsCount::new(names.pairs.len())).bench_local(|| {
        let values = names
            .pairs
            .iter()
            .map(|(of, at)| name::similarity(&names.list[*of], &names.registry[*at]));
        black_box(values.sum::<f64>())
    });
}

fn keyed_batch(id: &str, rows: usize, seed: u64) -> RecordBatch {
    let mut numbers = Numbers(seed);
    let mut text = |end: usize| -> ArrayRef {
        Arc::new((0..rows).map(|_| Some(numbers.below(end).to_string())).collect::<StringArray>())
    };
    let columns = vec![
        (id, text(usize::MAX >> 1)),
        ("token", text(100_000_000)),
        ("phone", text(100_000_000)),
        ("card", text(30_000_000)),
        ("village", text(17_000)),
        ("birth", text(30_000)),
    ];
    let mut lists = Lists::new(StringBuilder::new());
    for _ in 0..rows {
        lists.append_value(
            [numbers.below(5_000), numbers.below(50_000)].map(|key| Some(key.to_string())),
        );
    }
    let lists: ArrayRef = Arc::new(lists.finish());
    RecordBatch::try_from_iter(columns.into_iter().chain([("keys", lists)])).expect("a batch")
}

/// Five rules, six keys a row, a list of 200 thousand records.
#[divan::bench(sample_count = 10)]
fn keys_probed(bencher: Bencher<'_, '_>) {
    let rules: &[(&str, &[&str])] = &[
        ("token", &["token"]),
        ("phone", &["phone"]),
        ("card", &["card"]),
        ("name", &["keys[]", "birth"]),
        ("village", &["birth", "village"]),
    ];
    let mut builder = ListBuilder::new(compiled(&model(rules), Keep::Nothing));
    for seed in 0..25 {
        builder.push(&keyed_batch("record_id", 8_000, seed)).expect("a list");
    }
    let index = Arc::new(builder.finish().expect("an index"));
    let batches: Vec<RecordBatch> =
        (100..110).map(|seed| keyed_batch("resident_ref", 8_000, seed)).collect();
    bencher.counter(ItemsCount::new(6 * 8_000 * batches.len())).bench_local(|| {
        let mut worker = Worker::new(Arc::clone(&index));
        for batch in &batches {
            worker.probe(batch).expect("a registry");
        }
        black_box(worker.stats().hits)
    });
}
