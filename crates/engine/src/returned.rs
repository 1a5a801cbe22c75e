//! Rejected rows on their way back to the department: `sync/<recipient>/rejects.csv`, beside its records, in the department's own
//! columns, with the reason, so that its clerk finds the row and mends it there.
//!
//! What is above internal is masked by its field; of a row whose cells may have moved under other headers everything is.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use milaan_ingest::{Reject, RejectRule};
use milaan_kernels::leak::looks_personal;
use milaan_kernels::mask;
use milaan_manifest::{Recipient, Source};
use milaan_model::schema::classed;
use milaan_model::{ColumnContract, ColumnType, Name, OutputFormat, ReportContract, Sensitivity};

use crate::error::Error;
use crate::land::LandedSource;
use crate::run::Run;

/// What stands before the department's own columns.
const LINEAGE: [(&str, &str); 6] = [
    ("file", "the file, relative to the data folder"),
    ("sheet", "the sheet; empty where the format has none"),
    ("row", "the row as a person sees it, from 1"),
    ("rule", "the rule that rejected it"),
    ("column_name", "the column at fault, where one is"),
    ("reason", "why, without the value"),
];

/// Writes every department's rejected rows; a list without any has no file.
pub(crate) fn write(run: &mut Run<'_>, sources: &[LandedSource]) -> Result<(), Error> {
    let recipients = &run.pipeline.recipients;
    let mut lists: BTreeMap<Name, usize> = BTreeMap::new();
    for one in sources {
        if let Some(recipient) = recipient(&one.source, recipients) {
            *lists.entry(recipient).or_default() += 1;
        }
    }
    for one in sources.iter().filter(|one| !one.rejects.is_empty()) {
        let Some(recipient) = recipient(&one.source, recipients) else { continue };
        // A department with several lists gets a file for each: their columns differ.
        let alone = lists.get(&recipient) == Some(&1);
        let name = if alone { "rejects".to_owned() } else { format!("rejects_{}", one.source.id) };
        let Ok(name) = name.parse::<Name>() else { continue };
        let contract = contract(&one.source, name);
        let batch = rows(&one.source, &contract, &one.rejects)?;
        let mut writer =
            run.publication()?.reports().change_set(&recipient, &contract, &batch.schema())?;
        writer.write(&batch)?;
        let receipt = writer.finish()?;
        run.reports.push(receipt);
    }
    Ok(())
}

/// The folder of a list's department: its recipient's, so that records and rejects lie together; of a department that is no
/// recipient its name, `Rural Development` as `rural-development`.
fn recipient(source: &Source, recipients: &[Recipient]) -> Option<Name> {
    if let Some(known) = recipients.iter().find(|one| one.department == source.department) {
        return Some(known.id.clone());
    }
    let words: Vec<String> = source
        .department
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-").parse().or_else(|_| source.id.as_str().parse()).ok()
}

fn contract(source: &Source, name: Name) -> ReportContract {
    let column = |name: &str, kind, required, meaning: &str| ColumnContract {
        name: name.to_owned(),
        kind,
        class: Sensitivity::Internal,
        required,
        meaning: meaning.to_owned(),
        values: Vec::new(),
    };
    let mut columns: Vec<ColumnContract> = LINEAGE
        .iter()
        .map(|(name, meaning)| {
            let kind = if *name == "row" { ColumnType::Integer } else { ColumnType::Text };
            column(name, kind, *name != "column_name", meaning)
        })
        .collect();
    for wanted in &source.reading.columns {
        let mut name = wanted.header.clone();
        while columns.iter().any(|column| column.name == name) {
            name.push_str(" (column)");
        }
        let meaning = "the list's own column, masked where it is personal";
        columns.push(column(&name, ColumnType::Text, false, meaning));
    }
    ReportContract {
        name,
        version: 1,
        title: format!("Rows of `{}` that were not taken", source.title),
        grain: "a rejected row of a dump".to_owned(),
        clearance: Sensitivity::Internal,
        columns,
        key: ["file", "sheet", "row", "rule"].map(str::to_owned).to_vec(),
        formats: vec![OutputFormat::Csv],
        rows_max: None,
        sheets_by: None,
    }
}

fn rows(
    source: &Source,
    contract: &ReportContract,
    rejects: &[Reject],
) -> Result<RecordBatch, Error> {
    let mut rejects: Vec<&Reject> = rejects.iter().collect();
    rejects.sort_by_key(|reject| (&reject.file, &reject.sheet, reject.row, reject.rule.as_str()));
    let texts = |text: &dyn Fn(&Reject) -> Option<String>| -> ArrayRef {
        Arc::new(rejects.iter().map(|reject| text(reject)).collect::<StringArray>())
    };
    let mut arrays = vec![
        texts(&|reject| Some(reject.file.clone())),
        texts(&|reject| Some(reject.sheet.clone())),
        Arc::new(Int64Array::from_iter_values(rejects.iter().map(|reject| reject.row as i64))),
        texts(&|reject| Some(reject.rule.as_str().to_owned())),
        texts(&|reject| reject.column.clone()),
        texts(&|reject| Some(reject.reason.clone())),
    ];
    for (at, wanted) in source.reading.columns.iter().enumerate() {
        let field = source.columns.iter().find(|column| column.header == wanted.header);
        let (field, class) = field.map_or(("text", Sensitivity::Secret), |column| {
            (column.field.name, column.field.class)
        });
        arrays.push(texts(&|reject| {
            let cell = reject.cells.get(at)?.as_deref()?;
            Some(shown(cell, field, class, stands_right(reject.rule)))
        }));
    }
    let fields: Vec<Field> = contract
        .columns
        .iter()
        .map(|column| {
            let kind =
                if column.kind == ColumnType::Integer { DataType::Int64 } else { DataType::Utf8 };
            classed(&column.name, kind, true, Sensitivity::Internal)
        })
        .collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .map_err(|_| Error::Counts("rejected rows for a department".to_owned()))
}

/// Whether a rejected row's cells stand under their own headers.
fn stands_right(rule: RejectRule) -> bool {
    use RejectRule::{NotADate, NotANumber, Repeated, ValueMissing, ValueNotAllowed};
    matches!(rule, NotADate | NotANumber | Repeated | ValueMissing | ValueNotAllowed)
}

/// A cell as a clerk may see it.
fn shown(cell: &str, field: &str, class: Sensitivity, stands_right: bool) -> String {
    if stands_right && class <= Sensitivity::Internal && !looks_personal(cell) {
        return cell.to_owned();
    }
    match field {
        _ if !stands_right => mask::text(cell),
        "birth_date" => mask::date(cell),
        "person_name" | "relative_name" | "surname" | "given_name" => mask::name(cell),
        _ => mask::text(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_clerk_sees() {
        use Sensitivity::{Internal, Restricted, Secret};
        for (cell, field, class, right, expected) in [
            ("SC26-16278529", "identifier", Internal, true, "SC26-16278529"),
            ("SC26-16278529", "identifier", Internal, false, "S***"),
            ("Lakshmi Devi", "person_name", Restricted, true, "L*** D***"),
            ("31/12/1980", "birth_date", Restricted, true, "1980-**-**"),
            ("234123412346", "national_id", Secret, true, "2***"),
            ("234123412346", "identifier", Internal, true, "2***"),
            ("Tenali", "place", Internal, true, "Tenali"),
        ] {
            assert_eq!(shown(cell, field, class, right), expected, "{cell} {field}");
        }
    }
}
