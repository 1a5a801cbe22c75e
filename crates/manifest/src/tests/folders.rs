//! Whole folders: `pipeline.toml`, what is missing, several problems at once, and the pipelines of this repository.

use std::path::Path;

use super::fixture::{FILES, Folder, check, said};
use crate::load;

#[test]
fn as_written() {
    let folder = Folder::new();
    let pipeline = folder.load().unwrap();
    assert_eq!((pipeline.id.as_str(), pipeline.country.as_str()), ("hub", "IN"));
    assert_eq!(pipeline.data, Some(folder.path("data")));
    assert!((pipeline.limits.skipped_share_max - 0.05).abs() < f64::EPSILON);
    assert!((pipeline.limits.reject_share_max - 0.02).abs() < f64::EPSILON);
    let files: Vec<_> = [
        "common/reports/all.sql",
        "common/reports/all.toml",
        "hub/checks/no_orphans.sql",
        "hub/match/person_v1.toml",
        "hub/match/person_v1.weights.toml",
        "hub/pipeline.toml",
        "hub/policy/stacking.toml",
        "hub/registry.toml",
        "hub/reports/own.sql",
        "hub/reports/own.toml",
        "hub/sources/pensions.toml",
        "hub/sources/ration.toml",
    ]
    .iter()
    .map(|file| folder.path(file))
    .collect();
    assert_eq!(pipeline.files, files);
    let ids: Vec<_> = pipeline.sources.iter().map(|source| source.id.as_str()).collect();
    assert_eq!(ids, ["pensions", "ration"]);
    assert_eq!(pipeline.registry.id.as_str(), "registry");
}

#[test]
fn people_hub() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../pipelines/people-hub");
    let pipeline = load(&folder).unwrap_or_else(|problems| {
        let said: Vec<_> =
            problems.iter().map(|problem| said(problem, Path::new("/nowhere"))).collect();
        panic!("{}", said.join("\n"))
    });
    assert_eq!(pipeline.id.as_str(), "people-hub");
    assert_eq!(pipeline.sources.len(), 3);
    assert_eq!(pipeline.model.comparisons.len(), pipeline.weights.levels.len());
    assert!(pipeline.reports.iter().any(|report| report.contract.name.as_str() == "rejects"));
    assert!(pipeline.policies.iter().any(|policy| policy.name.as_str() == "stacking"));
}

const SETTINGS: &str = r#"
- country = "IN"
+ country = "India"
! 3: `country` must be a country's two letters (ISO 3166), not `India` | for example `IN` or `PK`

- country = "IN"
+ country = "XX"
! 3: `country` must be a country's two letters (ISO 3166), not `XX` | for example `IN` or `PK`

- country = "IN"
+ country = "UK"
! 3: `country` must be a country's two letters (ISO 3166), not `UK` | did you mean `GB`?

- country = "IN"
+ country = "IN"\nfinancial_year_starts = 13
! 4: `financial_year_starts` must be a month, from 1 to 12, not 13

- include = ["../common"]
+ include = ["../comon"]
! 5: there is no folder `../comon` | folders are relative to the pipeline's folder

- purpose = "a test"
+
! 0: `purpose` is missing

- match =
+ mtach =
! 6: unknown key `mtach` | did you mean `match`?

- match =
+ registry = "registr.toml"\nmatch =
! 6: there is no registry `registr.toml` | did you mean `registry.toml`?

- skipped_share_max = 0.05
+ skipped_share_max = 5
! 10: `skipped_share_max` must be from 0 to 1, not 5

- skipped_share_max
+ skiped_share_max
! 10: unknown key `skiped_share_max` in [limits] | did you mean `skipped_share_max`?

