//! Which lines are no records: total lines and footers. Whatever might be a person is landed.

use milaan_model::Reading;

use crate::fold::{fold, folded, folds_to, folds_to_start, is_numeric};
use crate::row::RawRow;

/// Words that begin a total line, folded.
const TOTAL_WORDS: &[&str] = &[
    "total",
    "grandtotal",
    "subtotal",
    "sum",
    "totals",
    "overalltotal",
    "totalamount",
    "totalrecords",
    "totalbeneficiaries",
    "మొత్తం",
    "कुल",
    "कुलयोग",
    "योग",
    "کل",
    "میزان",
    "ٹوٹل",
];

/// Words that begin a footer, folded.
const FOOTER_WORDS: &[&str] = &[
    "note",
    "notes",
    "nb",
    "source",
    "preparedby",
    "checkedby",
    "verifiedby",
    "approvedby",
    "generated",
    "report",
    "endof",
    "printed",
    "page",
    "signature",
    "signatures",
    "signed",
    "submittedby",
    "forwardedby",
    "countersigned",
    "disclaimer",
    "remarks",
    "legend",
    "norecords",
    "noofrecords",
    "totalrecords",
    "rundate",
    "createdon",
    "createdby",
    "exported",
    "downloaded",
    "ason",
    "authorised",
    "authorized",
    "computergenerated",
    "గమనిక",
    "नोट",
    "نوٹ",
];

/// Words of one list as a line's first cell may have them.
#[derive(Debug, Clone)]
pub(crate) struct Totals {
    words: Vec<String>,
    /// The first characters of the words.
    firsts: Vec<char>,
}

impl Totals {
    /// The built-in words and a source's own.
    pub(crate) fn new(own: &[String]) -> Self {
        let built_in = TOTAL_WORDS.iter().map(|word| fold(word));
        let words: Vec<String> = built_in.chain(own.iter().map(|word| fold(word))).collect();
        let mut firsts: Vec<char> = words.iter().filter_map(|word| word.chars().next()).collect();
        firsts.sort_unstable();
        firsts.dedup();
        Self { words, firsts }
    }

    /// Whether a row begins as totals or footers do, whatever it goes on with.
    pub(crate) fn begins(&self, row: &RawRow) -> bool {
        let Some((_, first)) = row.filled().next() else { return false };
        let word = first_word(first);
        begins_footer(first) || self.words.iter().any(|total| folds_to(word, total))
    }

    /// Whether a row is a line of totals: the first filled cell says so, and no other cell holds text.
    pub(crate) fn matches(&self, row: &RawRow) -> bool {
        let mut filled = row.filled();
        let Some((_, first)) = filled.next() else { return false };
        // Most cells begin otherwise.
        let begin =
            first.chars().find(|c| c.is_alphanumeric()).and_then(|c| c.to_lowercase().next());
        let may_be = match begin {
            Some(begin) => self.firsts.binary_search(&begin).is_ok(),
            None => true,
        };
        if !may_be {
            return false;
        }
        // `Total: 63,21,144` in one cell.
        let bare = first.trim_end_matches(|c: char| !c.is_alphabetic() && !is_mark(c));
        let is_word = self.words.iter().any(|word| folds_to(bare, word));
        is_word
            && filled
                .all(|(_, text)| is_numeric(text) || text.chars().all(|c| !c.is_alphanumeric()))
    }
}

/// Whether a row is a drawn line: every filled cell is made of strokes, one of three at least.
pub(crate) fn is_ruling(row: &RawRow) -> bool {
    let strokes = |text: &str| text.bytes().all(|b| b"-=_*+~|:#.".contains(&b));
    let mut long = false;
    for (_, cell) in row.filled() {
        if !strokes(cell) {
            return false;
        }
        long |= cell.len() >= 3;
    }
    long
}

/// Whether a row begins with the comment sign that the source states.
pub(crate) fn is_stated_comment(row: &RawRow, reading: &Reading) -> bool {
    let sign = reading.comment.as_deref().filter(|sign| !sign.is_empty());
    sign.is_some_and(|sign| row.cell(0).is_some_and(|cell| cell.starts_with(sign)))
}

/// Whether a row begins with `#` and is no record otherwise; with a stated sign nothing else is a comment.
pub(crate) fn is_likely_comment(row: &RawRow, width: usize, reading: &Reading) -> bool {
    reading.comment.is_none()
        && row.cell(0).is_some_and(|cell| cell.starts_with('#'))
        && width > 1
        && row.len() != width
}

