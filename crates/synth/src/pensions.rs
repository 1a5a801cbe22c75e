//! The pensions: one workbook, a sheet for each half of the districts, three lines of title over the header, mixed cell types,
//! a total at the end; the second sheet has its columns in another order.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use crate::{
    Error,
    claim::{Claim, Clerk, Source, Subject},
    dice::{Dice, Stream},
    names::Sex,
    output::{At, Folder, Truth},
    people::Household,
    places::Places,
    plan::{Plan, Window},
    rates::Rates,
    ration::in_fours,
    registry::dashed,
    world::World,
};

const FILE: &str = "pensions/pensions_2026_10.xlsx";
/// Sheets; each has half of the districts and is called after the chief one.
const SHEETS: [&str; 2] = ["Guntur", "Krishna"];
#[rustfmt::skip]
const COLUMNS: [&str; 21] = [
    "S.No", "Pension ID", "Pensioner Name", "Father/Husband Name", "Relation", "Gender", "Date of Birth", "Age",
    "Aadhaar No", "Mobile No", "Village", "Mandal", "District", "Pension Type", "Amount", "Bank A/c No", "IFSC", "Status",
    "Consent", "Channel", "Request Type",
];
/// The order of the columns, sheet by sheet.
const ORDERS: [[usize; 21]; 2] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    [0, 1, 8, 2, 5, 7, 6, 3, 4, 12, 11, 10, 9, 13, 15, 16, 14, 17, 18, 20, 19],
];
const AMOUNT: usize = 14;
/// Rows of the title block; the header is the next.
const TITLE_ROWS: u32 = 3;

#[derive(Debug)]
enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Date(NaiveDate),
}

#[derive(Debug)]
struct Line {
    cells: Vec<Cell>,
    amount: u64,
    claim: Claim,
}

/// The workbook being written.
pub(crate) struct Pensions<'w> {
    clerk: Clerk<'w>,
    plan: Plan,
    sheets: Vec<Worksheet>,
    window: Window<Line>,
    dice: Dice,
    /// Row of the open sheet to be written next, from 0.
    row: u32,
    total: u64,
    rows: u64,
}

impl<'w> Pensions<'w> {
    pub(crate) fn new(world: &'w World, rates: &'w Rates, plan: Plan) -> Result<Self, Error> {
        let mut pensions = Self {
            clerk: Clerk { world, rates, source: Source::Pensions },
            plan,
            sheets: Vec::new(),
            window: Window::new(60),
            dice: Dice::new(world.seed, Stream::Plan, 10, 0),
            row: 0,
            total: 0,
            rows: 0,
        };
        pensions.open_sheet().map_err(workbook)?;
        Ok(pensions)
    }

    /// Lists the pensioners of this household.
    pub(crate) fn visit(&mut self, household: &Household, truth: &mut Truth) -> Result<(), Error> {
        let clerk = self.clerk;
        let district = clerk.world.places.village(household.village).district;
        if district * SHEETS.len() / Places::districts() >= self.sheets.len() {
            self.finish_sheet(truth)?;
            self.open_sheet().map_err(workbook)?;
        }
        let mut lines = Vec::new();
        self.plan.people(clerk.world, household, &mut |subject| lines.push(line(&clerk, subject)));
        for line in lines {
            if let Some(line) = self.window.pass(line, &mut self.dice) {
                self.write(line, truth)?;
            }
        }
        Ok(())
    }

    /// Writes what waits, the last total and the file.
    pub(crate) fn close(mut self, folder: &mut Folder, truth: &mut Truth) -> Result<(), Error> {
        self.finish_sheet(truth)?;
        let mut book = Workbook::new();
        // A fixed date: the same order makes the same bytes.
        let made = ExcelDateTime::from_ymd(2026, 10, 31).map_err(workbook)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        for sheet in self.sheets {
            book.push_worksheet(sheet);
        }
        book.save(folder.path(FILE)?).map_err(workbook)
    }

    fn open_sheet(&mut self) -> Result<(), XlsxError> {
        let number = self.sheets.len();
        let mut sheet = Worksheet::new();
        sheet.set_name(SHEETS[number])?;
        let bold = Format::new().set_bold().set_align(FormatAlign::Center);
        let last = COLUMNS.len() as u16 - 1;
        let title =
            format!("Social Security Pensions - {} and adjoining districts", SHEETS[number]);
        sheet.merge_range(0, 0, 0, last, &title, &bold)?;
        sheet.merge_range(1, 0, 1, last, "as on 31-10-2026", &bold)?;
        for (place, column) in ORDERS[number].iter().enumerate() {
            sheet.write_string_with_format(TITLE_ROWS, place as u16, COLUMNS[*column], &bold)?;
        }
        self.sheets.push(sheet);
        (self.row, self.total) = (TITLE_ROWS + 1, 0);
        Ok(())
    }

