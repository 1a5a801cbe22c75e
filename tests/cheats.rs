//! A planted cheat is caught: no pipeline reads the truth, and no dump tells who is who by anything but its people.

use std::collections::{BTreeMap, BTreeSet};

use calamine::{Data, Reader as _};

use crate::harness::{Outcome, Sandbox, files, root};
use crate::sample::csv_rows;

crate::tests!(
    a_source_that_takes_the_truth,
    a_truth_under_another_name,
    a_column_that_only_the_truth_has,
    a_model_that_looks_at_lineage,
    sql_that_reaches_for_the_truth,
    results_do_not_know_the_truth,
    dumps_have_the_columns_they_should,
    lists_do_not_name_residents,
);

const SCHOLARSHIPS: &str = "pipelines/people-hub/sources/scholarships.toml";
const PATHS: &str = "paths = [\"scholarships/*.csv\"]";

fn check(sandbox: &Sandbox) -> Outcome {
    sandbox.milaan(["check", "pipelines/people-hub", "--data", "data"])
}

/// `check` and `run` end with a code and say each of the words; nothing is published as latest.
fn refused(sandbox: &Sandbox, code: i32, words: &[&str]) {
    for outcome in [check(sandbox), sandbox.run(&[])] {
        let outcome = outcome.expect(code);
        for word in words {
            assert!(outcome.stderr.contains(word), "no `{word}` in:\n{}", outcome.stderr);
        }
    }
    assert!(!sandbox.path("out/latest").exists());
}

fn a_source_that_takes_the_truth() {
    let sandbox = Sandbox::with_data();
    let before = sandbox.read(SCHOLARSHIPS);
    for paths in ["[\"truth.csv\"]", "[\"*.csv\"]", "[\"scholarships/*.csv\", \"**/t*.csv\"]"] {
        sandbox.write(SCHOLARSHIPS, &before.replace(PATHS, &format!("paths = {paths}")));
        let words = [
            "error: source `scholarships` takes `truth.csv`, which is a truth",
            "only `milaan eval` may read it",
            "sources/scholarships.toml:",
            "hint: narrow `paths`",
        ];
        refused(&sandbox, 1, &words);
    }
    // Training learns from dumps: it is refused alike, and so is a run told its date.
    let train = sandbox.milaan(["train", "pipelines/people-hub", "--data", "data"]).expect(1);
    assert!(train.stderr.contains("which is a truth"), "{}", train.stderr);
    let dated = sandbox.run(&["--as-of", "2026-10-31"]).expect(1);
    assert!(dated.stderr.contains("which is a truth"), "{}", dated.stderr);
}

/// What the file is decides, not what it is called.
fn a_truth_under_another_name() {
    let sandbox = Sandbox::with_data();
    let truth = sandbox.read("data/truth.csv");
    let disguises = [
        truth.clone(),
        format!("\u{feff}{truth}"),
        truth.replace(',', ";"),
        truth.replace(',', "\t"),
        truth.replacen("source_id,file", "\"source_id\",\"file\"", 1),
        format!("Answers\n\n{truth}"),
        "cases,resident_ref,row,sheet,file\n,R-1,2,,a.csv\n".to_owned(),
        "name,file,row,resident_ref\nRavi,a.csv,2,R-1\n".to_owned(),
    ];
    for disguise in disguises {
        sandbox.write("data/scholarships/students.csv", &disguise);
        let outcome = check(&sandbox).expect(1);
        let words = "takes `scholarships/students.csv`, which is a truth";
        assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
    }
    std::fs::remove_file(sandbox.path("data/scholarships/students.csv")).expect("removed");
    let order = "synth flat-data --programme people-hub --residents 60 --records 30 --seed 2 --rates sample --flat";
    sandbox.milaan(order.split(' ')).expect(0);
    let flat = sandbox.path("flat-data/flat/truth.parquet");
    std::fs::copy(flat, sandbox.path("data/scholarships/who.parquet")).expect("copied");
    sandbox.edit(SCHOLARSHIPS, PATHS, "paths = [\"scholarships/*\"]");
    refused(&sandbox, 1, &["takes `scholarships/who.parquet`, which is a truth"]);
}

fn a_column_that_only_the_truth_has() {
    for column in ["resident_ref", "cases"] {
        let sandbox = Sandbox::with_data();
        let with =
            format!("[columns]\n\"{column}\" = {{ field = \"identifier\", role = \"cheat\" }}");
        sandbox.edit(SCHOLARSHIPS, "[columns]", &with);
        refused(&sandbox, 1, &[&format!("`{column}`"), "sources/scholarships.toml:"]);
    }
}

/// Rows of a list lie in the order of its area, and so do the registry's: where a row stands is no evidence.
fn a_model_that_looks_at_lineage() {
    for column in ["row", "file", "record_id", "resident_ref", "fingerprint"] {
        let sandbox = Sandbox::with_data();
        let model = "pipelines/people-hub/match/person_v1.toml";
        sandbox.edit(model, "keys = [\"phone\"]", &format!("keys = [\"{column}\"]"));
        refused(&sandbox, 2, &[&format!("`{column}` is no canonical column")]);
    }
}

