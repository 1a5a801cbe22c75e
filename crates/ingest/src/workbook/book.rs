//! A workbook as rows of text. XLSX and XLSB are streamed; XLS and ODS are held by calamine.

use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Cell, DataRef, Ods, OdsError, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError,
    Xlsx, XlsxError,
};
use milaan_model::reading::Format;

use super::rows::{Rows, Valueless};
use super::sheet::{self, Hidden, Stop};
use super::sheets_in_xml::{self, SheetsInXml};
use super::spreadsheet::{Spreadsheet, refused};
use super::{cell, xml::BREAKS_OFF};
use crate::error::{Cause, Error};
use crate::limits::{DumpFile, Limits};
use crate::row::RawRow;
use crate::table::Flow;

/// Takes the rows of a sheet.
pub(super) type Each<'a> = dyn FnMut(&RawRow) -> Result<Flow, Error> + 'a;

type Input = BufReader<File>;

enum Inner {
    Spreadsheet(Box<Spreadsheet>),
    /// A workbook of Excel 2003 that is one XML file.
    InXml(SheetsInXml),
    /// An XLSX workbook that is not made as most are.
    Xlsx(Box<Xlsx<Input>>),
    Xlsb(Box<Xlsb<Input>>),
    Xls(Box<Xls<Input>>),
    Ods(Box<Ods<Input>>),
}

/// An open workbook.
pub(super) struct Book<'a> {
    file: &'a DumpFile,
    limits: &'a Limits,
    inner: Inner,
}

/// A worksheet's name and whether people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SheetName {
    pub(super) name: String,
    pub(super) visible: bool,
}

impl<'a> Book<'a> {
    pub(super) fn open(
        file: &'a DumpFile,
        format: Format,
        limits: &'a Limits,
    ) -> Result<Self, Error> {
        if format == Format::Xls && sheets_in_xml::is_at(file)? {
            let inner = Inner::InXml(SheetsInXml::open(file)?);
            return Ok(Self { file, limits, inner });
        }
        if format == Format::Xls {
            crate::claims::xls(file, input(file)?, limits)?;
        }
        if format == Format::Xlsx
            && let Some(book) = Spreadsheet::open(file, limits)?
        {
            return Ok(Self { file, limits, inner: Inner::Spreadsheet(Box::new(book)) });
        }
        Self::of_calamine(file, format, limits)
    }

    /// Whether the reader of this crate has it.
    #[cfg(test)]
    pub(super) fn is_streamed_here(&self) -> bool {
        matches!(self.inner, Inner::Spreadsheet(_))
    }

    pub(super) fn of_calamine(
        file: &'a DumpFile,
        format: Format,
        limits: &'a Limits,
    ) -> Result<Self, Error> {
        let inner =
            guarded(file, || match format {
                Format::Xlsb => Xlsb::new(input(file)?)
                    .map(|book| Inner::Xlsb(Box::new(book)))
                    .map_err(|error| match error {
                        XlsbError::Password => encrypted(file),
                        other => Error::unreadable(&file.path, other),
                    }),
                Format::Ods => Ods::new(input(file)?)
                    .map(|book| Inner::Ods(Box::new(book)))
                    .map_err(|error| match error {
                        OdsError::Password => encrypted(file),
                        other => Error::unreadable(&file.path, other),
                    }),
                Format::Xls => Xls::new(input(file)?)
                    .map(|book| Inner::Xls(Box::new(book)))
                    .map_err(|error| match error {
                        XlsError::Password => encrypted(file),
                        // A workbook with a password is an OLE file around the real one.
                        _ if is_encrypted(file) => encrypted(file),
                        other => Error::unreadable(&file.path, other),
                    }),
                _ => Xlsx::new(input(file)?).map(|book| Inner::Xlsx(Box::new(book))).map_err(
                    |error| match error {
                        XlsxError::Password => encrypted(file),
                        other => Error::unreadable(&file.path, other),
                    },
                ),
            })?;
        Ok(Self { file, limits, inner })
    }

    /// The worksheets in their order.
    pub(super) fn sheets(&self) -> Vec<SheetName> {
        let sheets = match &self.inner {
            Inner::Spreadsheet(book) => return book.sheets(),
            Inner::InXml(book) => return book.sheets(),
            Inner::Xlsx(book) => book.sheets_metadata(),
            Inner::Xlsb(book) => book.sheets_metadata(),
            Inner::Xls(book) => book.sheets_metadata(),
            Inner::Ods(book) => book.sheets_metadata(),
        };
        sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .map(|sheet| SheetName {
                name: sheet.name.clone(),
                visible: sheet.visible == SheetVisible::Visible,
            })
            .collect()
    }

