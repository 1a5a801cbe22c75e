//! A match model: blocking rules, comparisons, bands.

use std::collections::BTreeMap;

use milaan_model::field::CanonicalType;
use milaan_model::matching::{Bands, BlockingKey, BlockingRule, Comparison};
use milaan_model::{MatchModel, Name};

use crate::canonical::CanonicalColumns;
use crate::comparison;
use crate::defaults::{self, Common};
use crate::diagnostic::Problems;
use crate::files::{TextFile, stem};
use crate::table::{Document, Table, check_names_differ};
use crate::value::{Value, all_of};

const KEYS: &[&str] = &["id", "household_keys", "blocking", "comparison", "bands"];
const BLOCKING_KEYS: &[&str] = &["name", "keys", "block_rows_max"];
const BANDS_KEYS: &[&str] = &["accept_probability", "review_probability", "ambiguous_margin_bits"];

/// Registry rows of one block, where a rule does not say.
const BLOCK_ROWS_MAX_DEFAULT: u64 = 200;

/// The names of a model, known even where other things in it are wrong, so that its weights can be checked.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    /// Comparison → its levels, closest first.
    pub(crate) levels: BTreeMap<String, Vec<String>>,
    /// Whether every comparison and level has a name that could be read.
    pub(crate) complete: bool,
}

impl Outline {
    /// Notes the names of comparisons and levels.
    fn note(&mut self, comparisons: &[Comparison]) {
        self.levels.extend(comparisons.iter().map(|comparison| {
            let levels = comparison.levels.iter().map(|level| level.name.to_string());
            (comparison.name.to_string(), levels.collect())
        }));
    }
}

/// Reads a match model; what it leaves out follows from what both sides have in `common`.
pub(crate) fn read(
    file: &TextFile,
    columns: &CanonicalColumns,
    common: &Common,
    problems: &Problems,
) -> (Option<MatchModel>, Outline) {
    Document::read(&file.path, &file.text, problems, KEYS, |root| {
        read_root(root, &stem(&file.path), columns, common)
    })
}

fn read_root(
    root: &Table<'_>,
    stem: &str,
    columns: &CanonicalColumns,
    common: &Common,
) -> (Option<MatchModel>, Outline) {
    let id = root.need("id").and_then(|value| read_id(&value, stem));
    let household_keys = match root.get("household_keys") {
        Some(value) => read_household_keys(&value, columns),
        None => Some(Vec::new()),
    };
    let blocking = read_rules(root, columns, common);
    let mut outline = Outline { levels: BTreeMap::new(), complete: true };
    let comparisons: Option<Vec<Comparison>> = match root.get("comparison") {
        None => Some(defaults::comparisons(common)),
        Some(value) => {
            let tables = value.tables("[[comparison]]", comparison::KEYS);
            outline.complete = tables.is_some();
            tables.and_then(|tables| {
                let read = all_of(
                    tables.iter().map(|table| comparison::read(table, columns, &mut outline)),
                );
                check_names_differ("comparison", &tables);
                read
            })
        }
    };
    outline.complete &= !root.has_unknown_keys();
    if root.get("comparison").is_none() {
        outline.note(comparisons.as_deref().unwrap_or_default());
    }
    if comparisons.as_ref().is_some_and(Vec::is_empty)
        || blocking.as_ref().is_some_and(Vec::is_empty)
    {
        root.problem(
            "there is nothing to compare: the registry and the lists have no field in common"
                .to_owned(),
            Some("give their columns the same fields, and texts the same roles".to_owned()),
        );
    }
    let bands = match root.get("bands") {
        None => Some(defaults::BANDS),
        Some(value) => {
            value.table("[bands]".to_owned(), BANDS_KEYS).and_then(|table| read_bands(&table))
        }
    };
    let build = || {
        Some(MatchModel {
            id: id?,
            blocking: blocking?,
            comparisons: comparisons?,
            household_keys: household_keys?,
            bands: bands?,
        })
    };
    (build(), outline)
}

