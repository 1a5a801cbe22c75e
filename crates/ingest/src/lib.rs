//! A dump as a department sends it becomes landed rows of text with lineage, rejects and counts.
//!
//! CSV, XLSX, XLS, XLSB, ODS and Parquet in; one Parquet (or clean CSV) out. What is not stated in the [`Reading`] is
//! found by looking at the bytes, and what was found is told in [`FileCounts::found`](milaan_model::FileCounts).
//!
//! | file | job |
//! |---|---|
//! | `probe`, `looks`, `archive` | what a file is, by its bytes |
//! | `claims`, `container` | what a workbook says it holds, against its size; whether its chains end |
//! | `source` | bytes: hashed as they pass, unpacked, bounded |
//! | `text/` | delimited text into rows: encoding, dialect, records |
//! | `workbook/` | workbooks into rows: sheets, cells as text; XLSX by its own reader, the others by calamine |
//! | `parquet_in` | Parquet into rows |
//! | `layout`, `units` | which rows are the header, the units, the main table |
//! | `header`, `unnamed` | what the header's columns are called, which column is which; columns behind the last named one |
//! | `rules` | which lines are no records |
//! | `table`, `body` | rows in; records, rejects and skipped lines out |
//! | `profile/` | what each column holds, and a first source file |
//! | `batches`, `output`, `landing` | records into batches, files into one output |
//!
//! Invariants: rows read = landed + rejected + skipped, for every file and sheet, or [`Error::CountsDisagree`]; the same
//! files give the same bytes, whatever the threads; memory does not grow with the file (but for XLS and ODS, which
//! calamine holds, and the texts that cells of XLSX and XLSB share); nothing is printed and no value of a cell is in an error.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use milaan_ingest::{DumpFile, land_csv};
//! use milaan_model::Reading;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("pensions.csv");
//! std::fs::write(&path, "Pensions list\n\nId;Name\n1; Ravi\nTotal;\n")?;
//! let file = DumpFile { path, name: "health/pensions.csv".to_owned() };
//! let mut clean = Vec::new();
//! let landing = land_csv(&file, &Reading::default(), &mut clean)?;
//! assert_eq!(String::from_utf8(clean)?, "Id,Name\r\n1,Ravi\r\n");
//! let counts = &landing.files[0].counts[0];
//! assert_eq!((counts.rows_read, counts.rows_landed, counts.header_row), (5, 1, Some(3)));
//! # Ok(())
//! # }
//! ```

mod archive;
mod batches;
mod body;
mod claims;
mod container;
mod error;
mod fold;
mod header;
mod landing;
mod layout;
mod limits;
mod looks;
mod lost;
mod output;
mod parquet_in;
mod probe;
mod profile;
mod reader;
mod reject;
mod row;
mod rules;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod units;
mod unnamed;
mod workbook;
mod years;

pub use error::{Cause, Error};
pub use landing::{Landing, head, land, land_csv, land_parquet, land_with};
pub use limits::{DumpFile, Limits};
#[doc(no_inline)]
pub use milaan_model::Reading;
pub use profile::{ColumnProfile, Draft, Profile, Suspected, draft, profile, profile_alike};
pub use reader::LandedFile;
pub use reject::{CELL_BYTES_MAX, RAW_BYTES_MAX, Reject, RejectRule};
pub use workbook::is_guarded;
