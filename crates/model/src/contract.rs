//! The contract of a report: what a consumer may rely on.

use crate::field::Sensitivity;
use crate::ident::Name;
use crate::outcome::words;

words! {
    /// The type of a report column.
    ColumnType {
        /// UTF-8 text.
        Text = "text",
        /// 64-bit integer.
        Integer = "integer",
        /// 64-bit floating point.
        Number = "number",
        /// Decimal with two places (money, quantities).
        Decimal = "decimal",
        /// true or false.
        Boolean = "boolean",
        /// A calendar date.
        Date = "date",
        /// A list of texts; joined by `;` in CSV.
        TextList = "text_list",
        /// The comparisons of a pair: a list of {comparison, level, weight}; `name=level:+weight;…` in CSV.
        Evidence = "evidence",
    }
}

words! {
    /// A format a report is written in, besides Parquet.
    OutputFormat {
        /// Parquet, always written.
        Parquet = "parquet",
        /// RFC 4180 CSV with BOM; no cell runs as a formula.
        Csv = "csv",
        /// A workbook for people: typed columns, a header that stays, filters, and a sheet that says what the columns mean.
        Xlsx = "xlsx",
        /// JSON Lines, an object a row, with a JSON Schema beside it: what another system loads.
        Jsonl = "jsonl",
    }
}

/// One column of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnContract {
    /// Column name in the report.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// How sensitive what it holds may be; the engine computes the class from the query and refuses a higher one.
    pub class: Sensitivity,
    /// Whether NULL may occur.
    pub required: bool,
    /// What it means, for people.
    pub meaning: String,
    /// The words that may stand in it; empty: any.
    pub values: Vec<String>,
}

/// A report: its columns, key, order and formats.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportContract {
    /// The report's name; the file is `<name>.parquet`.
    pub name: Name,
    /// Version: a change of meaning is a new one.
    pub version: u32,
    /// One line for people.
    pub title: String,
    /// What a row is.
    pub grain: String,
    /// The highest class this report's readers may see.
    pub clearance: Sensitivity,
    /// Columns, in order.
    pub columns: Vec<ColumnContract>,
    /// Columns whose values together are unique and never NULL; the report is ordered by them.
    pub key: Vec<String>,
    /// Formats besides Parquet.
    pub formats: Vec<OutputFormat>,
    /// The most rows it may have; more fails the run.
    pub rows_max: Option<u64>,
    /// The column of text by which the rows of a workbook stand on sheets of their own: an office's share of the work.
    pub sheets_by: Option<String>,
}
