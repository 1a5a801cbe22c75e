//! `milaan run`: the whole job. stdout: the receipt's path, nothing else.

use std::path::PathBuf;

use clap::Args;
use milaan_engine::{KeySource, RunOrder};

use super::{ResourceArgs, data_folder, engine, load};
use crate::failure::{Exit, Failure, Problem};
use crate::ui::{self, Progress, ProgressMode};

/// Arguments of `milaan run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The pipeline's folder, for example pipelines/people-hub
    pipeline: PathBuf,
    /// Where the dumps lie [default: as pipeline.toml says]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where runs and state are kept
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Date of reference, yyyy-mm-dd [default: the newest a source or a dump states]
    #[arg(long, value_parser = parse_date)]
    as_of: Option<String>,
    /// Only this department; may be given several times. `registry`: the registry beside itself, to find who is there twice
    #[arg(long = "source", value_name = "ID")]
    sources: Vec<String>,
    /// Work everything out again, whatever the last run kept
    #[arg(long)]
    full: bool,
    /// How to show progress, on stderr
    #[arg(long, value_enum, default_value = "auto")]
    progress: ProgressMode,
    #[command(flatten)]
    resources: ResourceArgs,
}

pub(crate) fn run(args: &RunArgs) -> Result<(), Failure> {
    let mut pipeline = load(&args.pipeline)?;
    let mut sources = args.sources.clone();
    for id in &mut sources {
        if id == pipeline.registry.id.as_str() {
            *id = pipeline.registry_as_a_list().to_string();
        }
    }
    let order = RunOrder {
        data: data_folder(args.data.as_ref(), &pipeline)?,
        out: args.out.clone(),
        as_of: args.as_of.clone(),
        sources,
        full: args.full,
        threads: args.resources.thread_count(),
        memory_bytes: args.resources.memory,
        key: key_source(),
        now: chrono::Utc::now(),
    };
    let outcome = engine(order.threads)?.run(&pipeline, &order, &Progress::new(args.progress))?;
    ui::data(&format!("{}\n", outcome.receipt.display()))?;
    match outcome.stopped_by {
        Some(error) => Err(Failure::from(error.as_ref())),
        None if outcome.problems.is_empty() => Ok(()),
        None => {
            let problems = outcome.problems.into_iter().map(|message| Problem {
                message,
                causes: Vec::new(),
                hint: Some("the run is published and marked failed; `latest` still points at the last good one".to_owned()),
            });
            Err(Failure::Problems(Exit::Failed, problems.collect()))
        }
    }
}

/// `MILAAN_KEY_FILE` names a 0600 file, `MILAAN_KEY` holds the key itself; without them the installation has its own.
fn key_source() -> KeySource {
    if let Some(path) = std::env::var_os("MILAAN_KEY_FILE") {
        return KeySource::File(path.into());
    }
    std::env::var("MILAAN_KEY").map_or(KeySource::Installation, KeySource::Hex)
}

fn parse_date(text: &str) -> Result<String, String> {
    chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map(|date| date.to_string())
        .map_err(|_| "write it as yyyy-mm-dd".to_owned())
}
