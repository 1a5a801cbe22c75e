//! Workbooks written here.

use std::path::Path;

use milaan_model::Reading;
use milaan_model::reading::{Sheets, SkipRule};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::{dump, found, landed, skipped, wanting};
use crate::{DumpFile, Error, draft, head, profile_alike};

fn book(folder: &Path, sheets: Vec<(&str, Worksheet)>) -> DumpFile {
    let mut workbook = Workbook::new();
    for (name, mut sheet) in sheets {
        sheet.set_name(name).unwrap();
        workbook.push_worksheet(sheet);
    }
    let path = folder.join("list.xlsx");
    workbook.save(&path).unwrap();
    DumpFile { path, name: "list.xlsx".to_owned() }
}

fn sheet(lines: &[&[&str]]) -> Worksheet {
    let mut sheet = Worksheet::new();
    for (row, cells) in lines.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            sheet.write(row as u32, column as u16, *cell).unwrap();
        }
    }
    sheet
}

#[test]
fn cells_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut sheet = sheet(&[&["id", "amount", "date", "moment", "flag", "formula", "error"]]);
    let date = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write(1, 0, 234_123_412_346.0).unwrap();
    sheet.write(1, 1, 2750.5).unwrap();
    sheet
        .write_with_format(1, 2, ExcelDateTime::parse_from_str("1961-07-01").unwrap(), &date)
        .unwrap();
    sheet
        .write_with_format(
            1,
            3,
            ExcelDateTime::parse_from_str("2026-11-21T10:20:30").unwrap(),
            &date,
        )
        .unwrap();
    sheet.write(1, 4, true).unwrap();
    sheet.write(1, 5, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write(1, 6, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_blank(5, 3, &date).unwrap();
    sheet.set_row_hidden(1).unwrap();
    sheet.set_column_hidden(4).unwrap();
    let (landing, lines) =
        landed(&book(folder.path(), vec![("S", sheet)]), &Reading::default()).unwrap();
    assert_eq!(lines[1], "234123412346|2750.5|1961-07-01|2026-11-21T10:20:30|TRUE|2|·");
    let counts = &landing.files[0].counts[0];
    assert_eq!((counts.rows_read, found(counts, "rows_hidden")), (2, "1"));
    assert_eq!(found(counts, "columns_hidden"), "1");
}

/// Two districts' sheets that differ in their columns, one of words, a hidden one.
fn districts(folder: &Path) -> DumpFile {
    let mut hidden = sheet(&[&["Id", "Name"], &["9", "Hidden"]]);
    hidden.set_hidden(true);
    book(
        folder,
        vec![
            ("Read me", sheet(&[&["How to fill this workbook"], &["Ask the office"]])),
            (
                "Guntur",
                sheet(&[
                    &["Pensions, Guntur"],
                    &[],
                    &["Id", "Name", "Age"],
                    &["1", "Ravi", "70"],
                    &["Total", "", "70"],
                ]),
            ),
            (
                "Vizag",
                sheet(&[
                    &["NAME", "Remarks", "ID"],
                    &["Sita", "new", "2"],
                    &[],
                    &["Lila", "", "3"],
                ]),
            ),
            ("Old", hidden),
        ],
    )
}

#[test]
fn sheets_alike_are_joined_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = districts(folder.path());
    let reading = wanting(&["*Id", "*Name", "Age"]);
    let (landing, lines) = landed(&file, &reading).unwrap();
    assert_eq!(lines, ["Id|Name|Age", "1|Ravi|70", "2|Sita|·", "3|Lila|·"]);
    let counts = &landing.files[0].counts;
    assert_eq!(
        counts.iter().map(|counts| counts.sheet.as_str()).collect::<Vec<_>>(),
        ["Guntur", "Vizag"]
    );
    assert_eq!(found(&counts[0], "sheets_passed_over"), "Read me");
    assert_eq!(found(&counts[0], "sheets_hidden"), "Old");
    assert_eq!(counts[0].header_row, Some(3));
    use SkipRule::{Blank, Header, Preamble, TotalLine};
    assert_eq!(skipped(&counts[0]), [(1, Preamble), (2, Blank), (3, Header), (5, TotalLine)]);
    assert_eq!(skipped(&counts[1]), [(1, Header), (3, Blank)]);

    let missing = landed(&file, &wanting(&["*Id", "*Nmae"])).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "column `Nmae` not found in sheet `Guntur` of `list.xlsx`, header row 3"
    );

    // Without wanted columns: the fullest sheet.
    assert_eq!(landed(&file, &Reading::default()).unwrap().0.files[0].counts[0].sheet, "Guntur");
}

