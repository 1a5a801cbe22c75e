//! What a publication promises, each promise broken once.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder};
use milaan_model::{ColumnType, OutputFormat, ReportContract};
use serde_json::json;

use super::*;
use crate::report::testing::{column, contract};

/// Twelve digits that pass Verhoeff's check; invented.
const IDENTIFIER: &str = "234123412346";

struct Report {
    contract: ReportContract,
    rows: RecordBatch,
}

fn report(notes: Vec<&str>) -> Report {
    let columns = vec![column("row", ColumnType::Integer), column("note", ColumnType::Text)];
    let mut contract = contract(columns, &["row"]);
    contract.formats = vec![OutputFormat::Csv];
    let numbers = Int64Array::from_iter_values(1..=notes.len() as i64);
    let rows = RecordBatch::try_from_iter([
        ("row", Arc::new(numbers) as ArrayRef),
        ("note", Arc::new(StringArray::from(notes))),
    ])
    .expect("batch");
    Report { contract, rows }
}

fn write(publication: &mut Publication, report: &Report) {
    let mut writer =
        publication.reports().report(&report.contract, &report.rows.schema()).expect("opens");
    writer.write(&report.rows).expect("written");
    writer.finish().expect("finished");
}

fn prepared(out: &Path, run_id: &str, report: &Report) -> Publication {
    let mut publication = Publication::begin(out, run_id).expect("begins");
    write(&mut publication, report);
    publication
}

fn publish(out: &Path, run_id: &str, verdict: Verdict) -> PathBuf {
    let publication = prepared(out, run_id, &report(vec!["plain"]));
    publication.scan(2).expect("clean");
    publication.finish(&json!({ "run": run_id }), verdict).expect("published")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = private::entries(folder).expect("folder");
    entries
        .iter()
        .map(|entry| entry.path.file_name().expect("name").to_string_lossy().into_owned())
        .collect()
}

#[test]
fn published_whole_and_latest_moved() {
    let out = tempfile::tempdir().expect("folder");
    let receipt = publish(out.path(), "night-1", Verdict::Done);
    assert_eq!(receipt, out.path().join("runs/night-1/receipt.json"));
    assert_eq!(fs::read_link(out.path().join("latest")).expect("link"), Path::new("runs/night-1"));
    assert_eq!(names(out.path()), ["latest", "runs"]);
    let run = out.path().join("runs/night-1");
    assert_eq!(names(&run), ["datapackage.json", "receipt.json", "reports", "stages"]);
    assert_eq!(names(&run.join("reports")), ["routing.csv", "routing.parquet"]);
    private::check(&out.path().join("runs")).expect("private");
    let package: Value =
        serde_json::from_slice(&fs::read(run.join("datapackage.json")).expect("read"))
            .expect("json");
    assert_eq!(package["resources"][0]["path"], "reports/routing.parquet");
}

#[test]
fn the_next_night_takes_latest_over_and_a_failed_one_does_not() {
    let out = tempfile::tempdir().expect("folder");
    publish(out.path(), "night-1", Verdict::Done);
    publish(out.path(), "night-2", Verdict::Done);
    let latest = || fs::read_link(out.path().join("latest")).expect("link");
    assert_eq!(latest(), Path::new("runs/night-2"));
    publish(out.path(), "night-3", Verdict::Failed);
    assert_eq!(latest(), Path::new("runs/night-2"));
    assert!(out.path().join("runs/night-3/receipt.json").is_file());
}

#[test]
fn same_rows_same_package() {
    let out = tempfile::tempdir().expect("folder");
    let package = |run: &str| {
        publish(out.path(), run, Verdict::Done);
        fs::read(out.path().join("runs").join(run).join("datapackage.json")).expect("package")
    };
    assert_eq!(package("night-1"), package("night-2"));
}

#[test]
fn nothing_shows_before_the_end_and_nothing_stays_after_giving_up() {
    let out = tempfile::tempdir().expect("folder");
    let publication = prepared(out.path(), "night-1", &report(vec!["plain"]));
    assert_eq!(names(&out.path().join("runs")), [".preparing-night-1"]);
    assert!(!out.path().join("latest").exists());
    drop(publication);
    assert!(names(&out.path().join("runs")).is_empty());
}

