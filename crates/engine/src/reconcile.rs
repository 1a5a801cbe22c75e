//! Stage 4: the reports and checks of the pipeline folder over fixed views.
//!
//! Views: `records` and `registry` (standardised), `registry_ids_shared`, `pairs` and `answers` (links), `looked_up` (each record beside
//! its answer), `value_issues`, `landed_rejects`,
//! `source_files`, `source_list`, `source_fields`, `known_cases`, `sent_before`, `answered_before`, `acks_received`, `history`, one view a policy
//! table; then the pipeline's own tables (`tables/*.sql`), each computed once; after the reports, each report by its name.
//! Parameters: `$as_of` (date), `$model_id`, `$registry_snapshot` (text); in a change-set `$department` too.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::dataframe::DataFrame;
use datafusion::prelude::SessionContext;
use futures::{FutureExt as _, StreamExt as _, TryFutureExt as _};
use milaan_linkage::sql::PAIRS;
use milaan_manifest::{Check, Pipeline, Report, Table};
use milaan_model::{ReportContract, Sensitivity};
use milaan_publish::{ReportReceipt, ReportWriter, Reports};

use crate::classes;
use crate::dataset::{Dataset, Links};
use crate::error::Error;
use crate::jobs::{self, Job, Turns};
use crate::land::LandedSource;
use crate::receipt::CheckReceipt;
use crate::run::Run;
use crate::session;
use crate::{looked_up, memory, shared_ids, sync, tables};

/// Writes every report through the publication, then runs the checks. Rows over all reports.
pub(crate) async fn reconcile(
    run: &mut Run<'_>,
    _links: &Dataset<Links>,
    sources: &[LandedSource],
) -> Result<u64, Error> {
    tables::write_all(run, sources)?;
    for (part, table) in memory::tables()? {
        let (name, none) = table;
        let kept = run.stages_folder().join(format!("{name}/{name}.parquet"));
        match run.state.last(part, memory::FILE) {
            Some(last) => {
                milaan_publish::private::create_dir_all(kept.parent().unwrap_or(&kept))?;
                std::fs::copy(&last, &kept).map_err(Error::io("cannot copy", &last))?;
            }
            None => tables::write(&kept, &none)?,
        }
    }
    sync::write_acknowledgements(run)?;
    shared_ids::write(run).await?;
    register_stages(&run.ctx, &run.stages_folder()).await?;
    let records = session::count(&run.ctx, "answers", "SELECT count(*) FROM answers").await?;
    // Queries beside one another keep the cores busy; taken apart besides, each would only pass its rows from one to the other.
    let at_once = jobs::at_once(run.order.threads, run.order.memory_bytes, records);
    session::set_partitions(&run.ctx, run.order.threads.div_ceil(at_once));
    let parameters = parameters(run.pipeline, &run.as_of, &run.registry_snapshot);
    let parts = parts_of_large_tables(run.order.memory_bytes, records);
    let receipts = write_all(run, &parameters, at_once, parts).await?;
    let rows = receipts.iter().map(|receipt| receipt.rows).sum();
    run.reports.extend(receipts);
    let folder = run.publication()?.folder().join("reports");
    register_reports(&run.ctx, &folder, run.pipeline.reports.iter().map(|report| &report.contract))
        .await?;
    memory::note(run).await?;
    run_checks(run, &parameters, at_once).await?;
    Ok(rows)
}

/// Computes the tables and writes the change-sets and reports, a few beside one another; receipts in the order of the pipeline,
/// change-sets first.
async fn write_all(
    run: &Run<'_>,
    parameters: &Parameters,
    at_once: usize,
    parts: i32,
) -> Result<Vec<ReportReceipt>, Error> {
    let pipeline = run.pipeline;
    let reports = run.publication()?.reports();
    let turns = Turns::new(at_once);
    let mut jobs: Vec<Job<'_, Made>> = Vec::new();
    for table in &pipeline.tables {
        let (stages, one, given) = (run.stages_folder(), table.clone(), parameters.clone());
        let work = turns.clone().within_memory(run.ctx.clone(), move |ctx| {
            write_table(ctx, stages.clone(), one.clone(), given.clone(), parts)
        });
        let reads = jobs::reads(&run.ctx, &table.sql);
        jobs.push(Job { makes: Some(table.name.as_str()), reads, work: work.boxed() });
    }
    for (set, work) in sync::change_sets(run, &reports, parameters, &turns) {
        let reads = jobs::reads(&run.ctx, &set.sql);
        jobs.push(Job { makes: None, reads, work: work.map_ok(Made::Report).boxed() });
    }
    for report in &pipeline.reports {
        let (reports, one, given) = (reports.clone(), report.clone(), parameters.clone());
        let work = turns.clone().within_memory(run.ctx.clone(), move |ctx| {
            write_report(ctx, reports.clone(), one.clone(), given.clone())
        });
        let reads = jobs::reads(&run.ctx, &report.sql);
        jobs.push(Job { makes: None, reads, work: work.map_ok(Made::Report).boxed() });
    }
    let made = jobs::run_all(jobs, at_once, |made| {
        let (Made::Table(name) | Made::Report(ReportReceipt { name, .. })) = made;
        run.observer.step_done("reconcile", name);
    });
    let receipt = |made| match made {
        Made::Table(_) => None,
        Made::Report(receipt) => Some(receipt),
    };
    Ok(made.await?.into_iter().filter_map(receipt).collect())
}

