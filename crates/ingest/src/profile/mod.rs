//! What a dump holds, column by column, without showing a value: fill, distinct values, lengths, patterns, checksums, and
//! which semantic field each column may be.

mod draft;
mod guess;
mod pattern;

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use milaan_model::reading::{Reading, Sheets, WantedColumn};

use crate::batches::wanted;
use crate::error::Error;
use crate::limits::{DumpFile, Limits};
use crate::reader::{self, LandedFile, Order};
use crate::reject::Reject;
use crate::table::{Cells, Flow, Sink};

pub use draft::{Draft, draft};
pub use guess::Suspected;

/// Distinct values that are counted one by one.
const DISTINCT_MAX: usize = 1 << 20;
/// Filled values of a column whose pattern and checks are looked at.
const LOOKED_MAX: u64 = 20_000;
/// Patterns of a column that are told apart.
const PATTERNS_MAX: usize = 1000;
/// Patterns that are shown.
const PATTERNS_SHOWN: usize = 5;

/// A profiled dump.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The file and what was read of it.
    pub file: LandedFile,
    /// Records.
    pub rows: u64,
    /// Rows that could not be read.
    pub rejects: u64,
    /// The columns in their order.
    pub columns: Vec<ColumnProfile>,
}

/// What one column holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnProfile {
    /// The header.
    pub name: String,
    /// Records with something in it.
    pub filled: u64,
    /// Different values; at least so many if [`Self::distinct_is_least`].
    pub distinct: u64,
    /// Whether counting them was given up.
    pub distinct_is_least: bool,
    /// Characters of the shortest and the longest value; zero where nothing is filled.
    pub length_min: u64,
    /// See [`Self::length_min`].
    pub length_max: u64,
    /// The most frequent patterns of the values looked at: `9(12)`, `99-99-9999`, `Aa Aa`.
    pub patterns: Vec<(String, u64)>,
    /// Values looked at for patterns and checks.
    pub looked: u64,
    /// Checks that some values passed: kind, values that passed.
    pub checks: Vec<(&'static str, u64)>,
    /// The field that it may be.
    pub suspected: Suspected,
}

impl ColumnProfile {
    /// The share of the values looked at that pass a check, 0 where none was looked at.
    pub fn passed(&self, check: &str) -> f64 {
        let passed =
            self.checks.iter().find(|(kind, _)| *kind == check).map_or(0, |(_, passed)| *passed);
        passed as f64 / self.looked.max(1) as f64
    }
}

/// Profiles a whole dump; of a workbook the main sheet, or the stated ones.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("list.csv");
/// std::fs::write(&path, "Id,Aadhaar No\n1,234123412346\n2,298765432106\n")?;
/// let file = milaan_ingest::DumpFile { path, name: "list.csv".to_owned() };
/// let profile = milaan_ingest::profile(&file, &milaan_model::Reading::default())?;
/// assert_eq!((profile.rows, profile.columns[1].distinct), (2, 2));
/// assert_eq!(profile.columns[1].patterns, [("9(12)".to_owned(), 2)]);
/// assert_eq!(profile.columns[1].suspected.field, "national_id");
/// # Ok(())
/// # }
/// ```
pub fn profile(file: &DumpFile, reading: &Reading) -> Result<Profile, Error> {
    let limits = Limits::default();
    let order = Order {
        reading,
        wanted: &reading.columns,
        limits: &limits,
        reserved: &[],
        as_written: false,
        pool: None,
        whole: true,
    };
    let mut sink = ProfileSink::default();
    let landed = reader::read(file, order, &mut sink)?;
    let (rows, rejects) = (sink.rows, sink.rejects);
    let mut columns: Vec<ColumnProfile> = sink
        .columns
        .into_iter()
        .zip(sink.tallies)
        .map(|(name, tally)| tally.finish(name))
        .collect();
    guess::suspect(&mut columns, rows);
    Ok(Profile { file: landed, rows, rejects, columns })
}