    /// Calls `each` with every row that has a filled cell, until it has enough; what is hidden and what holds no value, as
    /// far as the format's reader tells.
    pub(super) fn rows(
        &mut self,
        sheet: &str,
        each: &mut Each<'_>,
    ) -> Result<(Hidden, Valueless), Error> {
        let (file, limits) = (self.file, self.limits);
        let mut rows = Rows::new(limits, each);
        let read = match &self.inner {
            Inner::Spreadsheet(book) => {
                let part = book.sheet(sheet).and_then(|part| part.ok_or(BREAKS_OFF));
                let part = part.map_err(|bad| refused(file, bad))?;
                Some(sheet::read(book, part, &mut rows))
            }
            Inner::InXml(book) => Some(book.read(file, sheet, &mut rows)),
            _ => None,
        };
        match read {
            Some(Ok(hidden)) => return Ok((hidden, rows.valueless)),
            Some(Err(Stop::Bad(bad))) => return Err(refused(file, bad)),
            Some(Err(Stop::Refused(error))) => return Err(error),
            None => {}
        }
        let inner = &mut self.inner;
        guarded(file, || match inner {
            Inner::Spreadsheet(_) | Inner::InXml(_) => Ok(()),
            Inner::Xlsx(book) => {
                let mut cells = book
                    .worksheet_cells_reader(sheet)
                    .map_err(|e| Error::unreadable(&file.path, e))?;
                // Excel goes on inventing errors; a cell that holds one is as empty as one of an error that is known.
                let next = || loop {
                    match cells.next_cell() {
                        Err(XlsxError::CellError(_)) => {}
                        other => return Ok(other?),
                    }
                };
                streamed(file, next, &mut rows)
            }
            Inner::Xlsb(book) => {
                let mut cells = book
                    .worksheet_cells_reader(sheet)
                    .map_err(|e| Error::unreadable(&file.path, e))?;
                streamed(file, || Ok(cells.next_cell()?), &mut rows)
            }
            Inner::Xls(book) => {
                held(file, limits, book.worksheet_range(sheet).map_err(Cause::from), &mut rows)
            }
            Inner::Ods(book) => {
                held(file, limits, book.worksheet_range(sheet).map_err(Cause::from), &mut rows)
            }
        })?;
        Ok((Hidden::default(), rows.valueless))
    }
}

fn input(file: &DumpFile) -> Result<Input, Error> {
    Ok(BufReader::with_capacity(64 << 10, crate::source::open(file)?))
}

fn encrypted(file: &DumpFile) -> Error {
    Error::UnknownLock { file: file.name.clone() }
}

fn is_encrypted(file: &DumpFile) -> bool {
    input(file).is_ok_and(|input| matches!(Xlsx::new(input), Err(XlsxError::Password)))
}

/// A hostile workbook may bring its reader to panic; for a nightly job that is an unreadable file.
pub(super) fn guarded<T>(
    file: &DumpFile,
    work: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    let before = GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDED.set(before);
    done.unwrap_or_else(|_| {
        Err(Error::unreadable(&file.path, "the reader of this format broke off on its content"))
    })
}

thread_local! {
    static GUARDED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Whether this thread is inside a reader of workbooks, whose panic becomes an error of the file: a program's panic hook
/// need not speak of it, and should not, since its words may quote a cell.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

fn streamed<'a>(
    file: &DumpFile,
    mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, Cause>,
    rows: &mut Rows<'_, '_>,
) -> Result<(), Error> {
    let mut scratch = String::new();
    while let Some(cell) = next().map_err(|error| Error::unreadable(&file.path, error))? {
        let (row, column) = cell.get_position();
        if rows.at(u64::from(row) + 1)? == Flow::Enough {
            return Ok(());
        }
        match cell.get_value() {
            DataRef::Error(_) => rows.error(column as usize),
            value => {
                if let Some(text) = cell::text(value, &mut scratch) {
                    rows.put(column as usize, text);
                }
            }
        }
    }
    rows.end().map(drop)
}

fn held(
    file: &DumpFile,
    limits: &Limits,
    range: Result<calamine::Range<calamine::Data>, Cause>,
    rows: &mut Rows<'_, '_>,
) -> Result<(), Error> {
    let range = range.map_err(|error| Error::unreadable(&file.path, error))?;
    let (height, width) = range.get_size();
    if height as u64 * width as u64 > limits.cells_max {
        return Err(Error::TooLarge {
            file: file.name.clone(),
            what: "cells in a sheet",
            limit: limits.cells_max,
        });
    }
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut scratch = String::new();
    for (offset, cells) in range.rows().enumerate() {
        if rows.at(u64::from(first_row) + offset as u64 + 1)? == Flow::Enough {
            return Ok(());
        }
        for (column, value) in cells.iter().enumerate() {
            let column = first_column as usize + column;
            if matches!(value, calamine::Data::Error(_)) {
                rows.error(column);
            } else if let Some(text) = cell::text(&cell::borrowed(value), &mut scratch) {
                rows.put(column, text);
            }
        }
    }
    rows.end().map(drop)
}
