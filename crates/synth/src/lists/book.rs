//! Lists in workbooks: sheets for groups of parts of the country, three lines of title over the header, a total at the end.
//! Rows leave memory as they are written.

use chrono::Datelike;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::{Body, Cell, Portioned};
use crate::{
    Error,
    claim::Source,
    output::{At, Folder, Truth},
    world::World,
};

/// Rows of the title block; the header is the next.
pub(crate) const TITLE_ROWS: u32 = 3;
/// Rows after which a further sheet begins, and rows of all sheets after which a further workbook begins: Excel has 1,048,576
/// on a sheet, title and total included.
const ROWS_MAX: u64 = 1_048_500;

/// How a workbook is laid out.
#[derive(Debug)]
pub(crate) struct BookLayout {
    /// The path without its ending.
    pub(crate) stem: &'static str,
    pub(crate) columns: &'static [&'static str],
    /// The order of the columns, sheet by sheet, over and over.
    pub(crate) orders: &'static [&'static [usize]],
    /// Parts of the country on one sheet, which is called after the first.
    pub(crate) parts_a_sheet: usize,
    /// The two lines of title of a sheet.
    pub(crate) title: fn(&str) -> [String; 2],
    /// The column that is added up.
    pub(crate) amount: usize,
}

/// A list of workbooks being written.
pub(crate) struct BookSink {
    source: Source,
    layout: &'static BookLayout,
    book: Option<Workbook>,
    dated: Format,
    /// Workbooks begun.
    books: u32,
    /// Rows of this workbook.
    book_rows: u64,
    /// The open sheet: its name, the group it is of, its number among all.
    sheet: Option<(String, usize, usize)>,
    sheets: usize,
    /// Row of the open sheet to be written next, from 0.
    row: u32,
    total: u64,
}

impl BookSink {
    pub(super) fn new(source: Source, layout: &'static BookLayout) -> Self {
        Self {
            source,
            layout,
            book: None,
            dated: Format::new().set_num_format("dd-mm-yyyy"),
            books: 0,
            book_rows: 0,
            sheet: None,
            sheets: 0,
            row: 0,
            total: 0,
        }
    }

    pub(super) fn take(
        &mut self,
        world: &World,
        portion: Portioned,
        (folder, truth): (&mut Folder, &mut Truth),
    ) -> Result<(), Error> {
        let Body::Cells(rows) = portion.body else { return Ok(()) };
        let group = portion.part / self.layout.parts_a_sheet;
        let count = rows.len() as u64;
        let full = self.book_rows + count > ROWS_MAX;
        if full {
            self.close_book(folder)?;
        }
        if self.sheet.as_ref().is_none_or(|(_, open, _)| *open != group) {
            self.finish_sheet()?;
            let name = world.places.part(group * self.layout.parts_a_sheet);
            self.open_sheet(folder, (name, group))?;
        }
        let file = self.file();
        for (cells, told) in rows.iter().zip(&portion.told) {
            self.write(cells).map_err(|source| workbook(&file, source))?;
            let sheet = self.sheet.as_ref().map_or("", |(name, ..)| name.as_str());
            // The row as Excel counts it, from 1, is the one just passed.
            truth.tell(self.source, At { file: &file, sheet, row: u64::from(self.row) }, told)?;
        }
        self.book_rows += count;
        self.total += portion.total;
        Ok(())
    }

    pub(super) fn close(mut self, folder: &mut Folder) -> Result<(), Error> {
        self.close_book(folder)
    }

    /// The open workbook's path below the folder.
    fn file(&self) -> String {
        match self.books {
            0 | 1 => format!("{}.xlsx", self.layout.stem),
            nth => format!("{}_part{nth}.xlsx", self.layout.stem),
        }
    }

    fn open_sheet(&mut self, folder: &Folder, (name, group): (&str, usize)) -> Result<(), Error> {
        if self.book.is_none() {
            self.books += 1;
            self.book_rows = 0;
        }
        let file = self.file();
        let titles = (self.layout.title)(name);
        let order = self.layout.orders[self.sheets % self.layout.orders.len()];
        let begun = match self.book.take() {
            Some(book) => Ok(book),
            None => new_book(folder),
        };
        let mut book = begun.map_err(|source| workbook(&file, source))?;
        book.add_worksheet_with_constant_memory()
            .and_then(|sheet| head(sheet, (name, &titles), self.layout.columns, order))
            .map_err(|source| workbook(&file, source))?;
        self.book = Some(book);
        self.sheet = Some((name.to_owned(), group, self.sheets));
        self.sheets += 1;
        (self.row, self.total) = (TITLE_ROWS + 1, 0);
        Ok(())
    }

    fn order(&self) -> &'static [usize] {
        let number = self.sheet.as_ref().map_or(0, |(.., number)| *number);
        self.layout.orders[number % self.layout.orders.len()]
    }

    fn write(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        let (row, order) = (self.row, self.order());
        let Some(sheet) = self.book.as_mut().and_then(|book| book.worksheets_mut().last_mut())
        else {
            return Ok(());
        };
        for (place, column) in order.iter().enumerate() {
            put(sheet, (row, place as u16), &cells[*column], &self.dated)?;
        }
        self.row += 1;
        Ok(())
    }

    fn finish_sheet(&mut self) -> Result<(), Error> {
        if self.sheet.is_none() {
            return Ok(());
        }
        let mut cells = vec![Cell::Empty; self.layout.columns.len()];
        cells[self.layout.amount] = Cell::Number(self.total as f64);
        cells[self.order()[0]] = Cell::Text("Total".to_owned());
        let file = self.file();
        self.write(&cells).map_err(|source| workbook(&file, source))?;
        self.sheet = None;
        Ok(())
    }

    fn close_book(&mut self, folder: &mut Folder) -> Result<(), Error> {
        self.finish_sheet()?;
        let Some(mut book) = self.book.take() else { return Ok(()) };
        let file = self.file();
        book.save(folder.path(&file)?).map_err(|source| workbook(&file, source))
    }
}

fn new_book(folder: &Folder) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_tempdir(folder.root())?;
    // A fixed date: the same order makes the same bytes.
    let made = ExcelDateTime::from_ymd(2026, 10, 31)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    Ok(book)
}

/// Writes title and header of a sheet.
fn head(
    sheet: &mut Worksheet,
    (name, titles): (&str, &[String; 2]),
    columns: &[&str],
    order: &[usize],
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    let bold = Format::new().set_bold().set_align(FormatAlign::Center);
    let last = columns.len() as u16 - 1;
    for (row, title) in (0..).zip(titles) {
        sheet.merge_range(row, 0, row, last, title, &bold)?;
    }
    for (place, column) in order.iter().enumerate() {
        sheet.write_string_with_format(TITLE_ROWS, place as u16, columns[*column], &bold)?;
    }
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    dated: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, text)?,
        Cell::Number(number) => sheet.write_number(row, column, *number)?,
        Cell::Serial => sheet.write_number(row, column, f64::from(row - TITLE_ROWS))?,
        Cell::Date(date) => {
            let date =
                ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)?;
            sheet.write_datetime_with_format(row, column, &date, dated)?
        }
    };
    Ok(())
}

fn workbook(file: &str, source: XlsxError) -> Error {
    Error::Workbook { file: file.to_owned(), source }
}
