//! A small pipeline that is right, and how to break it.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{Diagnostic, Pipeline, load};

/// The files of the pipeline.
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "hub/pipeline.toml",
        r#"id = "hub"
title = "Hub"
country = "IN"
data = "../data"
include = ["../common"]
match = "match/person_v1.toml"
purpose = "a test"

[limits]
skipped_share_max = 0.05
"#,
    ),
    (
        "hub/registry.toml",
        r#"title = "Survey"
department = "Survey"

[files]
paths = ["registry/*.csv"]

[record]
key = ["Resident Id"]

[columns]
"Resident Id" = { field = "identifier", role = "resident" }
"Name" = { field = "person_name" }
"#,
    ),
    (
        "hub/sources/pensions.toml",
        r#"id = "pensions"
title = "Pensions"
department = "Rural Development"
mode = "delta"
on_missing = "use_last"
as_of = 2026-10-31

[files]
paths = ["pensions/{a,b}/*.xlsx"]
sheets = "all_alike"

[record]
key = ["Pension ID"]
unique_persons = true

[columns]
"Pension ID" = { field = "identifier", role = "pension" }
"Name" = { field = "person_name", aliases = ["Pensioner"] }
"Born" = { field = "birth_date", layout = "dmy", aliases = ["DOB"] }
"Aadhaar" = { field = "national_id", scheme = "aadhaar" }
"Village" = { field = "place", role = "village" }
"Age" = { field = "age", required = false }

[constants]
scheme = "old_age"
"#,
    ),
    (
        "hub/sources/ration.toml",
        r#"title = "Ration cards"
department = "Civil Supplies"
layout = "ymd"

[files]
paths = ["ration/*.csv"]
format = "csv"
delimiter = "tab"
quote = "'"
encoding = "UTF-16LE"
header_row = 3
total_words = ["Total"]

[record]
key = ["Card No", "Member"]

[columns]
"Card No" = { field = "ration_card" }
"Member" = { field = "code", role = "member" }
"Member Name" = { field = "person_name" }

[constants]
district = "Guntur"
valid_from = 2026-01-01
benefit_quantity = 5
"#,
    ),
    (
        "hub/match/person_v1.toml",
        r#"id = "person_v1"
household_keys = ["ration_card"]

[[blocking]]
name = "names"
keys = ["person_name_keys[]", "birth_date_year"]

[[blocking]]
name = "members"
keys = ["member_code"]
block_rows_max = 50

[[comparison]]
name = "national_id"
comparator = "national_id"
columns = ["national_id"]
levels = [
  { name = "equal", is = ["equal"], identity = true },
  { name = "near", is = ["one_digit", "swapped"] },
  { name = "different" },
]

[[comparison]]
name = "person_name"
comparator = "name"
columns = ["person_name"]
levels = [
  { name = "same", at_least = 0.97 },
  { name = "close", at_least = 0.88 },
  { name = "different", contradicts = true },
]

[[comparison]]
name = "place"
comparator = "place"
columns = ["village", "district"]
levels = [
  { name = "village", is = ["village"] },
  { name = "district", is = ["district"] },
  { name = "different" },
]

[bands]
accept_probability = 0.99
review_probability = 0.5
ambiguous_margin_bits = 3
"#,
    ),
    (
        "hub/match/person_v1.weights.toml",
        r#"model = "person_v1"
expected_found = 0.8

[levels.national_id]
equal = { m = 0.93, u = 0.0000005 }
near = { m = 0.03, u = 0.000001 }
different = { m = 0.04, u = 0.9999985 }

[levels.person_name]
same = { m = 0.70, u = 0.001 }
close = { m = 0.25, u = 0.003 }
different = { m = 0.05, u = 0.996 }

[levels.place]
village = { m = 0.9, u = 0.02 }
district = { m = 0.05, u = 0.2 }
different = { m = 0.05, u = 0.78 }
"#,
    ),
    (
        "hub/policy/stacking.toml",
        r#"version = 1

[[rule]]
rule = "one_pension"
scheme_a = "old age"
permitted = false
valid_from = 2017-08-31

[[rule]]
rule = "two_cards"
share_max = 0.5
cards_max = 1
valid_from = 2018-01-01
"#,
    ),
    ("hub/checks/no_orphans.sql", "SELECT 1 WHERE false\n"),
    ("hub/sources/.pensions.toml", "an editor left this"),
    ("hub/reports/own.sql", "-- own\nSELECT 'x' AS name\n"),
    (
        "hub/reports/own.toml",
        r#"version = 2
title = "Own"
grain = "a name"
clearance = "internal"
key = ["name"]
formats = ["csv", "parquet"]
rows_max = 1000

[[column]]
name = "name"
type = "text"
class = "internal"
meaning = "the name"
values = ["x", "y"]

[[column]]
name = "reasons"
type = "text_list"
class = "public"
meaning = "why"
"#,
    ),
    ("common/reports/all.sql", "SELECT 1 AS n\n"),
    (
        "common/reports/all.toml",
        r#"version = 1
title = "All"
grain = "a number"
clearance = "public"
key = ["n"]

[[column]]
name = "n"
type = "integer"
class = "public"
meaning = "the number"
"#,
    ),
];

