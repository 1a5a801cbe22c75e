//! `milaan diff`: two runs' cases side by side.
//!
//! A case is a `case_id` of any report that has that column. New: the later run has it, the earlier not; resolved: the other way
//! round; reopened: new, but a run before the earlier one had it; unchanged: both have it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use datafusion::prelude::SessionContext;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::rows::{text, text_rows};
use crate::session::{self, Resources};

/// What became of the cases of one report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CaseChanges {
    /// In the later run alone, and never before.
    pub new: Vec<String>,
    /// In the earlier run alone.
    pub resolved: Vec<String>,
    /// In the later run and in one before the earlier.
    pub reopened: Vec<String>,
    /// In both: how many.
    pub unchanged: u64,
}

/// The part of a receipt that orders runs.
#[derive(Deserialize)]
struct Order {
    pipeline: String,
    started: String,
    #[serde(default)]
    verdict: String,
}

type Cases = BTreeMap<String, BTreeSet<String>>;

/// Report → what became of its cases. Both runs have to be of one pipeline.
pub(crate) async fn diff(
    earlier: &Path,
    later: &Path,
) -> Result<BTreeMap<String, CaseChanges>, Error> {
    let (first, second) = (read_order(earlier)?, read_order(later)?);
    if first.pipeline != second.pipeline {
        let message = format!(
            "the runs are of two pipelines, `{}` and `{}`",
            first.pipeline, second.pipeline
        );
        return Err(Error::Usage { message, hint: None });
    }
    let (before, after) = (cases(earlier).await?, cases(later).await?);
    let mut known: Cases = Cases::new();
    for run in runs_before(earlier, &first)? {
        for (report, ids) in cases(&run).await? {
            known.entry(report).or_default().extend(ids);
        }
    }
    let none = BTreeSet::new();
    let reports: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    Ok(reports
        .into_iter()
        .map(|report| {
            let of = |cases: &'_ Cases| cases.get(report).unwrap_or(&none).clone();
            let (before, after, known) = (of(&before), of(&after), of(&known));
            let (reopened, new) =
                after.difference(&before).cloned().partition(|id| known.contains(id));
            let changes = CaseChanges {
                new,
                resolved: before.difference(&after).cloned().collect(),
                reopened,
                unchanged: before.intersection(&after).count() as u64,
            };
            (report.clone(), changes)
        })
        .collect())
}

fn read_order(run: &Path) -> Result<Order, Error> {
    let path = run.join("receipt.json");
    let no_run = || Error::Usage {
        message: format!("`{}` is no run's folder: it has no receipt.json", run.display()),
        hint: Some("name two folders under `out/runs`".to_owned()),
    };
    let text = std::fs::read_to_string(path).map_err(|_| no_run())?;
    serde_json::from_str(&text).map_err(|_| no_run())
}

/// Runs of the same pipeline beside this one that were done before it.
fn runs_before(run: &Path, order: &Order) -> Result<Vec<PathBuf>, Error> {
    let run = run.canonicalize().map_err(Error::io("cannot find", run))?;
    let Some(folder) = run.parent() else { return Ok(Vec::new()) };
    let entries = std::fs::read_dir(folder).map_err(Error::io("cannot list", folder))?;
    Ok(entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path != &run && path.join("receipt.json").is_file())
        .filter(|path| {
            read_order(path).is_ok_and(|other| {
                let earlier =
                    (other.started.as_str(), path.as_path()) < (order.started.as_str(), &run);
                other.pipeline == order.pipeline && other.verdict == "done" && earlier
            })
        })
        .collect())
}

/// The case ids of each report of a run that has them.
async fn cases(run: &Path) -> Result<Cases, Error> {
    let folder = run.join("reports");
    let mut found = Cases::new();
    let entries = std::fs::read_dir(&folder).map_err(Error::io("cannot list", &folder))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_parquet = path.extension().is_some_and(|ending| ending == "parquet");
        if !is_parquet || session::parquet_schema(&path)?.index_of("case_id").is_err() {
            continue;
        }
        let resources = Resources { threads: 1, memory_bytes: 1 << 30, spill: None };
        let ctx: SessionContext = session::open(&resources, None)?;
        session::register_parquet(&ctx, "report", &path).await?;
        let rows = text_rows(&ctx, "cases", "SELECT DISTINCT case_id FROM report").await?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        found.insert(name, rows.iter().map(|row| text(row, 0)).collect());
    }
    Ok(found)
}
