//! The commands: one file each. A new command is a file, a variant of [`Command`] and an arm in `lib.rs`.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod diff;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod land;
pub(crate) mod new;
pub(crate) mod profile;
pub(crate) mod review;
pub(crate) mod run;
pub(crate) mod sql;
pub(crate) mod synth;
pub(crate) mod train;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use milaan_engine::Engine;
use milaan_manifest::Pipeline;
use milaan_model::Reading;
use milaan_model::reading::Secret;

use crate::failure::{Exit, Failure};

/// Lays departments' lists beside a survey registry, finds who is who, and hands both sides the differences with the evidence.
#[derive(Debug, Parser)]
// The name is said, so that help reads the same whatever the executable is called.
#[command(name = "milaan", bin_name = "milaan", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a pipeline: land, standardise, link, reconcile, publish
    Run(run::RunArgs),
    /// Check a pipeline's files and the first rows of each dump; change nothing
    Check(check::CheckArgs),
    /// Turn one dump into one clean CSV or Parquet file
    Land(land::LandArgs),
    /// Say what a dump holds, column by column, without showing a value
    Profile(profile::ProfileArgs),
    /// Write a first file to begin with
    New(new::NewArgs),
    /// Say why a record got its answer, or print the SQL steps of a pipeline
    Explain(explain::ExplainArgs),
    /// Query a run's stages and reports
    Sql(sql::SqlArgs),
    /// Say which cases are new, resolved, reopened or unchanged between two runs
    Diff(diff::DiffArgs),
    /// Judge a run by the truth
    Eval(eval::EvalArgs),
    /// Give pairs to clerks, and take what they decided
    Review(review::ReviewArgs),
    /// Write an invented registry and dumps, with the truth
    Synth(synth::SynthArgs),
    /// Estimate the weights of a pipeline's match model from its dumps
    Train(train::TrainArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
}

/// How much of the machine may be used.
#[derive(Debug, Args)]
pub(crate) struct ResourceArgs {
    /// Memory of the query engine, for example 512MB or 4GB
    #[arg(long, default_value = "4GB", value_parser = parse_bytes)]
    pub(crate) memory: u64,
    /// Threads; as many as the machine has cores where not given
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
}

impl ResourceArgs {
    pub(crate) fn thread_count(&self) -> usize {
        self.threads.map_or_else(
            || std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get),
            usize::from,
        )
    }
}

/// Reads a pipeline folder, or says all that is wrong with it.
pub(crate) fn load(folder: &Path) -> Result<Pipeline, Failure> {
    let mut pipeline =
        milaan_manifest::load(folder).map_err(|found| Failure::diagnostics(Exit::Usage, &found))?;
    for source in std::iter::once(&mut pipeline.registry).chain(&mut pipeline.sources) {
        find_password(&mut source.reading);
    }
    Ok(pipeline)
}

/// Reads the password that a reading names, if its variable is set: only a dump that is locked needs it.
fn find_password(reading: &mut Reading) {
    let held = reading.password_env.as_ref().and_then(|name| std::env::var(name).ok());
    reading.password = held.filter(|held| !held.is_empty()).map(Secret::new);
}

/// The dumps' folder: as given, else as the pipeline says.
pub(crate) fn data_folder(
    given: Option<&PathBuf>,
    pipeline: &Pipeline,
) -> Result<PathBuf, Failure> {
    given.or(pipeline.data.as_ref()).cloned().ok_or_else(|| {
        Failure::usage(
            format!("pipeline `{}` does not say where its dumps lie", pipeline.id),
            Some("give `--data DIR`, or write `data = \"…\"` in its pipeline.toml".to_owned()),
        )
    })
}

pub(crate) fn engine(threads: usize) -> Result<Engine, Failure> {
    Ok(Engine::new(threads)?)
}

/// A size: digits and B, KB, MB, GB, TB (powers of 1024; `KiB` … are the same).
fn parse_bytes(text: &str) -> Result<u64, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let unit = text[digits.len()..].trim().to_ascii_uppercase().replace("IB", "B");
    let power = match unit.as_str() {
        "" | "B" => 0,
        "K" | "KB" => 1,
        "M" | "MB" => 2,
        "G" | "GB" => 3,
        "T" | "TB" => 4,
        _ => return Err(format!("`{unit}` is no unit of size: use MB or GB")),
    };
    let number: f64 =
        digits.parse().map_err(|_| "write a number and a unit, like 4GB".to_owned())?;
    let bytes = number * 1024_f64.powi(power);
    if bytes < 32.0 * 1024.0 * 1024.0 {
        return Err("the query engine needs 32MB at least".to_owned());
    }
    Ok(bytes as u64)
}
