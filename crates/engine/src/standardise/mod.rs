//! Stage 2: landed text becomes canonical columns; secrets become tokens; what is not understood becomes an issue.

pub(crate) mod kept;
pub(crate) mod places;
mod spellings;
pub(crate) mod sql;
mod understood;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::datatypes::Int64Type;
use datafusion::arrow::error::ArrowError;
use datafusion::prelude::SessionContext;
use futures::StreamExt as _;
use milaan_kernels::hash::hash64;
use milaan_model::Sensitivity;

use crate::dataset::{Dataset, Landed, Standardised};
use crate::error::Error;
use crate::land::LandedSource;
use crate::run::Run;
use crate::session::{self, Classes};
use crate::stage_file::StageWriter;
use crate::tables;
use places::{Mapped, Places};
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
    let spelled = spellings::take(run, sources).await?;
    let places = places::places(run.pipeline);
    let program = kept::program()?;
    let registry = sources.iter().find(|one| one.source.id == run.pipeline.registry.id);
    let registry = registry.map(|one| one.path.clone()).unwrap_or_default();
    let given = Given { slots, spelled, registry, program };
    let mut map = Vec::new();
    let mut rows = 0;
    for one in sources.iter_mut() {
        rows += standardise_source(run, &given, one, (&places, &mut map)).await?;
        run.observer.step_done("standardise", one.source.id.as_str());
    }
    let (view, batch) = places::place_map(&map)?;
    tables::write(&run.stages_folder().join(&view).join(format!("{view}.parquet")), &batch)?;
    Ok(Dataset::new(&run.stages_folder(), rows))
}

/// What all sources are standardised with.
struct Given {
    slots: Vec<Slot>,
    /// Sources that are read as the registry spells.
    spelled: BTreeSet<String>,
    /// The registry's landed copy.
    registry: PathBuf,
    program: String,
}

async fn standardise_source(
    run: &mut Run<'_>,
    given: &Given,
    one: &mut LandedSource,
    (places, map): (&Places, &mut Vec<Mapped>),
) -> Result<u64, Error> {
    let mut standardiser = Standardiser {
        pipeline: run.pipeline,
        source: &one.source,
        slots: &given.slots,
        as_of: &run.as_of,
        repeated_keys: false,
        spelled: given.spelled.contains(one.source.id.as_str()),
    };
    session::register_parquet(&run.ctx, "landed", &one.path).await?;
    places::map_places(run, &standardiser, places, map).await?;
    let is_registry = one.source.id == run.pipeline.registry.id;
    let name = format!("{}.parquet", one.source.id);
    let folder = if is_registry { "registry" } else { "records" };
    let path = run.stages_folder().join(folder).join(&name);
    let issues = run.stages_folder().join("value_issues").join(&name);
    let spellings = standardiser.spelled.then_some(given.registry.as_path());
    let hash = kept::name(run, &standardiser, one, (&given.program, spellings))?;
    let next = run.state.next(&run.id, "fingerprints", &name)?;
    let last = run.state.last("fingerprints", &name);
    if let (Some(last), true) = (last, kept::take(run, one, &hash, [&path, &issues])?) {
        kept::link(&last, &next)?;
        one.receipt.standardised = "kept";
    } else {
        standardiser.repeated_keys = any_twice(&run.ctx, &standardiser.record_keys()).await?;
        write_source(run, &standardiser, one, [&path, &issues, &next]).await?;
        compare_fingerprints(run, one, &name, &next).await?;
    }
    kept::keep(run, one, &hash, [&path, &issues])?;
    understood::hold(run, one, &issues).await?;
    Ok(one.receipt.records)
}

