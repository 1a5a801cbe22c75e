//! Cells that are filled for the eye and hold no value; workbooks that are one XML file.

use milaan_model::Reading;
use milaan_model::reading::Sheets;

use super::workbooks::minimal;
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
