//! Stage 1: dumps become landed Parquet in the private state, with counts that add up.

use std::path::{Path, PathBuf};

use milaan_ingest::Landing;
use milaan_kernels::leak::looks_personal;
use milaan_manifest::{Diagnostic, Mode, OnMissing, Source};
use milaan_model::FileCounts;
use milaan_publish::private;

use crate::dataset::{Dataset, Landed};
use crate::dumps;
use crate::error::Error;
use crate::expect;
use crate::receipt::{FileReceipt, SkippedReceipt, SourceReceipt};
use crate::run::Run;
use crate::session;
use crate::standardise::kept;

/// How many lines a sheet may lose below its header whatever the share: a total line under a short list is no fault.
const SKIPPED_LINES_FREE: u64 = 5;

/// A source whose landed copy takes part in this run.
#[derive(Debug)]
pub(crate) struct LandedSource {
    pub(crate) source: Source,
    pub(crate) path: PathBuf,
    pub(crate) rejects: Vec<milaan_ingest::Reject>,
    pub(crate) receipt: SourceReceipt,
}

/// Lands every source. A missing dump is treated as the source says; faults of all sources are reported together.
pub(crate) async fn land(run: &mut Run<'_>) -> Result<(Dataset<Landed>, Vec<LandedSource>), Error> {
    let mut landed = Vec::new();
    let mut faults = Vec::new();
    for source in run.sources() {
        match land_source(run, &source).await {
            Ok(Some(one)) => landed.push(one),
            Ok(None) => {}
            Err(Error::Dumps(problems)) => faults.extend(problems),
            Err(other) => return Err(other),
        }
        run.observer.step_done("land", source.id.as_str());
    }
    if !faults.is_empty() {
        faults.sort();
        return Err(Error::Dumps(faults));
    }
    if landed.len() == 1 {
        return Err(Error::Dumps(vec![Diagnostic {
            position: run.pipeline.registry.position.clone(),
            message: "no department's list takes part in this run: there is nothing to lay beside the registry"
                .to_owned(),
            hint: Some("put a dump where a source's `paths` look for it".to_owned()),
        }]));
    }
    carry_over(run)?;
    check_limits(run, &landed);
    check_shrinking(run, &landed)?;
    let rows = landed.iter().map(|one| one.receipt.records).sum();
    Ok((Dataset::new(run.state.folder(), rows), landed))
}

/// What the state knows of sources that do not take part tonight stays known: their landed copies, fingerprints and places go
/// into the next generation.
fn carry_over(run: &Run<'_>) -> Result<(), Error> {
    for source in std::iter::once(&run.pipeline.registry).chain(&run.pipeline.sources) {
        let name = format!("{}.parquet", source.id);
        let kept = kept::files(source.id.as_str()).map(|file| (kept::PART, file));
        let parts = ["landed", "fingerprints", "place_map"].map(|part| (part, name.clone()));
        for (part, name) in parts.into_iter().chain(kept) {
            let next = run.state.next(&run.id, part, &name)?;
            if let (false, Some(last)) = (next.exists(), run.state.last(part, &name)) {
                // The standardise stage writes the others of those that do take part.
                if part == "landed" || !run.takes_part(source) {
                    kept::link(&last, &next)?;
                }
            }
        }
    }
    Ok(())
}

async fn land_source(run: &mut Run<'_>, source: &Source) -> Result<Option<LandedSource>, Error> {
    let files = dumps::find(&run.order.data, source)?;
    if let Some(fault) = personal_name(source, &files) {
        return Err(Error::Dumps(vec![fault]));
    }
    let name = format!("{}.parquet", source.id);
    let path = run.state.next(&run.id, "landed", &name)?;
    if files.is_empty() {
        return without_dump(run, source, &path);
    }
    let file = private::create_file(&path)?;
    let mut landing = milaan_ingest::land(&files, &source.reading, file)
        .map_err(|error| Error::Dumps(vec![fault(source, &error)]))?;
    check_counts(&landing)?;
    expect::hold(run, source, &path, &mut landing).await?;
    check_counts(&landing)?;
    let mut records = landing.rows;
    if source.mode == Mode::Delta {
        let last = run.state.last("landed", &name);
        records = merge_delta(run, source, &path, last.as_deref()).await?;
    }
    let receipt = receipt(source, "fresh", records, &landing);
    Ok(Some(LandedSource { source: source.clone(), path, rejects: landing.rejects, receipt }))
}

