//! `milaan train`: m and u of every level, estimated from the dumps without labels.
//!
//! u comes from random pairs, of which those that look like one person are taken out again. m comes from EM on the pattern counts
//! of each blocking rule, leaving out the comparisons that the rule fixes. u is held, since a second class that were free would
//! become the people who moved or changed their name. Only a model that knows households frees it, for rules that are not on an
//! identity number: what these find beside matches are relatives, who agree on much.
//! Where reviewers decided pairs of this model, those they hold for one person are counted in with the matches that m is made of;
//! u stays as it is, since the pairs that clerks see are anything but random.
//! The second look's classes are fitted last, by those weights, as a run without them would. Everything is done on samples of
//! stated size in a private temporary folder, under a key of its own: nothing stays but the weights file, and the same dumps give
//! the same file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use milaan_linkage::candidates::{Compiled, Keep, ListBuilder, cross_patterns};
use milaan_linkage::em::{self, Labelled, PatternCount, Shares};
use milaan_linkage::second::Scope;
use milaan_manifest::Pipeline;
use milaan_model::matching::{Comparison, MatchModel, Weights};

use crate::candidates::{self, CandidatesSpec};
use crate::error::Error;
use crate::keys::KeySource;
use crate::review::{self, Label};
use crate::rows::{number, text_rows};
use crate::run::{Run, RunOrder};
use crate::session;
use crate::train_lessons::{Lessons, lessons, pairs_of};
use crate::weights_file::{named_weights, shares_of};
use crate::{land, observer::Observer, standardise, state, train_second};

/// List records used for training at most.
const LIST_ROWS_MAX: u64 = 20_000;
/// Rows a side of the random pairs: their product is the number of pairs.
const RANDOM_ROWS: u64 = 700;
/// Times that u and m are estimated in turn.
const ROUNDS: usize = 3;
/// The sample of the list, below the stages.
const LIST: &str = "list/list.parquet";
/// Any key will do for tokens that nobody sees; a fixed one keeps the samples the same.
const TRAINING_KEY: [&str; 1] =
    ["6d696c61616e20747261696e696e673a206e6f7468696e67206c6561766573210a"];

/// What training found.
#[derive(Debug, Clone)]
pub struct Training {
    /// The new weights.
    pub weights: Weights,
    /// What was done and how it went, in words.
    pub notes: Vec<String>,
    /// Whether all that was estimated came to rest; the notes say what did not.
    pub converged: bool,
}

/// `reviewed`: the folder of runs in whose state the decisions of reviewers are.
pub(crate) async fn train(
    pipeline: &Pipeline,
    order: &RunOrder,
    reviewed: Option<&Path>,
    observer: &dyn Observer,
) -> Result<Training, Error> {
    let mut order = order.clone();
    order.key = KeySource::Hex(TRAINING_KEY.concat()[..64].to_owned());
    land::check_data_folder(&order.data)?;
    let mut run = Run::open(pipeline, &order, observer)?;
    let (landed, mut sources) = land::land(&mut run).await?;
    standardise::standardise(&mut run, &landed, &mut sources).await?;
    let mut trainer = Trainer::prepare(&run).await?;
    if let Some(out) = reviewed {
        let state = state::folder(out, pipeline.id.as_str());
        trainer.labels = labelled(&pipeline.model, &review::labels(&state, &pipeline.model)?);
    }
    trainer.train().await
}

struct Trainer<'a> {
    run: &'a Run<'a>,
    model: &'a MatchModel,
    id_scheme: String,
    registry_rows: u64,
    list_rows: u64,
    /// The only lists are the registry itself.
    same_records: bool,
    /// Pairs that reviewers hold for one person.
    labels: Vec<Labelled>,
}

/// Labels by the model's levels; one that it does not have is null.
fn labelled(model: &MatchModel, labels: &[Label]) -> Vec<Labelled> {
    let level = |comparison: &Comparison, levels: &BTreeMap<String, String>| {
        let name = levels.get(comparison.name.as_str())?;
        let at = comparison.levels.iter().position(|level| level.name.as_str() == name)?;
        u8::try_from(at + 1).ok()
    };
    let levels = |label: &Label| -> Vec<u8> {
        model.comparisons.iter().map(|one| level(one, &label.0).unwrap_or(0)).collect()
    };
    labels.iter().map(|label| Labelled { levels: levels(label), worth: label.1 }).collect()
}

