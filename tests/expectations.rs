//! `[expect]` of a source file: what fails a run, what is only said, what rejects a row; and headers that are called as
//! our own columns.

use crate::harness::{Sandbox, count, query, receipt};

crate::tests!(
    a_dump_as_expected,
    a_dump_that_breaks_its_letter,
    a_dump_that_shrank,
    breaches_that_are_only_said,
    a_column_that_was_not_understood,
    rows_that_break_a_rule,
    values_of_another_type_and_missing_ones,
    names_in_a_legacy_font,
    what_a_workbook_does_not_say,
    a_header_that_is_not_declared,
    headers_called_as_our_own,
);

const SOURCE: &str = "pipelines/people-hub/sources/scholarships.toml";
const DUMP: &str = "data/scholarships/scholarships_2026.csv";

fn expecting(sandbox: &Sandbox, expect: &str) {
    sandbox.edit(SOURCE, "[record]", &format!("{expect}\n[record]"));
}

/// The dump's lines without its header.
fn lines(sandbox: &Sandbox) -> Vec<String> {
    sandbox.read(DUMP).lines().skip(1).map(str::to_owned).collect()
}

fn a_dump_as_expected() {
    let sandbox = Sandbox::with_data();
    let rows = lines(&sandbox).len();
    expecting(
        &sandbox,
        &format!(
            "[expect]\nrows = {{ min = {}, max = {rows} }}\nfiles = 1\neach_file = ['scholarships/*2026.csv']\n\
             change_share_max = 0.5\nfilled = ['Application ID']\ntypes = {{ DOB = 'date' }}\n\
             [expect.warn]\nmax_age_days = 4000",
            rows - 5
        ),
    );
    sandbox.run(&[]).expect(0);
    // Exactly the same again: nothing has changed.
    let outcome = sandbox.run(&[]).expect(0);
    assert!(!outcome.stderr.contains("expected"), "{}", outcome.stderr);
}

fn a_dump_that_breaks_its_letter() {
    let sandbox = Sandbox::with_data();
    expecting(
        &sandbox,
        "[expect]\nrows = 6361380\nsum = { 'Scholarship Amount' = '15903450000.00' }\nfiles = { min = 2 }\n\
         each_file = ['scholarships/*2026.csv', 'scholarships/*guntur*.csv']\nvalues = { Gender = ['Male'] }",
    );
    let outcome = sandbox.run(&[]).expect(1);
    assert!(outcome.stdout.contains("receipt.json"), "published, but marked");
    for words in [
        "sources/scholarships.toml:",
        "rows, 6361380 expected",
        "1 files, 2 or more expected",
        "no file `scholarships/*guntur*.csv`",
        "15903450000.00 expected",
        "under `Gender`, the value is none of those that the source allows",
    ] {
        assert!(outcome.stderr.contains(words), "no `{words}` in:\n{}", outcome.stderr);
    }
    assert!(!sandbox.path("out/latest").exists(), "latest does not move");
    // With the letter's total set right that breach is gone.
    let (_, said) = outcome.stderr.split_once("adds up to ").expect("the sum");
    let sum = said.split(',').next().expect("an amount");
    sandbox.edit(SOURCE, "15903450000.00", sum);
    let outcome = sandbox.run(&[]).expect(1);
    assert!(!outcome.stderr.contains("adds up to"), "{}", outcome.stderr);
}

fn a_dump_that_shrank() {
    let sandbox = Sandbox::with_data();
    expecting(&sandbox, "[expect]\nchange_share_max = 0.2");
    sandbox.run(&[]).expect(0);
    let text = sandbox.read(DUMP);
    let kept: Vec<&str> = text.lines().take(text.lines().count() / 2).collect();
    sandbox.write(DUMP, &kept.join("\r\n"));
    let outcome = sandbox.run(&[]).expect(1);
    assert!(outcome.stderr.contains("changed by more than 20"), "{}", outcome.stderr);
}

fn breaches_that_are_only_said() {
    let sandbox = Sandbox::with_data();
    expecting(&sandbox, "[expect.warn]\nrows = 5\nmax_age_days = 1\nunique = ['Gender']");
    let outcome = sandbox.run(&["--as-of", "2030-01-01"]).expect(0);
    for words in
        ["rows, 5 expected", "days old, 1 at most are expected", "a row above has the same values"]
    {
        assert!(outcome.stderr.contains(words), "no `{words}` in:\n{}", outcome.stderr);
    }
    assert!(sandbox.path("out/latest").exists());
}

