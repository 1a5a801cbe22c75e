//! A query session: memory pool, spill folder, functions, keys; and the helpers that scan Parquet and write what queries give.

use std::collections::BTreeMap;
use std::fs::File;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::dataframe::DataFrame;
use datafusion::datasource::MemTable;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{GreedyMemoryPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::{Expr, LogicalPlan, SortExpr, ident};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::prelude::{ParquetReadOptions, SQLOptions, SessionConfig, SessionContext};
use futures::StreamExt as _;
use milaan_functions::{Secrets, Tables};
use milaan_kernels::secret::Keyring;
use milaan_kernels::words::Words;
use milaan_manifest::Pipeline;
use milaan_model::Sensitivity;
use milaan_model::schema::classed;

use crate::error::Error;
use crate::stage_file::StageWriter;

/// How a session may use the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resources {
    /// Partitions worked on at a time.
    pub threads: usize,
    /// Limit of the query engine's memory pool.
    pub memory_bytes: u64,
    /// Private folder for spilled data.
    pub spill: Option<PathBuf>,
}

/// A file is read in parts where each has at least so many bytes: a list of some ten thousand rows has two.
const PART_BYTES_MIN: usize = 1 << 20;

/// A new session with all functions; with keys only where a run needs them.
pub(crate) fn open(
    resources: &Resources,
    keyring: Option<Arc<Keyring>>,
) -> Result<SessionContext, Error> {
    // First come, first served: a fair pool gives each of the many small sorts of a report an equal share of the memory, and
    // starves them all (a sample of 5,000 residents failed at 1 GB).
    let consumers = NonZeroUsize::new(5).unwrap_or(NonZeroUsize::MIN);
    let sort_reservation = (resources.memory_bytes as usize / 1024).clamp(64 << 10, 10 << 20);
    let pool =
        TrackConsumersPool::new(GreedyMemoryPool::new(resources.memory_bytes as usize), consumers);
    let disk = match &resources.spill {
        Some(folder) => DiskManagerMode::Directories(vec![folder.clone()]),
        None => DiskManagerMode::OsTmpDirectory,
    };
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(pool))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(disk))
        .build_arc()
        .map_err(|error| Error::of_query("opening the query engine", &error))?;
    let mut config = SessionConfig::new()
        .with_target_partitions(resources.threads)
        .with_information_schema(true)
        .with_sort_spill_reservation_bytes(sort_reservation)
        .set_usize("datafusion.optimizer.repartition_file_min_size", PART_BYTES_MIN)
        .set_bool("datafusion.execution.parquet.skip_metadata", false)
        // It would take a bundle's parts (`name_columns`) apart again, below the projection that works them out once.
        .set_bool("datafusion.optimizer.enable_leaf_expression_pushdown", false)
        .set_bool("datafusion.execution.parquet.schema_force_view_types", false)
        .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false);
    if let Some(keyring) = keyring {
        config.options_mut().extensions.insert(Secrets::new(keyring));
    }
    let ctx = SessionContext::new_with_config_rt(config, runtime);
    milaan_functions::register(&ctx);
    Ok(ctx)
}

/// The same session, tables and memory, whose joins sort both sides and spill, where others keep one side in memory.
pub(crate) fn sorting(ctx: &SessionContext) -> SessionContext {
    let mut state = ctx.state();
    let options = state.config_mut().options_mut();
    options.optimizer.prefer_hash_join = false;
    // In one partition the planner would not sort.
    options.execution.target_partitions = options.execution.target_partitions.max(2);
    SessionContext::new_with_state(state)
}

/// Gives the session a pipeline's tables.
pub(crate) fn change_tables(ctx: &SessionContext, change: impl FnOnce(&Tables) -> Tables) {
    let state = ctx.state_ref();
    let mut state = state.write();
    let extensions = &mut state.config_mut().options_mut().extensions;
    let changed = change(&extensions.get::<Tables>().cloned().unwrap_or_default());
    extensions.insert(changed);
}

/// In how many partitions the queries that are planned from now on are worked on.
pub(crate) fn set_partitions(ctx: &SessionContext, partitions: usize) {
    let state = ctx.state_ref();
    let mut state = state.write();
    state.config_mut().options_mut().execution.target_partitions = partitions;
}

/// The word tables of a pipeline, for [`change_tables`].
pub(crate) fn words(pipeline: &Pipeline) -> Tables {
    words_of(pipeline.words.iter().flat_map(|table| {
        let kind = table.kind.as_str();
        table.pairs.iter().map(move |(meaning, word)| [kind, meaning.as_str(), word.as_str()])
    }))
}