/// Standardises a source's landed rows into the stages `records` (or `registry`) and `value_issues`, and notes fingerprints.
async fn write_source(
    run: &Run<'_>,
    standardiser: &Standardiser<'_>,
    one: &LandedSource,
    [path, issues, fingerprints]: [&Path; 3],
) -> Result<(), Error> {
    for step in standardiser.steps() {
        session::view(&run.ctx, &step.name, &step.sql).await?;
    }
    let rows = write_records(&run.ctx, standardiser, path, fingerprints).await?;
    if rows != one.receipt.records {
        return Err(Error::Counts(format!(
            "source `{}`: {} landed, {rows} standardised",
            one.source.id, one.receipt.records
        )));
    }
    session::register_parquet(&run.ctx, "standardised_now", path).await?;
    session::write(&run.ctx, "value_issues", VALUE_ISSUES, issues, &lineage_classes()).await?;
    Ok(())
}

/// Whether a query's first column, a text, holds a value on two rows; NULL does not count. By 64-bit hashes: two keys that
/// share one by chance cost a sort, nothing else.
async fn any_twice(ctx: &SessionContext, sql: &str) -> Result<bool, Error> {
    let mut stream = session::stream(ctx, "record_keys", sql).await?;
    let mut hashes = Vec::new();
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(|error| Error::of_query("record_keys", &error))?;
        let Some(keys) = batch.column(0).as_string_opt::<i32>() else { return Ok(true) };
        hashes.extend(keys.iter().flatten().map(|key| hash64(0, key.as_bytes())));
    }
    hashes.sort_unstable();
    Ok(hashes.windows(2).any(|pair| pair[0] == pair[1]))
}

/// Writes the standardised rows, and their fingerprints beside them; the rows written.
async fn write_records(
    ctx: &SessionContext,
    standardiser: &Standardiser<'_>,
    path: &Path,
    fingerprints: &Path,
) -> Result<u64, Error> {
    let mut stream = session::stream(ctx, "standardised", "SELECT * FROM standardised").await?;
    let schema = session::classed_schema(&stream.schema(), &standardiser.classes());
    let distinct = standardiser.distinct_columns();
    let noted: Vec<usize> = ["record_id", "fingerprint"]
        .iter()
        .filter_map(|name| schema.column_with_name(name).map(|(at, _)| at))
        .collect();
    let of_noted = |error: ArrowError| Error::of_query("fingerprints", &error.into());
    let noted_schema = Arc::new(schema.project(&noted).map_err(of_noted)?);
    let mut records = StageWriter::create_with(path, schema, &distinct)?;
    let mut notes = StageWriter::create_with(fingerprints, noted_schema, &distinct)?;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(|error| Error::of_query("standardised", &error))?;
        records.write(&batch)?;
        notes.write(&batch.project(&noted).map_err(of_noted)?)?;
    }
    notes.finish()?;
    records.finish()
}

/// Counts what is new, changed and gone since the last run, by the records' fingerprints.
async fn compare_fingerprints(
    run: &Run<'_>,
    one: &mut LandedSource,
    name: &str,
    next: &Path,
) -> Result<(), Error> {
    let Some(last) = run.state.last("fingerprints", name) else {
        one.receipt.records_new = one.receipt.records;
        return Ok(());
    };
    session::register_parquet(&run.ctx, "fingerprints_last", &last).await?;
    session::register_parquet(&run.ctx, "fingerprints_now", next).await?;
    let sql = "SELECT count(*) FILTER (WHERE p.record_id IS NULL),\n\
        count(*) FILTER (WHERE n.record_id IS NULL),\n\
        count(*) FILTER (WHERE n.fingerprint <> p.fingerprint)\n\
        FROM fingerprints_now AS n FULL JOIN fingerprints_last AS p ON n.record_id = p.record_id";
    for batch in session::collect(&run.ctx, "records new, gone and changed", sql).await? {
        let count = |at: usize| batch.column(at).as_primitive::<Int64Type>().value(0) as u64;
        one.receipt.records_new = count(0);
        one.receipt.records_gone = count(1);
        one.receipt.records_changed = count(2);
    }
    Ok(())
}
