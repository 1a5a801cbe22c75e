//! The view `looked_up`: each record of the lists beside the answer to its lookup.
//!
//! Linking writes the departments' answers in the order of their records' files and rows, so that both are read side by side, row by
//! row: no query has to join them, and nothing of either is held in memory. A row whose two sides name different records ends the
//! query. A list that is the registry itself has its answers in another order; there are few such lists, and they are joined.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Statistics, internal_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, SessionState, TaskContext};
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::statistics::{StatisticsArgs, StatisticsContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties as _, PlanProperties,
};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use futures::{TryStreamExt as _, stream};

use crate::error::Error;
use crate::session;

/// The view's name.
const LOOKED_UP: &str = "looked_up";
/// Departments' records beside their answers.
const SIDE_BY_SIDE: &str = "looked_up_of_departments";
/// The file of all departments' answers; another file there is of a list that is the registry.
const DEPARTMENTS: &str = "departments.parquet";
/// What both sides begin with.
const NAMES: [&str; 2] = ["source_id", "record_id"];

/// Makes the view of a run whose stages `records` and `answers` are registered.
pub(crate) async fn register(ctx: &SessionContext, stages: &Path) -> Result<(), Error> {
    let (records, answers) = (files(&stages.join("records"))?, files(&stages.join("answers"))?);
    let (departments, own): (Vec<_>, Vec<_>) = records
        .into_iter()
        .partition(|path| !answers.iter().any(|other| other.file_name() == path.file_name()));
    let answers = answers.iter().find(|path| path.ends_with(DEPARTMENTS));
    let failed = |error: DataFusionError| Error::of_query(LOOKED_UP, &error);
    let mut parts = Vec::new();
    if let Some(answers) = answers
        && !departments.is_empty()
    {
        let table = SideBySide {
            records: Side::open(ctx, &departments).await?,
            answers: Side::open(ctx, std::slice::from_ref(answers)).await?,
        };
        let _ = ctx.deregister_table(SIDE_BY_SIDE);
        ctx.register_table(SIDE_BY_SIDE, Arc::new(table)).map_err(failed)?;
        parts.push(format!("SELECT * FROM {SIDE_BY_SIDE}"));
    }
    for path in own {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let of_list = format!("d.source_id = '{name}' AND a.source_id = '{name}'");
        parts.push(joined(ctx, &of_list).await?);
    }
    if parts.is_empty() {
        return Ok(());
    }
    session::view(ctx, LOOKED_UP, &parts.join("\nUNION ALL\n")).await
}

/// The view where the stages have no files, or not yet: what a pipeline's queries are planned over before a row is read.
pub(crate) async fn register_joined(ctx: &SessionContext) -> Result<(), Error> {
    session::view(ctx, LOOKED_UP, &joined(ctx, "true").await?).await
}

/// Records joined with their answers.
async fn joined(ctx: &SessionContext, condition: &str) -> Result<String, Error> {
    let answers = ctx.table_provider("answers").await;
    let answers = answers.map_err(|error| Error::of_query(LOOKED_UP, &error))?.schema();
    let answered: Vec<String> = (answers.fields().iter().skip(NAMES.len()))
        .map(|field| format!("a.\"{}\"", field.name()))
        .collect();
    Ok(format!(
        "SELECT d.*, {} FROM records AS d\n\
         JOIN answers AS a ON a.source_id = d.source_id AND a.record_id = d.record_id\n\
         WHERE {condition}",
        answered.join(", ")
    ))
}

/// The Parquet files of a stage, in the order in which they are read; none where there is no such stage.
fn files(stage: &Path) -> Result<Vec<PathBuf>, Error> {
    if !stage.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(stage).map_err(Error::io("cannot list", stage))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "parquet"));
    files.sort();
    Ok(files)
}

/// Files that are read one after the other, in one part.
#[derive(Debug)]
struct Side {
    table: Arc<dyn TableProvider>,
    schema: SchemaRef,
}

