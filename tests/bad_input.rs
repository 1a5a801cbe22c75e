//! Bad input: a named problem with file, line and hint, and the exit code of DESIGN section 5; `latest` stays.

use crate::harness::{Outcome, Sandbox};

crate::tests!(
    a_missing_dump,
    a_missing_dump_that_may_wait,
    an_unreadable_file,
    an_empty_file,
    an_unknown_column,
    a_misspelt_semantic_field,
    two_sources_with_one_id,
    several_problems_at_once,
    a_pipeline_that_is_not_there,
    a_source_that_is_not_there,
    too_many_skipped_lines,
    a_report_above_its_clearance,
    a_report_that_cannot_be_planned,
    a_key_others_can_read,
    a_failed_check,
    a_report_and_its_contract_that_disagree,
    a_slip_in_a_policy,
    no_list_at_all,
    a_truth_that_is_none,
    sql_that_writes,
    a_registry_without_residents,
    a_list_cut_short,
    pipes_and_loops_in_the_data_folder,
    a_dump_named_by_a_number,
    another_key,
    a_disk_that_is_too_small,
);

/// The outcome has a code, and each word on stderr.
fn says(outcome: Outcome, code: i32, words: &[&str]) {
    let outcome = outcome.expect(code);
    for word in words {
        assert!(outcome.stderr.contains(word), "no `{word}` in:\n{}", outcome.stderr);
    }
}

fn a_missing_dump() {
    let sandbox = Sandbox::with_data();
    std::fs::remove_dir_all(sandbox.path("data/pensions")).expect("removed");
    says(
        sandbox.run(&[]),
        1,
        &["error: source `pensions` has no dump", "sources/pensions.toml:", "hint: "],
    );
    assert!(!sandbox.path("out/latest").exists());
    says(
        sandbox.milaan(["check", "pipelines/people-hub", "--data", "data"]),
        1,
        &["source `pensions` has no dump"],
    );
}

/// One absent dump does not stop the others: skipped the first time, the last landed copy afterwards.
fn a_missing_dump_that_may_wait() {
    let sandbox = Sandbox::with_data();
    let ration = sandbox.path("data/ration");
    let away = sandbox.path("away");
    std::fs::rename(&ration, &away).expect("moved away");
    says(sandbox.run(&[]), 0, &["source `ration_cards` has no dump", "left out"]);
    std::fs::rename(&away, &ration).expect("moved back");
    sandbox.run(&[]).expect(0);
    let with = crate::harness::count(&sandbox, "SELECT count(*) FROM routing");
    std::fs::rename(&ration, &away).expect("moved away");
    says(
        sandbox.run(&[]),
        0,
        &["source `ration_cards` has no dump", "its last landed copy is used"],
    );
    assert_eq!(crate::harness::count(&sandbox, "SELECT count(*) FROM routing"), with);
    let taken = crate::harness::query(
        &sandbox,
        "SELECT taken FROM scorecard WHERE source_id = 'ration_cards'",
    );
    assert_eq!(taken[0]["taken"], "use_last");
}

fn an_unreadable_file() {
    let sandbox = Sandbox::with_data();
    sandbox
        .write("data/pensions/pensions_2026_10.xlsx", "<html><body>Session expired</body></html>");
    says(
        sandbox.run(&[]),
        1,
        &["error: source `pensions`", "pensions_2026_10.xlsx", "sources/pensions.toml:"],
    );
}

fn an_empty_file() {
    let sandbox = Sandbox::with_data();
    sandbox.write("data/scholarships/scholarships_2026.csv", "");
    says(sandbox.run(&[]), 1, &["error: source `scholarships`", "scholarships_2026.csv", "empty"]);
}

fn an_unknown_column() {
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/people-hub/sources/scholarships.toml",
        "\"Student Name\"",
        "\"Studnt Name\"",
    );
    says(
        sandbox.run(&[]),
        1,
        &["Studnt Name", "did you mean `Student Name`?", "sources/scholarships.toml:"],
    );
}

fn a_misspelt_semantic_field() {
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/people-hub/sources/pensions.toml",
        "field = \"person_name\"",
        "field = \"persn_name\"",
    );
    says(
        sandbox.run(&[]),
        2,
        &["persn_name", "sources/pensions.toml:", "hint: did you mean `person_name`?"],
    );
    assert!(!sandbox.path("out").exists());
}

