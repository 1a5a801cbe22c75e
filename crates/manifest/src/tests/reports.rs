//! Reports, checks, policies.

use milaan_model::OutputFormat;

use super::fixture::{Folder, check};
use crate::PolicyValue;

const CONTRACT: &str = "hub/reports/own.toml";
const POLICY: &str = "hub/policy/stacking.toml";

#[test]
fn as_written() {
    let pipeline = Folder::new().load().unwrap();
    let names: Vec<_> =
        pipeline.reports.iter().map(|report| report.contract.name.as_str()).collect();
    assert_eq!(names, ["all", "own"]);
    let own = &pipeline.reports[1].contract;
    assert_eq!((own.version, own.rows_max), (2, Some(1000)));
    assert_eq!(own.formats, [OutputFormat::Csv]);
    assert!(own.columns[0].required, "a key column is required");
    assert!(!own.columns[1].required);
    assert_eq!(own.columns[0].values, ["x", "y"]);
    assert_eq!(pipeline.checks[0].name.as_str(), "no_orphans");
    assert!(pipeline.reports[1].sql.contains("SELECT"));
}

#[test]
fn policy_table() {
    let pipeline = Folder::new().load().unwrap();
    let policy = &pipeline.policies[0];
    assert_eq!((policy.name.as_str(), policy.version), ("stacking", 1));
    let columns = ["cards_max", "permitted", "rule", "scheme_a", "share_max", "valid_from"];
    assert_eq!(policy.columns, columns);
    let first = [
        None,
        Some(PolicyValue::Boolean(false)),
        Some(PolicyValue::Text("one_pension".into())),
        Some(PolicyValue::Text("old age".into())),
        None,
        Some(PolicyValue::Date("2017-08-31".into())),
    ];
    assert_eq!(policy.rows[0], first);
    assert_eq!(policy.rows[1][0], Some(PolicyValue::Integer(1)));
    assert_eq!(policy.rows[1][4], Some(PolicyValue::Number(0.5)));
}

const CONTRACTS: &str = r#"
- version = 2
+ version = "2"
! 1: `version` must be a whole number, not text

- "internal"
+ "intern"
! 4: `clearance` cannot be `intern` | did you mean `internal`?

- class = "internal"
+ class = "restricted"
! 12: the class `restricted` is above the clearance `internal` of the report | mask the column, or raise the clearance

- key = ["name"]
+ key = ["nam"]
! 5: the key `nam` is no column | did you mean `name`?

- key = ["name"]
+ key = ["reasons"]
! 5: the key `reasons` is a list and orders nothing

- ["csv", "parquet"]
+ ["docx"]
! 6: `formats` cannot be `docx` | one of `parquet`, `csv`, `xlsx`, `jsonl`

- rows_max = 1000
+ rows_max = 0
! 7: `rows_max` must be 1 or more, not 0

- rows_max = 1000
+ sheets_by = "reasons"
! 7: `sheets_by` needs a column of text, and `reasons` is none | one of `name`

- type = "text"
+ type = "txt"
! 11: `type` cannot be `txt` | did you mean `text`?

- type = "text"
+ type = "integer"
! 14: a column of type `integer` has no `values`

- name = "reasons"
+ name = "name"
! 17: column `name` is there twice (line 10)

- name = "reasons"
+ name = "The Reasons"
! 17: `The Reasons` is not a name: use lower-case letters, digits, `_` and `-`, a letter first, at most 48 characters | for example `the_reasons`

- meaning = "why"
+
! 16: `meaning` is missing in [[column]]

- meaning = "why"
+ meening = "why"
! 20: unknown key `meening` in [[column]] | did you mean `meaning`?
"#;

#[test]
fn contracts() {
    check(CONTRACT, CONTRACTS);
}

#[test]
fn pairs() {
    let folder = Folder::new();
    folder.write("hub/reports/lonely.sql", "SELECT 1");
    folder.write("hub/reports/orphan.toml", "");
    folder.write("hub/reports/empty.sql", "-- nothing yet\n");
    folder.write("hub/reports/all.sql", "SELECT 2 AS n");
    folder.write("hub/checks/Bad Name.sql", "SELECT 1");
    folder.write("common/checks/no_orphans.sql", "SELECT 1");
    assert_eq!(
        folder.problems(),
        [
            "hub/checks/Bad Name.sql: the file's name: `Bad Name` is not a name: use lower-case letters, digits, `_` and `-`, a letter first, at most 48 characters",
            "hub/checks/no_orphans.sql: `no_orphans` is common/checks/no_orphans.sql already | give one of them another name",
            "hub/reports/all.sql: `all` is common/reports/all.sql already | give one of them another name",
            "hub/reports/all.sql: the report has no contract | its contract is `all.toml` beside it",
            "hub/reports/empty.sql: the query is empty",
            "hub/reports/empty.sql: the report has no contract | its contract is `empty.toml` beside it",
            "hub/reports/lonely.sql: the report has no contract | its contract is `lonely.toml` beside it",
            "hub/reports/orphan.toml: the contract has no query | its query is `orphan.sql` beside it"
        ]
    );
}

const POLICIES: &str = r#"
- version = 1
+
! 0: `version` is missing

- permitted = false
+ permitted = "no"\n[[rule]]\npermitted = true
! 8: `permitted` is true or false here, but text in line 6 | a column has one kind of value

- share_max = 0.5
+ share_max = [1]
! 11: `share_max` must be text, a number, a date, or true or false, not a list

- share_max = 0.5
+ "Share Max" = 1
! 11: `Share Max` cannot name a column | use lower-case letters, digits and `_`

- valid_from = 2018-01-01
+ valid_from = "2018-01-01"
! 13: `valid_from` is text here, but a date in line 7 | a column has one kind of value
"#;

#[test]
fn policies() {
    check(POLICY, POLICIES);
    let folder = Folder::new();
    folder.write("hub/policy/old-age.toml", "version = 1\n");
    assert_eq!(
        folder.problems(),
        [
            "hub/policy/old-age.toml: `old-age` cannot name a policy table | name the file in lower-case letters, digits and `_`",
            "hub/policy/old-age.toml: `rule` is missing"
        ]
    );
}
