//! Whether the disk can hold a run: estimated from the dumps' sizes before the first of them is read.
//!
//! The factors were measured on runs of a million residents beside 200,000 records (docs/benchmarks.md): what lies on the disk
//! below the output folder at the end, in bytes for each byte of CSV.

use std::path::Path;

use milaan_ingest::DumpFile;

use crate::dumps;
use crate::error::Error;
use crate::run::Run;

/// The registry: its landed copy, fingerprints, and the standardised stage.
const REGISTRY_FACTOR: f64 = 1.5;
/// A department's list: the same, and all that reports say of its records.
const LIST_FACTOR: f64 = 14.0;
/// Packed dumps beside the same as CSV; a workbook's tags take much of the room that packing saves.
const PACKED: [(&str, f64); 7] = [
    ("gz", 5.0),
    ("zst", 5.0),
    ("zip", 5.0),
    ("parquet", 5.0),
    ("xlsx", 2.0),
    ("xlsb", 2.0),
    ("ods", 2.0),
];
/// Below this nobody has to be told.
const WORTH_SAYING: u64 = 1 << 30;

/// Estimates what the run will write, says it where it is much, and refuses a run that would not fit.
///
/// # Errors
/// [`Error::Disk`] with both figures; what [`dumps::find`] refuses is left to landing, which says it with its place.
pub(crate) fn check(run: &mut Run<'_>) -> Result<u64, Error> {
    let mut needed = 0.0;
    for source in run.sources() {
        let factor =
            if source.id == run.pipeline.registry.id { REGISTRY_FACTOR } else { LIST_FACTOR };
        let files = dumps::find(&run.order.data, &source).unwrap_or_default();
        needed += factor * files.iter().map(csv_bytes).sum::<f64>();
    }
    let needed = needed as u64;
    let free = free_bytes(&run.order.out)?;
    if needed > free {
        return Err(Error::Disk { needed, free, folder: run.order.out.clone() });
    }
    if needed > WORTH_SAYING {
        run.notice(format!(
            "the run will take about {} of disk below `{}`; {} are free",
            gigabytes(needed),
            run.order.out.display(),
            gigabytes(free)
        ));
    }
    Ok(needed)
}

/// A dump's size as CSV, about.
fn csv_bytes(file: &DumpFile) -> f64 {
    let bytes = std::fs::metadata(&file.path).map_or(0, |about| about.len());
    bytes as f64 * packed_factor(&file.path)
}

fn packed_factor(path: &Path) -> f64 {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let known = PACKED.iter().find(|(packed, _)| ending.eq_ignore_ascii_case(packed));
    known.map_or(1.0, |(_, factor)| *factor)
}

/// What this user may still write to the disk of a folder.
fn free_bytes(folder: &Path) -> Result<u64, Error> {
    let about = rustix::fs::statvfs(folder)
        .map_err(|error| Error::io("cannot ask for the free space of", folder)(error.into()))?;
    Ok(about.f_bavail.saturating_mul(about.f_frsize))
}

/// Bytes as people read them: `12.3 GB`.
pub(crate) fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (name, expected) in [("a.csv", 1.0), ("a.xls", 1.0), ("a.XLSX", 2.0), ("a.csv.gz", 5.0)]
        {
            let factor: f64 = packed_factor(Path::new(name));
            assert!((factor - expected).abs() < f64::EPSILON, "{name}");
        }
        assert!(free_bytes(Path::new(".")).expect("free") > 0);
        assert_eq!(gigabytes(12_345_678_901), "12.3 GB");
    }
}
