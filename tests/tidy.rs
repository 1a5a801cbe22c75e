//! Sizes and habits (style.md C7): a file over its ceiling, a function over 60 lines, a machine's path, a missing slt.

use std::path::Path;

use crate::harness::{files, root};

crate::tests!(
    rust_files_are_short,
    functions_are_short,
    pipeline_files_are_short,
    modules_say_their_job,
    no_machine_in_the_files,
    every_function_and_report_has_an_slt,
    every_report_is_ordered_by_its_key,
);

const RUST_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 60;
/// A test is a table, and a table may be longer.
const TEST_LINES_MAX: usize = 80;

/// Rust sources by path relative to the workspace, without tests of their own.
fn rust_files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in ["crates", "tests"] {
        for (name, bytes) in files(&root().join(folder)) {
            if has_extension(&name, "rs") {
                found.push((
                    format!("{folder}/{name}"),
                    String::from_utf8_lossy(&bytes).into_owned(),
                ));
            }
        }
    }
    assert!(found.len() > 100);
    found
}

/// Whether a file's name has this extension.
fn has_extension(name: &str, extension: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == extension)
}

fn rust_files_are_short() {
    for (name, text) in rust_files() {
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let lines = code.lines().count();
        assert!(lines <= RUST_LINES_MAX, "{name} has {lines} lines, more than {RUST_LINES_MAX}");
    }
}

/// A function begins at `fn` on a line and ends at the first line with its own indent and a closing brace.
fn functions_are_short() {
    for (name, text) in rust_files() {
        let lines: Vec<&str> = text.lines().collect();
        let is_test =
            name.ends_with("tests.rs") || name.contains("/tests/") || name.starts_with("tests/");
        let most = if is_test { TEST_LINES_MAX } else { FUNCTION_LINES_MAX };
        for (at, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let head = line.trim_start();
            let begins = [
                "fn ",
                "pub fn ",
                "pub(crate) fn ",
                "pub(super) fn ",
                "async fn ",
                "pub(crate) async fn ",
                "pub async fn ",
                "const fn ",
                "pub const fn ",
            ]
            .iter()
            .any(|start| head.starts_with(start));
            if !begins || head.ends_with(';') {
                continue;
            }
            let close = format!("{}}}", " ".repeat(indent));
            let length =
                lines[at..].iter().position(|line| *line == close).map_or(0, |end| end + 1);
            assert!(length <= most, "{name}:{} is a function of {length} lines", at + 1);
        }
    }
}

fn pipeline_files_are_short() {
    // A table of places is as long as the list of them.
    let is_table = |name: &str| name.contains("/places/") && has_extension(name, "csv");
    for (name, bytes) in files(&root().join("pipelines")) {
        if is_table(&name) {
            continue;
        }
        let lines = String::from_utf8_lossy(&bytes).lines().count();
        let most = if has_extension(&name, "sql") { 120 } else { 200 };
        assert!(lines <= most, "pipelines/{name} has {lines} lines, more than {most}");
    }
}

fn modules_say_their_job() {
    for (name, text) in rust_files() {
        assert!(text.starts_with("//!"), "{name} does not begin by saying its job");
    }
}

fn no_machine_in_the_files() {
    let marks = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/ho", "me/"].concat()];
    for folder in ["crates", "tests", "pipelines", "docs", "benches", ".ci"] {
        if !root().join(folder).is_dir() {
            continue;
        }
        for (name, bytes) in files(&root().join(folder)) {
            let text = String::from_utf8_lossy(&bytes);
            for mark in &marks {
                assert!(!text.contains(mark.as_str()), "{folder}/{name} names a path of a machine");
            }
        }
    }
}

fn every_function_and_report_has_an_slt() {
    for function in milaan_functions::FUNCTIONS {
        let path = root().join(format!("tests/slt/functions/{}.slt", function.name));
        assert!(path.is_file(), "no tests/slt/functions/{}.slt", function.name);
    }
    for name in files(&root().join("pipelines")).keys().filter(|name| name.contains("reports/")) {
        let report =
            name.rsplit('/').next().and_then(|file| file.split('.').next()).unwrap_or_default();
        assert!(
            root().join(format!("tests/slt/reports/{report}.slt")).is_file(),
            "no tests/slt/reports/{report}.slt"
        );
    }
}

fn every_report_is_ordered_by_its_key() {
    for (name, bytes) in files(&root().join("pipelines")) {
        if name.contains("reports/") && has_extension(&name, "sql") {
            let text = String::from_utf8_lossy(&bytes);
            assert!(text.contains("\nORDER BY "), "pipelines/{name} has no order");
        }
    }
}
