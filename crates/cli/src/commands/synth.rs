//! `milaan synth`: invented people.

use std::path::PathBuf;

use clap::Args;
use milaan_synth::{NameSeed, Order, Programme, RateSet};

use crate::failure::{Exit, Failure, Problem, chain};
use crate::ui;

/// Arguments of `milaan synth`.
#[derive(Debug, Args)]
pub(crate) struct SynthArgs {
    /// Where to write
    dir: PathBuf,
    /// people-hub or ehsaas
    #[arg(long)]
    programme: Programme,
    /// Residents of the registry
    #[arg(long)]
    residents: u64,
    /// Records over all departments
    #[arg(long)]
    records: u64,
    /// Seed: the same seed gives the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also write flat/{registry,list,truth}.parquet for other tools
    #[arg(long)]
    flat: bool,
    /// A or B: which of two lists of names people are called from
    #[arg(long, default_value = "A")]
    vocabulary: NameSeed,
    /// life: as hard as life; sample: gentle, for the committed samples
    #[arg(long, default_value = "life")]
    rates: RateSet,
}

pub(crate) fn synth(args: &SynthArgs) -> Result<(), Failure> {
    let order = Order {
        programme: args.programme,
        residents: args.residents,
        records: args.records,
        seed: args.seed,
        flat: args.flat,
        names: args.vocabulary,
        rates: args.rates,
    };
    let made = milaan_synth::generate(&args.dir, &order).map_err(|error| {
        let problem = Problem {
            message: error.to_string(),
            causes: chain(std::error::Error::source(&error)),
            hint: None,
        };
        Failure::Problems(Exit::Environment, vec![problem])
    })?;
    ui::line(&format!("{} residents, {} records, all invented", made.residents, made.records));
    let paths: Vec<String> = made.files.iter().map(|path| path.display().to_string()).collect();
    ui::data(&format!("{}\n", paths.join("\n")))
}
