//! What a source expects of its dump (`[expect]`), held against the landed rows before anything reads them.
//!
//! A row that breaks a rule of `[expect.reject]` leaves the landed file and becomes a reject; what the dump as a whole
//! lacks fails the run or is said, as the source states. No value of a cell is in a message.

use std::path::Path;

use datafusion::arrow::array::{Array as _, AsArray as _, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use globset::GlobBuilder;
use milaan_ingest::{CELL_BYTES_MAX, Landing, RAW_BYTES_MAX, Reject, RejectRule};
use milaan_manifest::{Bounds, Diagnostic, DumpExpected, Mode, Must, RowRule, Source};

use crate::dumps;
use crate::error::Error;
use crate::land::{parquet_rows, percent};
use crate::run::Run;
use crate::session;
use crate::standardise::sql::{ident, literal};

/// Rows that a source's rules may reject; with more the rules or the dump are wrong.
const REJECTS_MAX: usize = 200_000;
/// `file`, `sheet` and `row` stand before a landed row's own columns.
const LINEAGE_COLUMNS: usize = 3;
/// The landed rows.
const VIEW: &str = "expected_now";

/// Holds a dump to what its source expects: rejects rows of the landed file at `path`, and notes what else is broken.
pub(crate) async fn hold(
    run: &mut Run<'_>,
    source: &Source,
    path: &Path,
    landing: &mut Landing,
) -> Result<(), Error> {
    if source.expect == milaan_manifest::Expectations::default() {
        return Ok(());
    }
    let rows_read = landing.rows + landing.rejects.len() as u64;
    session::register_parquet(&run.ctx, VIEW, path).await?;
    if !source.expect.reject.is_empty() {
        reject_rows(run, source, path, landing).await?;
        session::register_parquet(&run.ctx, VIEW, path).await?;
    }
    for (expected, fails) in [(&source.expect.fail, true), (&source.expect.warn, false)] {
        let mut said = of_the_dump(run, source, expected, landing, rows_read)?;
        said.extend(of_the_rows(run, source, expected).await?);
        let place = expected.position.as_ref().map(ToString::to_string).unwrap_or_default();
        for words in said {
            let text = format!("{place}: source `{}`: {words}", source.id);
            if fails { run.problems.push(text) } else { run.notice(text) }
        }
    }
    Ok(())
}

/// Rows, files, dates.
fn of_the_dump(
    run: &Run<'_>,
    source: &Source,
    expected: &DumpExpected,
    landing: &Landing,
    rows: u64,
) -> Result<Vec<String>, Error> {
    let mut said = Vec::new();
    if let Some(words) = expected.rows.and_then(|bounds| outside(rows, bounds)) {
        said.push(format!("{rows} rows, {words} expected"));
    }
    let files = landing.files.len() as u64;
    if let Some(words) = expected.files.and_then(|bounds| outside(files, bounds)) {
        said.push(format!("{files} files, {words} expected"));
    }
    let absent: Vec<&str> = expected
        .each_file
        .iter()
        .filter(|pattern| !landing.files.iter().any(|file| is_match(pattern, &file.name)))
        .map(String::as_str)
        .collect();
    if !absent.is_empty() {
        said.push(format!("no file `{}`", absent.join("`, `")));
    }
    if let Some(most) = expected.max_age_days {
        let names = dumps::find(&run.order.data, source)?;
        let stated = source.as_of.clone().into_iter();
        let days = dumps::as_of(stated, &names).and_then(|date| days_between(&date, &run.as_of));
        if let Some(days) = days.filter(|days| *days > most as i64) {
            said.push(format!("the dump is {days} days old, {most} at most are expected"));
        }
    }
    let last = run.state.last("landed", &format!("{}.parquet", source.id));
    if let (Some(most), Some(last), Mode::Full) = (expected.change_share_max, last, source.mode) {
        let before = parquet_rows(&last)?;
        let share = landing.rows.abs_diff(before) as f64 / before.max(1) as f64;
        if share > most {
            let most = percent(most);
            said.push(format!(
                "{} records, {before} the last time: changed by more than {most}",
                landing.rows
            ));
        }
    }
    Ok(said)
}

/// Control totals and rules for rows.
async fn of_the_rows(
    run: &Run<'_>,
    source: &Source,
    expected: &DumpExpected,
) -> Result<Vec<String>, Error> {
    let mut said = Vec::new();
    for (header, total) in &expected.sums {
        let amount = format!("amount_parse({})", ident(header));
        let unread = format!("text_clean({}) IS NOT NULL AND {amount} IS NULL", ident(header));
        let sql = format!(
            "SELECT CAST(CAST(coalesce(sum({amount}), 0) * 100 AS DECIMAL(38, 0)) AS VARCHAR), \
             CAST(coalesce(sum(CASE WHEN {unread} THEN 1 ELSE 0 END), 0) AS BIGINT) FROM {VIEW}"
        );
        let batches = session::collect(&run.ctx, "control totals", &sql).await?;
        let Some(row) = batches.iter().find(|batch| batch.num_rows() > 0) else { continue };
        let sum = text(row, 0, 0).parse::<i128>().unwrap_or_default();
        let unread = whole(row, 1, 0);
        if sum != *total || unread > 0 {
            let (sum, total) = (decimal(sum), decimal(*total));
            let mut words = format!("`{header}` adds up to {sum}, {total} expected");
            if unread > 0 {
                words.push_str(&format!(" ({unread} of its cells are no amounts)"));
            }
            said.push(words);
        }
    }
    for rule in &expected.rules {
        let sql = format!(
            "SELECT count(*) FROM (SELECT *, {} AS broken FROM {VIEW}) AS looked WHERE broken",
            broken(source, rule)
        );
        let rows = session::count(&run.ctx, "expectations", &sql).await?;
        if rows > 0 {
            let headers = rule.headers.join("`, `");
            said.push(format!(
                "{rows} rows where, under `{headers}`, {}",
                reject_rule(rule).reason()
            ));
        }
    }
    Ok(said)
}

/// Takes the rows that break a rule out of the landed file.
async fn reject_rows(
    run: &Run<'_>,
    source: &Source,
    path: &Path,
    landing: &mut Landing,
) -> Result<(), Error> {
    let rules = &source.expect.reject;
    let columns: Vec<String> =
        session::parquet_schema(path)?.fields().iter().map(|field| ident(field.name())).collect();
    let cases: Vec<String> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| format!("WHEN {} THEN {at}", broken(source, rule)))
        .collect();
    let looked = format!(
        "(SELECT *, CAST(CASE {} END AS BIGINT) AS \"broken rule\" FROM {VIEW}) AS looked",
        cases.join(" ")
    );
    let sql = format!(
        "SELECT file, sheet, row, \"broken rule\", {} FROM {looked}\n\
         WHERE \"broken rule\" IS NOT NULL ORDER BY file, sheet, row LIMIT {}",
        columns[LINEAGE_COLUMNS..].join(", "),
        REJECTS_MAX + 1
    );
    let mut rejects = Vec::new();
    for batch in session::collect(&run.ctx, "rejected rows", &sql).await? {
        rejects.extend((0..batch.num_rows()).map(|at| reject(&batch, at, rules)));
    }
    if rejects.is_empty() {
        return Ok(());
    }
    if rejects.len() > REJECTS_MAX {
        return Err(Error::Dumps(vec![Diagnostic {
            position: source.position.clone(),
            message: format!(
                "source `{}`: more than {REJECTS_MAX} rows break [expect.reject]",
                source.id
            ),
            hint: Some("look at the rules and at the dump's columns".to_owned()),
        }]));
    }
    let kept = path.with_extension("kept.parquet");
    let sql = format!(
        "SELECT {} FROM {looked} WHERE \"broken rule\" IS NULL ORDER BY file, sheet, row",
        columns.join(", ")
    );
    // Landed copies carry no class: whatever has none counts as secret.
    let classes = session::Classes::new();
    let rows = session::write(&run.ctx, "kept rows", &sql, &kept, &classes).await?;
    std::fs::rename(&kept, path).map_err(Error::io("cannot rename", &kept))?;
    count(landing, rejects, rows)
}

