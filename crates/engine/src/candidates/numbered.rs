//! The pairs by number, for what comes behind them in a run; and all partitions of a scan read beside one another.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::runtime::JoinSet;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties as _};
use datafusion::prelude::SessionContext;
use futures::StreamExt as _;
use milaan_functions::Secrets;
use milaan_linkage::candidates::{Compiled, Error as Linking, Keep, Pairs};

use super::exec::Meters;
use super::pass::{Pass, linking};
use super::spec::CandidatesSpec;
use super::table::{Summary, scan_columns};
use crate::error::Error;

fn failed(error: DataFusionError) -> Error {
    Error::of_query("candidates", &error)
}

/// Scans some columns of a view.
pub(super) async fn scan(
    ctx: &SessionContext,
    view: &str,
    columns: &[String],
) -> Result<Arc<dyn ExecutionPlan>, Error> {
    let table = ctx.table_provider(view).await.map_err(failed)?;
    scan_columns(&ctx.state(), &table, columns).await.map_err(failed)
}

/// Scans some columns of a view in as many parts as the session has threads. Within a plan the optimiser would see to that: a
/// scan alone has a part a file.
pub(crate) async fn scan_in_parts(
    ctx: &SessionContext,
    view: &str,
    columns: &[String],
) -> Result<Arc<dyn ExecutionPlan>, Error> {
    let whole = scan(ctx, view, columns).await?;
    let state = ctx.state();
    let threads = state.config().target_partitions();
    let parts = whole.repartitioned(threads, state.config_options()).map_err(failed)?;
    Ok(parts.unwrap_or(whole))
}

/// Reads some columns of a view in the order of its files and their rows.
pub(crate) async fn scan_in_order(
    ctx: &SessionContext,
    view: &str,
    columns: &[String],
) -> Result<SendableRecordBatchStream, Error> {
    let table = ctx.table_provider(view).await.map_err(failed)?;
    // One partition: nobody reads beside it.
    let mut state = ctx.state();
    state.config_mut().options_mut().execution.target_partitions = 1;
    let scan = scan_columns(&state, &table, columns).await.map_err(failed)?;
    let partitions = scan.output_partitioning().partition_count();
    if partitions != 1 {
        return Err(Error::Counts(format!("`{view}` is read in {partitions} parts, not in order")));
    }
    scan.execute(0, ctx.task_ctx()).map_err(failed)
}

/// What linking holds in the session's pool of memory beside the operator: the pairs, and what the second look notes of each.
pub(crate) fn held(ctx: &SessionContext) -> MemoryReservation {
    MemoryConsumer::new("pairs").register(&ctx.runtime_env().memory_pool)
}

/// Holds so many bytes more. `Err`: the pool has not so many.
pub(crate) fn hold(memory: &MemoryReservation, bytes: usize) -> Result<(), Error> {
    memory.try_grow(bytes).map_err(failed)
}

/// Where the pairs kept find no room beside the list, so many times less of it is taken in a pass: tried one after the other.
const SPLITS: [usize; 2] = [2, 6];

/// The pairs of the views `list` and `registry`, with these columns of the residents in them; `memory` holds them. Where memory
/// does not hold the pairs beside the list, it is done anew with less of the list in a pass.
pub(crate) async fn numbered(
    ctx: &SessionContext,
    spec: &CandidatesSpec,
    carried: Vec<String>,
    memory: &MemoryReservation,
) -> Result<(Pairs, Summary), Error> {
    let context = ctx.task_ctx();
    let extensions = &context.session_config().options().extensions;
    let keyring = extensions.get::<Secrets>().and_then(Secrets::keyring);
    let compiled = Arc::new(spec.compile(Keep::Useful, keyring, carried)?);
    let meters = Meters::new(&ExecutionPlanMetricsSet::new(), 0);
    let before = memory.size();
    let mut done = in_passes(ctx, &compiled, usize::MAX, &meters, memory).await;
    let whole = meters.index_bytes();
    for split in SPLITS {
        match &done {
            Err(error) if error.is_of_memory() => {
                tracing::warn!(%error, split, "pairs once more, with less of the list in a pass");
            }
            _ => return done,
        }
        memory.try_resize(before).map_err(failed)?;
        done = in_passes(ctx, &compiled, whole / split, &meters, memory).await;
    }
    done
}

/// The same with so much of the list in a pass as an index of these bytes holds.
pub(super) async fn in_passes(
    ctx: &SessionContext,
    compiled: &Arc<Compiled>,
    index_bytes_max: usize,
    meters: &Meters,
    memory: &MemoryReservation,
) -> Result<(Pairs, Summary), Error> {
    let context = ctx.task_ctx();
    let list = scan(ctx, "list", compiled.list_columns()).await?;
    let registry = scan_in_parts(ctx, "registry", compiled.registry_columns()).await?;
    let pass = Pass::new(Arc::clone(compiled), &list, &registry, &context, meters.clone());
    let mut pass = pass.map_err(failed)?.with_index_of(index_bytes_max);
    let mut summary = Summary::default();
    let mut passes = Vec::new();
    while let Some(found) = pass.next().await.map_err(failed)? {
        summary.add(&found);
        let pairs = found.into_pairs().map_err(Error::Linking)?;
        hold(memory, pairs.memory_bytes())?;
        passes.push(pairs);
    }
    let pairs = Pairs::together(passes).map_err(Error::Linking)?;
    let pairs = pairs.ok_or_else(|| Error::Counts("candidates: no pass was made".to_owned()))?;
    Ok((pairs, summary))
}

/// Reads all partitions of a scan beside one another, a worker each: the workers when all is read. Dropped, all of them end.
pub(crate) async fn beside<W: Send + 'static>(
    ctx: &SessionContext,
    scan: &Arc<dyn ExecutionPlan>,
    worker: impl Fn() -> W,
    work: impl Fn(&mut W, &RecordBatch) -> Result<(), Linking> + Clone + Send + 'static,
) -> Result<Vec<W>, Error> {
    let mut tasks = JoinSet::new();
    for partition in 0..scan.output_partitioning().partition_count() {
        let mut stream = scan.execute(partition, ctx.task_ctx()).map_err(failed)?;
        let (mut worker, work) = (worker(), work.clone());
        tasks.spawn(async move {
            while let Some(batch) = stream.next().await {
                work(&mut worker, &batch?).map_err(linking)?;
                tokio::task::yield_now().await;
            }
            Ok::<_, DataFusionError>(worker)
        });
    }
    let mut workers = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let done = done.map_err(|error| failed(DataFusionError::ExecutionJoin(Box::new(error))))?;
        workers.push(done.map_err(failed)?);
    }
    Ok(workers)
}
