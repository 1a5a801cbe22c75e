//! Cells that are filled for the eye and hold no value; workbooks that are one XML file.

use milaan_model::Reading;
use milaan_model::reading::Sheets;

use super::workbooks::{minimal, zip};
use super::{dump, found, landed};
use crate::{Error, Landing};

fn read(name: &str, bytes: &[u8]) -> Result<(Landing, Vec<String>), Error> {
    let folder = tempfile::tempdir().unwrap();
    landed(&dump(folder.path(), name, bytes), &Reading::default())
}

const STRINGS: &str = "><si><t>id</t></si><si><t>name</t></si><si><t>Ravi</t></si>";
const HEAD: &str =
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>";

#[test]
fn errors_and_formulas_without_value() {
    let cell = |at: usize| match at {
        3 | 7 => "<c t=\"e\"><v>#N/A</v></c>",
        5 => "<c><f>A5*2</f></c>",
        6 => "<c><f>A6*2</f><v></v></c>",
        8 => "<c><f>A8*2</f><v/></c>",
        // An empty text is a value, as is what a formula has made.
        9 => "<c t=\"str\"><f>T(A9)</f><v></v></c>",
        _ => "<c t=\"str\"><f>T(A4)</f><v>Ravi</v></c>",
    };
    let row = |at| format!("<row r=\"{at}\"><c r=\"A{at}\"><v>{at}</v></c>{}</row>", cell(at));
    let rows = HEAD.to_owned() + &(2..=12).map(row).collect::<String>();
    let (landing, lines) = read("list.xlsx", &minimal(STRINGS, &rows)).unwrap();
    assert_eq!((lines[2].as_str(), lines[4].as_str(), lines[3].as_str()), ("3|·", "5|·", "4|Ravi"));
    let counts = &landing.files[0].counts[0];
    assert_eq!(counts.rows_landed, 11);
    assert_eq!(found(counts, "cells_with_errors"), "2 cells, first in row 3, column 2");
    assert_eq!(found(counts, "formulas_without_value"), "3 cells, first in row 5, column 2");
}

#[test]
fn a_workbook_of_errors_is_not_empty() {
    let cells = "<c><f>A5*2</f></c><c t=\"e\"><v>#REF!</v></c><c t=\"e\"><v>#BLOCKED!</v></c>";
    let rows = format!("<row r=\"1\">{cells}</row><row r=\"2\">{cells}</row>");
    let error = read("list.xlsx", &minimal(STRINGS, &rows)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`list.xlsx` holds no value: 4 cells with errors, 2 formulas whose results were not saved"
    );
    let nothing = minimal(STRINGS, "<row r=\"1\"><c r=\"A1\" s=\"0\"/></row>");
    assert!(matches!(read("list.xlsx", &nothing), Err(Error::Empty { .. })));
}

/// Days counted from 1904 that have lost their date format: below one that has it, and in a column without any.
#[test]
fn days_from_1904_without_a_format() {
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let cell = |style: u8, value: &str| format!("<c s=\"{style}\"><v>{value}</v></c>");
    let row = |at: usize, cells: [String; 3]| format!("<row r=\"{at}\">{}</row>", cells.concat());
    let head = ["born", "year", "other"].map(|name| format!("<c t=\"str\"><v>{name}</v></c>"));
    // 1961-06-29 is 20999 days behind 1904-01-01.
    let rows = [
        row(1, head),
        row(2, [cell(1, "20999"), cell(0, "1980"), cell(0, "21000")]),
        row(3, [cell(0, "21000"), cell(0, "1981"), cell(0, "2.5")]),
        row(4, [cell(0, "1961"), cell(0, "1982"), cell(0, "7")]),
    ];
    let book = |settings: &str| {
        let sheet = "<sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/>";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let relations = |kind: &str, target: &str| {
            let space = "http://schemas.openxmlformats.org/package/2006/relationships";
            format!(
                "<Relationships xmlns=\"{space}\"><Relationship Id=\"r1\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
            )
        };
        let formats = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs>";
        let relation = relations("worksheet", "worksheets/sheet1.xml");
        zip(&[
            ("_rels/.rels", relations("officeDocument", "xl/workbook.xml")),
            ("xl/_rels/workbook.xml.rels", relation),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook {main} xmlns:r=\"{office}\">{settings}<sheets>{sheet}</sheets></workbook>"
                ),
            ),
            ("xl/styles.xml", format!("<styleSheet {main}>{formats}</styleSheet>")),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet {main}><sheetData>{}</sheetData></worksheet>", rows.concat()),
            ),
        ])
    };
    let (landing, lines) = read("list.xlsx", &book("<workbookPr date1904=\"1\"/>")).unwrap();
    let expected = ["1961-06-29|1980|21000", "1961-06-30|1981|2.5", "1961|1982|7"];
    assert_eq!(lines[1..], expected);
    let counts = &landing.files[0].counts[0];
    assert_eq!(found(counts, "numbers_in_days_from_1904"), "1 cells, first in row 2, column 3");
    let (landing, lines) = read("list.xlsx", &book("")).unwrap();
    assert_eq!(lines[1..], ["1957-06-28|1980|21000", "21000|1981|2.5", "1961|1982|7"]);
    assert!(landing.files[0].counts[0].found.iter().all(|(what, _)| !what.contains("1904")));
}