/// A source without a dump: fail, use the last landed copy, or leave it out, and say so.
fn without_dump(
    run: &mut Run<'_>,
    source: &Source,
    path: &Path,
) -> Result<Option<LandedSource>, Error> {
    let missing = dumps::missing(&run.order.data, source);
    let last = run.state.last("landed", &format!("{}.parquet", source.id));
    let taken = match (source.on_missing, last) {
        (OnMissing::Fail, _) => return Err(Error::Dumps(vec![missing])),
        (OnMissing::UseLast | OnMissing::Skip, Some(last))
            if source.on_missing == OnMissing::UseLast || source.mode == Mode::Delta =>
        {
            kept::link(&last, path)?;
            "use_last"
        }
        (OnMissing::UseLast | OnMissing::Skip, _) => "skip",
    };
    let way = if taken == "use_last" {
        "its last landed copy is used"
    } else {
        "it is left out of this run"
    };
    run.notice(format!("{}; {way}", missing.message));
    let records = if taken == "use_last" { parquet_rows(path)? } else { 0 };
    let receipt = SourceReceipt {
        source_id: source.id.to_string(),
        taken,
        same_as_registry: source.same_as_registry,
        records,
        records_new: 0,
        records_changed: 0,
        records_gone: 0,
        standardised: "fresh",
        files: Vec::new(),
    };
    if taken == "skip" {
        run.left_out.push(receipt);
        return Ok(None);
    }
    Ok(Some(LandedSource {
        source: source.clone(),
        path: path.to_owned(),
        rejects: Vec::new(),
        receipt,
    }))
}

/// File names stand in every report's lineage: one that holds a number like an identity's cannot.
fn personal_name(source: &Source, files: &[milaan_ingest::DumpFile]) -> Option<Diagnostic> {
    files.iter().any(|file| looks_personal(&file.name)).then(|| Diagnostic {
        position: source.paths_position.clone(),
        message: format!(
            "the name of a dump of source `{}` holds what looks like an identity or phone number",
            source.id
        ),
        hint: Some("rename the file: its name stands in every report".to_owned()),
    })
}

pub(crate) fn parquet_rows(path: &Path) -> Result<u64, Error> {
    use datafusion::parquet::file::reader::{FileReader as _, SerializedFileReader};
    let file = std::fs::File::open(path).map_err(Error::io("cannot open", path))?;
    let reader = SerializedFileReader::new(file).map_err(|_| Error::Query {
        what: path.display().to_string(),
        reason: "it is no readable Parquet file".to_owned(),
    })?;
    Ok(reader.metadata().file_metadata().num_rows() as u64)
}

/// A delta over the last landed copy: of the delta's rows with one key the last counts (by file, then row); rows of the last copy
/// stay where the delta does not have their key. Rows whose key lacks a part are the newest delta's alone, all of them.
async fn merge_delta(
    run: &Run<'_>,
    source: &Source,
    path: &Path,
    last: Option<&Path>,
) -> Result<u64, Error> {
    let delta = path.with_extension("delta.parquet");
    std::fs::rename(path, &delta).map_err(Error::io("cannot rename", path))?;
    session::register_parquet(&run.ctx, "delta", &delta).await?;
    session::register_parquet(&run.ctx, "last_copy", last.unwrap_or(&delta)).await?;
    let columns = session::parquet_schema(&delta)?;
    let columns: Vec<String> = columns
        .fields()
        .iter()
        .map(|field| format!("\"{}\"", field.name().replace('"', "\"\"")))
        .collect();
    let quoted = |header: &String| format!("\"{}\"", header.replace('"', "\"\""));
    let key: Vec<String> =
        source.key.iter().map(|header| format!("text_clean({})", quoted(header))).collect();
    let same: Vec<String> = (0..key.len()).map(|at| format!("d.k{at} = p.k{at}")).collect();
    let keyed = |view: &str| {
        let named: Vec<String> =
            key.iter().enumerate().map(|(at, key)| format!("{key} AS k{at}")).collect();
        format!("SELECT *, {} FROM {view}", named.join(", "))
    };
    let columns = columns.join(", ");
    let has_key: Vec<String> = (0..key.len()).map(|at| format!("p.k{at} IS NOT NULL")).collect();
    let delta_rows = format!(
        "SELECT {columns} FROM (SELECT *, row_number() OVER (PARTITION BY {key} ORDER BY file DESC, row DESC) AS newest\n\
         FROM delta) AS numbered WHERE newest = 1 OR {no_key}",
        key = key.join(", "),
        no_key = key.iter().map(|part| format!("{part} IS NULL")).collect::<Vec<_>>().join(" OR ")
    );
    let kept_rows = format!(
        "SELECT {columns} FROM ({last_copy}) AS p WHERE {has_key}\n\
         AND NOT EXISTS (SELECT 1 FROM ({delta}) AS d WHERE {same})",
        last_copy = keyed("last_copy"),
        delta = keyed("delta"),
        has_key = has_key.join(" AND "),
        same = same.join(" AND ")
    );
    let sql = format!("{delta_rows}\nUNION ALL\n{kept_rows}");
    // Landed copies carry no class: whatever has none counts as secret.
    let rows = session::write(&run.ctx, "delta", &sql, path, &session::Classes::new()).await?;
    std::fs::remove_file(&delta).map_err(Error::io("cannot remove", &delta))?;
    Ok(rows)
}

