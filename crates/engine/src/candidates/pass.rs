//! Passes over the registry: the list, as much of it as memory allows, is indexed; then all partitions of the registry are
//! compared with it at once. What is left of the list comes with the next pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use datafusion::common::runtime::JoinSet;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryLimit, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties as _};
use datafusion::prelude::SessionContext;
use futures::StreamExt as _;
use milaan_linkage::candidates::{
    Compiled, Found, ListBuilder, ListIndex, Worker, WorkerResult, finish,
};

use super::exec::Meters;
use super::numbered::{scan, scan_in_parts};
use crate::error::Error;

/// Of the memory limit, what the list's index may take at first; the rest is for pairs kept and for reading.
const INDEX_SHARE: f64 = 0.6;
/// What a worker holds however short the list is: names it remembers. The index gets its share of what is left.
const WORKER_BYTES: usize = 2 << 20;

/// The work of one execution.
pub(crate) struct Pass {
    compiled: Arc<Compiled>,
    registry: Arc<dyn ExecutionPlan>,
    context: Arc<TaskContext>,
    list: SendableRecordBatchStream,
    list_ended: bool,
    /// Registry rows that the passes so far have read: each reads all.
    registry_rows: Option<u64>,
    memory: MemoryReservation,
    meters: Meters,
    stop: Stop,
    /// What the list's index may take at most, whatever its share of the memory.
    index_bytes_max: usize,
}

/// Set when the pass is dropped: a worker in the middle of a batch gives up, however much that batch meets.
#[derive(Default)]
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Pass {
    /// Nothing done yet. `list` and `registry` give the columns that `compiled` asks for.
    pub(crate) fn new(
        compiled: Arc<Compiled>,
        list: &Arc<dyn ExecutionPlan>,
        registry: &Arc<dyn ExecutionPlan>,
        context: &Arc<TaskContext>,
        meters: Meters,
    ) -> Result<Self> {
        let list: Arc<dyn ExecutionPlan> = Arc::new(CoalescePartitionsExec::new(Arc::clone(list)));
        Ok(Self {
            compiled,
            registry: Arc::clone(registry),
            list: list.execute(0, Arc::clone(context))?,
            list_ended: false,
            registry_rows: None,
            memory: MemoryConsumer::new("candidates").register(context.memory_pool()),
            context: Arc::clone(context),
            meters,
            stop: Stop::default(),
            index_bytes_max: usize::MAX,
        })
    }

    /// The same with an index of the list that takes no more than this, but for a batch: what is kept has more room then.
    pub(crate) fn with_index_of(mut self, bytes: usize) -> Self {
        self.index_bytes_max = bytes;
        self
    }

    /// The next pass; `None` when the whole list is done. An empty list has one pass, so that its counts are told.
    pub(crate) async fn next(&mut self) -> Result<Option<Found>> {
        if self.list_ended {
            return Ok(None);
        }
        let index = self.index().await?;
        let results = self.probe(&index).await?;
        let (at, one) = (Instant::now(), Arc::clone(&index));
        let found = blocking(move || finish(&one, results)).await?;
        let rows = found.stats().rows;
        if self.registry_rows.replace(rows).is_some_and(|before| before != rows) {
            let message = format!("a pass over the registry read {rows} rows, another did not");
            return Err(DataFusionError::Internal(message));
        }
        self.meters.passed(&index, &found, at.elapsed());
        self.memory.free();
        Ok(Some(found))
    }

    /// Indexes the list as far as memory goes.
    async fn index(&mut self) -> Result<Arc<ListIndex>> {
        let started = Instant::now();
        let threads = self.registry.output_partitioning().partition_count();
        let limit = match self.context.memory_pool().memory_limit() {
            MemoryLimit::Finite(bytes) => {
                (bytes.saturating_sub(threads * WORKER_BYTES) as f64 * INDEX_SHARE) as usize
            }
            _ => usize::MAX,
        };
        let limit = limit.min(self.index_bytes_max);
        let mut builder = ListBuilder::new(Arc::clone(&self.compiled)).with_threads(threads);
        loop {
            let Some(batch) = self.list.next().await else {
                self.list_ended = true;
                break;
            };
            builder.push(&batch?).map_err(linking)?;
            self.memory.try_resize(builder.memory_bytes())?;
            if builder.memory_bytes() > limit {
                break;
            }
        }
        let index = blocking(move || builder.finish()).await?.map_err(linking)?;
        self.memory.try_resize(index.memory_bytes())?;
        self.meters.indexed(&index, started.elapsed());
        Ok(Arc::new(index))
    }

    /// Compares every partition of the registry with the index, each in a task of its own; dropped, all of them end.
    async fn probe(&mut self, index: &Arc<ListIndex>) -> Result<Vec<WorkerResult>> {
        let mut tasks = JoinSet::new();
        // A scan hands out its files once: without this, a second pass would find nothing left to read.
        let registry = match self.registry_rows {
            None => Arc::clone(&self.registry),
            Some(_) => reset_plan_states(Arc::clone(&self.registry))?,
        };
        for partition in 0..registry.output_partitioning().partition_count() {
            let mut stream = registry.execute(partition, Arc::clone(&self.context))?;
            let stop = Arc::clone(&self.stop.0);
            let mut worker = Worker::new(Arc::clone(index)).stopped_by(stop);
            let memory = self.memory.new_empty();
            let meters = self.meters.clone();
            tasks.spawn(async move {
                while let Some(batch) = stream.next().await {
                    let batch = batch?;
                    let started = Instant::now();
                    // A batch may meet millions of list rows: the threads that drive streams stay free for whoever cancels.
                    let probe = move || worker.probe(&batch).map(|()| worker);
                    worker = blocking(probe).await?.map_err(linking)?;
                    memory.try_resize(worker.memory_bytes())?;
                    meters.probed(started.elapsed());
                }
                let result = worker.finish().map_err(linking)?;
                Ok::<_, DataFusionError>((partition, result, memory))
            });
        }
        let mut results = Vec::new();
        let mut held = Vec::new();
        while let Some(done) = tasks.join_next().await {
            let (partition, result, memory) =
                done.map_err(|error| DataFusionError::ExecutionJoin(Box::new(error)))??;
            results.push((partition, result));
            held.push(memory);
        }
        results.sort_by_key(|(partition, _)| *partition);
        Ok(results.into_iter().map(|(_, result)| result).collect())
    }
}

/// All pairs that the rules find between the views `list` and `registry`, pass by pass: for training.
pub(crate) async fn all_pairs(
    ctx: &SessionContext,
    compiled: Arc<Compiled>,
) -> Result<Vec<Found>, Error> {
    let failed = |error: DataFusionError| Error::of_query("candidates", &error);
    let list = scan(ctx, "list", compiled.list_columns()).await?;
    let registry = scan_in_parts(ctx, "registry", compiled.registry_columns()).await?;
    let meters = Meters::new(&ExecutionPlanMetricsSet::new(), 0);
    let context = ctx.task_ctx();
    let mut pass = Pass::new(compiled, &list, &registry, &context, meters).map_err(failed)?;
    let mut all = Vec::new();
    while let Some(found) = pass.next().await.map_err(failed)? {
        all.push(found);
    }
    Ok(all)
}

/// Work of seconds, off the threads that drive streams.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| DataFusionError::ExecutionJoin(Box::new(error)))
}

pub(super) fn linking(error: milaan_linkage::candidates::Error) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}