fn sql_that_reaches_for_the_truth() {
    let sandbox = Sandbox::with_data();
    let absolute = sandbox.path("data/truth.csv").display().to_string();
    let reaches = [
        "truth".to_owned(),
        "truth_file".to_owned(),
        "judged".to_owned(),
        "'truth.csv'".to_owned(),
        "\"data/truth.csv\"".to_owned(),
        format!("'{absolute}'"),
        format!("\"{absolute}\""),
        format!("\"file://{absolute}\""),
        format!("read_csv('{absolute}')"),
        format!("parquet_metadata('{absolute}')"),
    ];
    let places = [
        (
            "pipelines/common/checks/every_record_is_routed.sql",
            "FROM records AS d",
            "FROM records AS d CROSS JOIN ",
        ),
        (
            "pipelines/common/reports/issues.sql",
            "FROM value_issues",
            "FROM value_issues CROSS JOIN ",
        ),
    ];
    for (at, (file, from, to)) in places.into_iter().enumerate() {
        let before = sandbox.read(file);
        sandbox.edit(file, from, &format!("{to}(SELECT 1 AS one) AS cheat "));
        check(&sandbox).expect(0);
        sandbox.write(file, &before);
        // Each door at one of the two places: they are planned alike.
        for reach in reaches.iter().skip(at).step_by(2) {
            sandbox.edit(file, from, &format!("{to}{reach} AS cheat "));
            let outcome = check(&sandbox).expect(2);
            let name = file.rsplit('/').next().unwrap_or(file);
            assert!(outcome.stderr.contains(name), "{reach}: {}", outcome.stderr);
            sandbox.write(file, &before);
        }
        sandbox.edit(file, from, &format!("{to}{} AS cheat ", reaches[6]));
        sandbox.run(&[]).expect(2);
        sandbox.write(file, &before);
    }
    for reach in &reaches {
        sandbox.milaan(["sql", &format!("SELECT * FROM {reach}")]).expect(2);
    }
    let loading = format!("CREATE EXTERNAL TABLE truth STORED AS CSV LOCATION '{absolute}'");
    sandbox.milaan(["sql", &loading]).expect(2);
}

/// The same bytes with the truth in reach, turned upside down, and away.
fn results_do_not_know_the_truth() {
    let sandbox = Sandbox::with_data();
    let run = || {
        sandbox.run(&[]).expect(0);
        files(&sandbox.path("out/latest/reports"))
    };
    let with = run();
    let truth = sandbox.read("data/truth.csv");
    let rows: Vec<Vec<&str>> = truth.lines().map(|line| line.split(',').collect()).collect();
    let false_rows = rows.iter().enumerate().map(|(at, row)| {
        let resident = if at == 0 { row[4] } else { rows[rows.len() - at][4] };
        format!("{},{resident},{}\n", row[..4].join(","), row[5])
    });
    sandbox.write("data/truth.csv", &false_rows.collect::<String>());
    assert!(run() == with, "a false truth changed the results");
    std::fs::remove_file(sandbox.path("data/truth.csv")).expect("removed");
    assert!(run() == with, "the results need the truth");
    sandbox.write("truth.csv", &truth);
    sandbox.milaan(["eval", "out/latest", "truth.csv"]).expect(0);
}

/// Every dump's columns are what its source file asks for, and a few that are known and left alone. `check` names both those
/// not asked for and those absent, so that nothing else can be there.
fn dumps_have_the_columns_they_should() {
    let known = [
        ("registry", "House No"),
        ("pensions", "S.No"),
        ("scholarships", "College"),
        ("kafaalat", "S.No, NADRA Verified"),
        ("stipends", "School, Class, Attendance %"),
        ("utility_stores", "Store Code"),
    ];
    let known: BTreeSet<(&str, &str)> = known.into();
    let mut seen = BTreeSet::new();
    for programme in ["people-hub", "ehsaas"] {
        let sandbox = Sandbox::new();
        let order =
            format!("synth data --programme {programme} --residents 600 --records 400 --seed 11");
        sandbox.milaan(order.split(' ')).expect(0);
        let pipeline = format!("pipelines/{programme}");
        let text = sandbox.milaan(["check", &pipeline, "--data", "data"]).expect(0).stdout;
        assert!(!text.contains("columns absent"), "{text}");
        let mut source = String::new();
        for line in text.lines() {
            match line.strip_prefix("    columns not asked for: ") {
                Some(columns) => {
                    let ehsaas = source == "registry" && programme == "ehsaas";
                    let name = if ehsaas { "ehsaas registry" } else { &source };
                    assert!(known.contains(&(name, columns)), "{name} has columns {columns}");
                    seen.insert(name.to_owned());
                }
                None => line.split(':').next().unwrap_or_default().clone_into(&mut source),
            }
        }
        let folders: BTreeSet<String> =
            files(&sandbox.path("data")).into_keys().filter(|name| !name.contains('/')).collect();
        assert_eq!(folders, BTreeSet::from(["invented.json".to_owned(), "truth.csv".to_owned()]));
    }
    assert_eq!(seen.len(), known.len());
}

