//! Whole files, written here or kept in `../shared/data`, through the public functions.

mod by_hand;
mod corpora;
mod locked;
mod polluted;
mod profiles;
mod property;
mod text_files;
mod valueless;
mod workbooks;

use std::path::Path;

use milaan_model::Reading;
use milaan_model::reading::{FileCounts, SkipRule, WantedColumn};

use crate::{DumpFile, Error, Landing, land_csv};

pub(super) fn dump(folder: &Path, name: &str, bytes: &[u8]) -> DumpFile {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    DumpFile { path, name: name.to_owned() }
}

/// Columns wanted: `*` marks a required one, `=` an alias.
pub(super) fn wanting(columns: &[&str]) -> Reading {
    let wanted = |text: &&str| {
        let required = text.starts_with('*');
        let mut names = text.trim_start_matches('*').split('=').map(str::to_owned);
        WantedColumn { header: names.next().unwrap(), aliases: names.collect(), required }
    };
    Reading { columns: columns.iter().map(wanted).collect(), ..Reading::default() }
}

/// A file landed as CSV: the landing and the lines, `·` for an empty cell.
pub(super) fn landed(file: &DumpFile, reading: &Reading) -> Result<(Landing, Vec<String>), Error> {
    let mut out = Vec::new();
    let landing = land_csv(file, reading, &mut out)?;
    for counts in landing.files.iter().flat_map(|file| &file.counts) {
        assert!(counts.adds_up(), "{counts:?}");
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
    let line = |record: csv::StringRecord| {
        record
            .iter()
            .map(|cell| if cell.is_empty() { "·" } else { cell })
            .collect::<Vec<_>>()
            .join("|")
    };
    Ok((landing, reader.records().map(|record| line(record.unwrap())).collect()))
}

/// Text landed as CSV.
pub(super) fn text(bytes: &[u8], reading: &Reading) -> Result<(Landing, Vec<String>), Error> {
    let folder = tempfile::tempdir().unwrap();
    landed(&dump(folder.path(), "list.csv", bytes), reading)
}

pub(super) fn skipped(counts: &FileCounts) -> Vec<(u64, SkipRule)> {
    counts.skipped.iter().map(|line| (line.row, line.rule)).collect()
}

pub(super) fn found<'a>(counts: &'a FileCounts, key: &str) -> &'a str {
    counts.found.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
}
