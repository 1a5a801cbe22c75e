//! No identifier of the sample in any byte that leaves, in any log, error or receipt.

use std::collections::BTreeSet;

use crate::harness::{Sandbox, files, root, sample, sample_run};
use crate::sample::csv_rows;

crate::tests!(
    no_generated_identifier_leaves,
    stages_hold_no_secret_in_the_clear,
    an_identifier_that_slips_through_stops_the_run,
    the_terminal_has_a_clearance_too,
    errors_name_rows_not_values,
    a_new_installation_gets_a_key_of_its_own,
);

/// Every national id, phone and account number in the sample's dumps: digits of 9 or more from CSV and workbook cells, but
/// for the ration cards and keys that are letters and digits.
fn identifiers() -> BTreeSet<String> {
    let data = root().join("sample-data/people-hub");
    let mut found = BTreeSet::new();
    let mut note = |cell: &str| {
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        let only_number = cell.chars().all(|c| c.is_ascii_digit() || " +-".contains(c));
        if only_number && (10..=18).contains(&digits.len()) {
            found.insert(digits);
        }
    };
    for name in ["registry/people_hub.csv", "scholarships/scholarships_2026.csv"] {
        let text = std::fs::read_to_string(data.join(name)).expect(name);
        csv_rows(&text).iter().flat_map(|row| row.values()).for_each(|cell| note(cell));
    }
    for entry in std::fs::read_dir(data.join("ration")).expect("ration") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a file");
        text.split([';', '\n', '\r']).for_each(&mut note);
    }
    use calamine::{Data, Reader as _};
    let mut workbook = calamine::open_workbook_auto(data.join("pensions/pensions_2026_10.xlsx"))
        .expect("a workbook");
    for (_, sheet) in workbook.worksheets() {
        for cell in sheet.cells().map(|(_, _, cell)| cell) {
            match cell {
                Data::String(text) => note(text),
                Data::Float(number) => note(&format!("{number:.0}")),
                Data::Int(number) => note(&number.to_string()),
                _ => {}
            }
        }
    }
    found
}

fn digits_of(text: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(text);
    let mut found = BTreeSet::new();
    for run in text.split(|c: char| !(c.is_ascii_digit() || c == ' ' || c == '-')) {
        let joined: String = run.chars().filter(char::is_ascii_digit).collect();
        found.insert(joined);
        found.extend(run.split([' ', '-']).map(str::to_owned));
    }
    found
}

fn no_generated_identifier_leaves() {
    let (sandbox, outcome) = sample();
    let identifiers = identifiers();
    assert!(identifiers.len() > 8_000, "{} identifiers", identifiers.len());
    let mut looked_at = files(&sandbox.path("out/latest/reports"));
    let shared = files(&sandbox.path("out/latest/sync"));
    let lines = shared.into_iter().filter(|(name, _)| name.contains(".jsonl"));
    looked_at.extend(lines);
    for name in ["receipt.json", "datapackage.json", "lineage.jsonl"] {
        looked_at.insert(name.to_owned(), sandbox.read(&format!("out/latest/{name}")).into_bytes());
    }
    looked_at.insert("stderr".to_owned(), outcome.stderr.clone().into_bytes());
    looked_at.insert("stdout".to_owned(), outcome.stdout.clone().into_bytes());
    let reports: Vec<String> = looked_at
        .keys()
        .filter_map(|name| name.strip_suffix(".parquet").map(str::to_owned))
        .collect();
    for report in reports {
        let csv = sandbox
            .milaan([
                "sql",
                "out/latest",
                &format!("SELECT * FROM {report}"),
                "--format",
                "json",
                "--clearance",
                "restricted",
            ])
            .expect(0);
        looked_at.insert(format!("{report} as JSON"), csv.stdout.into_bytes());
    }
    assert!(looked_at.len() > 20);
    for (name, bytes) in &looked_at {
        let leaked = digits_of(bytes).intersection(&identifiers).count();
        assert_eq!(leaked, 0, "{leaked} identifiers in {name}");
    }
}

/// Past standardising, secret fields are tokens, masks and sealed bytes. (Phones, which are restricted, stay in the private
/// stages.)
fn stages_hold_no_secret_in_the_clear() {
    let sandbox = sample_run();
    let outcome =
        sandbox.milaan(["sql", "out/latest", "SELECT * FROM records", "--clearance", "restricted"]);
    assert_eq!(outcome.code, 2, "the sealed digits are secret");
    let columns = crate::harness::query(
        sandbox,
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'records'\n\
         AND (column_name LIKE 'national_id%' OR column_name LIKE 'bank_account%') ORDER BY 1",
    );
    let names: Vec<_> =
        columns.iter().map(|row| row["column_name"].as_str().unwrap_or_default()).collect();
    assert_eq!(
        names,
        [
            "bank_account_masked",
            "bank_account_token",
            "national_id_masked",
            "national_id_sealed",
            "national_id_token"
        ]
    );
}

