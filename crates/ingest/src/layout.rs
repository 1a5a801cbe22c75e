//! How a sheet or file is laid out: which rows are its header, which its units, where its main table begins and ends.
//!
//! People put a title above a table, merge cells over groups of columns, write units or running numbers below the
//! header, and put a second table beneath the first. What tells these apart is where columns of numbers and dates begin.

use std::collections::HashSet;
use std::ops::Range;

use crate::fold::{fold, is_numeric, is_value, is_year};
use crate::header;
use crate::row::RawRow;
use crate::units::{is_numbering, is_unit_words};
use crate::years;

/// Rows of a header at most.
pub(crate) const HEADER_ROWS_MAX: usize = 4;
/// A column of which so many filled cells are values is a column of values.
const TYPED_SHARE_MIN: f64 = 0.8;

/// A block of words alone has so many rows before it is taken for another table.
const ROWS_OF_WORDS_MIN: usize = 3;

/// What the first rows of a table are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Layout {
    /// The main table's rows, header and title included, among those looked at.
    pub(crate) table: Range<usize>,
    /// The header's rows, from the top; empty: there is none.
    pub(crate) header: Range<usize>,
    /// The row of units or running numbers below it.
    pub(crate) units: Option<usize>,
    /// The first record.
    pub(crate) start: usize,
}

impl Layout {
    /// With the one header row that is known, and none above it.
    pub(crate) fn only(self, row: usize) -> Self {
        Self { header: row..row + 1, ..self }
    }
}

/// Rows looked at, and before which of them a blank line stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked<'a> {
    pub(crate) rows: &'a [RawRow],
    pub(crate) gaps: &'a [bool],
}

impl Looked<'_> {
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        Self { rows: &self.rows[range.clone()], gaps: &self.gaps[range] }
    }

    pub(crate) fn gap(&self, at: usize) -> bool {
        self.gaps.get(at).copied().unwrap_or(false)
    }
}

/// Finds the main table and its header.
pub(crate) fn find(looked: Looked<'_>) -> Layout {
    let table = main_table(looked);
    let mut layout = of_table(looked.part(table.clone()));
    let from = table.start;
    layout.header = layout.header.start + from..layout.header.end + from;
    layout.units = layout.units.map(|at| at + from);
    layout.start += from;
    layout.table = table;
    layout
}

/// The layout around a header row that is known: further header rows above it, units below.
pub(crate) fn around(looked: Looked<'_>, header: usize) -> Layout {
    // The row below may be one of units.
    let mut typed = typed_columns(&looked.rows[(header + 2).min(looked.rows.len())..]);
    typed.extend(typed_columns(&looked.rows[header + 1..]));
    let top = header_top(looked, header, &typed);
    let units = Some(header + 1).filter(|&at| is_units(looked.rows, at, &typed));
    Layout {
        table: 0..looked.rows.len(),
        header: top..header + 1,
        units,
        start: header + 1 + usize::from(units.is_some()),
    }
}

/// One table's layout, the title above it included.
fn of_table(looked: Looked<'_>) -> Layout {
    let rows = looked.rows;
    let whole = 0..rows.len();
    let body_of_values = body_start(rows);
    let header = match body_of_values {
        // Numbers that stand over words are names where there are no others.
        Some((first, _)) => bottom_header(rows, first)
            .or_else(|| first.checked_sub(1).filter(|&above| is_numbering(&rows[above])))
            .or_else(|| sparse_header(looked, first)),
        None => header::guess(rows),
    };
    let Some(header) = header else {
        let start =
            body_of_values.map_or_else(|| header::first_table_row(rows), |(first, _)| first);
        return Layout { table: whole, header: start..start, units: None, start };
    };
    around(looked, header)
}

/// Which columns hold values: at least three cells, nearly all of them numbers or dates.
pub(crate) fn typed_columns(rows: &[RawRow]) -> Vec<usize> {
    let width = rows.iter().map(RawRow::extent).max().unwrap_or(0).min(1024);
    (0..width)
        .filter(|&column| {
            let cells = rows.iter().filter_map(|row| row.cell(column));
            let (filled, values) = cells.fold((0_usize, 0_usize), |(all, values), cell| {
                (all + 1, values + usize::from(is_value(cell)))
            });
            filled >= 3 && values as f64 >= TYPED_SHARE_MIN * filled as f64
        })
        .collect()
}