/// Profiles a whole dump, of a workbook all sheets that have the columns of its main sheet, as a source takes them that names
/// none. `reading`: as for [`profile`]; one that names sheets or columns is taken as it is.
pub fn profile_alike(file: &DumpFile, reading: &Reading) -> Result<Profile, Error> {
    let main = profile(file, reading)?;
    let is_stated = !reading.columns.is_empty() || reading.sheets != Sheets::AllAlike;
    let has_others = main.file.counts.first().is_some_and(|counts| {
        counts.header_row.is_some()
            && counts.found.iter().any(|(what, _)| what == "sheets_passed_over")
    });
    if is_stated || !has_others {
        return Ok(main);
    }
    let required = |column: &ColumnProfile| WantedColumn {
        header: column.name.clone(),
        aliases: Vec::new(),
        required: true,
    };
    let columns = main.columns.iter().map(required).collect();
    // A header that a reader names in its own way may not be found again by that name: then the main sheet stands alone.
    Ok(profile(file, &Reading { columns, ..reading.clone() }).unwrap_or_else(|_| {
        let mut main = main;
        if let Some(counts) = main.file.counts.first_mut() {
            counts.found.push(("sheets_not_compared".to_owned(), "yes".to_owned()));
        }
        main
    }))
}

#[derive(Default)]
struct ProfileSink {
    columns: Vec<String>,
    tallies: Vec<Tally>,
    hasher: RandomState,
    rows: u64,
    rejects: u64,
}

impl Sink for ProfileSink {
    fn columns(&mut self, _sheet: &str, columns: &[String]) -> Result<(), Error> {
        if self.columns.is_empty() {
            columns.clone_into(&mut self.columns);
            self.tallies = columns.iter().map(|_| Tally::default()).collect();
        }
        Ok(())
    }

    fn fixed(&self) -> Vec<WantedColumn> {
        wanted(&self.columns)
    }

    fn row(&mut self, cells: Cells<'_>) -> Result<Flow, Error> {
        self.rows += 1;
        for (cell, tally) in cells.iter().zip(&mut self.tallies) {
            if let Some(text) = cell {
                tally.add(text, self.hasher.hash_one(text));
            }
        }
        Ok(Flow::More)
    }

    fn reject(&mut self, _reject: Reject) -> Result<(), Error> {
        self.rejects += 1;
        Ok(())
    }
}

/// Counts of one column.
#[derive(Default)]
struct Tally {
    filled: u64,
    distinct: HashSet<u64>,
    length: Option<(u64, u64)>,
    looked: u64,
    patterns: HashMap<String, u64>,
    checks: [u64; pattern::CHECKS.len()],
}

impl Tally {
    fn add(&mut self, text: &str, hash: u64) {
        self.filled += 1;
        if self.distinct.len() < DISTINCT_MAX {
            self.distinct.insert(hash);
        }
        let length = text.chars().count() as u64;
        let (least, most) = self.length.unwrap_or((length, length));
        self.length = Some((least.min(length), most.max(length)));
        if self.looked >= LOOKED_MAX {
            return;
        }
        self.looked += 1;
        let pattern = pattern::of(text);
        if self.patterns.len() < PATTERNS_MAX || self.patterns.contains_key(&pattern) {
            *self.patterns.entry(pattern).or_default() += 1;
        }
        for ((_, check), passed) in pattern::CHECKS.iter().zip(&mut self.checks) {
            *passed += u64::from(check(text));
        }
    }

    fn finish(self, name: String) -> ColumnProfile {
        let mut patterns: Vec<(String, u64)> = self.patterns.into_iter().collect();
        patterns.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        patterns.truncate(PATTERNS_SHOWN);
        let checks = pattern::CHECKS.iter().zip(self.checks);
        let checks = checks
            .filter(|(_, passed)| *passed > 0)
            .map(|((kind, _), passed)| (*kind, passed))
            .collect();
        let (length_min, length_max) = self.length.unwrap_or_default();
        ColumnProfile {
            name,
            filled: self.filled,
            distinct: self.distinct.len() as u64,
            distinct_is_least: self.distinct.len() >= DISTINCT_MAX,
            length_min,
            length_max,
            patterns,
            looked: self.looked,
            checks,
            suspected: Suspected::default(),
        }
    }
}
