//! Stage 3: each record beside the registry: candidates, weights, one answer. The steps come from `milaan-linkage`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use datafusion::prelude::SessionContext;
use milaan_linkage::candidates::Pairs;
use milaan_linkage::decide::Decider;
use milaan_linkage::second::{Decided, Scope, second_schema};
use milaan_linkage::sql::{PAIRS, apart_bits};
use milaan_linkage::{answers, clusters};
use milaan_model::matching::SecondWeights;
use milaan_model::{Decision, Sensitivity};

use crate::candidates::{self, CandidatesSpec, Summary};
use crate::dataset::{Dataset, Links, Standardised};
use crate::error::Error;
use crate::land::LandedSource;
use crate::receipt::{CandidatesReceipt, OverfullBlocks};
use crate::review::standing;
use crate::run::{self, Run};
use crate::second_look::{self, Looked, Wanted};
use crate::session::{self, Classes};
use crate::{rows, tables, written};

/// All departments' lists together.
const DEPARTMENTS: &str = "departments";

/// Links every department's list with the registry.
pub(crate) async fn link(
    run: &mut Run<'_>,
    _standardised: &Dataset<Standardised>,
    sources: &[LandedSource],
) -> Result<Dataset<Links>, Error> {
    let registry = run.stages_folder().join("registry");
    session::register_parquet(&run.ctx, "registry", &registry).await?;
    let registry_rows =
        session::count(&run.ctx, "registry", "SELECT count(*) FROM registry").await?;
    let (no_clusters, batch) = tables::clusters("", &[])?;
    tables::write(
        &run.stages_folder().join("clusters").join(format!("{no_clusters}.parquet")),
        &batch,
    )?;
    run.standing = standing::standing(run).await?;
    let lists = sources.iter().filter(|one| one.source.id != run.pipeline.registry.id);
    let (own, departments): (Vec<_>, Vec<_>) = lists.partition(|one| one.source.same_as_registry);
    let mut rows = 0;
    if !departments.is_empty() {
        rows += link_departments(run, &departments, registry_rows).await?;
    }
    for one in own {
        rows += link_own(run, one, registry_rows).await?;
    }
    Ok(Dataset::new(&run.stages_folder(), rows))
}

/// All departments' lists at once, so that the registry is read once.
async fn link_departments(
    run: &mut Run<'_>,
    departments: &[&LandedSource],
    registry_rows: u64,
) -> Result<u64, Error> {
    let ids: Vec<String> = departments.iter().map(|one| one.source.id.to_string()).collect();
    let decided = run.standing.of_departments(&ids);
    let spec = spec(run, &run.stages_folder().join("records"), ids, registry_rows)?;
    let records: u64 = departments.iter().map(|one| one.receipt.records).sum();
    let (rows, clock) =
        link_lists(&run.ctx, &spec, (records, &decided), &run.stages_folder()).await?;
    if rows != records {
        return Err(Error::Counts(format!("departments: {records} records, {rows} answers")));
    }
    note(run, &clock);
    for one in departments {
        run.observer.step_done("link", one.source.id.as_str());
    }
    Ok(rows)
}

/// Writes the stages `pairs` and `answers` of some sources' records, with what reviewers decided; the answers written, and what it took. Within linking a
/// record is named `source_id/record_id`.
pub(crate) async fn link_lists(
    ctx: &SessionContext,
    spec: &CandidatesSpec,
    (records, decided): (u64, &[Decided]),
    stages: &Path,
) -> Result<(u64, Clock), Error> {
    let scope = Scope { records, registry_rows: spec.registry_rows, same_records: false };
    let (pairs, looked, clock) = find_pairs(ctx, DEPARTMENTS, spec, (scope, decided)).await?;
    let mut decider = Decider::new(&spec.model, &pairs);
    let path = |stage: &str| stages.join(stage).join("departments.parquet");
    written::pairs(&path(PAIRS), (&looked, &pairs), &spec.sources, &mut decider)?;
    let keys = &spec.model.household_keys;
    let rows = written::answers(ctx, &path("answers"), &decider, (&looked, keys)).await?;
    Ok((rows, clock))
}

