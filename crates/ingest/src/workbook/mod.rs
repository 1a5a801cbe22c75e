//! Workbooks: which sheets are taken, and each of them as a table.
//!
//! XLSX is read here (`spreadsheet`, `sheet`, over `xml`), as are workbooks that are one XML file (`sheets_in_xml`), the
//! other formats and workbooks of a rare make by calamine.
//! Hidden sheets are taken only by their full name. Rows that are hidden within a sheet are read like the others, and
//! counted where the reader tells them (XLSX), as hidden columns are: a filter that somebody left on must not cost a person.
//! Workbooks with a password are opened by `locked`.

mod book;
mod cell;
mod locked;
mod rows;
mod sheet;
mod sheets_in_xml;
mod spreadsheet;
#[cfg(test)]
mod twins;
mod xml;

use globset::GlobBuilder;
use milaan_model::reading::{FileCounts, Format, Sheets};

use crate::error::Error;
use crate::limits::DumpFile;
use crate::row::RawRow;
use crate::table::{Flow, Sink, Table, Task};
pub use book::is_guarded;
use book::{Book, SheetName};
pub(crate) use locked::unlocked;
use rows::Valueless;
pub(crate) use sheets_in_xml::is_one as is_sheets_in_xml;

/// Reads a workbook's sheets into `sink`: the counts of each sheet that was taken.
pub(crate) fn read(
    file: &DumpFile,
    format: Format,
    task: Task<'_>,
    sink: &mut dyn Sink,
) -> Result<Vec<FileCounts>, Error> {
    let mut book = Book::open(file, format, task.limits)?;
    let sheets = book.sheets();
    let chosen = choose(&mut book, file, &sheets, &task)?;
    let may_pass_over = task.reading.sheets == Sheets::AllAlike && !task.wanted.is_empty();
    let mut taken: Vec<FileCounts> = Vec::new();
    let mut refused: Option<(u64, Error)> = None;
    let (mut errors, mut formulas) = (0, 0);
    for sheet in &chosen {
        // Without wanted columns the first sheet's are what the others have to fill.
        let fixed = if task.wanted.is_empty() { sink.fixed() } else { Vec::new() };
        let wanted = if task.wanted.is_empty() { &fixed } else { task.wanted };
        match sheet_table(&mut book, Task { sheet, wanted, ..task }, may_pass_over, sink)? {
            Outcome::Taken(counts) => taken.push(counts),
            Outcome::PassedOver { rows, error } => {
                if refused.as_ref().is_none_or(|(most, _)| rows > *most) {
                    refused = Some((rows, error));
                }
            }
            Outcome::Blank(found) => {
                errors += found.errors.cells;
                formulas += found.formulas.cells;
            }
            Outcome::Enough(counts) => {
                taken.push(counts);
                if sink.next_sheet() == Flow::Enough {
                    break;
                }
            }
        }
    }
    if taken.is_empty() {
        let file = file.name.clone();
        return Err(match refused {
            Some((_, error)) => error,
            None if errors + formulas > 0 => Error::NoValues { file, errors, formulas },
            None => Error::Empty { file },
        });
    }
    note(&mut taken, format, &sheets);
    Ok(taken)
}

/// What became of a sheet.
enum Outcome {
    Taken(FileCounts),
    /// The sink had enough.
    Enough(FileCounts),
    /// It lacks the wanted columns.
    PassedOver {
        rows: u64,
        error: Error,
    },
    /// No cell holds a value.
    Blank(Valueless),
}

fn sheet_table(
    book: &mut Book<'_>,
    task: Task<'_>,
    may_pass_over: bool,
    sink: &mut dyn Sink,
) -> Result<Outcome, Error> {
    let mut table = Table::new(task);
    let (mut rows, mut last, mut enough) = (0, 0, false);
    let mut refused: Option<Error> = None;
    let (hidden, valueless) = book.rows(task.sheet, &mut |row: &RawRow| {
        rows += 1;
        if refused.is_some() {
            return Ok(Flow::More);
        }
        if last > 0 && row.number > last + 1 {
            table.push_blanks(last + 1, row.number - last - 1);
        }
        last = row.number;
        match table.push(row, sink) {
            Err(error @ Error::ColumnMissing { .. }) if may_pass_over => {
                refused = Some(error);
                Ok(Flow::More)
            }
            Ok(flow) => {
                enough = flow == Flow::Enough;
                Ok(flow)
            }
            Err(error) => Err(error),
        }
    })?;
    if let Some(error) = refused {
        return Ok(Outcome::PassedOver { rows, error });
    }
    match table.finish(sink) {
        Ok(None) => Ok(Outcome::Blank(valueless)),
        Ok(Some(mut counts)) => {
            for (what, count) in [("rows_hidden", hidden.rows), ("columns_hidden", hidden.columns)]
            {
                if count > 0 {
                    counts.found.push((what.to_owned(), count.to_string()));
                }
            }
            let kinds = [
                ("cells_with_errors", valueless.errors),
                ("formulas_without_value", valueless.formulas),
                ("numbers_in_days_from_1904", valueless.undated),
            ];
            for (what, found) in kinds {
                counts.found.extend(found.told().map(|told| (what.to_owned(), told)));
            }
            Ok(if enough { Outcome::Enough(counts) } else { Outcome::Taken(counts) })
        }
        Err(error @ Error::ColumnMissing { .. }) if may_pass_over => {
            Ok(Outcome::PassedOver { rows, error })
        }
        Err(error) => Err(error),
    }
}

