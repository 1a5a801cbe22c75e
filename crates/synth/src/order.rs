//! What is asked for, what was made, what can go wrong.

use std::{fmt, io, path::PathBuf, str::FromStr};

/// A programme whose registry and lists can be invented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Programme {
    /// Andhra Pradesh.
    PeopleHub,
    /// Pakistan.
    Ehsaas,
}

impl Programme {
    /// The name on the command line and in `invented.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PeopleHub => "people-hub",
            Self::Ehsaas => "ehsaas",
        }
    }
}

impl fmt::Display for Programme {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Programme {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let known = [Self::PeopleHub, Self::Ehsaas];
        known
            .into_iter()
            .find(|programme| programme.name() == text)
            .ok_or_else(|| Error::Programme(text.to_owned()))
    }
}

/// What to invent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Which programme's registry and lists.
    pub programme: Programme,
    /// Residents in the registry.
    pub residents: u64,
    /// Rows of all departments together.
    pub records: u64,
    /// The same seed makes the same bytes.
    pub seed: u64,
    /// Also what a peer can read: `flat/{registry,list,truth}.parquet`.
    pub flat: bool,
}

/// What was invented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Residents in the registry.
    pub residents: u64,
    /// Rows of all departments together, each with its row in `truth.csv`.
    pub records: u64,
    /// The files written.
    pub files: Vec<PathBuf>,
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A thing that a later version will do.
    #[error("{0} cannot be invented yet")]
    NotYet(&'static str),
    /// No such programme.
    #[error("no programme `{0}`: people-hub and ehsaas are known")]
    Programme(String),
    /// Nobody to invent.
    #[error("a population needs at least one resident")]
    NoResidents,
    /// A list would need more people than there are.
    #[error(
        "the list `{source_id}` would need {wanted} registered people, but only {fitting} are of an age or state for it"
    )]
    TooFewPeople {
        /// The list.
        source_id: &'static str,
        /// People it needs.
        wanted: u64,
        /// People who fit.
        fitting: u64,
    },
    /// A folder could not be made.
    #[error("cannot make the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A line of a delimited file could not be written.
    #[error("cannot write a line of {}", path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// Why.
        source: csv::Error,
    },
    /// A workbook could not be written.
    #[error("cannot write the workbook {file}")]
    Workbook {
        /// The file, below the folder.
        file: &'static str,
        /// Why.
        source: rust_xlsxwriter::XlsxError,
    },
}
