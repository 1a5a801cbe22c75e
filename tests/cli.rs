//! The command line as people see it: exit code, stdout and stderr of whole commands, as snapshots.

use crate::harness::{Outcome, Sandbox, root, sample_run};

crate::tests!(
    help,
    usage_errors,
    run_plain,
    check,
    land,
    a_locked_workbook,
    explain,
    explain_plan,
    sql,
    eval,
    synth,
    errors,
    completions
);

/// Exit code, stdout and stderr, with what changes from run to run replaced.
fn picture(sandbox: &Sandbox, outcome: &Outcome) -> String {
    let folder = sandbox.path("").display().to_string();
    let text = format!(
        "exit: {}\n--- stdout\n{}--- stderr\n{}",
        outcome.code, outcome.stdout, outcome.stderr
    );
    let text = text.replace(folder.trim_end_matches('/'), "[DIR]");
    text.lines().map(|line| without_times(&without_run_id(line))).collect::<Vec<_>>().join("\n")
}

/// `people-hub-20261122T010000Z` → `[RUN]`.
fn without_run_id(line: &str) -> String {
    let mut out = line.to_owned();
    while let Some(at) = out.find("people-hub-2") {
        let end = out[at..].find(['/', ' ', '"']).map_or(out.len(), |end| at + end);
        out.replace_range(at..end, "[RUN]");
    }
    out
}

/// `…, 1.4 s` → `…, [TIME]`.
fn without_times(line: &str) -> String {
    match line.strip_suffix(" s").and_then(|line| line.rsplit_once(", ")) {
        Some((before, number)) if number.parse::<f64>().is_ok() => format!("{before}, [TIME]"),
        _ => line.to_owned(),
    }
}

fn help() {
    let sandbox = Sandbox::new();
    let mut text = sandbox.milaan(["--help"]).expect(0).stdout;
    for command in [
        "run",
        "check",
        "land",
        "explain",
        "review export",
        "review import",
        "sql",
        "eval",
        "train",
        "synth",
    ] {
        let args = command.split(' ').chain(["--help"]);
        text.push_str(&format!("\n=== {command}\n{}", sandbox.milaan(args).expect(0).stdout));
    }
    insta::assert_snapshot!("help", text);
}

fn usage_errors() {
    let sandbox = Sandbox::new();
    let mut text = String::new();
    for args in [
        &["rum"] as &[&str],
        &["run"],
        &["run", "pipelines/people-hub", "--memory", "4 parsecs"],
        &["run", "pipelines/people-hub", "--as-of", "31-10-2026"],
        &["sql", "SELECT 1", "--clearance", "secret"],
    ] {
        let outcome = sandbox.milaan(args).expect(2);
        text.push_str(&format!("$ milaan {}\n{}\n\n", args.join(" "), picture(&sandbox, &outcome)));
    }
    insta::assert_snapshot!("usage_errors", text);
}

fn run_plain() {
    let sandbox = Sandbox::with_data();
    let outcome = sandbox.run(&[]).expect(0);
    insta::assert_snapshot!("run_plain", picture(&sandbox, &outcome));
}

fn check() {
    let sandbox = Sandbox::with_data();
    let outcome = sandbox.milaan(["check", "pipelines/people-hub", "--data", "data"]).expect(0);
    insta::assert_snapshot!("check", picture(&sandbox, &outcome));
}

fn land() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "list.txt",
        "District list\n\nNo;Name;Amount\n1;Asha;10\n2;\"Ravi; Kumar\";20\nTotal;;30\n",
    );
    let outcome = sandbox.milaan(["land", "list.txt", "--to", "csv", "-o", "clean.csv"]).expect(0);
    let text =
        format!("{}\n--- clean.csv\n{}", picture(&sandbox, &outcome), sandbox.read("clean.csv"));
    insta::assert_snapshot!("land", text);
}

