//! Workbooks of ours: every cell of every sheet, row by row.

use std::path::Path;

use calamine::{DataRef, Reader, Xlsx, open_workbook};
use milaan_model::ReportContract;

use super::csv_text::is_passed_over;
use super::{Findings, Line, Searched};
use crate::xlsx_file::MEANINGS;

pub(super) fn scan(
    path: &Path,
    contract: Option<&ReportContract>,
    findings: &mut Findings<'_>,
) -> Searched {
    let mut book: Xlsx<_> = open_workbook(path).map_err(|_: calamine::XlsxError| 0_u64)?;
    for name in book.sheet_names() {
        findings.search(name.as_bytes(), || Some("sheet name".to_owned()), 0);
        let contract = contract.filter(|_| name != MEANINGS);
        let mut cells = book.worksheet_cells_reader(&name).map_err(|_| 0_u64)?;
        let (mut line, mut row) = (Line::default(), 0);
        let column = |index: usize| {
            contract.and_then(|contract| Some(contract.columns.get(index)?.name.clone()))
        };
        loop {
            let cell = cells.next_cell().map_err(|_| u64::from(row))?;
            let here = cell.as_ref().map(|cell| cell.get_position().0);
            if here != Some(row) {
                findings.search_line(&line, column, u64::from(row));
                line.clear();
                row = here.unwrap_or_default();
            }
            let Some(cell) = cell else { break };
            let index = cell.get_position().1 as usize;
            match cell.get_value() {
                DataRef::String(text) => line.push(index, text.as_bytes()),
                DataRef::SharedString(text) => line.push(index, text.as_bytes()),
                DataRef::Float(number) if !is_passed_over(contract, index) => {
                    line.push(index, format!("{number:.0}").as_bytes());
                }
                DataRef::Int(number) => line.push(index, number.to_string().as_bytes()),
                _ => {}
            }
        }
    }
    Ok(())
}