/// Indic signs that are not letters but end words.
fn is_mark(c: char) -> bool {
    ('\u{900}'..='\u{dff}').contains(&c)
}

/// Whether the only filled cell of a row is prose below a table.
pub(crate) fn is_prose(cell: &str) -> bool {
    if cell.starts_with("***") || cell.starts_with("---") || cell.starts_with("===") {
        return true;
    }
    // As databases count: `(20 rows)`.
    let counted = cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    if counted.and_then(|rest| rest.split_once(" row")).is_some_and(|(count, plural)| {
        count.bytes().all(|b| b.is_ascii_digit()) && matches!(plural, "" | "s")
    }) {
        return true;
    }
    // As SQL*Plus does: `20 rows selected.`
    let counted = cell.strip_suffix(" selected.").and_then(|rest| rest.split_once(' '));
    if counted.is_some_and(|(count, rows)| {
        (count == "no" || count.bytes().all(|b| b.is_ascii_digit()))
            && matches!(rows, "row" | "rows")
    }) || cell.starts_with("SQL>")
    {
        return true;
    }
    begins_footer(cell) || bare(cell).split_whitespace().count() >= 7
}

/// Whether every filled cell of a row begins as footers do: `Prepared by` here, `Checked by` there.
pub(crate) fn is_signed(row: &RawRow) -> bool {
    let mut cells = row.filled();
    cells.next().is_some_and(|(_, cell)| begins_footer(cell))
        && cells.all(|(_, cell)| begins_footer(cell))
}

/// Whether a cell says where or on what day a list was signed: `Place: Guntur`, `Date: 01/06/2018`.
pub(crate) fn is_place_or_date(cell: &str) -> bool {
    cell.split_once(':').is_some_and(|(word, _)| {
        ["place", "date", "dated", "station"].iter().any(|known| folds_to(word, known))
    })
}

/// Whether a cell begins with a word of footers, or stands for a signature: `Sd/-`.
fn begins_footer(cell: &str) -> bool {
    if matches!(cell.as_bytes(), [b's' | b'S', b'd' | b'D', b'/', ..]) {
        return true;
    }
    let first_word = first_word(cell);
    // Most cells differ in their first letter from every word.
    let Some(letter) = folded(cell).next() else { return false };
    FOOTER_WORDS.iter().filter(|word| word.starts_with(letter)).any(|word| {
        // A single word has to stand alone: `Page 1`, not `Pageant`; two words may run on.
        folds_to(first_word, word) || (word.len() > 6 && folds_to_start(bare(cell), word))
    })
}

fn bare(cell: &str) -> &str {
    cell.trim_start_matches(|c: char| !c.is_alphanumeric())
}

fn first_word(cell: &str) -> &str {
    bare(cell).split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> RawRow {
        let mut row = RawRow::default();
        row.begin(1);
        for cell in cells {
            row.push(cell);
        }
        row
    }

    #[test]
    fn total_lines() {
        let totals = Totals::new(&["Gesamt".to_owned()]);
        for (cells, is_total) in [
            (&["Total", "", "500"][..], true),
            (&["", "GRAND TOTAL :", "1,234.50", "-"], true),
            (&["Sub-Total", "12"], true),
            (&["Total: 63,21,144"], true),
            (&["మొత్తం", "12"], true),
            (&["कुल", "12"], true),
            (&["کل", "12"], true),
            (&["gesamt", "12"], true),
            (&["Total", "Lakshmi", "500"], false),
            (&["Totalla", "", "500"], false),
            (&["1", "Total", "500"], false),
            (&["Sumathi", "12"], false),
            (&["", "", ""], false),
        ] {
            assert_eq!(totals.matches(&row(cells)), is_total, "{cells:?}");
        }
    }

    #[test]
    fn prose() {
        for (cell, expected) in [
            ("Note: provisional", true),
            ("*** end of report", true),
            ("(20 rows)", true),
            ("20 rows selected.", true),
            ("SQL> spool off", true),
            ("20 Ravi selected.", false),
            ("(20 rowdies)", false),
            ("Prepared by the Commissioner", true),
            ("Page 1 of 3", true),
            ("# generated 2026-01-01", true),
            ("This list was drawn from the pension portal yesterday", true),
            ("Lakshmi Devi", false),
            ("Shaik Mohammed Abdul Rahman Khan", false),
            ("5", false),
            ("Noteswari", false),
        ] {
            assert_eq!(is_prose(cell), expected, "{cell}");
        }
    }
}
