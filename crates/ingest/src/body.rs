//! The rows below a header: records, rejects and lines that are neither, each counted.

use std::collections::VecDeque;
use std::ops::Range;

use milaan_model::reading::{FileCounts, SkipRule, SkippedLine};

use crate::error::Error;
use crate::fold::{fold, folds_to, is_value};
use crate::layout::{self, Known, Layout};
use crate::lost::Lost;
use crate::reject::{CELL_BYTES_MAX, Reject, RejectRule};
use crate::row::{RawRow, cut};
use crate::rules::{self, Totals, is_place_or_date, is_prose};
use crate::table::{Cells, Flow, Sink, Task};
use crate::years;

/// Rows that may turn out to be footers are held back, up to so many.
const HELD_MAX: usize = 1000;
/// Rows after which it is clear whether another table has begun.
const SUSPECT_MAX: usize = 12;

/// The columns of a table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settled {
    /// Columns of the file that a record may fill.
    pub(crate) width: usize,
    /// Of these, the ones that the header reaches over: a row with fewer cells is short.
    pub(crate) reach: usize,
    /// For each landed column the file's.
    pub(crate) places: Vec<Option<usize>>,
    /// Columns of the file without name and without a filled cell so far; they are not landed.
    pub(crate) empty: Vec<usize>,
}

/// Whether the rows still are the table's.
#[derive(Debug, Clone, Default)]
enum Part {
    #[default]
    Main,
    /// Rows that look like the beginning of another table, with blank ones before each.
    Suspect(Vec<(RawRow, bool)>),
    /// Another table.
    Other,
}

pub(crate) struct Body<'a> {
    task: Task<'a>,
    totals: Totals,
    settled: Settled,
    known: Known,
    /// Header rows as they may come again; the row of units.
    headers: Vec<Vec<(usize, String)>>,
    units: Vec<String>,
    pub(crate) counts: FileCounts,
    pub(crate) pushed: u64,
    /// Blank runs that are rows only if something follows: first row, how many.
    pub(crate) blanks: Vec<(u64, u64)>,
    held: VecDeque<(RawRow, bool)>,
    part: Part,
    after_header: bool,
    other_first: Option<u64>,
    enough: bool,
    lost: Lost,
    /// Records with fewer cells than the header, and the row of the first.
    padded: (u64, u64),
    /// Whether rows above this part are read at the same time.
    fork: bool,
}

impl<'a> Body<'a> {
    pub(crate) fn new(task: Task<'a>) -> Self {
        let counts = FileCounts {
            file: task.file.to_owned(),
            sheet: task.sheet.to_owned(),
            ..FileCounts::default()
        };
        Self {
            totals: Totals::new(&task.reading.total_words),
            settled: Settled::default(),
            known: Known::default(),
            headers: Vec::new(),
            units: Vec::new(),
            counts,
            pushed: 0,
            blanks: Vec::new(),
            held: VecDeque::new(),
            part: Part::Main,
            after_header: false,
            other_first: None,
            enough: false,
            lost: Lost::default(),
            padded: (0, 0),
            fork: false,
            task,
        }
    }

    /// Takes what was found on the first rows; `first`: the records among those that show the layout.
    pub(crate) fn settle(
        &mut self,
        settled: Settled,
        rows: &[RawRow],
        layout: &Layout,
        first: Range<usize>,
    ) {
        let header = &rows[layout.header.clone()];
        self.counts.header_row = header.last().map(|row| row.number);
        if header.len() > 1 {
            let (first, last) = (header[0].number, header[header.len() - 1].number);
            self.counts.found.push(("header_rows".to_owned(), format!("{first} to {last}")));
        }
        self.headers = header
            .iter()
            .map(|row| row.filled().map(|(at, text)| (at, fold(text))).collect::<Vec<_>>())
            .filter(|names| names.len() > 1 || settled.width == 1)
            .collect();
        self.units = layout.units.map(|at| layout::named(&rows[at])).unwrap_or_default();
        let is_even =
            self.task.delimiter.is_some() && layout::is_even(&rows[first.clone()], settled.width);
        self.known = Known {
            typed: layout::typed_columns(&rows[first]),
            width: settled.width,
            names: header.iter().map(layout::named).collect(),
            is_even,
        };
        self.settled = settled;
    }

