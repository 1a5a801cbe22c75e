//! CSV, record by record.

use std::path::Path;

use csv::ByteRecord;
use milaan_model::{ColumnType, ReportContract};

use super::{Findings, Line, Searched, is_text, quiet};

pub(super) fn scan(
    path: &Path,
    contract: Option<&ReportContract>,
    findings: &mut Findings<'_>,
) -> Searched {
    // Quotes and line ends stand between cells as commas do: what is quiet as a whole is quiet cell by cell.
    if quiet::is_quiet(path, quotes_stand_right) {
        return Ok(());
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .map_err(|_| 0_u64)?;
    let mut header = ByteRecord::new();
    let mut record = ByteRecord::new();
    let mut line = Line::default();
    for row in 0.. {
        if !reader.read_byte_record(&mut record).map_err(|_| row)? {
            break;
        }
        if !is_text(record.as_slice()) {
            return Err(row);
        }
        line.clear();
        for (index, cell) in record.iter().enumerate() {
            if !is_passed_over(contract, index) {
                line.push(index, cell);
            }
        }
        let name = |index| header.get(index).map(|name| String::from_utf8_lossy(name).into_owned());
        findings.search_line(&line, name, row);
        if row == 0 {
            header.clone_from(&record);
        }
    }
    Ok(())
}

/// Whether every quote begins or ends a cell, or is doubled: one in the middle would be left out, and join what it stands between.
fn quotes_stand_right(lines: &[u8]) -> bool {
    memchr::memchr_iter(b'"', lines).all(|at| {
        let before = if at == 0 { b'\n' } else { lines[at - 1] };
        let behind = lines.get(at + 1).copied().unwrap_or(b'\n');
        matches!(before, b',' | b'\n' | b'"') || matches!(behind, b',' | b'\r' | b'\n' | b'"')
    })
}

/// Columns of money and measures.
pub(super) fn is_passed_over(contract: Option<&ReportContract>, index: usize) -> bool {
    contract
        .and_then(|contract| contract.columns.get(index))
        .is_some_and(|column| matches!(column.kind, ColumnType::Decimal | ColumnType::Number))
}
