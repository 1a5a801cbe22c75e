//! The link stage, alone, from the stages of a run over invented people:
//! `cargo bench -p milaan-cli --bench operator -- PIPELINE RUN [THREADS MEMORY_MB]…`
//!
//! Each pair of threads and memory is one execution; the pairs and answers written must be the same bytes every time, and the
//! pairs those that the run wrote. With the word `candidates` before the numbers it is the operator alone.

#![allow(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::path::Path;
use std::sync::Arc;

use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use milaan_engine::{CandidatesOrder, CandidatesSpec, Engine};
use milaan_kernels::secret::Keyring;

/// The key of invented people, as the engine has it.
const DEVELOPMENT_KEY: [u8; 32] = *b"milaan development key: no guard";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let [pipeline, run, rest @ ..] = words.as_slice() else {
        println!("operator: give PIPELINE RUN [THREADS MEMORY_MB]…; nothing to measure");
        return Ok(());
    };
    let (alone, rest) = match rest {
        [first, rest @ ..] if first == "candidates" => (true, rest),
        _ => (false, rest),
    };
    let numbers: Vec<usize> = rest.iter().map(|one| one.parse()).collect::<Result<_, _>>()?;
    let settings = if numbers.is_empty() { vec![2, 4096] } else { numbers };
    let spec = spec(Path::new(pipeline), Path::new(run))?;
    let mut before = None;
    for setting in settings.chunks(2) {
        let to = tempfile::tempdir()?;
        let (threads, megabytes) = (setting[0], setting.get(1).copied().unwrap_or(4096));
        let order = CandidatesOrder {
            spec: spec.clone(),
            threads,
            memory_bytes: (megabytes as u64) << 20,
            keyring: Arc::new(Keyring::new(DEVELOPMENT_KEY)),
            to: if alone { to.path().join("pairs.parquet") } else { to.path().to_owned() },
        };
        println!("{threads} threads, {megabytes} MB:");
        let before_cpu = cpu_seconds();
        let written = if alone { candidates(&order)? } else { link(&order)? };
        println!("  {:.2} CPU s, peak {} MB", cpu_seconds() - before_cpu, peak_megabytes());
        if before.as_ref().is_some_and(|before| *before != written) {
            return Err("other bytes than before".into());
        }
        before = Some(written);
    }
    let pairs = Path::new(run).join("stages/pairs/departments.parquet");
    if !alone
        && before.is_some_and(|written| std::fs::read(&pairs).ok().as_ref() != written.first())
    {
        println!("the run wrote other pairs");
    }
    Ok(())
}

fn candidates(order: &CandidatesOrder) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let outcome = Engine::new(order.threads)?.candidates(order)?;
    println!(
        "  {:.3} s, {} passes, {} keys, {} pairs compared, {} written",
        outcome.seconds, outcome.passes, outcome.keys_probed, outcome.pairs_compared, outcome.pairs
    );
    println!("  compared by rule: {:?}", outcome.compared_by_rule);
    Ok(vec![std::fs::read(&order.to)?])
}

fn link(order: &CandidatesOrder) -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error>> {
    let outcome = Engine::new(order.threads)?.link(order)?;
    println!(
        "  {:.3} s, the operator {:.3} s, {} pairs compared, {} written, {} answers",
        outcome.seconds, outcome.pairs_s, outcome.pairs_compared, outcome.pairs, outcome.answers
    );
    let stage = |name: &str| std::fs::read(order.to.join(name).join("departments.parquet"));
    Ok(vec![stage("pairs")?, stage("answers")?])
}

/// User and system time of this process, in seconds; 0 where the system does not tell.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = after_name.split(' ').skip(11).take(2).filter_map(|one| one.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}

fn spec(pipeline: &Path, run: &Path) -> Result<CandidatesSpec, Box<dyn std::error::Error>> {
    let pipeline = milaan_manifest::load(pipeline).map_err(|_| "the pipeline has problems")?;
    let stages = run.canonicalize()?.join("stages");
    let file = std::fs::File::open(stages.join("registry/registry.parquet"))?;
    let rows =
        ParquetRecordBatchReaderBuilder::try_new(file)?.metadata().file_metadata().num_rows();
    Ok(CandidatesSpec {
        list: stages.join("records").display().to_string(),
        sources: pipeline
            .sources
            .iter()
            .filter(|one| !one.same_as_registry)
            .map(|one| one.id.to_string())
            .collect(),
        registry: stages.join("registry").display().to_string(),
        registry_rows: rows as u64,
        id_scheme: pipeline.id_scheme().to_owned(),
        same_records: false,
        model: pipeline.model,
        weights: pipeline.weights,
    })
}
