//! One row as it was read: its cells as slices of one text.

use crate::reject::{RAW_BYTES_MAX, RejectRule};

/// Set in a cell's end: it stood in quotes, the blanks at its ends are its own.
pub(crate) const QUOTED: u32 = 1 << 31;

/// A row's cells, trimmed, in one buffer that is used again for the next row.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawRow {
    /// Row as a person sees it, from 1.
    pub(crate) number: u64,
    /// Why the row is no record, if the reader could not make one of it.
    pub(crate) problem: Option<RejectRule>,
    text: String,
    cells: Vec<(u32, u32)>,
    /// Quoted cells that begin or end with blanks, those among them: column, start and end.
    blank_ends: Vec<(usize, u32, u32)>,
}

/// What stands between the cells in the buffer: ASCII, so that no character runs across a cell's end.
const SEPARATOR: u8 = b'\n';

impl RawRow {
    /// Empties the row and hands out its buffer.
    pub(crate) fn take_buffer(&mut self) -> Vec<u8> {
        self.cells.clear();
        self.blank_ends.clear();
        self.problem = None;
        let mut bytes = std::mem::take(&mut self.text).into_bytes();
        bytes.clear();
        bytes
    }

    /// Takes text with the cells' places in it and trims each cell; ends may be marked as [`QUOTED`].
    pub(crate) fn set(&mut self, number: u64, text: String, cells: &[(u32, u32)]) {
        self.number = number;
        self.cells.clear();
        self.blank_ends.clear();
        for (column, &(start, marked)) in cells.iter().enumerate() {
            let end = marked & !QUOTED;
            let cell = trimmed(&text, start, end);
            if marked != end && cell != (start, end) {
                self.blank_ends.push((column, start, end));
            }
            self.cells.push(cell);
        }
        self.text = text;
    }

    /// Starts an empty row.
    pub(crate) fn begin(&mut self, number: u64) {
        self.number = number;
        self.problem = None;
        self.text.clear();
        self.cells.clear();
        self.blank_ends.clear();
    }

    /// Writes a cell at its column; skipped columns are empty.
    pub(crate) fn put(&mut self, column: usize, value: &str) {
        if self.cells.len() <= column {
            self.cells.resize(column + 1, (0, 0));
        }
        let start = self.text.len();
        self.text.push_str(value);
        self.text.push(SEPARATOR as char);
        self.cells[column] = trimmed(&self.text, start as u32, (self.text.len() - 1) as u32);
    }

    /// Appends a cell.
    pub(crate) fn push(&mut self, value: &str) {
        self.put(self.cells.len(), value);
    }

    /// Cells the row has, empty ones included.
    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    /// All its text, cells and what stands between them.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Bytes of its text.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// A cell; `None` where it is empty or the row is shorter.
    pub(crate) fn cell(&self, column: usize) -> Option<&str> {
        let &(start, end) = self.cells.get(column)?;
        if start == end { None } else { self.text.get(start as usize..end as usize) }
    }

    /// A cell as it was written: [`Self::cell`], but for quoted blanks at its ends, which are kept.
    pub(crate) fn written(&self, column: usize) -> Option<&str> {
        match self.blank_ends.iter().find(|(at, ..)| *at == column) {
            Some(&(_, start, end)) => self.text.get(start as usize..end as usize),
            None => self.cell(column),
        }
    }

    /// The filled cells with their columns.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..self.len()).filter_map(|column| self.cell(column).map(|text| (column, text)))
    }

    /// Whether no cell is filled.
    pub(crate) fn is_blank(&self) -> bool {
        self.problem.is_none() && self.cells.iter().all(|(start, end)| start == end)
    }

    /// One more than the last filled column.
    pub(crate) fn extent(&self) -> usize {
        self.cells.iter().rposition(|(start, end)| start != end).map_or(0, |last| last + 1)
    }

    /// The only filled cell, if there is exactly one.
    pub(crate) fn only_cell(&self) -> Option<&str> {
        let mut filled = self.filled();
        let (_, first) = filled.next()?;
        if filled.next().is_some() { None } else { Some(first) }
    }

    /// The row as text for the rejects table.
    pub(crate) fn raw(&self, delimiter: &str) -> String {
        let mut raw = String::new();
        for column in 0..self.len() {
            if column > 0 {
                raw.push_str(delimiter);
            }
            raw.push_str(self.cell(column).unwrap_or_default());
            if raw.len() > RAW_BYTES_MAX {
                break;
            }
        }
        cut(&mut raw, RAW_BYTES_MAX);
        raw
    }
}

/// Cuts a text at a character's start.
pub(crate) fn cut(text: &mut String, bytes_max: usize) {
    if text.len() > bytes_max {
        let mut end = bytes_max;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
}

fn trimmed(text: &str, start: u32, end: u32) -> (u32, u32) {
    let bytes = &text.as_bytes()[start as usize..end as usize];
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if plain(bytes.first()) && plain(bytes.last()) {
        return (start, end);
    }
    let cell = text.get(start as usize..end as usize).unwrap_or_default();
    let after = cell.trim_start_matches(is_nothing);
    let begin = start + (cell.len() - after.len()) as u32;
    (begin, begin + after.trim_end_matches(is_nothing).len() as u32)
}

/// White space, a byte order mark of a file that others were written behind, the end mark of DOS programs.
fn is_nothing(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{1a}')
}

#[cfg(test)]
pub(crate) mod testing {
    use super::RawRow;

    /// Rows of lines of cells divided by `,`, numbered as the lines are, and before which of them a blank line stands.
    pub(crate) fn rows(text: &str) -> (Vec<RawRow>, Vec<bool>) {
        let (mut rows, mut gaps, mut gap) = (Vec::new(), Vec::new(), false);
        for (at, line) in text.lines().enumerate() {
            if line.is_empty() {
                gap = true;
                continue;
            }
            let mut row = RawRow::default();
            row.begin(at as u64 + 1);
            line.split(',').for_each(|cell| row.push(cell));
            rows.push(row);
            gaps.push(std::mem::take(&mut gap));
        }
        (rows, gaps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_trimmed_and_gaps_empty() {
        let mut row = RawRow::default();
        row.begin(7);
        row.put(2, "\u{a0} Ravi Kumar \t");
        row.put(0, "  ");
        assert_eq!(row.len(), 3);
        assert_eq!(row.cell(0), None);
        assert_eq!(row.cell(2), Some("Ravi Kumar"));
        assert_eq!(row.only_cell(), Some("Ravi Kumar"));
        assert_eq!(row.raw("|"), "||Ravi Kumar");
    }
}
