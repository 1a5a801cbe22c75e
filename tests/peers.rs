//! Lists of quite another kind, by TOML alone: public test data of other linkers, trained without labels and judged by their
//! own labels. Skipped, with a word, where `../shared/data` is absent.

use serde_json::Value;

use crate::harness::{Sandbox, copy_tree, root};

crate::tests!(
    febrl_1_is_deduplicated,
    febrl_2_and_3_are_deduplicated,
    febrl_1_is_linked_as_two_lists,
    fake_1000_is_deduplicated,
);

/// A public file below `../shared/data`; `None`, said on stderr, where it is absent.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn public(path: &str) -> Option<String> {
    let path = root().parent()?.join("shared/data").join(path);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("skipped: there is no {}", path.display());
    }
    text
}

/// The rows of a CSV file, trimmed; the header first.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|record| record.expect("a record").iter().map(str::to_owned).collect())
        .collect()
}

/// Who a Febrl record is: `rec-17-dup-0` is 17.
fn febrl_person(row: &[String]) -> String {
    row[0].split('-').nth(1).expect("rec-<person>-…").to_owned()
}

/// A sandbox with a pipeline of `tests/pipelines`, trained on its data.
pub(crate) struct Trial {
    sandbox: Sandbox,
    pipeline: String,
}

impl Trial {
    pub(crate) fn new(pipeline: &str) -> Self {
        let sandbox = Sandbox::new();
        let pipeline = format!("tests/pipelines/{pipeline}");
        copy_tree(&root().join(&pipeline), &sandbox.path(&pipeline));
        Self { sandbox, pipeline }
    }

    /// Writes a dump and its rows of the truth.
    pub(crate) fn list(&self, file: &str, rows: &[&[String]]) {
        let lines: Vec<String> = rows
            .iter()
            .map(|row| row.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(","))
            .collect();
        self.sandbox.write(&format!("data/{file}"), &(lines.join("\n") + "\n"));
    }

    pub(crate) fn truth(&self, source: &str, file: &str, people: impl Iterator<Item = String>) {
        let mut text = "source_id,file,sheet,row,resident_ref,cases\n".to_owned();
        for (at, person) in people.enumerate() {
            text.push_str(&format!("{source},{file},,{},{person},\n", at + 2));
        }
        self.sandbox.write("truth.csv", &text);
    }

    /// Trains, runs, and judges: the JSON of `milaan eval`.
    pub(crate) fn judged(&self) -> Value {
        let milaan = |args: &[&str]| self.sandbox.milaan(args.iter().copied()).expect(0);
        milaan(&["train", &self.pipeline, "--data", "data"]);
        milaan(&["run", &self.pipeline, "--data", "data", "--out", "out"]);
        let judged = milaan(&["eval", "out/latest", "truth.csv", "--json"]);
        serde_json::from_str(&judged.stdout).expect("JSON")
    }
}

pub(crate) fn f1(judged: &Value) -> f64 {
    judged["accepted"]["f1"].as_f64().expect("an F1")
}

/// Dedupes one Febrl file; its F1 over pairs.
fn febrl(number: u8) -> Option<f64> {
    let rows = rows(&public(&format!("febrl123/dataset{number}.csv"))?);
    let trial = Trial::new("febrl");
    trial.list("persons.csv", &rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    trial.truth("persons", "persons.csv", rows[1..].iter().map(|row| febrl_person(row)));
    Some(f1(&trial.judged()))
}

fn febrl_1_is_deduplicated() {
    let Some(f1) = febrl(1) else { return };
    assert!(f1 >= 0.995, "{f1}");
}

fn febrl_2_and_3_are_deduplicated() {
    for number in [2, 3] {
        let Some(f1) = febrl(number) else { return };
        assert!(f1 >= 0.99, "set {number}: {f1}");
    }
}

fn febrl_1_is_linked_as_two_lists() {
    let Some(text) = public("febrl123/dataset1.csv") else { return };
    let rows = rows(&text);
    let (originals, copies): (Vec<&[String]>, Vec<&[String]>) =
        rows[1..].iter().map(Vec::as_slice).partition(|row| row[0].ends_with("-org"));
    let with_header = |rows: &[&[String]]| -> Vec<Vec<String>> {
        std::iter::once(&rows_header(&text)[..])
            .chain(rows.iter().copied())
            .map(<[_]>::to_vec)
            .collect()
    };
    let trial = Trial::new("febrl");
    for (file, rows) in [("originals.csv", &originals), ("copies.csv", &copies)] {
        let rows = with_header(rows);
        trial.list(file, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    }
    let edit = |file: &str, from: &str, to: &str| {
        trial.sandbox.edit(&format!("{}/{file}", trial.pipeline), from, to);
    };
    edit("registry.toml", "persons.csv", "originals.csv");
    edit("sources/persons.toml", "persons.csv", "copies.csv");
    edit("sources/persons.toml", "same_as_registry = true\n", "");
    let original = |row: &&[String]| format!("rec-{}-org", febrl_person(row));
    trial.truth("persons", "copies.csv", copies.iter().map(original));
    let f1 = f1(&trial.judged());
    assert!(f1 >= 0.99, "{f1}");
}

fn rows_header(text: &str) -> Vec<String> {
    rows(text).swap_remove(0)
}

fn fake_1000_is_deduplicated() {
    let Some(text) = public("splink-fake1000/fake_1000.csv") else { return };
    let rows = rows(&text);
    let cluster = rows[0].iter().position(|name| name == "cluster").expect("a cluster column");
    let trial = Trial::new("fake1000");
    // What the truth says is not in the dump.
    let open: Vec<Vec<String>> = rows.iter().map(|row| row[..cluster].to_vec()).collect();
    trial.list("persons.csv", &open.iter().map(Vec::as_slice).collect::<Vec<_>>());
    trial.truth("persons", "persons.csv", rows[1..].iter().map(|row| row[cluster].clone()));
    let judged = trial.judged();
    let best = judged["best"]["f1"].as_f64().expect("the best F1");
    assert!(f1(&judged) >= 0.75, "{}", judged["accepted"]);
    assert!(best >= 0.86, "{}", judged["best"]);
}
