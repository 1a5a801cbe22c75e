//! One table: rows come in as read, records go out, everything else is counted under a rule.

use milaan_model::reading::{FileCounts, Reading, SkipRule, WantedColumn};

use crate::batches::PieceSink;
use crate::body::{Body, Settled};
use crate::error::Error;
use crate::header;
use crate::layout::{self, Layout, Looked};
use crate::limits::Limits;
use crate::reject::Reject;
use crate::row::RawRow;
use crate::rules;
use crate::unnamed;

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
    as_written: bool,
}

impl<'a> Cells<'a> {
    /// `as_written`: quoted blanks at the ends of a cell are kept.
    pub(crate) fn new(row: &'a RawRow, places: &'a [Option<usize>], as_written: bool) -> Self {
        Self { row, places, as_written }
    }

    /// The row's number in its file or sheet.
    pub(crate) fn row(&self) -> u64 {
        self.row.number
    }

    /// The cells; `None` where there is nothing.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&'a str>> {
        let (row, as_written) = (self.row, self.as_written);
        let cell = move |at| if as_written { row.written(at) } else { row.cell(at) };
        self.places.iter().map(move |place| place.and_then(cell))
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
    /// Whether the next sheet is wanted once this one gave enough.
    fn next_sheet(&mut self) -> Flow {
        Flow::Enough
    }
    /// A sink for rows further down that are read at the same time; `None`: one row after the other.
    fn piece(&self) -> Option<PieceSink> {
        None
    }
    /// Takes what a piece holds, once all rows above it were given.
    fn join(&mut self, _piece: PieceSink) -> Result<Flow, Error> {
        Ok(Flow::Enough)
    }
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
    /// Whether quoted blanks at the ends of a cell are kept.
    pub(crate) as_written: bool,
    /// The delimiter of text; `None`: a sheet.
    pub(crate) delimiter: Option<&'a str>,
}

/// A table whose first rows are looked at until its layout is known.
pub(crate) struct Table<'a> {
    task: Task<'a>,
    body: Body<'a>,
    /// Rows looked at until the header is found, and whether a blank one stands before each.
    looking: Option<(Vec<RawRow>, Vec<bool>)>,
    looked_cells: usize,
    after_blank: bool,
}

impl<'a> Table<'a> {
    pub(crate) fn new(task: Task<'a>) -> Self {
        Self {
            task,
            body: Body::new(task),
            looking: Some((Vec::new(), Vec::new())),
            looked_cells: 0,
            after_blank: false,
        }
    }

