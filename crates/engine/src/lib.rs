//! Runs a pipeline on DataFusion, in this process: land, standardise, link, reconcile, publish.
//!
//! Whoever embeds it holds an [`Engine`], a checked pipeline and an [`Observer`]; nothing here prints, reads the environment
//! or knows today's date. Stages hand typed [`dataset::Dataset`]s to one another, each a folder of Parquet that the next
//! stage scans.
//!
//! Invariants: `latest` moves only when every stage, limit, check and the leak scan agree; rows are counted twice on every
//! stage; no error or receipt holds a personal value.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use milaan_engine::{Engine, KeySource, RunOrder, Silent};
//! let pipeline = milaan_manifest::load("pipelines/people-hub".as_ref()).map_err(|_| "problems")?;
//! let order = RunOrder {
//!     data: "sample-data/people-hub".into(),
//!     out: "out".into(),
//!     as_of: None,
//!     sources: vec![],
//!     full: false,
//!     threads: 2,
//!     memory_bytes: 4 << 30,
//!     key: KeySource::Installation,
//!     now: chrono::Utc::now(),
//! };
//! let outcome = Engine::new(2)?.run(&pipeline, &order, &Silent)?;
//! assert!(outcome.problems.is_empty());
//! # Ok(())
//! # }
//! ```

mod blocks;
mod candidates;
mod check;
mod check_pairs;
mod classes;
pub mod dataset;
mod diff;
mod disk;
mod dumps;
mod error;
mod eval;
mod expect;
mod explain;
mod hashes;
mod jobs;
mod keys;
mod land;
mod lineage;
mod link;
mod looked_up;
mod memory;
mod observer;
mod process;
mod query;
pub mod receipt;
mod reconcile;
mod returned;
mod review;
mod rows;
mod run;
mod second_look;
mod session;
mod shared_ids;
mod stage_file;
mod standardise;
mod state;
mod sync;
mod tables;
mod train;
mod train_lessons;
mod train_second;
mod truth_file;
mod weights_file;
mod written;

use std::path::Path;

use milaan_manifest::Pipeline;

pub use crate::candidates::{CandidatesOrder, CandidatesOutcome, CandidatesSpec, LinkOutcome};
pub use check::{CheckOutcome, Checked};
pub use check_pairs::{PairsEstimate, RulePairs};
pub use diff::CaseChanges;
pub use error::{Error, ErrorKind};
pub use eval::{
    BestThreshold, BlockingRecall, CaseRates, Evaluation, Misses, PlantedCase, Rates, Reliability,
    ReliabilityBin, RuleRecall, Share,
};
pub use explain::{Candidate, Explanation, Step};
pub use keys::{INVENTED_MARK, KeySource};
pub use observer::{Observer, Silent};
pub use query::{QueryFormat, QueryOrder};
pub use review::{
    BandEstimate, DecisionsReceipt, ExportOrder, Exported, FalseMatches, ImportOrder, Imported,
};
pub use run::{RunOrder, RunOutcome};
pub use train::Training;

/// The engine: its threads. Calls block until they are done.
#[derive(Debug)]
pub struct Engine {
    runtime: tokio::runtime::Runtime,
}

impl Engine {
    /// An engine with so many worker threads.
    pub fn new(threads: usize) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(threads.max(1))
            .enable_all()
            .build()
            .map_err(|source| Error::Io {
                action: "cannot start threads for",
                path: "the engine".into(),
                source,
            })?;
        Ok(Self { runtime })
    }

    /// Runs a pipeline. `Err`: nothing was published. `Ok` with problems: published under `runs/`, marked failed, `latest`
    /// not moved.
    pub fn run(
        &self,
        pipeline: &Pipeline,
        order: &RunOrder,
        observer: &dyn Observer,
    ) -> Result<RunOutcome, Error> {
        self.runtime.block_on(run::run(pipeline, order, observer))
    }

    /// Estimates a pipeline's weights from its dumps, and from the decisions of reviewers in the state of the runs' folder
    /// `reviewed`, if there are any. `order.out` has to be a temporary folder: what is written there is of no use
    /// afterwards.
    pub fn train(
        &self,
        pipeline: &Pipeline,
        order: &RunOrder,
        reviewed: Option<&Path>,
        observer: &dyn Observer,
    ) -> Result<Training, Error> {
        self.runtime.block_on(train::train(pipeline, order, reviewed, observer))
    }

    /// The text of a weights file.
    pub fn weights_file(pipeline: &Pipeline, training: &Training) -> String {
        weights_file::weights_file(&pipeline.model, &training.weights)
    }

    /// Holds every dump's first rows to its source file, every report's query to its views, and the pairs that the blocking rules
    /// make of the rows of `last_run` to the pipeline's limit; changes nothing.
    pub fn check(
        &self,
        pipeline: &Pipeline,
        data: &Path,
        last_run: &Path,
    ) -> Result<CheckOutcome, Error> {
        self.runtime.block_on(check::check(pipeline, data, last_run))
    }

    /// Runs SQL over a run's stages and reports; without a run, over nothing but the functions.
    pub fn query(&self, order: &QueryOrder) -> Result<String, Error> {
        self.runtime.block_on(query::query(order))
    }

    /// What became of the cases from one run to a later one, by report.
    pub fn diff(
        &self,
        earlier: &Path,
        later: &Path,
    ) -> Result<std::collections::BTreeMap<String, CaseChanges>, Error> {
        self.runtime.block_on(diff::diff(earlier, later))
    }

    /// Writes a run's pairs for clerks to decide: masked, without weight or band.
    pub fn review_export(
        &self,
        pipeline: &Pipeline,
        order: &ExportOrder,
    ) -> Result<Exported, Error> {
        self.runtime.block_on(review::export(pipeline, order))
    }

    /// Takes what clerks decided; the next run holds to it. A file with anything wrong in it is not taken.
    pub fn review_import(
        &self,
        pipeline: &Pipeline,
        order: &ImportOrder,
    ) -> Result<Imported, Error> {
        self.runtime.block_on(review::import(pipeline, order))
    }

    /// Judges a run by the truth, with so many threads and so many bytes of memory for the query engine.
    pub fn eval(
        &self,
        run: &Path,
        truth: &Path,
        resources: (usize, u64),
    ) -> Result<Evaluation, Error> {
        self.runtime.block_on(eval::eval(run, truth, resources))
    }

    /// Why a record got its answer, from a run's stages.
    pub fn explain(&self, run: &Path, record: &str) -> Result<Explanation, Error> {
        self.runtime.block_on(explain::explain(run, record))
    }

    /// The candidates of one list beside one registry, outside a run: the link stage's first half, to be measured.
    pub fn candidates(&self, order: &CandidatesOrder) -> Result<CandidatesOutcome, Error> {
        self.runtime.block_on(candidates::find(order))
    }

    /// Links departments' lists outside a run, from standardised Parquet to answers: the whole link stage, to be measured.
    /// `order.to` is a folder.
    pub fn link(&self, order: &CandidatesOrder) -> Result<LinkOutcome, Error> {
        self.runtime.block_on(candidates::link(order))
    }

    /// The plan that finds them with what it measured, as `EXPLAIN ANALYZE` shows it.
    pub fn candidates_plan(&self, order: &CandidatesOrder) -> Result<String, Error> {
        self.runtime.block_on(candidates::explain_analyze(order))
    }

    /// The named SQL steps of a pipeline, in order: (name, SQL).
    pub fn plan(pipeline: &Pipeline) -> Vec<(String, String)> {
        explain::plan(pipeline)
    }
}
