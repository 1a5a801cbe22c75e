//! One table: rows come in as read, records go out, everything else is counted under a rule.

use std::collections::VecDeque;

use milaan_model::reading::{FileCounts, Reading, SkipRule, SkippedLine, WantedColumn};

use crate::error::Error;
use crate::fold::{fold, folds_to};
use crate::header;
use crate::limits::Limits;
use crate::reject::{Reject, RejectRule};
use crate::row::RawRow;
use crate::rules::{Totals, is_prose};

/// Whether more rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Go on.
    More,
    /// The sink has what it needs.
    Enough,
}

/// A record's cells in the order of the landed columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'a> {
    row: &'a RawRow,
    places: &'a [Option<usize>],
}

impl<'a> Cells<'a> {
    pub(crate) fn new(row: &'a RawRow, places: &'a [Option<usize>]) -> Self {
        Self { row, places }
    }

    /// The row's number in its file or sheet.
    pub(crate) fn row(&self) -> u64 {
        self.row.number
    }

    /// The cells; `None` where there is nothing.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&'a str>> {
        let row = self.row;
        self.places.iter().map(move |place| place.and_then(|at| row.cell(at)))
    }
}

/// Takes what a table gives.
pub(crate) trait Sink {
    /// The landed columns, before the first row.
    fn columns(&mut self, sheet: &str, columns: &[String]) -> Result<(), Error>;
    /// The columns that later tables have to fill, once the first table has said them.
    fn fixed(&self) -> Vec<WantedColumn> {
        Vec::new()
    }
    /// A record.
    fn row(&mut self, cells: Cells<'_>) -> Result<Flow, Error>;
    /// A row that could not be read.
    fn reject(&mut self, reject: Reject) -> Result<(), Error>;
}

/// What a table is to become.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Task<'a> {
    pub(crate) file: &'a str,
    pub(crate) sheet: &'a str,
    pub(crate) reading: &'a Reading,
    /// Columns to fill; empty: those found.
    pub(crate) wanted: &'a [WantedColumn],
    pub(crate) limits: &'a Limits,
    /// Names a found column may not have.
    pub(crate) reserved: &'a [&'a str],
    /// The delimiter of text; `None`: a sheet.
    pub(crate) delimiter: Option<u8>,
}

/// Rows that may turn out to be footers are held back, up to so many.
const HELD_MAX: usize = 1000;

pub(crate) struct Table<'a> {
    task: Task<'a>,
    totals: Totals,
    counts: FileCounts,
    pushed: u64,
    /// Rows looked at until the header is found.
    looking: Option<Vec<RawRow>>,
    /// Blank runs that are rows only if something follows: first row, how many.
    blanks: Vec<(u64, u64)>,
    held: VecDeque<RawRow>,
    header: Vec<(usize, String)>,
    width: usize,
    places: Vec<Option<usize>>,
    enough: bool,
}

impl<'a> Table<'a> {
    pub(crate) fn new(task: Task<'a>) -> Self {
        let counts = FileCounts {
            file: task.file.to_owned(),
            sheet: task.sheet.to_owned(),
            ..FileCounts::default()
        };
        Self {
            totals: Totals::new(&task.reading.total_words),
            counts,
            pushed: 0,
            looking: Some(Vec::new()),
            blanks: Vec::new(),
            held: VecDeque::new(),
            header: Vec::new(),
            width: 0,
            places: Vec::new(),
            enough: false,
            task,
        }
    }

    /// Takes the next row.
    pub(crate) fn push(&mut self, row: &RawRow, sink: &mut dyn Sink) -> Result<Flow, Error> {
        self.pushed += 1;
        if self.looking.is_some() {
            self.look(row, sink)?;
        } else {
            self.body(row, sink)?;
        }
        Ok(if self.enough { Flow::Enough } else { Flow::More })
    }

    /// Blank rows that the format leaves out.
    pub(crate) fn push_blanks(&mut self, first: u64, count: u64) {
        self.pushed += count;
        self.wait_blank(first, count);
    }

    fn wait_blank(&mut self, first: u64, count: u64) {
        match self.blanks.last_mut() {
            Some((start, run)) if *start + *run == first => *run += count,
            _ if count > 0 => self.blanks.push((first, count)),
            _ => {}
        }
    }

    fn look(&mut self, row: &RawRow, sink: &mut dyn Sink) -> Result<(), Error> {
        if row.is_blank() {
            self.wait_blank(row.number, 1);
            return Ok(());
        }
        self.flush_blanks()?;
        if self.task.reading.header_row.is_some_and(|stated| row.number < stated) {
            return self.skip(row.number, SkipRule::Preamble);
        }
        let rows = self.looking.get_or_insert_default();
        rows.push(row.clone());
        if rows.len() >= header::LOOK_ROWS { self.settle(sink) } else { Ok(()) }
    }

