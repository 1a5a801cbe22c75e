//! How a dump is to be read, and what was read: the words between `manifest`, `ingest` and the receipt.

/// File formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Delimited text.
    Csv,
    /// Office Open XML workbook (also `.xlsm`).
    Xlsx,
    /// Excel 97–2003 workbook.
    Xls,
    /// Excel binary workbook.
    Xlsb,
    /// OpenDocument spreadsheet.
    Ods,
    /// Parquet; columns are cast to text.
    Parquet,
}

impl Format {
    /// The word used in source files and receipts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Xlsb => "xlsb",
            Self::Ods => "ods",
            Self::Parquet => "parquet",
        }
    }

    /// All formats.
    pub const ALL: &'static [Self] =
        &[Self::Csv, Self::Xlsx, Self::Xls, Self::Xlsb, Self::Ods, Self::Parquet];
}

impl std::str::FromStr for Format {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| text.to_owned())
    }
}

/// Which sheets of a workbook are taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sheets {
    /// Every visible sheet that has the wanted columns (without wanted columns: the sheet with the most rows).
    #[default]
    AllAlike,
    /// Sheets whose name matches one of these glob patterns; each pattern must match one.
    Named(Vec<String>),
}

/// A column that a source file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedColumn {
    /// The header, as it is usually written; the landed column has this name.
    pub header: String,
    /// Other headers under which the column has arrived.
    pub aliases: Vec<String>,
    /// Whether a dump without it is refused.
    pub required: bool,
}

/// How one source's dumps are read. What is stated wins; what is `None` is found by looking at the bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Format; `None`: by the first bytes.
    pub format: Option<Format>,
    /// Encoding label of the WHATWG list (`utf-8`, `utf-16le`, `windows-1252` …); `None`: by BOM and validity.
    pub encoding: Option<String>,
    /// Delimiter; `None`: found.
    pub delimiter: Option<u8>,
    /// Quote; `None`: found (`"` if nothing speaks for another).
    pub quote: Option<u8>,
    /// The character that makes a quote or delimiter behind it plain text, besides the doubled quote; `None`: found.
    pub escape: Option<u8>,
    /// With what a comment line begins; `None`: `#` on lines that are no records otherwise.
    pub comment: Option<String>,
    /// Which sheets.
    pub sheets: Sheets,
    /// Header row as a person counts (from 1); `None`: the row that holds the wanted columns, or the most likely one.
    pub header_row: Option<u64>,
    /// Wanted columns; empty: all, under the headers found.
    pub columns: Vec<WantedColumn>,
    /// Further words that begin a total line (folded), besides the built-in ones.
    pub total_words: Vec<String>,
    /// The environment variable that holds the password of workbooks that have one; the command line reads it.
    pub password_env: Option<String>,
    /// What that variable holds; `None`: it is not set, or none is named.
    pub password: Option<Secret>,
}

/// A text that no log, error or receipt may show.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for whoever opens something with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A line that was read and deliberately not landed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedLine {
    /// Row as a person sees it in the file or sheet, from 1.
    pub row: u64,
    /// The rule: see [`SkipRule`].
    pub rule: SkipRule,
}

crate::outcome::words! {
    /// The only reasons for which a line is not a record.
    SkipRule {
        /// Title block above the header.
        Preamble = "preamble",
        /// The header itself.
        Header = "header",
        /// Units or running numbers below the header.
        UnitsRow = "units_row",
        /// The header again, in the middle.
        RepeatedHeader = "repeated_header",
        /// Nothing but empty cells.
        Blank = "blank",
        /// A line of totals.
        TotalLine = "total_line",
        /// Notes below the table.
        Footer = "footer",
        /// A line that begins with the comment sign.
        Comment = "comment",
        /// A drawn line: nothing but dashes, stars and the like.
        Ruling = "ruling",
        /// Part of another table in the same file or sheet.
        OtherTable = "other_table",
    }
}

impl SkipRule {
    /// Whether a line skipped by this rule could have held a person, so that it counts against the limit of skipped lines.
    pub const fn counts_against_limit(self) -> bool {
        matches!(
            self,
            Self::RepeatedHeader
                | Self::TotalLine
                | Self::Footer
                | Self::Comment
                | Self::OtherTable
        )
    }
}

/// What one file (or one sheet of a workbook) held. `rows_read = rows_landed + rows_rejected + skipped.len()`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileCounts {
    /// Path relative to the data folder, `/` between parts.
    pub file: String,
    /// Sheet; empty for formats without sheets.
    pub sheet: String,
    /// All lines or rows with content, and blank ones between them.
    pub rows_read: u64,
    /// Rows that became records.
    pub rows_landed: u64,
    /// Rows that could not be read.
    pub rows_rejected: u64,
    /// Lines not landed by a stated rule.
    pub skipped: Vec<SkippedLine>,
    /// Where the header stood, as a person counts.
    pub header_row: Option<u64>,
    /// What was found: `format`, `encoding`, `delimiter`, … as words for the receipt.
    pub found: Vec<(String, String)>,
    /// Columns of the file that the source file does not ask for.
    pub columns_ignored: Vec<String>,
    /// Wanted, not required columns that this file does not have.
    pub columns_absent: Vec<String>,
}

impl FileCounts {
    /// Whether the counts add up (DESIGN section 10, line 1).
    pub fn adds_up(&self) -> bool {
        self.rows_read == self.rows_landed + self.rows_rejected + self.skipped.len() as u64
    }
}