/// The registry beside itself.
async fn link_own(run: &mut Run<'_>, one: &LandedSource, registry_rows: u64) -> Result<u64, Error> {
    let source_id = one.source.id.as_str();
    let name = format!("{source_id}.parquet");
    let list = run.stages_folder().join("records").join(&name);
    let mut spec = spec(run, &list, Vec::new(), registry_rows)?;
    spec.same_records = true;
    let scope = Scope { records: one.receipt.records, registry_rows, same_records: true };
    let decided = run.standing.of_own(source_id);
    let (pairs, looked, clock) = find_pairs(&run.ctx, source_id, &spec, (scope, &decided)).await?;
    let batches = looked.look.batches(&looked.fitted, &pairs, 0..pairs.rows());
    let batches = batches.collect::<Result<Vec<_>, _>>().map_err(Error::Linking)?;
    session::memory_table(&run.ctx, WEIGHED, second_schema(), batches)?;
    hold_together(run, source_id, (&name, &decided)).await?;
    let path = run.stages_folder().join(PAIRS).join(&name);
    let select = format!("SELECT '{source_id}' AS source_id, *");
    let sql = format!("{select} FROM {HELD} ORDER BY record_id, resident_ref");
    session::write(&run.ctx, PAIRS, &sql, &path, &link_classes()).await?;
    let _ = run.ctx.deregister_table(WEIGHED);
    for step in answers::own_answer_steps(&run.pipeline.model) {
        session::view(&run.ctx, &step.name, &step.sql).await?;
    }
    let path = run.stages_folder().join("answers").join(&name);
    let sql = format!("{select} FROM {} ORDER BY record_id", answers::ANSWERS);
    let rows = session::write(&run.ctx, "answers", &sql, &path, &link_classes()).await?;
    if rows != one.receipt.records {
        return Err(Error::Counts(format!(
            "source `{source_id}`: {} records, {rows} answers",
            one.receipt.records
        )));
    }
    note(run, &clock);
    run.observer.step_done("link", source_id);
    Ok(rows)
}

fn spec(
    run: &Run<'_>,
    list: &Path,
    sources: Vec<String>,
    registry_rows: u64,
) -> Result<CandidatesSpec, Error> {
    Ok(CandidatesSpec {
        list: absolute(list)?,
        sources,
        registry: absolute(&run.stages_folder().join("registry"))?,
        model: run.pipeline.model.clone(),
        weights: run.pipeline.weights.clone(),
        registry_rows,
        id_scheme: run.pipeline.id_scheme().to_owned(),
        same_records: false,
    })
}

/// What linking some lists took so far.
pub(crate) struct Clock {
    lists: String,
    pub(crate) started: Instant,
    pub(crate) pairs_s: f64,
    pub(crate) summary: Summary,
    /// Decided pairs that no rule found.
    decisions_not_found: u64,
    /// Where the classes of the second look are from.
    second_look: &'static str,
}

/// The pairs of some lists by number, looked at twice. Makes the views `list` and `registry`.
async fn find_pairs(
    ctx: &SessionContext,
    lists: &str,
    spec: &CandidatesSpec,
    (scope, decided): (Scope, &[Decided]),
) -> Result<(Arc<Pairs>, Looked, Clock), Error> {
    let started = Instant::now();
    candidates::open_sides(ctx, spec).await?;
    let wanted = Wanted::of(ctx, &spec.model).await?;
    let memory = candidates::held(ctx);
    let (pairs, summary) = candidates::numbered(ctx, spec, wanted.carried(), &memory).await?;
    let pairs_s = started.elapsed().as_secs_f64();
    let model = (&spec.model, &spec.weights);
    let seen = (&wanted, pairs, decided);
    let (pairs, looked) = second_look::look(ctx, model, scope, seen, memory).await?;
    let decisions_not_found = looked.fitted.pins().missing();
    let second_look =
        if spec.weights.second.is_some() { "weights file" } else { "fitted to this run's pairs" };
    let lists = lists.to_owned();
    let clock = Clock { lists, started, pairs_s, summary, decisions_not_found, second_look };
    Ok((pairs, looked, clock))
}

/// The classes of the second look fitted to some lists, what they are told to be fitted to with them; the pairs looked at, and
/// the rounds that it took.
pub(crate) async fn fit_second(
    ctx: &SessionContext,
    spec: &CandidatesSpec,
    scope: Scope,
    learnt_from: String,
) -> Result<(SecondWeights, usize, usize), Error> {
    let (pairs, looked, _) = find_pairs(ctx, "training", spec, (scope, &[])).await?;
    let second = looked.look.written(&looked.fitted, learnt_from);
    Ok((second, pairs.rows(), looked.fitted.rounds))
}

/// The table of pairs of a list that is the registry itself, as they are seen at the second look.
const WEIGHED: &str = "pairs_weighed";

