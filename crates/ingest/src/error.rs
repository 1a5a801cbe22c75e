//! What can stop a dump from being read. A bad row never does: it is a [`crate::Reject`].

use std::path::PathBuf;

/// The cause behind an error of a reader that is not ours.
pub type Cause = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why a dump was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such file.
    #[error("no file `{file}`")]
    Missing {
        /// The dump.
        file: String,
    },
    /// The system, or the reader of this format, gave up.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// Where it lies.
        path: PathBuf,
        /// What happened.
        source: Cause,
    },
    /// No bytes, or no row with anything in it.
    #[error("`{file}` is empty")]
    Empty {
        /// The dump.
        file: String,
    },
    /// A workbook in which every filled cell is an error or a formula whose result was not saved.
    #[error(
        "`{file}` holds no value: {errors} cells with errors, {formulas} formulas whose results were not saved"
    )]
    NoValues {
        /// The dump.
        file: String,
        /// Cells that hold an error.
        errors: u64,
        /// Formulas without a result.
        formulas: u64,
    },
    /// Not one row could be read.
    #[error(
        "no record could be read in `{file}`: {rejected} rows do not fit its columns or are no text"
    )]
    NothingRead {
        /// The dump.
        file: String,
        /// Rows rejected.
        rejected: u64,
    },
    /// Taken for a workbook by its name, but its bytes are something else.
    #[error("`{file}` is not a workbook: it looks like {looks_like}")]
    NotAWorkbook {
        /// The dump.
        file: String,
        /// A few words.
        looks_like: &'static str,
    },
    /// Taken for delimited text, but its bytes are something else.
    #[error("`{file}` is not delimited text: it looks like {looks_like}")]
    NotText {
        /// The dump.
        file: String,
        /// A few words.
        looks_like: &'static str,
    },
    /// Protected by a password that nobody gave.
    #[error("`{file}` is protected by a password")]
    Encrypted {
        /// The dump.
        file: String,
        /// The environment variable that should hold it, but is not set.
        variable: Option<String>,
    },
    /// Protected by another password than the one given.
    #[error("`{file}` is protected by a password, and the one given is not it")]
    WrongPassword {
        /// The dump.
        file: String,
    },
    /// Protected by a password, in a way that is not known here.
    #[error("`{file}` is protected by a password in a way that cannot be opened")]
    UnknownLock {
        /// The dump.
        file: String,
    },
    /// The stated header row is not there.
    #[error("no header in row {row} of {}", place(file, sheet))]
    NoHeader {
        /// The dump.
        file: String,
        /// The sheet, empty where there is none.
        sheet: String,
        /// The stated row.
        row: u64,
    },
    /// A required column is missing.
    #[error("column `{column}` not found in {}, header row {header_row}", place(file, sheet))]
    ColumnMissing {
        /// The dump.
        file: String,
        /// The sheet, empty where there is none.
        sheet: String,
        /// The wanted header.
        column: String,
        /// The row that holds most of the wanted columns.
        header_row: u64,
        /// A header that is nearly the same.
        did_you_mean: Option<String>,
    },
    /// No sheet has a name of this pattern.
    #[error("no sheet `{pattern}` in `{file}`")]
    SheetMissing {
        /// The dump.
        file: String,
        /// What was asked for.
        pattern: String,
        /// What there is.
        sheets: Vec<String>,
    },
    /// A sheet pattern that cannot be understood.
    #[error("`{pattern}` is not a sheet pattern")]
    SheetPattern {
        /// What was asked for.
        pattern: String,
        /// Why not.
        source: Cause,
    },
    /// A limit was passed.
    #[error("`{file}` has more than {limit} {what}")]
    TooLarge {
        /// The dump.
        file: String,
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: u64,
    },
    /// A packed file that is made to exhaust whoever unpacks it.
    #[error("`{file}` is a zip bomb or damaged: it unpacks to {bytes} bytes or more")]
    Bomb {
        /// The dump.
        file: String,
        /// What its directory says.
        bytes: u64,
    },
    /// What the file says of itself cannot be true.
    #[error("`{file}` is damaged: {how}")]
    Damaged {
        /// The dump.
        file: String,
        /// One clause.
        how: &'static str,
    },
    /// The file changed while it was read.
    #[error("`{file}` changed while it was read")]
    Changed {
        /// The dump.
        file: String,
    },
    /// An encoding label that the WHATWG list does not have.
    #[error("`{label}` is not an encoding")]
    UnknownEncoding {
        /// What was stated.
        label: String,
    },
    /// A wanted column is named like a lineage column.
    #[error("a landed column cannot be named `{column}`: that is a lineage column")]
    NameTaken {
        /// The header.
        column: String,
    },
    /// Rows read are not rows landed + rejected + skipped: a fault of this program.
    #[error(
        "{}: {read} rows read, but {landed} landed, {rejected} rejected, {skipped} skipped",
        place(file, sheet)
    )]
    CountsDisagree {
        /// The dump.
        file: String,
        /// The sheet, empty where there is none.
        sheet: String,
        /// Rows read.
        read: u64,
        /// Rows landed.
        landed: u64,
        /// Rows rejected.
        rejected: u64,
        /// Lines skipped.
        skipped: u64,
    },
    /// The output could not be written.
    #[error("cannot write the landed rows")]
    Write {
        /// What happened.
        source: Cause,
    },
}

