//! Public fixtures of other readers, where the folder is there.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use milaan_model::Reading;

use super::landed;
use crate::{DumpFile, Error};

/// A folder of `../shared/data`, or a word that it is not there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.is_dir() {
        return Some(path);
    }
    // Past the test harness's capture, so that CI sees it.
    let _ = writeln!(std::io::stderr(), "skipped: no ../shared");
    None
}

fn file(folder: &Path, name: &str) -> DumpFile {
    DumpFile { path: folder.join(name), name: name.to_owned() }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Rows of a landed file as maps, empty cells left out.
fn records(lines: &[String]) -> Vec<BTreeMap<String, String>> {
    let cells = |line: &String| line.split('|').map(str::to_owned).collect::<Vec<_>>();
    let header = cells(&lines[0]);
    let record =
        |line| header.iter().cloned().zip(cells(line)).filter(|(_, cell)| cell != "·").collect();
    lines[1..].iter().map(record).collect()
}

#[test]
fn csv_spectrum() {
    let Some(folder) = shared("csv-spectrum") else { return };
    for name in names(&folder.join("csvs")) {
        let (_, lines) = landed(&file(&folder.join("csvs"), &name), &Reading::default()).unwrap();
        let json = std::fs::read_to_string(folder.join("json").join(name.replace(".csv", ".json")))
            .unwrap();
        let mut expected = json::records(&json);
        let mut got = records(&lines);
        if name == "location_coordinates.csv" {
            // Its expected file has another phone number, and characters that are broken otherwise.
            assert_eq!((got.len(), got[0]["Cities"].as_str()), (1, "Modesto"));
            continue;
        }
        // Outer white space is trimmed here, and line endings within cells are the file's.
        for record in expected.iter_mut().chain(&mut got) {
            record.retain(|_, cell| !cell.trim().is_empty());
            for cell in record.values_mut() {
                *cell = cell.trim().replace("\r\n", "\n");
            }
        }
        assert_eq!(got, expected, "{name}");
    }
}

#[test]
fn frictionless() {
    let Some(folder) = shared("frictionless-data") else { return };
    for (name, first, rows, rejected) in [
        ("accent.csv", "n_amenageur|n_operateur", 2, 0),
        ("blank-headers.csv", "id|column_2|age", 2, 0),
        ("blank-rows.csv", "id|name|age", 2, 0),
        ("blank-rows-multiple.csv", "id|name|age", 2, 0),
        ("blank-cells.csv", "id|name", 5, 0),
        ("bom.csv", "id|name", 2, 0),
        ("countries.csv", "id|neighbor_id|name|population", 3, 2),
        ("country-2.csv", "id|neighbor_id|name|population", 5, 0),
        ("defective-rows.csv", "id|name|age", 1, 1),
        ("delimiter.csv", "id|name", 2, 0),
        ("doublequote.csv", "INCISO|NOMBREINCISO|UE", 5, 0),
        ("duplicate-headers.csv", "id|name|id_2|age|id_3", 2, 0),
        ("escaping.csv", "ID|Test", 3, 0),
        ("issue-1109.csv", "int|number|string", 3, 0),
        ("issue-1138.csv", "Zeit [MEZ]|Wasserstand|Status", 7, 0),
        ("issue-825.csv", "Musei|2011|2010", 2, 0),
        ("latin1.csv", "id|name", 2, 0),
        ("matrix-with-comment.csv", "f1|f2|f3|f4", 4, 0),
        ("numeric-labels.csv", "id|100022", 3, 0),
        ("skip-rows-before-headers.csv", "id|name", 2, 0),
        ("structure-errors.csv", "id|name|age", 2, 1),
        ("table-with-accents.csv", "Classement|Quartier|Date|Année", 500, 0),
        ("table.tsv", "id|name", 3, 0),
        ("transpose.csv", "id|1|2|3", 2, 0),
        ("without-headers.csv", "column_1|column_2", 3, 0),
        ("without-rows.csv", "id|name", 0, 0),
        ("table.xlsx", "id|name", 2, 0),
        ("table.xls", "id|name", 2, 0),
        ("table.ods", "id|name", 2, 0),
        ("sheet2.xlsx", "id|name", 2, 0),
    ] {
        let (landing, lines) = landed(&file(&folder, name), &Reading::default()).unwrap();
        assert!(lines[0].starts_with(first), "{name}: {}", lines[0]);
        let got = (landing.rows.min(500), landing.rejects.len());
        assert_eq!(got, (rows, rejected), "{name}");
    }
    assert!(matches!(
        landed(&file(&folder, "empty.csv"), &Reading::default()),
        Err(Error::Empty { .. })
    ));
}

/// No fixture brings the reader down; the hostile ones are named errors.
#[test]
fn workbooks_of_other_readers() {
    for folder in [
        "calamine-tests",
        "readxl-sheets",
        "fastexcel-fixtures",
        "mohfw-xlsx-samples",
        "frictionless-data",
    ] {
        let Some(folder) = shared(folder) else { return };
        for name in names(&folder).iter().filter(|name| !name.contains("LICENSE")) {
            let outcome = landed(&file(&folder, name), &Reading::default());
            let said = match &outcome {
                Ok(_) => String::new(),
                Err(error) => error.to_string(),
            };
            let expected = match name.as_str() {
                "SOURCE.txt" => continue,
                "COVID19DistrictWisePositivityAnalysis_2021-12-19.xlsx" => Some("an HTML page"),
                "too_small.xls" => Some("it looks like text"),
                "issue_594_dos.ods" => Some("cells in a sheet"),
                "issue252.xlsx" => Some("cannot read"),
                name if name.starts_with("pass_protected") => Some("protected by a password"),
                "empty.xlsx" | "empty.ods" | "empty_sheet.xlsx" => Some("is empty"),
                _ => None,
            };
            if let Some(expected) = expected {
                assert!(said.contains(expected), "{name}: {said}");
            }
        }
    }
}

/// The same sheet saved in two formats gives the same cells.
#[test]
fn old_and_new_workbooks_agree() {
    let Some(folder) = shared("readxl-sheets") else { return };
    let all = names(&folder);
    let mut pairs = 0;
    for old in all.iter().filter_map(|name| name.strip_suffix(".xls")) {
        let new =
            old.strip_suffix("-xls").map_or_else(|| old.to_owned(), |stem| format!("{stem}-xlsx"));
        if !all.contains(&format!("{new}.xlsx")) {
            continue;
        }
        let (_, old_lines) =
            landed(&file(&folder, &format!("{old}.xls")), &Reading::default()).unwrap();
        let (_, new_lines) =
            landed(&file(&folder, &format!("{new}.xlsx")), &Reading::default()).unwrap();
        assert_eq!(old_lines, new_lines, "{old}");
        pairs += 1;
    }
    assert!(pairs > 15, "{pairs}");
    for name in ["datetime-rounding.xlsx", "datetime-rounding.xls"] {
        let (_, lines) = landed(&file(&folder, name), &Reading::default()).unwrap();
        for line in &lines[1..] {
            let (moment, written) = line.split_once('|').unwrap();
            assert_eq!(moment.replace('T', " "), written, "{name}");
        }
    }
}

/// Just enough JSON for csv-spectrum: an array of flat objects of strings.
mod json {
    use std::collections::BTreeMap;

    pub(super) fn records(text: &str) -> Vec<BTreeMap<String, String>> {
        let mut chars = text.chars().peekable();
        let (mut records, mut current, mut key) = (Vec::new(), BTreeMap::new(), None);
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    let mut word = String::new();
                    while let Some(c) = chars.next() {
                        match c {
                            '"' => break,
                            '\\' => word.push(match chars.next().unwrap() {
                                'n' => '\n',
                                'r' => '\r',
                                other => other,
                            }),
                            other => word.push(other),
                        }
                    }
                    match key.take() {
                        None => key = Some(word),
                        Some(key) => drop(current.insert(key, word)),
                    }
                }
                '}' => records.push(std::mem::take(&mut current)),
                _ => {}
            }
        }
        records
    }
}

/// Workbooks that Excel itself has locked are opened, the first of them without a filled cell; LibreOffice's is refused.
#[test]
fn workbooks_with_a_password() {
    let Some(folder) = shared("calamine-tests") else { return };
    for (name, password, said) in [
        ("pass_protected.xlsx", "123", "is empty"),
        ("pass_protected.xlsb", "1234", ""),
        ("pass_protected.xlsb", "123", "the one given is not it"),
        ("pass_protected.ods", "123", "in a way that cannot be opened"),
    ] {
        let password = Some(milaan_model::reading::Secret::new(password));
        let reading = Reading { password, ..Reading::default() };
        let outcome = landed(&file(&folder, name), &reading);
        let error = outcome.err().map(|error| error.to_string());
        assert!(error.as_deref().unwrap_or_default().contains(said), "{name}: {error:?}");
        assert_eq!(error.is_none(), said.is_empty(), "{name}: {error:?}");
    }
}
