//! `milaan check`: what would stop a run, found without changing anything: dumps against their source files, and every query
//! of the pipeline against empty tables of the columns it will meet.

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::MemTable;
use datafusion::prelude::SessionContext;
use milaan_linkage::answers;
use milaan_linkage::sql::PAIRS;
use milaan_manifest::{Diagnostic, Pipeline, Position, Source};
use milaan_model::schema::{FILE, ROW, SHEET, classed};
use milaan_model::{FileCounts, Sensitivity};

use crate::check_pairs::{self, PairsEstimate};
use crate::error::Error;
use crate::land;
use crate::reconcile;
use crate::session::{self, Classes, Resources};
use crate::standardise::sql::{Standardiser, VALUE_ISSUES, slots};
use crate::standardise::{self, lineage_classes};
use crate::{classes, looked_up, memory, shared_ids, sync, tables};

/// What a check found.
#[derive(Debug, Clone)]
pub struct CheckOutcome {
    /// Sources, with the files and sheets that were looked at.
    pub sources: Vec<Checked>,
    /// What would stop a run in its dumps.
    pub problems: Vec<Diagnostic>,
    /// What would stop it in its queries, and blocking rules that make too many pairs.
    pub queries: Vec<Diagnostic>,
    /// The pairs of each blocking rule; `None`: there is no run to count them on.
    pub pairs: Option<PairsEstimate>,
}

/// One source.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Its id.
    pub source_id: String,
    /// What was found about its files.
    pub heads: Vec<FileCounts>,
}

pub(crate) async fn check(
    pipeline: &Pipeline,
    data: &Path,
    last_run: &Path,
) -> Result<CheckOutcome, Error> {
    land::check_data_folder(data)?;
    let mut queries = check_queries(pipeline).await?;
    let pairs = check_pairs::estimate(pipeline, last_run).await?;
    queries.extend(pairs.iter().flat_map(|pairs| pairs.problems(pipeline)));
    let mut outcome = CheckOutcome { sources: Vec::new(), problems: Vec::new(), queries, pairs };
    for source in std::iter::once(&pipeline.registry).chain(&pipeline.sources) {
        let one: &[Source] = std::slice::from_ref(source);
        let (heads, problems) = land::check_heads(data, one)?;
        outcome.sources.push(Checked { source_id: source.id.to_string(), heads });
        outcome.problems.extend(problems);
    }
    outcome.problems.sort();
    Ok(outcome)
}

/// Plans every report and check over empty tables; all problems.
pub(crate) async fn check_queries(pipeline: &Pipeline) -> Result<Vec<Diagnostic>, Error> {
    let resources = Resources { threads: 1, memory_bytes: 64 << 20, spill: None };
    let ctx = session::open(&resources, None)?;
    empty_stages(&ctx, pipeline).await?;
    let parameters = reconcile::parameters(pipeline, "1970-01-01", "");
    let mut problems = Vec::new();
    let mut planned = Vec::new();
    for table in &pipeline.tables {
        let what = table.sql_file.display().to_string();
        match reconcile::plan(&ctx, &what, &table.sql, &parameters).await {
            Ok(frame) => {
                let classes = classes::by_name(frame.logical_plan());
                let schema = session::classed_schema(frame.schema().as_arrow(), &classes);
                register(&ctx, table.name.as_str(), schema)?;
            }
            // What reads it could not be planned either.
            Err(error) => return Ok(vec![problem(&table.sql_file, &error)]),
        }
    }
    for set in &pipeline.change_sets {
        let own = sync::parameters(&parameters, "");
        if let Err(error) = reconcile::plan_report(&ctx, set, &own).await {
            problems.push(problem(&set.sql_file, &error));
        }
    }
    for report in &pipeline.reports {
        match reconcile::plan_report(&ctx, report, &parameters).await {
            Ok(frame) => planned.push((report, frame.schema().as_arrow().clone())),
            Err(error) => problems.push(problem(&report.sql_file, &error)),
        }
    }
    // Checks may read reports: with a report missing, their complaints would only repeat its own.
    if problems.is_empty() {
        for (report, schema) in planned {
            register(&ctx, report.contract.name.as_str(), schema.into())?;
        }
        for check in &pipeline.checks {
            let what = check.sql_file.display().to_string();
            if let Err(error) = reconcile::plan(&ctx, &what, &check.sql, &parameters).await {
                problems.push(problem(&check.sql_file, &error));
            }
        }
    }
    Ok(problems)
}

