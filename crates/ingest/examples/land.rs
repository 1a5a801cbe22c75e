//! Lands one file as `milaan land` does: `land FILE csv|parquet|lineage OUT`; findings on stderr, exit code 1 on an error.

#![expect(clippy::print_stderr, reason = "an example prints")]

use std::path::PathBuf;
use std::process::ExitCode;

use milaan_ingest::{DumpFile, Error, Landing, land, land_csv, land_parquet};
use milaan_model::Reading;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, to, out] = arguments.as_slice() else {
        eprintln!("usage: land FILE csv|parquet|lineage OUT");
        return ExitCode::from(2);
    };
    match run(file, to, out) {
        Ok(landing) => {
            for counts in landing.files.iter().flat_map(|file| &file.counts) {
                eprintln!(
                    "{} read, {} landed, {} rejected, {} skipped, header {:?}; {:?}",
                    counts.rows_read,
                    counts.rows_landed,
                    counts.rows_rejected,
                    counts.skipped.len(),
                    counts.header_row,
                    counts.found
                );
                for line in counts.skipped.iter().take(20) {
                    eprintln!("  row {} skipped: {}", line.row, line.rule);
                }
            }
            for reject in landing.rejects.iter().take(20) {
                eprintln!("  row {} rejected: {}", reject.row, reject.reason);
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(file: &str, to: &str, out: &str) -> Result<Landing, Error> {
    let path = PathBuf::from(file);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let dump = DumpFile { path, name };
    let output = std::fs::File::create(out)
        .map_err(|error| Error::Unreadable { path: out.into(), source: error.into() })?;
    let reading = Reading::default();
    match to {
        "csv" => land_csv(&dump, &reading, output),
        "parquet" => land_parquet(&dump, &reading, output),
        _ => land(&[dump], &reading, output),
    }
}
