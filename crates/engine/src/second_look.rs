//! The second look at the pairs of a run (`milaan_linkage::second`): gives it what it reads of both sides. The list is read once
//! more for what its rows have, the registry for how many rows have a value; what the residents in pairs have was carried along
//! when the pairs were found. No join: pairs know their records and residents by number.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use datafusion::arrow::array::{ArrayRef, AsArray as _, RecordBatch, UInt32Array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::common::{DFSchema, TableReference};
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::physical_plan::{ExecutionPlanProperties as _, PhysicalExpr};
use datafusion::prelude::SessionContext;
use milaan_linkage::candidates::{ByRecord, Error as Linking, Pairs};
use milaan_linkage::households::Households;
use milaan_linkage::second::{self, Counting, Decided, Fitted, Pins, Scope, SecondLook, Seen};
use milaan_model::matching::{MatchModel, Weights};

use crate::candidates::{beside, hold, scan_in_parts};
use crate::error::Error;
use crate::session;

/// What the second look reads.
#[derive(Debug)]
pub(crate) struct Wanted {
    counting: Arc<Counting>,
    /// Columns of both sides.
    columns: Vec<String>,
    household_keys: Vec<String>,
    /// What else is asked of two sides, by the name that the second look knows it under.
    ways: Vec<(String, String)>,
}

impl Wanted {
    /// By a model and the registry there is: the view `registry`.
    pub(crate) async fn of(ctx: &SessionContext, model: &MatchModel) -> Result<Self, Error> {
        let registry = session::plan(ctx, "second look", "SELECT * FROM registry LIMIT 0").await?;
        let registry = Arc::new(registry.schema().as_arrow().clone());
        let is = |name: &str, fits: fn(&DataType) -> bool| {
            registry.field_with_name(name).is_ok_and(|field| fits(field.data_type()))
        };
        let text = |kind: &DataType| {
            matches!(kind, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8)
        };
        let counting = Counting::of(model, &|name| is(name, text));
        let own = second::wants_own_names(model);
        let keys = ["person_name_keys", "relative_name_keys"].map(str::to_owned);
        let keys = keys
            .into_iter()
            .filter(|name| own && is(name, |kind| matches!(kind, DataType::List(_))));
        let keys = keys.chain((own && is("person_name", text)).then(|| "person_name".to_owned()));
        let ways = counting.ways.iter().flatten().flat_map(|one| one.columns.iter().cloned());
        let came_about = second::expressions(model, &|name| is(name, |_| true));
        let asked = came_about.iter().flat_map(|(_, _, columns)| columns.iter().cloned());
        let mut columns: Vec<String> = Vec::new();
        for column in keys.chain(ways).chain(asked) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let ways = came_about.into_iter().map(|(name, sql, _)| (name, sql)).collect();
        let counting = Arc::new(counting);
        Ok(Self { counting, columns, household_keys: model.household_keys.clone(), ways })
    }

    /// The columns of residents in pairs: those of [`Pairs::residents`].
    pub(crate) fn carried(&self) -> Vec<String> {
        with(&self.columns, "household_ref")
    }

    /// The expressions over a pair's two sides, `l` and `r`, by the name that the second look knows them under.
    fn expressions(
        &self,
        ctx: &SessionContext,
        sides: &[(&str, SchemaRef)],
    ) -> Result<Vec<Expression>, DataFusionError> {
        let mut fields: Vec<(Option<TableReference>, Arc<Field>)> = Vec::new();
        for (side, schema) in sides {
            let of_side = schema.fields().iter();
            fields.extend(of_side.map(|field| (Some((*side).into()), Arc::clone(field))));
        }
        let schema = DFSchema::new_with_metadata(fields, HashMap::new())?;
        let mut wanted = Vec::new();
        for (at, ways) in self.counting.ways.iter().enumerate() {
            let each = ways.iter().enumerate();
            wanted.extend(each.map(|(way, one)| (format!("agree{at}_{way}"), one.agree.clone())));
        }
        wanted.extend(
            self.ways.iter().map(|(name, sql)| (name.clone(), format!("CAST({sql} AS BIGINT)"))),
        );
        let context = SimplifyContext::builder().with_schema(Arc::new(schema.clone())).build();
        let simplifier = ExprSimplifier::new(context);
        let expression = |(name, sql): (String, String)| {
            let expression = ctx.parse_sql_expr(&sql, &schema)?;
            let expression = simplifier.simplify(simplifier.coerce(expression, &schema)?)?;
            Ok((name, ctx.create_physical_expr(expression, &schema)?))
        };
        wanted.into_iter().map(expression).collect()
    }
}

