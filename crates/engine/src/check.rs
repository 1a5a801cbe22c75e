//! `milaan check`: what would stop a run, found without changing anything.

use std::path::Path;

use milaan_manifest::{Diagnostic, Pipeline, Source};
use milaan_model::FileCounts;

use crate::error::Error;
use crate::land;

/// What a check found.
#[derive(Debug, Clone)]
pub struct CheckOutcome {
    /// Sources, with the files and sheets that were looked at.
    pub sources: Vec<Checked>,
    /// What would stop or mark a run.
    pub problems: Vec<Diagnostic>,
}

/// One source.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its id.
    pub source_id: String,
    /// What was found about its files.
    pub heads: Vec<FileCounts>,
}

pub(crate) async fn check(pipeline: &Pipeline, data: &Path) -> Result<CheckOutcome, Error> {
    land::check_data_folder(data, pipeline.folder.join("pipeline.toml"))?;
    let mut outcome = CheckOutcome { sources: Vec::new(), problems: Vec::new() };
    let all = || std::iter::once(&pipeline.registry).chain(&pipeline.sources);
    for source in all() {
        let one: &[Source] = std::slice::from_ref(source);
        let (heads, problems) = land::check_heads(data, one)?;
        outcome.sources.push(Checked { source_id: source.id.to_string(), heads });
        outcome.problems.extend(problems);
    }
    outcome.problems.sort();
    Ok(outcome)
}
