//! Files that somebody worked on by hand after a program wrote them: remarks beside the table, names left out, signatures.

use milaan_model::Reading;
use milaan_model::reading::{FileCounts, SkipRule};

use super::{found, skipped, text};
use crate::Landing;

/// A list of `rows` people; `write` may change a line, 0 being the header.
fn list(rows: usize, write: impl Fn(usize, String) -> String) -> String {
    let line = |at: usize| match at {
        0 => "id,name,village,amount".to_owned(),
        at => format!("{at},Ravi {at},Guntur,{}.50", at * 100),
    };
    (0..=rows).map(|at| write(at, line(at)) + "\r\n").collect()
}

fn landed(file: &str) -> (Landing, Vec<String>) {
    text(file.as_bytes(), &Reading::default()).unwrap()
}

fn counts(landing: &Landing) -> &FileCounts {
    &landing.files[0].counts[0]
}

#[test]
fn remarks_beside_the_table() {
    // In one row of seven; in one of sixty, further down than the header is looked for.
    for (rows, every) in [(40, 7), (600, 60)] {
        let remark = |at: usize, line: String| {
            if at > 0 && at.is_multiple_of(every) { line + ",to be verified" } else { line }
        };
        let (landing, got) = landed(&list(rows, remark));
        assert_eq!((landing.rows, landing.rejects.len()), (rows as u64, 0));
        assert_eq!(got[0], "id|name|village|amount|column_5");
        assert_eq!(got[every], format!("{every}|Ravi {every}|Guntur|{every}00.50|to be verified"));
        assert_eq!(got[1], "1|Ravi 1|Guntur|100.50|·");
        assert_eq!(found(counts(&landing), "unnamed_columns"), "5");
    }
    // A delimiter too many within a row makes no column.
    let moved = |at: usize, line: String| {
        if at > 0 && at.is_multiple_of(7) { line.replace(",Guntur", ",Guntur,Old") } else { line }
    };
    let (landing, got) = landed(&list(40, moved));
    assert_eq!((got[0].as_str(), landing.rejects.len()), ("id|name|village|amount", 5));
    // Nor where most rows have one.
    let moved = |at: usize, line: String| {
        if at > 0 && !at.is_multiple_of(3) { line.replace(",Guntur", ",Guntur,Old") } else { line }
    };
    let (landing, got) = landed(&list(30, moved));
    assert_eq!((got[0].as_str(), landing.rejects.len()), ("id|name|village|amount", 20));
}

#[test]
fn numbers_that_look_like_years() {
    let third = |number: u32| {
        format!("dist,m,f\nA,107,63\nB,114,76\nKadapa,1950,{number}\nC,121,89\nD,128,102\n")
    };
    for text in [third(2012), third(1951), third(7)] {
        assert_eq!(landed(&text).1.len(), 6, "{text}");
    }
    let pensions =
        "pid,name,rs\nA0,Ali,2000\nA1,Zainab,500\nA2,Gopal,500\nA3,Sita,1000\nA4,Ravi,500\n";
    let (landing, got) = landed(pensions);
    assert_eq!((landing.rows, got[0].as_str(), got[1].as_str()), (5, "pid|name|rs", "A0|Ali|2000"));
    let mut all = String::from("id,name,amt\n");
    (1..=3000).for_each(|at| all += &format!("{at},Ravi {at},{at}\n"));
    assert_eq!(landed(&all).0.rows, 3000);
    // Years name columns all the same.
    for header in ["State,2011,2012", "State,2011,2010"] {
        let (landing, got) = landed(&format!("{header}\nA,23.8,1\nB,7,1999\nC,8,4\nD,9,5\n"));
        assert_eq!((landing.rows, got[0].clone()), (4, header.replace(',', "|")));
    }
    let (landing, got) = landed("Census\n\nDistrict,2011\nA,4889230\nB,1999\nC,81\nD,90\n");
    assert_eq!((landing.rows, got[0].as_str()), (4, "District|2011"));
}