#[test]
fn remains_of_a_crash_go_and_a_living_preparation_stays() {
    let out = tempfile::tempdir().expect("folder");
    private::create_dir_all(&out.path().join("runs/.preparing-dead/stages")).expect("remains");
    let alive = Publication::begin(out.path(), "alive").expect("begins");
    assert_eq!(names(&out.path().join("runs")), [".preparing-alive"]);
    let other = Publication::begin(out.path(), "other").expect("begins");
    assert!(alive.folder().is_dir() && other.folder().is_dir());
    assert!(matches!(Publication::begin(out.path(), "alive"), Err(Error::Busy { .. })));
}

#[test]
fn run_ids_name_one_folder_once() {
    let out = tempfile::tempdir().expect("folder");
    publish(out.path(), "night-1", Verdict::Done);
    assert!(matches!(Publication::begin(out.path(), "night-1"), Err(Error::RunExists { .. })));
    for run_id in ["", "..", ".hidden", "a/b", "a b"] {
        assert!(
            matches!(Publication::begin(out.path(), run_id), Err(Error::RunId { .. })),
            "{run_id}"
        );
    }
}

#[test]
fn unscanned_or_changed_output_is_refused() {
    let out = tempfile::tempdir().expect("folder");
    let receipt = json!({});
    let unscanned = prepared(out.path(), "a", &report(vec!["plain"]));
    assert!(matches!(unscanned.finish(&receipt, Verdict::Done), Err(Error::NotScanned { .. })));

    let added = prepared(out.path(), "b", &report(vec!["plain"]));
    added.scan(2).expect("clean");
    private::write_file(&added.folder().join("late.txt"), b"late").expect("written");
    let error = added.finish(&receipt, Verdict::Done).expect_err("refused");
    assert_eq!(
        error.to_string(),
        "late.txt has not been scanned for identifiers since it was written"
    );

    let changed = prepared(out.path(), "c", &report(vec!["plain"]));
    changed.scan(2).expect("clean");
    fs::write(changed.folder().join("reports/routing.csv"), "other").expect("written");
    assert!(matches!(changed.finish(&receipt, Verdict::Done), Err(Error::NotScanned { .. })));

    let removed = prepared(out.path(), "d", &report(vec!["plain"]));
    removed.scan(2).expect("clean");
    fs::remove_file(removed.folder().join("reports/routing.csv")).expect("removed");
    assert!(matches!(removed.finish(&receipt, Verdict::Done), Err(Error::NotScanned { .. })));
    assert!(names(&out.path().join("runs")).is_empty());
}

#[test]
fn what_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let out = tempfile::tempdir().expect("folder");
    let publication = prepared(out.path(), "a", &report(vec!["plain"]));
    let stage = publication.stages_folder().join("links.parquet");
    fs::write(&stage, "x").expect("written");
    fs::set_permissions(&stage, fs::Permissions::from_mode(0o644)).expect("mode");
    publication.scan(2).expect("clean");
    let error = publication.finish(&json!({}), Verdict::Done).expect_err("refused");
    assert!(matches!(error, Error::NotPrivate { mode: 0o644, .. }), "{error}");
}

#[test]
fn a_report_left_half_written_keeps_latest_where_it_is() {
    let out = tempfile::tempdir().expect("folder");
    let half = |run: &str| {
        let publication = Publication::begin(out.path(), run).expect("begins");
        let report = report(vec!["plain"]);
        let mut writer =
            publication.reports().report(&report.contract, &report.rows.schema()).expect("opens");
        writer.write(&report.rows).expect("written");
        drop(writer);
        assert!(names(&publication.folder().join("reports")).is_empty());
        publication.scan(2).expect("clean");
        publication
    };
    let error = half("a").finish(&json!({}), Verdict::Done).expect_err("refused");
    assert_eq!(error.to_string(), "report `routing` was begun and not finished");
    half("b").finish(&json!({}), Verdict::Failed).expect("published as failed");
}