/// The sheets to read: the named ones, or all visible ones if columns are wanted, or the fullest visible one.
fn choose(
    book: &mut Book<'_>,
    file: &DumpFile,
    sheets: &[SheetName],
    task: &Task<'_>,
) -> Result<Vec<String>, Error> {
    if let Sheets::Named(patterns) = &task.reading.sheets {
        return named(file, sheets, patterns);
    }
    let visible: Vec<String> =
        sheets.iter().filter(|sheet| sheet.visible).map(|sheet| sheet.name.clone()).collect();
    if sheets.is_empty() {
        return Err(Error::Empty { file: file.name.clone() });
    }
    if visible.is_empty() {
        let sheets = sheets.iter().map(|sheet| sheet.name.clone()).collect();
        return Err(Error::SheetMissing {
            file: file.name.clone(),
            pattern: "(any visible)".to_owned(),
            sheets,
        });
    }
    if !task.wanted.is_empty() || visible.len() == 1 {
        return Ok(visible);
    }
    let mut fullest: Option<((u64, u64), String)> = None;
    for sheet in visible {
        let mut rows = 0;
        let (_, valueless) = book.rows(&sheet, &mut |_| {
            rows += 1;
            Ok(Flow::More)
        })?;
        // Where no sheet has rows, the one that says why.
        let holds = (rows, if rows == 0 { valueless.cells() } else { 0 });
        if fullest.as_ref().is_none_or(|(most, _)| holds > *most) {
            fullest = Some((holds, sheet));
        }
    }
    Ok(fullest.into_iter().map(|(_, sheet)| sheet).collect())
}

/// A hidden sheet is taken only if it is called by its full name.
fn named(file: &DumpFile, sheets: &[SheetName], patterns: &[String]) -> Result<Vec<String>, Error> {
    let mut taken = vec![false; sheets.len()];
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern)
            .case_insensitive(true)
            .build()
            .map_err(|error| Error::SheetPattern {
                pattern: pattern.clone(),
                source: error.into(),
            })?
            .compile_matcher();
        let mut any = false;
        for (sheet, taken) in sheets.iter().zip(&mut taken) {
            if sheet.name == *pattern || (sheet.visible && glob.is_match(&sheet.name)) {
                *taken = true;
                any = true;
            }
        }
        if !any {
            return Err(Error::SheetMissing {
                file: file.name.clone(),
                pattern: pattern.clone(),
                sheets: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
            });
        }
    }
    let chosen = sheets.iter().zip(taken).filter(|(_, taken)| *taken);
    Ok(chosen.map(|(sheet, _)| sheet.name.clone()).collect())
}

/// Writes down what was found: the format, and the sheets that were not taken.
fn note(taken: &mut [FileCounts], format: Format, sheets: &[SheetName]) {
    let others = |visible: bool| {
        let names: Vec<&str> = sheets
            .iter()
            .filter(|sheet| sheet.visible == visible)
            .map(|sheet| sheet.name.as_str())
            .filter(|name| taken.iter().all(|counts| counts.sheet != *name))
            .collect();
        names.join(", ")
    };
    let notes = [("sheets_passed_over", others(true)), ("sheets_hidden", others(false))];
    for counts in taken.iter_mut() {
        counts.found.push(("format".to_owned(), format.as_str().to_owned()));
    }
    let all: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    let all = ("sheets", all.join(", "));
    if let Some(first) = taken.first_mut() {
        for (key, names) in std::iter::once(all).chain(notes).filter(|(_, names)| !names.is_empty())
        {
            first.found.push((key.to_owned(), names));
        }
    }
}