impl Side {
    async fn open(ctx: &SessionContext, files: &[PathBuf]) -> Result<Self, Error> {
        let first = files.first().map_or(Path::new(""), PathBuf::as_path);
        let schema = session::parquet_schema(first)?;
        let mut urls = Vec::new();
        for path in files {
            let path = path.canonicalize().map_err(Error::io("cannot find", path))?;
            urls.push(path.display().to_string());
        }
        let options = ParquetReadOptions::default().schema(&schema).skip_metadata(false);
        let frame = ctx.read_parquet(urls, options).await;
        let frame = frame.map_err(|error| Error::of_query(LOOKED_UP, &error))?;
        Ok(Self { table: frame.into_view(), schema })
    }

    /// A scan of the names and of the other columns at these places.
    async fn scan(&self, state: &SessionState, others: &[usize]) -> Result<Arc<dyn ExecutionPlan>> {
        let names = NAMES.iter().map(|name| self.schema.index_of(name));
        let mut places = names.collect::<Result<Vec<_>, _>>()?;
        places.extend(others);
        let plan = self.table.scan(state, Some(&places), &[], None).await?;
        match plan.output_partitioning().partition_count() {
            1 => Ok(plan),
            parts => internal_err!("records are read in {parts} parts, not in order"),
        }
    }
}

/// The departments' records beside their answers.
#[derive(Debug)]
struct SideBySide {
    records: Side,
    answers: Side,
}

impl SideBySide {
    /// Which of the view's columns are records'.
    fn split(&self) -> usize {
        self.records.schema.fields().len()
    }
}

#[async_trait]
impl TableProvider for SideBySide {
    fn schema(&self) -> SchemaRef {
        let answered = self.answers.schema.fields().iter().skip(NAMES.len());
        let fields: Vec<_> = self.records.schema.fields().iter().chain(answered).cloned().collect();
        Arc::new(Schema::new(fields))
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
        let Some(state) = state.as_any().downcast_ref::<SessionState>() else {
            return internal_err!("{LOOKED_UP} is read in a session of this program");
        };
        // One partition: what is read in parts is in no order.
        let mut state = state.clone();
        state.config_mut().options_mut().execution.target_partitions = 1;
        let schema = self.schema();
        let wanted = projection.cloned().unwrap_or_else(|| (0..schema.fields().len()).collect());
        let (mut of_records, mut of_answers, mut columns) = (Vec::new(), Vec::new(), Vec::new());
        for place in &wanted {
            // Both sides have the names in front.
            if let Some(name) = NAMES.iter().position(|name| name == schema.field(*place).name()) {
                columns.push((0, name));
                continue;
            }
            let (side, others, place) = match place.checked_sub(self.split()) {
                None => (0, &mut of_records, *place),
                Some(place) => (1, &mut of_answers, place + NAMES.len()),
            };
            columns.push((side, NAMES.len() + others.len()));
            others.push(place);
        }
        let records = self.records.scan(&state, &of_records).await?;
        let answers = self.answers.scan(&state, &of_answers).await?;
        let schema = Arc::new(schema.project(&wanted)?);
        Ok(Arc::new(SideBySideExec::new(schema, [records, answers], columns)))
    }
}

/// Reads both sides at once. To the optimiser it is a leaf: it would read them in parts.
#[derive(Debug)]
struct SideBySideExec {
    sides: [Arc<dyn ExecutionPlan>; 2],
    /// Of each column of the result its side, and its place there.
    columns: Arc<[(usize, usize)]>,
    properties: Arc<PlanProperties>,
}

impl SideBySideExec {
    fn new(
        schema: SchemaRef,
        sides: [Arc<dyn ExecutionPlan>; 2],
        columns: Vec<(usize, usize)>,
    ) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { sides, columns: columns.into(), properties: Arc::new(properties) }
    }
}

impl DisplayAs for SideBySideExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SideBySideExec: columns={}", self.columns.len())
    }
}

