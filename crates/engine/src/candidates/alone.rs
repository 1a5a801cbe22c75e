//! Pairs written in one order; and the operator outside a run, for benches and tests of threads, memory and metrics.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use milaan_kernels::secret::Keyring;

use super::spec::CandidatesSpec;
use super::table::{Summary, open_sides, register};
use crate::error::Error;
use crate::link::{link_classes, link_lists};
use crate::session::{self, Resources};

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
    /// Passes over the registry.
    pub passes: u64,
}

/// What linking came to.
#[derive(Debug, Clone)]
pub struct LinkOutcome {
    /// Pairs written.
    pub pairs: u64,
    /// Pairs compared, those not kept included.
    pub pairs_compared: u64,
    /// Answers written, one a record.
    pub answers: u64,
    /// Wall time of the operator alone, in seconds.
    pub pairs_s: f64,
    /// Wall time from standardised lists to written answers, in seconds.
    pub seconds: f64,
}

/// Writes the pairs of a query over candidates, the rows written, in one order however many passes there were: within a pass
/// they come in order, and a second pass, where memory is scarce, has the pairs of other list rows.
async fn write_pairs(
    ctx: &SessionContext,
    summary: &Mutex<Summary>,
    (sql, order): (&str, &str),
    path: &Path,
) -> Result<u64, Error> {
    let what = "pairs";
    let rows = session::write(ctx, what, sql, path, &link_classes()).await?;
    if summary.lock().unwrap_or_else(PoisonError::into_inner).passes < 2 {
        return Ok(rows);
    }
    let by_pass = path.with_extension("passes.parquet");
    std::fs::rename(path, &by_pass).map_err(Error::io("cannot rename", path))?;
    let name = "pairs_of_passes";
    session::register_parquet(ctx, name, &by_pass).await?;
    let sql = format!("SELECT * FROM {name} ORDER BY {order}");
    let sorted = session::write(ctx, what, &sql, path, &link_classes()).await?;
    let _ = ctx.deregister_table(name);
    std::fs::remove_file(&by_pass).map_err(Error::io("cannot remove", &by_pass))?;
    if sorted != rows {
        return Err(Error::Counts(format!("pairs: {rows} found, {sorted} in order")));
    }
    Ok(sorted)
}

/// A session in which `candidates('alone', …)` is known, and a query of all of them.
async fn open(
    order: &CandidatesOrder,
) -> Result<(SessionContext, Arc<Mutex<Summary>>, String), Error> {
    let resources =
        Resources { threads: order.threads, memory_bytes: order.memory_bytes, spill: None };
    let ctx = session::open(&resources, Some(Arc::clone(&order.keyring)))?;
    let summary = register(&ctx, "alone", order.spec.clone()).await?;
    let sql = format!("SELECT * FROM candidates('alone', '{}')", order.spec.model.id);
    Ok((ctx, summary, sql))
}

pub(crate) async fn find(order: &CandidatesOrder) -> Result<CandidatesOutcome, Error> {
    let started = Instant::now();
    let (ctx, summary, sql) = open(order).await?;
    let pairs = write_pairs(&ctx, &summary, (&sql, "record_id, resident_ref"), &order.to).await?;
    let seconds = started.elapsed().as_secs_f64();
    let summary = summary.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(CandidatesOutcome {
        pairs,
        pairs_compared: summary.stats.pairs_compared,
        compared_by_rule: summary.stats.pairs_by_rule.clone(),
        keys_probed: summary.stats.keys_probed,
        seconds,
        passes: summary.passes,
    })
}

/// Links the lists: pairs, second look and answers, written below `to`, a folder. The sources are named.
pub(crate) async fn link(order: &CandidatesOrder) -> Result<LinkOutcome, Error> {
    let resources =
        Resources { threads: order.threads, memory_bytes: order.memory_bytes, spill: None };
    let ctx = session::open(&resources, Some(Arc::clone(&order.keyring)))?;
    open_sides(&ctx, &order.spec).await?;
    let records = session::count(&ctx, "list", "SELECT count(*) FROM list").await?;
    let (answers, clock) = link_lists(&ctx, &order.spec, (records, &[]), &order.to).await?;
    let seconds = clock.started.elapsed().as_secs_f64();
    let stats = &clock.summary.stats;
    Ok(LinkOutcome {
        pairs: clock.summary.pairs_by_rule.iter().sum(),
        pairs_compared: stats.pairs_compared,
        answers,
        pairs_s: clock.pairs_s,
        seconds,
    })
}

pub(crate) async fn explain_analyze(order: &CandidatesOrder) -> Result<String, Error> {
    let failed = |error: DataFusionError| Error::of_query("candidates", &error);
    let (ctx, _, sql) = open(order).await?;
    let frame = ctx.sql(&format!("EXPLAIN ANALYZE {sql}")).await.map_err(failed)?;
    let rows = frame.collect().await.map_err(failed)?;
    Ok(pretty_format_batches(&rows).map_err(|error| failed(error.into()))?.to_string())
}
