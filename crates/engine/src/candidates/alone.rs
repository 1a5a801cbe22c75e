//! The operator outside a run: for benches, and for tests of threads, memory and metrics.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use datafusion::error::DataFusionError;
use datafusion::physical_plan::display::DisplayableExecutionPlan;
use datafusion::physical_plan::execute_stream;
use futures::StreamExt as _;
use milaan_kernels::secret::Keyring;

use super::spec::CandidatesSpec;
use super::table::register;
use crate::error::Error;
use crate::link::link_classes;
use crate::session::{self, Resources, StageWriter, classed_schema};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct CandidatesOrder {
    /// One list beside one registry under one model.
    pub spec: CandidatesSpec,
    /// Partitions worked on at a time.
    pub threads: usize,
    /// Limit of the memory pool in bytes.
    pub memory_bytes: u64,
    /// The key under which the sides were standardised.
    pub keyring: Arc<Keyring>,
    /// The Parquet file to write the pairs to.
    pub to: PathBuf,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct CandidatesOutcome {
    /// Pairs written.
    pub pairs: u64,
    /// Pairs compared, those not kept included.
    pub pairs_compared: u64,
    /// The same by the first rule that found them, in the model's order; pairs of blocks that turned out over-full included.
    pub compared_by_rule: Vec<u64>,
    /// Keys of the registry looked up.
    pub keys_probed: u64,
    /// Wall time from plan to written file, in seconds.
    pub seconds: f64,
    /// The executed plan with its metrics, as `EXPLAIN ANALYZE` shows it.
    pub plan: String,
}

pub(crate) async fn find(order: &CandidatesOrder) -> Result<CandidatesOutcome, Error> {
    let what = "candidates";
    let failed = |error: DataFusionError| Error::of_query(what, &error);
    let resources =
        Resources { threads: order.threads, memory_bytes: order.memory_bytes, spill: None };
    let ctx = session::open(&resources, Some(Arc::clone(&order.keyring)))?;
    let started = Instant::now();
    let model = order.spec.model.id.clone();
    let summary = register(&ctx, "alone", order.spec.clone()).await?;
    let sql = format!("SELECT * FROM candidates('alone', '{model}')");
    let frame = session::plan(&ctx, what, &sql).await?;
    let schema = classed_schema(frame.schema().as_arrow(), &link_classes());
    let plan = frame.create_physical_plan().await.map_err(failed)?;
    let mut stream = execute_stream(Arc::clone(&plan), ctx.task_ctx()).map_err(failed)?;
    let mut writer = StageWriter::create(&order.to, schema)?;
    while let Some(batch) = stream.next().await {
        writer.write(&batch.map_err(failed)?)?;
    }
    let pairs = writer.finish()?;
    let seconds = started.elapsed().as_secs_f64();
    let summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(CandidatesOutcome {
        pairs,
        pairs_compared: summary.stats.pairs_compared,
        compared_by_rule: summary.stats.pairs_by_rule.clone(),
        keys_probed: summary.stats.keys_probed,
        seconds,
        plan: DisplayableExecutionPlan::with_metrics(plan.as_ref()).indent(false).to_string(),
    })
}