    pub(crate) fn flow(&self) -> Flow {
        if self.enough { Flow::Enough } else { Flow::More }
    }

    /// A body for rows further down, to be read at the same time.
    pub(crate) fn fork(&self) -> Self {
        let mut fork = Self::new(self.task);
        fork.totals = self.totals.clone();
        fork.settled = self.settled.clone();
        fork.known = self.known.clone();
        fork.headers.clone_from(&self.headers);
        fork.units.clone_from(&self.units);
        fork.fork = true;
        fork
    }

    /// Whether a fork's rows can only be understood after those above them.
    pub(crate) fn depends(&self) -> bool {
        self.suspects() || (self.after_header && !self.fork)
    }

    /// Whether another table may have begun.
    pub(crate) fn suspects(&self) -> bool {
        !matches!(self.part, Part::Main)
    }

    /// Takes what a fork made of the rows that follow; the sink has yet to take its records.
    pub(crate) fn absorb(&mut self, fork: Self, sink: &mut dyn Sink) -> Result<(), Error> {
        self.pushed += fork.pushed;
        let filled = fork.counts.rows_read > 0 || !fork.held.is_empty();
        if filled {
            self.flush_blanks()?;
        }
        if fork.counts.rows_landed + fork.counts.rows_rejected > 0 {
            while let Some((held, _)) = self.held.pop_front() {
                self.settle_row(&held, sink)?;
            }
        }
        for (first, count) in fork.blanks {
            self.wait_blank(first, count);
        }
        self.held.extend(fork.held);
        while self.held.len() > HELD_MAX
            && let Some((oldest, _)) = self.held.pop_front()
        {
            self.settle_row(&oldest, sink)?;
        }
        self.after_header = fork.after_header;
        self.lost.add(fork.lost);
        let first = if self.padded.0 > 0 { self.padded.1 } else { fork.padded.1 };
        self.padded = (self.padded.0 + fork.padded.0, first);
        let (counts, other) = (&mut self.counts, fork.counts);
        counts.rows_read += other.rows_read;
        counts.rows_landed += other.rows_landed;
        counts.rows_rejected += other.rows_rejected;
        counts.skipped.extend(other.skipped);
        if counts.rows_rejected > self.task.limits.rejects_max {
            return Err(self.too_many("rejected rows", self.task.limits.rejects_max));
        }
        if self.counts.skipped.len() as u64 > self.task.limits.skipped_max {
            return Err(self.too_many("skipped lines", self.task.limits.skipped_max));
        }
        Ok(())
    }

    /// Takes the next row.
    pub(crate) fn push(&mut self, row: &RawRow, sink: &mut dyn Sink) -> Result<Flow, Error> {
        self.pushed += 1;
        if row.is_blank() {
            self.wait_blank(row.number, 1);
        } else {
            let after_blank = !self.blanks.is_empty();
            self.flush_blanks()?;
            self.take(row, after_blank, sink)?;
        }
        Ok(self.flow())
    }

    /// Blank rows that the format leaves out.
    pub(crate) fn push_blanks(&mut self, first: u64, count: u64) {
        self.pushed += count;
        self.wait_blank(first, count);
    }

    pub(crate) fn wait_blank(&mut self, first: u64, count: u64) {
        match self.blanks.last_mut() {
            Some((start, run)) if *start + *run == first => *run += count,
            _ if count > 0 => self.blanks.push((first, count)),
            _ => {}
        }
    }

