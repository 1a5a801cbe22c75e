//! `milaan eval`: a run judged by the truth.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use milaan_engine::{
    BlockingRecall, CaseRates, Evaluation, FalseMatches, Misses, PlantedCase, Rates,
    ReliabilityBin, Share,
};

use super::{ResourceArgs, engine};
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
    #[command(flatten)]
    resources: ResourceArgs,
}

pub(crate) fn eval(args: &EvalArgs) -> Result<(), Failure> {
    let resources = (args.resources.thread_count(), args.resources.memory);
    let evaluation = engine(resources.0)?.eval(&args.run, &args.truth, resources)?;
    if args.json {
        let text = serde_json::to_string_pretty(&evaluation).map_err(|error| {
            Failure::environment("the result cannot be written as JSON", &error)
        })?;
        return ui::data(&format!("{text}\n"));
    }
    ui::data(&render(&evaluation))
}

fn render(evaluation: &Evaluation) -> String {
    let mut text = what_was_judged(evaluation);
    // In lists that are the registry itself pairs are counted.
    let counted = if evaluation.judged_by_pairs.is_empty() { "records" } else { "pairs" };
    header(&mut text, "", counted);
    row(&mut text, "accepted", &evaluation.accepted);
    row(&mut text, "with review", &evaluation.with_review);
    if let Some(best) = evaluation.best {
        let _ = writeln!(
            text,
            "best by threshold alone: f1 {:.5}, accepting match probability {:.5} and above",
            best.f1, best.threshold
        );
    }
    section(&mut text, "by band", counted, &evaluation.bands);
    if let Some(wrong) = &evaluation.false_matches {
        text.push_str(&sampled(wrong));
    }
    if let Some(misses) = &evaluation.misses {
        text.push_str(&missed(misses, evaluation.blocking.as_ref()));
    }
    if let Some(blocking) = &evaluation.blocking {
        text.push_str(&found_by_rule(blocking));
    }
    if !evaluation.reliability.is_empty() {
        text.push_str(&reliable(&evaluation.reliability));
    }
    for (dimension, groups) in &evaluation.subgroups {
        section(&mut text, &format!("by {dimension}"), counted, groups);
    }
    if !evaluation.cases.is_empty() {
        text.push_str(&planted(&evaluation.cases));
    }
    if !evaluation.planted.is_empty() {
        text.push_str(&in_reports(&evaluation.planted));
    }
    let lookups: Vec<String> =
        evaluation.lookups.iter().map(|(lookup, count)| format!("{lookup} {count}")).collect();
    let _ = writeln!(text, "\nlookup: {}", lookups.join(", "));
    text
}

fn what_was_judged(evaluation: &Evaluation) -> String {
    let linked = evaluation.accepted.linked;
    let mut text = if evaluation.judged_by_pairs.is_empty() {
        format!("{} records judged, {linked} of them linked in truth\n", evaluation.records)
    } else {
        format!(
            "{} records judged, {linked} true pairs; pairs of records are counted in {}\n",
            evaluation.records,
            evaluation.judged_by_pairs.join(", ")
        )
    };
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
    if evaluation.blocking.is_none() {
        text.push_str("the run has no stages any more, or its receipt no blocking rules: what was missed and why is not told\n");
    }
    text
}

/// What reviewers' blind samples say of the same bands, without the truth.
fn sampled(wrong: &FalseMatches) -> String {
    let mut text = format!(
        "\n{:<28} {:>8} {:>8} {:>7} {:>9} {:>7}   wrong 95 %\n",
        "as reviewers sampled it", "pairs", "sampled", "same", "different", "unsure"
    );
    for band in &wrong.bands {
        let _ = writeln!(
            text,
            "{:<28} {:>8} {:>8} {:>7} {:>9} {:>7}   {}",
            band.band.as_str(),
            band.pairs,
            band.sampled,
            band.same,
            band.different,
            band.unsure,
            estimated(band.rate)
        );
    }
    let _ = writeln!(text, "{:<72}   {}", "accepted", estimated(wrong.accepted));
    text
}

/// A share with its interval, or that there is none.
pub(super) fn estimated(share: Option<Share>) -> String {
    share.map_or_else(
        || "not estimated".to_owned(),
        |share| format!("{:.4} ({:.4} - {:.4})", share.value, share.low, share.high),
    )
}

fn missed(misses: &Misses, blocking: Option<&BlockingRecall>) -> String {
    let of = blocking.map(looked_at).unwrap_or_default();
    let mut text = format!("\nwhy {} {of} were missed\n", misses.total);
    for (count, reason) in [
        (misses.blocked_away, "no blocking rule brought the two together"),
        (misses.scored_low, "weighed, and too low for review"),
        (misses.ambiguous, "proposed for review, not accepted"),
        (misses.wrong_resident, "the record was given another resident"),
        (misses.no_record, "the record or its resident is not in the run"),
        (misses.other, "another reason"),
    ] {
        let _ = writeln!(text, "{count:>8}  {reason}");
    }
    let _ = writeln!(text, "{:>8}  of them with a contradiction", misses.with_contradiction);
    text
}