type Expression = (String, Arc<dyn PhysicalExpr>);

fn with(columns: &[String], further: &str) -> Vec<String> {
    let missing = (!columns.iter().any(|one| one == further)).then(|| further.to_owned());
    columns.iter().cloned().chain(missing).collect()
}

fn with_all(columns: &[String], further: &[String]) -> Vec<String> {
    further.iter().fold(columns.to_vec(), |columns, one| with(&columns, one))
}

/// The pairs seen, fitted, and the households that the list's keys name.
#[derive(Debug)]
pub(crate) struct Looked {
    pub(crate) look: SecondLook,
    pub(crate) fitted: Fitted,
    pub(crate) households: Households,
    pub(crate) by_record: Arc<ByRecord>,
    /// Holds all this and the pairs in the session's pool.
    _memory: MemoryReservation,
}

/// Looks at the pairs of the views `list` and `registry`, with what reviewers decided of some, whose residents carry what
/// [`Wanted::carried`] says; of that they keep the household.
pub(crate) async fn look(
    ctx: &SessionContext,
    (model, weights): (&MatchModel, &Weights),
    scope: Scope,
    (wanted, pairs, decided): (&Wanted, Pairs, &[Decided]),
    memory: MemoryReservation,
) -> Result<(Arc<Pairs>, Looked), Error> {
    hold(&memory, SecondLook::bytes_at_most(model, pairs.rows()))?;
    let look = SecondLook::new((model, weights), scope, &wanted.counting, pairs.rows());
    let look = look.map_err(Error::Linking)?;
    let look = Arc::new(RwLock::new((look, Households::new(&wanted.household_keys))));
    let columns = with_all(&with(&wanted.columns, "record_id"), &wanted.household_keys);
    let list = scan_in_parts(ctx, "list", &columns).await?;
    let sides = [("l", list.schema()), ("r", pairs.residents().schema())];
    // Where nobody meets anybody, residents have no columns to ask.
    let expressions = match pairs.rows() {
        0 => Ok(Vec::new()),
        _ => wanted.expressions(ctx, &sides),
    };
    let expressions = expressions.map_err(|error| Error::of_query("second look", &error))?;
    let by_record = Arc::new(pairs.by_record());
    let pairs = Arc::new(pairs);
    let eye = Eye { pairs: Arc::clone(&pairs), by_record: Arc::clone(&by_record), expressions };
    let (eye, seen) = (Arc::new(eye), Arc::clone(&look));
    let see = move |(): &mut (), batch: &RecordBatch| -> Result<(), Linking> {
        let of_batch = eye.see(&seen.read().unwrap_or_else(PoisonError::into_inner).0, batch)?;
        let mut taken = seen.write().unwrap_or_else(PoisonError::into_inner);
        taken.0.take(of_batch);
        taken.1.want(batch)
    };
    beside(ctx, &list, || (), see).await?;
    let lost = || Error::Counts("second look: somebody still looks".to_owned());
    let look = Arc::into_inner(look).ok_or_else(lost)?;
    let (mut look, mut households) = look.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut pairs = Arc::into_inner(pairs).ok_or_else(lost)?;
    memory.shrink(pairs.carry_only("household_ref"));
    count(ctx, wanted, (&mut look, &mut households), &memory).await?;
    let pins = Pins::of(&pairs, &by_record, decided, scope.same_records);
    let fitted = look.fit(&pairs, pins);
    let looked = Looked { look, fitted, households, by_record, _memory: memory };
    Ok((Arc::new(pairs), looked))
}