/// The first row that holds values where columns of values are, if there are such columns; and those columns.
fn body_start(rows: &[RawRow]) -> Option<(usize, Vec<usize>)> {
    // Titles and headers stand above: the lower part says what the columns are.
    let skipped = if rows.len() >= 12 {
        rows.len() / 4
    } else {
        rows.len().saturating_sub((rows.len() / 2).max(3))
    };
    let lower = &rows[skipped..];
    let typed = typed_columns(lower);
    if typed.is_empty() {
        return None;
    }
    let least = typed.len().div_ceil(2);
    let is_of_values = |row: &RawRow| {
        let values = typed.iter().filter(|&&at| row.cell(at).is_some_and(is_value)).count();
        row.problem.is_none() && values >= least && values > 0
    };
    let first = rows.iter().position(is_of_values)?;
    let below = |at: usize| rows[at..].iter().position(is_of_values).map(|found| found + at);
    let first = if years::head(rows, first) { below(first + 1)? } else { first };
    if is_numbering(&rows[first]) && stands_out(rows, first, first + 1) {
        return Some((first + 1, typed));
    }
    Some((first, typed))
}

/// The lowest header row above the first record.
fn bottom_header(rows: &[RawRow], first: usize) -> Option<usize> {
    let width = header::usual_width(&rows[first..]).min(header::usual_width(rows));
    let wide = |row: &RawRow| {
        let filled = row.filled().count();
        row.problem.is_none() && (filled * 2 > width || (width == 1 && filled == 1))
    };
    let mut at = first.checked_sub(1)?;
    if is_numbering(&rows[at]) || is_unit_words(&rows[at]) {
        at = at.checked_sub(1).filter(|&above| wide(&rows[above])).unwrap_or(at);
    }
    if at > 0 && fills_gaps(&rows[at], &rows[at - 1]) && wide(&rows[at - 1]) {
        return Some(at);
    }
    // Short rows between the header and the first full record are records.
    let found = (0..=at)
        .rev()
        .take(HEADER_ROWS_MAX)
        .find(|&at| wide(&rows[at]) && !has_values(&rows[at]))?;
    // A row with values in it, below a full row of words, is a record whose cells have moved.
    let words = years::is_names;
    let above = found.checked_sub(1).filter(|&above| {
        let full = rows[above].filled().count() >= rows[found].filled().count();
        !words(&rows[found]) && words(&rows[above]) && full && rows[above].problem.is_none()
    });
    Some(above.unwrap_or(found))
}

/// The row right above the first record, where it names columns as far as the table reaches, but not most of them.
fn sparse_header(looked: Looked<'_>, first: usize) -> Option<usize> {
    let at = first.checked_sub(1).filter(|_| !looked.gap(first))?;
    let (row, width) = (&looked.rows[at], header::usual_width(&looked.rows[first..]));
    let names = named(row);
    let distinct = names.iter().collect::<HashSet<_>>().len() == names.len();
    let reaches = row.extent() * 2 > width && row.extent() <= width;
    let is_header = row.problem.is_none()
        && reaches
        && names.len() >= 2
        && names.len() * 3 >= width
        && distinct
        && years::is_names(row)
        && row.filled().all(|(_, cell)| !cell.contains(':'));
    is_header.then_some(at)
}

/// Whether a row of words names columns that the row above leaves without name, and is none of the records.
fn fills_gaps(row: &RawRow, above: &RawRow) -> bool {
    row.problem.is_none()
        && row.cell(0).is_none()
        && row.filled().any(|(at, _)| above.cell(at).is_none())
        && years::is_names(row)
}

fn has_values(row: &RawRow) -> bool {
    if years::is_names(row) {
        return false;
    }
    let (all, values) = row
        .filled()
        .fold((0, 0), |(all, values), (_, cell)| (all + 1, values + usize::from(is_value(cell))));
    values * 2 > all
}

/// Whether a row's values stand where the rows below hold text: it is none of them.
fn stands_out(rows: &[RawRow], at: usize, below: usize) -> bool {
    rows[at].filled().any(|(column, _)| {
        let cells = rows[below.min(rows.len())..].iter().filter_map(|row| row.cell(column));
        let (texts, all) = cells
            .fold((0, 0), |(texts, all), cell| (texts + usize::from(!is_value(cell)), all + 1));
        texts * 2 > all && all > 0
    })
}

/// Whether the row below the header holds units or running numbers.
fn is_units(rows: &[RawRow], at: usize, typed: &[usize]) -> bool {
    let Some(row) = rows.get(at).filter(|row| row.problem.is_none()) else { return false };
    let below = rows.len() - at - 1;
    if is_numbering(row) {
        let bracketed = row.filled().all(|(_, cell)| cell.starts_with(['(', '[']));
        return bracketed || (below >= 2 && stands_out(rows, at, at + 1));
    }
    let out_of_type =
        typed.iter().any(|&column| row.cell(column).is_some_and(|cell| !is_numeric(cell)));
    below >= 2 && out_of_type && is_unit_words(row)
}

