//! What may go wrong at the door. No variant carries a value of a row.

use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

use milaan_model::Sensitivity;

use crate::leak::LeakFound;

/// Why something was not published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was being done: `create`, `write`, `rename` …
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A Parquet file could not be written or read back.
    #[error("cannot {action} Parquet file {}", path.display())]
    Parquet {
        /// What was being done.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the Parquet library said.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// A run id that cannot name a folder.
    #[error("run id {run_id:?} cannot name a folder")]
    RunId {
        /// The id as given.
        run_id: String,
    },
    /// A run of that id has been published.
    #[error("{} is published already", path.display())]
    RunExists {
        /// The published folder.
        path: PathBuf,
    },
    /// Another process is preparing the same run.
    #[error("{} is being prepared by another process", path.display())]
    Busy {
        /// The folder it works in.
        path: PathBuf,
    },
    /// The rows or the columns are not what the report's contract promises.
    #[error("report `{report}` breaks its contract at {}: expected {expected}, found {found}", place(column, *row))]
    ContractBroken {
        /// The report.
        report: String,
        /// The column, or the key's columns.
        column: String,
        /// The row, counted from 1; `None`: the columns themselves are wrong.
        row: Option<u64>,
        /// What the contract says.
        expected: String,
        /// What there is instead; never a value.
        found: String,
    },
    /// More rows than the contract allows.
    #[error("report `{report}` has more than {rows_max} rows")]
    TooManyRows {
        /// The report.
        report: String,
        /// The contract's limit.
        rows_max: u64,
    },
    /// A column is more sensitive than those who read the report may see.
    #[error("column `{column}` of report `{report}` is {class}, above its clearance {clearance}")]
    AboveClearance {
        /// The report.
        report: String,
        /// The column.
        column: String,
        /// The column's class.
        class: Sensitivity,
        /// The highest class that is allowed there.
        clearance: Sensitivity,
    },
    /// A report was opened and never finished.
    #[error("report `{report}` was begun and not finished")]
    Unfinished {
        /// The report.
        report: String,
    },
    /// A file lies among the reports that no report wrote.
    #[error("{} was not written by a report", path.display())]
    Stray {
        /// The file, relative to the run's folder.
        path: PathBuf,
    },
    /// Something that is neither a file nor a folder lies in the run's folder.
    #[error("{} is neither a file nor a folder", path.display())]
    NotAFile {
        /// The link, socket or device.
        path: PathBuf,
    },
    /// The leak scan has not been made, or not after the last change.
    #[error("{} has not been scanned for identifiers since it was written", path.display())]
    NotScanned {
        /// The file, or the folder when nothing was scanned.
        path: PathBuf,
    },
    /// Identifiers in the clear.
    #[error("identifiers in the clear: {}", places(found))]
    Leak {
        /// Where; never what.
        found: Vec<LeakFound>,
    },
    /// Others may read a file or folder.
    #[error("{} has mode {mode:o} instead of {expected:o}", path.display())]
    NotPrivate {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What they have to be.
        expected: u32,
    },
}

impl Error {
    /// What the reader of the error can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Io { source, .. } => io_hint(source),
            Self::RunId { .. } => Some("use letters, digits, `-`, `_` and `.`, not a `.` first"),
            Self::RunExists { .. } => Some("a published run is never overwritten; start a new one"),
            Self::Busy { .. } => Some("wait for the other run to end"),
            Self::ContractBroken { row: None, .. } => {
                Some("make the report's .sql and its contract .toml agree, column by column")
            }
            Self::ContractBroken { .. } => Some(
                "a promise to the report's readers: mend the query, or write a new version of the contract",
            ),
            Self::TooManyRows { .. } => {
                Some("raise `rows_max` in the contract if so many rows are right")
            }
            Self::AboveClearance { .. } => Some("mask the column in the query, or leave it out"),
            Self::Leak { .. } => Some("nothing was published; mask or tokenise the column"),
            Self::NotPrivate { .. } => Some("write it through `milaan_publish::private`"),
            Self::Stray { .. } => {
                Some("write it through `Publication::report`, or outside `reports/`")
            }
            Self::NotScanned { .. } => {
                Some("call `Publication::scan` after the last file is written")
            }
            Self::Parquet { .. } | Self::Unfinished { .. } | Self::NotAFile { .. } => None,
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }
}

/// Lets no `io::Error` travel without its path.
pub(crate) trait At<T> {
    fn at(self, action: &'static str, path: &Path) -> Result<T, Error>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, action: &'static str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::io(action, path, source))
    }
}

impl<T> At<T> for Result<T, parquet::errors::ParquetError> {
    fn at(self, action: &'static str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::Parquet { action, path: path.to_owned(), source })
    }
}

fn io_hint(source: &io::Error) -> Option<&'static str> {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Some("free some space; the last publication stands")
        }
        io::ErrorKind::PermissionDenied => {
            Some("the output folder must belong to the user who runs milaan")
        }
        io::ErrorKind::ReadOnlyFilesystem => Some("choose another folder with --out"),
        _ => None,
    }
}

fn place(column: &str, row: Option<u64>) -> String {
    match row {
        Some(row) => format!("column `{column}`, row {row}"),
        None => format!("column `{column}`"),
    }
}

/// The first places; a broken query leaks in every row.
fn places(found: &[LeakFound]) -> String {
    const SHOWN_MAX: usize = 5;
    let mut text =
        found.iter().take(SHOWN_MAX).map(ToString::to_string).collect::<Vec<_>>().join("; ");
    if found.len() > SHOWN_MAX {
        // Writing to a String cannot fail.
        let _ = write!(text, "; and {} more", found.len() - SHOWN_MAX);
    }
    text
}