/// The same from kind, meaning and word; a later word of a kind goes before.
pub(crate) fn words_of<'a>(words: impl Iterator<Item = [&'a str; 3]>) -> Tables {
    let mut pairs: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for [kind, meaning, word] in words {
        pairs.entry(kind).or_default().push((meaning, word));
    }
    let words = pairs.into_iter().map(|(kind, pairs)| (kind.to_owned(), Words::new(pairs)));
    Tables::new(words.collect())
}

/// The Arrow schema of a Parquet file, with the classes of its columns.
pub(crate) fn parquet_schema(path: &Path) -> Result<SchemaRef, Error> {
    let file = File::open(path).map_err(Error::io("cannot open", path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_| Error::Query {
        what: path.display().to_string(),
        reason: "it is no readable Parquet file".to_owned(),
    })?;
    Ok(Arc::clone(reader.schema()))
}

/// Registers a Parquet file, or a folder of alike ones, as a table.
pub(crate) async fn register_parquet(
    ctx: &SessionContext,
    name: &str,
    path: &Path,
) -> Result<(), Error> {
    register_ordered(ctx, name, path, &[]).await
}

/// The same of a file whose rows stand in the order of these columns, rising: nobody sorts them again.
pub(crate) async fn register_ordered(
    ctx: &SessionContext,
    name: &str,
    path: &Path,
    order: &[&str],
) -> Result<(), Error> {
    let sample = if path.is_dir() { first_file(path)? } else { path.to_owned() };
    let schema = parquet_schema(&sample)?;
    let mut options =
        ParquetReadOptions::default().schema(&schema).skip_metadata(false).parquet_pruning(true);
    if !order.is_empty() {
        options.file_sort_order =
            vec![order.iter().map(|name| ident(*name).sort(true, false)).collect()];
    }
    let absolute = path.canonicalize().map_err(Error::io("cannot find", path))?;
    let mut url = absolute.display().to_string();
    if absolute.is_dir() {
        url.push('/');
    }
    let _ = ctx.deregister_table(name);
    ctx.register_parquet(name, url, options)
        .await
        .map_err(|error| Error::of_query(&format!("table {name}"), &error))
}

fn first_file(folder: &Path) -> Result<PathBuf, Error> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(Error::io("cannot list", folder))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "parquet"))
        .collect();
    files.sort();
    files
        .into_iter()
        .next()
        .ok_or_else(|| Error::io("no Parquet file in", folder)(std::io::ErrorKind::NotFound.into()))
}

/// Plans a query; `what` names it in errors.
pub(crate) async fn plan(ctx: &SessionContext, what: &str, sql: &str) -> Result<DataFrame, Error> {
    // Only reading: a COPY or CREATE in a pipeline's SQL would be a door beside the one.
    let options =
        SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let frame =
        ctx.sql_with_options(sql, options).await.map_err(|error| Error::of_query(what, &error))?;
    if matches!(frame.logical_plan(), LogicalPlan::Explain(_) | LogicalPlan::Analyze(_)) {
        let reason = "a SELECT is wanted here".to_owned();
        return Err(Error::Plan { what: what.to_owned(), reason });
    }
    Ok(frame)
}

/// The columns by which a query orders its rows; empty where it does not, or not by columns of its result, rising.
pub(crate) fn order_of(plan: &LogicalPlan) -> Vec<String> {
    let LogicalPlan::Sort(sort) = plan else { return Vec::new() };
    let column = |by: &SortExpr| match &by.expr {
        Expr::Column(column) if by.asc && !by.nulls_first => Some(column.name.clone()),
        _ => None,
    };
    sort.expr.iter().map(column).collect::<Option<_>>().unwrap_or_default()
}

/// Runs a query, batch by batch.
pub(crate) async fn stream(
    ctx: &SessionContext,
    what: &str,
    sql: &str,
) -> Result<SendableRecordBatchStream, Error> {
    let frame = plan(ctx, what, sql).await?;
    frame.execute_stream().await.map_err(|error| Error::of_query(what, &error))
}

/// Makes a view.
pub(crate) async fn view(ctx: &SessionContext, name: &str, sql: &str) -> Result<(), Error> {
    let frame = plan(ctx, name, sql).await?;
    let _ = ctx.deregister_table(name);
    ctx.register_table(name, frame.into_view())
        .map(drop)
        .map_err(|error| Error::of_query(name, &error))
}