fn place(file: &str, sheet: &str) -> String {
    if sheet.is_empty() { format!("`{file}`") } else { format!("sheet `{sheet}` of `{file}`") }
}

impl Error {
    /// What to do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::ColumnMissing { did_you_mean: Some(near), .. } => Some(format!(
                "did you mean `{near}`? add it to the column's `aliases` if the department renamed it"
            )),
            Self::SheetMissing { sheets, .. } => {
                Some(format!("its sheets are: {}", sheets.join(", ")))
            }
            Self::NotAWorkbook { looks_like, .. } if *looks_like == "text" => {
                Some("if it is delimited text, name it `.csv`, or state `format = \"csv\"` in its source file".to_owned())
            }
            Self::NoValues { .. } => Some(
                "ask the department for the file saved by a spreadsheet program, its results in it"
                    .to_owned(),
            ),
            Self::NotAWorkbook { .. }
            | Self::NotText { .. }
            | Self::Bomb { .. }
            | Self::Damaged { .. } => {
                Some("ask the department for the file as it came out of its program".to_owned())
            }
            Self::Encrypted { variable: Some(name), .. } => {
                Some(format!("put the password into the environment variable `{name}`"))
            }
            Self::Encrypted { .. } => Some(
                "name the environment variable that holds it: `password_env = \"NAME\"` under `[files]`, or `--password-env NAME`"
                    .to_owned(),
            ),
            Self::WrongPassword { .. } => {
                Some("ask the department for the password of this very file".to_owned())
            }
            Self::UnknownLock { .. } => Some(
                "XLSX and XLSB of Excel 2010 and later are opened with `password_env`; of others ask the department for a copy without password, or save one"
                    .to_owned(),
            ),
            Self::Changed { .. } => {
                Some("run again once the department's copy is complete".to_owned())
            }
            Self::NameTaken { column } => {
                Some(format!("choose another header and name `{column}` in its `aliases`"))
            }
            Self::NoHeader { .. } => {
                Some("correct `header_row`, or leave it out to have it found".to_owned())
            }
            _ => None,
        }
    }

    pub(crate) fn unreadable(path: &std::path::Path, source: impl Into<Cause>) -> Self {
        Self::Unreadable { path: path.to_owned(), source: source.into() }
    }

    /// The same of the dump itself, not of what was made of it to be read.
    pub(crate) fn of(self, file: &crate::DumpFile) -> Self {
        match self {
            Self::Unreadable { source, .. } => Self::unreadable(&file.path, source),
            other => other,
        }
    }

    pub(crate) fn write(source: impl Into<Cause>) -> Self {
        Self::Write { source: source.into() }
    }
}