fn two_sources_with_one_id() {
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/people-hub/sources/scholarships.toml",
        "id = \"scholarships\"",
        "id = \"pensions\"",
    );
    says(sandbox.run(&[]), 2, &["pensions", "sources/scholarships.toml:", "pensions.toml"]);
}

fn several_problems_at_once() {
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/people-hub/sources/pensions.toml",
        "field = \"gender\"",
        "field = \"gendr\"",
    );
    sandbox.edit("pipelines/people-hub/sources/pensions.toml", "mode = \"full\"", "mode = \"ful\"");
    sandbox.edit("pipelines/people-hub/match/person_v1.toml", "at_least = 0.88", "at_least = 0.99");
    let outcome = sandbox.milaan(["check", "pipelines/people-hub"]).expect(2);
    assert!(outcome.stderr.matches("error:").count() >= 3, "{}", outcome.stderr);
}

fn a_pipeline_that_is_not_there() {
    let sandbox = Sandbox::new();
    says(sandbox.milaan(["run", "pipelines/people-hubb"]), 2, &["error:", "hint:"]);
}

fn a_source_that_is_not_there() {
    let sandbox = Sandbox::with_data();
    says(
        sandbox.run(&["--source", "pension"]),
        2,
        &["no source `pension`", "pensions, ration_cards, scholarships"],
    );
}

fn too_many_skipped_lines() {
    let sandbox = Sandbox::with_data();
    let name = "data/scholarships/scholarships_2026.csv";
    let text = sandbox.read(name);
    let header = text.lines().next().expect("a header").trim_start_matches('\u{feff}').to_owned();
    let polluted: String = text
        .lines()
        .enumerate()
        .map(|(n, line)| {
            if n > 0 && n % 8 == 0 {
                format!("{line}\r\n{header}\r\n")
            } else {
                format!("{line}\r\n")
            }
        })
        .collect();
    sandbox.write(name, &polluted);
    let outcome = sandbox.run(&[]);
    assert!(outcome.stdout.contains("receipt.json"), "published, but marked");
    says(
        outcome,
        1,
        &["were skipped below the header, more than 1 %", "sources/scholarships.toml:"],
    );
    assert!(!sandbox.path("out/latest").exists(), "latest does not move");
}

fn a_report_above_its_clearance() {
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/common/reports/enrolments.sql",
        "d.village, coalesce(d.mandal, d.tehsil) AS mandal",
        "concat('tel ', d.phone) AS village, d.mandal",
    );
    let outcome = sandbox.run(&[]);
    says(outcome, 2, &["column `village`", "restricted", "enrolments.sql", "hint: mask it"]);
    assert!(!sandbox.path("out/latest").exists());
}

fn a_report_that_cannot_be_planned() {
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/common/reports/enrolments.sql",
        "d.village, coalesce(d.mandal, d.tehsil) AS mandal",
        "d.vilage, d.mandal",
    );
    says(sandbox.run(&[]), 2, &["enrolments.sql", "vilage"]);
}

fn a_key_others_can_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::with_data();
    sandbox.write("out/state/people-hub/installation.key", &"ab".repeat(32));
    let path = sandbox.path("out/state/people-hub/installation.key");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("mode");
    says(sandbox.run(&[]), 3, &["can be read by others", "chmod 600"]);
}

fn a_failed_check() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let before = std::fs::read_link(sandbox.path("out/latest")).expect("latest");
    sandbox.write(
        "pipelines/people-hub/checks/no_enrolments.sql",
        "SELECT record_id FROM enrolments\n",
    );
    let outcome = sandbox.run(&[]);
    let receipt = sandbox.read(outcome.stdout.trim());
    assert!(receipt.contains("\"verdict\": \"failed\""), "{receipt}");
    says(outcome, 1, &["check `no_enrolments` returned"]);
    assert_eq!(std::fs::read_link(sandbox.path("out/latest")).expect("latest"), before);
}

/// Found by `check`, and by `run` before anything is landed.
fn a_report_and_its_contract_that_disagree() {
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/common/reports/enrolments.sql",
        "d.village, coalesce(d.mandal, d.tehsil) AS mandal",
        "d.mandal, d.village",
    );
    for words in [
        ["check", "pipelines/people-hub", "--data", "data"],
        ["run", "pipelines/people-hub", "--data", "data"],
    ] {
        says(sandbox.milaan(words), 2, &["enrolments.sql", "column `village`", "hint: "]);
    }
    assert!(!sandbox.path("out").exists());
}