/// The password comes from the variable that is named, and stands in nothing that is said.
fn a_locked_workbook() {
    let sandbox = Sandbox::new();
    let locked = root().join("crates/ingest/src/tests/locked.xlsx");
    std::fs::copy(locked, sandbox.path("list.xlsx")).expect("copied");
    let land = ["land", "list.xlsx", "--to", "csv", "-o", "clean.csv"];
    let outcome = sandbox.milaan(land).expect(1);
    assert!(outcome.stderr.contains("--password-env NAME"), "{}", outcome.stderr);
    let named = land.into_iter().chain(["--password-env", "LIST_PASSWORD"]);
    let outcome = sandbox.milaan(named.clone()).expect(1);
    assert!(outcome.stderr.contains("`LIST_PASSWORD`"), "{}", outcome.stderr);
    for (password, code, said) in
        [("Hunter22", 1, "the one given is not it"), ("ऊँट-Secret1", 0, "2 landed")]
    {
        let outcome =
            sandbox.milaan_with(named.clone(), &[("LIST_PASSWORD", password)]).expect(code);
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
        assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains(password));
    }
    assert_eq!(sandbox.read("clean.csv"), "id,name\r\n1,Ravi\r\n2,Sita\r\n");
}

fn explain() {
    let sandbox = sample_run();
    let sql = "SELECT record_id FROM routing WHERE source_id = 'pensions' AND lookup = 'found' AND band = 'high'\n\
        ORDER BY record_id LIMIT 1";
    let record =
        crate::harness::query(sandbox, sql)[0]["record_id"].as_str().expect("a record").to_owned();
    let outcome = sandbox
        .milaan(["explain", "pipelines/people-hub", &format!("pensions/{record}")])
        .expect(0);
    insta::assert_snapshot!("explain", picture(sandbox, &outcome));
}

fn explain_plan() {
    let sandbox = Sandbox::new();
    let outcome = sandbox.milaan(["explain", "plan", "pipelines/people-hub"]).expect(0);
    insta::assert_snapshot!("explain_plan", outcome.stdout);
}

fn sql() {
    let sandbox = sample_run();
    let mut text = String::new();
    for format in ["table", "csv", "json"] {
        let sql = "SELECT source_id, records, rows_rejected FROM scorecard ORDER BY source_id";
        let outcome = sandbox.milaan(["sql", "out/latest", sql, "--format", format]).expect(0);
        text.push_str(&picture(sandbox, &outcome));
        text.push('\n');
    }
    let without_a_run = sandbox
        .milaan(["sql", "SELECT name_similarity('Lakshmi Devi', 'Devi Laxmi') > 0.9 AS alike"]);
    text.push_str(&picture(sandbox, &without_a_run));
    insta::assert_snapshot!("sql", text);
}

fn eval() {
    let sandbox = sample_run();
    let outcome = sandbox.milaan(["eval", "out/latest", "data/truth.csv"]).expect(0);
    insta::assert_snapshot!("eval", picture(sandbox, &outcome));
}

fn synth() {
    let sandbox = Sandbox::new();
    let args =
        "synth made --programme people-hub --residents 500 --records 200 --seed 3 --rates sample";
    let outcome = sandbox.milaan(args.split(' ')).expect(0);
    insta::assert_snapshot!("synth", picture(&sandbox, &outcome));
}

fn errors() {
    let sandbox = Sandbox::with_data();
    std::fs::remove_dir_all(sandbox.path("data/pensions")).expect("removed");
    let missing = picture(&sandbox, &sandbox.run(&["--progress", "none"]).expect(1));
    sandbox.edit(
        "pipelines/people-hub/sources/pensions.toml",
        "field = \"gender\"",
        "field = \"gendr\"",
    );
    sandbox.edit("pipelines/people-hub/pipeline.toml", "country = \"IN\"", "county = \"IN\"");
    let pipeline = picture(&sandbox, &sandbox.run(&[]).expect(2));
    let explain = picture(&sandbox, &sandbox.milaan(["sql", "nowhere", "SELECT 1"]).expect(2));
    insta::assert_snapshot!("errors", [missing, pipeline, explain].join("\n\n"));
}

fn completions() {
    let script = Sandbox::new().milaan(["completions", "bash"]).expect(0).stdout;
    assert!(script.contains("_milaan"));
}
