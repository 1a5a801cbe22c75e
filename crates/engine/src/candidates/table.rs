//! The table function and its table.

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableFunctionArgs, TableFunctionImpl, TableProvider};
use datafusion::common::{ScalarValue, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_expr::expressions::col;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::prelude::SessionContext;
use milaan_linkage::candidates::{Found, OverfullBlocks, Stats, pairs_schema};

use super::exec::CandidatesExec;
use super::spec::CandidatesSpec;
use crate::error::Error;
use crate::session;

/// What an execution tells besides its pairs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Summary {
    /// By rule, in the model's order.
    pub(crate) overfull_blocks: Vec<OverfullBlocks>,
    /// Pairs by the rule they were taken by, in the model's order.
    pub(crate) pairs_by_rule: Vec<u64>,
    /// What was done.
    pub(crate) stats: Stats,
    /// Passes over the registry.
    pub(crate) passes: u64,
}

impl Summary {
    /// Adds a pass: another part of the list, all of the registry.
    pub(super) fn add(&mut self, found: &Found) {
        self.passes += 1;
        let (stats, more) = (&mut self.stats, found.stats());
        let rows = stats.rows.max(more.rows);
        stats.add(&more);
        stats.rows = rows;
        if self.pairs_by_rule.is_empty() {
            self.pairs_by_rule = found.pairs_by_rule();
            self.overfull_blocks = found.overfull_blocks();
            return;
        }
        for (sum, pairs) in self.pairs_by_rule.iter_mut().zip(found.pairs_by_rule()) {
            *sum += pairs;
        }
        // A block that rows of two passes would search is counted in both.
        for (sum, more) in self.overfull_blocks.iter_mut().zip(found.overfull_blocks()) {
            sum.blocks += more.blocks;
            sum.rows_max = sum.rows_max.max(more.rows_max);
        }
    }
}

/// The pairs of one list and one registry as a table.
#[derive(Debug)]
struct CandidatesTable {
    spec: Arc<CandidatesSpec>,
    list: Arc<dyn TableProvider>,
    registry: Arc<dyn TableProvider>,
    list_columns: Vec<String>,
    registry_columns: Vec<String>,
    summary: Arc<Mutex<Summary>>,
}

#[async_trait]
impl TableProvider for CandidatesTable {
    fn schema(&self) -> SchemaRef {
        pairs_schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Temporary
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let list = scan_columns(state, &self.list, &self.list_columns).await?;
        let registry = scan_columns(state, &self.registry, &self.registry_columns).await?;
        let plan: Arc<dyn ExecutionPlan> = Arc::new(CandidatesExec::new(
            Arc::clone(&self.spec),
            list,
            registry,
            Arc::clone(&self.summary),
        ));
        let Some(wanted) = projection else { return Ok(plan) };
        let schema = plan.schema();
        let columns = wanted
            .iter()
            .map(|at| {
                let name = schema.field(*at).name();
                Ok((col(name, &schema)?, name.clone()))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(ProjectionExec::try_new(columns, plan)?))
    }
}

/// Scans some columns of a table.
pub(crate) async fn scan_columns(
    state: &dyn Session,
    table: &Arc<dyn TableProvider>,
    columns: &[String],
) -> Result<Arc<dyn ExecutionPlan>> {
    let schema = table.schema();
    let places = columns.iter().map(|name| schema.index_of(name)).collect::<Result<Vec<_>, _>>()?;
    table.scan(state, Some(&places), &[], None).await
}

/// The table function: it knows one list under one model at a time.
#[derive(Debug)]
struct CandidatesFunction {
    list: String,
    table: Arc<CandidatesTable>,
}

impl TableFunctionImpl for CandidatesFunction {
    fn call_with_args(&self, args: TableFunctionArgs<'_, '_>) -> Result<Arc<dyn TableProvider>> {
        let [list, model] = args.exprs() else {
            return plan_err!("candidates takes two texts: a source and a match model");
        };
        let known = [self.list.as_str(), self.table.spec.model.id.as_str()];
        if [list, model].map(text) == known.map(Some) {
            return Ok(Arc::clone(&self.table) as Arc<dyn TableProvider>);
        }
        plan_err!("here are the candidates of `{}` under `{}` alone", known[0], known[1])
    }
}

fn text(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Literal(ScalarValue::Utf8(Some(text)), _) => Some(text),
        _ => None,
    }
}

/// Makes `candidates('<list>', '<model>')` known to a session, and `list` and `registry` as views beside it; what executions
/// tell lands in the summary.
pub(crate) async fn register(
    ctx: &SessionContext,
    list: &str,
    spec: CandidatesSpec,
) -> Result<Arc<Mutex<Summary>>, Error> {
    let what = "candidates";
    let failed = |error: DataFusionError| Error::of_query(what, &error);
    open_sides(ctx, &spec).await?;
    // The columns do not depend on the key, so none is needed here.
    let (list_columns, registry_columns) = spec.columns()?;
    let table = CandidatesTable {
        list: ctx.table_provider("list").await.map_err(failed)?,
        registry: ctx.table_provider("registry").await.map_err(failed)?,
        list_columns,
        registry_columns,
        summary: Arc::default(),
        spec: Arc::new(spec),
    };
    let summary = Arc::clone(&table.summary);
    let function = CandidatesFunction { list: list.to_owned(), table: Arc::new(table) };
    ctx.register_udtf(what, Arc::new(function));
    Ok(summary)
}

/// Makes the views `list` and `registry`.
pub(crate) async fn open_sides(ctx: &SessionContext, spec: &CandidatesSpec) -> Result<(), Error> {
    session::register_parquet(ctx, "list", Path::new(&spec.list)).await?;
    if !spec.sources.is_empty() {
        named_by_source(ctx, &spec.sources).await?;
    }
    session::register_parquet(ctx, "registry", Path::new(&spec.registry)).await
}

/// Makes of `list` the records of some sources under names that differ from source to source.
async fn named_by_source(ctx: &SessionContext, sources: &[String]) -> Result<(), Error> {
    let columns = session::plan(ctx, "list", "SELECT * FROM list").await?;
    let fields = columns.schema().fields();
    let others: Vec<String> = fields
        .iter()
        .filter(|field| field.name() != "record_id")
        .map(|field| format!("\"{}\"", field.name()))
        .collect();
    let wanted: Vec<String> = sources.iter().map(|source| format!("'{source}'")).collect();
    let sql = format!(
        "SELECT concat(source_id, '/', record_id) AS record_id, {} FROM list WHERE source_id IN ({})",
        others.join(", "),
        wanted.join(", ")
    );
    session::view(ctx, "list", &sql).await
}
