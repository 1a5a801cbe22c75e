//! The main job on the sample: reports, counts, accuracy, the same bytes again.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::{Sandbox, count, ehsaas_run, files, query, receipt, root, sample_run};

crate::tests!(
    stdout_is_the_receipts_path_and_nothing_else,
    every_report_has_the_columns_of_its_contract,
    every_record_is_in_routing_once,
    rows_read_are_landed_rejected_or_skipped,
    truth_is_met,
    same_bytes_with_one_two_and_eight_threads,
    a_department_is_added_by_one_file,
    planted_things_are_found,
    folders_and_files_are_private,
    the_second_programme_runs_too,
);

fn stdout_is_the_receipts_path_and_nothing_else() {
    let sandbox = Sandbox::with_data();
    let outcome = sandbox.run(&["--progress", "none"]).expect(0);
    let path = outcome.stdout.trim_end();
    assert_eq!(outcome.stdout, format!("{path}\n"));
    assert!(path.ends_with("receipt.json") && sandbox.path(path).is_file(), "{path}");
    assert!(outcome.stderr.contains("DEVELOPMENT KEY"), "{}", outcome.stderr);
}

fn every_report_has_the_columns_of_its_contract() {
    let sandbox = sample_run();
    let package: Value =
        serde_json::from_str(&sandbox.read("out/latest/datapackage.json")).expect("a data package");
    let mut seen = BTreeSet::new();
    for resource in package["resources"].as_array().expect("resources") {
        let name = resource["path"].as_str().expect("a path").to_owned();
        let Some(report) = name.strip_prefix("reports/").and_then(|n| n.strip_suffix(".parquet"))
        else {
            continue;
        };
        let wanted: Vec<&str> = resource["schema"]["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .map(|field| field["name"].as_str().expect("a name"))
            .collect();
        let csv = sandbox.milaan([
            "sql",
            "out/latest",
            &format!("SELECT * FROM {report} LIMIT 0"),
            "--format",
            "csv",
        ]);
        let csv = if csv.code == 0 { csv.stdout } else { wanted.join(",") };
        assert_eq!(csv.lines().next().unwrap_or_default(), wanted.join(","), "{report}");
        seen.insert(report.to_owned());
    }
    let wanted = [
        "routing",
        "matches",
        "mismatches",
        "duplicates",
        "enrolments",
        "rejects",
        "issues",
        "scorecard",
    ];
    for report in wanted {
        assert!(seen.contains(report), "no report {report}");
        assert!(
            sandbox.path(&format!("out/latest/reports/{report}.csv")).is_file(),
            "{report}.csv"
        );
    }
}

fn every_record_is_in_routing_once() {
    let sandbox = sample_run();
    let truth = csv_rows(
        &std::fs::read_to_string(root().join("sample-data/people-hub/truth.csv")).expect("truth"),
    );
    let place = |row: &BTreeMap<String, String>| {
        (row["source_id"].clone(), row["file"].clone(), row["sheet"].clone(), row["row"].clone())
    };
    let in_truth: BTreeSet<_> = truth.iter().map(place).collect();
    assert_eq!(in_truth.len(), truth.len());
    let rows = query(sandbox, "SELECT source_id, file, sheet, row FROM routing");
    let routed: Vec<_> = rows
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            (text("source_id"), text("file"), text("sheet"), row["row"].to_string())
        })
        .collect();
    assert_eq!(routed.len(), in_truth.len());
    assert_eq!(routed.into_iter().collect::<BTreeSet<_>>(), in_truth);
}

fn rows_read_are_landed_rejected_or_skipped() {
    let receipt = receipt(sample_run(), "out/latest");
    let mut total_lines = 0;
    for input in receipt["inputs"].as_array().expect("inputs") {
        for file in input["files"].as_array().expect("files") {
            let n = |name: &str| file[name].as_u64().expect(name);
            assert_eq!(
                n("rows_read"),
                n("rows_landed") + n("rows_rejected") + n("rows_skipped"),
                "{file}"
            );
            let skipped = file["skipped"].as_array().expect("skipped");
            assert_eq!(skipped.len() as u64, n("rows_skipped"), "each skipped line is listed");
            assert!(skipped.iter().all(|line| line["rule"].is_string() && line["row"].is_u64()));
            total_lines += skipped.iter().filter(|line| line["rule"] == "total_line").count();
        }
    }
    assert_eq!(total_lines, 6, "two sheets and four ration files end in a total");
}

fn truth_is_met() {
    let sandbox = sample_run();
    let outcome = sandbox.milaan(["eval", "out/latest", "data/truth.csv", "--json"]).expect(0);
    let judged: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let rate = |name: &str| judged["accepted"][name].as_f64().expect(name);
    assert!(rate("precision") >= 0.99, "precision {}", rate("precision"));
    assert!(rate("recall") >= 0.93, "recall {}", rate("recall"));
    assert_eq!(judged["truth_without_record"], 0);
    assert_eq!(judged["records_without_truth"], 0);
}

fn same_bytes_with_one_two_and_eight_threads() {
    let first = files(&sample_run().path("out/latest/reports"));
    assert!(!first.is_empty());
    let sandbox = Sandbox::with_sample();
    for threads in ["1", "8"] {
        sandbox.run(&["--threads", threads]).expect(0);
        let now = files(&sandbox.path("out/latest/reports"));
        for (name, bytes) in &first {
            assert!(now.get(name) == Some(bytes), "{name} differs with {threads} threads");
        }
        assert_eq!(now.len(), first.len());
    }
}