impl<'a> Trainer<'a> {
    async fn prepare(run: &'a Run<'a>) -> Result<Self, Error> {
        let stages = run.stages_folder();
        session::register_parquet(&run.ctx, "registry", &stages.join("registry")).await?;
        session::register_parquet(&run.ctx, "records", &stages.join("records")).await?;
        // Fingerprints are as good as random, and the same from run to run. Records of several sources are told apart by name.
        // Lists that are the registry itself teach only where there is no other.
        let departments = &run.pipeline.sources;
        let same_records = departments.iter().all(|source| source.same_as_registry);
        let record_key =
            if same_records { "record_id" } else { "concat(source_id, '/', record_id)" };
        let taught: Vec<String> = departments
            .iter()
            .filter(|source| source.same_as_registry == same_records)
            .map(|source| format!("'{}'", source.id))
            .collect();
        let list = format!(
            "SELECT {record_key} AS record_key, * FROM records WHERE source_id IN ({})",
            taught.join(", ")
        );
        session::view(&run.ctx, "all_records", &list).await?;
        let columns = session::plan(&run.ctx, "records", "SELECT * FROM records").await?;
        let kept: Vec<String> = columns
            .schema()
            .fields()
            .iter()
            .map(|field| field.name())
            .filter(|name| *name != "record_id")
            .map(|name| format!("\"{name}\""))
            .collect();
        let sample = format!(
            "SELECT record_key AS record_id, {} FROM all_records ORDER BY fingerprint, record_key LIMIT {LIST_ROWS_MAX}",
            kept.join(", ")
        );
        let path = stages.join(LIST);
        let none = session::Classes::new();
        session::write(&run.ctx, "list", &sample, &path, &none).await?;
        session::register_parquet(&run.ctx, "list", &path).await?;
        for (name, from, key) in
            [("list_sample", "list", "record_id"), ("registry_sample", "registry", "resident_ref")]
        {
            let sql =
                format!("SELECT * FROM {from} ORDER BY fingerprint, {key} LIMIT {RANDOM_ROWS}");
            session::view(&run.ctx, name, &sql).await?;
        }
        let registry_rows =
            session::count(&run.ctx, "registry", "SELECT count(*) FROM registry").await?;
        let list_rows = session::count(&run.ctx, "list", "SELECT count(*) FROM list").await?;
        Ok(Self {
            run,
            model: &run.pipeline.model,
            id_scheme: run.pipeline.id_scheme().to_owned(),
            registry_rows,
            list_rows,
            same_records,
            labels: Vec::new(),
        })
    }

    async fn train(&self) -> Result<Training, Error> {
        let mut notes = vec![format!(
            "{} list records and {} residents looked at",
            self.list_rows, self.registry_rows
        )];
        let counts: Vec<usize> =
            self.model.comparisons.iter().map(|one| one.levels.len()).collect();
        let random = self.random_patterns().await?;
        notes.push(format!("u from {} random pairs", pairs_of(&random)));
        let guess = Weights::guess(self.model);
        let start = shares_of(&guess, self.model);
        // Of a random pair, before anything is compared.
        let chance = (guess.expected_found / self.registry_rows.max(1) as f64).min(0.5);
        let by_rule = self.patterns_by_rule().await?;
        let mut u = em::shares(&random, &counts);
        let lessons_by =
            |u: &Shares| lessons((self.model, by_rule.as_slice()), (&start, u), &self.labels);
        let mut learned = lessons_by(&u);
        for _ in 1..ROUNDS {
            u = em::shares_of_others(&random, &counts, (&learned.m, &u), chance);
            learned = lessons_by(&u);
        }
        let persons = learned.persons();
        let Lessons { mut m, notes: of_rules, converged, .. } = learned;
        em::different_speaks_for_nobody(&mut m, &u);
        notes.extend(of_rules);
        if !self.labels.is_empty() {
            let stands_for: f64 = self.labels.iter().map(|one| one.worth).sum();
            notes.push(format!(
                "{} pairs that reviewers hold for one person counted in; they stand for {stands_for:.0}",
                self.labels.len()
            ));
        }
        let mut weights = Weights {
            model: self.model.id.clone(),
            expected_found: guess.expected_found,
            levels: named_weights(self.model, &m, &u),
            second: None,
        };
        // The prior and the share found depend on one another a little; a few rounds settle it.
        for _ in 0..if self.same_records { 4 } else { 2 } {
            weights.expected_found = match persons {
                Some(pairs) => self.share_of(pairs),
                None => self.share_found(&weights).await?,
            };
        }
        let (spec, data) = (self.spec(&weights), &self.run.order.data);
        let second =
            train_second::fit(&self.run.ctx, (&spec, data), self.scope(), &mut notes).await?;
        weights.second = second.weights;
        // Which pairs are one person's the second look knows better.
        if let Some(persons) = second.persons {
            weights.expected_found = self.share_of(persons);
        }
        notes.push(self.expected(weights.expected_found));
        Ok(Training { weights, notes, converged })
    }

