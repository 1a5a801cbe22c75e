//! `milaan train`: estimate m and u, write the weights file, print what changed.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use milaan_engine::{Engine, KeySource, RunOrder};
use milaan_manifest::Pipeline;
use milaan_model::Weights;

use super::{ResourceArgs, data_folder, engine};
use crate::failure::{Exit, Failure};
use crate::ui::{self, Progress, ProgressMode};

/// Arguments of `milaan train`.
#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// The pipeline's folder
    pipeline: PathBuf,
    /// Where the dumps lie [default: as pipeline.toml says]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where runs are kept, with the decisions of reviewers
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Print what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How to show progress, on stderr
    #[arg(long, value_enum, default_value = "auto")]
    progress: ProgressMode,
    #[command(flatten)]
    resources: ResourceArgs,
}

pub(crate) fn train(args: &TrainArgs) -> Result<(), Failure> {
    let untrained = milaan_manifest::load_untrained(&args.pipeline)
        .map_err(|found| Failure::diagnostics(Exit::Usage, &found))?;
    let data = data_folder(args.data.as_ref(), &untrained)?;
    // What training reads is as secret as the dumps: a folder only its owner can enter, removed at the end.
    let scratch = tempfile::tempdir()
        .map_err(|error| Failure::environment("no temporary folder can be made", &error))?;
    let order = RunOrder {
        data,
        out: scratch.path().to_owned(),
        as_of: None,
        sources: Vec::new(),
        full: true,
        threads: args.resources.thread_count(),
        memory_bytes: args.resources.memory,
        key: KeySource::Installation,
        now: chrono::Utc::now(),
    };
    let training = engine(order.threads)?.train(
        &untrained,
        &order,
        Some(&args.out),
        &Progress::new(args.progress),
    )?;
    for note in &training.notes {
        ui::line(note);
    }
    let before = milaan_manifest::load(&args.pipeline).ok().map(|pipeline| pipeline.weights);
    ui::data(&changes(&untrained, before.as_ref(), &training.weights))?;
    if !training.converged {
        ui::line(
            "NOT converged: the weights are those of the last round; `milaan eval` or a sample of decisions shows how right they are",
        );
    }
    if args.dry_run {
        return Ok(());
    }
    let path = &untrained.weights_file;
    std::fs::write(path, Engine::weights_file(&untrained, &training)).map_err(|error| {
        Failure::environment(format!("`{}` cannot be written", path.display()), &error)
    })?;
    ui::line(&format!("written: {}", path.display()));
    Ok(())
}

/// Each level's weight in bits, before and now.
fn changes(pipeline: &Pipeline, before: Option<&Weights>, now: &Weights) -> String {
    let mut text = format!("{:<16} {:<14} {:>8} {:>8}\n", "comparison", "level", "before", "now");
    for comparison in &pipeline.model.comparisons {
        for level in &comparison.levels {
            let bits =
                |weights: &Weights| weights.bits(comparison.name.as_str(), level.name.as_str());
            let show = |bits: Option<f64>| {
                bits.map_or_else(|| "-".to_owned(), |bits| format!("{bits:+.2}"))
            };
            let _ = writeln!(
                text,
                "{:<16} {:<14} {:>8} {:>8}",
                comparison.name.as_str(),
                level.name.as_str(),
                show(before.and_then(bits)),
                show(bits(now))
            );
        }
    }
    text
}
