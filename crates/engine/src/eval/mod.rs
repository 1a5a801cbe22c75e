//! `milaan eval`: a run judged by the truth, which nothing else reads.
//!
//! Every truth-linked record of a source in the run that is not accepted with the right resident is a miss, whatever became
//! of it. An accepted record with another resident, or one that is not in the registry at all, is a wrong match.
//!
//! In a list that is the registry itself (`same_as_registry`) the truth's `resident_ref` is a label, equal for all records of
//! one person, and what is counted are pairs of records: true ones (one label), accepted ones (the report `matches`), and
//! those that are both.

mod blocking;
mod groups;
mod pairs;
mod planted;
mod rates;
mod truth;

use std::collections::BTreeMap;
use std::path::Path;

use datafusion::prelude::SessionContext;
use serde::Serialize;

pub use self::blocking::{BlockingRecall, RuleRecall};
pub use self::pairs::{BestThreshold, Misses, Reliability, ReliabilityBin};
pub use self::planted::PlantedCase;
pub use self::rates::{CaseRates, Rates, Share};
use self::truth::RunReceipt;
use crate::error::Error;
use crate::query::register_run;
use crate::review::FalseMatches;
use crate::rows::{TextRow, count, text, text_rows};
use crate::session::{self, Resources};

/// A run judged. What needs the run's stages is absent once they are swept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Records judged.
    pub records: u64,
    /// Records that the truth does not tell of.
    pub records_without_truth: u64,
    /// Rows of the truth without a record in the run.
    pub truth_without_record: u64,
    /// Sources of the truth that are not in the run, not judged.
    pub sources_left_out: Vec<String>,
    /// Lists that are the registry itself, judged by pairs of records.
    pub judged_by_pairs: Vec<String>,
    /// Answers accepted without a person's help.
    pub accepted: Rates,
    /// As if people had found the right one among the pairs they are shown.
    pub with_review: Rates,
    /// As if every pair above one match probability had been accepted, at the best one.
    pub best: Option<BestThreshold>,
    /// Band → rates at the accepted bands.
    pub bands: BTreeMap<String, Rates>,
    /// What reviewers' blind samples say of the bands; runs of earlier versions do not tell.
    pub false_matches: Option<FalseMatches>,
    /// Records by lookup outcome.
    pub lookups: BTreeMap<String, u64>,
    /// Blocking recall by rule; absent too where the receipt does not tell the rules.
    pub blocking: Option<BlockingRecall>,
    /// Stated probabilities beside observed shares.
    pub reliability: Vec<ReliabilityBin>,
    /// Why true pairs were not accepted; absent as `blocking` is.
    pub misses: Option<Misses>,
    /// dimension → group → rates at the accepted bands.
    pub subgroups: BTreeMap<String, BTreeMap<String, Rates>>,
    /// Planted case → what became of its records at the accepted bands.
    pub cases: BTreeMap<String, CaseRates>,
    /// Planted case → found in the report that should tell of it.
    pub planted: BTreeMap<String, PlantedCase>,
}

/// Records, linked, right, wrong.
const COUNTS: &str = "count(*), count(*) FILTER (WHERE o.linked), count(*) FILTER (WHERE o.is_right),\n\
    count(*) FILTER (WHERE o.accepted AND NOT o.is_right)";

pub(crate) async fn eval(
    run: &Path,
    truth: &Path,
    (threads, memory_bytes): (usize, u64),
) -> Result<Evaluation, Error> {
    let resources = Resources { threads, memory_bytes, spill: None };
    let ctx = session::open(&resources, None)?;
    register_run(&ctx, run).await?;
    let receipt = RunReceipt::read(run)?;
    let has_stages =
        ["records", "registry", "pairs"].iter().all(|name| run.join("stages").join(name).is_dir());
    truth::register(&ctx, &receipt, truth, has_stages).await?;
    let accepted = one(&ctx, &format!("SELECT 'all', {COUNTS} FROM outcomes AS o")).await?;
    let mut evaluation = Evaluation {
        records: session::count(&ctx, "counting", "SELECT count(record_id) FROM judged").await?,
        records_without_truth: session::count(&ctx, "counting", WITHOUT_TRUTH).await?,
        truth_without_record: session::count(&ctx, "counting", WITHOUT_RECORD).await?,
        sources_left_out: first_column(&ctx, LEFT_OUT).await?,
        judged_by_pairs: first_column(&ctx, BY_PAIRS).await?,
        with_review: one(&ctx, &format!("SELECT 'all', {COUNTS} FROM proposed AS o")).await?,
        best: None,
        bands: rates(
            &ctx,
            &format!("SELECT coalesce(o.band, 'none'), {COUNTS} FROM outcomes AS o GROUP BY 1"),
        )
        .await?,
        false_matches: FalseMatches::of_receipt(run),
        lookups: text_rows(&ctx, "lookups", LOOKUPS)
            .await?
            .iter()
            .map(|row| (text(row, 0), count(row, 1)))
            .collect(),
        blocking: None,
        reliability: Vec::new(),
        misses: None,
        subgroups: BTreeMap::new(),
        cases: cases(&ctx).await?,
        planted: planted::judge(&ctx).await?,
        accepted,
    };
    if evaluation.records == 0 {
        return Err(Error::Usage {
            message: "the truth tells of no record of this run: there is nothing to judge"
                .to_owned(),
            hint: Some(
                "its source_id, file, sheet and row have to be those of the report `routing`"
                    .to_owned(),
            ),
        });
    }
    if has_stages {
        from_stages(&ctx, &receipt, &mut evaluation).await?;
    }
    Ok(evaluation)
}