/// An ingest error, put where the analyst can mend it.
fn fault(source: &Source, error: &milaan_ingest::Error) -> Diagnostic {
    let position = match error {
        milaan_ingest::Error::ColumnMissing { column, .. } => source
            .columns
            .iter()
            .find(|declared| &declared.header == column)
            .map_or_else(|| source.paths_position.clone(), |declared| declared.position.clone()),
        _ => source.paths_position.clone(),
    };
    Diagnostic {
        position,
        message: format!("source `{}`: {}", source.id, chain(error)),
        hint: error.hint(),
    }
}

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// rows read = landed + rejected + skipped, per file and over all (asserted a second time here).
fn check_counts(landing: &Landing) -> Result<(), Error> {
    let counts = || landing.files.iter().flat_map(|file| &file.counts);
    if let Some(wrong) = counts().find(|counts| !counts.adds_up()) {
        return Err(Error::Counts(format!("file {} sheet `{}`", wrong.file, wrong.sheet)));
    }
    let landed: u64 = counts().map(|counts| counts.rows_landed).sum();
    let rejected: u64 = counts().map(|counts| counts.rows_rejected).sum();
    if landed != landing.rows
        || rejected
            < landing
                .rejects
                .iter()
                .map(|r| (&r.file, &r.sheet, r.row))
                .collect::<std::collections::BTreeSet<_>>()
                .len() as u64
    {
        return Err(Error::Counts("landed rows".to_owned()));
    }
    Ok(())
}

/// Shares of skipped lines and of rejects; a breach is a problem of the run, which goes on and is marked.
fn check_limits(run: &mut Run<'_>, landed: &[LandedSource]) {
    let limits = run.pipeline.limits;
    let mut problems = Vec::new();
    for one in landed {
        let (mut rows, mut rejected) = (0, 0);
        for file in &one.receipt.files {
            rows += file.rows_landed + file.rows_rejected;
            rejected += file.rows_rejected;
            let skipped =
                file.skipped.iter().filter(|line| counts_against_limit(line.rule)).count() as u64;
            let share = skipped as f64 / file.rows_read.max(1) as f64;
            if skipped > SKIPPED_LINES_FREE && share > limits.skipped_share_max {
                problems.push(format!(
                    "{}: {skipped} of {} lines of `{}`{} were skipped below the header, more than {}",
                    one.source.paths_position,
                    file.rows_read,
                    file.file,
                    if file.sheet.is_empty() { String::new() } else { format!(" sheet `{}`", file.sheet) },
                    percent(limits.skipped_share_max)
                ));
            }
        }
        if rejected as f64 > limits.reject_share_max * rows as f64 {
            problems.push(format!(
                "{}: {rejected} of {rows} rows of source `{}` could not be read, more than {}",
                one.source.paths_position,
                one.source.id,
                percent(limits.reject_share_max)
            ));
        }
    }
    run.problems.extend(problems);
}