    /// The table below the header, once that is known.
    pub(crate) fn settled(&mut self) -> Option<&mut Body<'a>> {
        self.looking.is_none().then_some(&mut self.body)
    }

    /// Takes the next row.
    pub(crate) fn push(&mut self, row: &RawRow, sink: &mut dyn Sink) -> Result<Flow, Error> {
        if self.looking.is_some() {
            self.body.pushed += 1;
            self.look(row, sink)?;
            return Ok(self.body.flow());
        }
        self.body.push(row, sink)
    }

    /// Blank rows that the format leaves out.
    pub(crate) fn push_blanks(&mut self, first: u64, count: u64) {
        self.after_blank = true;
        self.body.push_blanks(first, count);
    }

    fn look(&mut self, row: &RawRow, sink: &mut dyn Sink) -> Result<(), Error> {
        if row.is_blank() {
            self.after_blank = true;
            self.body.wait_blank(row.number, 1);
            return Ok(());
        }
        self.body.flush_blanks()?;
        if self.task.reading.header_row.is_some_and(|stated| row.number < stated) {
            return self.body.skip(row.number, SkipRule::Preamble);
        }
        let stated = self.task.reading.header_row == Some(row.number);
        if !stated && row.problem.is_none() {
            if rules::is_ruling(row) {
                return self.body.skip(row.number, SkipRule::Ruling);
            }
            if rules::is_stated_comment(row, self.task.reading) {
                return self.body.skip(row.number, SkipRule::Comment);
            }
        }
        let (rows, gaps) = self.looking.get_or_insert_default();
        rows.push(row.clone());
        gaps.push(std::mem::take(&mut self.after_blank));
        self.looked_cells += row.len();
        let enough = rows.len() >= header::WIDTH_ROWS
            || (rows.len() >= header::LOOK_ROWS && self.looked_cells >= header::WIDTH_CELLS);
        if enough { self.settle(false, sink) } else { Ok(()) }
    }

    /// Chooses the header, then takes the rows that waited for it. `whole`: there are no others.
    fn settle(&mut self, whole: bool, sink: &mut dyn Sink) -> Result<(), Error> {
        let (rows, gaps) = self.looking.take().unwrap_or_default();
        // Blank rows that still wait stand below all of them.
        let waiting = std::mem::take(&mut self.body.blanks);
        let seen = rows.len().min(header::LOOK_ROWS);
        // Of a long table the columns that nobody named or filled stay: somebody may rely on their places.
        let whole = whole && rows.len() < header::LOOK_ROWS;
        let mut layout = self.choose(Looked { rows: &rows[..seen], gaps: &gaps[..seen] })?;
        let first = layout.start..layout.table.end;
        // The layout shows on the first rows; how wide the table is may show further down.
        if layout.table.end == seen {
            layout.table.end = rows.len();
        }
        let records = Looked { rows: &rows, gaps: &gaps }.part(layout.start..layout.table.end);
        let header = (!layout.header.is_empty()).then(|| {
            let combined = layout::combined(&rows[layout.header.clone()]);
            header::without_slip(combined, records.rows)
        });
        let settled = self.places(header.as_ref(), records, whole, sink)?;
        self.body.settle(settled, &rows, &layout, first);
        let others = rows[..layout.table.start].iter().any(|row| row.filled().count() > 1);
        for (at, row) in rows.iter().enumerate() {
            let rule = if at < layout.table.start && others {
                SkipRule::OtherTable
            } else if layout.header.contains(&at) {
                SkipRule::Header
            } else if layout.units == Some(at) {
                SkipRule::UnitsRow
            } else if at < layout.start {
                SkipRule::Preamble
            } else {
                if at == layout.table.end {
                    self.body.begin_other(sink)?;
                }
                self.body.take(row, gaps[at], sink)?;
                continue;
            };
            self.body.skip(row.number, rule)?;
        }
        self.body.blanks = waiting;
        Ok(())
    }

    fn choose(&self, looked: Looked<'_>) -> Result<Layout, Error> {
        let (task, rows) = (&self.task, looked.rows);
        let all = 0..rows.len();
        let stated = match task.reading.header_row {
            Some(0) => {
                let start = header::first_table_row(rows);
                return Ok(Layout { table: all, header: start..start, units: None, start });
            }
            Some(row) => {
                Some(rows.iter().position(|found| found.number == row).ok_or_else(|| {
                    Error::NoHeader { file: task.file.into(), sheet: task.sheet.into(), row }
                })?)
            }
            None => None,
        };
        if task.wanted.is_empty() {
            return Ok(match stated {
                Some(at) => layout::around(looked, at).only(at),
                None => layout::find(looked),
            });
        }
        if let Some(at) = stated {
            let best = header::best(&rows[at..=at], task.wanted);
            let lacks = best.map_or_else(|| self.first_required(), |best| best.lacks);
            return match lacks {
                None => Ok(layout::around(looked, at).only(at)),
                Some(column) => Err(self.missing(&task.wanted[column], &rows[at])),
            };
        }
        self.wanted(looked)
    }

    fn first_required(&self) -> Option<usize> {
        self.task.wanted.iter().position(|column| column.required)
    }

    /// The header that has the wanted columns: one row, or the names of a few together.
    fn wanted(&self, looked: Looked<'_>) -> Result<Layout, Error> {
        let (rows, wanted) = (looked.rows, self.task.wanted);
        let best = header::best(rows, wanted);
        if best.as_ref().is_none_or(|best| best.lacks.is_some()) {
            for high in 2..=layout::HEADER_ROWS_MAX {
                let spans: Vec<RawRow> = rows.windows(high).map(layout::combined).collect();
                if let Some(found) =
                    header::best(&spans, wanted).filter(|best| best.lacks.is_none())
                {
                    let bottom = found.index + high - 1;
                    let header = found.index..bottom + 1;
                    return Ok(Layout { header, ..layout::around(looked, bottom) });
                }
            }
        }
        let lacks = best.as_ref().map_or_else(|| self.first_required(), |best| best.lacks);
        let index = best.map(|best| best.index).or_else(|| header::guess(rows));
        match (lacks, index) {
            (Some(column), index) => Err(self.missing(&wanted[column], &rows[index.unwrap_or(0)])),
            (None, Some(index)) => Ok(layout::around(looked, index).only(index)),
            (None, None) => {
                let start = header::first_table_row(rows);
                Ok(Layout { table: 0..rows.len(), header: start..start, units: None, start })
            }
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
    fn places(
        &mut self,
        header: Option<&RawRow>,
        looked: Looked<'_>,
        whole: bool,
        sink: &mut dyn Sink,
    ) -> Result<Settled, Error> {
        let (task, records) = (self.task, looked.rows);
        let named = header::width(header, records);
        let width = header.map_or(named, |_| unnamed::width(looked, named));
        let reach = header.map_or(width, |row| row.len().min(width));
        let headed = header.map_or(width, |row| row.len().max(row.extent()));
        if width > headed {
            let columns: Vec<String> = (headed + 1..=width).map(|at| at.to_string()).collect();
            self.body.counts.found.push(("unnamed_columns".to_owned(), columns.join(", ")));
        }
        if task.wanted.is_empty() {
            let empty = header::empty_columns(header, records, width, whole);
            let places: Vec<usize> = (0..width).filter(|at| !empty.contains(at)).collect();
            let names = header::names(header, &places, task.reserved);
            sink.columns(task.sheet, &names)?;
            let places = places.into_iter().map(Some).collect();
            return Ok(Settled { width, reach, places, empty });
        }
        // A header named like a lineage column may well be wanted under another name.
        let written = header::unique_names(header, width, &[]);
        let places = header::map(&written, task.wanted);
        let counts: &mut FileCounts = &mut self.body.counts;
        for (column, place) in task.wanted.iter().zip(&places) {
            if place.is_none() && column.required {
                return Err(self.missing(column, header.unwrap_or(&RawRow::default())));
            }
            if place.is_none() {
                counts.columns_absent.push(column.header.clone());
            }
        }
        for (at, name) in written.into_iter().enumerate() {
            if !places.contains(&Some(at)) && header.is_some_and(|row| row.cell(at).is_some()) {
                counts.columns_ignored.push(name);
            }
        }
        let columns: Vec<String> = task.wanted.iter().map(|column| column.header.clone()).collect();
        sink.columns(task.sheet, &columns)?;
        Ok(Settled { width, reach, places, empty: Vec::new() })
    }

    /// Ends the table: what is held back is settled, trailing blank rows are forgotten, the counts are checked.
    /// `None`: no row held anything.
    pub(crate) fn finish(mut self, sink: &mut dyn Sink) -> Result<Option<FileCounts>, Error> {
        if let Some((rows, _)) = &self.looking {
            if rows.is_empty() && self.body.counts.rows_read == 0 {
                return Ok(None);
            }
            self.settle(true, sink)?;
        }
        self.body.finish(sink).map(Some)
    }
}
