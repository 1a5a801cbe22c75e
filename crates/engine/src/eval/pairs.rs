//! What the weighed pairs tell: are the probabilities true, which threshold would have been best, why were matches missed.

use datafusion::prelude::SessionContext;
use serde::Serialize;

use super::blocking::FOUND_BY;
use super::rates::Share;
use crate::error::Error;
use crate::rows::{count, number, text, text_rows};

/// Where the bins of the reliability table begin; the last one ends with 1, which is in it.
const BINS: [f64; 7] = [0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999];

/// Pairs of one range of stated probability, and how many of them are one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReliabilityBin {
    /// The lowest probability in it.
    pub from: f64,
    /// Where the next one begins.
    pub to: f64,
    /// All pairs that the stage kept.
    pub all: Reliability,
    /// Those without a contradiction, from which alone answers come.
    pub uncontradicted: Reliability,
}

/// Stated and observed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reliability {
    /// Pairs.
    pub pairs: u64,
    /// Mean of their stated probabilities; 0 without pairs.
    pub mean_probability: f64,
    /// Those that are one person.
    pub right: u64,
    /// Their share.
    pub share: Share,
}

/// The threshold that would have given the best F1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BestThreshold {
    /// Accept pairs of this match probability and above.
    pub threshold: f64,
    /// The F1 that this would give.
    pub f1: f64,
}

/// Why true pairs were not accepted: each counts once, under the first reason that holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Misses {
    /// All of them, of the true pairs looked at (`BlockingRecall::true_pairs`).
    pub total: u64,
    /// The record or its resident is not in the run.
    pub no_record: u64,
    /// The record was accepted with another resident.
    pub wrong_resident: u64,
    /// No rule finds the pair.
    pub blocked_away: u64,
    /// A candidate whose weight is low, or too low to be kept.
    pub scored_low: u64,
    /// Proposed for review: two candidates were close, an id in conflict, or the weight of the review band.
    pub ambiguous: u64,
    /// None of these.
    pub other: u64,
    /// Of all of them: the pair was weighed and something in it contradicts.
    pub with_contradiction: u64,
}

pub(super) async fn reliability(ctx: &SessionContext) -> Result<Vec<ReliabilityBin>, Error> {
    let bin: Vec<String> = BINS
        .iter()
        .enumerate()
        .rev()
        .map(|(at, from)| format!("WHEN match_probability >= {from} THEN {at}"))
        .collect();
    let sql = format!(
        "SELECT bin, count(*), avg(match_probability), count(*) FILTER (WHERE is_true),\n\
         count(*) FILTER (WHERE free), avg(match_probability) FILTER (WHERE free), count(*) FILTER (WHERE free AND is_true)\n\
         FROM (SELECT CASE {} END AS bin, match_probability, is_true, contradictions = 0 AS free FROM weighed) AS binned\n\
         GROUP BY bin",
        bin.join(" ")
    );
    let rows = text_rows(ctx, "reliability", &sql).await?;
    let bin = |at: usize, from: f64| {
        let row = rows.iter().find(|row| text(row, 0) == at.to_string()).cloned();
        let row = row.unwrap_or_default();
        let reliability = |from: usize| {
            let (pairs, right) = (count(&row, from), count(&row, from + 2));
            let mean_probability = number(&row, from + 1);
            Reliability { pairs, mean_probability, right, share: Share::of(right, pairs) }
        };
        ReliabilityBin {
            from,
            to: BINS.get(at + 1).copied().unwrap_or(1.0),
            all: reliability(1),
            uncontradicted: reliability(4),
        }
    };
    Ok(BINS.iter().enumerate().map(|(at, from)| bin(at, *from)).collect())
}

/// Of a list laid beside the registry the most probable pair of each record counts, of a list that is the registry every pair.
/// F1 = 2 right / (accepted + linked). `None` without pairs.
pub(super) async fn best_threshold(
    ctx: &SessionContext,
    linked: u64,
) -> Result<Option<BestThreshold>, Error> {
    let sql = format!(
        "WITH ranked AS (\n\
         SELECT match_probability, is_true, own, row_number() OVER (PARTITION BY source_id, record_id\n\
         ORDER BY match_probability DESC, match_weight DESC, other_id) AS place FROM weighed),\n\
         steps AS (\n\
         SELECT match_probability, count(*) AS pairs, count(*) FILTER (WHERE is_true) AS hits\n\
         FROM ranked WHERE own OR place = 1 GROUP BY match_probability),\n\
         summed AS (\n\
         SELECT match_probability, sum(pairs) OVER (ORDER BY match_probability DESC) AS accepted,\n\
         sum(hits) OVER (ORDER BY match_probability DESC) AS hits FROM steps)\n\
         SELECT match_probability, 2.0 * hits / (accepted + {linked}) AS f1 FROM summed\n\
         ORDER BY f1 DESC, match_probability DESC LIMIT 1"
    );
    let rows = text_rows(ctx, "best threshold", &sql).await?;
    Ok(rows.first().map(|row| BestThreshold { threshold: number(row, 0), f1: number(row, 1) }))
}

/// Needs the table [`FOUND_BY`].
pub(super) async fn misses(ctx: &SessionContext) -> Result<Misses, Error> {
    let sql = format!(
        "SELECT CASE WHEN NOT t.in_stages THEN 'no_record'\n\
         WHEN NOT t.own AND t.accepted THEN 'wrong_resident'\n\
         WHEN t.rule_no IS NULL THEN 'blocked_away'\n\
         WHEN coalesce(w.band = 'low', true) THEN 'scored_low'\n\
         WHEN t.lookup = 'ambiguous' THEN 'ambiguous' ELSE 'other' END AS reason,\n\
         count(*), count(*) FILTER (WHERE w.contradictions > 0)\n\
         FROM {FOUND_BY} AS t\n\
         LEFT JOIN weighed AS w ON w.source_id = t.source_id AND w.record_id = t.record_id AND w.other_id = t.other_id\n\
         WHERE NOT t.is_right GROUP BY 1"
    );
    let mut misses = Misses::default();
    for row in &text_rows(ctx, "misses", &sql).await? {
        let number = count(row, 1);
        misses.total += number;
        misses.with_contradiction += count(row, 2);
        let reason = match text(row, 0).as_str() {
            "no_record" => &mut misses.no_record,
            "wrong_resident" => &mut misses.wrong_resident,
            "blocked_away" => &mut misses.blocked_away,
            "scored_low" => &mut misses.scored_low,
            "ambiguous" => &mut misses.ambiguous,
            _ => &mut misses.other,
        };
        *reason += number;
    }
    Ok(misses)
}