    /// Chooses the header, then takes the rows that waited for it.
    fn settle(&mut self, sink: &mut dyn Sink) -> Result<(), Error> {
        let rows = self.looking.take().unwrap_or_default();
        // Blank rows that still wait stand below all of them.
        let waiting = std::mem::take(&mut self.blanks);
        let header = self.choose(&rows)?;
        let start = header.map_or_else(|| header::first_table_row(&rows), |at| at + 1);
        self.width = width(header.map(|at| &rows[at]), &rows[start..]);
        self.places(header.map(|at| &rows[at]), sink)?;
        for (at, row) in rows.iter().enumerate() {
            if Some(at) == header {
                self.counts.header_row = Some(row.number);
                self.skip(row.number, SkipRule::Header)?;
            } else if at < start {
                self.skip(row.number, SkipRule::Preamble)?;
            } else {
                self.body(row, sink)?;
            }
        }
        self.blanks = waiting;
        Ok(())
    }

    fn choose(&self, rows: &[RawRow]) -> Result<Option<usize>, Error> {
        let task = &self.task;
        let stated = match task.reading.header_row {
            Some(0) => return Ok(None),
            Some(row) => {
                Some(rows.iter().position(|found| found.number == row).ok_or_else(|| {
                    Error::NoHeader { file: task.file.into(), sheet: task.sheet.into(), row }
                })?)
            }
            None => None,
        };
        if task.wanted.is_empty() {
            return Ok(stated.or_else(|| header::guess(rows)));
        }
        let among = stated.map_or(rows, |at| &rows[at..=at]);
        let best = header::best(among, task.wanted);
        let lacks = match &best {
            Some(best) => best.lacks,
            None => task.wanted.iter().position(|column| column.required),
        };
        let index = stated.or(best.map(|best| best.index)).or_else(|| header::guess(rows));
        match lacks.map(|at| &task.wanted[at]) {
            None => Ok(index),
            Some(column) => Err(self.missing(column, &rows[index.unwrap_or(0)])),
        }
    }

    fn missing(&self, column: &WantedColumn, header: &RawRow) -> Error {
        let names = header::unique_names(Some(header), header.extent(), &[]);
        Error::ColumnMissing {
            file: self.task.file.to_owned(),
            sheet: self.task.sheet.to_owned(),
            column: column.header.clone(),
            header_row: header.number,
            did_you_mean: header::nearest(column, &names),
        }
    }

    /// Which column goes where; what is not asked for and what is not there.
    fn places(&mut self, header: Option<&RawRow>, sink: &mut dyn Sink) -> Result<(), Error> {
        let task = self.task;
        let names = header::unique_names(header, self.width, task.reserved);
        self.header = header
            .map_or_else(Vec::new, |row| row.filled().map(|(at, text)| (at, fold(text))).collect());
        if task.wanted.is_empty() {
            self.places = (0..self.width).map(Some).collect();
            return sink.columns(task.sheet, &names);
        }
        // A header named like a lineage column may well be wanted under another name.
        let written = header::unique_names(header, self.width, &[]);
        self.places = header::map(&written, task.wanted);
        for (column, place) in task.wanted.iter().zip(&self.places) {
            if place.is_none() && column.required {
                return Err(self.missing(column, header.unwrap_or(&RawRow::default())));
            }
            if place.is_none() {
                self.counts.columns_absent.push(column.header.clone());
            }
        }
        for (at, name) in written.into_iter().enumerate() {
            if !self.places.contains(&Some(at)) && header.is_some_and(|row| row.cell(at).is_some())
            {
                self.counts.columns_ignored.push(name);
            }
        }
        let columns: Vec<String> = task.wanted.iter().map(|column| column.header.clone()).collect();
        sink.columns(task.sheet, &columns)
    }

    fn body(&mut self, row: &RawRow, sink: &mut dyn Sink) -> Result<(), Error> {
        if row.is_blank() {
            self.wait_blank(row.number, 1);
            return Ok(());
        }
        self.flush_blanks()?;
        if row.problem.is_none() {
            if self.is_header_again(row) {
                return self.skip(row.number, SkipRule::RepeatedHeader);
            }
            if self.totals.matches(row) {
                return self.skip(row.number, SkipRule::TotalLine);
            }
            if self.width > 1 && row.only_cell().is_some() {
                self.held.push_back(row.clone());
                if self.held.len() > HELD_MAX
                    && let Some(oldest) = self.held.pop_front()
                {
                    self.settle_row(&oldest, sink)?;
                }
                return Ok(());
            }
        }
        while let Some(held) = self.held.pop_front() {
            self.settle_row(&held, sink)?;
        }
        self.settle_row(row, sink)
    }

    fn is_header_again(&self, row: &RawRow) -> bool {
        !self.header.is_empty()
            && self
                .header
                .iter()
                .all(|(at, name)| row.cell(*at).is_some_and(|cell| folds_to(cell, name)))
    }