/// A list's cells by column, each with the resident whom the truth names: source → column → (cell, resident).
type Told = BTreeMap<String, BTreeMap<String, Vec<(String, String)>>>;

fn told(programme: &str) -> Told {
    let data = root().join("sample-data").join(programme);
    let truth = csv_rows(&std::fs::read_to_string(data.join("truth.csv")).expect("truth"));
    let mut tables: BTreeMap<(String, String), Vec<Vec<String>>> = BTreeMap::new();
    let mut told = Told::new();
    for row in truth.iter().filter(|row| !row["resident_ref"].is_empty()) {
        let place = (row["file"].clone(), row["sheet"].clone());
        let table = tables
            .entry(place)
            .or_insert_with_key(|(file, sheet)| read_table(&data.join(file), sheet));
        let header = table.iter().find(|cells| filled(cells) > 9).expect("a header").clone();
        let at: usize = row["row"].parse().expect("a number");
        let columns = told.entry(row["source_id"].clone()).or_default();
        for (column, cell) in header.into_iter().zip(table[at - 1].clone()) {
            columns.entry(column).or_default().push((cell, row["resident_ref"].clone()));
        }
    }
    told
}

fn filled(cells: &[String]) -> usize {
    cells.iter().filter(|cell| !cell.is_empty()).count()
}

/// The rows of a dump as a person counts them.
fn read_table(path: &std::path::Path, sheet: &str) -> Vec<Vec<String>> {
    if sheet.is_empty() {
        let text = std::fs::read_to_string(path).expect("a list");
        let text = text.trim_start_matches('\u{feff}');
        let count = |delimiter: &u8| {
            text.lines().next().map(|line| line.matches(char::from(*delimiter)).count())
        };
        let delimiter = *b",;\t".iter().max_by_key(|delimiter| count(delimiter)).expect("three");
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        return reader
            .records()
            .map(|row| row.expect("cells").iter().map(str::to_owned).collect())
            .collect();
    }
    let mut workbook = calamine::open_workbook_auto(path).expect("a workbook");
    let range = workbook.worksheet_range(sheet).expect("the sheet");
    let above = range.start().map_or(0, |(row, _)| row as usize);
    let rows = range.rows().map(|row| row.iter().map(Data::to_string).collect());
    std::iter::repeat_n(Vec::new(), above).chain(rows).collect()
}

/// No cell of a list is a resident's or household's name in the registry, and sorting a list by a column says nothing of the
/// registry's order, but where the column is a place: both are surveyed area by area.
fn lists_do_not_name_residents() {
    let places = [
        "District",
        "Mandal",
        "Village",
        "Village/Mohalla",
        "Tehsil",
        "Province",
        "Store Code",
        "College",
        "School",
        "S.No",
    ];
    for programme in ["people-hub", "ehsaas"] {
        for (source, columns) in told(programme) {
            assert!(columns.len() > 12, "{source}: {:?}", columns.keys());
            for (column, cells) in columns {
                let same = cells.iter().filter(|(cell, resident)| names(cell, resident)).count();
                assert!(
                    same * 50 <= cells.len(),
                    "{programme} {source} `{column}`: {same} name the resident"
                );
                let known: Vec<_> =
                    cells.into_iter().filter(|(cell, _)| !cell.is_empty()).collect();
                if places.contains(&column.as_str()) || known.len() < 200 {
                    continue;
                }
                let (values, residents): (Vec<_>, Vec<_>) = known.into_iter().unzip();
                let rho = correlation(&ranks(&values), &ranks(&residents));
                assert!(rho.abs() < 0.15, "{programme} {source} `{column}`: {rho}");
            }
        }
    }
}

/// Whether a cell holds a resident's or a household's name, or the digits of this resident's.
fn names(cell: &str, resident: &str) -> bool {
    let digits = |text: &str| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.trim_start_matches('0').to_owned()
    };
    let is_name = |word: &str| {
        let rest = word.strip_prefix("R-").or_else(|| word.strip_prefix("H-"));
        rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    assert!(!cell.split_whitespace().any(is_name), "`{cell}` is a name of the registry");
    let household = resident.rsplit_once('-').map_or(resident, |(household, _)| household);
    let found = digits(cell);
    !found.is_empty() && (found == digits(resident) || found == digits(household))
}

/// Ranks by text; equal values share the mean of theirs.
fn ranks(values: &[String]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    while from < order.len() {
        let same =
            order[from..].iter().take_while(|at| values[**at] == values[order[from]]).count();
        for at in &order[from..from + same] {
            ranks[*at] = from as f64 + (same as f64 - 1.0) / 2.0;
        }
        from += same;
    }
    ranks
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product = |x: &[f64], mean_x: f64, y: &[f64], mean_y: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum()
    };
    let spread = (product(a, mean_a, a, mean_a) * product(b, mean_b, b, mean_b)).sqrt();
    if spread > 0.0 { product(a, mean_a, b, mean_b) / spread } else { 0.0 }
}