- [limits]
+ [limits
! 9: not TOML: unclosed table, expected `]`
"#;

const REGISTRY: &str = r#"
- title
+ id = "survey"\ntitle
! 1: the id of the registry is `registry`, not `survey`
"#;

#[test]
fn settings() {
    check("hub/pipeline.toml", SETTINGS);
    check("hub/registry.toml", REGISTRY);
}

#[test]
fn no_pipeline() {
    let folder = Folder::new();
    let root = folder.path("");
    let line = |path: &str| -> Vec<String> {
        let problems = load(&folder.path(path)).unwrap_err();
        problems.iter().map(|problem| said(problem, &root)).collect()
    };
    assert_eq!(line("hubb"), ["hubb: there is no such folder | pipelines near it: `hub`"]);
    assert_eq!(
        line("common"),
        ["common: the folder holds no pipeline.toml | pipelines near it: `hub`"]
    );
    assert_eq!(
        line("hub/pipeline.toml"),
        ["hub/pipeline.toml: this is a file; a pipeline is a folder | pipelines near it: `hub`"]
    );
    assert_eq!(
        line("hub/sources"),
        ["hub/sources: the folder holds no pipeline.toml | pipelines near it: `hub`"]
    );
}

#[test]
fn all_at_once() {
    let folder = Folder::new();
    folder.replace("hub/pipeline.toml", "title", "titel");
    folder.replace("hub/sources/pensions.toml", "person_name", "persn_name");
    folder.replace("hub/sources/pensions.toml", "\"delta\"", "\"dleta\"");
    folder.replace("hub/sources/ration.toml", "delimiter = \"tab\"", "delimiter = tab");
    folder.replace("hub/sources/ration.toml", "code", "cod");
    folder.replace("hub/match/person_v1.toml", "0.88", "0.99");
    folder.replace("hub/match/person_v1.weights.toml", "close", "closer");
    folder.replace("hub/policy/stacking.toml", "version = 1", "");
    folder.remove("hub/reports/own.toml");
    assert_eq!(
        folder.problems(),
        [
            "hub/match/person_v1.toml:29: the level `close` can never be reached | the level `same` takes all from 0.97 before: closest first",
            "hub/match/person_v1.weights.toml:9: the level `close` of `person_name` has no weight | `milaan train` writes the weights",
            "hub/match/person_v1.weights.toml:11: `person_name` has no level `closer` | did you mean `close`?",
            "hub/pipeline.toml:2: unknown key `titel` | did you mean `title`?",
            "hub/policy/stacking.toml: `version` is missing",
            "hub/reports/own.sql: the report has no contract | its contract is `own.toml` beside it",
            "hub/sources/pensions.toml:4: `mode` cannot be `dleta` | did you mean `delta`?",
            "hub/sources/pensions.toml:18: `persn_name` is no semantic field | did you mean `person_name`? near too: `given_name`, `surname`",
            r#"hub/sources/ration.toml:8: not TOML: invalid boolean, expected `true` | text stands in quotes: "tab""#,
            "hub/sources/ration.toml:19: `cod` is no semantic field | did you mean `code`? near too: `postcode`, `period`"
        ]
    );
}

/// Whatever line is lost, there is a pipeline or there are problems, and never a panic.
#[test]
fn any_line_lost() {
    for (file, text) in FILES {
        let folder = Folder::new();
        for lost in 0..text.lines().count() {
            let kept: Vec<_> = text
                .lines()
                .enumerate()
                .filter_map(|(line, text)| (line != lost).then_some(text))
                .collect();
            folder.write(
                file,
                &kept.join(
                    "
",
                ),
            );
            let problems = folder.load().err();
            assert!(problems.is_none_or(|problems| !problems.is_empty()), "{file} {lost}");
        }
    }
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::new();
    std::fs::write(folder.path("hub/sources/ration.toml"), [0x74, 0xff, 0xfe]).unwrap();
    folder.replace("hub/match/person_v1.toml", "0.99", "0.1");
    assert_eq!(
        folder.problems(),
        [
            "hub/match/person_v1.toml:44: `accept_probability` (0.1) must be above `review_probability` (0.5)",
            "hub/sources/ration.toml: the file cannot be read: it is not UTF-8 text"
        ]
    );
}

#[test]
fn no_source() {
    let folder = Folder::new();
    folder.remove("hub/sources/pensions.toml");
    folder.remove("hub/sources/ration.toml");
    folder.replace("hub/match/person_v1.toml", "member_code", "phone");
    assert_eq!(
        folder.problems(),
        ["hub/sources: there is no source | a list is one file, for example `pensions.toml`"]
    );
}
