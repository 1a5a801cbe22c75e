//! Files polluted as public corpora have them, written here: one clean table out of each.

use milaan_model::Reading;
use milaan_model::reading::SkipRule;

use super::{found, skipped, text};
use crate::Error;

/// A small list as lines of cells.
fn list() -> Vec<Vec<String>> {
    let head = ["Id", "Date", "Name", "Amount", "Remarks"].map(str::to_owned).to_vec();
    let row = |at: usize| {
        vec![
            at.to_string(),
            format!("{:02}/05/2026", at % 28 + 1),
            ["Ravi Kumar", "Sita, Devi", "Lila \"Akka\"", "Asha"][at % 4].to_owned(),
            format!("{}.50", 100 + at),
            ["", "two\nlines", "ok"][at % 3].to_owned(),
        ]
    };
    std::iter::once(head).chain((1..=40).map(row)).collect()
}

fn quoted(cell: &str, delimiter: &str, quote: char, escape: char) -> String {
    if cell.contains(delimiter) || cell.contains([quote, '\n', ' ']) {
        format!("{quote}{}{quote}", cell.replace(quote, &format!("{escape}{quote}")))
    } else {
        cell.to_owned()
    }
}

fn lines(rows: &[Vec<String>], delimiter: &str, quote: char, escape: char) -> Vec<String> {
    let line = |row: &Vec<String>| {
        let cells: Vec<String> =
            row.iter().map(|cell| quoted(cell, delimiter, quote, escape)).collect();
        cells.join(delimiter)
    };
    rows.iter().map(line).collect()
}

fn plain(rows: &[Vec<String>]) -> String {
    lines(rows, ",", '"', '"').join("\r\n") + "\r\n"
}

/// The list as `landed` shows it.
fn expected(rows: &[Vec<String>]) -> Vec<String> {
    let shown = |cell: &String| if cell.is_empty() { "·".to_owned() } else { cell.clone() };
    rows.iter().map(|row| row.iter().map(shown).collect::<Vec<_>>().join("|")).collect()
}

