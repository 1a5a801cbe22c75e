//! JSON: every key and every text. Numbers are counts, sizes, times and totals, and are passed over.

use std::path::Path;

use serde_json::Value;

use super::{Findings, Searched, is_text, plain};

/// Larger documents are not ours.
const DOCUMENT_BYTES_MAX: u64 = 256 << 20;

/// One document.
pub(super) fn scan_document(path: &Path, findings: &mut Findings<'_>) -> Searched {
    let size = std::fs::metadata(path).map_err(|_| 0_u64)?.len();
    if size > DOCUMENT_BYTES_MAX {
        return Err(0);
    }
    let bytes = std::fs::read(path).map_err(|_| 0_u64)?;
    if !is_text(&bytes) {
        return Err(0);
    }
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| 0_u64)?;
    scan_value(&value, findings);
    Ok(())
}

/// One document a line.
pub(super) fn scan_lines(path: &Path, findings: &mut Findings<'_>) -> Searched {
    plain::each_line(path, |line, number| {
        let value: Value = serde_json::from_slice(line).map_err(|_| number)?;
        walk(&value, "", number, findings);
        Ok(())
    })
}

/// A document that is still to be written.
pub(crate) fn scan_value(value: &Value, findings: &mut Findings<'_>) {
    walk(value, "", 0, findings);
}

fn walk(value: &Value, at: &str, place: u64, findings: &mut Findings<'_>) {
    match value {
        Value::String(text) => {
            findings.search(text.as_bytes(), || Some(at.to_owned()), place);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{at}/{index}"), place, findings);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let leaks = findings.search(key.as_bytes(), || Some(format!("{at}/…")), place);
                // A key that is an identifier must not come out by way of the finding.
                let below = if leaks { format!("{at}/…") } else { format!("{at}/{key}") };
                walk(member, &below, place, findings);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