    /// Lands or rejects a row.
    fn settle_row(&mut self, row: &RawRow, sink: &mut dyn Sink) -> Result<(), Error> {
        if self.enough {
            return Ok(());
        }
        let rule = row.problem.or_else(|| self.misfit(row));
        self.counts.rows_read += 1;
        if let Some(rule) = rule {
            self.counts.rows_rejected += 1;
            if self.counts.rows_rejected > self.task.limits.rejects_max {
                return Err(self.too_many("rejected rows", self.task.limits.rejects_max));
            }
            return sink.reject(self.rejected(row, rule));
        }
        self.counts.rows_landed += 1;
        self.enough = sink.row(Cells::new(row, &self.places))? == Flow::Enough;
        Ok(())
    }

    fn misfit(&self, row: &RawRow) -> Option<RejectRule> {
        if row.extent() > self.width {
            Some(RejectRule::TooManyCells)
        } else if self.task.delimiter.is_some() && row.len() * 2 < self.width {
            Some(RejectRule::TooFewCells)
        } else {
            None
        }
    }

    fn rejected(&self, row: &RawRow, rule: RejectRule) -> Reject {
        let reason = match rule {
            RejectRule::TooManyCells => {
                format!("{}: {} for {}", rule.reason(), row.extent(), self.width)
            }
            RejectRule::TooFewCells => {
                format!("{}: {} for {}", rule.reason(), row.len(), self.width)
            }
            _ => rule.reason().to_owned(),
        };
        Reject {
            file: self.task.file.to_owned(),
            sheet: self.task.sheet.to_owned(),
            row: row.number,
            rule,
            column: None,
            reason,
            raw: row.raw(self.task.delimiter.map_or('\t', char::from)),
        }
    }

    fn skip(&mut self, row: u64, rule: SkipRule) -> Result<(), Error> {
        if self.enough {
            return Ok(());
        }
        if self.counts.skipped.len() as u64 >= self.task.limits.skipped_max {
            return Err(self.too_many("skipped lines", self.task.limits.skipped_max));
        }
        self.counts.rows_read += 1;
        self.counts.skipped.push(SkippedLine { row, rule });
        Ok(())
    }

    fn flush_blanks(&mut self) -> Result<(), Error> {
        for (first, count) in std::mem::take(&mut self.blanks) {
            for row in first..first + count {
                self.skip(row, SkipRule::Blank)?;
            }
        }
        Ok(())
    }

    fn too_many(&self, what: &'static str, limit: u64) -> Error {
        Error::TooLarge { file: self.task.file.to_owned(), what, limit }
    }

    /// Ends the table: what is held back is settled, trailing blank rows are forgotten, the counts are checked.
    /// `None`: no row held anything.
    pub(crate) fn finish(mut self, sink: &mut dyn Sink) -> Result<Option<FileCounts>, Error> {
        if let Some(rows) = &self.looking {
            if rows.is_empty() && self.counts.rows_read == 0 {
                return Ok(None);
            }
            self.settle(sink)?;
        }
        let mut footer = false;
        while let Some(row) = self.held.pop_front() {
            footer |= row.only_cell().is_some_and(is_prose);
            if footer {
                self.skip(row.number, SkipRule::Footer)?;
            } else {
                self.settle_row(&row, sink)?;
            }
        }
        self.counts.skipped.sort_by_key(|line| line.row);
        let trailing: u64 = self.blanks.iter().map(|(_, count)| count).sum();
        let counts = self.counts;
        if !counts.adds_up() || (!self.enough && counts.rows_read != self.pushed - trailing) {
            return Err(Error::CountsDisagree {
                read: self.pushed - trailing,
                landed: counts.rows_landed,
                rejected: counts.rows_rejected,
                skipped: counts.skipped.len() as u64,
                file: counts.file,
                sheet: counts.sheet,
            });
        }
        Ok(Some(counts))
    }
}

/// The header's columns up to the last named one; wider if most rows below, or a row below under an unnamed but
/// present header cell, fill more.
fn width(header: Option<&RawRow>, below: &[RawRow]) -> usize {
    let extents: Vec<usize> =
        below.iter().filter(|row| row.problem.is_none()).map(RawRow::extent).collect();
    let Some(header) = header else {
        return extents.iter().copied().max().unwrap_or(1).max(1);
    };
    let named = header.extent();
    let unnamed =
        extents.iter().copied().filter(|&extent| extent <= header.len()).max().unwrap_or(0);
    let mut wider: Vec<usize> = extents.iter().copied().filter(|&extent| extent > named).collect();
    wider.sort_unstable();
    let usual = if wider.len() * 2 > extents.len() { wider[wider.len() / 2] } else { 0 };
    named.max(unnamed).max(usual).max(1)
}
