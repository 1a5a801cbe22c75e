//! What is published, opened by the programs that will open it: DuckDB, pandas, Polars, openpyxl, LibreOffice.

use std::process::Command;

use crate::harness::{ehsaas_run, root, sample_run};

crate::tests!(published_files_open_everywhere,);

/// The script says so, with this code, where it cannot have Python's packages.
const SKIPPED: i32 = 77;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn published_files_open_everywhere() {
    for sandbox in [sample_run(), ehsaas_run()] {
        let outcome = Command::new("bash")
            .arg(root().join("benches/consumers.sh"))
            .arg(sandbox.path("out/latest"))
            .output();
        let Ok(outcome) = outcome else {
            eprintln!("skipped: no bash here");
            return;
        };
        let said = String::from_utf8_lossy(&outcome.stdout).into_owned();
        for line in said.lines().filter(|line| line.starts_with("skipped")) {
            eprintln!("{line}");
        }
        if outcome.status.code() == Some(SKIPPED) {
            return;
        }
        assert!(outcome.status.success(), "{said}\n{}", String::from_utf8_lossy(&outcome.stderr));
    }
}