/// The topmost row of a header whose lowest row is known.
fn header_top(looked: Looked<'_>, bottom: usize, typed: &[usize]) -> usize {
    let rows = looked.rows;
    let width = rows[bottom..].iter().map(RawRow::extent).max().unwrap_or(0);
    let mut top = bottom;
    while top > 0 && bottom - top + 1 < HEADER_ROWS_MAX && !looked.gap(top) {
        if !is_group_row(&rows[top - 1], &rows[bottom], width, typed) {
            break;
        }
        top -= 1;
    }
    top
}

/// Whether a row above a header row belongs to the header: groups of columns, or all names once more in another tongue.
fn is_group_row(row: &RawRow, below: &RawRow, width: usize, typed: &[usize]) -> bool {
    let filled = row.filled().count();
    let fits = row.problem.is_none() && row.extent() <= width.max(below.extent());
    let said = row.filled().any(|(_, cell)| {
        is_value(cell) && !is_year(cell) || cell.contains(':') || cell.starts_with('#')
    });
    if !fits || said || filled < 2 {
        // One merged cell over some columns, none over the first.
        return fits
            && !said
            && filled == 1
            && width > 2
            && row.cell(0).is_none()
            && gaps(below, width);
    }
    let repeated = {
        let mut seen = HashSet::new();
        below.filled().any(|(_, cell)| !seen.insert(fold(cell)))
    };
    let full = filled == width && below.filled().count() == width;
    // Two full rows are one header where both are words of one or two, as a name and its translation are.
    let short = row.filled().all(|(_, cell)| cell.split_whitespace().count() <= 3);
    let another_script = row.filled().any(|(_, cell)| !cell.is_ascii())
        != below.filled().any(|(_, cell)| !cell.is_ascii());
    gaps(below, width)
        || repeated
        || filled < row.extent()
        || (full && short && another_script && !typed.is_empty())
}

/// Whether some column of the table has no name in this row.
fn gaps(row: &RawRow, width: usize) -> bool {
    (0..width).any(|column| row.cell(column).is_none())
}

/// The main table among several that blank lines divide: the one with most cells, title and header included.
fn main_table(looked: Looked<'_>) -> Range<usize> {
    let rows = looked.rows;
    let mut tables: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for at in 1..=rows.len() {
        if at < rows.len() && !looked.gap(at) && !begins_below(&rows[start..], at - start) {
            continue;
        }
        let block = &rows[start..at];
        let begins = tables.last().is_none_or(|table| {
            // What stands above so far may be a title.
            let above = &rows[table.clone()];
            has_records(above) && is_another(&Known::of(above), block)
        });
        // A title waits for what comes below it.
        if begins {
            tables.push(start..at);
        } else if let Some(table) =
            tables.last_mut().filter(|_| at == rows.len() || has_records(block))
        {
            table.end = at;
        } else {
            continue;
        }
        start = at;
    }
    let cells = |table: &Range<usize>| -> usize {
        rows[table.clone()]
            .iter()
            .map(|row| row.filled().count())
            .filter(|&filled| filled > 1)
            .sum()
    };
    let most = tables.iter().map(cells).max().unwrap_or(0);
    let at = tables.iter().position(|table| cells(table) == most).unwrap_or(0);
    let Some(main) = tables.get(at) else { return 0..rows.len() };
    // A title that stands alone above the table belongs to it, as do notes below.
    let mut from = main.start;
    for before in tables[..at].iter().rev() {
        if cells(before) > 0 {
            break;
        }
        from = before.start;
    }
    from..main.end
}

/// Whether a row without a blank line above it heads another table: words alone, in a table of values that has another
/// width, and the rows below have its own.
fn begins_below(rows: &[RawRow], at: usize) -> bool {
    let (row, width) = (&rows[at], rows[at].len());
    let others = || rows[..at].iter().rev().take(3).all(|above| above.len() != width);
    let own = || rows[at + 1..].iter().take(3).filter(|below| below.len() == width).count() == 3;
    at > 3
        && rows[at - 1].len() != width
        && row.filled().count() == width
        && years::is_names(row)
        && others()
        && own()
        && !typed_columns(&rows[..at]).is_empty()
        && stands_over(rows, at)
}

fn has_records(rows: &[RawRow]) -> bool {
    rows.iter().any(|row| row.filled().count() > 1)
}

/// What is known of a table, to tell another one from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Known {
    /// Columns of values.
    pub(crate) typed: Vec<usize>,
    pub(crate) width: usize,
    /// Rows that may be its header, folded.
    pub(crate) names: Vec<Vec<String>>,
    /// Whether every record reaches over all columns, empty cells included.
    pub(crate) is_even: bool,
}

