//! A row that could not be read: it is listed, never lost.

/// Makes the rules and their spelling in the rejects table.
macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $text:literal: $reason:literal),+ $(,)?) => {
        /// Why a row was rejected.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum RejectRule { $($(#[$doc])* $variant),+ }

        impl RejectRule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the rejects table.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// One clause for people.
            pub const fn reason(self) -> &'static str {
                match self { $(Self::$variant => $reason),+ }
            }
        }
    };
}

rules! {
    /// More filled cells than the header has.
    TooManyCells = "too_many_cells": "more filled cells than the header has columns",
    /// Fewer than half the header's cells.
    TooFewCells = "too_few_cells": "fewer than half as many cells as the header has columns",
    /// Control characters all over: no text.
    NotText = "not_text": "the line is not text",
    /// A quote that opens and never closes.
    UnbalancedQuote = "unbalanced_quote": "a quote opens in this line and is not closed",
    /// A filled cell under a column that has no name and was empty so far.
    UnnamedColumn = "unnamed_column": "a filled cell in a column without name that is empty elsewhere",
    /// A record longer than the limit.
    LineTooLong = "line_too_long": "the line is longer than the limit",
    /// An empty cell where the source expects none.
    ValueMissing = "value_missing": "the cell is empty, and the source expects it filled",
    /// A value that the source does not list.
    ValueNotAllowed = "value_not_allowed": "the value is none of those that the source allows",
    /// A number is expected.
    NotANumber = "not_a_number": "the value is no number",
    /// A date is expected.
    NotADate = "not_a_date": "the value is no date of its column's layout",
    /// A row that is there already.
    Repeated = "repeated": "a row above has the same values where the source expects them once",
}

/// A row that was read and not landed. `raw` and `cells` may hold personal data: nothing of them leaves unmasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The dump, relative to the data folder.
    pub file: String,
    /// The sheet, empty where there is none.
    pub sheet: String,
    /// Row as a person sees it, from 1.
    pub row: u64,
    /// Which rule.
    pub rule: RejectRule,
    /// The column, where one is to blame.
    pub column: Option<String>,
    /// The rule in words, with counts; never a value.
    pub reason: String,
    /// The row's text, cut at [`RAW_BYTES_MAX`].
    pub raw: String,
    /// Its cells in the order of the landed columns, each cut at [`CELL_BYTES_MAX`]; none where the row could not be
    /// divided.
    pub cells: Vec<Option<String>>,
}

/// How much of a rejected row is kept.
pub const RAW_BYTES_MAX: usize = 4096;

/// How much of a rejected row's cell is kept.
pub const CELL_BYTES_MAX: usize = 256;