fn problem(file: &Path, error: &Error) -> Diagnostic {
    Diagnostic {
        position: Position { file: file.to_owned(), line: 0 },
        message: crate::land::chain(error),
        hint: error.hint(),
    }
}

/// Registers every view that reports read, without rows, by the very steps a run takes.
async fn empty_stages(ctx: &SessionContext, pipeline: &Pipeline) -> Result<(), Error> {
    let slots = slots(pipeline);
    for source in std::iter::once(&pipeline.registry).chain(&pipeline.sources) {
        let standardiser = Standardiser {
            pipeline,
            source,
            slots: &slots,
            as_of: "1970-01-01",
            repeated_keys: true,
            spelled: false,
        };
        register(ctx, "landed", landed_schema(source))?;
        for step in standardiser.steps() {
            session::view(ctx, &step.name, &step.sql).await?;
        }
        let is_registry = source.id == pipeline.registry.id;
        let view = if is_registry { "registry" } else { "records" };
        empty_of(ctx, view, "SELECT * FROM standardised", &standardiser.classes()).await?;
    }
    session::view(ctx, "standardised_now", "SELECT * FROM standardised").await?;
    empty_of(ctx, "value_issues", VALUE_ISSUES, &lineage_classes()).await?;
    register(ctx, shared_ids::VIEW, shared_ids::schema(ctx).await?)?;
    session::view(ctx, "list", "SELECT * FROM records").await?;
    let links = crate::link::link_classes();
    register(ctx, PAIRS, milaan_linkage::second::second_schema())?;
    empty_of(ctx, PAIRS, "SELECT '' AS source_id, * FROM pairs", &links).await?;
    for step in answers::answer_steps(&pipeline.model) {
        session::view(ctx, &step.name, &step.sql).await?;
    }
    empty_of(ctx, answers::ANSWERS, "SELECT '' AS source_id, * FROM answers", &links).await?;
    looked_up::register_joined(ctx).await?;
    let mut others = tables::all(pipeline, &[], &[])?;
    others.extend(memory::tables()?.into_iter().map(|(_, table)| table));
    others.push(tables::acknowledgements(&[])?);
    others.push(standardise::places::place_map(&[])?);
    others.push(tables::clusters("", &[])?);
    for (name, batch) in others {
        register(ctx, &name, batch.schema())?;
    }
    Ok(())
}

/// An empty table with the columns of a query, which carry their classes.
async fn empty_of(
    ctx: &SessionContext,
    name: &str,
    sql: &str,
    classes: &Classes,
) -> Result<(), Error> {
    let frame = session::plan(ctx, name, sql).await?;
    register(ctx, name, session::classed_schema(frame.schema().as_arrow(), classes))
}

fn register(ctx: &SessionContext, name: &str, schema: SchemaRef) -> Result<(), Error> {
    let empty = vec![vec![RecordBatch::new_empty(Arc::clone(&schema))]];
    let table = MemTable::try_new(schema, empty).map_err(|error| Error::of_query(name, &error))?;
    let _ = ctx.deregister_table(name);
    ctx.register_table(name, Arc::new(table))
        .map(drop)
        .map_err(|error| Error::of_query(name, &error))
}

/// The columns of a landed source: lineage, then its headers as text.
fn landed_schema(source: &Source) -> SchemaRef {
    let mut fields = vec![
        classed(FILE, DataType::Utf8, false, Sensitivity::Internal),
        classed(SHEET, DataType::Utf8, false, Sensitivity::Internal),
        classed(ROW, DataType::Int64, false, Sensitivity::Internal),
    ];
    let headers = source.columns.iter().filter(|column| column.constant.is_none());
    fields.extend(headers.map(|column| Field::new(&column.header, DataType::Utf8, true)));
    Arc::new(Schema::new(fields))
}