#[test]
fn a_header_with_names_left_out() {
    for (header, expected) in [
        ("id,,village,", "id|column_2|village|column_4"),
        (",name,,amount", "column_1|name|column_3|amount"),
    ] {
        let (landing, got) =
            landed(&list(30, |at, line| if at == 0 { header.to_owned() } else { line }));
        assert_eq!((got[0].as_str(), landing.rows), (expected, 30));
    }
    // A title whose cells stand side by side is none.
    let titled = |at: usize, line: String| {
        if at == 0 { "Office,Guntur,,".to_owned() } else { line }
    };
    let (_, got) = landed(&list(30, titled));
    assert_eq!(got[0], "column_1|column_2|column_3|column_4");
}

#[test]
fn short_rows_are_said() {
    let cut = |at: usize, line: String| {
        if at % 10 == 3 { line.rsplit_once(',').unwrap().0.to_owned() } else { line }
    };
    let (landing, got) = landed(&list(40, cut));
    assert_eq!((landing.rows, got[3].as_str()), (40, "3|Ravi 3|Guntur|·"));
    assert_eq!(found(counts(&landing), "rows_short"), "4, first row 4");
    assert_eq!(found(counts(&landed(&list(40, |_, line| line)).0), "rows_short"), "");
}

#[test]
fn signatures() {
    for footer in [
        ",,,Sd/-\r\n,,,Commissioner\r\n",
        "\r\nSd/-\r\nDistrict Collector\r\n",
        "\r\nPrepared by,,Checked by,Approved by\r\n",
        ",,Signature of the Tahsildar,\r\n",
        "\r\nPlace: Guntur,,,\r\nDate: 01/06/2026,,,\r\n",
    ] {
        let (landing, got) = landed(&(list(40, |_, line| line) + footer));
        assert_eq!((got.len(), landing.rejects.len()), (41, 0), "{footer}");
        assert!(skipped(counts(&landing)).iter().any(|(_, rule)| *rule == SkipRule::Footer));
    }
    // Above further records they are rows as any other.
    let within = |at: usize, line: String| {
        if at == 20 { "Prepared by,,Checked by,".to_owned() } else { line }
    };
    assert_eq!(landed(&list(40, within)).0.rows, 40);
}

/// A small table of words below the list, or a list of words with a small table below it.
#[test]
fn small_tables_of_words() {
    let words = "Place,Officer\r\nGuntur,Rao\r\nEluru,Devi\r\nOngole,Khan\r\n";
    let padded = words.replace("\r\n", ",,\r\n");
    let as_wide = "a,b,c,d\r\nw,x,y,z\r\nu,v,w,x\r\n";
    let names = ["Ravi", "Sita", "Lila"];
    let of_words = |at: usize, _: String| match at {
        0 => "name,village,trade,ward".to_owned(),
        at => format!("{},Guntur,Weaver,{}", names[at % 3], ["North", "South"][at % 2]),
    };
    for (rows, below) in [(30, words), (30, &padded), (30, as_wide), (200, words), (200, &padded)] {
        let (landing, got) = landed(&format!("{}\r\n{below}", list(rows, |_, line| line)));
        assert_eq!((got.len(), landing.rejects.len()), (rows + 1, 0), "{rows} {below}");
        assert!(found(counts(&landing), "other_tables").starts_with("from row"), "{below}");
    }
    let (landing, got) = landed(&format!("{}\r\n{words}", list(30, of_words)));
    assert_eq!((got.len(), landing.rejects.len()), (31, 0));
    // Rows that the list may well have are kept.
    for below in
        ["31,Ravi,Guntur,5\r\n32,Sita,Eluru,7\r\n", "31,Ravi,Guntur,n/a\r\n32,Sita,Eluru,-\r\n"]
    {
        assert_eq!(landed(&format!("{}\r\n{below}", list(30, |_, line| line))).0.rows, 32);
    }
    let more = "Ravi,Eluru,,\r\nSita,Eluru,,\r\nLila,Eluru,,\r\n";
    assert_eq!(landed(&format!("{}\r\n{more}", list(30, of_words))).0.rows, 33);
}

