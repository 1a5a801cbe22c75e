//! Change-sets: approved benefits to the registry, and each department's own records back to it; and the answers that come back.
//!
//! Columns above internal go to a department only where its registered purpose names them, and the query is planned over those
//! alone: what is not to be given is not read.

use std::path::Path;

use datafusion::common::ScalarValue;
use datafusion::prelude::SessionContext;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use milaan_kernels::date::{Layout, date};
use milaan_manifest::{REGISTRY_CHANGES, Recipient, Report};
use milaan_model::{Name, ReportContract, Sensitivity};
use milaan_publish::{ReportReceipt, Reports};

use crate::error::Error;
use crate::jobs::Turns;
use crate::reconcile::{self, Parameters};
use crate::run::Run;
use crate::tables;

/// The folder below the dumps in which answers to change-sets lie, a file a recipient.
const ACKNOWLEDGEMENTS: &str = "acknowledgements";
/// What an answer may be; another word is `other`.
const RESULTS: &[&str] = &["accepted", "rejected"];
/// A change's id has so many letters.
const CHANGE_ID_LETTERS: usize = 12;

/// The parameters of a change-set for a department.
pub(crate) fn parameters(parameters: &Parameters, department: &str) -> Parameters {
    let mut all = parameters.clone();
    all.push(("department".to_owned(), ScalarValue::from(department)));
    all
}

/// Every change-set and the work of writing it, for every recipient.
pub(crate) fn change_sets<'a>(
    run: &Run<'a>,
    reports: &Reports,
    parameters: &Parameters,
    turns: &Turns,
) -> Vec<(&'a Report, BoxFuture<'static, Result<ReportReceipt, Error>>)> {
    let mut sets = Vec::new();
    for set in &run.pipeline.change_sets {
        let mut add = |recipient: &Name, contract, parameters| {
            let (ctx, reports, recipient) = (run.ctx.clone(), reports.clone(), recipient.clone());
            let one = ChangeSet { set: set.clone(), recipient, contract, parameters };
            let work = move |ctx| write_change_set(ctx, reports.clone(), one.clone());
            sets.push((set, turns.clone().within_memory(ctx, work).boxed()));
        };
        if set.contract.name.as_str() == REGISTRY_CHANGES {
            let contract = ReportContract { name: changes_name(), ..set.contract.clone() };
            add(&set.contract.name, contract, parameters.clone());
            continue;
        }
        for recipient in &run.pipeline.recipients {
            let own = self::parameters(parameters, &recipient.department);
            add(&recipient.id, for_recipient(&set.contract, recipient), own);
        }
    }
    sets
}

/// A change-set for one recipient.
#[derive(Clone)]
struct ChangeSet {
    set: Report,
    recipient: Name,
    /// Without the columns the recipient does not get.
    contract: ReportContract,
    parameters: Parameters,
}

/// What the registry gets is called `changes`.
fn changes_name() -> Name {
    "changes".parse().unwrap_or_else(|_| unreachable!("it is a name"))
}

/// The contract without the columns that the recipient's purpose does not name.
fn for_recipient(contract: &ReportContract, recipient: &Recipient) -> ReportContract {
    let mut own = contract.clone();
    own.columns.retain(|column| {
        column.class <= Sensitivity::Internal || recipient.columns.contains(&column.name)
    });
    own
}

async fn write_change_set(
    ctx: SessionContext,
    reports: Reports,
    ChangeSet { set, recipient, contract, parameters }: ChangeSet,
) -> Result<ReportReceipt, Error> {
    let what = format!("{} for {recipient}", set.sql_file.display());
    let frame = reconcile::plan_report(&ctx, &set, &parameters).await?;
    let columns: Vec<&str> = contract.columns.iter().map(|column| column.name.as_str()).collect();
    let frame = frame.select_columns(&columns).map_err(|error| Error::of_query(&what, &error))?;
    let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
    let mut writer = reports.change_set(&recipient, &contract, &schema)?;
    reconcile::fill(&mut writer, frame, &what).await?;
    Ok(writer.finish()?)
}

/// Reads `acknowledgements/<recipient>.csv` (`change_id,result,answered_on`) beside the dumps into the view `acks_received`. A
/// recipient may send several files: `registry.2026-11-01.csv` is the registry's too.
pub(crate) fn write_acknowledgements(run: &mut Run<'_>) -> Result<(), Error> {
    let folder = run.order.data.join(ACKNOWLEDGEMENTS);
    let mut answers = Vec::new();
    for path in answer_files(&folder)? {
        if recipient(&path) != REGISTRY_CHANGES {
            run.notice(format!("`{}`: nobody of that name was sent changes", path.display()));
            continue;
        }
        let strange = read_answers(&path, &mut answers)?;
        if strange > 0 {
            run.notice(format!(
                "{strange} lines of `{}` are no answers to a change and were passed over",
                path.display()
            ));
        }
    }
    let (view, batch) = tables::acknowledgements(&answers)?;
    tables::write(&run.stages_folder().join(format!("{view}/{view}.parquet")), &batch)
}

fn answer_files(folder: &Path) -> Result<Vec<std::path::PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(Error::io("cannot list", folder))?;
    let mut files: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .collect();
    files.sort();
    Ok(files)
}

/// A recipient's answer to a change, and where it stands: of two answers to one change the later day's wins, of one day's the later
/// file's and row's.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) change_id: String,
    /// `accepted`, `rejected` or `other`.
    pub(crate) result: String,
    /// The day, `2026-11-01`.
    pub(crate) answered_on: String,
    pub(crate) file: String,
    /// From 1, the header included.
    pub(crate) row: u64,
}

/// Whose answers a file has: what stands before the first dot of its name.
fn recipient(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// Appends a file's answers; returns how many lines were none. What stands in them is not trusted: ids and days are taken by
/// their form, other results are `other`.
fn read_answers(path: &Path, answers: &mut Vec<Answer>) -> Result<u64, Error> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(path).map_err(Error::io("cannot read", path))?;
    let text = String::from_utf8_lossy(&bytes);
    let mut strange = 0;
    for (row, line) in text.trim_start_matches('\u{feff}').lines().enumerate().skip(1) {
        let mut cells = line.split(',').map(|cell| cell.trim().trim_matches('"'));
        let (id, result, day) = (cells.next(), cells.next(), cells.next());
        let is_id = |id: &&str| {
            id.len() == CHANGE_ID_LETTERS && id.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        let is_day = |day: &&str| {
            let by_form = day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            day.len() == 10 && by_form && date(day, Layout::YearFirst).is_ok()
        };
        match (id.filter(is_id), result, day.filter(is_day)) {
            (Some(id), Some(result), Some(day)) => {
                let known = RESULTS.iter().find(|known| result.eq_ignore_ascii_case(known));
                answers.push(Answer {
                    change_id: id.to_owned(),
                    result: known.copied().unwrap_or("other").to_owned(),
                    answered_on: day.to_owned(),
                    file: file.clone(),
                    row: row as u64 + 1,
                });
            }
            _ if line.trim().is_empty() => {}
            _ => strange += 1,
        }
    }
    Ok(strange)
}