/// The order of the stage `pairs`.
const PAIRS_ORDER: &[&str] = &["source_id", "record_id", "resident_ref"];

/// What came of a query.
enum Made {
    Table(String),
    Report(ReportReceipt),
}

/// Registers every folder of a run's stages as a view of its name.
pub(crate) async fn register_stages(ctx: &SessionContext, stages: &Path) -> Result<(), Error> {
    let entries = std::fs::read_dir(stages).map_err(Error::io("cannot list", stages))?;
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let files = std::fs::read_dir(&path).map_err(Error::io("cannot list", &path))?.count();
            // Linking writes them so (`written.rs`); a registry beside itself has a second file of them, with an order of its own.
            let order = if name == PAIRS && files == 1 { PAIRS_ORDER } else { &[] };
            session::register_ordered(ctx, &name, &path, order).await?;
        }
    }
    looked_up::register(ctx, stages).await
}

/// Registers reports by their names.
async fn register_reports(
    ctx: &SessionContext,
    folder: &Path,
    contracts: impl Iterator<Item = &ReportContract>,
) -> Result<(), Error> {
    for contract in contracts {
        let path = folder.join(format!("{}.parquet", contract.name));
        session::register_parquet(ctx, contract.name.as_str(), &path).await?;
    }
    Ok(())
}

pub(crate) type Parameters = Vec<(String, ScalarValue)>;

/// The values of the parameters that reports and checks may use.
pub(crate) fn parameters(pipeline: &Pipeline, as_of: &str, registry_snapshot: &str) -> Parameters {
    use milaan_kernels::date::{Date, Layout, date};
    let as_of = date(as_of, Layout::YearFirst).ok().map(Date::days);
    vec![
        ("as_of".to_owned(), ScalarValue::Date32(as_of)),
        ("model_id".to_owned(), ScalarValue::from(pipeline.model.id.as_str())),
        ("registry_snapshot".to_owned(), ScalarValue::from(registry_snapshot)),
        (PART.to_owned(), ScalarValue::from(0)),
        (PARTS.to_owned(), ScalarValue::from(1)),
    ]
}

/// The parameters of a table that is made part by part: which part, 0 the first, and of how many.
const PART: &str = "part";
const PARTS: &str = "parts";

/// What a join of records with their residents, all columns that reports show, was seen to hold of each record: 8.2 GB of 6.4 million,
/// of which the pool counts half (docs/benchmarks.md).
const JOINED_BYTES_A_RECORD: u64 = 1_300;
/// Of the memory limit, what such a join may hold.
const JOINED_SHARE: u64 = 2;

/// In how many parts a table is made whose query asks for it (`$part`), over so many records of the lists.
fn parts_of_large_tables(memory_bytes: u64, records: u64) -> i32 {
    let held = records.saturating_mul(JOINED_BYTES_A_RECORD * JOINED_SHARE);
    i32::try_from(held.div_ceil(memory_bytes.max(1))).unwrap_or(i32::MAX).max(1)
}

/// Whether a query, its parameters not yet given, asks which part it is to make. A comment that names the parameter does not.
fn asks_for_parts(query: &DataFrame) -> datafusion::error::Result<bool> {
    Ok(query.logical_plan().get_parameter_names()?.contains(&format!("${PART}")))
}

