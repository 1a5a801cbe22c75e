//! Invented rows of either side, and a model with every comparator.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, Date32Array, Float64Array, Int32Array, ListBuilder as Lists,
    RecordBatch, StringArray, StringBuilder,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use milaan_kernels::date::Date;
use milaan_kernels::secret::Keyring;
use milaan_model::matching::{
    Bands, BlockingKey, BlockingRule, Comparator, Comparison, Level, LevelTest, LevelWeight,
    MatchModel, Weights,
};
use proptest::prelude::*;

/// A row of either side.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) keys: Option<Vec<Option<String>>>,
    pub(super) relative_keys: Option<Vec<Option<String>>>,
    pub(super) village: Option<String>,
    pub(super) mandal: Option<String>,
    pub(super) birth: Option<(i32, &'static str)>,
    pub(super) phone: Option<String>,
    pub(super) digits: Option<String>,
    pub(super) sealed: bool,
    pub(super) amount: Option<f64>,
}

pub(super) fn keyring() -> Arc<Keyring> {
    Arc::new(Keyring::new([5; 32]))
}

pub(super) fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.85, prop::sample::select(words).prop_map(str::to_owned))
}

pub(super) const NAMES: &[&str] = &[
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
pub(super) const KEYS: &[&str] = &["a", "b", "c"];

pub(super) fn list_of_keys() -> impl Strategy<Value = Option<Vec<Option<String>>>> {
    prop::option::weighted(0.85, prop::collection::vec(one_of(KEYS), 0..4))
}

pub(super) fn person() -> impl Strategy<Value = Person> {
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

pub(super) fn named(mut people: Vec<Person>, prefix: &str) -> Vec<Person> {
    for (at, person) in people.iter_mut().enumerate() {
        person.id = format!("{prefix}{}", (at * 7) % 40);
    }
    people
}

pub(super) fn rule(name: &str, keys: &[&str], block_rows_max: u64) -> BlockingRule {
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

pub(super) fn comparison(
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

pub(super) fn model() -> MatchModel {
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

pub(super) fn weights(model: &MatchModel) -> Weights {
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
    Weights { model: model.id.clone(), expected_found: 0.8, levels, second: None }
}

pub(super) fn batch(people: &[Person], id: &str, view: bool) -> RecordBatch {
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
        ("birth_date_latest", Arc::new(Date32Array::new_null(people.len()))),
        ("phone", text(&|p| p.phone.clone())),
        ("national_id_token", text(&|p| Some(keyring.token("aadhaar", p.digits.as_ref()?)))),
        ("national_id_sealed", Arc::new(seals)),
        ("amount", Arc::new(amounts)),
        ("household_ref", text(&|p| Some(format!("of {}", p.id)))),
    ];
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).expect("a batch")
}
