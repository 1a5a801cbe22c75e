//! A run: the stages in order, what they leave, and the verdict.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, Utc};
use datafusion::prelude::SessionContext;
use milaan_kernels::secret::Keyring;
use milaan_manifest::{Pipeline, Source};
use milaan_publish::{Publication, ReportReceipt, Verdict};

use crate::disk;
use crate::error::{Error, ErrorKind};
use crate::hashes::{hash_files, snapshot};
use crate::keys::{self, Key, KeySource};
use crate::land::{self, LandedSource};
use crate::lineage::Lineage;
use crate::link;
use crate::observer::Observer;
use crate::process;
use crate::receipt::{
    CandidatesReceipt, CheckReceipt, ModelReceipt, OverfullBlocks, Receipt, SourceReceipt,
    StageReceipt,
};
use crate::reconcile;
use crate::returned;
use crate::review;
use crate::review::standing::Standing;
use crate::session::{self, Resources};
use crate::standardise;
use crate::state::State;

/// What a caller wants run.
#[derive(Debug, Clone)]
pub struct RunOrder {
    /// Where the dumps lie.
    pub data: PathBuf,
    /// Where runs and state are kept.
    pub out: PathBuf,
    /// Date of reference (ISO); `None`: the newest a source or dump states.
    pub as_of: Option<String>,
    /// Only these departments; empty: all.
    pub sources: Vec<String>,
    /// Works everything out again, whatever the last run kept.
    pub full: bool,
    /// Threads of the query engine.
    pub threads: usize,
    /// Memory of the query engine, in bytes.
    pub memory_bytes: u64,
    /// Where the key comes from.
    pub key: KeySource,
    /// The caller's clock.
    pub now: DateTime<Utc>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct RunOutcome {
    /// The receipt under `runs/`.
    pub receipt: PathBuf,
    /// Why the run is marked failed; empty: it is done and `latest` points at it.
    pub problems: Vec<String>,
    /// What stopped it, if it did not come to its end.
    pub stopped_by: Option<std::sync::Arc<Error>>,
}

/// A run under way.
pub(crate) struct Run<'a> {
    pub(crate) order: &'a RunOrder,
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) observer: &'a dyn Observer,
    pub(crate) id: String,
    pub(crate) as_of: String,
    pub(crate) registry_snapshot: String,
    pub(crate) state: State,
    pub(crate) ctx: SessionContext,
    pub(crate) left_out: Vec<SourceReceipt>,
    pub(crate) standing: Standing,
    pub(crate) problems: Vec<String>,
    pub(crate) candidates: Vec<CandidatesReceipt>,
    pub(crate) overfull_blocks: Vec<OverfullBlocks>,
    pub(crate) checks: Vec<CheckReceipt>,
    pub(crate) reports: Vec<ReportReceipt>,
    publication: Option<Publication>,
    notices: Vec<String>,
    stages: Vec<StageReceipt>,
    disk_estimate_bytes: u64,
    inputs: Vec<SourceReceipt>,
    key: Key,
}

/// Runs a pipeline. `Err`: nothing was published. `Ok` with problems: published under `runs/`, marked, `latest` not moved.
pub(crate) async fn run(
    pipeline: &Pipeline,
    order: &RunOrder,
    observer: &dyn Observer,
) -> Result<RunOutcome, Error> {
    check_sources(pipeline, order)?;
    land::check_data_folder(&order.data)?;
    // A query that cannot run is better known now than when the night's linking is done.
    let queries = crate::check::check_queries(pipeline).await?;
    if !queries.is_empty() {
        return Err(Error::Pipeline(queries));
    }
    let mut run = Run::open(pipeline, order, observer)?;
    run.disk_estimate_bytes = disk::check(&mut run)?;
    let stopped_by = match run.stages().await {
        Ok(()) => None,
        Err(error) if error.kind() == ErrorKind::Data => Some(error),
        Err(error) => {
            run.state.discard(&run.id);
            return Err(error);
        }
    };
    run.close(stopped_by)
}