#[test]
fn strays_among_the_reports_are_refused() {
    let out = tempfile::tempdir().expect("folder");
    let publication = prepared(out.path(), "a", &report(vec!["plain"]));
    private::write_file(&publication.folder().join("reports/other.csv"), b"a,b\r\n")
        .expect("written");
    publication.scan(2).expect("clean");
    assert!(matches!(publication.finish(&json!({}), Verdict::Done), Err(Error::Stray { .. })));
}

/// What a scan finds, without the kinds.
fn found(publication: &Publication) -> Vec<(String, Option<String>, u64)> {
    let leaks = publication.scan(2).expect_err("a leak");
    for leak in &leaks {
        assert!(!format!("{leak} {leak:?}").contains(IDENTIFIER), "{leak}");
    }
    leaks.into_iter().map(|leak| (leak.file, leak.column, leak.row_or_offset)).collect()
}

#[test]
fn leaks_in_csv_and_parquet_text() {
    let out = tempfile::tempdir().expect("folder");
    let note = format!("id {IDENTIFIER}.");
    let publication = prepared(out.path(), "a", &report(vec!["plain", &note]));
    let found = found(&publication);
    for file in ["reports/routing.csv", "reports/routing.parquet"] {
        assert!(found.contains(&(file.to_owned(), Some("note".to_owned()), 2)), "{found:?}");
    }
    let error = publication.finish(&json!({}), Verdict::Done).expect_err("refused");
    assert!(matches!(error, Error::NotScanned { .. }));
    assert!(!out.path().join("latest").exists());
}

#[test]
fn leaks_in_list_items_and_integers() {
    let out = tempfile::tempdir().expect("folder");
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.append_value([Some("EKYC_NO"), Some("REVIEW_BAND")]);
    lists.append_value([Some("EKYC_NO"), Some(IDENTIFIER)]);
    let numbers = Int64Array::from(vec![IDENTIFIER.parse::<i64>().expect("number"), i64::MAX]);
    let rows = RecordBatch::try_from_iter([
        ("number", Arc::new(numbers) as ArrayRef),
        ("reasons", Arc::new(lists.finish())),
    ])
    .expect("batch");
    let columns =
        vec![column("number", ColumnType::Integer), column("reasons", ColumnType::TextList)];
    let contract = contract(columns, &["number"]);
    let publication = prepared(out.path(), "a", &Report { contract, rows });
    let found = found(&publication);
    let file = || "reports/routing.parquet".to_owned();
    assert!(found.contains(&(file(), Some("number".to_owned()), 1)), "{found:?}");
    assert!(found.contains(&(file(), Some("reasons".to_owned()), 2)), "{found:?}");
}

#[test]
fn an_account_beside_its_bank_is_seen_across_columns() {
    let out = tempfile::tempdir().expect("folder");
    let texts = |text| Arc::new(StringArray::from(vec!["x", text])) as ArrayRef;
    let rows = RecordBatch::try_from_iter([
        ("row", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef),
        ("branch", texts("SBIN0001234")),
        ("account", texts("30123456789")),
    ])
    .expect("batch");
    let columns = vec![
        column("row", ColumnType::Integer),
        column("branch", ColumnType::Text),
        column("account", ColumnType::Text),
    ];
    let publication =
        prepared(out.path(), "a", &Report { contract: contract(columns, &["row"]), rows });
    assert_eq!(found(&publication), [("reports/routing.parquet".to_owned(), None, 2)]);
}

#[test]
fn digits_of_other_scripts_are_digits() {
    let out = tempfile::tempdir().expect("folder");
    let publication = prepared(out.path(), "a", &report(vec!["ఆధార్ ౨౩౪౧౨౩౪౧౨౩౪౬"]));
    assert_eq!(found(&publication).len(), 2);
}

