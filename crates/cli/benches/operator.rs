//! The link stage's candidates, alone, from the stages of a run over invented people:
//! `cargo bench -p milaan-cli -- PIPELINE RUN [THREADS MEMORY_MB]…`
//!
//! Each pair of threads and memory is one execution; the pairs written must be the same bytes every time.

#![allow(clippy::print_stdout, reason = "a benchmark tells its figures")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

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
    let numbers: Vec<usize> = rest.iter().map(|one| one.parse()).collect::<Result<_, _>>()?;
    let settings = if numbers.is_empty() { vec![2, 4096] } else { numbers };
    let spec = spec(Path::new(pipeline), Path::new(run))?;
    let to: PathBuf = std::env::temp_dir().join(format!("pairs-{}.parquet", std::process::id()));
    let mut before = None;
    for setting in settings.chunks(2) {
        let (threads, megabytes) = (setting[0], setting.get(1).copied().unwrap_or(4096));
        let order = CandidatesOrder {
            spec: spec.clone(),
            threads,
            memory_bytes: (megabytes as u64) << 20,
            keyring: Arc::new(Keyring::new(DEVELOPMENT_KEY)),
            to: to.clone(),
        };
        let outcome = Engine::new(threads)?.candidates(&order)?;
        let bytes = std::fs::read(&to)?;
        std::fs::remove_file(&to)?;
        println!(
            "{threads} threads, {megabytes} MB: {:.3} s, {} keys, {} pairs compared, {} written, {} bytes",
            outcome.seconds,
            outcome.keys_probed,
            outcome.pairs_compared,
            outcome.pairs,
            bytes.len()
        );
        println!("compared by rule: {:?}", outcome.compared_by_rule);
        println!("{} passes", outcome.passes);
        if before.as_ref().is_some_and(|before| *before != bytes) {
            return Err("other bytes than before".into());
        }
        before = Some(bytes);
    }
    Ok(())
}

fn spec(pipeline: &Path, run: &Path) -> Result<CandidatesSpec, Box<dyn std::error::Error>> {
    let pipeline = milaan_manifest::load(pipeline).map_err(|_| "the pipeline has problems")?;
    let stages = run.canonicalize()?.join("stages");
    let receipt: serde_json::Value =
        serde_json::from_slice(&std::fs::read(run.join("receipt.json"))?)?;
    let registry = receipt["stages"][0]["rows_out"].as_u64().unwrap_or_default();
    Ok(CandidatesSpec {
        list: stages.join("records").display().to_string(),
        sources: pipeline
            .sources
            .iter()
            .filter(|one| !one.same_as_registry)
            .map(|one| one.id.to_string())
            .collect(),
        registry: stages.join("registry").display().to_string(),
        registry_rows: registry,
        id_scheme: pipeline.id_scheme().to_owned(),
        same_records: false,
        model: pipeline.model,
        weights: pipeline.weights,
    })
}
