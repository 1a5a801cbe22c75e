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

/// Which of two lists of names people are called from: they share hardly any, so that nobody can tune to one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameSeed {
    /// The list the samples are made of.
    #[default]
    A,
    /// The other.
    B,
}

impl FromStr for NameSeed {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "A" | "a" => Ok(Self::A),
            "B" | "b" => Ok(Self::B),
            _ => Err(Error::NameSeed(text.to_owned())),
        }
    }
}

/// How often things go wrong: see [`crate::rates::Rates`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateSet {
    /// Gentle, for the committed samples.
    Sample,
    /// As hard as life.
    #[default]
    Life,
}

impl FromStr for RateSet {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "sample" => Ok(Self::Sample),
            "life" => Ok(Self::Life),
            _ => Err(Error::RateSet(text.to_owned())),
        }
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
    /// The names people have.
    pub names: NameSeed,
    /// How often things go wrong.
    pub rates: RateSet,
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
    /// No such programme.
    #[error("no programme `{0}`: people-hub and ehsaas are known")]
    Programme(String),
    /// No such vocabulary.
    #[error("no vocabulary `{0}`: A and B are known")]
    NameSeed(String),
    /// No such rates.
    #[error("no rates `{0}`: sample and life are known")]
    RateSet(String),
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
    /// A line of a delimited file could not be laid out.
    #[error("cannot lay out a line")]
    Line(#[source] csv::Error),
    /// Columns of the flat form could not be put together.
    #[error("cannot put the flat columns together")]
    Columns(#[source] arrow::error::ArrowError),
    /// A workbook could not be written.
    #[error("cannot write the workbook {file}")]
    Workbook {
        /// The file, below the folder.
        file: String,
        /// Why.
        source: rust_xlsxwriter::XlsxError,
    },
    /// A Parquet file could not be written.
    #[error("cannot write {}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        source: parquet::errors::ParquetError,
    },
}
