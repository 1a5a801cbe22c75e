//! `[purposes]` and `[[recipient]]` of `pipeline.toml`: which department gets which columns back, and what for (SOP 3.5, 3.9).
//!
//! A purpose is registered with the columns it may have; a recipient that asks for another column is a problem, so that such
//! a run ends before a row is read.

use std::collections::BTreeMap;

use milaan_model::Sensitivity;

use crate::diagnostic::{Position, Problems};
use crate::pipeline::{REGISTRY_CHANGES, Recipient, Report, Source};
use crate::suggest;
use crate::table::Table;
use crate::value::all_of;

const RECIPIENT_KEYS: &[&str] = &["id", "department", "purpose", "columns"];

/// A recipient as stated; its department and columns are still to be held against sources and change-sets.
#[derive(Debug)]
pub(crate) struct Stated {
    recipient: Recipient,
    position: Position,
}

/// Reads both; neither there: no recipients.
pub(crate) fn read(root: &Table<'_>) -> Option<Vec<Stated>> {
    let purposes: BTreeMap<String, Vec<String>> = match root.get("purposes") {
        Some(value) => {
            all_of(value.members()?.iter().map(|one| Some((one.key().to_owned(), one.texts()?))))?
                .into_iter()
                .collect()
        }
        None => BTreeMap::new(),
    };
    let Some(value) = root.get("recipient") else { return Some(Vec::new()) };
    let tables = value.tables("recipient", RECIPIENT_KEYS)?;
    all_of(tables.iter().map(|table| read_recipient(table, &purposes)))
}

fn read_recipient(table: &Table<'_>, purposes: &BTreeMap<String, Vec<String>>) -> Option<Stated> {
    let id = table.need("id").and_then(|value| value.name());
    let department = table.need("department").and_then(|value| value.text());
    let purpose = table.need("purpose")?;
    let purpose_name = purpose.text()?;
    let Some(registered) = purposes.get(&purpose_name) else {
        let hint = suggest::among(&purpose_name, purposes.keys().map(String::as_str));
        purpose.problem(format!("`{purpose_name}` is no registered purpose"), Some(hint));
        return None;
    };
    let columns = match table.get("columns") {
        None => registered.clone(),
        Some(value) => {
            let asked = value.texts()?;
            for column in asked.iter().filter(|column| !registered.contains(column)) {
                let message = format!("`{column}` is outside the purpose `{purpose_name}`");
                let hint = suggest::among(column, registered.iter().map(String::as_str));
                value.problem(message, Some(hint));
            }
            asked
        }
    };
    let recipient = Recipient { id: id?, department: department?, purpose: purpose_name, columns };
    Some(Stated { recipient, position: table.position() })
}

/// The recipients, by id, each of a department that has a list, and of columns that a change-set offers.
pub(crate) fn resolve(
    stated: Vec<Stated>,
    change_sets: &[Report],
    sources: &[Source],
    problems: &Problems,
) -> Vec<Recipient> {
    let offered: Vec<&str> = change_sets
        .iter()
        .filter(|set| set.contract.name.as_str() != REGISTRY_CHANGES)
        .flat_map(|set| &set.contract.columns)
        .filter(|column| column.class > Sensitivity::Internal)
        .map(|column| column.name.as_str())
        .collect();
    let departments = || sources.iter().map(|source| source.department.as_str());
    let mut recipients: Vec<Recipient> = Vec::new();
    for Stated { recipient, position } in stated {
        if !departments().any(|department| department == recipient.department) {
            let message = format!("no source is of the department `{}`", recipient.department);
            let hint = suggest::among(&recipient.department, departments());
            problems.push(position.clone(), message, Some(hint));
        }
        for column in recipient.columns.iter().filter(|one| !offered.contains(&one.as_str())) {
            let message = format!("no change-set offers the column `{column}`");
            let hint = suggest::among(column, offered.iter().copied());
            problems.push(position.clone(), message, Some(hint));
        }
        if recipients.iter().any(|other| other.id == recipient.id) {
            problems.push(
                position,
                format!("the recipient `{}` is there twice", recipient.id),
                None,
            );
        }
        recipients.push(recipient);
    }
    recipients.sort_by(|a, b| a.id.cmp(&b.id));
    recipients
}