/// The small pipeline in a folder of its own.
pub(super) struct Folder {
    dir: TempDir,
}

impl Folder {
    /// The pipeline as it is right.
    pub(super) fn new() -> Self {
        let folder = Self { dir: TempDir::new().unwrap() };
        for (file, text) in FILES {
            folder.write(file, text);
        }
        folder
    }

    pub(super) fn path(&self, file: &str) -> PathBuf {
        self.dir.path().join(file)
    }

    pub(super) fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn remove(&self, file: &str) {
        fs::remove_file(self.path(file)).unwrap();
    }

    /// Replaces the first occurrence.
    pub(super) fn replace(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} does not have {from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    pub(super) fn load(&self) -> Result<Pipeline, Vec<Diagnostic>> {
        load(&self.path("hub"))
    }

    /// `file:line: message | hint` of every problem.
    pub(super) fn problems(&self) -> Vec<String> {
        let problems = self.load().err().unwrap_or_default();
        problems.iter().map(|problem| said(problem, self.dir.path())).collect()
    }
}

/// A problem as a line, without the temporary folder.
pub(super) fn said(problem: &Diagnostic, root: &Path) -> String {
    let text = match &problem.hint {
        Some(hint) => format!("{problem} | {hint}"),
        None => problem.to_string(),
    };
    text.replace(&format!("{}/", root.display()), "").replace(&root.display().to_string(), "")
}

/// Breaks `file` in each way of a table, one at a time. A way is `- this text`, `+ becomes that`, and then exactly the
/// problems `! line: message | hint`; `\n` is a line break, line 0 the file as a whole.
pub(super) fn check(file: &str, table: &str) {
    let mut wrong = Vec::new();
    for way in table.split("\n\n").map(str::trim).filter(|way| !way.is_empty()) {
        let lines = |mark: &str| -> Vec<String> {
            let marked = way.lines().filter_map(|line| line.strip_prefix(mark));
            marked.map(|text| text.trim_start_matches(' ').replace("\\n", "\n")).collect()
        };
        let folder = Folder::new();
        folder.replace(file, &lines("-")[0], &lines("+")[0]);
        let here = |line: String| match line.strip_prefix(file) {
            Some(rest) if rest.starts_with(": ") => format!("0{rest}"),
            Some(rest) => rest.trim_start_matches(':').to_owned(),
            None => line,
        };
        let found: Vec<_> = folder.problems().into_iter().map(here).collect();
        if found != lines("!") {
            let found = found.iter().map(|line| format!("! {line}")).collect::<Vec<_>>();
            wrong.push(format!("{way}\nfound\n{}", found.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{file}:\n\n{}", wrong.join("\n\n"));
}
