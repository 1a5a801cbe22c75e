//! A file that comes back from clerks: checked whole, then kept.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use milaan_ingest::DumpFile;
use milaan_kernels::date::{Layout, date};
use milaan_manifest::{Diagnostic, Pipeline, Position};
use milaan_model::reading::WantedColumn;
use milaan_model::{Decision, Reading};
use milaan_publish::private;

use super::ledger::{Ledger, Line};
use crate::error::Error;
use crate::rows::{TextRow, count, text, text_rows};
use crate::session::{self, Resources};
use crate::state::State;

/// A file of decisions to be taken.
#[derive(Debug, Clone)]
pub struct ImportOrder {
    /// Where runs and state are kept.
    pub out: PathBuf,
    /// The file: CSV, or a workbook that it was saved as.
    pub file: PathBuf,
    /// The caller's clock: the day of decisions that name none.
    pub now: DateTime<Utc>,
}

/// What was taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Pairs held for one person.
    pub same: u64,
    /// Pairs held for two.
    pub different: u64,
    /// Pairs that the reviewer could not tell.
    pub unsure: u64,
    /// Rows without a decision.
    pub undecided: u64,
    /// Decisions that differ from an earlier one of the same pair, which no longer counts.
    pub replaced: u64,
    /// Decisions that differ from one of a later day, which still counts.
    pub older: u64,
}

/// The columns that are read; the others are for people.
const COLUMNS: [&str; 5] = ["pair_id", "decision", "decided_by", "decided_on", "note"];

pub(crate) async fn import(pipeline: &Pipeline, order: &ImportOrder) -> Result<Imported, Error> {
    let owner = format!("`milaan review import`, process {}", std::process::id());
    let state = State::open(&order.out, pipeline.id.as_str(), &owner)?;
    let mut ledger = Ledger::read(state.folder())?;
    let rows = rows(&state, &order.file).await?;
    let (lines, undecided) = check(&ledger, &rows, order)?;
    let mut imported = Imported { undecided, ..Imported::default() };
    let before = ledger.newest();
    for line in &lines {
        *match line.decision {
            Decision::Same => &mut imported.same,
            Decision::Different => &mut imported.different,
            Decision::Unsure => &mut imported.unsure,
        } += 1;
        let known = before.get(line.pair_id.as_str());
        if let Some(known) = known.filter(|known| known.decision != line.decision) {
            let counts = known.decided_on <= line.decided_on;
            *(if counts { &mut imported.replaced } else { &mut imported.older }) += 1;
        }
    }
    ledger.decide(lines)?;
    Ok(imported)
}

/// The file's rows: where each stands, then [`COLUMNS`].
async fn rows(state: &State, file: &Path) -> Result<Vec<TextRow>, Error> {
    if !file.is_file() {
        return Err(Error::Usage {
            message: format!("there is no file `{}`", file.display()),
            hint: None,
        });
    }
    let wanted = COLUMNS.iter().map(|name| WantedColumn {
        header: (*name).to_owned(),
        aliases: Vec::new(),
        required: !["decided_on", "note"].contains(name),
    });
    let reading = Reading { columns: wanted.collect(), ..Reading::default() };
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let dump = DumpFile { path: file.to_owned(), name };
    let landed = state.spill().join("decisions.parquet");
    let landing = milaan_ingest::land(&[dump], &reading, private::create_file(&landed)?);
    let landing = landing.map_err(|error| {
        let message = crate::land::chain(&error);
        Error::Dumps(vec![Diagnostic { position: at(file, 0), message, hint: error.hint() }])
    })?;
    let rejects = landing.rejects.iter().map(|reject| Diagnostic {
        position: at(file, reject.row),
        message: format!("row {} cannot be read: {}", reject.row, reject.reason),
        hint: None,
    });
    let skipped = landing.files.iter().flat_map(|file| &file.counts).flat_map(|one| &one.skipped);
    let skipped = skipped.filter(|line| line.rule.counts_against_limit());
    let skipped = skipped.map(|line| Diagnostic {
        position: at(file, line.row),
        message: format!("row {}: it was taken for a {} and not for a pair", line.row, line.rule),
        hint: None,
    });
    let problems: Vec<Diagnostic> = rejects.chain(skipped).collect();
    if !problems.is_empty() {
        return Err(Error::Dumps(problems));
    }
    let resources = Resources { threads: 1, memory_bytes: 256 << 20, spill: None };
    let ctx = session::open(&resources, None)?;
    session::register_parquet(&ctx, "decisions", &landed).await?;
    let columns = COLUMNS.join(", ");
    let sql = format!("SELECT row, {columns} FROM decisions ORDER BY file, sheet, row");
    text_rows(&ctx, "decisions", &sql).await
}

fn at(file: &Path, row: u64) -> Position {
    Position { file: file.to_owned(), line: usize::try_from(row).unwrap_or(usize::MAX) }
}

/// The decisions, or all that is wrong with the file; and the number of rows without one. No message quotes a cell.
fn check(
    ledger: &Ledger,
    rows: &[TextRow],
    order: &ImportOrder,
) -> Result<(Vec<Line>, u64), Error> {
    let known: HashSet<&str> = ledger.given.iter().map(|one| one.pair_id.as_str()).collect();
    let mut first: HashMap<String, u64> = HashMap::new();
    let (mut lines, mut problems, mut undecided) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        let place = count(row, 0);
        let pair_id = text(row, 1).trim().to_owned();
        let mut problem = |message: String, hint: Option<&str>| {
            let hint = hint.map(str::to_owned);
            problems.push(Diagnostic { position: at(&order.file, place), message, hint });
        };
        if !known.contains(pair_id.as_str()) {
            let hint = "it has to be one that `milaan review export` of this pipeline wrote";
            problem(format!("row {place}: the pair_id is unknown"), Some(hint));
            continue;
        }
        let word = text(row, 2).trim().to_uppercase();
        if word.is_empty() {
            undecided += 1;
            continue;
        }
        let Ok(decision) = word.parse::<Decision>() else {
            let hint = "write SAME, DIFFERENT or UNSURE, or leave the cell empty";
            problem(format!("row {place}: the decision is an unknown word"), Some(hint));
            continue;
        };
        if let Some(before) = first.insert(pair_id.clone(), place) {
            problem(format!("row {place}: the pair is decided twice, in row {before} too"), None);
            continue;
        }
        let decided_by = text(row, 3).trim().to_owned();
        if decided_by.is_empty() {
            problem(format!("row {place}: decided_by is empty"), Some("say who decided"));
            continue;
        }
        let Some(decided_on) = day(&text(row, 4), order) else {
            let hint = "write it as 2026-11-23, or leave it empty for today";
            problem(format!("row {place}: decided_on is no date up to today"), Some(hint));
            continue;
        };
        let note = text(row, 5).trim().to_owned();
        lines.push(Line { pair_id, decision, decided_by, decided_on, note });
    }
    if problems.is_empty() { Ok((lines, undecided)) } else { Err(Error::Dumps(problems)) }
}

/// A day as ISO; spreadsheets of these countries write the day first. An empty one is today. One that is still to come would count
/// before every later decision; somewhere it is tomorrow already.
fn day(text: &str, order: &ImportOrder) -> Option<String> {
    let today = order.now.date_naive();
    if text.trim().is_empty() {
        return Some(today.to_string());
    }
    let (year, month, day) = date(text.trim(), Layout::DayFirst).ok()?.ymd();
    let stated = chrono::NaiveDate::from_ymd_opt(year, month, day)?;
    (stated <= today.succ_opt()?).then(|| stated.to_string())
}
