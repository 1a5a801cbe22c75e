//! Stage 3: each record beside the registry: candidates, weights, one answer. The steps come from `milaan-linkage`.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use datafusion::arrow::datatypes::SchemaRef;
use milaan_linkage::candidates::pairs_schema;
use milaan_linkage::second::{Scope, second_schema};
use milaan_linkage::sql::{NamedQuery, PAIRS};
use milaan_linkage::{answers, clusters};
use milaan_model::Sensitivity;

use crate::candidates::{self, CandidatesSpec, Summary};
use crate::dataset::{Dataset, Links, Standardised};
use crate::error::Error;
use crate::land::LandedSource;
use crate::receipt::{CandidatesReceipt, OverfullBlocks};
use crate::run::{self, Run};
use crate::session::{self, Classes};
use crate::{rows, second_look, tables};

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

/// All departments' lists at once, so that the registry is read once: within linking a record is named `source_id/record_id`.
async fn link_departments(
    run: &mut Run<'_>,
    departments: &[&LandedSource],
    registry_rows: u64,
) -> Result<u64, Error> {
    let ids = departments.iter().map(|one| one.source.id.to_string()).collect();
    let spec = spec(run, &run.stages_folder().join("records"), ids, registry_rows)?;
    let own_names = "split_part(record_id, '/', 1) AS source_id,\n\
        substr(record_id, strpos(record_id, '/') + 1) AS record_id";
    let pairs = format!("SELECT {own_names}, {}", other_columns(&pairs_schema()));
    let name = "departments.parquet";
    let clock = find_pairs(run, "departments", spec, &pairs, name).await?;
    let composed = |schema: &SchemaRef| {
        format!(
            "SELECT concat(source_id, '/', record_id) AS record_id, {} FROM pairs_written",
            other_columns(schema)
        )
    };
    session::view(&run.ctx, second_look::FOUND, &composed(&pairs_schema())).await?;
    let records: u64 = departments.iter().map(|one| one.receipt.records).sum();
    let scope = Scope { records, registry_rows, same_records: false };
    let select = format!("SELECT {own_names}, {}", other_columns(&second_schema()));
    weigh_again(run, scope, &select, name).await?;
    session::view(&run.ctx, PAIRS, &composed(&second_schema())).await?;
    let steps = answers::answer_steps(&run.pipeline.model);
    let answered = format!("SELECT {own_names}, {}", answers::OTHER_COLUMNS);
    let rows = answer(run, steps, &answered, name, clock).await?;
    if rows != records {
        return Err(Error::Counts(format!("departments: {records} records, {rows} answers")));
    }
    for one in departments {
        run.observer.step_done("link", one.source.id.as_str());
    }
    Ok(rows)
}