/// A whole list that is much shorter than last time is more likely cut than true. An empty registry is always.
fn check_shrinking(run: &mut Run<'_>, landed: &[LandedSource]) -> Result<(), Error> {
    for one in landed {
        let name = format!("{}.parquet", one.source.id);
        if one.source.id == run.pipeline.registry.id && one.receipt.records == 0 {
            return Err(Error::Dumps(vec![Diagnostic {
                position: one.source.paths_position.clone(),
                message: "the registry has no residents: everybody would be sent to enrolment"
                    .to_owned(),
                hint: Some("look at its dump; a header alone is not a registry".to_owned()),
            }]));
        }
        let Some(last) = run.state.last("landed", &name).filter(|_| one.source.mode == Mode::Full)
        else {
            continue;
        };
        let before = parquet_rows(&last)?;
        let gone = before.saturating_sub(one.receipt.records) as f64 / before.max(1) as f64;
        if gone > run.pipeline.limits.shrink_share_max {
            run.problems.push(format!(
                "{}: source `{}` has {} records, {before} the last time: more than {} are gone",
                one.source.paths_position,
                one.source.id,
                one.receipt.records,
                percent(run.pipeline.limits.shrink_share_max)
            ));
        }
    }
    Ok(())
}

pub(crate) fn percent(share: f64) -> String {
    format!("{} %", (share * 10_000.0).round() / 100.0)
}

fn counts_against_limit(rule: &str) -> bool {
    rule.parse::<milaan_model::reading::SkipRule>()
        .is_ok_and(milaan_model::reading::SkipRule::counts_against_limit)
}

fn receipt(source: &Source, taken: &'static str, records: u64, landing: &Landing) -> SourceReceipt {
    let files = landing
        .files
        .iter()
        .flat_map(|file| {
            file.counts.iter().map(|counts| file_receipt(file.bytes, &file.sha256, counts))
        })
        .collect();
    SourceReceipt {
        source_id: source.id.to_string(),
        taken,
        same_as_registry: source.same_as_registry,
        records,
        records_new: 0,
        records_changed: 0,
        records_gone: 0,
        standardised: "fresh",
        files,
    }
}

fn file_receipt(bytes: u64, sha256: &str, counts: &FileCounts) -> FileReceipt {
    FileReceipt {
        file: counts.file.clone(),
        sheet: counts.sheet.clone(),
        sha256: sha256.to_owned(),
        bytes,
        rows_read: counts.rows_read,
        rows_landed: counts.rows_landed,
        rows_rejected: counts.rows_rejected,
        rows_skipped: counts.skipped.len() as u64,
        skipped: counts
            .skipped
            .iter()
            .map(|line| SkippedReceipt { row: line.row, rule: line.rule.as_str() })
            .collect(),
        header_row: counts.header_row,
        found: counts.found.iter().cloned().collect(),
        columns_ignored: counts
            .columns_ignored
            .iter()
            .map(
                |header| {
                    if looks_personal(header) { "(withheld)".to_owned() } else { header.clone() }
                },
            )
            .collect(),
        columns_absent: counts.columns_absent.clone(),
    }
}

/// First rows of every dump, of a workbook those of every sheet, against its source file, without landing anything; all problems.
pub(crate) fn check_heads(
    data: &Path,
    sources: &[Source],
) -> Result<(Vec<FileCounts>, Vec<Diagnostic>), Error> {
    let (mut heads, mut problems) = (Vec::new(), Vec::new());
    for source in sources {
        let files = match dumps::find(data, source) {
            Ok(files) => files,
            Err(Error::Dumps(found)) => {
                problems.extend(found);
                continue;
            }
            Err(error) => return Err(error),
        };
        if files.is_empty() && source.on_missing == OnMissing::Fail {
            problems.push(dumps::missing(data, source));
        }
        problems.extend(personal_name(source, &files));
        for file in files {
            match milaan_ingest::head(&file, &source.reading, 100) {
                Ok((counts, _, _)) => heads.extend(counts),
                Err(error) => problems.push(fault(source, &error)),
            }
        }
    }
    problems.sort();
    Ok((heads, problems))
}

/// The data folder itself.
pub(crate) fn check_data_folder(data: &Path) -> Result<(), Error> {
    if data.is_dir() {
        return Ok(());
    }
    Err(Error::Usage {
        message: format!("the data folder `{}` does not exist", data.display()),
        hint: Some(
            "say where the dumps lie with `--data DIR`, or as `data` in pipeline.toml".to_owned(),
        ),
    })
}
