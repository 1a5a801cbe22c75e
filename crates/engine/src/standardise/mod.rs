//! Stage 2: landed text becomes canonical columns; secrets become tokens; what is not understood becomes an issue.

pub(crate) mod sql;

use milaan_model::Sensitivity;

use crate::dataset::{Dataset, Landed, Standardised};
use crate::error::Error;
use crate::land::LandedSource;
use crate::run::Run;
use crate::session::{self, Classes};
use sql::{Slot, Standardiser, VALUE_ISSUES, slots};

/// Columns that say where a value stood, without the value.
pub(crate) fn lineage_classes() -> Classes {
    ["source_id", "record_id", "file", "sheet", "row", "column_name", "code", "rule", "reason"]
        .iter()
        .map(|name| ((*name).to_owned(), Sensitivity::Internal))
        .collect()
}

/// Standardises every landed source and notes each record's fingerprint.
pub(crate) async fn standardise(
    run: &mut Run<'_>,
    _landed: &Dataset<Landed>,
    sources: &mut [LandedSource],
) -> Result<Dataset<Standardised>, Error> {
    let slots = slots(run.pipeline);
    let mut rows = 0;
    for one in sources.iter_mut() {
        rows += standardise_source(run, &slots, one).await?;
        run.observer.step_done("standardise", one.source.id.as_str());
    }
    Ok(Dataset::new(&run.stages_folder(), rows))
}

async fn standardise_source(
    run: &mut Run<'_>,
    slots: &[Slot],
    one: &mut LandedSource,
) -> Result<u64, Error> {
    let standardiser =
        Standardiser { pipeline: run.pipeline, source: &one.source, slots, as_of: &run.as_of };
    session::register_parquet(&run.ctx, "landed", &one.path).await?;
    for step in standardiser.steps() {
        session::view(&run.ctx, &step.name, &step.sql).await?;
    }
    let is_registry = one.source.id == run.pipeline.registry.id;
    let folder = run.stages_folder().join(if is_registry { "registry" } else { "records" });
    let name = format!("{}.parquet", one.source.id);
    let path = folder.join(&name);
    let sql = "SELECT * FROM standardised";
    let rows =
        session::write(&run.ctx, "standardised", sql, &path, &standardiser.classes()).await?;
    if rows != one.receipt.records {
        return Err(Error::Counts(format!(
            "source `{}`: {} landed, {rows} standardised",
            one.source.id, one.receipt.records
        )));
    }
    session::register_parquet(&run.ctx, "standardised_now", &path).await?;
    let issues = run.stages_folder().join("value_issues").join(&name);
    session::write(&run.ctx, "value_issues", VALUE_ISSUES, &issues, &lineage_classes()).await?;
    note_fingerprints(run, one, &name).await?;
    Ok(rows)
}

/// Writes the records' fingerprints to the next state and counts what is new, changed and gone since the last.
async fn note_fingerprints(run: &Run<'_>, one: &mut LandedSource, name: &str) -> Result<(), Error> {
    let next = run.state.next(&run.id, "fingerprints", name)?;
    let sql = "SELECT record_id, fingerprint FROM standardised_now ORDER BY record_id";
    let classes: Classes =
        [("record_id", Sensitivity::Internal), ("fingerprint", Sensitivity::Internal)]
            .into_iter()
            .map(|(name, class)| (name.to_owned(), class))
            .collect();
    session::write(&run.ctx, "fingerprints", sql, &next, &classes).await?;
    let Some(last) = run.state.last("fingerprints", name) else {
        one.receipt.records_new = one.receipt.records;
        return Ok(());
    };
    session::register_parquet(&run.ctx, "fingerprints_last", &last).await?;
    session::register_parquet(&run.ctx, "fingerprints_now", &next).await?;
    let count = |what: &'static str, condition: &'static str| {
        let sql = format!(
            "SELECT count(*) FROM fingerprints_now AS n FULL JOIN fingerprints_last AS p\n\
             ON n.record_id = p.record_id WHERE {condition}"
        );
        async move { session::count(&run.ctx, what, &sql).await }
    };
    one.receipt.records_new = count("records new", "p.record_id IS NULL").await?;
    one.receipt.records_gone = count("records gone", "n.record_id IS NULL").await?;
    one.receipt.records_changed =
        count("records changed", "n.fingerprint <> p.fingerprint").await?;
    Ok(())
}
