//! `datapackage.json`: the reports as a Frictionless Data Package 2.0, so that other tools know types and keys.
//!
//! It holds no run id; but for the time it was made the same reports give the same bytes.

use std::path::Path;

use milaan_model::{ColumnContract, ColumnType, ReportContract};
use serde_json::{Map, Value, json};

use crate::outgoing::FileReceipt;
use crate::report::ReportReceipt;

const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";
const NAME: &str = "milaan-reports";
/// The ending of the schema beside JSON Lines.
const SCHEMA: &str = ".schema.json";

/// Describes every file of every report and change-set: tables, and the JSON Schemas of JSON Lines. `created`: RFC 3339, where it is
/// known.
pub fn datapackage(reports: &[(ReportReceipt, ReportContract)], created: Option<&str>) -> Value {
    let mut resources = Vec::new();
    for (receipt, contract) in reports {
        resources.extend(receipt.files.iter().map(|file| match file.path.strip_suffix(SCHEMA) {
            Some(_) => schema_file(receipt, file, contract),
            None => resource(receipt, file, contract),
        }));
    }
    let mut package = json!({ "$schema": PROFILE, "name": NAME, "resources": resources });
    if let Some(created) = created {
        package["created"] = json!(created);
    }
    package
}

/// A JSON Schema beside the lines it describes: a file, no table.
fn schema_file(receipt: &ReportReceipt, file: &FileReceipt, contract: &ReportContract) -> Value {
    json!({
        "name": format!("{}.schema", receipt.name.replace('/', ".")),
        "path": file.path,
        "title": format!("JSON Schema of: {}", contract.title),
        "format": "json",
        "mediatype": "application/schema+json",
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": format!("sha256:{}", file.sha256),
    })
}

fn resource(receipt: &ReportReceipt, file: &FileReceipt, contract: &ReportContract) -> Value {
    let ending = Path::new(&file.path).extension().and_then(|ending| ending.to_str());
    let (format, mediatype) = match ending {
        Some("csv") => ("csv", "text/csv"),
        Some("xlsx") => {
            ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        Some("jsonl") => ("jsonl", "application/jsonl"),
        _ => ("parquet", "application/vnd.apache.parquet"),
    };
    let is_csv = matches!(format, "csv" | "xlsx");
    let plain = receipt.name.replace('/', ".");
    let name = if format == "parquet" { plain } else { format!("{plain}.{format}") };
    let fields: Vec<Value> =
        contract.columns.iter().map(|column| field(column, contract, is_csv)).collect();
    let mut resource = json!({
        "name": name,
        "type": "table",
        "path": file.path,
        "title": contract.title,
        "description": contract.grain,
        "format": format,
        "mediatype": mediatype,
        "bytes": file.bytes,
        "hash": format!("sha256:{}", file.sha256),
        "schema": { "fields": fields, "primaryKey": contract.key, "missingValues": [""] },
        "_version": contract.version,
        "_rows": receipt.rows,
        "_clearance": contract.clearance.as_str(),
    });
    if matches!(format, "csv" | "jsonl") {
        resource["encoding"] = json!("utf-8");
    }
    resource
}

fn field(column: &ColumnContract, contract: &ReportContract, is_csv: bool) -> Value {
    let mut field = json!({
        "name": column.name,
        "type": field_type(column.kind, is_csv),
        "description": column.meaning,
        "_class": column.class.as_str(),
    });
    if column.kind == ColumnType::TextList && is_csv {
        // The standard's text knows a `list` with a delimiter, its JSON Schema does not.
        field["_delimiter"] = json!(";");
    }
    let mut constraints = Map::new();
    let is_key = contract.key.contains(&column.name);
    if column.required || is_key {
        constraints.insert("required".to_owned(), json!(true));
    }
    if is_key && contract.key.len() == 1 {
        constraints.insert("unique".to_owned(), json!(true));
    }
    // The words of a list are those of its items, which a constraint cannot say.
    if !column.values.is_empty() && column.kind == ColumnType::Text {
        constraints.insert("enum".to_owned(), json!(column.values));
    }
    if !constraints.is_empty() {
        field["constraints"] = Value::Object(constraints);
    }
    field
}

fn field_type(kind: ColumnType, is_csv: bool) -> &'static str {
    match kind {
        ColumnType::Text => "string",
        ColumnType::Integer => "integer",
        ColumnType::Number | ColumnType::Decimal => "number",
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
        ColumnType::TextList | ColumnType::Evidence if is_csv => "string",
        ColumnType::TextList | ColumnType::Evidence => "array",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{column, contract};

    #[test]
    fn describes_files_fields_and_key() {
        let mut action = column("action", ColumnType::Text);
        action.values = vec!["ENROL".to_owned()];
        let columns = vec![
            column("record_id", ColumnType::Text),
            action,
            column("reasons", ColumnType::TextList),
        ];
        let contract = contract(columns, &["record_id"]);
        let file =
            |path: &str| FileReceipt { path: path.to_owned(), bytes: 3, sha256: "ab".to_owned() };
        let receipt = ReportReceipt {
            name: "routing".to_owned(),
            version: 1,
            rows: 0,
            files: ["parquet", "csv", "schema.json"]
                .map(|ending| file(&format!("reports/routing.{ending}")))
                .to_vec(),
        };
        let package = datapackage(&[(receipt.clone(), contract.clone())], None);
        let resources = &package["resources"];
        assert_eq!(resources[0]["name"], "routing");
        assert_eq!(resources[1]["name"], "routing.csv");
        assert_eq!(resources[1]["hash"], "sha256:ab");
        let schema = &resources[1]["schema"];
        assert_eq!(schema["primaryKey"], json!(["record_id"]));
        assert_eq!(schema["fields"][0]["constraints"], json!({ "required": true, "unique": true }));
        assert_eq!(schema["fields"][1]["constraints"], json!({ "enum": ["ENROL"] }));
        assert_eq!(schema["fields"][2]["type"], "string");
        assert_eq!(resources[0]["schema"]["fields"][2]["type"], "array");
        assert_eq!(resources[2]["name"], "routing.schema");
        assert!(resources[2].get("type").is_none() && resources[2].get("schema").is_none());
        assert!(package.get("created").is_none());
        let dated = datapackage(&[(receipt, contract)], Some("2026-11-23T01:00:00Z"));
        assert_eq!(dated["created"], "2026-11-23T01:00:00Z");
    }
}