fn check(name: &str, bytes: &[u8]) {
    let (_, got) =
        text(bytes, &Reading::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(got, expected(&list()), "{name}");
}

#[test]
fn dialects() {
    let rows = list();
    for delimiter in [",", ";", "\t", "|", "^", "||", "~|~", "::", ", ", "¦", "\u{1f}"] {
        for (quote, escape) in [('"', '"'), ('\'', '\''), ('"', '\\')] {
            let text = lines(&rows, delimiter, quote, escape).join("\n") + "\n";
            check(&format!("{delimiter:?} {quote} {escape}"), text.as_bytes());
        }
    }
    let lines = lines(&rows, ",", '"', '"');
    for (name, text) in [
        ("lf", lines.join("\n")),
        ("crlf", lines.join("\r\n")),
        ("cr", lines.join("\r")),
        ("blank lines about", format!("\n\n{}\n\n\n", lines.join("\n"))),
        ("a blank line within", format!("{}\n\n{}", lines[..9].join("\n"), lines[9..].join("\n"))),
        ("mixed", format!("{}\r\n{}", lines[..9].join("\r\n"), lines[9..].join("\n"))),
        ("trailing delimiters", lines.join(",\n") + ",\n"),
        ("empty columns", format!(",{},,\n", lines.join(",,\n,"))),
        ("NULs", lines.join("\n").replace("Ravi", "Ra\0vi")),
        (
            "the header again",
            format!("{}\n{}\n{}", lines[..9].join("\n"), lines[0], lines[9..].join("\n")),
        ),
        (
            "ruled",
            format!("{}\n-----,-----,-----,-----,-----\n{}", lines[0], lines[1..].join("\n")),
        ),
        (
            "commented",
            format!("# made today\n{}\n# a, b\n{}", lines[..9].join("\n"), lines[9..].join("\n")),
        ),
    ] {
        check(name, text.as_bytes());
    }
}

#[test]
fn titles_totals_and_other_tables() {
    let list = plain(&list());
    let small = "Code,Place\r\n5,Guntur\r\n6,Eluru\r\n";
    let wide = "a,b,c,d,e,f,g\r\n1,2,3,4,5,6,7\r\n2,3,4,5,6,7,8\r\n";
    for (name, text) in [
        ("a title", format!("Pensions of Guntur\r\nmade on Monday, by the office\r\n\r\n{list}")),
        ("a total", format!("{list}Total,,,4820.00,\r\n")),
        ("a footer", format!("{list}\r\nNote: provisional, see the letter\r\nEnd of report\r\n")),
        ("a second table", format!("{list}\r\n{small}")),
        ("a second table with a title", format!("{list}\r\nPlaces\r\n{small}")),
        ("a wider second table", format!("{list}\r\n{wide}")),
        ("a first table", format!("{small}\r\n{list}")),
        ("a wider first table", format!("{wide}\r\n{list}")),
        (
            "a wider first table right above",
            format!("{wide}3,4,5,6,7,8,9\r\n4,5,6,7,8,9,1\r\n{list}"),
        ),
        ("a count of rows", format!("{list}(40 rows)\r\n")),
        ("units", list.replacen("\r\n", "\r\n,(dmy),,(Rs.),\r\n", 1)),
        ("numbering", list.replacen("\r\n", "\r\n(1),(2),(3),(4),(5)\r\n", 1)),
    ] {
        check(name, text.as_bytes());
    }
    let (landing, _) = text(format!("{list}\r\n{small}").as_bytes(), &Reading::default()).unwrap();
    let counts = &landing.files[0].counts[0];
    assert!(found(counts, "other_tables").starts_with("from row"));
    let others = skipped(counts).iter().filter(|(_, rule)| *rule == SkipRule::OtherTable).count();
    assert_eq!(others, 3);
}

/// A last line of another width that begins as totals do is a footer; above further records it is a row that does not fit.
#[test]
fn torn_footers() {
    let list = plain(&list());
    for last in ["Total, 40, printed on Monday", "Total records: 40,by the office"] {
        let (landing, _) =
            text(format!("{list}{last}\r\n").as_bytes(), &Reading::default()).unwrap();
        let rules = skipped(&landing.files[0].counts[0]);
        assert_eq!(rules.last().unwrap().1, SkipRule::Footer, "{last}");
        assert_eq!(landing.rejects.len(), 0, "{last}");
    }
    let again = list.lines().nth(3).unwrap();
    let within = format!("{list}Total,40 of Guntur\r\n{again}\r\n");
    let (landing, _) = text(within.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(landing.rejects.len(), 1);
}

/// Numbers over words are a header, numbers over numbers a record.
#[test]
fn headers_of_numbers() {
    for (file, first) in [
        ("1,2,3\nRavi,Guntur,a\nSita,Eluru,b\nRama,Nellore,c\nGita,Eluru,d\n", Some(1)),
        ("1,2,3\nRavi,Guntur,51\nSita,Eluru,62\nRama,Nellore,70\nGita,Eluru,44\n", Some(1)),
        ("1,2,3\n4,5,6\n7,8,9\n1,5,7\n3,4,4\n", None),
    ] {
        let (landing, _) = text(file.as_bytes(), &Reading::default()).unwrap();
        assert_eq!(landing.files[0].counts[0].header_row, first, "{file}");
    }
}

/// Everything quoted shows any delimiter; other quotes are known by what they enclose.
#[test]
fn rare_signs() {
    let rows = list();
    let all_quoted = |delimiter: &str, quote: char| -> String {
        let cell = |cell: &String| {
            format!("{quote}{}{quote}", cell.replace(quote, &format!("{quote}{quote}")))
        };
        let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(delimiter);
        rows.iter().map(line).collect::<Vec<_>>().join("\r\n")
    };
    for delimiter in
        ["\\t", "!", "/", "*", "%", "+", "&", "-", "_", "=", "=>", ",,", "þ", "\x0c", "\x1e", " "]
    {
        check(&format!("delimiter {delimiter:?}"), all_quoted(delimiter, '"').as_bytes());
    }
    for quote in ['|', '$', '^', '`', '~', '*'] {
        check(&format!("quote {quote}"), all_quoted(",", quote).as_bytes());
    }
    // Quotes within cells are not doubled.
    let careless = all_quoted(",", '"').replace("\"\"Akka\"\"", "\"Akka\"");
    check("quotes not doubled", careless.as_bytes());
}

/// Opened as one column of text and saved again.
/// A table as the shell of a database prints it.
#[test]
fn a_table_in_a_frame() {
    let rule = "+----+-------+";
    let rows: Vec<String> = (1..=9).map(|at| format!("| {at}  | Ravi{at} |")).collect();
    let table = [rule, "| id | name  |", rule, &rows.join("\n"), rule, "(9 rows)", ""].join("\n");
    let (landing, got) = text(table.as_bytes(), &Reading::default()).unwrap();
    assert_eq!((got[0].as_str(), got[1].as_str(), got.len()), ("id|name", "1|Ravi1", 10));
    assert!(landing.rejects.is_empty(), "{:?}", landing.rejects);
}

/// Marks that programs leave before and behind a text.
#[test]
fn marks_at_the_ends() {
    let text = plain(&list());
    check("marked twice", format!("\u{feff}\u{feff}{text}").as_bytes());
    check("ended as DOS does", format!("{text}\u{1a}").as_bytes());
    check("ended behind blank lines", format!("{text}\r\n\u{1a}\r\n").as_bytes());
    // One file written behind another, its mark with it.
    let twice = format!("\u{feff}{text}\u{feff}{text}");
    let (landing, got) = super::text(twice.as_bytes(), &Reading::default()).unwrap();
    assert_eq!((got.len(), landing.rejects.len()), (81, 0));
    assert_eq!(skipped(&landing.files[0].counts[0])[1].1, SkipRule::RepeatedHeader);
}

#[test]
fn whole_lines_in_quotes() {
    let rows = list();
    let wrap = |line: String| format!("\"{}\"\r\n", line.replace('"', "\"\""));
    let text: String = lines(&rows, ",", '"', '"').into_iter().map(wrap).collect();
    check("wrapped lines", text.as_bytes());
}

/// One line that somebody typed with other signs than the rest.
#[test]
fn a_line_with_other_signs() {
    let rows = list();
    for at in [0, 1, 3, 40] {
        for (delimiter, quote) in
            [(";", '"'), ("\t", '"'), ("|", '"'), (" ", '"'), (",", '\''), (", ", '"')]
        {
            let mut polluted: Vec<String> = lines(&rows, ",", '"', '"');
            let cell = |cell: &String| {
                format!("{quote}{}{quote}", cell.replace(quote, &format!("{quote}{quote}")))
            };
            let cells: Vec<String> = rows[at].iter().map(cell).collect();
            if cells[4].contains('\n') {
                continue;
            }
            polluted[at] = cells.join(delimiter);
            check(
                &format!("line {at} with {delimiter:?} {quote}"),
                polluted.join("\r\n").as_bytes(),
            );
        }
    }
}

/// A quote too many in any cell costs nothing but a stray quote in that cell.
#[test]
fn a_quote_too_many() {
    let rows = list();
    for at in [0, 1, 7, 40] {
        for column in 0..5 {
            let mut polluted = lines(&rows, ",", '"', '"');
            let mut cells: Vec<String> =
                rows[at].iter().map(|cell| quoted(cell, ",", '"', '"')).collect();
            if rows[at][4].contains('\n') {
                continue;
            }
            cells[column].insert(0, '"');
            polluted[at] = cells.join(",");
            let (landing, got) = text(polluted.join("\n").as_bytes(), &Reading::default()).unwrap();
            let (expected, name) = (expected(&rows), polluted[at].clone());
            assert_eq!((got.len(), landing.rejects.len()), (expected.len(), 0), "{name}");
            let differ: Vec<usize> =
                (0..got.len()).filter(|&row| got[row] != expected[row]).collect();
            assert!(differ.iter().all(|&row| row == at), "{name}: {differ:?}");
        }
    }
}

/// One line with a delimiter too many or too few touches no other line.
#[test]
fn a_delimiter_too_many_or_too_few() {
    let rows = list();
    for (at, with, without) in [(7, 1, true), (7, 2, true), (8, 1, false), (12, 2, false)] {
        let mut polluted = lines(&rows, ",", '"', '"');
        let mut cells: Vec<String> =
            rows[at].iter().map(|cell| quoted(cell, ",", '"', '"')).collect();
        if without {
            let moved = cells.remove(with);
            cells[with].push_str(&moved);
        } else {
            cells.insert(with, "x".to_owned());
        }
        polluted[at] = cells.join(",");
        let (landing, got) = text(polluted.join("\n").as_bytes(), &Reading::default()).unwrap();
        let expected = expected(&rows);
        let kept = expected.iter().filter(|line| got.contains(line)).count();
        assert_eq!(kept, expected.len() - 1);
        assert_eq!(landing.rows + landing.rejects.len() as u64, 40);
    }
}

/// A cell of several lines that is closed as it should be stays one cell, in a line with a delimiter too many or too few too.
#[test]
fn a_cell_of_lines_in_a_line_of_another_width() {
    let clean: Vec<String> = (2..40).map(|at| format!("{at},x{at},y{at},z{at}")).collect();
    for (line, landed, rejected) in [
        ("1,\"A \"\"q\"\" p, n\nsecond\",y", Some("1|A \"q\" p, n\nsecond|y|·"), 0),
        ("1,,\"A \"\"q\"\" p, n\nsecond\",y,z", None, 1),
    ] {
        let polluted = format!("id,a,b,c\n{line}\n{}\n", clean.join("\n"));
        let (landing, got) = text(polluted.as_bytes(), &Reading::default()).unwrap();
        assert_eq!(
            (landing.rejects.len(), landing.rows),
            (rejected, 39 - rejected as u64),
            "{line}"
        );
        assert!(landed.is_none_or(|landed| got[1] == landed), "{:?}", got[1]);
    }
}

#[test]
fn headers_of_several_rows() {
    let text_of = |head: &str| {
        let rows: Vec<String> =
            (1..8).map(|at| format!("{at},Ravi,{},{}\n", at * 2, at * 3)).collect();
        format!("{head}\n{}", rows.concat())
    };
    for (head, expected) in [
        ("Id,Name,Amount,\n,,2024,2025", "Id|Name|Amount 2024|Amount 2025"),
        ("Person,,Amount,\nId,Name,2024,2025", "Person Id|Person Name|Amount 2024|Amount 2025"),
        ("గుర్తింపు,పేరు,పాత,కొత్త\nId,Name,Old,New", "గుర్తింపు Id|పేరు Name|పాత Old|కొత్త New"),
        ("Id,Name,Old,New\n1,2,3,4", "Id|Name|Old|New"),
    ] {
        let (_, got) = text(text_of(head).as_bytes(), &Reading::default()).unwrap();
        assert_eq!((got[0].as_str(), got.len()), (expected, 8), "{head}");
    }
}

#[test]
fn what_is_no_table_is_an_error() {
    let noise: Vec<u8> =
        (0..4000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for (bytes, expected) in [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "an image"),
        (b"%PDF-1.4\n1 0 obj".to_vec(), "a PDF document"),
        (b"<html><table><tr><td>1</td></tr></table></html>".to_vec(), "an HTML page"),
        (b"<note><to>a</to></note>".to_vec(), "an XML file"),
        (b"{\"a\": [1, 2]}".to_vec(), "a JSON file"),
        (b"[\n {\"a\": 1}\n]".to_vec(), "a JSON file"),
        (b"{\\rtf1\\ansi a}".to_vec(), "a word processor's document"),
        (b"GIF89a\x01\0\x01\0".to_vec(), "an image"),
        (noise, "binary data"),
        (b"SQLite format 3\0\x10".to_vec(), "a database"),
    ] {
        let error = text(&bytes, &Reading::default()).unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    assert!(matches!(text(b"", &Reading::default()), Err(Error::Empty { .. })));
    // What merely begins like one of them is a table.
    for begin in ["ID3,Name", "<TICKER>,<PER>", "BMI,Age", "RIFFRAFF,x", "{a},b", "[Data],x"] {
        let list = format!("{begin}\n1,2\n3,4\n");
        assert_eq!(text(list.as_bytes(), &Reading::default()).unwrap().1.len(), 3, "{begin}");
    }
}

#[test]
fn zip_with_one_member() {
    let content = b"id,name\n1,Ravi\n2,Sita\n";
    let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, content).unwrap();
    let packed = packed.finish().unwrap();
    let mut sum = flate2::Crc::new();
    sum.update(content);
    let zip = |sum: u32, members: usize| {
        let mut fields = Vec::new();
        fields.extend([20_u16, 0, 8, 0, 0].iter().flat_map(|field| field.to_le_bytes()));
        fields.extend(
            [sum, packed.len() as u32, content.len() as u32].iter().flat_map(|f| f.to_le_bytes()),
        );
        fields.extend([5_u16, 0].iter().flat_map(|field| field.to_le_bytes()));
        let mut bytes = [b"PK\x03\x04".as_slice(), &fields, b"a.csv", &packed].concat();
        let directory = bytes.len() as u32;
        for _ in 0..members {
            bytes.extend([b"PK\x01\x02\x14\0".as_slice(), &fields, &[0; 14], b"a.csv"].concat());
        }
        let size = bytes.len() as u32 - directory;
        bytes.extend(
            [
                b"PK\x05\x06".as_slice(),
                &[0; 8],
                &size.to_le_bytes(),
                &directory.to_le_bytes(),
                &[0; 2],
            ]
            .concat(),
        );
        bytes
    };
    let (landing, lines) = text(&zip(sum.sum(), 1), &Reading::default()).unwrap();
    assert_eq!(lines, ["id|name", "1|Ravi", "2|Sita"]);
    assert_eq!(found(&landing.files[0].counts[0], "packing"), "zip");
    let damaged = text(&zip(1, 1), &Reading::default()).unwrap_err();
    assert!(matches!(damaged, Error::Unreadable { .. }), "{damaged}");
    let several = text(&zip(sum.sum(), 2), &Reading::default()).unwrap_err().to_string();
    assert!(several.contains("a zip file of several files"), "{several}");
}

#[test]
fn digits_that_a_spreadsheet_lost() {
    let (landing, lines) =
        text(b"id,aadhaar\n1,2.34E+11\n2,234123412346\n", &Reading::default()).unwrap();
    assert_eq!(lines[1], "1|2.34E+11");
    let counts = &landing.files[0].counts[0];
    assert_eq!(found(counts, "EXCEL_PRECISION_LOSS"), "1 values, first in row 2, column 2");
}

/// A spool of SQL*Plus: prompts, dashes that say how wide the columns are, pages that repeat the header, a count below.
#[test]
fn spools() {
    let page = |rows: &str| {
        format!("   ID NAME            PLACE\n----- --------------- ----------\n{rows}\n")
    };
    let pages = [
        page("    1 Ravi Kumar      Guntur\n    2 సీత దేవి         Eluru\n"),
        page("    3 Lila\n    4                 Nellore\n"),
    ];
    let spool = format!(
        "SQL> select id, name, place from people;\n\n{}4 rows selected.\n\nSQL> spool off\n",
        pages.concat()
    );
    for spool in [spool.clone(), spool.replace('\n', "\r\n")] {
        let (landing, lines) = text(spool.as_bytes(), &Reading::default()).unwrap();
        let expected =
            ["ID|NAME|PLACE", "1|Ravi Kumar|Guntur", "2|సీత దేవి|Eluru", "3|Lila|·", "4|·|Nellore"];
        assert_eq!(lines, expected);
        assert_eq!(landing.rejects.len(), 0);
        let counts = &landing.files[0].counts[0];
        assert_eq!(found(counts, "columns_by_dashes"), "yes");
        let rules: Vec<SkipRule> = skipped(counts).iter().map(|(_, rule)| *rule).collect();
        assert!(rules.contains(&SkipRule::RepeatedHeader) && rules.contains(&SkipRule::Footer));
    }
}
