//! The reader of XLSX beside calamine's: the same cells of every sheet of every workbook that is at hand.

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use milaan_model::reading::Format;

use super::book::Book;
use crate::error::Error;
use crate::limits::{DumpFile, Limits};
use crate::table::Flow;

const FOLDERS: [&str; 5] = [
    "calamine-tests",
    "readxl-sheets",
    "fastexcel-fixtures",
    "mohfw-xlsx-samples",
    "frictionless-data",
];

/// A workbook that counts its days from 1904, with one that has lost its format: only here it is read as its column is.
const MENDED: (&str, &str, &str) = ("types.xlsx", "\"2012-01-02\"", "\"39448\"");

/// All sheets of a workbook: their names, and the numbers and cells of their rows.
fn cells(book: Result<Book<'_>, Error>) -> Result<String, Error> {
    let mut book = book?;
    let mut all = String::new();
    for sheet in book.sheets() {
        writeln!(all, "{} {}", sheet.name, sheet.visible).unwrap();
        book.rows(&sheet.name, &mut |row| {
            writeln!(
                all,
                "{} {:?} {:?}",
                row.number,
                row.problem,
                row.filled().collect::<Vec<_>>()
            )
            .unwrap();
            Ok(Flow::More)
        })?;
    }
    Ok(all)
}

#[test]
fn cell_for_cell() {
    let (mut alike, mut rare, limits) = (0, Vec::new(), Limits::default());
    for folder in FOLDERS {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(folder);
        if !folder.is_dir() {
            // Past the test harness's capture, so that CI sees it.
            let _ = writeln!(std::io::stderr(), "skipped: no ../shared");
            return;
        }
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !path.extension().is_some_and(|extension| extension == "xlsx" || extension == "xlsm")
            {
                continue;
            }
            let file = DumpFile { path, name };
            let opened = Book::open(&file, Format::Xlsx, &limits);
            if opened.as_ref().is_ok_and(|book| !book.is_streamed_here()) {
                rare.push(file.name.clone());
            }
            match (cells(opened), cells(Book::of_calamine(&file, Format::Xlsx, &limits))) {
                (Ok(mut here), Ok(there)) => {
                    if file.name == MENDED.0 {
                        here = here.replace(MENDED.1, MENDED.2);
                    }
                    assert_eq!(here, there, "{}", file.name);
                    alike += 1;
                }
                (Err(error), Ok(_)) => panic!("{}: {error}", file.name),
                // calamine has no name for the newer errors of a cell.
                (_, Err(_)) => {}
            }
        }
    }
    assert!(alike > 60, "{alike}");
    assert!(rare.len() < 5, "{rare:?}");
}
