//! `[expect]` of a source file: what the department's covering letter and its own rules let us expect of a dump.
//!
//! Directly below `[expect]` stands what fails the run, below `[expect.warn]` what is only said, below `[expect.reject]`
//! what rejects the row alone.

use globset::GlobBuilder;
use toml::de::DeValue;

use crate::columns::Declared;
use crate::diagnostic::Position;
use crate::suggest;
use crate::table::{Keys, Table};
use crate::value::{Value, all_of};

const KEYS: Keys = &[
    "rows",
    "sum",
    "files",
    "each_file",
    "max_age_days",
    "change_share_max",
    "issue_share_max",
    "filled",
    "unique",
    "values",
    "types",
    "warn",
    "reject",
];
const WARN_KEYS: Keys = &[
    "rows",
    "sum",
    "files",
    "each_file",
    "max_age_days",
    "change_share_max",
    "issue_share_max",
    "filled",
    "unique",
    "values",
    "types",
];
const ROW_KEYS: Keys = &["filled", "unique", "values", "types"];

/// What a source's dump has to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Expectations {
    /// A breach fails the run: it is published and marked, and `latest` does not move.
    pub fail: DumpExpected,
    /// A breach is said in the receipt.
    pub warn: DumpExpected,
    /// A row that breaks one of these is rejected.
    pub reject: Vec<RowRule>,
}

/// What one dump of a source, all its files together, has to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DumpExpected {
    /// Where it is stated.
    pub position: Option<Position>,
    /// Rows, those rejected included.
    pub rows: Option<Bounds>,
    /// Control totals: header, sum in hundredths.
    pub sums: Vec<(String, i128)>,
    /// Files.
    pub files: Option<Bounds>,
    /// Patterns of file names; each has to match a file (one file a district).
    pub each_file: Vec<String>,
    /// Days from the dump's date to the run's date of reference.
    pub max_age_days: Option<u64>,
    /// Share by which a whole list may have grown or shrunk since it was last landed.
    pub change_share_max: Option<f64>,
    /// Share of the records whose value in one column may be beyond understanding.
    pub issue_share_max: Option<f64>,
    /// What each row has to be.
    pub rules: Vec<RowRule>,
}

/// From, and up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// At least.
    pub min: u64,
    /// At most.
    pub max: u64,
}

/// What the cells of a row under some headers have to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRule {
    /// One header; for [`Must::BeUnique`] one or more.
    pub headers: Vec<String>,
    /// What of.
    pub must: Must,
}

/// What a cell has to be. An empty cell breaks [`Must::BeFilled`] alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Must {
    /// Not empty.
    BeFilled,
    /// Together the only ones of their kind; the first of several by file, sheet and row is not at fault.
    BeUnique,
    /// One of these texts.
    BeOneOf(Vec<String>),
    /// A number or an amount.
    BeNumber,
    /// A date in the layout of its column.
    BeDate,
}

/// Reads `[expect]`; absent: nothing is expected.
pub(crate) fn read(root: &Table<'_>, declared: Option<&Declared>) -> Option<Expectations> {
    if root.get("expect").is_none() {
        return Some(Expectations::default());
    }
    let table = root.section("expect", KEYS)?;
    let warn = match table.get("warn") {
        Some(value) => read_dump(&value.table("[expect.warn]".to_owned(), WARN_KEYS)?, declared),
        None => Some(DumpExpected::default()),
    };
    let reject = match table.get("reject") {
        Some(value) => rules(&value.table("[expect.reject]".to_owned(), ROW_KEYS)?, declared),
        None => Some(Vec::new()),
    };
    let fail = read_dump(&table, declared);
    Some(Expectations { fail: fail?, warn: warn?, reject: reject? })
}

fn read_dump(table: &Table<'_>, declared: Option<&Declared>) -> Option<DumpExpected> {
    let rows = optional(table.get("rows"), |value| bounds(&value));
    let files = optional(table.get("files"), |value| bounds(&value));
    let sums = listed(table.get("sum"), |value| {
        all_of(value.members()?.iter().map(|member| {
            let header = known(member, member.key(), declared);
            Some((header?, hundredths(member)?))
        }))
    });
    let each_file = listed(table.get("each_file"), |value| {
        all_of(value.some_items()?.iter().map(|item| pattern(item)))
    });
    let max_age_days = optional(table.get("max_age_days"), |value| value.positive());
    let share = |key| {
        optional(table.get(key), |value| {
            value.number("from 0 to 1", |share| (0.0..=1.0).contains(&share))
        })
    };
    let (change_share_max, issue_share_max) = (share("change_share_max"), share("issue_share_max"));
    let rules = rules(table, declared);
    Some(DumpExpected {
        position: Some(table.position()),
        rows: rows?,
        sums: sums?,
        files: files?,
        each_file: each_file?,
        max_age_days: max_age_days?,
        change_share_max: change_share_max?,
        issue_share_max: issue_share_max?,
        rules: rules?,
    })
}