/// A workbook of Excel 2003 with two sheets, the second hidden.
fn in_xml() -> String {
    let cell =
        |kind: &str, value: &str| format!("<Cell><Data ss:Type=\"{kind}\">{value}</Data></Cell>\n");
    let names = ["id", "name", "born", "amount", "ok"].map(|name| cell("String", name)).concat();
    let row = |at: usize| {
        [
            cell("Number", &at.to_string()),
            cell("String", "Ravi &amp; <Font>Sons</Font>"),
            cell("DateTime", "1961-07-01T00:00:00.000"),
            "<Cell ss:Index=\"4\" ss:Formula=\"=RC[-1]\"><Data ss:Type=\"Error\">#N/A</Data></Cell>"
                .to_owned(),
            cell("Boolean", "1"),
        ]
        .concat()
    };
    let rows: Vec<String> = (1..=5).map(|at| format!("<Row>{}</Row>\n", row(at))).collect();
    let rows = rows.concat();
    let last = "<Row ss:Index=\"9\" ss:Hidden=\"1\"><Cell><Data ss:Type=\"Number\">2.5E5</Data>\
        <Comment><Data>seen</Data></Comment></Cell><Cell ss:Index=\"5\"><Data ss:Type=\"Boolean\">0</Data></Cell></Row>";
    format!(
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n\
        <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
        xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\n\
        <Worksheet ss:Name=\"List\"><Table>\n<Row>{names}</Row>\n{rows}{last}</Table></Worksheet>\n\
        <Worksheet ss:Name=\"Old\"><Table><Row>{}</Row></Table><WorksheetOptions>\
        <Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>",
        cell("String", "gone")
    )
}

#[test]
fn a_workbook_as_one_xml_file() {
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(in_xml().encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (name, bytes) in [
        ("list.xls", in_xml().into_bytes()),
        ("list.xml", in_xml().into_bytes()),
        ("list.xlsx", utf16),
    ] {
        let (landing, lines) = read(name, &bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(lines[0], "id|name|born|amount|ok", "{name}");
        assert_eq!(lines[1], "1|Ravi & Sons|1961-07-01|·|TRUE", "{name}");
        assert_eq!(lines[6], "250000|·|·|·|FALSE", "{name}");
        let counts = &landing.files[0].counts[0];
        assert_eq!((counts.sheet.as_str(), counts.rows_landed), ("List", 6));
        assert_eq!(found(counts, "sheets_hidden"), "Old");
        assert_eq!(found(counts, "rows_hidden"), "1");
        assert_eq!(found(counts, "cells_with_errors"), "5 cells, first in row 2, column 4");
    }
    let folder = tempfile::tempdir().unwrap();
    let reading = Reading { sheets: Sheets::Named(vec!["Old".to_owned()]), ..Reading::default() };
    let file = dump(folder.path(), "list.xls", in_xml().as_bytes());
    assert_eq!(landed(&file, &reading).unwrap().1, ["gone"]);
    let cut = &in_xml()[..900];
    assert!(read("list.xls", cut.as_bytes()).unwrap_err().to_string().contains("breaks off"));
}