#[test]
fn leaks_in_other_files_names_and_footers() {
    let out = tempfile::tempdir().expect("folder");
    let mut plain = report(vec!["plain"]);
    plain.contract.title = format!("Routing of {IDENTIFIER}");
    let publication = prepared(out.path(), "a", &plain);
    let sync = publication.folder().join("sync/pensions");
    private::create_dir_all(&sync).expect("folder");
    let lines = format!("{{\"a\":1}}\n{{\"inputs\":[{{\"name\":\"{IDENTIFIER}\"}}]}}\n");
    private::write_file(&sync.join("lineage.jsonl"), lines.as_bytes()).expect("written");
    private::write_file(&sync.join(IDENTIFIER), b"nothing").expect("written");
    let leaks = publication.scan(2).expect_err("leaks");
    let found: Vec<String> = leaks.iter().map(|leak| leak.file.clone()).collect();
    assert!(found.contains(&"reports/routing.parquet".to_owned()), "{found:?}");
    assert!(leaks.iter().any(|leak| leak.column.as_deref() == Some("/inputs/0/name") && leak.row_or_offset == 2));
    assert!(leaks.iter().any(|leak| leak.column.as_deref() == Some("file name")));
}

#[test]
fn what_cannot_be_read_counts_as_a_leak() {
    let out = tempfile::tempdir().expect("folder");
    for (run, name, bytes) in [
        ("a", "broken.parquet", &b"PAR1"[..]),
        ("b", "picture.bin", &[0xff, 0xfe, 0x00][..]),
        ("c", "hidden.txt", b"2\x003\x004"),
        ("d", "broken.json", b"{"),
    ] {
        let publication = prepared(out.path(), run, &report(vec!["plain"]));
        private::write_file(&publication.folder().join(name), bytes).expect("written");
        let leaks = publication.scan(2).expect_err("unreadable");
        assert_eq!((leaks[0].kind, leaks[0].file.as_str()), ("unreadable", name));
    }
    let publication = prepared(out.path(), "e", &report(vec!["plain"]));
    symlink("/etc/passwd", publication.folder().join("link")).expect("link");
    assert_eq!(publication.scan(2).expect_err("link")[0].kind, "unreadable");
}

#[test]
fn altered_reports_are_seen() {
    let out = tempfile::tempdir().expect("folder");
    let publication = prepared(out.path(), "a", &report(vec!["plain"]));
    fs::write(publication.folder().join("reports/routing.csv"), "row,note\r\n").expect("written");
    assert_eq!(publication.scan(2).expect_err("altered")[0].kind, "altered");
}

#[test]
fn a_leak_in_the_receipt_stops_everything() {
    let out = tempfile::tempdir().expect("folder");
    let publication = prepared(out.path(), "a", &report(vec!["plain"]));
    publication.scan(2).expect("clean");
    let receipt =
        json!({ "bytes": 7_340_032_000_u64, "inputs": [{ "file": format!("{IDENTIFIER}.csv") }] });
    let error = publication.finish(&receipt, Verdict::Done).expect_err("refused");
    let text = error.to_string();
    assert!(
        text.contains("receipt.json, `/inputs/0/file`") && !text.contains(IDENTIFIER),
        "{text}"
    );
    assert!(names(&out.path().join("runs")).is_empty() && !out.path().join("latest").exists());
}

#[test]
fn money_is_not_taken_for_a_number_of_somebody() {
    let out = tempfile::tempdir().expect("folder");
    let total: i128 = IDENTIFIER.parse::<i128>().expect("number") * 100;
    let rows = RecordBatch::try_from_iter([(
        "total",
        Arc::new(
            arrow::array::Decimal128Array::from(vec![total])
                .with_precision_and_scale(18, 2)
                .expect("decimal"),
        ) as ArrayRef,
    )])
    .expect("batch");
    let mut contract = contract(vec![column("total", ColumnType::Decimal)], &["total"]);
    contract.formats = vec![OutputFormat::Csv];
    prepared(out.path(), "a", &Report { contract, rows }).scan(2).expect("clean");
}

#[test]
fn may_be_handed_from_thread_to_thread() {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>() {}
    shared::<Publication>();
    sent::<ReportWriter>();
}