    fn write(&mut self, mut line: Line, truth: &mut Truth) -> Result<(), Error> {
        let number = self.sheets.len() - 1;
        let key = self.clerk.world.numbers.key(0, self.rows);
        line.cells[0] = Cell::Number(f64::from(self.row - TITLE_ROWS));
        line.cells[1] = Cell::Text(format!("PN{key}"));
        for (place, column) in ORDERS[number].iter().enumerate() {
            put(&mut self.sheets[number], (self.row, place as u16), &line.cells[*column])
                .map_err(workbook)?;
        }
        self.row += 1;
        self.rows += 1;
        self.total += line.amount;
        // The row as Excel counts it, from 1, is the one just passed.
        let at = At { file: FILE, sheet: SHEETS[number], row: u64::from(self.row) };
        truth.tell(Source::Pensions, at, line.claim)
    }

    fn finish_sheet(&mut self, truth: &mut Truth) -> Result<(), Error> {
        for line in self.window.rest() {
            self.write(line, truth)?;
        }
        let number = self.sheets.len() - 1;
        let amount = ORDERS[number].iter().position(|column| *column == AMOUNT).unwrap_or_default();
        let sheet = &mut self.sheets[number];
        put(sheet, (self.row, 0), &Cell::Text("Total".to_owned())).map_err(workbook)?;
        put(sheet, (self.row, amount as u16), &Cell::Number(self.total as f64)).map_err(workbook)
    }
}

fn workbook(source: XlsxError) -> Error {
    Error::Workbook { file: FILE, source }
}

fn put(sheet: &mut Worksheet, (row, column): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, column, text)?,
        Cell::Number(number) => sheet.write_number(row, column, *number)?,
        Cell::Date(date) => {
            let date =
                ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)?;
            sheet.write_datetime_with_format(
                row,
                column,
                &date,
                &Format::new().set_num_format("dd-mm-yyyy"),
            )?
        }
    };
    Ok(())
}

fn text(value: &str) -> Cell {
    if value.is_empty() { Cell::Empty } else { Cell::Text(value.to_owned()) }
}

/// A number cell, or text where the clerk typed it so (in groups of four, for an id).
fn digits(value: &str, as_text: bool) -> Cell {
    match value.parse() {
        Ok(number) if !as_text => Cell::Number(number),
        _ if value.len() == 12 => Cell::Text(in_fours(value)),
        _ => text(value),
    }
}

/// A real date, dd-mm-yyyy or d/m/yyyy.
fn date(birth: Option<NaiveDate>, dice: &mut Dice) -> Cell {
    let Some(birth) = birth else { return Cell::Empty };
    match dice.weighted(&[0.5, 0.3, 0.2]) {
        0 if birth.year() >= 1900 => Cell::Date(birth),
        0 | 1 => Cell::Text(dashed(birth)),
        _ => Cell::Text(format!("{}/{}/{}", birth.day(), birth.month(), birth.year())),
    }
}

fn line(clerk: &Clerk, subject: &Subject) -> Line {
    let (claim, mut dice) = clerk.write(subject);
    let person = subject.person;
    let (kind, amount) = match person.age() {
        _ if person.disabled => ("Disabled", 6000),
        40.. if person.widowed && person.sex == Sex::Female => ("Widow", 4000),
        60.. => ("Old Age", 4000),
        _ => (*dice.pick(&["Weaver", "Toddy Tapper", "Fisherman"]), 4000),
    };
    let places = &clerk.world.places;
    let village = places.village(claim.village);
    let relation = match claim.relation {
        "Husband" => "W/o",
        "Father" if claim.sex == Sex::Male => "S/o",
        "Father" => "D/o",
        _ => "",
    };
    let channel = ["MeeSeva", "Department", "MeeKosam", "PeopleFirst"]
        [dice.weighted(&[0.45, 0.35, 0.12, 0.08])];
    let cells = vec![
        Cell::Empty,
        Cell::Empty,
        text(&claim.name),
        text(&claim.relative),
        text(relation),
        text(if claim.sex == Sex::Male { "M" } else { "F" }),
        date(claim.birth, &mut dice),
        Cell::Number(claim.age as f64),
        digits(&claim.id, dice.chance(0.2)),
        digits(&claim.mobile, dice.chance(0.1)),
        text(&claim.village_name),
        text(places.mandal(village)),
        text(Places::district(village.district)),
        text(kind),
        Cell::Number(amount as f64),
        text(&claim.account.0),
        text(&claim.account.1),
        text(if dice.chance(0.98) { "ACTIVE" } else { "HOLD" }),
        text(claim.consent),
        text(channel),
        text(if dice.chance(0.8) { "New" } else { "Modification" }),
    ];
    Line { cells, amount, claim }
}
