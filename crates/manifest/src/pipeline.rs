//! The checked pipeline: what a pipeline folder says, with every name resolved.

use std::path::PathBuf;

use milaan_model::field::{SemanticField, base_name};
use milaan_model::{MatchModel, Name, Reading, ReportContract, Weights};

use crate::diagnostic::Position;
use crate::expect::Expectations;

/// A pipeline, checked.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// Its id.
    pub id: Name,
    /// For people.
    pub title: String,
    /// The folder it was read from.
    pub folder: PathBuf,
    /// ISO 3166 code: phone numbers and id schemes.
    pub country: String,
    /// The month (1 to 12) in which the financial year begins; 1: it is the calendar year.
    pub financial_year_starts: u32,
    /// Where the dumps lie when the command line does not say.
    pub data: Option<PathBuf>,
    /// Why the data are processed; goes into the receipt.
    pub purpose: String,
    /// The survey registry.
    pub registry: Source,
    /// The departments' lists, by id.
    pub sources: Vec<Source>,
    /// The match model.
    pub model: MatchModel,
    /// Its weights.
    pub weights: Weights,
    /// Where its weights are kept.
    pub weights_file: PathBuf,
    /// The file of the match model.
    pub model_file: PathBuf,
    /// Policy tables, by name.
    pub policies: Vec<PolicyTable>,
    /// Word tables, those of included folders first: a later one goes before.
    pub words: Vec<WordTable>,
    /// Places with their codes; empty where the pipeline has no place table.
    pub places: Vec<Place>,
    /// What an analyst settled about places; a later one goes before.
    pub place_corrections: Vec<PlaceCorrection>,
    /// Tables that several reports read, each after those it reads itself.
    pub tables: Vec<Table>,
    /// Change-sets, by name; [`REGISTRY_CHANGES`] goes to the registry, the others to every recipient.
    pub change_sets: Vec<Report>,
    /// Departments that get change-sets, by id.
    pub recipients: Vec<Recipient>,
    /// Reports, in the order they are written (by name).
    pub reports: Vec<Report>,
    /// Checks, by name.
    pub checks: Vec<Check>,
    /// Limits of a run.
    pub limits: Limits,
    /// SHA-256 inputs: every file of the pipeline that was read, sorted by path.
    pub files: Vec<PathBuf>,
}

/// Limits of a run; exceeding one fails it (exit code 1).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Share of a file's lines that may be skipped below the header (repeated headers, totals, footers).
    pub skipped_share_max: f64,
    /// Share of a source's rows that may be unreadable.
    pub reject_share_max: f64,
    /// Share of a whole list's records that may be gone since the last run.
    pub shrink_share_max: f64,
    /// Share of a source's records whose value in one column may be beyond understanding.
    pub issue_share_max: f64,
    /// Pairs that one blocking rule may make: more is a mistake in the rule, and a night that does not end.
    pub pairs_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            skipped_share_max: 0.01,
            reject_share_max: 0.02,
            shrink_share_max: 0.4,
            issue_share_max: 0.5,
            pairs_max: 2_000_000_000,
        }
    }
}

/// Whether a dump is the whole list or what changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The whole list each time.
    Full,
    /// Records new or changed since the last dump; the others stay.
    Delta,
}

impl Mode {
    /// All modes.
    pub const ALL: &'static [Self] = &[Self::Full, Self::Delta];

    /// The word used in source files and receipts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Delta => "delta",
        }
    }
}

/// What to do when a source has no dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnMissing {
    /// The run fails.
    Fail,
    /// The last landed copy is used, and said.
    UseLast,
    /// The source is left out of this run, and said.
    Skip,
}

impl OnMissing {
    /// All answers.
    pub const ALL: &'static [Self] = &[Self::Fail, Self::UseLast, Self::Skip];

    /// The word used in source files and receipts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::UseLast => "use_last",
            Self::Skip => "skip",
        }
    }
}

/// A list: the registry or a department's.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id; `registry` for the registry.
    pub id: Name,
    /// For people.
    pub title: String,
    /// Who keeps the list.
    pub department: String,
    /// Whole list or changes.
    pub mode: Mode,
    /// When there is no dump.
    pub on_missing: OnMissing,
    /// Date at which ages are stated (ISO); `None`: the run's.
    pub as_of: Option<String>,
    /// Date layout of columns that do not state one: `dmy`, `mdy`, `ymd`.
    pub layout: String,
    /// File patterns below the data folder.
    pub paths: Vec<String>,
    /// How the files are read.
    pub reading: Reading,
    /// Headers that together name a record.
    pub key: Vec<String>,
    /// Whether two records of one person are a duplicate case.
    pub unique_persons: bool,
    /// The registry's own files once more: its records are compared with each other, to find who is there twice.
    pub same_as_registry: bool,
    /// Columns with a semantic field, in the order of the file; constants after them.
    pub columns: Vec<Column>,
    /// What its dumps are held to.
    pub expect: Expectations,
    /// Where the source was declared, for messages.
    pub position: Position,
    /// Where its `paths` were declared.
    pub paths_position: Position,
}

/// A column of a source, or a constant.
#[derive(Debug, Clone)]
pub struct Column {
    /// Header of the landed column; empty for a constant.
    pub header: String,
    /// The same value for every record, instead of a column.
    pub constant: Option<String>,
    /// What it is.
    pub field: &'static SemanticField,
    /// Role, where the field has one.
    pub role: Option<String>,
    /// Id scheme (`aadhaar`, `cnic`), for `national_id`.
    pub scheme: Option<String>,
    /// What a code looks like (`WAP###########|28########`), where stated at the column.
    pub pattern: Option<String>,
    /// Date layout, where stated at the column.
    pub layout: Option<String>,
    /// Where it was declared.
    pub position: Position,
}

