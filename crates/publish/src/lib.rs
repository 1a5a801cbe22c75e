//! The only door out: classes, formats, contracts, leak scan, receipts, atomic publication.
//!
//! A run's output is prepared in a private folder that nobody looks into, and becomes visible whole, by one rename:
//!
//! 1. [`Publication::begin`] makes `<out>/runs/.preparing-<run id>`.
//! 2. [`Reports::report`] opens one report. Its columns are held to the [contract](milaan_model::ReportContract)
//!    and its classes to the report's clearance before any row is read; every row is then checked on its way to
//!    Parquet (and CSV).
//! 3. [`Publication::scan`] reads back every outgoing byte and looks for identifiers in the clear.
//! 4. [`Publication::finish`] writes `datapackage.json` and, last, `receipt.json`, syncs everything, renames the folder
//!    to `<out>/runs/<run id>` and moves `<out>/latest` — or leaves it, when the run failed a check.
//!
//! Invariants: nothing leaves unscanned; a reader of `latest` never sees a mixture of two runs; no error of this crate
//! carries a value of a row, only its report, column and row number; the same rows give the same bytes, however they
//! were batched; every file is 0600 and every folder 0700 whatever the umask.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use arrow::array::{RecordBatch, StringArray};
//! use arrow::datatypes::{DataType, Field, Schema};
//! use milaan_model::{ColumnContract, ColumnType, OutputFormat, ReportContract, Sensitivity};
//! use milaan_publish::{Publication, Verdict};
//!
//! let contract = ReportContract {
//!     name: "enrolments".parse()?,
//!     version: 1,
//!     title: "Records that the registry does not know".into(),
//!     grain: "one row per record".into(),
//!     clearance: Sensitivity::Internal,
//!     columns: vec![ColumnContract {
//!         name: "record_id".into(),
//!         kind: ColumnType::Text,
//!         class: Sensitivity::Internal,
//!         required: true,
//!         meaning: "the record".into(),
//!         values: vec![],
//!     }],
//!     key: vec!["record_id".into()],
//!     formats: vec![OutputFormat::Csv],
//!     rows_max: None,
//!     sheets_by: None,
//! };
//! let schema = Arc::new(Schema::new(vec![Field::new("record_id", DataType::Utf8, false)]));
//! let rows = RecordBatch::try_new(schema.clone(), vec![Arc::new(StringArray::from(vec!["P-1", "P-2"]))])?;
//!
//! let out = tempfile::tempdir()?;
//! let publication = Publication::begin(out.path(), "2026-11-22T01-00-00")?;
//! let mut report = publication.reports().report(&contract, &schema)?;
//! report.write(&rows)?;
//! let receipt = report.finish()?;
//! assert_eq!(receipt.rows, 2);
//!
//! publication.scan(2).map_err(|leaks| format!("{} leaks", leaks.len()))?;
//! publication.finish(&serde_json::json!({ "verdict": "done" }), Verdict::Done)?;
//! assert!(out.path().join("latest/reports/enrolments.csv").is_file());
//! # Ok(())
//! # }
//! ```

mod columns;
mod csv_file;
mod datapackage;
mod error;
mod jsonl_file;
pub mod keep;
mod leak;
mod outgoing;
mod parquet_file;
pub mod private;
mod publication;
mod report;
mod rows;
mod xlsx_file;

pub use datapackage::datapackage;
pub use error::Error;
pub use leak::{LeakFound, ScanReceipt};
pub use publication::{Publication, Reports, Verdict};
pub use report::{FileReceipt, ReportReceipt, ReportWriter, check_contract};