fn a_department_is_added_by_one_file() {
    let sandbox = Sandbox::with_data();
    sandbox.write(
        "pipelines/people-hub/sources/housing.toml",
        r#"id = "housing"
title = "Housing applications"
department = "Housing Corporation"

[files]
paths = ["housing/*.csv"]

[record]
key = ["App No"]

[columns]
"App No" = { field = "identifier", role = "application" }
"Applicant" = { field = "person_name" }
"Husband" = { field = "relative_name" }
"Born" = { field = "birth_date", layout = "dmy" }
"Mobile" = { field = "phone" }
"Village" = { field = "place", role = "village" }
"Mandal" = { field = "place", role = "mandal" }
"#,
    );
    // People of the registry, as the new department wrote them.
    let registry = csv_rows(&sandbox.read("data/registry/people_hub.csv"));
    let mut dump = String::from("App No,Applicant,Husband,Born,Mobile,Village,Mandal\n");
    for (n, person) in
        registry.iter().filter(|p| !p["Mobile"].is_empty()).step_by(11).take(20).enumerate()
    {
        let cells = ["Name", "Relative Name", "Date of Birth", "Mobile", "Village", "Mandal"]
            .map(|name| person[name].clone());
        dump.push_str(&format!("HS{n},{}\n", cells.join(",")));
    }
    sandbox.write("data/housing/applications.csv", &dump);
    sandbox.run(&[]).expect(0);
    assert_eq!(count(&sandbox, "SELECT count(*) FROM routing WHERE source_id = 'housing'"), 20);
    let found = count(
        &sandbox,
        "SELECT count(*) FROM routing WHERE source_id = 'housing' AND lookup = 'found'",
    );
    assert!(found >= 17, "{found} of 20 found");
    assert_eq!(count(&sandbox, "SELECT count(*) FROM scorecard WHERE source_id = 'housing'"), 1);
}

fn planted_things_are_found() {
    let sandbox = sample_run();
    for (what, sql) in [
        ("duplicates", "SELECT count(*) FROM duplicates WHERE scope = 'within_source'"),
        ("mismatches", "SELECT count(DISTINCT kind) FROM mismatches"),
        ("enrolments", "SELECT count(*) FROM enrolments WHERE area = 'covered'"),
        ("authenticate", "SELECT count(*) FROM routing WHERE action = 'AUTHENTICATE'"),
        ("use registry", "SELECT count(*) FROM routing WHERE action = 'USE_REGISTRY'"),
        ("households", "SELECT count(*) FROM routing WHERE lookup = 'household_found'"),
        ("id conflicts", "SELECT count(*) FROM routing WHERE array_has(reasons, 'ID_CONFLICT')"),
        ("id issues", "SELECT count(*) FROM issues WHERE code = 'ID_INVALID_CHECKSUM'"),
        ("consent", "SELECT count(*) FROM issues WHERE code = 'CONSENT_MISSING'"),
    ] {
        assert!(count(sandbox, sql) > 0, "no {what}");
    }
    let released = "SELECT count(*) FROM mismatches AS m JOIN routing AS r ON r.source_id = m.source_id\n\
        AND r.record_id = m.record_id WHERE r.action = 'AUTHENTICATE' AND m.registry_value IS NOT NULL";
    assert_eq!(count(sandbox, released), 0);
}

fn folders_and_files_are_private() {
    use std::os::unix::fs::PermissionsExt as _;
    fn look(path: &std::path::Path) {
        let mode = std::fs::symlink_metadata(path).expect("metadata").permissions().mode() & 0o777;
        if path.is_symlink() {
            return;
        }
        if path.is_dir() {
            assert_eq!(mode, 0o700, "{}", path.display());
            for entry in std::fs::read_dir(path).expect("a folder") {
                look(&entry.expect("an entry").path());
            }
        } else {
            assert_eq!(mode, 0o600, "{}", path.display());
        }
    }
    let sandbox = sample_run();
    look(&sandbox.path("out/state"));
    look(&sandbox.path("out/runs"));
}

/// Pakistan's programme by the same program: what differs is in its folder.
fn the_second_programme_runs_too() {
    let outcome = ehsaas_run().milaan(["eval", "out/latest", "data/truth.csv", "--json"]).expect(0);
    let judged: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
    let rate = |name: &str| judged["accepted"][name].as_f64().expect(name);
    assert!(rate("precision") >= 0.99, "precision {}", rate("precision"));
    assert!(rate("recall") >= 0.93, "recall {}", rate("recall"));
    assert_eq!(judged["records_without_truth"], 0);
}

/// Rows of a CSV by header; lines of another width, of which the samples' lists have some, are left out.
pub(crate) fn csv_rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let text = text.trim_start_matches('\u{feff}').as_bytes();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
    let header = reader.headers().expect("a header").clone();
    let rows = reader.records().map(|row| row.expect("CSV rows"));
    let cells = |row: csv::StringRecord| {
        header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect()
    };
    rows.filter(|row| row.len() == header.len()).map(cells).collect()
}
