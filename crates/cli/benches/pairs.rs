//! The candidates operator beside its SQL twin and beside strsim called from SQL, on the same Parquet files in one run:
//! `cargo bench -p milaan-cli --bench pairs`
//!
//! A pair is three Jaro–Winkler comparisons of words of ten letters and one of birth dates. Every 250th registry row of a
//! village is one of the list's with a slip. All three give the same number of pairs and the same sum of weights.

#![allow(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::array::{
    ArrayRef, AsArray, Date32Array, Float64Array, Int32Array, RecordBatch, StringArray,
};
use datafusion::arrow::datatypes::{DataType, Int64Type};
use datafusion::logical_expr::{ColumnarValue, Volatility, create_udf};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use milaan_engine::{CandidatesOrder, CandidatesSpec, Engine};
use milaan_kernels::hash::combine;
use milaan_kernels::secret::Keyring;
use milaan_linkage::sql::{NamedQuery, PAIRS, Sides, pair_steps};
use milaan_model::matching::{
    Bands, BlockingKey, BlockingRule, Comparator, Comparison, Level, LevelTest, MatchModel, Weights,
};

type Failure = Box<dyn std::error::Error>;

const LIST: usize = 5_000;
const REGISTRY: usize = 40_000;
const VILLAGES: usize = 20;
const THREADS: usize = 2;
const NAMES: [&str; 3] = ["given", "family", "relative"];
const SYLLABLES: [&str; 16] = [
    "ra", "ma", "lak", "shmi", "ven", "ka", "ta", "na", "su", "bba", "ko", "ti", "dev", "pra",
    "gan", "kri",
];

/// A stream of numbers that is the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = combine(self.0, 1);
        (self.0 >> 33) as usize % end
    }

    fn word(&mut self) -> String {
        (0..4).map(|_| SYLLABLES[self.below(SYLLABLES.len())]).collect()
    }
}

fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let files = ["list.parquet", "registry.parquet"].map(|name| folder.path().join(name));
    write_sides(&files[0], &files[1])?;
    let model = model()?;
    let weights = Weights::guess(&model);
    let spec = CandidatesSpec {
        list: files[0].display().to_string(),
        sources: Vec::new(),
        registry: files[1].display().to_string(),
        model: model.clone(),
        weights: weights.clone(),
        registry_rows: REGISTRY as u64,
        id_scheme: "aadhaar".to_owned(),
        same_records: false,
    };
    let order = CandidatesOrder {
        spec,
        threads: THREADS,
        memory_bytes: 4 << 30,
        keyring: Arc::new(Keyring::new([7; 32])),
        to: folder.path().join("pairs.parquet"),
    };
    let engine = Engine::new(THREADS)?;
    let mut best = f64::INFINITY;
    let (mut compared, written) = (0, folder.path().join("written.parquet"));
    for _ in 0..3 {
        let found = engine.candidates(&order)?;
        std::fs::rename(&order.to, &written)?;
        (best, compared) = (best.min(found.seconds), found.pairs_compared);
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    let answer = runtime.block_on(sum(&[("pairs", &written)], &[], "pairs"))?.0;
    tell("the operator", compared, best, best);
    let sides = Sides { registry_rows: REGISTRY as u64, id_scheme: "aadhaar", same_records: false };
    let steps = pair_steps(&model, &weights, sides);
    let tables = [("list", files[0].as_path()), ("registry", files[1].as_path())];
    for (name, steps) in [("its SQL twin", steps.clone()), ("SQL over strsim", by_strsim(steps))] {
        let (given, seconds) = runtime.block_on(sum(&tables, &steps, PAIRS))?;
        if given != answer {
            return Err(format!("{name} gives {given:?}, the operator {answer:?}").into());
        }
        tell(name, compared, seconds, best);
    }
    Ok(())
}

fn tell(name: &str, pairs: u64, seconds: f64, operator: f64) {
    println!(
        "{name}: {pairs} pairs in {seconds:.2} s, {:.2} million a second, {:.1} times the operator's time",
        pairs as f64 / seconds / 1e6,
        seconds / operator
    );
}

/// The number of pairs, the sum of their weights in 1e-4 bits, and the seconds it took.
async fn sum(
    tables: &[(&str, impl AsRef<Path>)],
    steps: &[NamedQuery],
    view: &str,
) -> Result<((i64, i64), f64), Failure> {
    let config = SessionConfig::new()
        .with_target_partitions(THREADS)
        .set_bool("datafusion.execution.parquet.schema_force_view_types", false)
        .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false);
    let ctx = SessionContext::new_with_config(config);
    milaan_functions::register(&ctx);
    ctx.register_udf(strsim_udf());
    for (name, path) in tables {
        let path = path.as_ref().display().to_string();
        ctx.register_parquet(*name, path, ParquetReadOptions::default()).await?;
    }
    let started = Instant::now();
    for step in steps {
        let frame = ctx.sql(&step.sql).await?;
        ctx.register_table(step.name.as_str(), frame.into_view())?;
    }
    let sql =
        format!("SELECT count(*), sum(CAST(round(match_weight * 10000) AS BIGINT)) FROM {view}");
    let rows = ctx.sql(&sql).await?.collect().await?;
    let number = |at: usize| rows[0].column(at).as_primitive::<Int64Type>().value(0);
    Ok(((number(0), number(1)), started.elapsed().as_secs_f64()))
}