/// Counts the registry's rows by value, and finds the households of the list's keys.
async fn count(
    ctx: &SessionContext,
    wanted: &Wanted,
    (look, households): (&mut SecondLook, &mut Households),
    memory: &MemoryReservation,
) -> Result<(), Error> {
    let columns = wanted.counting.ways.iter().flatten().flat_map(|one| one.columns.iter().cloned());
    let columns = with_all(&columns.collect::<Vec<_>>(), &wanted.household_keys);
    let mut columns = with_all(&[], &columns);
    if !wanted.household_keys.is_empty() {
        columns = with(&columns, "household_ref");
    }
    if columns.is_empty() {
        return Ok(());
    }
    let registry = scan_in_parts(ctx, "registry", &columns).await?;
    hold(memory, look.values_bytes(registry.output_partitioning().partition_count()))?;
    let worker = || (look.counter(), households.seeker());
    let workers = beside(ctx, &registry, worker, |(counter, seeker), batch| {
        counter.count(batch)?;
        seeker.seek(batch)
    })
    .await?;
    for (counter, seeker) in workers {
        look.add(&counter);
        households.add(seeker);
    }
    Ok(())
}

/// What list rows are looked at with.
struct Eye {
    pairs: Arc<Pairs>,
    by_record: Arc<ByRecord>,
    expressions: Vec<Expression>,
}

impl Eye {
    /// The pairs of list rows.
    fn see(&self, look: &SecondLook, list: &RecordBatch) -> Result<Seen, Linking> {
        let built = |error: ArrowError| Linking::Build(error.to_string());
        let (rows, numbers) = self.rows(list)?;
        if numbers.is_empty() {
            return Ok(Seen::default());
        }
        let residents = numbers.iter().map(|pair| self.pairs.places(*pair as usize).1 as u32);
        let sides = [
            ("l", list, UInt32Array::from(rows)),
            ("r", self.pairs.residents(), UInt32Array::from_iter_values(residents)),
        ];
        let mut columns: Vec<(String, ArrayRef, bool)> = Vec::new();
        for (side, batch, rows) in &sides {
            for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
                let taken = take(column, rows, None).map_err(built)?;
                columns.push((format!("{side}.{}", field.name()), taken, true));
            }
        }
        let both = RecordBatch::try_from_iter_with_nullable(columns.iter().cloned());
        let both = both.map_err(built)?;
        for (name, expression) in &self.expressions {
            let value =
                expression.evaluate(&both).and_then(|value| value.into_array(numbers.len()));
            // Its words may quote data.
            let value =
                value.map_err(|_| Linking::Build(format!("`{name}` of the second look")))?;
            columns.push((name.clone(), value, true));
        }
        let both = RecordBatch::try_from_iter_with_nullable(columns).map_err(built)?;
        look.see(&both, &self.pairs, &numbers)
    }

    /// The list rows that are in pairs, once a pair, and the pairs.
    fn rows(&self, list: &RecordBatch) -> Result<(Vec<u32>, Vec<u32>), Linking> {
        let ids = list.column_by_name("record_id").and_then(|ids| ids.as_string_opt::<i32>());
        let missing = || Linking::ColumnMissing { side: "list", column: "record_id".to_owned() };
        let (mut rows, mut numbers) = (Vec::new(), Vec::new());
        for (row, id) in ids.ok_or_else(missing)?.iter().enumerate() {
            let Some(place) = id.and_then(|id| self.by_record.place(id)) else { continue };
            let of_record = self.by_record.pairs(place);
            rows.extend(of_record.clone().map(|_| row as u32));
            numbers.extend(of_record);
        }
        Ok((rows, numbers))
    }
}
