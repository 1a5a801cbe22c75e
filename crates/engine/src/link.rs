//! Stage 3: each record beside the registry: candidates, weights, one answer. The steps come from `milaan-linkage`.

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::datatypes::Int64Type;
use milaan_linkage::clusters;
use milaan_linkage::sql::{self as steps, Sides};
use milaan_model::Sensitivity;

use crate::dataset::{Dataset, Links, Standardised};
use crate::error::Error;
use crate::land::LandedSource;
use crate::receipt::OverfullBlocks;
use crate::run::Run;
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
    run.overfull_blocks = overfull_blocks(run).await?;
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

async fn link_source(run: &Run<'_>, one: &LandedSource, registry_rows: u64) -> Result<u64, Error> {
    let name = format!("{}.parquet", one.source.id);
    let list = run.stages_folder().join("records").join(&name);
    session::register_parquet(&run.ctx, "list", &list).await?;
    let id_scheme = run.pipeline.id_scheme();
    let sides = Sides { registry_rows, id_scheme, same_records: one.source.same_as_registry };
    for step in steps::pair_steps(&run.pipeline.model, &run.pipeline.weights, sides) {
        session::view(&run.ctx, &step.name, &step.sql).await?;
    }
    let source_id = one.source.id.as_str();
    let pairs = run.stages_folder().join("pairs").join(&name);
    let sql = format!("SELECT '{source_id}' AS source_id, * FROM {}", steps::PAIRS);
    session::write(&run.ctx, "pairs", &sql, &pairs, &link_classes()).await?;
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

async fn overfull_blocks(run: &Run<'_>) -> Result<Vec<OverfullBlocks>, Error> {
    let query = steps::overfull_blocks(&run.pipeline.model);
    let batches = session::collect(&run.ctx, &query.name, &query.sql).await?;
    let mut found = Vec::new();
    for batch in &batches {
        let rules = batch.column(0).as_string_opt::<i32>();
        let (Some(blocks), Some(rows_max)) = (
            batch.column(1).as_primitive_opt::<Int64Type>(),
            batch.column(2).as_primitive_opt::<Int64Type>(),
        ) else {
            continue;
        };
        for row in 0..batch.num_rows() {
            if blocks.value(row) > 0 {
                found.push(OverfullBlocks {
                    rule: rules.map_or_else(String::new, |rules| rules.value(row).to_owned()),
                    blocks: blocks.value(row) as u64,
                    rows_max: rows_max.value(row) as u64,
                });
            }
        }
    }
    Ok(found)
}