/// The blocking rules; those that follow where none is stated.
fn read_rules(
    root: &Table<'_>,
    columns: &CanonicalColumns,
    common: &Common,
) -> Option<Vec<BlockingRule>> {
    match root.get("blocking") {
        None => Some(defaults::blocking(common)),
        Some(value) => value.tables("[[blocking]]", BLOCKING_KEYS).and_then(|rules| {
            let read = all_of(rules.iter().map(|rule| read_blocking(rule, columns)));
            check_names_differ("blocking", &rules);
            read
        }),
    }
}

fn read_id(value: &Value<'_>, stem: &str) -> Option<Name> {
    let id = value.name()?;
    if id.as_str() != stem {
        let message = format!("the model `{id}` lies in a file named `{stem}`");
        value.problem(message, Some(format!("write `id = \"{stem}\"`, or rename the file")));
    }
    Some(id)
}

fn read_blocking(rule: &Table<'_>, columns: &CanonicalColumns) -> Option<BlockingRule> {
    let name = rule.need("name").and_then(|value| value.name());
    let keys = rule.need("keys").and_then(|value| {
        let mut seen: Vec<BlockingKey> = Vec::new();
        all_of(value.some_items()?.iter().map(|item| {
            let key = read_key(item, columns)?;
            if seen.contains(&key) {
                item.problem(format!("the key `{}` is there twice", key.column), None);
            }
            seen.push(key.clone());
            Some(key)
        }))
    });
    let block_rows_max = match rule.get("block_rows_max") {
        Some(value) => value.positive(),
        None => Some(BLOCK_ROWS_MAX_DEFAULT),
    };
    Some(BlockingRule { name: name?, keys: keys?, block_rows_max: block_rows_max? })
}

fn read_key(item: &Value<'_>, columns: &CanonicalColumns) -> Option<BlockingKey> {
    let written = item.text()?;
    let (column, each) = match written.strip_suffix("[]") {
        Some(column) => (column, true),
        None => (written.as_str(), false),
    };
    let key = BlockingKey { column: column.to_owned(), each };
    let problem = match columns.kind(column) {
        None if columns.may_exist(column) => return Some(key),
        None => (format!("`{column}` is no canonical column"), Some(columns.column_hint(column))),
        Some(CanonicalType::Bytes) => (format!("`{column}` is sealed and cannot be a key"), None),
        Some(CanonicalType::TextList) if !each => (
            format!("`{column}` is a list"),
            Some(format!("write `{column}[]`: each of its elements is a key")),
        ),
        Some(kind) if each && kind != CanonicalType::TextList => {
            (format!("`{column}` is no list"), Some(format!("write `{column}`")))
        }
        Some(_) => return Some(key),
    };
    item.problem(problem.0, problem.1);
    None
}

fn read_household_keys(value: &Value<'_>, columns: &CanonicalColumns) -> Option<Vec<String>> {
    all_of(value.items()?.iter().map(|item| {
        let key = read_key(item, columns)?;
        if key.each {
            item.problem(format!("the household key `{}` is a list", key.column), None);
        }
        Some(key.column)
    }))
}

fn read_bands(bands: &Table<'_>) -> Option<Bands> {
    let between = |number: f64| number > 0.0 && number < 1.0;
    let accept_stated = bands.need("accept_probability");
    let accept = accept_stated.and_then(|value| value.number("between 0 and 1", between));
    let review =
        bands.need("review_probability").and_then(|value| value.number("between 0 and 1", between));
    let margin = bands
        .need("ambiguous_margin_bits")
        .and_then(|value| value.number("0 or more", |bits| bits >= 0.0 && bits.is_finite()));
    let (accept, review) = (accept?, review?);
    if accept <= review {
        let message = format!(
            "`accept_probability` ({accept}) must be above `review_probability` ({review})"
        );
        accept_stated?.problem(message, None);
        return None;
    }
    Some(Bands {
        accept_probability: accept,
        review_probability: review,
        ambiguous_margin_bits: margin?,
    })
}