#[test]
fn columns_of_fixed_width() {
    let places = ["Guntur", "Eluru", "Nuzvid North"];
    let names = ["Ravi Kumar", "Sita", "Lila Devi", "Asha"];
    let row = |at: usize| match at {
        0 => format!("{:<3} {:<10} {:<12} {:>7}", "id", "name", "village", "amount"),
        at => format!("{at:<3} {:<10} {:<12} {:>7}", names[at % 4], places[at % 3], at * 250),
    };
    for end in ["\n", "\r\n"] {
        let file: String = (0..=30).map(|at| row(at) + end).collect();
        let (landing, got) = landed(&file);
        assert_eq!(got[0], "id|name|village|amount");
        assert_eq!(got[4], "4|Ravi Kumar|Eluru|1000");
        assert_eq!((got.len(), landing.rejects.len()), (31, 0));
        assert_eq!(found(counts(&landing), "columns_by_place"), "yes");
    }
}

/// What stands in quotes keeps its blanks in a clean file; elsewhere they are nobody's.
#[test]
fn quoted_blanks() {
    let file =
        "id,name,place\r\n1, Ravi ,\" Guntur  \"\r\n2,\"  \",Eluru\r\n3,\"a\"\"b \",\" x\ny \"\r\n";
    let (_, got) = landed(file);
    assert_eq!(got[1..], ["1|Ravi| Guntur  ", "2|  |Eluru", "3|a\"b | x\ny "]);
    let folder = tempfile::tempdir().unwrap();
    let dump = super::dump(folder.path(), "list.csv", file.as_bytes());
    let mut out = tempfile::tempfile().unwrap();
    crate::land(&[dump], &Reading::default(), &mut out).unwrap();
    let batches = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(out, 10).unwrap();
    let shown = format!("{:?}", batches.map(Result::unwrap).next().unwrap());
    assert!(shown.contains("\"Guntur\"") && !shown.contains(" Guntur"), "{shown}");
}

/// One CR among other line ends divides two records that stand in one line; one within a cell does not.
#[test]
fn a_line_end_of_another_kind() {
    for end in ["\n", "\r\n"] {
        let lines: Vec<String> =
            list(300, |_, line| line).lines().map(|line| line.to_owned() + end).collect();
        let mut file = lines.concat();
        for at in [200, 100] {
            let before: usize = lines[..at].iter().map(String::len).sum();
            file.replace_range(before - end.len()..before, "\r");
        }
        let (landing, got) = landed(&file);
        assert_eq!((landing.rows, landing.rejects.len()), (300, 0));
        assert_eq!(
            (got[99].as_str(), got[100].as_str()),
            ("99|Ravi 99|Guntur|9900.50", "100|Ravi 100|Guntur|10000.50")
        );
        super::property::check_pieces(file.as_bytes(), 700);
        let within = file.replace("Ravi 50,", "Ravi\r50,").replace("Ravi 60,", "Ravi\r60,x,");
        let (landing, _) = landed(&within);
        assert_eq!((landing.rows, landing.rejects.len()), (299, 1));
    }
}

#[test]
fn one_column_is_not_divided() {
    for text in [
        "url\nhttp://a.in/x\nhttp://b.in/y\n",
        "address\nMG Road, Guntur\nGandhi Nagar, Nellore\nModel Town, Lahore\n",
        "started_at\n12:30\n13:45\n09:10\n",
    ] {
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(landed(text).1, lines, "{text}");
    }
    // A title of one word is none of a column where the lines below have more than one comma.
    let (_, got) = landed("Pensions\nid, name, amount\n1, Ravi, 5\n2, Sita, 6\n3, Devi, 7\n");
    assert_eq!(got[0], "id|name|amount");
}
