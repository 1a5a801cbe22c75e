//! What a run says of itself: counts, hashes, times, verdict. No personal value is in it.

use milaan_model::matching::{BlockingKey, MatchModel};
use serde::{Deserialize, Serialize};

/// One stage.
#[derive(Debug, Clone, Serialize)]
pub struct StageReceipt {
    /// `land`, `standardise`, `link`, `reconcile`, `publish`.
    pub name: &'static str,
    /// Wall seconds.
    pub wall_s: f64,
    /// CPU seconds of the process meanwhile; `None` where the system does not tell.
    pub cpu_s: Option<f64>,
    /// Rows that went in.
    pub rows_in: u64,
    /// Rows that came out.
    pub rows_out: u64,
}

/// A line that was read and deliberately not landed.
#[derive(Debug, Clone, Serialize)]
pub struct SkippedReceipt {
    /// Row as a person sees it.
    pub row: u64,
    /// The rule.
    pub rule: &'static str,
}

/// One file, or one sheet of a workbook. `rows_read = rows_landed + rows_rejected + rows_skipped`.
#[derive(Debug, Clone, Serialize)]
pub struct FileReceipt {
    /// Path relative to the data folder.
    pub file: String,
    /// Sheet; empty where the format has none.
    pub sheet: String,
    /// SHA-256 of the whole file.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// Lines or rows read.
    pub rows_read: u64,
    /// Rows that became records.
    pub rows_landed: u64,
    /// Rows that could not be read.
    pub rows_rejected: u64,
    /// Lines skipped by a stated rule.
    pub rows_skipped: u64,
    /// Those lines.
    pub skipped: Vec<SkippedReceipt>,
    /// Where the header stood.
    pub header_row: Option<u64>,
    /// What was found about the format.
    pub found: std::collections::BTreeMap<String, String>,
    /// Columns that the source file does not ask for.
    pub columns_ignored: Vec<String>,
    /// Wanted columns that this file does not have.
    pub columns_absent: Vec<String>,
}

/// One source.
#[derive(Debug, Clone, Serialize)]
pub struct SourceReceipt {
    /// Its id.
    pub source_id: String,
    /// `fresh`, `use_last` or `skip`.
    pub taken: &'static str,
    /// The registry's own records once more, compared with each other.
    pub same_as_registry: bool,
    /// Records that take part in this run.
    pub records: u64,
    /// `fresh`, or `kept`: nothing that they follow from has changed since the last run, and its standardised records were taken over.
    pub standardised: &'static str,
    /// Records new since the last run.
    pub records_new: u64,
    /// Records whose content changed since the last run.
    pub records_changed: u64,
    /// Records of the last run that are gone.
    pub records_gone: u64,
    /// Its files.
    pub files: Vec<FileReceipt>,
}

/// What linking took.
#[derive(Debug, Clone, Serialize)]
pub struct CandidatesReceipt {
    /// `departments`, all at once, or a list that is the registry itself.
    pub lists: String,
    /// Where the classes that weigh pairs are from: `weights file`, or `fitted to this run's pairs` where it has none.
    pub second_look: String,
    /// Wall seconds until the pairs were written: indexing, comparing, writing.
    pub pairs_s: f64,
    /// Wall seconds until each record had its answer.
    pub answers_s: f64,
    /// Registry keys looked up.
    pub keys_probed: u64,
    /// Pairs compared.
    pub pairs_compared: u64,
    /// Pairs kept, by the blocking rule they were taken by.
    pub pairs: std::collections::BTreeMap<String, u64>,
}

/// Blocks too large to search.
#[derive(Debug, Clone, Serialize)]
pub struct OverfullBlocks {
    /// As in [`CandidatesReceipt`].
    pub lists: String,
    /// The blocking rule.
    pub rule: String,
    /// How many of its blocks were not searched.
    pub blocks: u64,
    /// Registry rows in the largest of them.
    pub rows_max: u64,
}

/// One check.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReceipt {
    /// Its name.
    pub name: String,
    /// Rows it returned; 0 is a pass.
    pub rows: u64,
}

/// A blocking rule of the match model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockingReceipt {
    /// Its name.
    pub name: String,
    /// Its keys as the model's file has them: `column`, or `column[]` for a list whose elements are keys.
    pub keys: Vec<String>,
    /// Blocks with more registry rows were not searched.
    pub block_rows_max: u64,
}

/// The match model, as far as a judge needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelReceipt {
    /// Its id.
    pub id: String,
    /// Its blocking rules, in order.
    pub blocking: Vec<BlockingReceipt>,
}

impl ModelReceipt {
    /// Of a model.
    pub(crate) fn of(model: &MatchModel) -> Self {
        let written =
            |key: &BlockingKey| format!("{}{}", key.column, if key.each { "[]" } else { "" });
        let rules = model.blocking.iter().map(|rule| BlockingReceipt {
            name: rule.name.to_string(),
            keys: rule.keys.iter().map(written).collect(),
            block_rows_max: rule.block_rows_max,
        });
        Self { id: model.id.to_string(), blocking: rules.collect() }
    }
}

/// A run.
#[derive(Debug, Clone, Serialize)]
pub struct Receipt {
    /// Version of this receipt's form.
    pub form: u32,
    /// The run.
    pub run_id: String,
    /// Start, UTC, RFC 3339.
    pub started: String,
    /// End, UTC, RFC 3339.
    pub finished: String,
    /// `done` or `failed`.
    pub verdict: &'static str,
    /// Whether only some sources were asked for.
    pub partial: bool,
    /// Why it failed: messages with lineage.
    pub problems: Vec<String>,
    /// What people should know.
    pub notices: Vec<String>,
    /// The pipeline's id.
    pub pipeline: String,
    /// Why the data were processed.
    pub purpose: String,
    /// SHA-256 over the pipeline's files.
    pub pipeline_sha256: String,
    /// The run's date of reference.
    pub as_of: String,
    /// The match model.
    pub model_id: String,
    /// What it searched, for judging what it could find.
    pub model: ModelReceipt,
    /// SHA-256 over the registry's files.
    pub registry_snapshot: String,
    /// Names the key that tokens were made with; not the key.
    pub key_id: String,
    /// Whether the development key was used: the tokens protect nothing.
    pub development_key: bool,
    /// Versions that the result depends on.
    pub versions: std::collections::BTreeMap<&'static str, String>,
    /// Stages, in order.
    pub stages: Vec<StageReceipt>,
    /// Sources, the registry first.
    pub inputs: Vec<SourceReceipt>,
    /// What linking took.
    pub candidates: Vec<CandidatesReceipt>,
    /// Blocks too large to search.
    pub overfull_blocks: Vec<OverfullBlocks>,
    /// What became of reviewers' decisions.
    pub decisions: crate::review::DecisionsReceipt,
    /// How many accepted pairs are wrong, estimated from reviewers' samples; `None`: linking did not come to its end.
    pub false_matches: Option<crate::review::FalseMatches>,
    /// Checks.
    pub checks: Vec<CheckReceipt>,
    /// Reports.
    pub reports: Vec<milaan_publish::ReportReceipt>,
    /// Bytes that the run was expected to take below the output folder.
    pub disk_estimate_bytes: u64,
    /// Peak resident memory of the process; `None` where the system does not tell.
    pub peak_memory_bytes: Option<u64>,
    /// Threads used.
    pub threads: usize,
    /// Memory limit of the query engine.
    pub memory_limit_bytes: u64,
}
