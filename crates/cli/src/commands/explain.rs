//! `milaan explain PIPELINE RECORD`: why this record got this answer. `milaan explain plan PIPELINE`: the named SQL steps.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use milaan_engine::{Candidate, Engine, Explanation};

use super::eval::estimated;
use super::{engine, load};
use crate::failure::Failure;
use crate::ui;

/// Arguments of `milaan explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The pipeline's folder, or the word `plan`
    pipeline: PathBuf,
    /// The record, as `source_id/record_id`; after `plan`: the pipeline's folder
    record: String,
    /// Where runs are kept
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// The run to explain from [default: the latest]
    #[arg(long)]
    run: Option<PathBuf>,
}

pub(crate) fn explain(args: &ExplainArgs) -> Result<(), Failure> {
    if args.pipeline == Path::new("plan") {
        let pipeline = load(Path::new(&args.record))?;
        let steps = Engine::plan(&pipeline);
        let mut text = String::new();
        for (name, sql) in &steps {
            let _ = write!(
                text,
                "-- {name}
{sql};

"
            );
        }
        return ui::data(&text);
    }
    load(&args.pipeline)?;
    let run = args.run.clone().unwrap_or_else(|| args.out.join("latest"));
    let explanation = engine(1)?.explain(&run, &args.record)?;
    ui::data(&render(&explanation))
}

fn render(explanation: &Explanation) -> String {
    let reasons = if explanation.reasons.is_empty() {
        String::new()
    } else {
        format!(" ({})", explanation.reasons.join(", "))
    };
    let mut text = format!(
        "{}/{} {}\n  {} -> {}{reasons}\n  name {} ({})\n",
        explanation.source_id,
        explanation.record_id,
        explanation.because,
        explanation.lookup,
        explanation.action,
        explanation.name,
        explanation.lineage
    );
    if let Some(band) = &explanation.band {
        let _ = writeln!(text, "  wrong matches in band {}: {}", band.band, estimated(band.rate));
    }
    for candidate in &explanation.candidates {
        text.push_str(&waterfall(candidate));
    }
    text
}

/// The prior and each comparison as a bar, one character a bit.
fn waterfall(candidate: &Candidate) -> String {
    let mut text = format!(
        "\n  {} {}  {:+.2} bits, probability {:.4}, {} (found by {})\n",
        candidate.resident_ref,
        candidate.name,
        candidate.match_weight,
        candidate.match_probability,
        candidate.band,
        candidate.rule
    );
    for step in &candidate.steps {
        let bits = (step.weight.abs().round() as usize).min(40);
        let bar = if step.weight < 0.0 { "-" } else { "+" }.repeat(bits);
        let _ = writeln!(
            text,
            "    {:<16} {:<20} {:>+7.2}  {bar}",
            step.comparison, step.level, step.weight
        );
    }
    text
}