/// A look at the first rows is one at those of every sheet; a first source file counts all that are alike.
#[test]
fn every_sheet_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = districts(folder.path());
    let (counts, _, rows) = head(&file, &wanting(&["*Id", "*Name", "Age"]), 1).unwrap();
    let sheets: Vec<&str> = counts.iter().map(|counts| counts.sheet.as_str()).collect();
    assert_eq!((sheets, rows.len()), (vec!["Guntur", "Vizag"], 1));
    assert_eq!(found(&counts[0], "sheets_passed_over"), "Read me");
    assert_eq!(counts[1].columns_absent, ["Age"]);

    let file = book(
        folder.path(),
        vec![
            ("Guntur", sheet(&[&["Id", "Name"], &["1", "Ravi"], &["2", "Sita"]])),
            ("Vizag", sheet(&[&["Name", "Id"], &["Lila", "2"]])),
            ("Notes", sheet(&[&["Ask the office"]])),
        ],
    );
    let all = profile_alike(&file, &Reading::default()).unwrap();
    assert_eq!((all.rows, all.columns[0].distinct), (3, 2));
    let text = draft(&all, "list.xlsx").toml;
    for line in [
        "# sheets = [\"Guntur\", \"Vizag\"]",
        "# found: sheet Vizag: 1 records, header row 1",
        "# ? not taken: Notes",
        // An id stands in both sheets.
        "key = [\"Name\"] # unique in this dump",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn named_sheets() {
    let folder = tempfile::tempdir().unwrap();
    let file = districts(folder.path());
    let reading = wanting(&["*Id", "*Name", "Age"]);
    let named = |names: &[&str]| Reading {
        sheets: Sheets::Named(names.iter().map(|&name| name.to_owned()).collect()),
        ..reading.clone()
    };
    assert_eq!(landed(&file, &named(&["Old"])).unwrap().1, ["Id|Name|Age", "9|Hidden|·"]);
    assert_eq!(landed(&file, &named(&["vi*"])).unwrap().0.rows, 2);
    let error = landed(&file, &named(&["Krishna"])).unwrap_err();
    assert_eq!(error.to_string(), "no sheet `Krishna` in `list.xlsx`");
    assert!(error.hint().unwrap().contains("Guntur, Vizag"));
    assert!(matches!(landed(&file, &named(&["Read me"])), Err(Error::ColumnMissing { .. })));
}

#[test]
fn rows_that_do_not_fit() {
    let folder = tempfile::tempdir().unwrap();
    let file = book(
        folder.path(),
        vec![(
            "S",
            sheet(&[
                &["id", "name", "age"],
                &["1", "Ravi", "7"],
                &["2", "Sita", "8", "x"],
                &["3"],
                &["Prepared by the clerk"],
            ]),
        )],
    );
    let (landing, lines) = landed(&file, &Reading::default()).unwrap();
    assert_eq!(lines, ["id|name|age", "1|Ravi|7", "3|·|·"]);
    let reject = &landing.rejects[0];
    assert_eq!(
        (reject.row, reject.sheet.as_str(), reject.rule.as_str()),
        (3, "S", "too_many_cells")
    );
    assert_eq!(
        skipped(&landing.files[0].counts[0]),
        [(1, SkipRule::Header), (5, SkipRule::Footer)]
    );
}

#[test]
fn an_empty_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let file = book(folder.path(), vec![("S", Worksheet::new())]);
    assert!(matches!(landed(&file, &Reading::default()), Err(Error::Empty { .. })));
}

