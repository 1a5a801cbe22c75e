//! Tables of awkward records.

use super::super::delimiter::Delimiter;
use super::*;

fn read(text: &[u8], delimiter: u8, lone_cr: bool) -> Vec<(u64, Vec<String>, Option<RejectRule>)> {
    let dialect = Dialect {
        delimiter: Delimiter::Byte(delimiter),
        quote: Some(b'"'),
        escape: None,
        lone_cr,
        width: None,
    };
    let mut small = Records::new(text, dialect, 1 << 16);
    let (mut row, mut rows) = (RawRow::default(), Vec::new());
    while small.next(&mut row).unwrap() {
        let cells = (0..row.len()).map(|at| row.cell(at).unwrap_or("·").to_owned()).collect();
        rows.push((row.number, cells, row.problem));
    }
    rows
}

fn check(text: &str, expected: &[(u64, &[&str])]) {
    let rows = read(text.as_bytes(), b',', false);
    let expected: Vec<_> = expected
        .iter()
        .map(|(row, cells)| (*row, cells.iter().map(|&cell| cell.to_owned()).collect(), None))
        .collect();
    assert_eq!(rows, expected, "{text:?}");
}

#[test]
fn rows_and_quotes() {
    check("a,b\n1,2", &[(1, &["a", "b"]), (2, &["1", "2"])]);
    check("a,b\r\n1,2\r\n", &[(1, &["a", "b"]), (2, &["1", "2"])]);
    check("a,b\n\"1\n2\",3\nx,y", &[(1, &["a", "b"]), (2, &["1\n2", "3"]), (4, &["x", "y"])]);
    check("\"a \"\"b\"\" c\",\"\",\"\"\"x\"\"\"", &[(1, &["a \"b\" c", "·", "\"x\""])]);
    check("\"O\"Brien\",2", &[(1, &["O\"Brien", "2"])]);
    check("5' 3\",2", &[(1, &["5' 3\"", "2"])]);
    check("1, \"Test, line\" ,3", &[(1, &["1", "Test, line", "3"])]);
    check(" a , b\u{a0},\t", &[(1, &["a", "b", "·"])]);
    check("a,\n\nb,", &[(1, &["a", "·"]), (2, &["·"]), (3, &["b", "·"])]);
    check("a\r b,c", &[(1, &["a\r b", "c"])]);
}

#[test]
fn carriage_returns() {
    let rows = read(b"a,b\r1,2\r\n3,4\n\"x\ry\",5\r6,7", b',', true);
    let numbers: Vec<u64> = rows.iter().map(|row| row.0).collect();
    assert_eq!(numbers, [1, 2, 3, 4, 6]);
    assert_eq!(rows[3].1, ["x\ry", "5"]);
}

#[test]
fn a_quote_that_never_closes_costs_one_line() {
    let text = "id,name\n1,\"Ravi\n2,\"Sita\"\n3,Lila\n4,\"Mohan\n5,Asha\n";
    let rows = read(text.as_bytes(), b',', false);
    let problems: Vec<u64> = rows.iter().filter(|row| row.2.is_some()).map(|row| row.0).collect();
    assert_eq!(problems, [2, 5]);
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[1].1, ["1,\"Ravi"]);
    assert_eq!(rows[2].1, ["2", "Sita"]);
    assert_eq!(rows[5].0, 6);
}

#[test]
fn long_lines_and_control_characters() {
    let mut text = b"a,b\n".to_vec();
    text.extend(std::iter::repeat_n(b'x', 1 << 20));
    text.extend_from_slice(b"\n1,2\n\x01\x02\x03\x04,\x05\n\0\0\0\n3\0,4\n");
    let rows = read(&text, b',', false);
    let problems: Vec<_> = rows.iter().map(|row| (row.0, row.2)).collect();
    use RejectRule::{LineTooLong, NotText};
    assert_eq!(
        problems,
        [(1, None), (2, Some(LineTooLong)), (3, None), (4, Some(NotText)), (5, None), (6, None)]
    );
    assert_eq!(rows[4].1, ["·"]);
    assert_eq!(rows[5].1, ["3", "4"]);
}

#[test]
fn a_file_that_turns_to_windows_1252() {
    let mut text = "id,naïve\n1,é\n".as_bytes().to_vec();
    text.extend_from_slice(b"2,caf\xe9\n3,\xc3\xa9\n");
    let dialect = Dialect {
        delimiter: Delimiter::Byte(b','),
        quote: Some(b'"'),
        escape: None,
        lone_cr: false,
        width: None,
    };
    let mut records = Records::new(text.as_slice(), dialect, 1000);
    let (mut row, mut names) = (RawRow::default(), Vec::new());
    while records.next(&mut row).unwrap() {
        names.push(row.cell(1).unwrap().to_owned());
    }
    assert_eq!(names, ["naïve", "é", "café", "é"]);
    assert_eq!(
        (records.met.windows_1252, records.met.windows_1252_first, records.met.utf8),
        (1, 3, true)
    );
}