impl ExecutionPlan for SideBySideExec {
    fn name(&self) -> &'static str {
        "SideBySideExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    /// How many rows there are decides which side of a join is held.
    fn statistics_from_inputs(
        &self,
        _: &[Arc<Statistics>],
        args: &StatisticsArgs,
    ) -> Result<Arc<Statistics>> {
        let mut statistics = Statistics::new_unknown(&self.schema());
        let [records, _] = &self.sides;
        statistics.num_rows = StatisticsContext::new().compute(records.as_ref(), args)?.num_rows;
        Ok(Arc::new(statistics))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let [records, answers] = &self.sides;
        let sides = [
            Rows::of(records.execute(partition, Arc::clone(&context))?),
            Rows::of(answers.execute(partition, context)?),
        ];
        let (schema, columns) = (self.schema(), Arc::clone(&self.columns));
        let made = Arc::clone(&schema);
        let batches = stream::try_unfold(sides, move |mut sides| {
            let (schema, columns) = (Arc::clone(&made), Arc::clone(&columns));
            async move {
                let [records, answers] = &mut sides;
                let rows = match (records.waiting().await?, answers.waiting().await?) {
                    (0, 0) => return Ok(None),
                    (0, _) | (_, 0) => {
                        return internal_err!("records and answers differ in number");
                    }
                    (one, other) => one.min(other),
                };
                let taken = [records.take(rows), answers.take(rows)];
                Ok(Some((beside(schema, &taken, &columns)?, sides)))
            }
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, Box::pin(batches))))
    }
}

/// Rows of both sides as one batch.
fn beside(
    schema: SchemaRef,
    sides: &[RecordBatch; 2],
    columns: &[(usize, usize)],
) -> Result<RecordBatch> {
    let [records, answers] = sides;
    if (0..NAMES.len()).any(|at| records.column(at) != answers.column(at)) {
        return internal_err!("records and answers stand in different orders");
    }
    let columns: Vec<ArrayRef> =
        columns.iter().map(|(side, at)| Arc::clone(sides[*side].column(*at))).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(records.num_rows()));
    Ok(RecordBatch::try_new_with_options(schema, columns, &options)?)
}

/// A side's batches, and what is left of the last one.
struct Rows {
    batches: SendableRecordBatchStream,
    rest: Option<RecordBatch>,
}

impl Rows {
    fn of(batches: SendableRecordBatchStream) -> Self {
        Self { batches, rest: None }
    }

    /// How many rows wait; none: it has ended.
    async fn waiting(&mut self) -> Result<usize> {
        loop {
            match &self.rest {
                Some(rest) if rest.num_rows() > 0 => return Ok(rest.num_rows()),
                _ => self.rest = self.batches.try_next().await?,
            }
            if self.rest.is_none() {
                return Ok(0);
            }
        }
    }

    /// The first of the rows that wait.
    fn take(&mut self, rows: usize) -> RecordBatch {
        let none = || RecordBatch::new_empty(self.batches.schema());
        let rest = self.rest.take().unwrap_or_else(none);
        let rows = rows.min(rest.num_rows());
        self.rest = Some(rest.slice(rows, rest.num_rows() - rows));
        rest.slice(0, rows)
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::StringArray;

    use super::*;

    #[test]
    fn rows_that_name_different_records_end_the_query() {
        let side = |ids: [&str; 2], name: &str, values: [&str; 2]| {
            let texts =
                |values: [&str; 2]| -> ArrayRef { Arc::new(StringArray::from(values.to_vec())) };
            let columns = [
                ("source_id", texts(["a", "a"])),
                ("record_id", texts(ids)),
                (name, texts(values)),
            ];
            RecordBatch::try_from_iter(columns).expect("a batch")
        };
        let records = side(["1", "2"], "person_name", ["Ravi", "Sita"]);
        let answers = side(["1", "2"], "lookup", ["found", "not_found"]);
        let fields: Vec<_> = [(0, 1), (1, 2), (0, 2)]
            .iter()
            .map(|(side, at)| [&records, &answers][*side].schema().field(*at).clone())
            .collect();
        let (schema, columns) = (Arc::new(Schema::new(fields)), [(0, 1), (1, 2), (0, 2)]);
        let both = beside(Arc::clone(&schema), &[records.clone(), answers.clone()], &columns);
        let both = both.expect("the same records");
        assert_eq!(both.column(1), answers.column(2));
        assert_eq!(both.column(2), records.column(2));
        let turned = side(["2", "1"], "lookup", ["not_found", "found"]);
        assert!(beside(schema, &[records, turned], &columns).is_err());
    }
}
