//! `milaan sql`: a query over a run's stages and reports, with all functions.
//!
//! The terminal is a sink with a clearance like any other: a column above it is refused before a row is read. Only reading
//! statements are taken.

use std::path::{Path, PathBuf};

use datafusion::arrow::array::{Array as _, AsArray as _, RecordBatch};
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::arrow::{csv, json};
use datafusion::prelude::SessionContext;
use milaan_model::Sensitivity;

use crate::classes;
use crate::error::Error;
use crate::reconcile;
use crate::session::{self, Resources};

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryFormat {
    /// A table for people.
    Table,
    /// CSV with a header.
    Csv,
    /// A JSON array of objects.
    Json,
}

/// A query.
#[derive(Debug, Clone)]
pub struct QueryOrder {
    /// A run's folder (`out/latest`), or none.
    pub run: Option<PathBuf>,
    /// The SELECT.
    pub sql: String,
    /// How to write the result.
    pub format: QueryFormat,
    /// The highest class the reader may see.
    pub clearance: Sensitivity,
    /// Threads.
    pub threads: usize,
    /// Memory in bytes.
    pub memory_bytes: u64,
}

pub(crate) async fn query(order: &QueryOrder) -> Result<String, Error> {
    let resources =
        Resources { threads: order.threads, memory_bytes: order.memory_bytes, spill: None };
    let ctx = session::open(&resources, None)?;
    if let Some(run) = &order.run {
        register_run(&ctx, run).await?;
        give_tables(&ctx, &run.join("stages")).await?;
    }
    let what = "the query";
    let frame = session::plan(&ctx, what, &order.sql).await?;
    classes::refuse_above(what, frame.logical_plan(), |_| order.clearance)?;
    let schema = frame.schema().as_arrow().clone();
    let mut batches = frame.collect().await.map_err(|error| Error::of_query(what, &error))?;
    if batches.is_empty() {
        batches.push(RecordBatch::new_empty(schema.into()));
    }
    render(&batches, order.format).map_err(|error| Error::of_query(what, &error.into()))
}

/// Gives the session what the run's functions looked up: its words, and the places that its texts mean.
async fn give_tables(ctx: &SessionContext, stages: &Path) -> Result<(), Error> {
    let texts = async |stage: &str, sql: &str| -> Result<Vec<[String; 4]>, Error> {
        if !stages.join(stage).is_dir() {
            return Ok(Vec::new()); // a run of an earlier program
        }
        let mut rows = Vec::new();
        for batch in session::collect(ctx, stage, sql).await? {
            let cell = |column: usize, row: usize| {
                let column = batch.column(column).as_string_opt::<i32>()?;
                column.is_valid(row).then(|| column.value(row).to_owned())
            };
            let of_row = |row| std::array::from_fn(|column| cell(column, row).unwrap_or_default());
            rows.extend((0..batch.num_rows()).map(of_row));
        }
        Ok(rows)
    };
    let words = texts("words", "SELECT kind, meaning, word, '' FROM words ORDER BY number").await?;
    let places = texts(
        "place_map",
        "SELECT DISTINCT level, place_key, above_key, code FROM place_map WHERE code IS NOT NULL\n\
         ORDER BY level, place_key, above_key, code",
    )
    .await?;
    let words =
        words.iter().map(|[kind, meaning, word, _]| [kind, meaning, word].map(String::as_str));
    let tables = session::words_of(words);
    let keys = |above: &str| above.split('/').map(str::to_owned).collect::<Vec<_>>();
    let above: Vec<Vec<String>> = places.iter().map(|[_, _, above, _]| keys(above)).collect();
    let places = places.iter().zip(&above).map(|([level, key, _, code], above)| {
        (level.as_str(), key.as_str(), &above[..], code.as_str())
    });
    session::change_tables(ctx, |_| tables.with_places(places));
    Ok(())
}

/// Registers a run's stages and reports by their names.
pub(crate) async fn register_run(ctx: &SessionContext, run: &Path) -> Result<(), Error> {
    if !run.join("receipt.json").is_file() {
        return Err(Error::Usage {
            message: format!("`{}` is no run's folder: it has no receipt.json", run.display()),
            hint: Some("name a folder under `out/runs`, or `out/latest`".to_owned()),
        });
    }
    let stages = run.join("stages");
    if stages.is_dir() {
        reconcile::register_stages(ctx, &stages).await?;
    }
    let reports = run.join("reports");
    let entries = std::fs::read_dir(&reports).map_err(Error::io("cannot list", &reports))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if let (Some(name), true) = (name, path.extension().is_some_and(|ext| ext == "parquet")) {
            session::register_parquet(ctx, &name, &path).await?;
        }
    }
    Ok(())
}

fn render(
    batches: &[RecordBatch],
    format: QueryFormat,
) -> Result<String, datafusion::arrow::error::ArrowError> {
    match format {
        QueryFormat::Table => Ok(format!("{}\n", pretty_format_batches(batches)?)),
        QueryFormat::Csv => {
            let mut out = Vec::new();
            let mut writer = csv::Writer::new(&mut out);
            for batch in batches {
                writer.write(batch)?;
            }
            drop(writer);
            Ok(String::from_utf8_lossy(&out).into_owned())
        }
        QueryFormat::Json => {
            let mut writer = json::ArrayWriter::new(Vec::new());
            for batch in batches {
                writer.write(batch)?;
            }
            writer.finish()?;
            Ok(format!("{}\n", String::from_utf8_lossy(&writer.into_inner())))
        }
    }
}
