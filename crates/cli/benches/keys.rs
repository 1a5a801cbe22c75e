//! What the blocking rules cost and find as registries grow: a pass over the keys alone, nothing compared, from the stages of
//! runs over invented people: `cargo bench -p milaan-cli --bench keys -- PIPELINE RUN…`
//!
//! One thread. Blocking recall is `milaan eval`'s.

#![allow(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use milaan_linkage::candidates::{Compiled, Found, Keep, ListBuilder, Order, Worker, finish};
use milaan_linkage::sql::Sides;
use milaan_manifest::Pipeline;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let [pipeline, runs @ ..] = words.as_slice() else {
        println!("keys: give PIPELINE RUN…; nothing to measure");
        return Ok(());
    };
    let pipeline =
        milaan_manifest::load(Path::new(pipeline)).map_err(|_| "the pipeline has problems")?;
    for run in runs {
        tell(&pipeline, &Path::new(run).join("stages"))?;
    }
    Ok(())
}

fn tell(pipeline: &Pipeline, stages: &Path) -> Result<(), Failure> {
    let registry = stages.join("registry/registry.parquet");
    let rows = reader(&registry)?.metadata().file_metadata().num_rows() as u64;
    let order = Order {
        sides: Sides { registry_rows: rows, id_scheme: pipeline.id_scheme(), same_records: false },
        keep: Keep::Nothing,
        keyring: None,
        carried: Vec::new(),
    };
    let compiled = Arc::new(Compiled::new(&pipeline.model, &pipeline.weights, order)?);
    let mut list = ListBuilder::new(Arc::clone(&compiled));
    for source in pipeline.sources.iter().filter(|one| !one.same_as_registry) {
        let path = stages.join("records").join(format!("{}.parquet", source.id));
        for batch in batches(&path, compiled.list_columns())? {
            list.push(&batch?)?;
        }
    }
    let index = Arc::new(list.finish()?);
    let (mut passes, mut seconds, mut last) = (0, 0.0, None);
    // Over-full blocks are known at the end of the first pass; the second counts what the others give.
    while passes < 2 {
        let mut worker = Worker::new(Arc::clone(&index));
        for batch in batches(&registry, compiled.registry_columns())? {
            let batch = batch?;
            let started = Instant::now();
            worker.probe(&batch)?;
            seconds += started.elapsed().as_secs_f64();
        }
        last = Some(finish(&index, vec![worker.finish()?]));
        index.settle();
        passes += 1;
    }
    let Some(found) = last else { return Ok(()) };
    show(&found, &index.keys_by_rule(), index.memory_bytes(), (rows, index.rows()));
    println!("  {:.0} ns a key", seconds * 1e9 / 2.0 / found.stats().keys_probed as f64);
    Ok(())
}

fn show(found: &Found, keys: &[u64], bytes: usize, (residents, records): (u64, usize)) {
    let stats = found.stats();
    let each = |number: u64| number as f64 / records as f64;
    println!(
        "{residents} residents, {records} records: {:.2} pairs a record, {} keys probed, {} bytes a record",
        each(stats.pairs_compared),
        stats.keys_probed,
        bytes / records.max(1)
    );
    let rules = found.overfull_blocks().into_iter().zip(found.hits_by_rule());
    for (((blocks, hits), first), keys) in rules.zip(&stats.pairs_by_rule).zip(keys) {
        println!(
            "  {:<24} {:>7.3} pairs a record, {:>7.3} first found by it; {:>5.2} keys a record; {} over-full blocks, of {} rows at most",
            blocks.rule,
            each(hits),
            each(*first),
            each(*keys),
            blocks.blocks,
            blocks.rows_max
        );
    }
}

fn reader(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, Failure> {
    let file = File::open(path).map_err(|_| format!("no {}", PathBuf::from(path).display()))?;
    Ok(ParquetRecordBatchReaderBuilder::try_new(file)?)
}

fn batches(path: &Path, columns: &[String]) -> Result<ParquetRecordBatchReader, Failure> {
    let builder = reader(path)?;
    let wanted = builder.schema().fields().iter().enumerate();
    let wanted = wanted.filter(|(_, field)| columns.contains(field.name())).map(|(at, _)| at);
    let mask = ProjectionMask::roots(builder.parquet_schema(), wanted.collect::<Vec<_>>());
    Ok(builder.with_projection(mask).with_batch_size(8192).build()?)
}
