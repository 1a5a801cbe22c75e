//! What can go wrong in a run, and whose turn it is to mend it.

use std::path::PathBuf;

use datafusion::error::DataFusionError;
use milaan_manifest::Diagnostic;

use crate::disk::gigabytes;

/// Whose turn it is: decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line or the pipeline files (exit 2).
    Usage,
    /// The dumps, a limit or a check (exit 1).
    Data,
    /// The machine, or a fault of ours (exit 3).
    Environment,
}

/// A run's error. Display is one clause; the cause is in `source()`. No personal value is in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The pipeline folder has problems.
    #[error("the pipeline has {} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Pipeline(Vec<Diagnostic>),
    /// One or more dumps cannot be taken.
    #[error("{} dump{} cannot be taken", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Dumps(Vec<Diagnostic>),
    /// A word on the command line names nothing.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
    /// A query of a pipeline file cannot be planned.
    #[error("`{what}` cannot be planned: {reason}")]
    Plan {
        /// The step, report or check, with its file.
        what: String,
        /// The planner's words.
        reason: String,
    },
    /// A report's query and its contract do not agree.
    #[error("`{what}` and its contract do not agree")]
    Contract {
        /// The report's file.
        what: String,
        /// In what.
        source: Box<milaan_publish::Error>,
    },
    /// A report or query would show a column above its reader's clearance.
    #[error(
        "column `{column}` of {what} is {found}, above {allowed}: it would show what this sink may not show"
    )]
    AboveClearance {
        /// The report or query.
        what: String,
        /// The column.
        column: String,
        /// What the query computes.
        found: &'static str,
        /// What is allowed.
        allowed: &'static str,
    },
    /// A query failed while running.
    #[error("`{what}` failed while running: {reason}")]
    Query {
        /// The step.
        what: String,
        /// The kind of failure, without values.
        reason: String,
    },
    /// Linking refused or failed.
    #[error("linking failed")]
    Linking(#[source] milaan_linkage::candidates::Error),
    /// Publishing refused or failed.
    #[error(transparent)]
    Publish(#[from] milaan_publish::Error),
    /// Identifiers were found in what was about to leave.
    #[error("{} identifier{} found in outgoing files: {}", .0.len(), if .0.len() == 1 { "" } else { "s" }, first_leak(.0))]
    Leaks(Vec<milaan_publish::LeakFound>),
    /// The key of the installation cannot be used.
    #[error("{message}")]
    Key {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// Another run of this pipeline is under way.
    #[error("another run of this pipeline is under way ({owner})")]
    Locked {
        /// Process and start of the owner.
        owner: String,
    },
    /// The disk cannot hold the run.
    #[error(
        "the run would take about {} of disk below `{}`, where {} are free",
        gigabytes(*needed), folder.display(), gigabytes(*free)
    )]
    Disk {
        /// Bytes the run will take, about.
        needed: u64,
        /// Bytes free.
        free: u64,
        /// The output folder.
        folder: PathBuf,
    },
    /// A file or folder of the installation.
    #[error("{action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// State of another version.
    #[error("`{}` was written by another version: {found}", path.display())]
    StateVersion {
        /// The version file.
        path: PathBuf,
        /// What it says.
        found: String,
    },
    /// An invariant of ours does not hold.
    #[error("counts disagree: {0}")]
    Counts(String),
}

fn first_leak(leaks: &[milaan_publish::LeakFound]) -> String {
    leaks.first().map(ToString::to_string).unwrap_or_default()
}

impl Error {
    /// Whose turn it is.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Pipeline(_)
            | Self::Contract { .. }
            | Self::Usage { .. }
            | Self::Plan { .. }
            | Self::AboveClearance { .. } => ErrorKind::Usage,
            Self::Dumps(_) | Self::Leaks(_) => ErrorKind::Data,
            Self::Publish(
                milaan_publish::Error::ContractBroken { .. }
                | milaan_publish::Error::TooManyRows { .. }
                | milaan_publish::Error::Leak { .. },
            ) => ErrorKind::Data,
            _ => ErrorKind::Environment,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } => hint.clone(),
            Self::Key { hint, .. } => Some(hint.clone()),
            Self::AboveClearance { .. } => Some(
                "mask it (mask_name, mask_phone, mask_date, mask_text) or leave it out".to_owned(),
            ),
            Self::Leaks(_) => Some(
                "nothing was published as latest; mask the column or tokenise the key it stands in"
                    .to_owned(),
            ),
            Self::Locked { .. } => {
                Some("wait for it, or stop it: a dead owner's lock is taken over".to_owned())
            }
            Self::Disk { .. } => {
                Some("free some, sweep old runs, or give `--out` on a larger disk".to_owned())
            }
            Self::StateVersion { .. } => {
                Some("use another `--out`, or remove the state folder".to_owned())
            }
            Self::Publish(error) => error.hint().map(str::to_owned),
            Self::Contract { source, .. } => source.hint().map(str::to_owned),
            Self::Query { reason, .. } if reason.contains("memory") => {
                Some("give the run more with `--memory`".to_owned())
            }
            _ => None,
        }
    }

    pub(crate) fn io(
        action: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Whether the pool of memory was too small for a query.
    pub(crate) fn is_of_memory(&self) -> bool {
        matches!(self, Self::Query { reason, .. } if reason == EXHAUSTED)
    }

    /// A planning error keeps the planner's words (they name columns); an execution error keeps its kind alone, since
    /// DataFusion's words may quote values.
    pub(crate) fn of_query(what: &str, error: &DataFusionError) -> Self {
        match error.find_root() {
            DataFusionError::Plan(_)
            | DataFusionError::SchemaError(..)
            | DataFusionError::SQL(..) => {
                Self::Plan { what: what.to_owned(), reason: error.strip_backtrace() }
            }
            DataFusionError::NotImplemented(reason) => {
                Self::Plan { what: what.to_owned(), reason: reason.clone() }
            }
            DataFusionError::ResourcesExhausted(_) => {
                Self::Query { what: what.to_owned(), reason: EXHAUSTED.to_owned() }
            }
            DataFusionError::IoError(error) => {
                Self::Query { what: what.to_owned(), reason: error.kind().to_string() }
            }
            other => Self::Query {
                what: what.to_owned(),
                reason: format!("{} (its words are withheld, they may quote data)", variant(other)),
            },
        }
    }
}

/// Why a query ended that the pool of memory was too small for.
const EXHAUSTED: &str = "memory is exhausted";

fn variant(error: &DataFusionError) -> &'static str {
    match error {
        DataFusionError::ArrowError(..) => "a value could not be computed",
        DataFusionError::ParquetError(_) => "a Parquet file could not be read or written",
        DataFusionError::ObjectStore(_) => "a file could not be reached",
        DataFusionError::Execution(_) => "an execution error",
        DataFusionError::Internal(_) => "an internal error of the query engine",
        _ => "an error of the query engine",
    }
}