/// Counts rejected rows where they stood.
fn count(landing: &mut Landing, rejects: Vec<Reject>, rows: u64) -> Result<(), Error> {
    if rows + rejects.len() as u64 != landing.rows {
        return Err(Error::Counts("rows held to what their source expects".to_owned()));
    }
    let mut counts: Vec<_> = landing.files.iter_mut().flat_map(|file| &mut file.counts).collect();
    for reject in &rejects {
        let place = counts
            .iter_mut()
            .find(|counts| (&counts.file, &counts.sheet) == (&reject.file, &reject.sheet));
        let Some(place) = place else {
            return Err(Error::Counts("a rejected row of a file that was not read".to_owned()));
        };
        place.rows_landed -= 1;
        place.rows_rejected += 1;
    }
    landing.rows = rows;
    landing.rejects.extend(rejects);
    landing.rejects.sort_by(|a, b| (&a.file, &a.sheet, a.row).cmp(&(&b.file, &b.sheet, b.row)));
    Ok(())
}

fn reject(batch: &RecordBatch, at: usize, rules: &[RowRule]) -> Reject {
    let broken = usize::try_from(whole(batch, 3, at)).ok().and_then(|rule| rules.get(rule));
    let rule = broken.map_or(RejectRule::ValueNotAllowed, reject_rule);
    let cell = |column| {
        let texts = batch.column(column).as_string_opt::<i32>()?;
        texts.is_valid(at).then(|| cut(texts.value(at), CELL_BYTES_MAX))
    };
    let cells: Vec<Option<String>> = (LINEAGE_COLUMNS + 1..batch.num_columns()).map(cell).collect();
    let joined: Vec<&str> = cells.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
    Reject {
        file: text(batch, 0, at),
        sheet: text(batch, 1, at),
        row: whole(batch, 2, at),
        rule,
        column: broken.map(|rule| rule.headers.join(" + ")),
        reason: rule.reason().to_owned(),
        raw: cut(&joined.join("\t"), RAW_BYTES_MAX),
        cells,
    }
}