    /// Takes a filled row.
    pub(crate) fn take(
        &mut self,
        row: &RawRow,
        after_blank: bool,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let again = row.problem.is_none() && self.is_header_again(row);
        match &mut self.part {
            Part::Main => {}
            Part::Other if again => self.part = Part::Main,
            Part::Other => return self.skip(row.number, SkipRule::OtherTable),
            Part::Suspect(rows) if !again => {
                rows.push((row.clone(), after_blank));
                return if rows.len() >= SUSPECT_MAX { self.decide(sink) } else { Ok(()) };
            }
            Part::Suspect(_) => self.decide(sink)?,
        }
        if again {
            self.after_header = true;
            return self.skip(row.number, SkipRule::RepeatedHeader);
        }
        if row.problem.is_none() && self.is_suspect(row, after_blank) {
            self.part = Part::Suspect(vec![(row.clone(), after_blank)]);
            return Ok(());
        }
        self.ordinary(row, after_blank, sink)
    }

    /// Whether another table may begin here: words alone, where this table has values or no columns.
    fn is_suspect(&self, row: &RawRow, after_blank: bool) -> bool {
        let Known { typed, width, is_even, .. } = &self.known;
        let words = |at: &usize| row.cell(*at).is_some_and(|cell| !is_value(cell));
        // What stands above the first rows of a fork is not known: they may stand apart.
        let first = self.fork && self.counts.rows_read == 0;
        let apart = first || after_blank || self.held.back().is_some_and(|(_, apart)| *apart);
        let contradicts = if apart {
            let is_narrow = *is_even && typed.is_empty() && row.len() * 2 <= *width;
            typed.iter().any(words) || row.extent() > *width || is_narrow
        } else {
            typed.len() > 1 && typed.iter().all(words)
        };
        contradicts
            && row.only_cell().is_none()
            && !self.totals.matches(row)
            && years::is_names(row)
    }

    /// Looks whether the suspect rows are another table, and treats them so.
    fn decide(&mut self, sink: &mut dyn Sink) -> Result<(), Error> {
        let Part::Suspect(suspects) = std::mem::take(&mut self.part) else { return Ok(()) };
        let (rows, gaps): (Vec<RawRow>, Vec<bool>) = suspects.into_iter().unzip();
        if layout::is_another(&self.known, &rows) {
            self.begin_other(sink)?;
            return rows.iter().try_for_each(|row| self.skip(row.number, SkipRule::OtherTable));
        }
        rows.iter().zip(gaps).try_for_each(|(row, gap)| self.ordinary(row, gap, sink))
    }

    /// From here on the rows are another table's, its title among what was held back.
    pub(crate) fn begin_other(&mut self, sink: &mut dyn Sink) -> Result<(), Error> {
        let mut title = false;
        while let Some((held, apart)) = self.held.pop_front() {
            title |= apart;
            if title {
                self.skip(held.number, SkipRule::OtherTable)?;
            } else {
                self.settle_row(&held, sink)?;
            }
        }
        self.part = Part::Other;
        Ok(())
    }

    fn ordinary(
        &mut self,
        row: &RawRow,
        after_blank: bool,
        sink: &mut dyn Sink,
    ) -> Result<(), Error> {
        let after_header = std::mem::take(&mut self.after_header);
        if row.problem.is_none() {
            if let Some(rule) = self.no_record(row, after_header) {
                return self.skip(row.number, rule);
            }
            if self.settled.width > 1
                && (row.only_cell().is_some() || self.is_torn_footer(row) || rules::is_signed(row))
            {
                self.held.push_back((row.clone(), after_blank));
                if self.held.len() > HELD_MAX
                    && let Some((oldest, _)) = self.held.pop_front()
                {
                    self.settle_row(&oldest, sink)?;
                }
                return Ok(());
            }
        }
        while let Some((held, _)) = self.held.pop_front() {
            self.settle_row(&held, sink)?;
        }
        self.settle_row(row, sink)
    }

    fn no_record(&self, row: &RawRow, after_header: bool) -> Option<SkipRule> {
        let width = self.settled.width;
        if after_header && !self.units.is_empty() && layout::named(row) == self.units {
            Some(SkipRule::UnitsRow)
        } else if self.totals.matches(row) {
            Some(SkipRule::TotalLine)
        } else if rules::is_ruling(row) {
            Some(SkipRule::Ruling)
        } else if rules::is_stated_comment(row, self.task.reading)
            || rules::is_likely_comment(row, width, self.task.reading)
        {
            Some(SkipRule::Comment)
        } else {
            None
        }
    }