async fn from_stages(
    ctx: &SessionContext,
    receipt: &RunReceipt,
    evaluation: &mut Evaluation,
) -> Result<(), Error> {
    for (name, expression) in groups::DIMENSIONS {
        let sql = format!(
            "SELECT {expression}, {COUNTS} FROM outcomes AS o\n\
             JOIN records AS s ON s.source_id = o.source_id AND s.record_id = o.record_id GROUP BY 1"
        );
        evaluation.subgroups.insert((*name).to_owned(), rates(ctx, &sql).await?);
    }
    evaluation.best = pairs::best_threshold(ctx, evaluation.accepted.linked).await?;
    evaluation.reliability = pairs::reliability(ctx).await?;
    evaluation.blocking = blocking::judge(ctx, receipt).await?;
    if evaluation.blocking.is_some() {
        evaluation.misses = Some(pairs::misses(ctx).await?);
    }
    Ok(())
}

const WITHOUT_TRUTH: &str = "SELECT count(*) FROM routing AS r WHERE NOT EXISTS (SELECT 1 FROM truth AS t WHERE\n\
    t.source_id = r.source_id AND t.file = r.file AND t.sheet = r.sheet AND t.row = r.row)";
const WITHOUT_RECORD: &str = "SELECT count(*) FROM judged WHERE record_id IS NULL";
const LEFT_OUT: &str = "SELECT DISTINCT source_id FROM truth\n\
    WHERE source_id NOT IN (SELECT DISTINCT source_id FROM routing) ORDER BY 1";
const BY_PAIRS: &str = "SELECT DISTINCT source_id FROM judged WHERE own ORDER BY 1";
const LOOKUPS: &str = "SELECT lookup, count(*) FROM judged WHERE record_id IS NOT NULL GROUP BY 1";

async fn first_column(ctx: &SessionContext, sql: &str) -> Result<Vec<String>, Error> {
    Ok(text_rows(ctx, "sources", sql).await?.iter().map(|row| text(row, 0)).collect())
}

/// Runs a query of (group, records, linked, right, wrong).
async fn rates(ctx: &SessionContext, sql: &str) -> Result<BTreeMap<String, Rates>, Error> {
    let rows = text_rows(ctx, "judging", sql).await?;
    Ok(rows.iter().map(|row| (text(row, 0), rates_of(row))).collect())
}

/// The same with one group.
async fn one(ctx: &SessionContext, sql: &str) -> Result<Rates, Error> {
    let groups = rates(ctx, sql).await?;
    Ok(groups.into_values().next().unwrap_or_else(|| Rates::of(0, 0, 0, 0)))
}

fn rates_of(row: &TextRow) -> Rates {
    Rates::of(count(row, 1), count(row, 2), count(row, 3), count(row, 4))
}

async fn cases(ctx: &SessionContext) -> Result<BTreeMap<String, CaseRates>, Error> {
    let sql = format!(
        "SELECT one_case, {COUNTS}, count(*) FILTER (WHERE o.accepted AND NOT o.linked) FROM (\n\
         SELECT *, unnest(array_distinct(string_to_array(cases, ';'))) AS one_case FROM outcomes WHERE cases IS NOT NULL) AS o\n\
         GROUP BY 1"
    );
    let rows = text_rows(ctx, "cases", &sql).await?;
    Ok(rows
        .iter()
        .map(|row| {
            let (rates, not_registered_accepted) = (rates_of(row), count(row, 5));
            let case = CaseRates {
                given_another: rates.wrong - not_registered_accepted.min(rates.wrong),
                not_registered: rates.records - rates.linked.min(rates.records),
                not_registered_accepted,
                rates,
            };
            (text(row, 0), case)
        })
        .collect())
}