/// A text cut at a character's start.
fn cut(text: &str, bytes_max: usize) -> String {
    let end = (0..=bytes_max.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text[..end.unwrap_or_default()].to_owned()
}

fn reject_rule(rule: &RowRule) -> RejectRule {
    match rule.must {
        Must::BeFilled => RejectRule::ValueMissing,
        Must::BeUnique => RejectRule::Repeated,
        Must::BeOneOf(_) => RejectRule::ValueNotAllowed,
        Must::BeNumber => RejectRule::NotANumber,
        Must::BeDate => RejectRule::NotADate,
    }
}

/// When a row breaks a rule, in SQL; never NULL.
fn broken(source: &Source, rule: &RowRule) -> String {
    let cells: Vec<String> =
        rule.headers.iter().map(|header| format!("text_clean({})", ident(header))).collect();
    let cell = cells.join(" || chr(31) || ");
    match &rule.must {
        Must::BeFilled => format!("({cell} IS NULL)"),
        Must::BeOneOf(allowed) => {
            let allowed: Vec<String> = allowed.iter().map(|text| literal(text)).collect();
            format!("({cell} IS NOT NULL AND {cell} NOT IN ({}))", allowed.join(", "))
        }
        Must::BeNumber => format!("({cell} IS NOT NULL AND amount_parse({cell}) IS NULL)"),
        Must::BeDate => {
            let column = source.columns.iter().find(|column| rule.headers.contains(&column.header));
            let layout = column.and_then(|column| column.layout.as_deref());
            let layout = literal(layout.unwrap_or(&source.layout));
            format!("({cell} IS NOT NULL AND date_parse({cell}, {layout}) IS NULL)")
        }
        Must::BeUnique => format!(
            "({cell} IS NOT NULL AND row_number() OVER (PARTITION BY {cell} ORDER BY file, sheet, row) > 1)"
        ),
    }
}

fn outside(count: u64, bounds: Bounds) -> Option<String> {
    if (bounds.min..=bounds.max).contains(&count) {
        return None;
    }
    Some(match (bounds.min, bounds.max) {
        (min, max) if min == max => min.to_string(),
        (min, u64::MAX) => format!("{min} or more"),
        (min, max) => format!("{min} to {max}"),
    })
}

fn is_match(pattern: &str, name: &str) -> bool {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(name))
}

fn days_between(from: &str, to: &str) -> Option<i64> {
    let date = |text: &str| text.parse::<chrono::NaiveDate>().ok();
    Some(date(to)?.signed_duration_since(date(from)?).num_days())
}

fn decimal(hundredths: i128) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let amount = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", amount / 100, amount % 100)
}

fn text(batch: &RecordBatch, column: usize, at: usize) -> String {
    let texts = batch.column(column).as_string_opt::<i32>().filter(|texts| texts.is_valid(at));
    texts.map(|texts| texts.value(at).to_owned()).unwrap_or_default()
}

fn whole(batch: &RecordBatch, column: usize, at: usize) -> u64 {
    let numbers = batch.column(column).as_primitive_opt::<Int64Type>();
    numbers.filter(|numbers| numbers.is_valid(at)).map_or(0, |numbers| numbers.value(at) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_amounts_and_days() {
        let exactly = Bounds { min: 5, max: 5 };
        assert_eq!(outside(5, exactly), None);
        assert_eq!(outside(6, exactly).as_deref(), Some("5"));
        assert_eq!(outside(6, Bounds { min: 7, max: u64::MAX }).as_deref(), Some("7 or more"));
        assert_eq!(outside(6, Bounds { min: 0, max: 5 }).as_deref(), Some("0 to 5"));
        assert_eq!(
            (decimal(-205).as_str(), decimal(1_590_345_000).as_str()),
            ("-2.05", "15903450.00")
        );
        assert_eq!(days_between("2026-10-01", "2026-11-01"), Some(31));
        assert!(is_match("pensions/*guntur*.csv", "pensions/list_guntur_10.csv"));
        assert!(!is_match("*guntur*.csv", "pensions/list_guntur.csv"));
    }
}