/// The rules for rows, in the order in which a row is held to them.
fn rules(table: &Table<'_>, declared: Option<&Declared>) -> Option<Vec<RowRule>> {
    let headers = |value: Value<'_>| {
        all_of(value.some_items()?.iter().map(|item| known(item, &item.text()?, declared)))
    };
    let one = |header: String, must| RowRule { headers: vec![header], must };
    let filled = listed(table.get("filled"), headers);
    let types = listed(table.get("types"), |value| {
        all_of(value.members()?.iter().map(|member| {
            let header = known(member, member.key(), declared);
            let must = member.word(&[(true, "number"), (false, "date")], |(_, word)| word);
            let must = if must?.0 { Must::BeNumber } else { Must::BeDate };
            Some(one(header?, must))
        }))
    });
    let values = listed(table.get("values"), |value| {
        all_of(value.members()?.iter().map(|member| {
            let header = known(member, member.key(), declared);
            let allowed = all_of(member.some_items()?.iter().map(Value::text));
            Some(one(header?, Must::BeOneOf(allowed?)))
        }))
    });
    let unique = optional(table.get("unique"), headers);
    let mut rules: Vec<RowRule> =
        filled?.into_iter().map(|header| one(header, Must::BeFilled)).collect();
    rules.extend(types?);
    rules.extend(values?);
    rules.extend(unique?.map(|headers| RowRule { headers, must: Must::BeUnique }));
    Some(rules)
}

/// `Some(None)` where there is none; `None` where there is a problem, which was said.
#[expect(clippy::option_option, reason = "absent and wrong are two things")]
fn optional<'d, T>(
    value: Option<Value<'d>>,
    read: impl FnOnce(Value<'d>) -> Option<T>,
) -> Option<Option<T>> {
    match value {
        Some(value) => read(value).map(Some),
        None => Some(None),
    }
}

/// An empty list where there is none.
fn listed<'d, T>(
    value: Option<Value<'d>>,
    read: impl FnOnce(Value<'d>) -> Option<Vec<T>>,
) -> Option<Vec<T>> {
    optional(value, read).map(Option::unwrap_or_default)
}

/// A header that `[columns]` declares.
fn known(value: &Value<'_>, header: &str, declared: Option<&Declared>) -> Option<String> {
    let Some(declared) = declared else { return Some(header.to_owned()) };
    let headers = declared.headers.iter().map(|known| known.wanted.header.as_str());
    if headers.clone().any(|known| known == header) {
        return Some(header.to_owned());
    }
    let hint = suggest::among(header, headers);
    value.problem(format!("`{header}` is not in [columns]"), Some(hint));
    None
}

/// A whole number, or `{ min = …, max = … }`.
fn bounds(value: &Value<'_>) -> Option<Bounds> {
    if !matches!(value.node(), DeValue::Table(_)) {
        return value.positive().map(|number| Bounds { min: number, max: number });
    }
    let table = value.table(format!("`{}`", value.key()), &["min", "max"])?;
    let end = |key| optional(table.get(key), |value| value.positive());
    let (min, max) = (end("min")?.unwrap_or(0), end("max")?.unwrap_or(u64::MAX));
    if min > max {
        value.problem(format!("`{}`: `min` is greater than `max`", value.key()), None);
        return None;
    }
    Some(Bounds { min, max })
}

/// An amount in hundredths, exactly as written: a number, or the same in quotes.
fn hundredths(value: &Value<'_>) -> Option<i128> {
    let text = match value.node() {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        DeValue::String(text) => text,
        _ => {
            value.wrong_kind("an amount");
            return None;
        }
    };
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '_' | ' ' | '+')).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let bare = whole.strip_prefix('-').unwrap_or(whole);
    let digits = format!("{bare}{part:0<2}");
    let is_amount =
        !bare.is_empty() && part.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit());
    let amount = digits.parse::<u64>().ok().filter(|_| is_amount);
    let Some(amount) = amount else {
        let message = format!("`{}` must be an amount of two decimals at most", value.key());
        value.problem(message, Some("for example 15903450.00".to_owned()));
        return None;
    };
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    Some(sign * i128::from(amount))
}

fn pattern(item: &Value<'_>) -> Option<String> {
    let text = item.text()?;
    if let Err(error) = GlobBuilder::new(&text).literal_separator(true).build() {
        item.problem(format!("`{text}` is no file pattern: {}", error.kind()), None);
        return None;
    }
    Some(text)
}