#[test]
fn digits_that_are_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut sheet = sheet(&[&["id", "vid"]]);
    sheet.write(1, 0, 1).unwrap();
    sheet.write(1, 1, 1_234_567_890_123_456_000.0).unwrap();
    let file = book(folder.path(), vec![("S", sheet)]);
    let (landing, lines) = landed(&file, &Reading::default()).unwrap();
    assert_eq!(lines[1], "1|1.23456789012346E+18");
    assert!(found(&landing.files[0].counts[0], "EXCEL_PRECISION_LOSS").starts_with("1 values"));
}

#[test]
fn merged_headers_of_two_rows_below_a_title() {
    let folder = tempfile::tempdir().unwrap();
    let bold = Format::new().set_bold();
    let mut sheet = sheet(&[&[], &[], &[], &["S.No", "Name"], &["", "", "Old", "New"]]);
    sheet.merge_range(0, 0, 0, 3, "Pensions of Guntur district", &bold).unwrap();
    sheet.merge_range(3, 2, 3, 3, "Amount", &bold).unwrap();
    sheet.merge_range(3, 0, 4, 0, "S.No", &bold).unwrap();
    sheet.merge_range(3, 1, 4, 1, "Name", &bold).unwrap();
    for row in 0..10_u32 {
        sheet.write(5 + row, 0, row + 1).unwrap();
        sheet.write(5 + row, 1, "Ravi").unwrap();
        sheet.write(5 + row, 2, 200 + row).unwrap();
        sheet.write(5 + row, 3, 2750).unwrap();
    }
    let file = book(folder.path(), vec![("S", sheet)]);
    let (landing, lines) = landed(&file, &Reading::default()).unwrap();
    assert_eq!((lines[0].as_str(), lines.len()), ("S.No|Name|Amount Old|Amount New", 11));
    assert_eq!(landing.files[0].counts[0].header_row, Some(5));
    // A source asks for the joined names or for those of the lowest row.
    assert_eq!(landed(&file, &wanting(&["*Name", "*Amount New"])).unwrap().1[1], "Ravi|2750");
}

/// A workbook that packs too well.
#[test]
fn a_bomb() {
    let folder = tempfile::tempdir().unwrap();
    let file = book(folder.path(), vec![("S", sheet(&[&["id", "name"], &["1", "Ravi"]]))]);
    let mut bytes = std::fs::read(&file.path).unwrap();
    let entry = bytes.windows(4).position(|piece| piece == b"PK\x01\x02").unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&(1_u32 << 30).to_le_bytes());
    std::fs::write(&file.path, &bytes).unwrap();
    let error = landed(&file, &Reading::default()).unwrap_err();
    assert!(error.to_string().contains("zip bomb"), "{error}");
}

/// A zip file whose members are stored as they are.
pub(super) fn zip(members: &[(&str, String)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut sum = flate2::Crc::new();
        sum.update(content.as_bytes());
        let [length, name_length] = [content.len(), name.len()].map(|length| length as u32);
        let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        fields.extend([sum.sum(), length, length].iter().flat_map(|field| field.to_le_bytes()));
        fields.extend(name_length.to_le_bytes());
        let offset = (bytes.len() as u32).to_le_bytes();
        directory.extend([b"PK\x01\x02\x14\0", fields.as_slice(), &[0; 10], &offset].concat());
        directory.extend(name.as_bytes());
        bytes.extend([b"PK\x03\x04", fields.as_slice(), name.as_bytes()].concat());
        bytes.extend(content.as_bytes());
    }
    let [count, size, offset] =
        [members.len(), directory.len(), bytes.len()].map(|number| (number as u32).to_le_bytes());
    let end = [b"PK\x05\x06\0\0\0\0", &count[..2], &count[..2], &size, &offset, &[0; 2]].concat();
    [bytes, directory, end].concat()
}

/// An XLSX file of one sheet.
pub(super) fn minimal(strings: &str, rows: &str) -> Vec<u8> {
    packed(strings, "<sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/>", "worksheets/sheet1.xml", rows)
}

