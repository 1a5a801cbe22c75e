//! Tables with titles, headers of several rows, units, and other tables beside them.

use super::*;
use crate::row::testing::rows;

/// Lines of cells divided by `,`; an empty line is a blank one.
fn check(
    text: &str,
    table: Range<usize>,
    header: Range<usize>,
    units: Option<usize>,
    start: usize,
) {
    let (rows, gaps) = rows(text);
    let found = find(Looked { rows: &rows, gaps: &gaps });
    assert_eq!(found, Layout { table, header, units, start }, "{text}");
}

#[test]
fn headers() {
    check("id,name\n1,a\n2,b\n3,c", 0..4, 0..1, None, 1);
    check("Pensions\n\nid,name\n1,a\n2,b\n3,c", 0..5, 1..2, None, 2);
    check("Id,Amount,,Place\n,2024,2025,\n1,5,6,x\n2,7,8,y\n3,9,9,z", 0..5, 0..2, None, 2);
    // A lone cell above a full header may as well be a title.
    check(",Amount,,\nId,Old,New,Place\n1,5,6,x\n2,7,8,y\n3,9,9,z", 0..5, 1..2, None, 2);
    check(",Old,,New,\nId,M,F,M,F\n1,5,6,7,8\n2,7,8,1,1\n3,9,9,2,2", 0..5, 0..2, None, 2);
    check("Person,,Amount,\nId,Name,Old,New\n1,a,6,7\n2,b,8,9\n3,c,1,2", 0..5, 0..2, None, 2);
    check("Name,Age\nపేరు,వయస్సు\na,5\nb,6\nc,7", 0..5, 0..2, None, 2);
    check("id,name,amount\n(1),(2),(3)\n1,a,5\n2,b,6", 0..4, 0..1, Some(1), 2);
    check("id,name,amount\n1,2,3\n7,a,5\n8,b,6\n9,c,7", 0..5, 0..1, Some(1), 2);
    check("a,b,c\n1,2,3\n4,5,6", 0..3, 0..1, None, 1);
    check("at,temp,wind\n,°C,km/h\n1,20,5\n2,21,6\n3,22,7", 0..5, 0..1, Some(1), 2);
    check("1,a\n2,b\n3,c", 0..3, 0..0, None, 0);
    check("Made by,the office,in 2026\nid,name,amount\n1,a,5\n2,b,6\n3,c,7", 0..5, 1..2, None, 2);
    check("id,name,age\n1,a,5\n2,b,n/a\n3,c,7\n4,d,8\n5,e,9", 0..6, 0..1, None, 1);
    check("name,place\na,x\nb,y", 0..3, 0..1, None, 1);
}

#[test]
fn several_tables() {
    let one = "id,name,age\n1,a,5\n2,b,6\n3,c,7\n4,d,8";
    let two = "code,place\n5,x\n6,y";
    check(&format!("{one}\n\n{two}"), 0..5, 0..1, None, 1);
    check(&format!("{two}\n\n{one}"), 3..8, 3..4, None, 4);
    check(&format!("{two}\n\nPersons\n\n{one}"), 3..9, 4..5, None, 5);
    check(&format!("{one}\n\n5,e,9\n6,f,1"), 0..7, 0..1, None, 1);
    check(&format!("{one}\n\nid,name,age\n5,e,9"), 0..7, 0..1, None, 1);
    check(&format!("{one}\n\nNote: x"), 0..6, 0..1, None, 1);
}

#[test]
fn names_of_several_rows() {
    let rows: Vec<RawRow> = ["Id,Amount,,,Place,,Name", ",2024,2025,,Village,Mandal,Name"]
        .iter()
        .map(|line| {
            let mut row = RawRow::default();
            row.begin(1);
            line.split(',').for_each(|cell| row.push(cell));
            row
        })
        .collect();
    let row = combined(&rows);
    let names: Vec<&str> = (0..row.len()).map(|at| row.cell(at).unwrap_or("·")).collect();
    assert_eq!(
        names,
        ["Id", "Amount 2024", "Amount 2025", "·", "Place Village", "Place Mandal", "Name"]
    );
}