fn check_sources(pipeline: &Pipeline, order: &RunOrder) -> Result<(), Error> {
    let ids = || pipeline.sources.iter().map(|source| source.id.as_str());
    for wanted in &order.sources {
        if !ids().any(|id| id == wanted) {
            return Err(Error::Usage {
                message: format!("pipeline `{}` has no source `{wanted}`", pipeline.id),
                hint: Some(format!("its sources are {}", ids().collect::<Vec<_>>().join(", "))),
            });
        }
    }
    Ok(())
}

impl<'a> Run<'a> {
    pub(crate) fn open(
        pipeline: &'a Pipeline,
        order: &'a RunOrder,
        observer: &'a dyn Observer,
    ) -> Result<Self, Error> {
        let owner = format!(
            "process {}, since {}",
            std::process::id(),
            order.now.format("%Y-%m-%d %H:%M:%S UTC")
        );
        let mut state = State::open(&order.out, pipeline.id.as_str(), &owner)?;
        let key = keys::find(&order.key, state.folder(), &order.data)?;
        state.check_key(key.keyring.key_id(), key.is_development)?;
        let id = free_run_id(
            &order.out,
            &format!("{}-{}", pipeline.id, order.now.format("%Y%m%dT%H%M%SZ")),
        );
        let resources = Resources {
            threads: order.threads,
            memory_bytes: order.memory_bytes,
            spill: Some(state.spill()),
        };
        let ctx = session::open(&resources, Some(std::sync::Arc::clone(&key.keyring)))?;
        session::change_tables(&ctx, |_| session::words(pipeline));
        let publication = Publication::begin(&order.out, &id)?;
        let mut run = Self {
            order,
            pipeline,
            observer,
            id,
            as_of: String::new(),
            registry_snapshot: String::new(),
            state,
            ctx,
            left_out: Vec::new(),
            standing: Standing::default(),
            problems: Vec::new(),
            candidates: Vec::new(),
            overfull_blocks: Vec::new(),
            checks: Vec::new(),
            reports: Vec::new(),
            publication: Some(publication),
            notices: Vec::new(),
            stages: Vec::new(),
            disk_estimate_bytes: 0,
            inputs: Vec::new(),
            key,
        };
        run.say_which_key();
        run.as_of = run.date_of_reference()?;
        Ok(run)
    }

    fn say_which_key(&mut self) {
        if self.key.is_development {
            self.notice(
                "DEVELOPMENT KEY: the tokens of this run protect nobody; it serves invented people alone"
                    .to_owned(),
            );
        }
        if self.key.is_new {
            self.notice(format!(
                "a new key was written to `{}`; keep a copy in a safe place: tokens and cases depend on it",
                self.state.folder().join(keys::KEY_FILE).display()
            ));
        }
    }

