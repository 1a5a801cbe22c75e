//! `milaan diff`: which cases are new, resolved, reopened, unchanged between two runs.

use std::path::PathBuf;

use clap::Args;

use super::engine;
use crate::failure::Failure;
use crate::ui;

/// Arguments of `milaan diff`.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The earlier run's folder
    earlier: PathBuf,
    /// The later run's folder
    later: PathBuf,
    /// All of it as JSON, every case by its id
    #[arg(long)]
    json: bool,
}

pub(crate) fn diff(args: &DiffArgs) -> Result<(), Failure> {
    let changes = engine(1)?.diff(&args.earlier, &args.later)?;
    if args.json {
        let text = serde_json::to_string_pretty(&changes)
            .map_err(|_| Failure::usage("the cases cannot be written".to_owned(), None))?;
        return ui::data(&format!("{text}\n"));
    }
    let mut text = format!(
        "{:<16}{:>10}{:>10}{:>10}{:>10}\n",
        "report", "new", "resolved", "reopened", "unchanged"
    );
    for (report, one) in &changes {
        text.push_str(&format!(
            "{report:<16}{:>10}{:>10}{:>10}{:>10}\n",
            one.new.len(),
            one.resolved.len(),
            one.reopened.len(),
            one.unchanged
        ));
    }
    ui::data(&text)
}