impl Column {
    /// The base of its canonical columns' names.
    pub fn base(&self) -> String {
        base_name(self.field, self.role.as_deref())
    }
}

/// A dated policy as a table that SQL can join.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyTable {
    /// View name: the file's stem.
    pub name: Name,
    /// Version of the file.
    pub version: u32,
    /// Column names, sorted.
    pub columns: Vec<String>,
    /// The declared kind of each column; `None` where the file declares none.
    pub kinds: Vec<Option<PolicyKind>>,
    /// Rows; a value a rule does not state is `None`.
    pub rows: Vec<Vec<Option<PolicyValue>>>,
}

/// What the words of a kind mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordTable {
    /// `benefit`, `gender`, `yes_no`, `status`, `money` or `quantity`.
    pub kind: String,
    /// Meaning and word; a later pair goes before.
    pub pairs: Vec<(String, String)>,
}

/// A place of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `province`, `district`, `mandal`, `tehsil`, `village` or `habitation`.
    pub level: String,
    /// Its code, unique in its level at a time; `None`: it has none, or none that is known.
    pub code: Option<String>,
    /// Its name.
    pub name: String,
    /// The code of a place above (its name, where that has no code).
    pub parent: Option<String>,
    /// Its code in the census.
    pub census: Option<String>,
    /// Other names.
    pub also: Vec<String>,
    /// The codes of the places it was made of.
    pub formerly: Vec<String>,
    /// The first day (ISO); `None`: always.
    pub valid_from: Option<String>,
    /// The last day (ISO); `None`: still.
    pub valid_to: Option<String>,
}

/// What an analyst settled about a text that names a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceCorrection {
    /// The level.
    pub level: String,
    /// The text as lists write it; compared folded.
    pub text: String,
    /// The text one level up; `None`: wherever it stands.
    pub parent: Option<String>,
    /// The code it means (the name, where the place has none); `None`: no place of the table.
    pub code: Option<String>,
}

/// The kind of a policy column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// Text.
    Text,
    /// Integer.
    Integer,
    /// Number.
    Number,
    /// true or false.
    Boolean,
    /// A date.
    Date,
}

impl PolicyKind {
    /// All kinds.
    pub const ALL: &'static [Self] =
        &[Self::Text, Self::Integer, Self::Number, Self::Boolean, Self::Date];

    /// The word in policy files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
        }
    }

    /// The kind of a value.
    pub const fn of(value: &PolicyValue) -> Self {
        match value {
            PolicyValue::Text(_) => Self::Text,
            PolicyValue::Integer(_) => Self::Integer,
            PolicyValue::Number(_) => Self::Number,
            PolicyValue::Boolean(_) => Self::Boolean,
            PolicyValue::Date(_) => Self::Date,
        }
    }
}

/// A value of a policy table; a column has one kind of value.
#[derive(Debug, Clone, PartialEq)]
pub enum PolicyValue {
    /// Text.
    Text(String),
    /// Integer.
    Integer(i64),
    /// Number.
    Number(f64),
    /// true or false.
    Boolean(bool),
    /// A date, ISO.
    Date(String),
}

/// A report: the query and its contract.
#[derive(Debug, Clone)]
pub struct Report {
    /// The contract.
    pub contract: ReportContract,
    /// The SELECT.
    pub sql: String,
    /// The SQL file.
    pub sql_file: PathBuf,
}

/// A table that several reports read: computed once a run, kept among the stages, never published.
#[derive(Debug, Clone)]
pub struct Table {
    /// View name: the file's stem.
    pub name: Name,
    /// The SELECT.
    pub sql: String,
    /// The SQL file.
    pub sql_file: PathBuf,
}

/// The change-set that goes to the registry (SOP 3.6); every other one goes back to the departments.
pub const REGISTRY_CHANGES: &str = "registry";

/// A department that gets its own records back, and the registered purpose it gets them for (SOP 3.5, 3.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Names its folder below `sync/`.
    pub id: Name,
    /// The department, as its sources state it.
    pub department: String,
    /// The purpose, one of `[purposes]`.
    pub purpose: String,
    /// Columns above internal that it gets; all of them are among those of its purpose.
    pub columns: Vec<String>,
}

/// A check: a SELECT that must return no rows.
#[derive(Debug, Clone)]
pub struct Check {
    /// The file's stem.
    pub name: Name,
    /// The SELECT.
    pub sql: String,
    /// The SQL file.
    pub sql_file: PathBuf,
}

impl Pipeline {
    /// The scheme of the registry's identity numbers; empty where it has none.
    pub fn id_scheme(&self) -> &str {
        self.registry.columns.iter().find_map(|column| column.scheme.as_deref()).unwrap_or_default()
    }

    /// The id of the source that is the registry itself, to find who is there twice; where the pipeline declares none it is
    /// added, as `registry_itself`.
    pub fn registry_as_a_list(&mut self) -> Name {
        if let Some(own) = self.sources.iter().find(|source| source.same_as_registry) {
            return own.id.clone();
        }
        let id = "registry_itself".parse().unwrap_or_else(|_| self.registry.id.clone());
        let title = format!("{}, beside itself", self.registry.title);
        let registry = self.registry.clone();
        self.sources.push(Source { id, title, same_as_registry: true, ..registry });
        self.registry_as_a_list()
    }

    /// The source of that id, the registry included.
    pub fn source(&self, id: &str) -> Option<&Source> {
        std::iter::once(&self.registry).chain(&self.sources).find(|source| source.id.as_str() == id)
    }
}