/// The same steps with strsim's Jaro–Winkler, a call a pair.
fn by_strsim(steps: Vec<NamedQuery>) -> Vec<NamedQuery> {
    let other = |step: NamedQuery| NamedQuery {
        sql: step.sql.replace("jaro_winkler(", "strsim_jaro_winkler("),
        ..step
    };
    steps.into_iter().map(other).collect()
}

fn strsim_udf() -> datafusion::logical_expr::ScalarUDF {
    let compare = |args: &[ColumnarValue]| {
        let arrays = ColumnarValue::values_to_arrays(args)?;
        let (a, b) = (arrays[0].as_string::<i32>(), arrays[1].as_string::<i32>());
        let each = a.iter().zip(b.iter()).map(|(a, b)| Some(strsim::jaro_winkler(a?, b?)));
        let values: Float64Array = each.collect();
        Ok(ColumnarValue::Array(Arc::new(values)))
    };
    create_udf(
        "strsim_jaro_winkler",
        vec![DataType::Utf8, DataType::Utf8],
        DataType::Float64,
        Volatility::Immutable,
        Arc::new(compare),
    )
}

fn comparison(
    name: &str,
    comparator: Comparator,
    tests: Vec<LevelTest>,
) -> Result<Comparison, Failure> {
    let levels = tests.into_iter().chain([LevelTest::Else]).enumerate();
    let level = |(at, test)| -> Result<Level, Failure> {
        Ok(Level {
            name: format!("l{at}").parse().map_err(|_| "a level's name")?,
            test,
            identity: false,
            contradicts: false,
        })
    };
    Ok(Comparison {
        name: name.parse().map_err(|_| "a comparison's name")?,
        comparator,
        columns: vec![name.to_owned()],
        levels: levels.map(level).collect::<Result<_, _>>()?,
    })
}

fn model() -> Result<MatchModel, Failure> {
    let mut comparisons = Vec::new();
    for name in NAMES {
        let least = [0.95, 0.88, 0.8].map(LevelTest::AtLeast);
        comparisons.push(comparison(name, Comparator::JaroWinkler, least.into())?);
    }
    let day = vec![LevelTest::Is(vec!["same_day".to_owned()])];
    comparisons.push(comparison("birth_date", Comparator::BirthDate, day)?);
    let village = BlockingRule {
        name: "village".parse().map_err(|_| "a rule's name")?,
        keys: vec![BlockingKey { column: "village".to_owned(), each: false }],
        block_rows_max: REGISTRY as u64,
    };
    Ok(MatchModel {
        id: "bench".parse().map_err(|_| "a model's name")?,
        blocking: vec![village],
        comparisons,
        household_keys: Vec::new(),
        bands: Bands {
            accept_probability: 0.99,
            review_probability: 0.5,
            ambiguous_margin_bits: 3.0,
        },
    })
}

fn write_sides(list: &Path, registry: &Path) -> Result<(), Failure> {
    let mut numbers = Numbers(3);
    let people: Vec<[String; 3]> = (0..LIST).map(|_| NAMES.map(|_| numbers.word())).collect();
    let mut residents: Vec<[String; 3]> =
        (0..REGISTRY).map(|_| NAMES.map(|_| numbers.word())).collect();
    for at in (0..REGISTRY).step_by(250) {
        residents[at].clone_from(&people[at % LIST]);
        residents[at][numbers.below(3)].pop();
    }
    write_side(list, "record_id", &people, &mut numbers)?;
    write_side(registry, "resident_ref", &residents, &mut numbers)
}

fn write_side(
    path: &Path,
    id: &str,
    people: &[[String; 3]],
    numbers: &mut Numbers,
) -> Result<(), Failure> {
    let rows = people.len();
    let text = |of: &dyn Fn(usize) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values((0..rows).map(of)))
    };
    let days: Vec<i32> = (0..rows).map(|_| numbers.below(9_000) as i32).collect();
    let mut columns: Vec<(&str, ArrayRef)> = vec![(id, text(&|at| format!("{id}{at}")))];
    for (at, name) in NAMES.iter().enumerate() {
        columns.push((name, text(&|row| people[row][at].clone())));
    }
    columns.push(("birth_date_precision", text(&|_| "day".to_owned())));
    columns.push(("birth_date_year", Arc::new(Int32Array::from(vec![1980; rows]))));
    columns.push(("birth_date", Arc::new(Date32Array::from(days))));
    columns.push(("birth_date_latest", Arc::new(Date32Array::new_null(rows))));
    columns.push(("village", text(&|row| (row % VILLAGES).to_string())));
    let batch = RecordBatch::try_from_iter(columns)?;
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(8_192)).build();
    let mut writer = ArrowWriter::try_new(File::create(path)?, batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}