/// These parameters for one part.
fn of_part(parameters: &Parameters, part: i32, parts: i32) -> Parameters {
    let of = |(name, value): &(String, ScalarValue)| {
        let value = match name.as_str() {
            PART => ScalarValue::from(part),
            PARTS => ScalarValue::from(parts),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    parameters.iter().map(of).collect()
}

pub(crate) async fn plan(
    ctx: &SessionContext,
    what: &str,
    sql: &str,
    parameters: &Parameters,
) -> Result<DataFrame, Error> {
    session::plan(ctx, what, sql)
        .await?
        .with_param_values(parameters.clone())
        .map_err(|error| Error::of_query(what, &error))
}

/// Plans a report and refuses it where it would show more than its contract says.
pub(crate) async fn plan_report(
    ctx: &SessionContext,
    report: &Report,
    parameters: &Parameters,
) -> Result<DataFrame, Error> {
    let what = report.sql_file.display().to_string();
    let contract = &report.contract;
    let frame = plan(ctx, &what, &report.sql, parameters).await?;
    milaan_publish::check_contract(contract, frame.schema().as_arrow())
        .map_err(|source| Error::Contract { what: what.clone(), source: Box::new(source) })?;
    // The contract says what a column may hold at most; the query has to stay at or below that, by name.
    let fields = frame.schema().as_arrow();
    classes::refuse_above(&what, frame.logical_plan(), |at| {
        contract
            .columns
            .iter()
            .find(|column| &column.name == fields.field(at).name())
            .map_or(Sensitivity::Public, |column| column.class.min(contract.clearance))
    })?;
    Ok(frame)
}

/// Computes one of the pipeline's tables into the stages, a file for each part that it asks for; its columns carry the classes that the
/// plan gives them.
async fn write_table(
    ctx: SessionContext,
    stages: PathBuf,
    table: Table,
    parameters: Parameters,
    parts: i32,
) -> Result<Made, Error> {
    let what = table.sql_file.display().to_string();
    let name = table.name.as_str();
    let folder = stages.join(name);
    let query = session::plan(&ctx, &what, &table.sql).await?;
    let asks = asks_for_parts(&query).map_err(|error| Error::of_query(&what, &error))?;
    let parts = if asks { parts } else { 1 };
    let mut order = Vec::new();
    for part in 0..parts {
        let parameters = of_part(&parameters, part, parts);
        let frame = plan(&ctx, &what, &table.sql, &parameters).await?;
        let classes = classes::by_name(frame.logical_plan());
        order = session::order_of(frame.logical_plan());
        let file =
            if part == 0 { format!("{name}.parquet") } else { format!("{name}_{part}.parquet") };
        session::write_unpacked(frame, &what, &folder.join(file), &classes).await?;
    }
    let order: Vec<&str> = order.iter().map(String::as_str).collect();
    session::register_ordered(&ctx, name, &folder, &order).await?;
    Ok(Made::Table(name.to_owned()))
}

async fn write_report(
    ctx: SessionContext,
    reports: Reports,
    report: Report,
    parameters: Parameters,
) -> Result<ReportReceipt, Error> {
    let what = report.sql_file.display().to_string();
    let contract = &report.contract;
    let frame = plan_report(&ctx, &report, &parameters).await?;
    let schema = Arc::new(frame.schema().as_arrow().clone());
    let mut writer = reports.report(contract, &schema)?;
    fill(&mut writer, frame, &what).await?;
    Ok(writer.finish()?)
}

/// Writes a query's rows.
pub(crate) async fn fill(
    writer: &mut ReportWriter,
    frame: DataFrame,
    what: &str,
) -> Result<(), Error> {
    let mut stream = frame.execute_stream().await.map_err(|error| Error::of_query(what, &error))?;
    while let Some(batch) = stream.next().await {
        writer.write(&batch.map_err(|error| Error::of_query(what, &error))?)?;
    }
    Ok(())
}

/// A check passes when it returns no rows.
async fn run_checks(
    run: &mut Run<'_>,
    parameters: &Parameters,
    at_once: usize,
) -> Result<(), Error> {
    let turns = Turns::new(at_once);
    let job = |check: &Check| {
        let (check, given) = (check.clone(), parameters.clone());
        let work = move |ctx| rows_of(ctx, check.clone(), given.clone());
        let work = turns.clone().within_memory(run.ctx.clone(), work).boxed();
        Job { makes: None, reads: BTreeSet::new(), work }
    };
    let jobs = run.pipeline.checks.iter().map(job).collect();
    for (check, rows) in run.pipeline.checks.iter().zip(jobs::run_all(jobs, at_once, |_| ()).await?)
    {
        if rows > 0 {
            let what = check.sql_file.display();
            run.problems.push(format!("{what}: check `{}` returned {rows} rows", check.name));
        }
        run.checks.push(CheckReceipt { name: check.name.to_string(), rows });
    }
    Ok(())
}

async fn rows_of(ctx: SessionContext, check: Check, parameters: Parameters) -> Result<u64, Error> {
    let what = check.sql_file.display().to_string();
    let frame = plan(&ctx, &what, &check.sql, &parameters).await?;
    Ok(frame.count().await.map_err(|error| Error::of_query(&what, &error))? as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_where_memory_asks_for_them() {
        assert_eq!(parts_of_large_tables(4 << 30, 200_000), 1);
        assert_eq!(parts_of_large_tables(64 << 20, 4_000), 1);
        assert_eq!(parts_of_large_tables(6_000_000_000, 6_400_000), 3);
        assert_eq!(parts_of_large_tables(0, 0), 1);
    }

    #[tokio::test]
    async fn a_query_is_asked_whether_it_wants_parts() {
        let ctx = SessionContext::new();
        for (sql, asks) in [
            ("SELECT 1 AS a WHERE 2 % $parts = $part", true),
            ("SELECT a FROM (SELECT $part AS a)", true),
            ("SELECT 1 AS a WHERE 2 % $parts = 0", false),
            ("SELECT 1 AS a -- the rows of $part\n", false),
        ] {
            let query = session::plan(&ctx, "a test", sql).await.unwrap();
            assert_eq!(asks_for_parts(&query).unwrap(), asks, "{sql}");
        }
    }
}
