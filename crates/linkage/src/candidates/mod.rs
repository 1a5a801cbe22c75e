//! The candidates operator without its engine: index the list, stream the registry, keep the pairs worth keeping.

mod error;

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use milaan_kernels::secret::Keyring;
use milaan_model::matching::{MatchModel, Weights};

pub use self::error::Error;
use crate::em::PatternCount;
use crate::sql::Sides;

/// Which pairs leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Those of the view `pairs`: by identity, or not too far below the review weight.
    Useful,
    /// Every compared pair with its levels: training.
    All,
    /// None: keys are probed and counted, nothing is compared.
    Nothing,
}

/// What is wanted besides model and weights.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// As for the SQL steps.
    pub sides: Sides<'a>,
    /// Which pairs leave.
    pub keep: Keep,
    /// The installation's keys, for opening sealed digits; needed if the model compares identity numbers.
    pub keyring: Option<Arc<Keyring>>,
    /// Further registry columns wanted of residents that are in a pair (`household_ref`).
    pub carried: Vec<String>,
}

/// A match model with its weights, ready for comparing.
#[derive(Debug)]
pub struct Compiled {
    list_columns: Vec<String>,
    registry_columns: Vec<String>,
}

impl Compiled {
    /// Checks and compiles.
    pub fn new(_model: &MatchModel, _weights: &Weights, _order: Order<'_>) -> Result<Self, Error> {
        Ok(Self { list_columns: Vec::new(), registry_columns: Vec::new() })
    }

    /// The columns a batch of the list must have, `record_id` first.
    pub fn list_columns(&self) -> &[String] {
        &self.list_columns
    }

    /// The columns a batch of the registry must have, `resident_ref` first.
    pub fn registry_columns(&self) -> &[String] {
        &self.registry_columns
    }
}

/// Takes the list in.
#[derive(Debug)]
pub struct ListBuilder {
    compiled: Arc<Compiled>,
}

impl ListBuilder {
    /// An empty list.
    pub fn new(compiled: Arc<Compiled>) -> Self {
        Self { compiled }
    }

    /// Adds rows.
    pub fn push(&mut self, _batch: &RecordBatch) -> Result<(), Error> {
        Ok(())
    }

    /// Bytes held now.
    pub fn memory_bytes(&self) -> usize {
        0
    }

    /// The index.
    pub fn finish(self) -> Result<ListIndex, Error> {
        Ok(ListIndex { compiled: self.compiled })
    }
}

/// The list, indexed by all blocking rules; shared by the workers.
#[derive(Debug)]
pub struct ListIndex {
    #[expect(dead_code, reason = "skeleton")]
    compiled: Arc<Compiled>,
}

impl ListIndex {
    /// Rows of the list.
    pub fn rows(&self) -> usize {
        0
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        0
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    /// Registry rows seen.
    pub rows: u64,
    /// Keys looked up.
    pub keys_probed: u64,
    /// List rows found by a key, before a pair found by several is taken once.
    pub hits: u64,
    /// Pairs compared.
    pub pairs_compared: u64,
    /// Pairs kept before over-full blocks were known.
    pub pairs_kept: u64,
}

/// One thread's pass over part of the registry.
#[derive(Debug)]
pub struct Worker {
    index: Arc<ListIndex>,
    stats: Stats,
}

impl Worker {
    /// A worker on an index.
    pub fn new(index: Arc<ListIndex>) -> Self {
        Self { index, stats: Stats::default() }
    }

    /// Compares a batch of registry rows with the list.
    pub fn probe(&mut self, _batch: &RecordBatch) -> Result<(), Error> {
        Ok(())
    }

    /// Bytes held by what was kept and by caches.
    pub fn memory_bytes(&self) -> usize {
        0
    }

    /// What was done so far.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// What was kept.
    pub fn finish(self) -> WorkerResult {
        let _ = self.index;
        WorkerResult { stats: self.stats }
    }
}

/// What one worker kept.
#[derive(Debug)]
pub struct WorkerResult {
    stats: Stats,
}

/// Over-full blocks of one rule that some list row would have searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverfullBlocks {
    /// The rule.
    pub rule: String,
    /// How many.
    pub blocks: u64,
    /// Registry rows of the largest; 0 if there is none.
    pub rows_max: u64,
}

/// The pairs.
#[derive(Debug)]
pub struct Found {
    stats: Stats,
}

/// Settles the over-full blocks and orders the pairs.
pub fn finish(_index: &Arc<ListIndex>, results: Vec<WorkerResult>) -> Found {
    Found { stats: results.first().map(|one| one.stats).unwrap_or_default() }
}

impl Found {
    /// Number of pairs.
    pub fn rows(&self) -> u64 {
        0
    }

    /// The pairs as the view `pairs` has them, by (record_id, resident_ref), in batches of at most 8192 rows.
    pub fn batches(&self) -> impl Iterator<Item = Result<RecordBatch, Error>> + '_ {
        std::iter::empty()
    }

    /// Each resident in a pair once: `resident_ref` and the carried columns, by `resident_ref`.
    pub fn residents(&self) -> Result<RecordBatch, Error> {
        Ok(RecordBatch::new_empty(pairs_schema()))
    }

    /// One row a rule, in the model's order.
    pub fn overfull_blocks(&self) -> Vec<OverfullBlocks> {
        Vec::new()
    }

    /// Pairs by the rule they were taken by, in the model's order.
    pub fn pairs_by_rule(&self) -> Vec<u64> {
        Vec::new()
    }

    /// How often each pattern of levels occurs among the pairs that a rule finds, whichever rule took them.
    pub fn patterns(&self, _rule: usize) -> Vec<PatternCount> {
        Vec::new()
    }

    /// What all workers did.
    pub fn stats(&self) -> Stats {
        self.stats
    }
}

/// How often each pattern of levels occurs among all pairs of a list row and a registry row.
pub fn cross_patterns(
    _index: &Arc<ListIndex>,
    _registry: &[RecordBatch],
) -> Result<Vec<PatternCount>, Error> {
    Ok(Vec::new())
}

/// The columns of [`Found::batches`].
pub fn pairs_schema() -> SchemaRef {
    SchemaRef::new(arrow::datatypes::Schema::empty())
}
