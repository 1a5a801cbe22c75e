//! Reports, change-sets, tables and checks: the `.sql` files of the included folders and of the pipeline's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use milaan_model::Name;

use crate::contract;
use crate::diagnostic::Problems;
use crate::files::{Files, stem};
use crate::pipeline::{Check, Report, Table};
use crate::value::all_of;

/// The queries with a contract in these folders' `kind` (`reports`, `sync`), by name.
pub(crate) fn reports(
    folders: &[PathBuf],
    kind: &str,
    files: &Files<'_>,
    problems: &Problems,
) -> Option<Vec<Report>> {
    let queries = queries(folders, kind, files, problems);
    let contracts = folders.iter().flat_map(|folder| files.list(&folder.join(kind), "toml"));
    for file in contracts.filter(|file| !file.with_extension("sql").is_file()) {
        let hint = format!("its query is `{}.sql` beside it", stem(&file));
        problems.push_file(&file, "the contract has no query", Some(hint));
    }
    let mut reports = all_of(queries.into_iter().map(|query| {
        let contract_file = query.file.with_extension("toml");
        let contract = if contract_file.is_file() {
            let text = files.text(&contract_file);
            let name = query.name.clone();
            text.zip(name).and_then(|(text, name)| contract::read(&text, name, problems))
        } else {
            let hint = format!("its contract is `{}.toml` beside it", stem(&query.file));
            problems.push_file(&query.file, "the report has no contract", Some(hint));
            None
        };
        Some(Report { contract: contract?, sql: query.sql?, sql_file: query.file })
    }))?;
    reports.sort_by(|a, b| a.contract.name.cmp(&b.contract.name));
    Some(reports)
}

/// The checks of these folders, by name.
pub(crate) fn checks(
    folders: &[PathBuf],
    files: &Files<'_>,
    problems: &Problems,
) -> Option<Vec<Check>> {
    let queries = queries(folders, "checks", files, problems);
    let mut checks =
        all_of(queries.into_iter().map(|query| {
            Some(Check { name: query.name?, sql: query.sql?, sql_file: query.file })
        }))?;
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    Some(checks)
}

/// The tables of these folders, each after those it reads.
pub(crate) fn tables(
    folders: &[PathBuf],
    files: &Files<'_>,
    problems: &Problems,
) -> Option<Vec<Table>> {
    let queries = queries(folders, "tables", files, problems);
    let mut waiting =
        all_of(queries.into_iter().map(|query| {
            Some(Table { name: query.name?, sql: query.sql?, sql_file: query.file })
        }))?;
    waiting.sort_by(|a, b| a.name.cmp(&b.name));
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let reads_waiting = |table: &Table| {
            waiting.iter().any(|other| other.name != table.name && names(&table.sql, &other.name))
        };
        let Some(at) = waiting.iter().position(|table| !reads_waiting(table)) else {
            let message = "the tables read one another in a circle";
            problems.push_file(&waiting.first()?.sql_file, message, None);
            return None;
        };
        ordered.push(waiting.remove(at));
    }
    Some(ordered)
}

/// Whether a query reads a table: its name stands behind FROM or JOIN.
fn names(sql: &str, table: &Name) -> bool {
    let words: Vec<&str> = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .flat_map(|line| line.split(|c: char| !(c.is_alphanumeric() || c == '_')))
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).any(|pair| matches!(pair, ["FROM" | "JOIN", name] if *name == table.as_str()))
}

/// A `.sql` file; what could not be read of it was said.
struct Query {
    name: Option<Name>,
    sql: Option<String>,
    file: PathBuf,
}

fn queries(folders: &[PathBuf], kind: &str, files: &Files<'_>, problems: &Problems) -> Vec<Query> {
    let found = folders.iter().flat_map(|folder| files.list(&folder.join(kind), "sql"));
    let mut first_of: BTreeMap<String, PathBuf> = BTreeMap::new();
    found
        .map(|file| {
            let stem = stem(&file);
            if let Some(first) = first_of.get(&stem) {
                let message = format!("`{stem}` is {} already", first.display());
                let hint = "give one of them another name".to_owned();
                problems.push_file(&file, &message, Some(hint));
            } else {
                first_of.insert(stem.clone(), file.clone());
            }
            let name = read_name(&file, &stem, problems);
            Query { name, sql: read_sql(&file, files, problems), file }
        })
        .collect()
}

fn read_name(file: &Path, stem: &str, problems: &Problems) -> Option<Name> {
    let name = stem.parse::<Name>();
    if let Err(error) = &name {
        problems.push_file(file, &format!("the file's name: {error}"), None);
    }
    name.ok()
}

fn read_sql(file: &Path, files: &Files<'_>, problems: &Problems) -> Option<String> {
    let sql = files.text(file)?.text;
    let says_nothing = |line: &str| line.trim().is_empty() || line.trim().starts_with("--");
    if sql.lines().all(says_nothing) {
        problems.push_file(file, "the query is empty", None);
        return None;
    }
    Some(sql)
}
