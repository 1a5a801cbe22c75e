//! A comparison of a match model: the columns that its comparator can compare, and its levels.

use milaan_model::field::{CanonicalType, SemanticField};
use milaan_model::matching::{Comparator, Comparison};

use crate::canonical::CanonicalColumns;
use crate::defaults;
use crate::levels;
use crate::matching::Outline;
use crate::suggest;
use crate::table::{Keys, Table};
use crate::value::{Value, all_of};

/// The keys of `[[comparison]]`.
pub(crate) const KEYS: Keys = &["name", "comparator", "columns", "levels"];

/// Reads a comparison, and notes its names in the outline.
pub(crate) fn read(
    table: &Table<'_>,
    columns: &CanonicalColumns,
    outline: &mut Outline,
) -> Option<Comparison> {
    let name = table.need("name").and_then(|value| value.name());
    let comparator =
        table.need("comparator").and_then(|value| value.word(Comparator::ALL, Comparator::as_str));
    let bases = table.need("columns").and_then(|value| read_columns(&value, comparator, columns));
    let stated = table.get("levels");
    let words = comparator.map(|comparator| words(comparator, stated_columns(table)));
    let levels = match stated {
        Some(value) => levels::read(&value, comparator, words.as_deref()),
        None => comparator.zip(bases.as_deref()).map(|(one, bases)| defaults::levels(one, bases)),
    };
    let named = match stated {
        Some(value) => levels::names(&value),
        None => levels
            .as_ref()
            .map(|levels| levels.iter().map(|level| level.name.to_string()).collect()),
    };
    match (&name, named) {
        (Some(name), Some(levels)) if !outline.levels.contains_key(name.as_str()) => {
            outline.levels.insert(name.to_string(), levels);
        }
        _ => outline.complete = false,
    }
    Some(Comparison { name: name?, comparator: comparator?, columns: bases?, levels: levels? })
}

/// The words a comparator may give: for places also the names of the columns.
fn words(comparator: Comparator, columns: Vec<String>) -> Vec<String> {
    let own = comparator.words().iter().map(|word| (*word).to_owned());
    if comparator == Comparator::Place {
        columns.into_iter().chain(own).collect()
    } else {
        own.collect()
    }
}

/// The texts under `columns`, right or wrong; what is wrong with them is said elsewhere.
fn stated_columns(table: &Table<'_>) -> Vec<String> {
    let items = table.get("columns").and_then(|value| value.node().as_array());
    let texts = items.into_iter().flatten().filter_map(|item| item.get_ref().as_str());
    texts.map(str::to_owned).collect()
}

fn read_columns(
    value: &Value<'_>,
    comparator: Option<Comparator>,
    columns: &CanonicalColumns,
) -> Option<Vec<String>> {
    let items = value.some_items()?;
    let mut seen = Vec::new();
    let bases = all_of(items.iter().map(|item| {
        let base = item.text()?;
        if seen.contains(&base) {
            item.problem(format!("the column `{base}` is there twice"), None);
        }
        seen.push(base.clone());
        check_column(item, &base, comparator, columns).then_some(base)
    }));
    if let Some(comparator) = comparator.filter(|comparator| *comparator != Comparator::Place)
        && items.len() > 1
    {
        let message =
            format!("the comparator `{comparator}` takes one column, not {}", items.len());
        value.problem(message, None);
    }
    bases
}

fn check_column(
    item: &Value<'_>,
    base: &str,
    comparator: Option<Comparator>,
    columns: &CanonicalColumns,
) -> bool {
    let Some(field) = columns.field(base) else {
        let may_exist = columns.may_exist(base);
        if !may_exist {
            item.problem(format!("no list has a column `{base}`"), Some(columns.base_hint(base)));
        }
        return may_exist;
    };
    let Some(comparator) = comparator.filter(|comparator| !can_compare(*comparator, field)) else {
        return true;
    };
    let fitting = Comparator::ALL.iter().filter(|other| can_compare(**other, field));
    let hint = format!("for it there are {}", suggest::listed(fitting.map(|other| other.as_str())));
    item.problem(format!("the comparator `{comparator}` cannot compare `{base}`"), Some(hint));
    false
}

/// Whether a field has the canonical column that a comparator reads.
fn can_compare(comparator: Comparator, field: &SemanticField) -> bool {
    let kind_of = |suffix: &str| {
        field.canonical.iter().find(|canonical| canonical.suffix == suffix).map(|found| found.kind)
    };
    match comparator {
        Comparator::NationalId => kind_of("_token").is_some() && kind_of("_sealed").is_some(),
        Comparator::BirthDate => kind_of("_precision").is_some(),
        Comparator::Place => field.name == "place",
        Comparator::Exact => !matches!(kind_of(""), None | Some(CanonicalType::TextList)),
        Comparator::Name
        | Comparator::Digits
        | Comparator::JaroWinkler
        | Comparator::Levenshtein => kind_of("") == Some(CanonicalType::Text),
        Comparator::Numeric => matches!(
            kind_of(""),
            Some(CanonicalType::Integer | CanonicalType::Number | CanonicalType::Decimal)
        ),
    }
}