    /// The prior in words.
    fn expected(&self, found: f64) -> String {
        if self.same_records {
            format!("each record is expected to have {found:.2} others of its person")
        } else {
            format!("{:.1} % of the records are expected in the registry", found * 100.0)
        }
    }

    fn scope(&self) -> Scope {
        let same_records = self.same_records;
        Scope { records: self.list_rows, registry_rows: self.registry_rows, same_records }
    }

    /// Patterns of every row of `list_sample` with every row of `registry_sample`.
    async fn random_patterns(&self) -> Result<Vec<PatternCount>, Error> {
        let compiled = self.compiled()?;
        let rows = async |view: &str, columns: &[String]| {
            let sql = format!("SELECT {} FROM {view}", quoted(columns));
            session::collect(&self.run.ctx, view, &sql).await
        };
        let mut list = ListBuilder::new(Arc::clone(&compiled));
        for batch in rows("list_sample", compiled.list_columns()).await? {
            list.push(&batch).map_err(Error::Linking)?;
        }
        let registry = rows("registry_sample", compiled.registry_columns()).await?;
        let index = Arc::new(list.finish().map_err(Error::Linking)?);
        cross_patterns(&index, &registry).map_err(Error::Linking)
    }

    /// Patterns of the pairs that each blocking rule finds, in the model's order.
    async fn patterns_by_rule(&self) -> Result<Vec<Vec<PatternCount>>, Error> {
        let compiled = self.compiled()?;
        let found = candidates::all_pairs(&self.run.ctx, compiled).await?;
        let mut by_rule = vec![BTreeMap::new(); self.model.blocking.len()];
        for one in &found {
            for (rule, sums) in by_rule.iter_mut().enumerate() {
                for pattern in one.patterns(rule) {
                    *sums.entry(pattern.levels).or_insert(0) += pattern.pairs;
                }
            }
        }
        let counts = |sums: BTreeMap<Vec<u8>, u64>| {
            sums.into_iter().map(|(levels, pairs)| PatternCount { levels, pairs }).collect()
        };
        Ok(by_rule.into_iter().map(counts).collect())
    }

    fn compiled(&self) -> Result<Arc<Compiled>, Error> {
        let weights = &self.run.pipeline.weights;
        self.spec(weights).compile(Keep::All, Some(self.run.keyring()), Vec::new()).map(Arc::new)
    }

    fn spec(&self, weights: &Weights) -> CandidatesSpec {
        let stages = self.run.stages_folder();
        CandidatesSpec {
            list: stages.join(LIST).display().to_string(),
            sources: Vec::new(),
            registry: stages.join("registry").display().to_string(),
            model: self.model.clone(),
            weights: weights.clone(),
            registry_rows: self.registry_rows,
            id_scheme: self.id_scheme.clone(),
            same_records: self.same_records,
        }
    }

    /// [`Trainer::share_found`], of so many pairs of one person.
    fn share_of(&self, pairs: f64) -> f64 {
        let records = self.list_rows.max(1) as f64;
        if self.same_records {
            (2.0 * pairs / records).clamp(0.001, 100.0)
        } else {
            found_of(pairs / records)
        }
    }

    /// Registry rows expected for a record of the list: the share of records whose best candidate is more likely than not;
    /// for the registry itself, the others that are likely the same person.
    async fn share_found(&self, weights: &Weights) -> Result<f64, Error> {
        candidates::register(&self.run.ctx, "list", self.spec(weights)).await?;
        let pairs = format!("candidates('list', '{}')", self.model.id);
        let records = self.list_rows.max(1) as f64;
        if self.same_records {
            // Each pair is there once and counts for both of its records.
            let sql =
                format!("SELECT 2 * sum(match_probability) FROM {pairs} WHERE contradictions = 0");
            let sums = text_rows(&self.run.ctx, "others expected", &sql).await?;
            let others = sums.first().map_or(0.0, |row| number(row, 0));
            return Ok((others / records).clamp(0.001, 100.0));
        }
        let sql = format!(
            "SELECT count(DISTINCT record_id) FROM {pairs}\n\
             WHERE match_probability >= 0.5 AND contradictions = 0"
        );
        let found = session::count(&self.run.ctx, "share found", &sql).await?;
        Ok(found_of(found as f64 / records))
    }
}

/// A share of records whose person is in the registry, as a prior: neither everybody nor nobody.
fn found_of(share: f64) -> f64 {
    share.clamp(0.02, 0.98)
}

fn quoted(columns: &[String]) -> String {
    columns.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
