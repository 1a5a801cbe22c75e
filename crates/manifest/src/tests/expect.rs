//! `[expect]` of a source file.

use std::path::Path;

use crate::{Bounds, Must, parse_source};

const SOURCE: &str = r#"
title = "Pensions"
department = "Rural Development"
[files]
paths = ["p/*.csv"]
[record]
key = ["row"]
[columns]
"row" = { field = "identifier", role = "pension" }
"Name" = { field = "person_name", aliases = ["NAME"] }
"Amount" = { field = "benefit_amount" }
"#;

fn parsed(expect: &str) -> Result<crate::Source, Vec<String>> {
    let text = format!("{SOURCE}\n{expect}");
    parse_source(&text, Path::new("pensions.toml"))
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn as_stated() {
    let source = parsed(
        r#"
[expect]
rows = 6361380
sum = { Amount = 15903450000.5, Name = -3, row = "1,234.05" }
files = { min = 20 }
each_file = ["p/*guntur*.csv"]
unique = ["row", "Name"]
[expect.warn]
max_age_days = 45
change_share_max = 0.2
[expect.reject]
filled = ["row"]
types = { Amount = "number" }
values = { Name = ["A", "B"] }
"#,
    )
    .unwrap();
    let expect = &source.expect;
    assert_eq!(expect.fail.rows, Some(Bounds { min: 6_361_380, max: 6_361_380 }));
    assert_eq!(expect.fail.files, Some(Bounds { min: 20, max: u64::MAX }));
    let sums: Vec<_> = expect.fail.sums.iter().map(|(name, sum)| (name.as_str(), *sum)).collect();
    assert_eq!(sums, [("Amount", 1_590_345_000_050), ("Name", -300), ("row (column)", 123_405)]);
    assert_eq!(expect.fail.rules[0].headers, ["row (column)", "Name"]);
    assert_eq!((expect.warn.max_age_days, expect.warn.change_share_max), (Some(45), Some(0.2)));
    let rules: Vec<_> = expect.reject.iter().map(|rule| &rule.must).collect();
    let allowed = Must::BeOneOf(vec!["A".to_owned(), "B".to_owned()]);
    assert_eq!(rules, [&Must::BeFilled, &Must::BeNumber, &allowed]);
}

/// A column that is called as one of ours is landed under another name everywhere.
#[test]
fn a_header_of_ours() {
    let source = parsed("").unwrap();
    assert_eq!(source.expect, crate::Expectations::default());
    assert_eq!(
        (source.key[0].as_str(), source.columns[0].header.as_str()),
        ("row (column)", "row (column)")
    );
    let wanted = &source.reading.columns[0];
    assert_eq!(
        (wanted.header.as_str(), wanted.aliases.as_slice()),
        ("row (column)", &["row".to_owned()][..])
    );
}

#[test]
fn slips() {
    for (expect, said) in [
        ("[expect]\nfilled = [\"Nam\"]", "`Nam` is not in [columns]"),
        ("[expect]\nrows = 0", "must be 1 or more"),
        ("[expect]\nrows = { min = 3, max = 2 }", "`min` is greater than `max`"),
        ("[expect]\nsum = { Amount = \"1.234\" }", "two decimals at most"),
        ("[expect]\nsum = { Amount = \"--\" }", "two decimals at most"),
        ("[expect]\nsum = { Amount = true }", "must be an amount"),
        ("[expect]\nchange_share_max = 2", "from 0 to 1"),
        ("[expect]\neach_file = [\"[\"]", "is no file pattern"),
        ("[expect.reject]\ntypes = { Amount = \"numbr\" }", "cannot be `numbr`"),
        ("[expect.reject]\nrows = 5", "rows"),
        ("[expect]\nvalue = { Name = [\"A\"] }", "value"),
    ] {
        let problems = parsed(expect).expect_err(expect).join("\n");
        assert!(problems.contains(said), "{expect}: {problems}");
    }
}