/// A column of dates described in the wrong order: most of its values are no dates.
fn a_column_that_was_not_understood() {
    let sandbox = Sandbox::with_data();
    let dob = |layout: &str| format!("\"DOB\" = {{ field = \"birth_date\", layout = \"{layout}\"");
    sandbox.edit(SOURCE, &dob("dmy"), &dob("mdy"));
    let limit = |share: &str| format!("issue_share_max = {share}");
    sandbox.edit("pipelines/people-hub/pipeline.toml", &limit("0.50"), &limit("0.20"));
    let outcome = sandbox.run(&[]).expect(1);
    let said = "values of `DOB` were not understood, more than 20 % of";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    assert!(outcome.stdout.contains("receipt.json"), "published, but marked");
    assert!(sandbox.path("out/runs").is_dir() && !sandbox.path("out/latest").exists());

    expecting(&sandbox, "[expect]\nissue_share_max = 1.0\n[expect.warn]\nissue_share_max = 0.1");
    let outcome = sandbox.run(&[]).expect(0);
    let said = "values of `DOB` were not understood, more than 10 % of";
    assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
}

fn rows_that_break_a_rule() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let routed = "SELECT count(*) FROM routing WHERE source_id = 'scholarships'";
    let before = count(&sandbox, routed);
    let again = lines(&sandbox).first().cloned().expect("a line");
    let text = sandbox.read(DUMP);
    sandbox.write(DUMP, &format!("{}\r\n{again}\r\n", text.trim_end()));
    expecting(
        &sandbox,
        "[expect.reject]\nfilled = ['Application ID']\nunique = ['Application ID']",
    );
    sandbox.run(&[]).expect(0);
    assert_eq!(count(&sandbox, routed), before);
    let rejects = query(
        &sandbox,
        "SELECT rule, column_name, row FROM rejects WHERE source_id = 'scholarships'",
    );
    let repeated: Vec<_> = rejects.iter().filter(|reject| reject["rule"] == "repeated").collect();
    assert_eq!((repeated.len(), &repeated[0]["column_name"]), (1, &"Application ID".into()));
    let read = query(
        &sandbox,
        "SELECT rows_read, rows_landed, rows_rejected, rows_skipped FROM scorecard WHERE source_id = 'scholarships'",
    );
    let number = |key: &str| read[0][key].as_u64().expect("a number");
    assert_eq!(
        number("rows_read"),
        number("rows_landed") + number("rows_rejected") + number("rows_skipped")
    );
    // The clerk gets the row back in the list's own columns, and sees no more of the person than is needed to find it.
    let returned = sandbox.read("out/latest/sync/social-welfare/rejects.csv");
    let cells: Vec<&str> = again.split(',').collect();
    assert!(returned.contains("Application ID") && returned.contains(cells[0]), "{returned}");
    for (header, personal) in [("name", cells[1]), ("Aadhaar", cells[5]), ("Mobile", cells[6])] {
        assert!(!personal.is_empty() && !returned.contains(personal), "the {header} is shown");
    }
}

/// A copy of the dump in which cells of its first records have other values: record, column, value.
fn with_values(sandbox: &Sandbox, values: &[(usize, usize, &str)]) {
    let text = sandbox.read(DUMP);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for &(record, column, value) in values {
        // Cells behind a quoted one would be others.
        let mut cells: Vec<&str> = lines[record].split(',').collect();
        assert!(!cells[..=column].concat().contains('"'), "a quoted cell");
        cells[column] = value;
        lines[record] = cells.join(",");
    }
    sandbox.write(DUMP, &lines.join("\r\n"));
}

