//! Source files.

use std::path::Path;

use milaan_model::reading::{Format, Sheets};

use super::fixture::{Folder, check};
use crate::{Mode, OnMissing, parse_source};

const PENSIONS: &str = "hub/sources/pensions.toml";
const RATION: &str = "hub/sources/ration.toml";

#[test]
fn as_written() {
    let pipeline = Folder::new().load().unwrap();
    let pensions = pipeline.source("pensions").unwrap();
    assert_eq!((pensions.mode, pensions.on_missing), (Mode::Delta, OnMissing::UseLast));
    assert_eq!(pensions.as_of.as_deref(), Some("2026-10-31"));
    assert_eq!((pensions.layout.as_str(), pensions.unique_persons), ("dmy", true));
    assert_eq!((pensions.position.line, pensions.paths_position.line), (1, 9));
    let headers: Vec<_> = pensions.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["Pension ID", "Name", "Born", "Aadhaar", "Village", "Age", ""]);
    let wanted: Vec<_> = pensions.reading.columns.iter().map(|column| column.required).collect();
    assert_eq!(wanted, [true, true, true, true, true, false]);
    assert_eq!(pensions.reading.columns[2].aliases, ["DOB"]);
    assert_eq!(pensions.columns[2].position.line, 19);
    assert_eq!(pensions.columns[3].scheme.as_deref(), Some("aadhaar"));
    assert_eq!(pensions.columns[4].base(), "village");
}

#[test]
fn reading_and_constants() {
    let pipeline = Folder::new().load().unwrap();
    let ration = pipeline.source("ration").unwrap();
    assert_eq!((ration.mode, ration.on_missing), (Mode::Full, OnMissing::Fail));
    assert_eq!((ration.layout.as_str(), ration.unique_persons), ("ymd", false));
    let reading = &ration.reading;
    assert_eq!((reading.format, reading.delimiter), (Some(Format::Csv), Some(b'\t')));
    assert_eq!((reading.quote, reading.header_row), (Some(b'\''), Some(3)));
    assert_eq!(reading.encoding.as_deref(), Some("utf-16le"));
    assert_eq!((&reading.sheets, &reading.total_words), (&Sheets::AllAlike, &vec!["Total".into()]));
    let constants: Vec<_> = ration
        .columns
        .iter()
        .filter_map(|column| {
            Some((column.base(), column.constant.as_deref()?, column.layout.as_deref()))
        })
        .collect();
    let expected = [
        ("district".to_owned(), "Guntur", None),
        ("valid_from".to_owned(), "2026-01-01", Some("ymd")),
        ("benefit_quantity".to_owned(), "5", None),
    ];
    assert_eq!(constants, expected);
    assert_eq!(ration.key, ["Card No", "Member"]);
}

const HEADS: &str = r#"
- title
+ titel
! 2: unknown key `titel` | did you mean `title`?

- id = "pensions"
+ id = "Old Pensions"
! 1: `Old Pensions` is not a name: use lower-case letters, digits, `_` and `-`, a letter first, at most 48 characters | for example `old_pensions`

- id = "pensions"
+ id = "ration"
! hub/sources/ration.toml: the id `ration` is that of hub/sources/pensions.toml already | give this list an id of its own

- id = "pensions"
+ id = "registry"
! 1: the id `registry` is that of hub/registry.toml already | give this list an id of its own

- id = "pensions"
+ id = "hub"
! 1: the id `hub` is the pipeline's already | give this list an id of its own

- id = "pensions"
+ id = 7
! 1: `id` must be text, not a whole number | put it in quotes

- "delta"
+ "dleta"
! 4: `mode` cannot be `dleta` | did you mean `delta`?

- "use_last"
+ "ignore"
! 5: `on_missing` cannot be `ignore` | one of `fail`, `use_last`, `skip`

- 2026-10-31
+ "31-10-2026"
! 6: `as_of` must be a date | write it as 2026-10-31

- 2026-10-31
+ "2026-02-30"
! 6: `as_of` must be a date | write it as 2026-10-31

- 2026-10-31
+ 2026-10-31T10:00:00
! 6: `as_of` must be a date | write it as 2026-10-31

- 2026-10-31
+ 2026-10-31\nlayout = "dym"
! 7: `layout` cannot be `dym` | did you mean `dmy`?

- "Rural Development"
+ ""
! 3: `department` is empty

- title = "Pensions"
+ title = "Pensions
! 2: not TOML: invalid basic string, expected `"`

- department =
+ department
! 3: not TOML: key with no value, expected `=`
"#;

#[test]
fn heads() {
    check(PENSIONS, HEADS);
}