/// Of which true pairs the rules' shares are.
fn looked_at(blocking: &BlockingRecall) -> String {
    let (looked_at, all) = (blocking.true_pairs, blocking.of_true_pairs);
    if looked_at == all {
        format!("of {all} true pairs")
    } else {
        format!("of {looked_at} of {all} true pairs")
    }
}

fn found_by_rule(blocking: &BlockingRecall) -> String {
    let mut text = format!(
        "\n{:<28} {:>8} {:>9} {:>8} {:>9} {:>9}   alone 95 %\n",
        "blocking rule", "alone", "share", "first", "share", "too large"
    );
    for rule in &blocking.rules {
        let _ = writeln!(
            text,
            "{:<28} {:>8} {:>9.5} {:>8} {:>9.5} {:>9}   {:.4} - {:.4}",
            rule.rule,
            rule.found,
            rule.recall.value,
            rule.first,
            rule.first_share,
            rule.overfull,
            rule.recall.low,
            rule.recall.high
        );
    }
    let (all, recall) = (blocking.found, blocking.recall);
    let _ = writeln!(
        text,
        "{:<28} {all:>8} {:>9.5} {:>28}   {:.4} - {:.4}",
        "all rules",
        recall.value,
        looked_at(blocking),
        recall.low,
        recall.high
    );
    text
}

fn reliable(bins: &[ReliabilityBin]) -> String {
    let mut text = format!(
        "\n{:<28} {:>8} {:>9} {:>9}   {:<17} {:>9} {:>9} {:>9}\n",
        "match probability", "pairs", "stated", "right", "95 %", "no contr.", "stated", "right"
    );
    for bin in bins {
        let (all, free) = (&bin.all, &bin.uncontradicted);
        let _ = writeln!(
            text,
            "{:<28} {:>8} {:>9.5} {:>9.5}   {:<17} {:>9} {:>9.5} {:>9.5}",
            format!("{} - {}", bin.from, bin.to),
            all.pairs,
            all.mean_probability,
            all.share.value,
            format!("{:.4} - {:.4}", all.share.low, all.share.high),
            free.pairs,
            free.mean_probability,
            free.share.value
        );
    }
    text
}

/// Planted cases in words: what became of the people who are registered, and of those who are not.
fn planted(cases: &BTreeMap<String, CaseRates>) -> String {
    let mut text = format!(
        "\n{:<28} {:>10} {:>7} {:>7} {:>13}  {:>9}   {:<15}  {:>14} {:>16}\n",
        "planted case",
        "registered",
        "found",
        "missed",
        "given another",
        "found",
        "95 %",
        "not registered",
        "accepted wrongly"
    );
    for (name, case) in cases {
        let rates = &case.rates;
        let (share, interval) = if rates.linked == 0 {
            ("-".to_owned(), "-".to_owned())
        } else {
            let [low, high] = rates.recall_interval;
            (format!("{:.5}", rates.recall), format!("{low:.4} - {high:.4}"))
        };
        let _ = writeln!(
            text,
            "{name:<28} {:>10} {:>7} {:>7} {:>13}  {share:>9}   {interval:<15}  {:>14} {:>16}",
            rates.linked,
            rates.right,
            rates.missed,
            case.given_another,
            case.not_registered,
            case.not_registered_accepted
        );
    }
    text
}

/// Planted cases beside the report that should tell of each.
fn in_reports(cases: &BTreeMap<String, PlantedCase>) -> String {
    let mut text = format!(
        "\n{:<28} {:<14} {:>7} {:>7} {:>7}\n",
        "planted case", "in report", "planted", "found", "missed"
    );
    for (name, case) in cases {
        let missed = case.planted - case.found;
        let _ = writeln!(
            text,
            "{name:<28} {:<14} {:>7} {:>7} {missed:>7}",
            case.report, case.planted, case.found
        );
    }
    text
}

fn section(text: &mut String, title: &str, counted: &str, groups: &BTreeMap<String, Rates>) {
    if groups.is_empty() {
        return;
    }
    header(text, title, counted);
    for (name, rates) in groups {
        row(text, name, rates);
    }
}

fn header(text: &mut String, title: &str, counted: &str) {
    let _ = writeln!(
        text,
        "\n{title:<28} {counted:>8} {:>8} {:>7} {:>7} {:>7}  {:>9} {:>9} {:>8}   precision 95 %",
        "linked", "right", "wrong", "missed", "precision", "recall", "f1"
    );
}

fn row(text: &mut String, name: &str, rates: &Rates) {
    // A share of nothing is no share.
    let share = |value: f64, whole: u64| {
        if whole == 0 { "-".to_owned() } else { format!("{value:.5}") }
    };
    let accepted = rates.right + rates.wrong;
    let interval = if accepted == 0 {
        "-".to_owned()
    } else {
        format!("{:.4} - {:.4}", rates.precision_interval[0], rates.precision_interval[1])
    };
    let _ = writeln!(
        text,
        "{name:<28} {:>8} {:>8} {:>7} {:>7} {:>7}  {:>9} {:>9} {:>8}   {interval}",
        rates.records,
        rates.linked,
        rates.right,
        rates.wrong,
        rates.missed,
        share(rates.precision, accepted),
        share(rates.recall, rates.linked),
        share(rates.f1, accepted.min(rates.linked)),
    );
}