/// Runs a query and keeps its result as a table in memory; for what is read many times and has few columns.
pub(crate) async fn table(ctx: &SessionContext, name: &str, sql: &str) -> Result<(), Error> {
    let frame = plan(ctx, name, sql).await?;
    let kept = frame.cache().await.map_err(|error| Error::of_query(name, &error))?;
    let _ = ctx.deregister_table(name);
    ctx.register_table(name, kept.into_view())
        .map(drop)
        .map_err(|error| Error::of_query(name, &error))
}

/// Keeps batches as a table in memory.
pub(crate) fn memory_table(
    ctx: &SessionContext,
    name: &str,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
) -> Result<(), Error> {
    let failed = |error| Error::of_query(name, &error);
    let table = MemTable::try_new(schema, vec![batches]).map_err(failed)?;
    let _ = ctx.deregister_table(name);
    ctx.register_table(name, Arc::new(table)).map(drop).map_err(failed)
}

/// Runs a query and collects it; only for small results.
pub(crate) async fn collect(
    ctx: &SessionContext,
    what: &str,
    sql: &str,
) -> Result<Vec<RecordBatch>, Error> {
    let frame = plan(ctx, what, sql).await?;
    frame.collect().await.map_err(|error| Error::of_query(what, &error))
}

/// A single number.
pub(crate) async fn count(ctx: &SessionContext, what: &str, sql: &str) -> Result<u64, Error> {
    use datafusion::arrow::array::AsArray as _;
    use datafusion::arrow::datatypes::Int64Type;
    let batches = collect(ctx, what, sql).await?;
    Ok(batches
        .iter()
        .filter(|batch| batch.num_rows() > 0)
        .filter_map(|batch| batch.column(0).as_primitive_opt::<Int64Type>())
        .map(|counts| counts.value(0) as u64)
        .sum())
}

/// The classes of a stage file's columns; a column not named is secret.
pub(crate) type Classes = BTreeMap<String, Sensitivity>;

/// Runs a query into one private Parquet file whose columns carry their classes; the rows written.
pub(crate) async fn write(
    ctx: &SessionContext,
    what: &str,
    sql: &str,
    path: &Path,
    classes: &Classes,
) -> Result<u64, Error> {
    let frame = plan(ctx, what, sql).await?;
    let schema = classed_schema(frame.schema().as_arrow(), classes);
    write_rows(frame, what, || StageWriter::create(path, schema)).await
}

/// The same with a planned query, for what is read in this run by many: packing it would cost more than it saves.
pub(crate) async fn write_unpacked(
    frame: DataFrame,
    what: &str,
    path: &Path,
    classes: &Classes,
) -> Result<u64, Error> {
    let schema = classed_schema(frame.schema().as_arrow(), classes);
    write_rows(frame, what, || StageWriter::create_unpacked(path, schema)).await
}

async fn write_rows(
    frame: DataFrame,
    what: &str,
    writer: impl FnOnce() -> Result<StageWriter, Error>,
) -> Result<u64, Error> {
    let mut stream = frame.execute_stream().await.map_err(|error| Error::of_query(what, &error))?;
    let mut writer = writer()?;
    while let Some(batch) = stream.next().await {
        let batch = batch.map_err(|error| Error::of_query(what, &error))?;
        writer.write(&batch)?;
    }
    writer.finish()
}

/// A schema whose columns carry these classes.
pub(crate) fn classed_schema(schema: &Schema, classes: &Classes) -> SchemaRef {
    let fields: Vec<_> = schema
        .fields()
        .iter()
        .map(|field| {
            let class = classes.get(field.name()).copied().unwrap_or(Sensitivity::Secret);
            classed(field.name(), field.data_type().clone(), true, class)
        })
        .collect();
    Arc::new(Schema::new(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_order_that_a_query_gives() {
        let ctx = SessionContext::new();
        for (by, expected) in [
            ("a, b", &["a", "b"][..]),
            ("b", &["b"]),
            ("a DESC", &[]),
            ("a NULLS FIRST", &[]),
            ("a + b", &[]),
        ] {
            let sql =
                format!("SELECT column1 AS a, column2 AS b FROM (VALUES (1, 2)) ORDER BY {by}");
            let frame = ctx.sql(&sql).await.expect("planned");
            assert_eq!(order_of(frame.logical_plan()), expected, "{by}");
        }
        let frame = ctx.sql("SELECT 1 AS a").await.expect("planned");
        assert!(order_of(frame.logical_plan()).is_empty());
    }
}