/// Brings the accepted pairs of [`WEIGHED`] together in clusters: writes the stage `clusters`, and makes the view
/// [`HELD`], the pairs with those that a cluster adds, and without those that it refuses. What a reviewer could not tell, no
/// cluster tells.
async fn hold_together(
    run: &Run<'_>,
    source_id: &str,
    (name, decided): (&str, &[Decided]),
) -> Result<(), Error> {
    let apart = apart_bits(&run.pipeline.model);
    let sql = format!(
        "SELECT record_id, resident_ref, match_weight, band IN ('exact', 'high') FROM {WEIGHED}\n\
         WHERE band IN ('exact', 'high') OR contradictions > 0 OR match_weight < {apart} ORDER BY 1, 2"
    );
    let rows = rows::text_rows(&run.ctx, "clusters", &sql).await?;
    let pairs: Vec<_> = rows
        .iter()
        .map(|row| {
            (rows::text(row, 0), rows::text(row, 1), rows::number(row, 2), rows::text(row, 3))
        })
        .collect();
    let (links, apart): (Vec<_>, Vec<_>) = pairs.iter().partition(|pair| pair.3 == "true");
    let links: Vec<_> = links.iter().map(|one| (one.0.as_str(), one.1.as_str(), one.2)).collect();
    let apart: BTreeSet<_> = apart.iter().map(|one| ordered(&one.0, &one.1)).collect();
    let grown = clusters::grow(&links, &apart);
    let unsure = decided.iter().filter(|one| one.decision == Decision::Unsure);
    let unsure: BTreeSet<_> = unsure.map(|one| ordered(&one.record, &one.resident_ref)).collect();
    let (_, batch) = tables::clusters(source_id, &grown.members)?;
    tables::write(&run.stages_folder().join("clusters").join(name), &batch)?;
    let held = grown.pairs.iter().filter(|(one, other, _)| !unsure.contains(&ordered(one, other)));
    let held = held.map(|(one, other, weight)| (*one, *other, Some(*weight)));
    let refused = grown.refused.iter().map(|(one, other)| (*one, *other, None));
    let batch = tables::cluster_pairs(&held.chain(refused).collect::<Vec<_>>())?;
    session::memory_table(&run.ctx, "cluster_pairs", batch.schema(), vec![batch])?;
    session::view(&run.ctx, HELD, &held_pairs()).await
}

/// Two ids, the first in the order of texts first.
fn ordered<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    (one.min(other), one.max(other))
}

/// The view of pairs that clusters have been made of.
const HELD: &str = "pairs_held";

/// Pairs that stand by themselves stay as they are; what a cluster adds is as strong as its weakest link, and says so.
fn held_pairs() -> String {
    let lifted = "c.weight IS NOT NULL AND coalesce(p.band, 'low') NOT IN ('exact', 'high')";
    let step = "named_struct('comparison', 'cluster', 'level', 'through others', 'weight',\n\
        round(c.weight - coalesce(p.match_weight, c.weight), 4))";
    format!(
        "SELECT coalesce(p.record_id, c.record_id) AS record_id, coalesce(p.resident_ref, c.resident_ref) AS resident_ref,\n\
         coalesce(p.rule, 'cluster') AS rule,\n\
         CASE WHEN {lifted} THEN c.weight ELSE p.match_weight END AS match_weight,\n\
         CASE WHEN {lifted} THEN match_probability(c.weight) ELSE p.match_probability END AS match_probability,\n\
         CASE WHEN {lifted} THEN 'high' WHEN c.record_id IS NOT NULL AND c.weight IS NULL THEN 'review' ELSE p.band END AS band,\n\
         coalesce(p.identity, false) AS identity, coalesce(p.contradictions, 0) AS contradictions,\n\
         CASE WHEN p.record_id IS NULL THEN make_array({step}) WHEN {lifted} THEN array_append(p.evidence, {step})\n\
         ELSE p.evidence END AS evidence, coalesce(p.household_probability, 0.0) AS household_probability\n\
         FROM {WEIGHED} AS p\n\
         FULL JOIN cluster_pairs AS c ON c.record_id = p.record_id AND c.resident_ref = p.resident_ref"
    )
}

fn absolute(path: &Path) -> Result<String, Error> {
    let absolute = path.canonicalize().map_err(Error::io("cannot find", path))?;
    Ok(absolute.display().to_string())
}

/// Keeps for the receipt what linking took, and the blocks that were too large to search.
fn note(run: &mut Run<'_>, clock: &Clock) {
    run.standing.receipt.not_found += clock.decisions_not_found;
    let summary = &clock.summary;
    let rules = run.pipeline.model.blocking.iter().map(|rule| rule.name.to_string());
    run.candidates.push(CandidatesReceipt {
        lists: clock.lists.clone(),
        second_look: clock.second_look.to_owned(),
        pairs_s: run::seconds(clock.pairs_s),
        answers_s: run::seconds(clock.started.elapsed().as_secs_f64() - clock.pairs_s),
        keys_probed: summary.stats.keys_probed,
        pairs_compared: summary.stats.pairs_compared,
        pairs: rules.zip(summary.pairs_by_rule.iter().copied()).collect(),
    });
    let overfull = summary.overfull_blocks.iter().filter(|blocks| blocks.blocks > 0);
    run.overfull_blocks.extend(overfull.map(|blocks| OverfullBlocks {
        lists: clock.lists.clone(),
        rule: blocks.rule.clone(),
        blocks: blocks.blocks,
        rows_max: blocks.rows_max,
    }));
}

/// What linking adds tells how two records compare, never what stands in them.
pub(crate) fn link_classes() -> Classes {
    [
        "source_id",
        "record_id",
        "resident_ref",
        "household_ref",
        "rule",
        "match_weight",
        "match_probability",
        "band",
        "identity",
        "contradictions",
        "evidence",
        "household_probability",
        "lookup",
        "id_conflict",
        "second_close",
        "model_id",
    ]
    .iter()
    .map(|name| ((*name).to_owned(), Sensitivity::Internal))
    .collect()
}