/// An XLSX file of these sheets, all but one without a row; `target`: where the one lies, as it is said.
fn packed(strings: &str, sheets: &str, target: &str, rows: &str) -> Vec<u8> {
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    zip(&[
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        (
            "xl/_rels/workbook.xml.rels",
            relation("worksheet", target).replace(
                "</",
                &format!(
                    "<Relationship Id=\"r2\" Type=\"{office}/worksheet\" Target=\"two.xml\"/></"
                ),
            ),
        ),
        ("xl/two.xml", format!("<worksheet {main}><sheetData/></worksheet>")),
        (
            "xl/workbook.xml",
            format!("<workbook {main} xmlns:r=\"{office}\"><sheets>{sheets}</sheets></workbook>"),
        ),
        ("xl/sharedStrings.xml", format!("<sst {main} {strings}</sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet {main}><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ])
}

/// What no honest program writes is an error or an empty cell, and takes neither the memory nor the time it asks for.
#[test]
fn hostile_workbooks() {
    let folder = tempfile::tempdir().unwrap();
    let read = |name: &str, bytes: Vec<u8>| {
        let file = DumpFile { path: folder.path().join(name), name: name.to_owned() };
        std::fs::write(&file.path, bytes).unwrap();
        landed(&file, &Reading::default()).map(|(_, lines)| lines)
    };
    let strings = "><si><t>id</t></si><si><t>name</t></si><si><t>Ravi</t></si>";
    let head =
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";
    let row = |at: usize, name: &str| {
        format!("<row r=\"{at}\"><c r=\"A{at}\"><v>{at}</v></c>{name}</row>")
    };
    let ravi = "<c t=\"s\"><v>2</v></c>";
    let rows =
        [head, &row(2, ravi), &row(3, "<c t=\"e\"><v>#SPILL!</v></c>"), &row(4, ravi)].concat();
    // An error that Excel has invented since.
    let lines = read("spill.xlsx", minimal(strings, &rows)).unwrap();
    assert_eq!(lines, ["id|name", "2|Ravi", "3|·", "4|Ravi"]);
    let claimed = format!("uniqueCount=\"4294967295\" {strings}");
    let far = format!("{head}<row r=\"2\"><c r=\"ZZZZZZZ2\"><v>1</v></c></row>");
    let ods = |content: &str| {
        let mime = "application/vnd.oasis.opendocument.spreadsheet".to_owned();
        zip(&[("mimetype", mime), ("content.xml", content.to_owned())])
    };
    let table = "<office:document-content><table:table table:name=\"S\"><table:table-row";
    for (name, bytes, said) in [
        ("claims.xlsx", minimal(&claimed, &rows), "more texts than it has room for"),
        ("missing.xlsx", minimal(">", &rows), "a text that is not there"),
        ("far.xlsx", minimal(strings, &far), ""),
        ("cut.ods", ods(&format!("{table}/></office:document-content>")), "breaks off"),
        (
            "repeated.ods",
            ods(&format!(
                "{table} table:number-rows-repeated=\"999999\"><table:table-cell table:number-columns-repeated=\"9999\" office:value-type=\"float\" office:value=\"1\"/></table:table-row></table:table></office:document-content>"
            )),
            "cells in a sheet",
        ),
    ] {
        match read(name, bytes) {
            Err(error) => assert!(error.to_string().contains(said), "{name}: {error}"),
            Ok(lines) => assert!(said.is_empty(), "{name}: {lines:?}"),
        }
    }
}

/// What is odd and can be understood is read; what cannot is one error.
#[test]
fn odd_workbooks() {
    let folder = tempfile::tempdir().unwrap();
    let read = |bytes: &[u8]| {
        let file = dump(folder.path(), "list.xlsx", bytes);
        landed(&file, &Reading::default())
            .map_or_else(|error| error.to_string(), |(_, lines)| lines.join(" "))
    };
    let strings =
        "><si><t>id</t></si><si/><si><r><t>na</t></r><rPh><t>x</t></rPh><r><t>me</t></r></si>";
    let head = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>2</v></c></row>";
    let cells = |cells: &str| format!("{head}<row r=\"2\"><c><v>1</v></c>{cells}</row>");
    for (cell, said) in [
        ("<c t=\"n\"><v>0x10</v></c>", "id|name 1|0x10"),
        ("<c t=\"zz\"><v>R&amp;D</v></c>", "id|name 1|R&D"),
        ("<c t=\"b\"><v>yes</v></c>", "id|name 1|yes"),
        (
            "<c t=\"str\"><f>A1</f><v>Ravi_x000A_K</v><extLst><v>9</v></extLst></c>",
            "id|name 1|Ravi\nK",
        ),
        ("<x:c t=\"inlineStr\"><x:is><x:t>Ravi</x:t></x:is></x:c>", "id|name 1|Ravi"),
        ("<c t=\"s\"><is><t>Ravi</t></is></c>", "id|name 1|Ravi"),
        ("<c t=\"s\"><v>1</v></c>", "id|name 1|·"),
        ("<c t=\"s\"><v>-1</v></c>", "stands for a text that is not there"),
        ("<c t=\"s\"><v>9</v></c>", "stands for a text that is not there"),
        ("<c r=\"1B\"><v>9</v></c>", "a cell stands nowhere"),
        ("<c t=\"str\"><v>&lol;</v></c>", "an entity that XML does not know"),
        ("<c t=\"str\"><v>Ravi", "one of its parts breaks off"),
    ] {
        let cell = if cell.ends_with("Ravi") { cell.to_owned() + "<!--" } else { cell.to_owned() };
        let got = read(&minimal(strings, &cells(&cell)));
        assert!(got.contains(said), "{cell}: {got}");
    }

    let rows = cells("<c t=\"str\"><v>Ravi</v></c>");
    let one = "<sheet name=\"S\" r:id=\"r1\"/>";
    let two = "<sheet name=\"S\" r:id=\"r2\"/>";
    let good = "id|name 1|Ravi";
    for (sheets, target, said) in [
        ([two, one].concat(), "worksheets/sheet1.xml", good),
        (one.to_owned(), "../xl/./worksheets/sheet1.xml", good),
        (one.to_owned(), "\\xl\\worksheets\\sheet1.xml", good),
        ([one, one].concat(), "worksheets/sheet1.xml", "two of its sheets are one"),
        (one.to_owned(), "none.xml", "cannot read"),
        (String::new(), "worksheets/sheet1.xml", "`list.xlsx` is empty"),
    ] {
        let got = read(&packed(strings, &sheets, target, &rows));
        assert!(got.contains(said), "{sheets} {target}: {got}");
    }

    let defined = format!("<!DOCTYPE w [<!ENTITY a \"b\">]>{rows}");
    assert!(read(&minimal(strings, &defined)).contains("it defines words of its own"));
    let mut locked = minimal(strings, &rows);
    let entry = locked.windows(4).rposition(|piece| piece == b"PK\x01\x02").unwrap();
    locked[entry + 8] |= 1;
    assert!(read(&locked).contains("protected by a password"));
}

/// Programs have always called delimited text `.xls`; nothing else opens under a workbook's name.
#[test]
fn text_named_as_a_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| DumpFile { path: folder.path().join(name), name: name.to_owned() };
    for (name, content, expected) in [
        ("a.xls", "id\tname\n1\tRavi\n2\tSita\n", Ok("id|name")),
        ("a.xlsx", "id\tname\n1\tRavi\n2\tSita\n", Err("it looks like text")),
        ("b.xls", "<table><tr><td>1</td></tr></table>", Err("an HTML page")),
        ("c.xls", "MIME-Version: 1.0\nContent-Type: text/html\n", Err("a web page saved")),
    ] {
        let file = file(name);
        std::fs::write(&file.path, content).unwrap();
        match (landed(&file, &Reading::default()), expected) {
            (Ok((_, lines)), Ok(first)) => assert_eq!(lines[0], first, "{name}"),
            (Err(error), Err(said)) => assert!(error.to_string().contains(said), "{error}"),
            (got, _) => panic!("{name}: {got:?}"),
        }
    }
}
