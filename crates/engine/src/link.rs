//! Stage 3: each record beside the registry: candidates, weights, one answer. The steps come from `milaan-linkage`.

use std::path::Path;
use std::sync::PoisonError;
use std::time::Instant;

use milaan_linkage::clusters;
use milaan_linkage::sql as steps;
use milaan_model::Sensitivity;

use crate::candidates::{self, Spec, Summary};
use crate::dataset::{Dataset, Links, Standardised};
use crate::error::Error;
use crate::land::LandedSource;
use crate::receipt::{CandidatesReceipt, OverfullBlocks};
use crate::run::{self, Run};
use crate::session::{self, Classes};
use crate::{rows, tables};

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
    let mut rows = 0;
    for one in sources.iter().filter(|one| one.source.id != run.pipeline.registry.id) {
        rows += link_source(run, one, registry_rows).await?;
        run.observer.step_done("link", one.source.id.as_str());
    }
    Ok(Dataset::new(&run.stages_folder(), rows))
}

async fn link_source(
    run: &mut Run<'_>,
    one: &LandedSource,
    registry_rows: u64,
) -> Result<u64, Error> {
    let source_id = one.source.id.as_str();
    let name = format!("{source_id}.parquet");
    let spec = Spec {
        list: absolute(&run.stages_folder().join("records").join(&name))?,
        registry: absolute(&run.stages_folder().join("registry"))?,
        model: run.pipeline.model.clone(),
        weights: run.pipeline.weights.clone(),
        registry_rows,
        id_scheme: run.pipeline.id_scheme().to_owned(),
        same_records: one.source.same_as_registry,
    };
    let summary = candidates::register(&run.ctx, source_id, spec).await?;
    let pairs = run.stages_folder().join("pairs").join(&name);
    let sql = format!(
        "SELECT '{source_id}' AS source_id, * FROM candidates('{source_id}', '{}')",
        run.pipeline.model.id
    );
    let started = Instant::now();
    session::write(&run.ctx, "pairs", &sql, &pairs, &link_classes()).await?;
    let pairs_s = started.elapsed().as_secs_f64();
    session::register_parquet(&run.ctx, steps::PAIRS, &pairs).await?;
    let answer_steps = if one.source.same_as_registry {
        write_clusters(run, source_id, &name).await?;
        steps::own_answer_steps(&run.pipeline.model)
    } else {
        steps::answer_steps(&run.pipeline.model)
    };
    for step in answer_steps {
        session::view(&run.ctx, &step.name, &step.sql).await?;
    }
    let answers = run.stages_folder().join("answers").join(&name);
    let sql = format!("SELECT '{source_id}' AS source_id, * FROM {}", steps::ANSWERS);
    let rows = session::write(&run.ctx, "answers", &sql, &answers, &link_classes()).await?;
    let seconds = [pairs_s, started.elapsed().as_secs_f64() - pairs_s].map(run::seconds);
    note(run, source_id, seconds, &summary.lock().unwrap_or_else(PoisonError::into_inner));
    if rows != one.receipt.records {
        return Err(Error::Counts(format!(
            "source `{source_id}`: {} records, {rows} answers",
            one.receipt.records
        )));
    }
    Ok(rows)
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

/// Keeps for the receipt what linking a source took, and the blocks that were too large to search.
fn note(
    run: &mut Run<'_>,
    source_id: &str,
    [pairs_s, answers_s]: [f64; 2],
    summary: &Summary,
) {
    let rules = run.pipeline.model.blocking.iter().map(|rule| rule.name.to_string());
    run.candidates.push(CandidatesReceipt {
        source_id: source_id.to_owned(),
        pairs_s,
        answers_s,
        keys_probed: summary.stats.keys_probed,
        pairs_compared: summary.stats.pairs_compared,
        pairs: rules.zip(summary.pairs_by_rule.iter().copied()).collect(),
    });
    let overfull = summary.overfull_blocks.iter().filter(|blocks| blocks.blocks > 0);
    run.overfull_blocks.extend(overfull.map(|blocks| OverfullBlocks {
        source_id: source_id.to_owned(),
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
        "lookup",
        "id_conflict",
        "second_close",
        "model_id",
    ]
    .iter()
    .map(|name| ((*name).to_owned(), Sensitivity::Internal))
    .collect()
}