/// The registry beside itself.
async fn link_own(run: &mut Run<'_>, one: &LandedSource, registry_rows: u64) -> Result<u64, Error> {
    let source_id = one.source.id.as_str();
    let name = format!("{source_id}.parquet");
    let list = run.stages_folder().join("records").join(&name);
    let mut spec = spec(run, &list, Vec::new(), registry_rows)?;
    spec.same_records = true;
    let select = format!("SELECT '{source_id}' AS source_id, *");
    let clock = find_pairs(run, source_id, spec, &select, &name).await?;
    session::view(&run.ctx, second_look::FOUND, "SELECT * FROM pairs_written").await?;
    let scope = Scope { records: one.receipt.records, registry_rows, same_records: true };
    weigh_again(run, scope, &select, &name).await?;
    session::view(&run.ctx, PAIRS, "SELECT * FROM pairs_written").await?;
    write_clusters(run, source_id, &name).await?;
    let steps = answers::own_answer_steps(&run.pipeline.model);
    let rows = answer(run, steps, &select, &name, clock).await?;
    if rows != one.receipt.records {
        return Err(Error::Counts(format!(
            "source `{source_id}`: {} records, {rows} answers",
            one.receipt.records
        )));
    }
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
struct Clock {
    lists: String,
    started: Instant,
    pairs_s: f64,
    summary: Arc<Mutex<Summary>>,
}

/// Writes the pairs as the operator finds them; they are then there as `pairs_written`.
async fn find_pairs(
    run: &Run<'_>,
    lists: &str,
    spec: CandidatesSpec,
    select: &str,
    name: &str,
) -> Result<Clock, Error> {
    let started = Instant::now();
    let summary = candidates::register(&run.ctx, lists, spec).await?;
    let sql = format!("{select} FROM candidates('{lists}', '{}')", run.pipeline.model.id);
    let pairs = run.stages_folder().join(second_look::FOUND).join(name);
    session::write(&run.ctx, "pairs", &sql, &pairs, &link_classes()).await?;
    session::register_parquet(&run.ctx, "pairs_written", &pairs).await?;
    let pairs_s = started.elapsed().as_secs_f64();
    Ok(Clock { lists: lists.to_owned(), started, pairs_s, summary })
}

/// Weighs the pairs found a second time and writes the stage `pairs`; they are then there as `pairs_written`.
async fn weigh_again(run: &Run<'_>, scope: Scope, select: &str, name: &str) -> Result<(), Error> {
    let (model, weights) = (&run.pipeline.model, &run.pipeline.weights);
    second_look::look(&run.ctx, model, weights, scope).await?;
    let pairs = run.stages_folder().join(PAIRS).join(name);
    let sql = format!("{select} FROM {} ORDER BY record_id, resident_ref", second_look::WEIGHED);
    session::write(&run.ctx, PAIRS, &sql, &pairs, &link_classes()).await?;
    let _ = run.ctx.deregister_table(second_look::WEIGHED);
    session::register_parquet(&run.ctx, "pairs_written", &pairs).await
}

/// Writes the answers as the stage has them, and notes for the receipt what linking took.
async fn answer(
    run: &mut Run<'_>,
    steps: Vec<NamedQuery>,
    select: &str,
    name: &str,
    clock: Clock,
) -> Result<u64, Error> {
    for step in steps {
        session::view(&run.ctx, &step.name, &step.sql).await?;
    }
    let answers = run.stages_folder().join("answers").join(name);
    let sql = format!("{select} FROM {}", answers::ANSWERS);
    let rows = session::write(&run.ctx, "answers", &sql, &answers, &link_classes()).await?;
    note(run, &clock);
    Ok(rows)
}

/// All columns but the record's name.
fn other_columns(schema: &SchemaRef) -> String {
    let names = schema.fields().iter().map(|field| field.name().as_str());
    names.filter(|name| *name != "record_id").collect::<Vec<_>>().join(", ")
}

/// The records of the registry that accepted pairs hold together, for the stage `clusters`.
async fn write_clusters(run: &Run<'_>, source_id: &str, name: &str) -> Result<(), Error> {
    let accepted =
        "SELECT record_id, resident_ref FROM pairs WHERE band IN ('exact', 'high') ORDER BY 1, 2";
    let pairs = rows::text_rows(&run.ctx, "clusters", accepted).await?;
    let pairs: Vec<_> = pairs.iter().map(|row| (rows::text(row, 0), rows::text(row, 1))).collect();
    let members =
        clusters::components(pairs.iter().map(|(one, other)| (one.as_str(), other.as_str())));
    let (_, batch) = tables::clusters(source_id, &members)?;
    tables::write(&run.stages_folder().join("clusters").join(name), &batch)
}

fn absolute(path: &Path) -> Result<String, Error> {
    let absolute = path.canonicalize().map_err(Error::io("cannot find", path))?;
    Ok(absolute.display().to_string())
}

/// Keeps for the receipt what linking took, and the blocks that were too large to search.
fn note(run: &mut Run<'_>, clock: &Clock) {
    let summary = clock.summary.lock().unwrap_or_else(PoisonError::into_inner);
    let rules = run.pipeline.model.blocking.iter().map(|rule| rule.name.to_string());
    run.candidates.push(CandidatesReceipt {
        lists: clock.lists.clone(),
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
