//! `milaan review export|import`: pairs for clerks, and what they decided.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use milaan_engine::{ExportOrder, ImportOrder};
use milaan_model::Band;

use super::{engine, load};
use crate::failure::Failure;
use crate::ui;

/// Arguments of `milaan review`.
#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write pairs to be decided as CSV: masked, without weight or band
    Export(ExportArgs),
    /// Take the decisions of a file that came back; the next run holds to them
    Import(ImportArgs),
}

#[derive(Debug, Args)]
struct ExportArgs {
    /// The pipeline's folder
    pipeline: PathBuf,
    /// The file to write
    #[arg(short, long)]
    output: PathBuf,
    /// So many pairs of each band at random, to estimate how many are wrong [default: the pairs that wait for review]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    sample: Option<u64>,
    /// A band of the sample; may be given several times [default: exact, high and review]
    #[arg(long, value_enum, requires = "sample")]
    band: Vec<BandArg>,
    /// Where runs are kept
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// The run whose pairs they are [default: the latest]
    #[arg(long)]
    run: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct ImportArgs {
    /// The pipeline's folder
    pipeline: PathBuf,
    /// The file that came back: CSV, or a workbook it was saved as
    file: PathBuf,
    /// Where runs are kept
    #[arg(long, default_value = "out")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BandArg {
    /// Accepted by a valid id.
    Exact,
    /// Accepted by its weight.
    High,
    /// Waiting for review.
    Review,
    /// Not proposed: to estimate what is missed.
    Low,
}

impl BandArg {
    fn band(self) -> Band {
        match self {
            Self::Exact => Band::Exact,
            Self::High => Band::High,
            Self::Review => Band::Review,
            Self::Low => Band::Low,
        }
    }
}

pub(crate) fn review(args: &ReviewArgs) -> Result<(), Failure> {
    match &args.what {
        What::Export(args) => export(args),
        What::Import(args) => import(args),
    }
}

fn export(args: &ExportArgs) -> Result<(), Failure> {
    let pipeline = load(&args.pipeline)?;
    let order = ExportOrder {
        out: args.out.clone(),
        run: args.run.clone().unwrap_or_else(|| args.out.join("latest")),
        to: args.output.clone(),
        sample: args.sample,
        bands: args.band.iter().map(|band| band.band()).collect(),
    };
    let exported = engine(2)?.review_export(&pipeline, &order)?;
    ui::line(&format!("{} pairs to be decided", exported.pairs));
    for (band, taken, pairs) in exported.bands {
        ui::line(&format!("  {taken} of {pairs} in band {band}"));
    }
    ui::data(&format!("{}\n", args.output.display()))
}

fn import(args: &ImportArgs) -> Result<(), Failure> {
    let pipeline = load(&args.pipeline)?;
    let order =
        ImportOrder { out: args.out.clone(), file: args.file.clone(), now: chrono::Utc::now() };
    let imported = engine(1)?.review_import(&pipeline, &order)?;
    ui::line(&format!(
        "taken: {} SAME, {} DIFFERENT, {} UNSURE; {} rows without a decision",
        imported.same, imported.different, imported.unsure, imported.undecided
    ));
    for (count, why) in [
        (imported.replaced, "differ from an earlier decision, which no longer counts"),
        (imported.older, "differ from a decision of a later day, which still counts"),
    ] {
        if count > 0 {
            ui::line(&format!("{count} of them {why}"));
        }
    }
    ui::line("the next run holds to them");
    Ok(())
}
