//! `milaan eval`: a run judged by the truth.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use milaan_engine::{Evaluation, Rates};

use super::engine;
use crate::failure::Failure;
use crate::ui;

/// Arguments of `milaan eval`.
#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    /// A run's folder, for example out/latest
    run: PathBuf,
    /// The truth: source_id, file, sheet, row, resident_ref, cases
    truth: PathBuf,
    /// JSON instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn eval(args: &EvalArgs) -> Result<(), Failure> {
    let evaluation = engine(2)?.eval(&args.run, &args.truth)?;
    if args.json {
        let text = serde_json::to_string_pretty(&evaluation).map_err(|error| {
            Failure::environment("the result cannot be written as JSON", &error)
        })?;
        return ui::data(&format!("{text}\n"));
    }
    ui::data(&render(&evaluation))
}

fn render(evaluation: &Evaluation) -> String {
    let mut text = format!(
        "{} records judged, {} of them linked in truth\n",
        evaluation.records, evaluation.accepted.linked
    );
    if evaluation.records_without_truth > 0 {
        let _ = writeln!(
            text,
            "{} records have no truth and are not judged",
            evaluation.records_without_truth
        );
    }
    if evaluation.truth_without_record > 0 {
        let _ = writeln!(
            text,
            "{} rows of the truth have no record in the run",
            evaluation.truth_without_record
        );
    }
    if !evaluation.sources_left_out.is_empty() {
        let _ = writeln!(
            text,
            "not in the run, not judged: {}",
            evaluation.sources_left_out.join(", ")
        );
    }
    header(&mut text, "");
    row(&mut text, "accepted", &evaluation.accepted);
    row(&mut text, "with review", &evaluation.with_review);
    section(&mut text, "by band", &evaluation.bands);
    for (dimension, groups) in &evaluation.subgroups {
        section(&mut text, &format!("by {dimension}"), groups);
    }
    section(&mut text, "by planted case", &evaluation.cases);
    let lookups: Vec<String> =
        evaluation.lookups.iter().map(|(lookup, count)| format!("{lookup} {count}")).collect();
    let _ = writeln!(text, "\nlookup: {}", lookups.join(", "));
    text
}

fn section(text: &mut String, title: &str, groups: &BTreeMap<String, Rates>) {
    if groups.is_empty() {
        return;
    }
    header(text, title);
    for (name, rates) in groups {
        row(text, name, rates);
    }
}

fn header(text: &mut String, title: &str) {
    let _ = writeln!(
        text,
        "\n{title:<28} {:>8} {:>8} {:>7} {:>7} {:>7}  {:>9} {:>9} {:>8}   precision 95 %",
        "records", "linked", "right", "wrong", "missed", "precision", "recall", "f1"
    );
}

fn row(text: &mut String, name: &str, rates: &Rates) {
    let _ = writeln!(
        text,
        "{name:<28} {:>8} {:>8} {:>7} {:>7} {:>7}  {:>9.5} {:>9.5} {:>8.5}   {:.4} - {:.4}",
        rates.records,
        rates.linked,
        rates.right,
        rates.wrong,
        rates.missed,
        rates.precision,
        rates.recall,
        rates.f1,
        rates.precision_interval[0],
        rates.precision_interval[1]
    );
}
