//! What tests share: running the program in a sandbox, the sample, reading reports back.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// Tells this executable to be the program.
pub(crate) const AS_CLI: &str = "MILAAN_AS_CLI";

/// A test and its name.
pub(crate) type Test = (&'static str, fn());

/// Lists a module's tests under their own names, so that none is written and forgotten.
#[macro_export]
macro_rules! tests {
    ($($test:ident),* $(,)?) => {
        pub(crate) const TESTS: &[$crate::harness::Test] =
            &[$((concat!(module_path!(), "::", stringify!($test)), $test)),*];
    };
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_owned()
}

/// A folder of its own, with a copy of the pipelines, and the sample data by absolute path.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        copy_tree(&root().join("pipelines"), &folder.path().join("pipelines"));
        Self { folder }
    }

    /// With a small set of dumps in `data/`, laid out as the sample's, to be changed at will.
    pub(crate) fn with_data() -> Self {
        static SMALL: OnceLock<TempDir> = OnceLock::new();
        let small = SMALL.get_or_init(|| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let order = "synth . --programme people-hub --residents 600 --records 400 --seed 11 --rates sample";
            run_in(folder.path(), order.split(' '), &[]).expect(0);
            folder
        });
        let sandbox = Self::new();
        copy_tree(small.path(), &sandbox.path("data"));
        sandbox
    }

    /// With a copy of the sample's dumps in `data/`: ten times the work of the small set.
    pub(crate) fn with_sample() -> Self {
        let sandbox = Self::new();
        copy_tree(&root().join("sample-data/people-hub"), &sandbox.path("data"));
        sandbox
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        std::fs::read_to_string(self.path(relative)).expect(relative)
    }

    pub(crate) fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, text).expect(relative);
    }

    /// Replaces the first occurrence of a text in a file; it has to be there.
    pub(crate) fn edit(&self, relative: &str, from: &str, to: &str) {
        let text = self.read(relative);
        assert!(text.contains(from), "{relative} has no `{from}`");
        self.write(relative, &text.replacen(from, to, 1));
    }

    /// Runs the program in this folder.
    pub(crate) fn milaan<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Outcome {
        run_in(self.folder.path(), args, &[])
    }

    /// As [`Self::milaan`], with environment variables.
    pub(crate) fn milaan_with<S: AsRef<OsStr>>(
        &self,
        args: impl IntoIterator<Item = S>,
        variables: &[(&str, &str)],
    ) -> Outcome {
        run_in(self.folder.path(), args, variables)
    }

    /// Runs the people-hub pipeline on `data/` with out in `out/`.
    pub(crate) fn run(&self, more: &[&str]) -> Outcome {
        let mut args = vec!["run", "pipelines/people-hub", "--data", "data"];
        args.extend(more);
        self.milaan(args)
    }
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

fn run_in<S: AsRef<OsStr>>(
    folder: &Path,
    args: impl IntoIterator<Item = S>,
    variables: &[(&str, &str)],
) -> Outcome {
    let output = Command::new(std::env::current_exe().expect("this executable"))
        .args(args)
        .current_dir(folder)
        .env(AS_CLI, "1")
        .env("LC_ALL", "C.UTF-8")
        .env_remove("MILAAN_KEY")
        .env_remove("MILAAN_KEY_FILE")
        .env_remove("MILAAN_LOG")
        .envs(variables.iter().copied())
        .output()
        .expect("the program starts");
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The sample run that tests which only look share: one run for all of them, and what it said.
pub(crate) fn sample() -> &'static (Sandbox, Outcome) {
    static RUN: OnceLock<(Sandbox, Outcome)> = OnceLock::new();
    RUN.get_or_init(|| {
        let sandbox = Sandbox::with_sample();
        let outcome = sandbox.run(&["--threads", "2", "--progress", "json"]).expect(0);
        (sandbox, outcome)
    })
}

/// The sandbox of the sample run.
pub(crate) fn sample_run() -> &'static Sandbox {
    &sample().0
}

/// The same of the other programme.
pub(crate) fn ehsaas_run() -> &'static Sandbox {
    static RUN: OnceLock<Sandbox> = OnceLock::new();
    RUN.get_or_init(|| {
        let sandbox = Sandbox::new();
        copy_tree(&root().join("sample-data/ehsaas"), &sandbox.path("data"));
        sandbox.milaan(["run", "pipelines/ehsaas", "--data", "data"]).expect(0);
        sandbox
    })
}

/// A run's receipt.
pub(crate) fn receipt(sandbox: &Sandbox, run: &str) -> Value {
    serde_json::from_str(&sandbox.read(&format!("{run}/receipt.json"))).expect("a receipt")
}

/// The rows of a query over the latest run, as maps of text.
pub(crate) fn query(sandbox: &Sandbox, sql: &str) -> Vec<Value> {
    let outcome = sandbox.milaan(["sql", "out/latest", sql, "--format", "json"]).expect(0);
    serde_json::from_str(&outcome.stdout).expect("JSON rows")
}

/// A single count.
pub(crate) fn count(sandbox: &Sandbox, sql: &str) -> u64 {
    let rows = query(sandbox, sql);
    rows[0].as_object().and_then(|row| row.values().next()?.as_u64()).expect("a count")
}

/// Every file below a folder, by relative name, with its bytes.
pub(crate) fn files(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    collect(folder, folder, &mut found);
    found
}

fn collect(root: &Path, folder: &Path, found: &mut std::collections::BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
}

pub(crate) fn copy_tree(from: &Path, to: &Path) {
    for (name, bytes) in files(from) {
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
        std::fs::write(path, bytes).expect("a copy");
    }
}
