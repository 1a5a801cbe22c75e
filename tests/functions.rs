//! Every SQL function over strings that break programs, over NULL, and over values that repeat.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::prelude::SessionContext;
use milaan_functions::{BUNDLES, FUNCTIONS, Kind, SqlFunction};

use crate::cells::session_with_words;
use crate::docs::session;
use crate::harness::root;

crate::tests!(
    naughty_strings_break_nothing,
    null_gives_null,
    repeated_values_give_what_each_gives,
    bundles_give_what_their_functions_give
);

/// Functions that say something of NULL too: what they count or join counts it in.
const ANSWERS_NULL: &[&str] = &["fingerprint", "case_key", "record_id"];

/// The Big List of Naughty Strings, and our own; without `../shared` only those.
fn strings() -> Vec<String> {
    let path = root().join("../shared/data/blns/blns.txt");
    let list = std::fs::read_to_string(path).unwrap_or_default();
    let own = [
        "",
        "\0",
        "్్్",
        "s/o",
        "@",
        "1e999",
        "\u{202e}abc",
        "ﷺ",
        "౧౨౩",
        "12-13-1414",
        "2341 2341 2346",
        "N/A",
    ];
    list.lines().chain(own).map(str::to_owned).collect()
}

/// A call of a function with these texts for its texts; text columns may be the same.
fn call(function: &SqlFunction, texts: &[&str]) -> String {
    let mut texts = texts.iter().cycle();
    let args: Vec<String> = function
        .args
        .iter()
        .map(|(_, kind)| match kind {
            Kind::Text => (*texts.next().expect("a text")).to_owned(),
            Kind::Bytes => "CAST(NULL AS BYTEA)".to_owned(),
            Kind::Integer => "CAST(1 AS INTEGER)".to_owned(),
            Kind::Number => "CAST(0.5 AS DOUBLE)".to_owned(),
            Kind::Boolean => "true".to_owned(),
            Kind::Date => "DATE '2026-10-31'".to_owned(),
            Kind::TextList | Kind::Decimal | Kind::Parts(_) => "NULL".to_owned(),
        })
        .collect();
    format!("{}({})", function.name, args.join(", "))
}

fn with_strings(strings: Vec<String>) -> SessionContext {
    let other: Vec<String> = strings.iter().skip(1).chain(strings.first()).cloned().collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("a", Arc::new(StringArray::from(strings))),
        ("b", Arc::new(StringArray::from(other))),
    ];
    let ctx = session_with_words();
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    ctx.register_batch("strings", batch).expect("a table");
    ctx
}

fn rows(ctx: &SessionContext, sql: &str) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let batches = runtime.block_on(async {
        ctx.sql(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}")).collect().await
    });
    let batches = batches.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let texts = batches.iter().flat_map(|batch| {
        (0..batch.num_rows()).map(|row| array_value_to_string(batch.column(0), row).expect("text"))
    });
    texts.collect()
}

fn naughty_strings_break_nothing() {
    let strings = strings();
    let count = strings.len();
    let ctx = with_strings(strings);
    for function in FUNCTIONS {
        for texts in [
            &["a", "b"][..],
            &["a", "'mdy'"],
            &["'aadhaar'", "a"],
            &["'cnic'", "a", "b"],
            &["'IN'", "a", "'dmy'"],
            &["'PK'", "a"],
            &["'village'", "a", "b"],
        ] {
            let sql = format!("SELECT {} FROM strings", call(function, texts));
            assert_eq!(rows(&ctx, &sql).len(), count, "{sql}");
        }
    }
}

fn null_gives_null() {
    let ctx = session();
    for function in FUNCTIONS.iter().filter(|one| !ANSWERS_NULL.contains(&one.name)) {
        let args = vec!["NULL"; function.args.len()].join(", ");
        let sql = format!("SELECT {}({args})", function.name);
        let found = rows(&ctx, &sql);
        let parts_are_null = matches!(function.returns, Kind::Parts(_))
            && found[0].split(": ").skip(1).all(|part| {
                part.trim_start_matches(['}', ' ']).is_empty() || part.starts_with(',')
            });
        assert!(found == [""] || parts_are_null, "{sql}: {found:?}");
    }
}

fn repeated_values_give_what_each_gives() {
    // Repeated often enough that each distinct value is worked out once.
    let few: Vec<String> = strings().into_iter().take(40).collect();
    let each = with_strings(few.clone());
    let often = with_strings((0..600).map(|at| few[at % few.len()].clone()).collect());
    for function in FUNCTIONS {
        let sql = format!("SELECT {} FROM strings", call(function, &["a", "'IN'", "'dmy'"]));
        let (once, many) = (rows(&each, &sql), rows(&often, &sql));
        for (at, found) in many.iter().enumerate() {
            assert_eq!(*found, once[at % once.len()], "{sql}");
        }
    }
}

fn bundles_give_what_their_functions_give() {
    let ctx = with_strings(strings());
    for bundle in BUNDLES {
        let names: Vec<&str> = (0..bundle.function.args.len())
            .map(|at| match bundle.function.args[at].1 {
                Kind::Date => "DATE '2026-10-31'",
                _ if bundle.function.args[at].0 == "scheme" => "'aadhaar'",
                _ if at % 2 == 0 => "a",
                _ => "b",
            })
            .collect();
        for part in bundle.parts {
            let args: Vec<&str> = part.args.iter().map(|at| names[*at]).collect();
            let sql = format!(
                "SELECT count(*) FROM strings WHERE get_field({}({}), '{}') IS DISTINCT FROM {}({})",
                bundle.function.name,
                names.join(", "),
                part.name,
                part.function,
                args.join(", ")
            );
            assert_eq!(rows(&ctx, &sql), ["0"], "{sql}");
        }
    }
}
