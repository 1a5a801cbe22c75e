//! `milaan-standards SCHEMAS RUN…`: datapackage.json, lineage.jsonl and every change-set of runs, held to their JSON Schemas.
//!
//! SCHEMAS is the folder of `datapackage-2.0.json` and `OpenLineage.json`; where it is absent, only our own schemas are used, and
//! it is said.

use std::path::Path;
use std::process::ExitCode;

use serde_json::Value;

type Found = Result<u64, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let schemas = arguments.next().unwrap_or_default();
    let mut broken = 0;
    for run in arguments {
        match check(Path::new(&schemas), Path::new(&run)) {
            Ok(found) => broken += found,
            Err(error) => {
                eprintln!("{run}: {error}");
                broken += 1;
            }
        }
    }
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn check(schemas: &Path, run: &Path) -> Found {
    let mut broken = 0;
    for (schema, file) in
        [("datapackage-2.0.json", "datapackage.json"), ("OpenLineage.json", "lineage.jsonl")]
    {
        let schema = schemas.join(schema);
        if schema.is_file() {
            broken += validate(&schema, &run.join(file))?;
        } else {
            println!("skipped {file}: no {}", schema.display());
        }
    }
    for recipient in std::fs::read_dir(run.join("sync"))? {
        for file in std::fs::read_dir(recipient?.path())? {
            let file = file?.path();
            if file.extension().is_some_and(|ending| ending == "jsonl") {
                broken += validate(&file.with_extension("schema.json"), &file)?;
            }
        }
    }
    Ok(broken)
}

/// Problems of a document, or of each line.
fn validate(schema: &Path, file: &Path) -> Found {
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(schema)?)?;
    let validator = jsonschema::options().should_validate_formats(true).build(&schema)?;
    let text = std::fs::read_to_string(file)?;
    let is_lines = file.extension().is_some_and(|ending| ending == "jsonl");
    let documents: Vec<&str> = if is_lines { text.lines().collect() } else { vec![&text] };
    let mut broken = 0;
    for (at, document) in documents.iter().enumerate() {
        let document: Value = serde_json::from_str(document)?;
        // The place and the rule, never the value.
        for error in validator.iter_errors(&document) {
            eprintln!("{}:{}: {}", file.display(), at + 1, error.instance_path());
            broken += 1;
        }
    }
    println!("{} documents of {}: {broken} problems", documents.len(), file.display());
    Ok(broken)
}