const FILES: &str = r#"
- [files]
+ [file]
! 8: unknown key `file` | did you mean `files`?

- paths = ["pensions/{a,b}/*.xlsx"]
+
! 8: `paths` is missing in [files]

- ["pensions/{a,b}/*.xlsx"]
+ []
! 9: `paths` is empty

- ["pensions/{a,b}/*.xlsx"]
+ "pensions/*.xlsx"
! 9: `paths` must be a list, not text | write ["pensions/*.xlsx"]

- pensions/{a,b}/*.xlsx
+ /srv/*.xlsx
! 9: the path `/srv/*.xlsx` is absolute | paths are relative to the data folder

- pensions/{a,b}/*.xlsx
+ ../x/*.xlsx
! 9: the path `../x/*.xlsx` has `..` | paths stay below the data folder

- pensions/{a,b}/*.xlsx
+ C:/x.xlsx
! 9: the path `C:/x.xlsx` is absolute | paths are relative to the data folder

- pensions/{a,b}/*.xlsx
+ p/[a.xlsx
! 9: `p/[a.xlsx` is no pattern: unclosed character class; missing ']'

- "all_alike"
+ "all-alike"
! 10: `sheets` cannot be `all-alike` | did you mean `all_alike`?

- "all_alike"
+ "Guntur"
! 10: `sheets` cannot be `Guntur` | `all_alike`, or a list of names: ["Guntur"]

- "all_alike"
+ []
! 10: `sheets` is empty
"#;

const RATION_FILES: &str = r#"
- "csv"
+ "cvs"
! 7: `format` cannot be `cvs` | did you mean `csv`?

- "tab"
+ ";;"
! 8: `delimiter` must be one character, not `;;` | for example `;`, `|` or `tab`

- "tab"
+ "x"
! 8: `delimiter` must be one character, not `x` | for example `;`, `|` or `tab`

- "tab"
+ "'"
! 9: `quote` and `delimiter` are the same character

- "UTF-16LE"
+ "utf8"
! 10: `utf8` is no encoding | did you mean `utf-8`? near too: `utf-16le`, `utf-16be`

- = 3
+ = 0
! 11: `header_row` must be 1 or more, not 0

- = 3
+ = 1.5
! 11: `header_row` must be a whole number, not a decimal number

- ["Total"]
+ ["Total", 5]
! 12: `total_words` must be text, not a whole number | put it in quotes
"#;

#[test]
fn files() {
    check(PENSIONS, FILES);
    check(RATION, RATION_FILES);
}

const COLUMNS: &str = r#"
- "person_name"
+ "persn_name"
! 18: `persn_name` is no semantic field | did you mean `person_name`? near too: `given_name`, `surname`

- "person_name"
+ "salary"
! 18: `salary` is no semantic field | the nearest: `place`, `valid_from`, `surname`

- { field = "age", required = false }
+ "age"
! 22: column `Age` must be a table, not text | write { field = "age" }

- field = "age"
+ fiel = "age"
! 22: unknown key `fiel` in column `Age` | did you mean `field`?

- role = "village"
+ role = "vilage"
! 21: the field `place` has no role `vilage` | did you mean `village`?

- , role = "village"
+
! 21: the field `place` needs a role | one of `district`, `mandal`, `village`, `habitation`, `tehsil`, `province`

- , role = "pension"
+
! 17: the field `identifier` needs a role | a word for what it is, for example `role = "course"`

- role = "pension"
+ role = "Pension No"
! 17: `Pension No` is not a name: use lower-case letters, digits, `_` and `-`, a letter first, at most 48 characters | for example `pension_no`

- role = "pension"
+ role = "pension-no"
! 17: `pension-no` stands in SQL and cannot have `-` | write `pension_no`

- , scheme = "aadhaar"
+
! 20: the field `national_id` needs a scheme | for example `scheme = "aadhaar"` or `scheme = "cnic"`

- scheme = "aadhaar"
+ scheme = "adhaar"
! 20: `scheme` cannot be `adhaar` | did you mean `aadhaar`?

- field = "age"
+ field = "age", scheme = "cnic"
! 22: the field `age` has no scheme

- field = "age"
+ field = "age", layout = "dmy"
! 22: `age` is no date and has no layout

- layout = "dmy"
+ layout = "dmmy"
! 19: `layout` cannot be `dmmy` | did you mean `dmy`?

- field = "age"
+ field = "birth_date"
! 22: `birth_date` is column `Born` already (line 19) | give one of them a role, or make one header an alias of the other

- field = "age"
+ field = "place", role = "village"
! 22: `place` with role `village` is column `Village` already (line 21) | one header may be an alias of the other

- aliases = ["DOB"]
+ aliases = ["DOB", "PENSIONER"]
! 19: `PENSIONER` also names column `Name` (line 18)

- aliases = ["DOB"]
+ aliases = ["Age"]
! 19: `Age` also names column `Age` (line 22)

- aliases = ["DOB"]
+ aliases = "DOB"
! 19: `aliases` must be a list, not text | write ["DOB"]

- required = false
+ required = "no"
! 22: `required` must be true or false, not text
"#;

#[test]
fn columns() {
    check(PENSIONS, COLUMNS);
}

const KEYS_AND_CONSTANTS: &str = r#"
- ["Pension ID"]
+ ["Pension Id"]
! 13: the key `Pension Id` is not in [columns] | did you mean `Pension ID`?

- ["Pension ID"]
+ ["DOB"]
! 13: the key `DOB` is not in [columns] | it is an alias: write `Born`

- ["Pension ID"]
+ ["Age"]
! 13: the key `Age` is a column that may be absent | take `required = false` away

- ["Pension ID"]
+ ["Name", "Name"]
! 13: `Name` is in the key twice

- ["Pension ID"]
+ []
! 13: `key` is empty

- [record]
+ [records]
! 12: unknown key `records` | did you mean `record`?

- scheme = "old_age"
+ shceme = "old_age"
! 25: `shceme` is no semantic field | did you mean `scheme`? near too: `surname`, `postcode`

- scheme = "old_age"
+ village = "Pedana"
! 25: the constant `village` is also column `Village` (line 21) | take one of them away

- scheme = "old_age"
+ place = "Pedana"
! 25: the field `place` needs a role | write its role as the key: `district`, `mandal`, `village`, `habitation`, `tehsil`, `province`

- scheme = "old_age"
+ text = "x"
! 25: the field `text` needs a role and cannot be a constant

- scheme = "old_age"
+ bank_account = "1"
! 25: the secret field `bank_account` cannot be a constant

- scheme = "old_age"
+ scheme = ["a"]
! 25: `scheme` must be text, a number, a date, or true or false, not a list

- scheme = "old_age"
+ scheme = 10:00:00
! 25: `scheme` must be a date without a time
"#;

#[test]
fn keys_and_constants() {
    check(PENSIONS, KEYS_AND_CONSTANTS);
}

#[test]
fn a_source_cut_anywhere() {
    let text = "title = 'Éa'\nmode = \"full\"\n[files]\npaths = ['x.csv']\n[record]\nkey = ['Id']\n\
                [columns]\n\"Id\" = { field = 'code', role = 'id', aliases = ['నం', '''b'''] }\n";
    for (cut, _) in text.char_indices() {
        let problems = parse_source(&text[..cut], Path::new("x.toml")).unwrap_err();
        assert!(!problems.is_empty(), "{cut}");
    }
}

#[test]
fn a_source_by_itself() {
    let text = "title = 'X'\ndepartment = 'Y'\n[files]\npaths = ['x.csv']\n[record]\nkey = ['Id']\n\
                [columns]\nId = { field = 'code', role = 'id' }\n";
    let source = parse_source(text, Path::new("sources/my_list.toml")).unwrap();
    assert_eq!(source.id.as_str(), "my_list");
    let problems = parse_source(text, Path::new("sources/My List.toml")).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].position.line, 0);
    assert_eq!(problems[0].hint.as_deref(), Some("or state an `id`"));
}

/// A dump without header names its columns by their place; that cannot stand beside a header row.
#[test]
fn no_header() {
    let source = |files: &str| {
        let text = format!(
            "title = \"x\"\ndepartment = \"y\"\n[files]\npaths = [\"x.csv\"]\n{files}\n[record]\nkey = [\"column_1\"]\n\
             [columns]\n\"column_1\" = {{ field = \"identifier\", role = \"x\" }}\n"
        );
        crate::parse_source(&text, std::path::Path::new("x.toml"))
    };
    assert_eq!(source("no_header = true").unwrap().reading.header_row, Some(0));
    assert_eq!(source("no_header = false\nheader_row = 2").unwrap().reading.header_row, Some(2));
    let problems = source("no_header = true\nheader_row = 2").unwrap_err();
    assert_eq!(problems[0].message, "`no_header` beside `header_row`");
    let reading = source("escape = \"\\\\\"\ncomment = \"//\"").unwrap().reading;
    assert_eq!((reading.escape, reading.comment.as_deref()), (Some(b'\\'), Some("//")));
}
