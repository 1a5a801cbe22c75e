//! `milaan land`: one dump in, one clean file out, findings on stderr.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use milaan_ingest::{DumpFile, Landing};
use milaan_model::Reading;
use milaan_model::reading::Sheets;

use crate::failure::{Exit, Failure, Problem, chain};
use crate::ui;

/// Arguments of `milaan land`.
#[derive(Debug, Args)]
pub(crate) struct LandArgs {
    /// The dump
    file: PathBuf,
    /// What to write
    #[arg(long, value_enum)]
    to: Target,
    /// Where to write it
    #[arg(short, long)]
    output: PathBuf,
    /// The sheet of a workbook [default: its main sheet]
    #[arg(long)]
    sheet: Option<String>,
    /// The environment variable that holds a workbook's password
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Target {
    /// RFC 4180, UTF-8, header first
    Csv,
    /// Text columns, zstd
    Parquet,
}

pub(crate) fn land(args: &LandArgs) -> Result<(), Failure> {
    let (dump, reading) = dump(&args.file, args.sheet.as_deref(), args.password_env.as_deref());
    let folder = args.output.parent().filter(|folder| !folder.as_os_str().is_empty());
    let unwritable = |error: &dyn std::error::Error| {
        Failure::environment(format!("`{}` cannot be written", args.output.display()), error)
    };
    // A half-written file must not stand where a whole one is expected.
    let beside = folder.unwrap_or_else(|| Path::new("."));
    let file = tempfile::NamedTempFile::new_in(beside).map_err(|error| unwritable(&error))?;
    let landing = match args.to {
        Target::Csv => milaan_ingest::land_csv(&dump, &reading, file.as_file()),
        Target::Parquet => milaan_ingest::land_parquet(&dump, &reading, file.as_file()),
    };
    let landing = landing.map_err(|error| refused(&error))?;
    file.persist(&args.output).map_err(|error| unwritable(&error.error))?;
    show_findings(&landing);
    Ok(())
}

/// A dump by its path alone, and how it is read.
pub(super) fn dump(
    path: &Path,
    sheet: Option<&str>,
    password_env: Option<&str>,
) -> (DumpFile, Reading) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut reading = Reading::default();
    if let Some(sheet) = sheet {
        reading.sheets = Sheets::Named(vec![sheet.to_owned()]);
    }
    reading.password_env = password_env.map(str::to_owned);
    super::find_password(&mut reading);
    (DumpFile { path: path.to_owned(), name }, reading)
}

/// A dump that cannot be read.
pub(super) fn refused(error: &milaan_ingest::Error) -> Failure {
    let problem = Problem {
        message: error.to_string(),
        causes: chain(std::error::Error::source(error)),
        hint: error.hint(),
    };
    Failure::Problems(Exit::Failed, vec![problem])
}

/// Lines of one kind that are shown.
const SHOWN_MAX: usize = 100;

fn show_findings(landing: &Landing) {
    for counts in landing.files.iter().flat_map(|file| &file.counts) {
        let sheet =
            if counts.sheet.is_empty() { String::new() } else { format!(" [{}]", counts.sheet) };
        let found: Vec<String> =
            counts.found.iter().map(|(what, value)| format!("{what} {value}")).collect();
        ui::line(&format!(
            "{}{sheet}: {} rows read, {} landed, {} rejected, {} skipped; {}",
            counts.file,
            counts.rows_read,
            counts.rows_landed,
            counts.rows_rejected,
            counts.skipped.len(),
            found.join(", ")
        ));
        for line in counts.skipped.iter().take(SHOWN_MAX) {
            ui::line(&format!("  row {} skipped: {}", line.row, line.rule));
        }
        show_others("skipped", counts.skipped.len());
    }
    for reject in landing.rejects.iter().take(SHOWN_MAX) {
        ui::line(&format!(
            "  row {} rejected: {} ({})",
            reject.row,
            reject.rule.as_str(),
            reject.reason
        ));
    }
    show_others("rejected", landing.rejects.len());
}

/// Says how many lines are not shown.
fn show_others(what: &str, count: usize) {
    if count > SHOWN_MAX {
        ui::line(&format!("  and {} more rows {what}", count - SHOWN_MAX));
    }
}
