//! Who may depend on whom (DESIGN section 2): the "never" column, held against the direct dependencies.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::harness::root;

crate::tests!(never_depends_on, every_crate_is_known, files_are_opened_in_their_rooms_only);

/// crate → what it never depends on directly.
const NEVER: &[(&str, &[&str])] = &[
    ("milaan-model", &["datafusion", "arrow", "parquet", "tempfile"]),
    ("milaan-manifest", &["datafusion", "arrow", "parquet"]),
    ("milaan-kernels", &["arrow", "parquet", "datafusion", "milaan-"]),
    ("milaan-ingest", &["datafusion"]),
    ("milaan-functions", &["milaan-manifest", "milaan-engine"]),
    ("milaan-linkage", &["datafusion", "parquet"]),
    ("milaan-engine", &["clap", "indicatif"]),
    ("milaan-publish", &["milaan-engine", "clap", "datafusion"]),
    ("milaan-synth", &["milaan-engine", "datafusion"]),
    ("milaan-cli", &["arrow", "datafusion", "parquet"]),
];

/// Rooms that open no file: their sources may not name `std::fs`, outside tests.
const NO_FILES: &[&str] = &["model", "kernels", "functions", "linkage"];

fn direct_dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            let normal = dependencies
                .iter()
                .filter(|one| one["kind"].is_null())
                .map(|one| text(&one["name"]));
            (text(&package["name"]), normal.collect())
        })
        .collect()
}

fn never_depends_on() {
    let direct = direct_dependencies();
    for (name, never) in NEVER {
        for dependency in &direct[*name] {
            let broken = never.iter().any(|never| {
                if never.ends_with('-') {
                    dependency.starts_with(never)
                } else {
                    dependency == never
                }
            });
            assert!(!broken, "{name} depends on {dependency}, which it never may");
        }
    }
}

fn every_crate_is_known() {
    for name in direct_dependencies().keys() {
        assert!(
            NEVER.iter().any(|(known, _)| known == name) || name == "milaan-tests",
            "{name} has no line here"
        );
    }
}

fn files_are_opened_in_their_rooms_only() {
    for room in NO_FILES {
        let files = crate::harness::files(&root().join("crates").join(room).join("src"));
        // `src/tests/` is test code, as what stands below `#[cfg(test)]` is.
        for (name, bytes) in files.into_iter().filter(|(name, _)| !name.starts_with("tests/")) {
            let text = String::from_utf8_lossy(&bytes);
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            assert!(
                !code.contains("std::fs") && !code.contains("File::open"),
                "crates/{room}/src/{name} opens files"
            );
        }
    }
}
