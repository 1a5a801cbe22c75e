//! The contract of a report: its columns, key, clearance and formats.

use std::collections::BTreeSet;

use milaan_model::contract::{ColumnContract, ColumnType, OutputFormat, ReportContract};
use milaan_model::{Name, Sensitivity};

use crate::diagnostic::Problems;
use crate::files::TextFile;
use crate::suggest;
use crate::table::{Document, Table, check_names_differ};
use crate::value::{Value, all_of};

const KEYS: &[&str] = &[
    "version",
    "title",
    "grain",
    "clearance",
    "key",
    "formats",
    "rows_max",
    "sheets_by",
    "column",
];
const COLUMN_KEYS: &[&str] = &["name", "type", "class", "required", "meaning", "values"];

/// Reads the contract of the report `name`.
pub(crate) fn read(file: &TextFile, name: Name, problems: &Problems) -> Option<ReportContract> {
    Document::read(&file.path, &file.text, problems, KEYS, |root| read_root(root, name))
}

fn read_root(root: &Table<'_>, name: Name) -> Option<ReportContract> {
    let version = root.need("version").and_then(|value| value.version());
    let title = root.need("title").and_then(|value| value.text());
    let grain = root.need("grain").and_then(|value| value.text());
    let clearance =
        root.need("clearance").and_then(|value| value.word(Sensitivity::ALL, Sensitivity::as_str));
    let formats = match root.get("formats") {
        Some(value) => read_formats(&value),
        None => Some(Vec::new()),
    };
    let rows_max = root.get("rows_max").and_then(|value| value.positive());
    let tables = root.need_tables("column", COLUMN_KEYS);
    let columns = tables.as_ref().and_then(|tables| {
        check_names_differ("column", tables);
        all_of(tables.iter().map(|table| read_column(table, clearance)))
    });
    let names: Option<Vec<_>> = tables.as_ref().map(|tables| stated_names(tables));
    let key = root.need("key").and_then(|value| read_key(&value, names.as_deref()));

    let sheets_by = match root.get("sheets_by") {
        Some(value) => read_sheets_by(&value, names.as_deref()).map(Some),
        None => Some(None),
    };

    let key = key?;
    let mut columns = columns?;
    for column in columns.iter_mut().filter(|column| key.contains(&column.name)) {
        column.required = true; // a key is never NULL
    }
    Some(ReportContract {
        name,
        version: version?,
        title: title?,
        grain: grain?,
        clearance: clearance?,
        columns,
        key,
        formats: formats?,
        rows_max,
        sheets_by: sheets_by?,
    })
}

/// Formats besides Parquet, each once.
fn read_formats(value: &Value<'_>) -> Option<Vec<OutputFormat>> {
    let items = value.items()?;
    let read = items.iter().map(|item| item.word(OutputFormat::ALL, OutputFormat::as_str));
    let mut formats = all_of(read)?;
    formats.sort_unstable();
    formats.dedup();
    formats.retain(|format| *format != OutputFormat::Parquet);
    Some(formats)
}

fn read_column(table: &Table<'_>, clearance: Option<Sensitivity>) -> Option<ColumnContract> {
    let name = table.need("name").and_then(|value| value.sql_name());
    let kind = table.need("type").and_then(|value| value.word(ColumnType::ALL, ColumnType::as_str));
    let class = table.need("class").and_then(|value| {
        let class = value.word(Sensitivity::ALL, Sensitivity::as_str)?;
        if let Some(clearance) = clearance.filter(|clearance| class > *clearance) {
            let message =
                format!("the class `{class}` is above the clearance `{clearance}` of the report");
            value.problem(message, Some("mask the column, or raise the clearance".to_owned()));
        }
        Some(class)
    });
    let required = match table.get("required") {
        Some(value) => value.boolean(),
        None => Some(false),
    };
    let meaning = table.need("meaning").and_then(|value| value.text());
    let values = match table.get("values") {
        Some(value) => read_values(&value, kind),
        None => Some(Vec::new()),
    };
    Some(ColumnContract {
        name: name?.to_string(),
        kind: kind?,
        class: class?,
        required: required?,
        meaning: meaning?,
        values: values?,
    })
}

fn read_values(value: &Value<'_>, kind: Option<ColumnType>) -> Option<Vec<String>> {
    if let Some(kind) = kind
        && !matches!(kind, ColumnType::Text | ColumnType::TextList)
    {
        value.problem(format!("a column of type `{kind}` has no `values`"), None);
    }
    value.texts()
}

/// The names and types as stated, right or wrong, with a type where it is a word of ours.
fn stated_names<'d>(tables: &[Table<'d>]) -> Vec<(&'d str, Option<ColumnType>)> {
    let text = |table: &Table<'d>, key| table.get(key).and_then(|value| value.node().as_str());
    tables
        .iter()
        .filter_map(|table| {
            let kind = text(table, "type").and_then(|word| word.parse().ok());
            Some((text(table, "name")?, kind))
        })
        .collect()
}

fn read_sheets_by(
    value: &Value<'_>,
    columns: Option<&[(&str, Option<ColumnType>)]>,
) -> Option<String> {
    let name = value.text()?;
    let columns = columns?;
    if columns.contains(&(name.as_str(), Some(ColumnType::Text))) {
        return Some(name);
    }
    let texts = columns.iter().filter(|(_, kind)| *kind == Some(ColumnType::Text));
    let hint = suggest::among(&name, texts.map(|(column, _)| *column));
    value.problem(format!("`sheets_by` needs a column of text, and `{name}` is none"), Some(hint));
    None
}

fn read_key(
    value: &Value<'_>,
    columns: Option<&[(&str, Option<ColumnType>)]>,
) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    all_of(value.some_items()?.iter().map(|item| {
        let name = item.text()?;
        if !seen.insert(name.clone()) {
            item.problem(format!("`{name}` is in the key twice"), None);
        }
        let Some(columns) = columns else { return Some(name) };
        match columns.iter().find(|(column, _)| *column == name) {
            Some((_, Some(ColumnType::TextList | ColumnType::Evidence))) => {
                item.problem(format!("the key `{name}` is a list and orders nothing"), None);
                None
            }
            Some(_) => Some(name),
            None => {
                let hint = suggest::among(&name, columns.iter().map(|(column, _)| *column));
                item.problem(format!("the key `{name}` is no column"), Some(hint));
                None
            }
        }
    }))
}
