//! Decisions that hold in a run: those whose two rows are still what the reviewer saw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use milaan_linkage::second::Decided;
use milaan_model::{Band, Decision};
use serde::Serialize;

use super::estimate::FalseMatches;
use super::ledger::{Given, Ledger};
use crate::error::Error;
use crate::rows::{count, text, text_rows};
use crate::run::Run;
use crate::{session, tables};

/// What became of reviewers' decisions in a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DecisionsReceipt {
    /// Pairs held for one person, and accepted.
    pub same: u64,
    /// Pairs held for two people, and left out.
    pub different: u64,
    /// Pairs that the reviewer could not tell: they wait for review.
    pub unsure: u64,
    /// Decisions that no longer hold, since one side's data changed or is gone.
    pub outdated: u64,
    /// Decisions that hold, of pairs that no blocking rule finds any more.
    pub not_found: u64,
}

/// The decisions that hold, of one list each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    decided: Vec<(Given, Decision)>,
    pub(crate) receipt: DecisionsReceipt,
    /// Estimated once all is linked.
    pub(crate) false_matches: Option<FalseMatches>,
}

impl Standing {
    /// Of the sources that are linked together, whose records are named `source_id/record_id` there.
    pub(crate) fn of_departments(&self, sources: &[String]) -> Vec<Decided> {
        let of = self.decided.iter().filter(|(one, _)| sources.contains(&one.source_id));
        of.map(|(one, decision)| Decided {
            record: format!("{}/{}", one.source_id, one.record_id),
            resident_ref: one.resident_ref.clone(),
            decision: *decision,
        })
        .collect()
    }

    /// Of a list that is the registry itself.
    pub(crate) fn of_own(&self, source_id: &str) -> Vec<Decided> {
        let of = self.decided.iter().filter(|(one, _)| one.source_id == source_id);
        of.map(|(one, decision)| Decided {
            record: one.record_id.clone(),
            resident_ref: one.resident_ref.clone(),
            decision: *decision,
        })
        .collect()
    }
}

/// Both rows are what they were. A fingerprint is keyed, so other people's rows have another one.
const UNCHANGED: &str = "SELECT d.pair_id FROM decided AS d\n\
    JOIN records AS l ON l.source_id = d.source_id AND l.record_id = d.record_id AND l.fingerprint = d.record\n\
    JOIN registry AS r ON r.resident_ref = d.resident_ref AND r.fingerprint = d.resident";

/// Reads the decisions and holds them to the run's views `records` and `registry`.
pub(crate) async fn standing(run: &mut Run<'_>) -> Result<Standing, Error> {
    let ledger = Ledger::read(run.state.folder())?;
    let newest = ledger.newest();
    let mut seen = BTreeSet::new();
    let decided: Vec<(&Given, Decision)> = ledger
        .given
        .iter()
        .filter(|one| takes_part(run, &one.source_id))
        .filter_map(|one| Some((one, newest.get(one.pair_id.as_str())?.decision)))
        .filter(|(one, _)| seen.insert(one.pair_id.as_str()))
        .collect();
    if decided.is_empty() {
        return Ok(Standing::default());
    }
    let column = |of: fn(&Given) -> &str| -> ArrayRef {
        Arc::new(decided.iter().map(|(one, _)| Some(of(one))).collect::<StringArray>())
    };
    let (name, batch) = tables::table(
        "decided",
        vec![
            ("pair_id", column(|one| &one.pair_id)),
            ("source_id", column(|one| &one.source_id)),
            ("record_id", column(|one| &one.record_id)),
            ("resident_ref", column(|one| &one.resident_ref)),
            ("record", column(|one| &one.record)),
            ("resident", column(|one| &one.resident)),
        ],
    )?;
    session::memory_table(&run.ctx, &name, batch.schema(), vec![batch])?;
    let records = run.stages_folder().join("records");
    session::register_parquet(&run.ctx, "records", &records).await?;
    let unchanged = text_rows(&run.ctx, "decisions", UNCHANGED).await?;
    let _ = run.ctx.deregister_table(name.as_str());
    let unchanged: BTreeSet<String> = unchanged.iter().map(|row| text(row, 0)).collect();
    let mut standing = Standing::default();
    for (one, decision) in decided {
        let counts = &mut standing.receipt;
        if !unchanged.contains(&one.pair_id) {
            counts.outdated += 1;
            continue;
        }
        *match decision {
            Decision::Same => &mut counts.same,
            Decision::Different => &mut counts.different,
            Decision::Unsure => &mut counts.unsure,
        } += 1;
        standing.decided.push((one.clone(), decision));
    }
    Ok(standing)
}

/// Pairs of each band, accepted ones by theirs: records of lists, pairs of lists that are the registry itself.
const BY_BAND: &str = "SELECT band, count(*) FROM (\n\
    SELECT CASE WHEN lookup = 'found' THEN band ELSE 'review' END AS band FROM answers\n\
    WHERE lookup IN ('found', 'ambiguous') AND band IS NOT NULL\n\
    UNION ALL\n\
    SELECT band FROM pairs WHERE band <> 'low' AND source_id IN ({own})) GROUP BY band";

/// Pairs that are accepted since people decided so: nothing of them is to be estimated.
const DECIDED: &str = "SELECT count(*) FROM pairs AS p\n\
    WHERE band = 'exact' AND array_element(p.evidence, -1)['comparison'] = 'decision'";

/// Says what became of the decisions, and estimates from them how many of the run's accepted pairs are wrong.
pub(crate) async fn settle(run: &mut Run<'_>) -> Result<(), Error> {
    let receipt = &run.standing.receipt;
    for (count, why) in [
        (receipt.outdated, "no longer hold, since one side's data changed"),
        (receipt.not_found, "are of pairs that no blocking rule finds any more"),
    ] {
        if count > 0 {
            run.notice(format!("{count} decisions of reviewers {why}"));
        }
    }
    for stage in ["answers", "pairs"] {
        session::register_parquet(&run.ctx, stage, &run.stages_folder().join(stage)).await?;
    }
    let own = run.pipeline.sources.iter().filter(|source| source.same_as_registry);
    let own: Vec<String> = own.map(|source| format!("'{}'", source.id)).collect();
    let own = if own.is_empty() { "''".to_owned() } else { own.join(", ") };
    let rows = text_rows(&run.ctx, "pairs by band", &BY_BAND.replace("{own}", &own)).await?;
    let bands = rows.iter().filter_map(|row| Some((text(row, 0).parse().ok()?, count(row, 1))));
    let mut bands: BTreeMap<Band, u64> = bands.collect();
    if run.standing.receipt.same > 0 {
        let decided = session::count(&run.ctx, "decided pairs", DECIDED).await?;
        let exact = bands.entry(Band::Exact).or_default();
        *exact = exact.saturating_sub(decided);
    }
    let model = run.pipeline.model.id.as_str();
    run.standing.false_matches = Some(FalseMatches::of(run.state.folder(), model, &bands)?);
    Ok(())
}

fn takes_part(run: &Run<'_>, source_id: &str) -> bool {
    run.pipeline.source(source_id).is_some_and(|source| run.takes_part(source))
}
