//! `milaan check`: would it run? All problems at once, nothing changed.

use std::path::PathBuf;

use clap::Args;
use milaan_engine::PairsEstimate;

use super::{data_folder, engine, load};
use crate::failure::{Exit, Failure};
use crate::ui;

/// Arguments of `milaan check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The pipeline's folder
    pipeline: PathBuf,
    /// Where the dumps lie [default: as pipeline.toml says]
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where runs are kept: pairs are counted on the rows of the latest
    #[arg(long, default_value = "out")]
    out: PathBuf,
}

pub(crate) fn check(args: &CheckArgs) -> Result<(), Failure> {
    let pipeline = load(&args.pipeline)?;
    let data = data_folder(args.data.as_ref(), &pipeline)?;
    let outcome = engine(2)?.check(&pipeline, &data, &args.out.join("latest"))?;
    let mut text = String::new();
    for source in &outcome.sources {
        for head in &source.heads {
            let sheet =
                if head.sheet.is_empty() { String::new() } else { format!(" [{}]", head.sheet) };
            let header = head
                .header_row
                .map_or_else(|| "no header".to_owned(), |row| format!("header in row {row}"));
            let found: Vec<String> =
                head.found.iter().map(|(what, value)| format!("{what} {value}")).collect();
            text.push_str(&format!(
                "{}: {}{sheet}: {header}; {}\n",
                source.source_id,
                head.file,
                found.join(", ")
            ));
            if !head.columns_ignored.is_empty() {
                text.push_str(&format!(
                    "    columns not asked for: {}\n",
                    head.columns_ignored.join(", ")
                ));
            }
            if !head.columns_absent.is_empty() {
                text.push_str(&format!("    columns absent: {}\n", head.columns_absent.join(", ")));
            }
        }
    }
    text.push_str(&pairs(outcome.pairs.as_ref()));
    ui::data(&text)?;
    if !outcome.queries.is_empty() {
        return Err(Failure::diagnostics(
            Exit::Usage,
            &[outcome.queries, outcome.problems].concat(),
        ));
    }
    if outcome.problems.is_empty() {
        ui::line(&format!(
            "ok: {} sources, {} reports, {} checks",
            outcome.sources.len(),
            pipeline.reports.len(),
            pipeline.checks.len()
        ));
        return Ok(());
    }
    Err(Failure::diagnostics(Exit::Failed, &outcome.problems))
}

/// The pairs that each blocking rule makes, and on what they were counted.
fn pairs(estimate: Option<&PairsEstimate>) -> String {
    let Some(estimate) = estimate else {
        return "pairs: not estimated, since there is no run to count them on\n".to_owned();
    };
    let mut text = format!("pairs by blocking rule, on the rows of {}:\n", estimate.run);
    for rule in &estimate.rules {
        let pairs = rule.pairs.map_or_else(
            || "not estimated: these rows lack a key".to_owned(),
            |pairs| pairs.to_string(),
        );
        let overfull = if rule.overfull == 0 {
            String::new()
        } else {
            format!(", and {} blocks too large to search", rule.overfull)
        };
        text.push_str(&format!("    {}: {pairs}{overfull}\n", rule.rule));
    }
    text
}