impl Known {
    fn of(table: &[RawRow]) -> Self {
        Self {
            typed: typed_columns(table),
            width: header::usual_width(table),
            names: table.iter().take(header::LOOK_ROWS).map(named).collect(),
            is_even: is_even(table, header::usual_width(table)),
        }
    }
}

/// Whether every record has `width` cells, empty ones included.
pub(crate) fn is_even(rows: &[RawRow], width: usize) -> bool {
    rows.iter().filter(|row| row.filled().count() > 1).all(|row| row.len() >= width)
}

/// A row's filled cells, folded.
pub(crate) fn named(row: &RawRow) -> Vec<String> {
    row.filled().map(|(_, cell)| fold(cell)).collect()
}

/// Whether a block of rows is a table of its own, not more of the one above.
pub(crate) fn is_another(known: &Known, block: &[RawRow]) -> bool {
    let first = block.iter().position(|row| row.filled().count() > 1);
    let records = block.iter().filter(|row| row.filled().count() > 1).count();
    let Some(first) = first.filter(|_| records >= 2) else { return false };
    if records >= ROWS_OF_WORDS_MIN && (is_foreign(known, block) || is_narrow(known, block)) {
        return !known.names.contains(&named(&block[first]));
    }
    let Some(header) = of_header(block, first) else { return false };
    if known.names.contains(&named(&block[header])) {
        return false;
    }
    let contradicts = known
        .typed
        .iter()
        .any(|&column| block[header].cell(column).is_some_and(|cell| !is_value(cell)));
    contradicts || block[header].extent() != known.width
}

/// Whether a block holds words throughout where the table above has its values, in rows that are all as wide as one another.
fn is_foreign(known: &Known, block: &[RawRow]) -> bool {
    let records = || block.iter().filter(|row| row.filled().count() > 1);
    let typed = |row: &RawRow| {
        let cells = || known.typed.iter().filter_map(|&at| row.cell(at));
        if cells().any(is_value) { 0 } else { cells().count() }
    };
    let least = records().map(typed).min().unwrap_or(0);
    let extent = records().map(RawRow::extent).max().unwrap_or(0);
    let is_even = records().all(|row| row.extent() == extent && row.problem.is_none());
    is_even && least > 0 && (least > 1 || extent * 2 <= known.width)
}

/// Whether a block of words is a full table of half the columns at most, where all rows of the table above reach to its end.
fn is_narrow(known: &Known, block: &[RawRow]) -> bool {
    let records = || block.iter().filter(|row| row.filled().count() > 1);
    let Some(width) = records().map(RawRow::len).next() else { return false };
    let is_full = |row: &RawRow| row.len() == width && row.filled().count() == width;
    known.is_even
        && known.typed.is_empty()
        && width * 2 <= known.width
        && records().all(|row| row.problem.is_none() && is_full(row))
}

/// The header of a block, where rows of it show that it is one or the block has another width than names alone.
fn of_header(block: &[RawRow], first: usize) -> Option<usize> {
    let row = &block[first];
    let is_words = row.problem.is_none() && years::is_names(row);
    (is_words && stands_over(block, first)).then_some(first)
}

/// Whether in some column the row has words and most rows below have values.
fn stands_over(block: &[RawRow], at: usize) -> bool {
    block[at].filled().any(|(column, _)| {
        let cells = block[at + 1..].iter().filter_map(|row| row.cell(column));
        let (values, all) = cells
            .fold((0, 0), |(values, all), cell| (values + usize::from(is_value(cell)), all + 1));
        values * 2 > all && values > 0
    })
}

/// The names of a header of several rows: a group's name runs on to the right over columns that have names of their own
/// below it.
pub(crate) fn combined(rows: &[RawRow]) -> RawRow {
    let mut row = RawRow::default();
    let Some(bottom) = rows.last() else { return row };
    if rows.len() == 1 {
        return bottom.clone();
    }
    let width = rows.iter().map(RawRow::len).max().unwrap_or(0);
    row.begin(bottom.number);
    let mut groups: Vec<Option<&str>> = vec![None; rows.len()];
    let mut name = String::new();
    for column in 0..width {
        name.clear();
        for (level, above) in rows.iter().enumerate() {
            let own = above.cell(column);
            let has_lower = rows[level + 1..].iter().any(|lower| lower.cell(column).is_some());
            if own.is_some() {
                groups[level..].fill(None);
                groups[level] = own;
            }
            // A name runs on only over named columns.
            let said = if has_lower || own.is_some() { groups[level] } else { None };
            if let Some(said) = said.filter(|said| !name.split('\n').any(|part| part == *said)) {
                if !name.is_empty() {
                    name.push('\n');
                }
                name.push_str(said);
            }
        }
        row.put(column, &name.replace('\n', " "));
    }
    row
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