fn values_of_another_type_and_missing_ones() {
    let sandbox = Sandbox::with_data();
    let broken = [(1, 3, "tomorrow"), (2, 3, "31/02/2013"), (3, 4, ""), (4, 6, "none of yours")];
    with_values(&sandbox, &broken);
    let rules = "types = { DOB = 'date', Mobile = 'number' }\nfilled = ['Gender']";
    expecting(&sandbox, &format!("[expect]\n{rules}"));
    let outcome = sandbox.run(&[]).expect(1);
    for words in [
        "under `DOB`, the value is no date of its column's layout",
        "under `Mobile`, the value is no number",
        "under `Gender`, the cell is empty, and the source expects it filled",
    ] {
        assert!(outcome.stderr.contains(words), "no `{words}` in:\n{}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains("tomorrow") && !sandbox.path("out/latest").exists());
    // Two of them as rules of rows: more would be more than the source allows.
    with_values(&sandbox, &[(2, 3, "21/09/2013"), (4, 6, "9831762320")]);
    sandbox.edit(SOURCE, "[expect]", "[expect.reject]");
    sandbox.run(&[]).expect(0);
    let rejects = query(
        &sandbox,
        "SELECT row, rule, column_name FROM rejects WHERE source_id = 'scholarships' ORDER BY row",
    );
    let told: Vec<String> = rejects
        .iter()
        .map(|reject| format!("{} {} {}", reject["row"], reject["rule"], reject["column_name"]))
        .collect();
    for expected in ["2 \"not_a_date\" \"DOB\"", "4 \"value_missing\" \"Gender\""] {
        assert!(told.iter().any(|told| told == expected), "no {expected} in {told:?}");
    }
}

fn names_in_a_legacy_font() {
    let sandbox = Sandbox::with_data();
    with_values(&sandbox, &[(1, 1, "uÛ+ßêüú"), (2, 1, "ÇÍãÏ Úáí")]);
    sandbox.run(&[]).expect(0);
    let issues = query(
        &sandbox,
        "SELECT row, column_name FROM value_issues WHERE source_id = 'scholarships' AND code = 'TEXT_LEGACY_FONT' ORDER BY row",
    );
    let rows: Vec<u64> = issues.iter().filter_map(|issue| issue["row"].as_u64()).collect();
    assert_eq!(rows, [2, 3], "{issues:?}");
}

/// Cells with errors and formulas without result land empty, and the receipt says so.
fn what_a_workbook_does_not_say() {
    let sandbox = Sandbox::with_data();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let text = sandbox.read(DUMP);
    for (row, line) in text.trim_start_matches('\u{feff}').lines().take(30).enumerate() {
        // Names of colleges, which have commas, are nothing here.
        let cells = line.split('"').step_by(2).collect::<String>();
        for (column, cell) in cells.split(',').enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let (row, column) = (row as u32, column as u16);
            sheet.write(row, column, cell).expect("a cell");
        }
    }
    for row in [2, 5] {
        let broken = rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!");
        sheet.write(row, 6, broken).expect("a cell");
    }
    std::fs::remove_file(sandbox.path(DUMP)).expect("the dump");
    book.save(sandbox.path("data/scholarships/list.xlsx")).expect("a workbook");
    sandbox.edit(SOURCE, "scholarships/*.csv", "scholarships/*.xlsx");
    sandbox.run(&[]).expect(0);
    let receipt = receipt(&sandbox, "out/latest").to_string();
    let told = "\"cells_with_errors\":\"2 cells, first in row 3, column 7\"";
    assert!(receipt.contains(told), "no {told} in the receipt");
}

fn a_header_that_is_not_declared() {
    let sandbox = Sandbox::with_data();
    expecting(
        &sandbox,
        "[expect]\nfilled = ['Aplication ID']\nrows = { min = 5, max = 2 }\nsum = { DOB = 'x' }",
    );
    let outcome = sandbox.run(&[]).expect(2);
    for words in [
        "`Aplication ID` is not in [columns]",
        "did you mean `Application ID`?",
        "`min` is greater than `max`",
        "must be an amount of two decimals at most",
    ] {
        assert!(outcome.stderr.contains(words), "no `{words}` in:\n{}", outcome.stderr);
    }
}

fn headers_called_as_our_own() {
    let sandbox = Sandbox::with_data();
    let text = sandbox.read(DUMP);
    let header = text.lines().next().expect("a header").trim_start_matches('\u{feff}');
    let (mut renamed, mut source) = (header.to_owned(), sandbox.read(SOURCE));
    for (theirs, ours) in [
        ("Application ID", "record_id"),
        ("Course", "row"),
        ("Village", "file"),
        ("Mandal", "sheet"),
    ] {
        source = source.replace(&format!("\"{theirs}\""), &format!("\"{ours}\""));
        renamed = renamed.replace(theirs, ours);
    }
    sandbox.write(SOURCE, &source);
    // The header stands in the middle of the list once more.
    sandbox.write(DUMP, &text.replace(header, &renamed));
    sandbox.run(&[]).expect(0);
    let rows = lines(&sandbox).len() as u64;
    let routed = count(&sandbox, "SELECT count(*) FROM routing WHERE source_id = 'scholarships'");
    assert!(routed > 0 && routed <= rows, "{routed} of {rows}");
    // And as a delta over what was landed.
    sandbox.edit(SOURCE, "mode = \"full\"", "mode = \"delta\"");
    sandbox.run(&[]).expect(0);
    assert_eq!(
        count(&sandbox, "SELECT count(*) FROM routing WHERE source_id = 'scholarships'"),
        routed
    );
}