    fn is_header_again(&self, row: &RawRow) -> bool {
        self.headers.iter().any(|header| {
            header.iter().all(|(at, name)| row.cell(*at).is_some_and(|cell| folds_to(cell, name)))
        })
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
        self.lost.look(row);
        if self.task.delimiter.is_some() && row.len() < self.settled.reach {
            let first = if self.padded.0 > 0 { self.padded.1 } else { row.number };
            self.padded = (self.padded.0 + 1, first);
        }
        self.enough =
            sink.row(Cells::new(row, &self.settled.places, self.task.as_written))? == Flow::Enough;
        Ok(())
    }

    /// Whether a line of another width than the table's begins as a footer: `Total: 12, printed on 1 May`. It is one if no record follows.
    fn is_torn_footer(&self, row: &RawRow) -> bool {
        self.task.delimiter.is_some() && row.len() != self.settled.width && self.totals.begins(row)
    }

    fn misfit(&self, row: &RawRow) -> Option<RejectRule> {
        if row.extent() > self.settled.width {
            Some(RejectRule::TooManyCells)
        } else if self.task.delimiter.is_some() && row.len() * 2 < self.settled.width {
            Some(RejectRule::TooFewCells)
        } else if self.settled.empty.iter().any(|&at| row.cell(at).is_some()) {
            Some(RejectRule::UnnamedColumn)
        } else {
            None
        }
    }

    fn rejected(&self, row: &RawRow, rule: RejectRule) -> Reject {
        let reason = match rule {
            RejectRule::TooManyCells => {
                format!("{}: {} for {}", rule.reason(), row.extent(), self.settled.width)
            }
            RejectRule::TooFewCells => {
                format!("{}: {} for {}", rule.reason(), row.len(), self.settled.width)
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
            raw: row.raw(self.task.delimiter.unwrap_or("\t")),
            cells: self.cells_of(row),
        }
    }

    /// What a rejected row has in the landed columns, where it could be divided.
    fn cells_of(&self, row: &RawRow) -> Vec<Option<String>> {
        if row.problem.is_some() {
            return Vec::new();
        }
        let cell = |at: usize| {
            let mut text = row.cell(at)?.to_owned();
            cut(&mut text, CELL_BYTES_MAX);
            Some(text)
        };
        self.settled.places.iter().map(|place| place.and_then(cell)).collect()
    }

    pub(crate) fn skip(&mut self, row: u64, rule: SkipRule) -> Result<(), Error> {
        if self.enough {
            return Ok(());
        }
        if self.counts.skipped.len() as u64 >= self.task.limits.skipped_max {
            return Err(self.too_many("skipped lines", self.task.limits.skipped_max));
        }
        if rule == SkipRule::OtherTable && self.other_first.is_none() {
            self.other_first = Some(row);
        }
        self.counts.rows_read += 1;
        self.counts.skipped.push(SkippedLine { row, rule });
        Ok(())
    }

    pub(crate) fn flush_blanks(&mut self) -> Result<(), Error> {
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

    /// Ends the table.
    pub(crate) fn finish(mut self, sink: &mut dyn Sink) -> Result<FileCounts, Error> {
        self.decide(sink)?;
        let mut footer = false;
        while let Some((row, _)) = self.held.pop_front() {
            let is_said = |cell| is_prose(cell) || is_place_or_date(cell);
            footer |= row.only_cell().is_some_and(is_said)
                || rules::is_signed(&row)
                || self.is_torn_footer(&row);
            if footer {
                self.skip(row.number, SkipRule::Footer)?;
            } else {
                self.settle_row(&row, sink)?;
            }
        }
        if let Some(first) = self.other_first {
            let found = ("other_tables".to_owned(), format!("from row {first}"));
            self.counts.found.push(found);
        }
        self.counts.found.extend(self.lost.found());
        if let (rows @ 1.., first) = self.padded {
            let found = format!("{rows}, first row {first}");
            self.counts.found.push(("rows_short".to_owned(), found));
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
        Ok(counts)
    }
}