    fn date_of_reference(&self) -> Result<String, Error> {
        if let Some(as_of) = &self.order.as_of {
            return Ok(as_of.clone());
        }
        let sources = self.sources();
        let mut files = Vec::new();
        for source in &sources {
            match crate::dumps::find(&self.order.data, source) {
                Ok(found) => files.extend(found),
                // Landing tells of it, with those of the other sources.
                Err(Error::Dumps(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let stated = sources.iter().filter_map(|source| source.as_of.clone());
        // Without any dump the run fails while landing, with a better message than a date could give.
        Ok(crate::dumps::as_of(stated, &files)
            .unwrap_or_else(|| self.order.now.date_naive().to_string()))
    }

    /// The keys of this installation.
    pub(crate) fn keyring(&self) -> std::sync::Arc<Keyring> {
        std::sync::Arc::clone(&self.key.keyring)
    }

    /// The registry and the departments of this run.
    pub(crate) fn sources(&self) -> Vec<Source> {
        let wanted = |source: &&Source| {
            self.order.sources.is_empty()
                || self.order.sources.iter().any(|id| id == source.id.as_str())
        };
        std::iter::once(&self.pipeline.registry)
            .chain(self.pipeline.sources.iter().filter(wanted))
            .cloned()
            .collect()
    }

    /// Whether a source's records are in this run.
    pub(crate) fn takes_part(&self, source: &Source) -> bool {
        let left_out = self.left_out.iter().any(|receipt| receipt.source_id == source.id.as_str());
        !left_out && self.sources().iter().any(|one| one.id == source.id)
    }

    /// The folder of this run's stages.
    pub(crate) fn stages_folder(&self) -> PathBuf {
        self.publication
            .as_ref()
            .map(|publication| publication.stages_folder().to_owned())
            .unwrap_or_default()
    }

    pub(crate) fn publication(&self) -> Result<&Publication, Error> {
        self.publication
            .as_ref()
            .ok_or_else(|| Error::Counts("the publication is closed".to_owned()))
    }

    /// Says something people must know, now and in the receipt.
    pub(crate) fn notice(&mut self, text: String) {
        self.observer.notice(&text);
        self.notices.push(text);
    }

    async fn stages(&mut self) -> Result<(), Error> {
        let departments = self.sources().len() as u64;
        let clock = self.begin("land", Some(departments));
        let (landed, mut sources) = land::land(self).await?;
        self.registry_snapshot = snapshot(self.pipeline, &sources);
        let rows_read =
            sources.iter().flat_map(|one| &one.receipt.files).map(|file| file.rows_read).sum();
        self.end(clock, rows_read, landed.rows());

        let clock = self.begin("standardise", Some(sources.len() as u64));
        let standardised = standardise::standardise(self, &landed, &mut sources).await?;
        self.inputs = sources.iter().map(|one| one.receipt.clone()).collect();
        self.end(clock, landed.rows(), standardised.rows());

        let clock = self.begin("link", Some(sources.len() as u64 - 1));
        let links = link::link(self, &standardised, &sources).await?;
        review::settle(self).await?;
        self.end(clock, standardised.rows(), links.rows());

        let clock = self.begin("reconcile", Some(self.pipeline.reports.len() as u64));
        let rows = reconcile::reconcile(self, &links, &sources).await?;
        returned::write(self, &sources)?;
        self.check_routing(&sources)?;
        self.end(clock, links.rows(), rows);
        Ok(())
    }

    /// Every record has exactly one row in `routing`: its key is unique by contract, so the count settles it.
    fn check_routing(&self, sources: &[LandedSource]) -> Result<(), Error> {
        let records: u64 = sources
            .iter()
            .filter(|one| one.source.id != self.pipeline.registry.id)
            .map(|one| one.receipt.records)
            .sum();
        match self.reports.iter().find(|report| report.name == "routing") {
            Some(routing) if routing.rows != records => {
                Err(Error::Counts(format!("{records} records, {} rows in routing", routing.rows)))
            }
            _ => Ok(()),
        }
    }

    fn begin(&self, stage: &'static str, steps: Option<u64>) -> Clock {
        self.observer.stage_started(stage, steps);
        Clock { stage, wall: Instant::now(), cpu: process::cpu_seconds() }
    }

    fn end(&mut self, clock: Clock, rows_in: u64, rows_out: u64) {
        let receipt = StageReceipt {
            name: clock.stage,
            wall_s: seconds(clock.wall.elapsed().as_secs_f64()),
            cpu_s: clock.cpu.zip(process::cpu_seconds()).map(|(from, to)| seconds(to - from)),
            rows_in,
            rows_out,
        };
        self.observer.stage_finished(&receipt);
        self.stages.push(receipt);
    }

    /// Stage 5: scans what leaves and publishes it, done or failed.
    fn close(mut self, stopped_by: Option<Error>) -> Result<RunOutcome, Error> {
        let clock = self.begin("publish", None);
        let stopped_by = stopped_by.or_else(|| self.scan().err());
        if let Some(error) = &stopped_by {
            self.problems.extend(describe(error));
            self.start_over_empty()?;
        }
        let rows: u64 = self.reports.iter().map(|report| report.rows).sum();
        self.end(clock, rows, rows);
        let verdict = self.verdict();
        let receipt = self.receipt(verdict);
        let events = Lineage {
            run_id: &receipt.run_id,
            pipeline: &receipt.pipeline,
            started: &receipt.started,
            finished: &receipt.finished,
            inputs: &receipt.inputs,
            outputs: &receipt.reports,
            verdict,
        }
        .events();
        let receipt = serde_json::to_value(receipt)
            .map_err(|_| Error::Counts("the receipt cannot be written".to_owned()))?;
        let mut publication = self
            .publication
            .take()
            .ok_or_else(|| Error::Counts("the publication is closed".to_owned()))?;
        publication.lineage(events);
        let path =
            publication.finish(&receipt, verdict).inspect_err(|_| self.state.discard(&self.id))?;
        match verdict {
            Verdict::Done | Verdict::Aside => self.state.commit(&self.id)?,
            Verdict::Failed => self.state.discard(&self.id),
        }
        Ok(RunOutcome {
            receipt: path,
            problems: self.problems,
            stopped_by: stopped_by.map(std::sync::Arc::new),
        })
    }

    /// A run of some sources alone does not take the place of one of all: `latest` stays, if there is one.
    fn verdict(&mut self) -> Verdict {
        let partial = !self.order.sources.is_empty();
        if !self.problems.is_empty() {
            Verdict::Failed
        } else if partial && self.order.out.join("latest").exists() {
            let text = "a run of some sources alone: it is under `runs/`, and `latest` still points at the last whole one";
            self.notice(text.to_owned());
            Verdict::Aside
        } else {
            Verdict::Done
        }
    }

    fn scan(&self) -> Result<(), Error> {
        self.publication()?.scan(self.order.threads).map(drop).map_err(Error::Leaks)
    }

    /// What a stopped run wrote is not published: half a set of reports, or one with an identifier in it, helps nobody. Its
    /// receipt is.
    fn start_over_empty(&mut self) -> Result<(), Error> {
        self.publication = None;
        self.reports.clear();
        let publication = Publication::begin(&self.order.out, &self.id)?;
        publication.scan(self.order.threads).map_err(Error::Leaks)?;
        self.publication = Some(publication);
        Ok(())
    }

    fn receipt(&self, verdict: Verdict) -> Receipt {
        let mut inputs = self.inputs.clone();
        inputs.extend(self.left_out.clone());
        Receipt {
            form: 1,
            run_id: self.id.clone(),
            started: self.order.now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            finished: Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            verdict: if verdict == Verdict::Failed { "failed" } else { "done" },
            partial: !self.order.sources.is_empty(),
            problems: self.problems.clone(),
            notices: self.notices.clone(),
            pipeline: self.pipeline.id.to_string(),
            purpose: self.pipeline.purpose.clone(),
            pipeline_sha256: hash_files(&self.pipeline.files),
            as_of: self.as_of.clone(),
            model_id: self.pipeline.model.id.to_string(),
            model: ModelReceipt::of(&self.pipeline.model),
            registry_snapshot: self.registry_snapshot.clone(),
            key_id: self.key.keyring.key_id().to_owned(),
            development_key: self.key.is_development,
            versions: BTreeMap::from([
                ("milaan", env!("CARGO_PKG_VERSION").to_owned()),
                ("datafusion", datafusion::DATAFUSION_VERSION.to_owned()),
            ]),
            stages: self.stages.clone(),
            inputs,
            candidates: self.candidates.clone(),
            overfull_blocks: self.overfull_blocks.clone(),
            decisions: self.standing.receipt.clone(),
            false_matches: self.standing.false_matches.clone(),
            checks: self.checks.clone(),
            reports: self.reports.clone(),
            disk_estimate_bytes: self.disk_estimate_bytes,
            peak_memory_bytes: process::peak_memory_bytes(),
            threads: self.order.threads,
            memory_limit_bytes: self.order.memory_bytes,
        }
    }
}

struct Clock {
    stage: &'static str,
    wall: Instant,
    cpu: Option<f64>,
}

pub(crate) fn seconds(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn describe(error: &Error) -> Vec<String> {
    match error {
        Error::Dumps(problems) | Error::Pipeline(problems) => {
            problems.iter().map(ToString::to_string).collect()
        }
        Error::Leaks(found) => found.iter().take(20).map(ToString::to_string).collect(),
        other => vec![other.to_string()],
    }
}

fn free_run_id(out: &Path, wanted: &str) -> String {
    let taken = |id: &str| out.join("runs").join(id).symlink_metadata().is_ok();
    if !taken(wanted) {
        return wanted.to_owned();
    }
    (2..10_000)
        .map(|n| format!("{wanted}-{n}"))
        .find(|id| !taken(id))
        .unwrap_or_else(|| wanted.to_owned())
}