fn a_slip_in_a_policy() {
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/people-hub/policy/stacking.toml",
        "permitted = false",
        "permited = false",
    );
    says(
        sandbox.run(&[]),
        2,
        &["`permited`", "policy/stacking.toml:", "did you mean `permitted`?"],
    );
}

fn no_list_at_all() {
    let sandbox = Sandbox::with_data();
    std::fs::remove_dir_all(sandbox.path("data/scholarships")).expect("removed");
    says(sandbox.run(&["--source", "scholarships"]), 1, &["no department's list takes part"]);
}

fn a_truth_that_is_none() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let outcome = sandbox.milaan(["eval", "out/latest", "data/registry/people_hub.csv"]);
    says(outcome, 2, &["is no truth file", "source_id,file,sheet,row,resident_ref,cases"]);
}

/// A report or check is a SELECT: anything else would be a door beside the one.
fn sql_that_writes() {
    let sandbox = Sandbox::with_data();
    let leak = sandbox.path("leak.csv");
    for sql in [
        format!("COPY (SELECT phone FROM records) TO '{}' STORED AS CSV", leak.display()),
        "CREATE TABLE mine AS SELECT 1".to_owned(),
        "DROP TABLE routing".to_owned(),
        "EXPLAIN SELECT 1".to_owned(),
    ] {
        sandbox.write("pipelines/people-hub/checks/a.sql", &sql);
        says(sandbox.run(&[]), 2, &["checks/a.sql"]);
        says(
            sandbox.milaan(["check", "pipelines/people-hub", "--data", "data"]),
            2,
            &["checks/a.sql"],
        );
    }
    assert!(!leak.exists());
}

fn a_registry_without_residents() {
    let sandbox = Sandbox::with_data();
    let text = sandbox.read("data/registry/people_hub.csv");
    sandbox.write(
        "data/registry/people_hub.csv",
        &format!("{}\n", text.lines().next().expect("a header")),
    );
    sandbox.run(&[]).expect(1);
    assert!(!sandbox.path("out/latest").exists());
}

fn a_list_cut_short() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let name = "data/scholarships/scholarships_2026.csv";
    let text = sandbox.read(name);
    sandbox.write(name, &text.lines().take(20).collect::<Vec<_>>().join("\r\n"));
    says(sandbox.run(&[]), 1, &["source `scholarships` has 19 records", "more than 40 % are gone"]);
}

fn pipes_and_loops_in_the_data_folder() {
    let sandbox = Sandbox::with_data();
    let folder = sandbox.path("data/scholarships");
    for link in ["l1", "l2"] {
        std::os::unix::fs::symlink("..", folder.join(link)).expect("a link");
    }
    let made = std::process::Command::new("mkfifo").arg(folder.join("z.csv")).status();
    assert!(made.is_ok_and(|status| status.success()));
    sandbox.run(&[]).expect(0);
}

fn a_dump_named_by_a_number() {
    let sandbox = Sandbox::with_data();
    let folder = sandbox.path("data/scholarships");
    std::fs::rename(folder.join("scholarships_2026.csv"), folder.join("list_9848012345.csv"))
        .expect("renamed");
    let outcome = sandbox.run(&[]);
    assert!(!outcome.stderr.contains("9848012345"));
    says(outcome, 1, &["the name of a dump of source `scholarships`", "hint: rename the file"]);
}

fn another_key() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::with_data();
    std::fs::remove_file(sandbox.path("data/invented.json")).expect("the mark");
    sandbox.run(&[]).expect(0);
    let path = sandbox.path("out/state/people-hub/installation.key");
    std::fs::write(&path, "ab".repeat(32)).expect("another key");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("mode");
    says(sandbox.run(&[]), 3, &["the state was kept under key", "hint: "]);
}

/// A file with a hole of eight terabytes takes no room, but what it would become would not fit.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn a_disk_that_is_too_small() {
    let sandbox = Sandbox::with_data();
    let list = sandbox.path("data/scholarships/scholarships_2026.csv");
    let opened = std::fs::OpenOptions::new().write(true).open(list).expect("opens");
    if opened.set_len(8 << 40).is_err() {
        eprintln!("skipped: this file system has no files of eight terabytes");
        return;
    }
    says(sandbox.run(&[]), 3, &["of disk below `out`", "are free", "hint: free some"]);
    assert!(!sandbox.path("out/latest").exists());
}