fn an_identifier_that_slips_through_stops_the_run() {
    let sandbox = Sandbox::with_data();
    // A report that an analyst wrote with a number in a literal: no class can know, the scan of the bytes does.
    sandbox.edit(
        "pipelines/common/reports/enrolments.sql",
        "d.village, coalesce(d.mandal, d.tehsil) AS mandal",
        "'call 234123412346' AS village, d.mandal",
    );
    let outcome = sandbox.run(&[]).expect(1);
    assert!(outcome.stderr.contains("enrolments"), "{}", outcome.stderr);
    assert!(
        !outcome.stderr.contains("234123412346")
            && !sandbox.read(outcome.stdout.trim()).contains("234123412346")
    );
    assert!(!sandbox.path("out/latest").exists());
    let run = sandbox.path(outcome.stdout.trim());
    let published = files(run.parent().expect("the run's folder"));
    assert!(published.keys().all(|name| !name.starts_with("reports/")), "{:?}", published.keys());
}

fn the_terminal_has_a_clearance_too() {
    let sandbox = sample_run();
    let refused = sandbox.milaan(["sql", "out/latest", "SELECT phone FROM records"]).expect(2);
    assert!(
        refused.stderr.contains("column `phone`") && refused.stderr.contains("hint: mask it"),
        "{}",
        refused.stderr
    );
    for sql in [
        "SELECT count(phone), min(mask_phone(phone)) FROM records",
        "SELECT r.record_id FROM records AS r JOIN registry AS g ON g.phone = r.phone LIMIT 1",
    ] {
        sandbox.milaan(["sql", "out/latest", sql]).expect(0);
    }
    for sql in [
        "SELECT upper(person_name) FROM records",
        "SELECT max(phone) FROM records",
        "SELECT x FROM (SELECT concat('a', phone) AS x FROM records)",
        "SELECT phone AS village FROM records UNION ALL SELECT village FROM records",
        "SELECT CASE WHEN true THEN phone END FROM records",
        "SELECT (SELECT max(phone) FROM records)",
        "SELECT first_value(phone) OVER (ORDER BY record_id) FROM records",
        "SELECT unnest(person_name_keys) FROM records",
        "SELECT unnest(array_agg(phone)) FROM records",
        "SELECT record_id(0, person_name) FROM records",
        "SELECT case_key('x', phone) FROM records",
        "SELECT name_similarity(person_name, 'lakshmi devi') FROM records",
        "SELECT phone = concat('9', record_id) FROM records",
        "SELECT v.d FROM records AS s JOIN (VALUES ('1'), ('2')) AS v (d) ON substr(s.phone, 5, 1) = v.d",
        "SELECT name_similarity(s.person_name, v.n) FROM records AS s CROSS JOIN (VALUES ('a')) AS v (n)",
    ] {
        sandbox.milaan(["sql", "out/latest", sql]).expect(2);
    }
    for sql in [
        "CREATE TABLE t AS SELECT 1",
        "COPY (SELECT 1) TO 'x.csv'",
        "SET datafusion.execution.batch_size = 1",
    ] {
        sandbox.milaan(["sql", "out/latest", sql]).expect(2);
    }
}

fn errors_name_rows_not_values() {
    let sandbox = sample_run();
    let sql = "SELECT CAST(mask_phone(phone) AS INT) FROM records";
    let outcome = sandbox.milaan(["sql", "out/latest", sql]).expect(3);
    assert!(!outcome.stderr.contains("XXXXXX"), "{}", outcome.stderr);
}

fn a_new_installation_gets_a_key_of_its_own() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&["--out", "developing"]).expect(0);
    std::fs::remove_file(sandbox.path("data/invented.json")).expect("the mark");
    let first = sandbox.run(&[]).expect(0);
    assert!(first.stderr.contains("a new key was written"), "{}", first.stderr);
    let reports = files(&sandbox.path("out/latest/reports"));
    let second = sandbox.run(&[]).expect(0);
    assert!(!second.stderr.contains("key"), "{}", second.stderr);
    assert_eq!(files(&sandbox.path("out/latest/reports")), reports);
    let routing = |out: &str| sandbox.read(&format!("{out}/latest/reports/routing.csv"));
    assert_ne!(routing("out"), routing("developing"), "tokens follow the key");
    let receipt = crate::harness::receipt(&sandbox, "out/latest");
    assert_eq!(receipt["development_key"], false);
}
