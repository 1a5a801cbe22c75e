//! Polluted text files, one table a rule.

use std::io::Write;

use SkipRule::{Blank, Footer, Header, Preamble, RepeatedHeader, TotalLine};
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use milaan_model::Reading;
use milaan_model::reading::{Format, SkipRule};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{dump, found, landed, skipped, text, wanting};
use crate::{Error, Limits, head, land, land_parquet, land_with};

fn check(bytes: &[u8], reading: &Reading, lines: &[&str]) {
    let (_, got) = text(bytes, reading).unwrap();
    assert_eq!(got, lines, "{:?}", String::from_utf8_lossy(bytes));
}

#[test]
fn encodings() {
    let utf16 = |text: &str, little: bool| -> Vec<u8> {
        let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let content = "ID,पेरु é\n1,రవి\n";
    for (bytes, encoding) in [
        (content.as_bytes().to_vec(), "utf-8"),
        ([b"\xef\xbb\xbf", content.as_bytes()].concat(), "utf-8"),
        ([b"\xff\xfe", utf16(content, true).as_slice()].concat(), "utf-16le"),
        ([b"\xfe\xff", utf16(content, false).as_slice()].concat(), "utf-16be"),
    ] {
        let (landing, lines) = text(&bytes, &Reading::default()).unwrap();
        assert_eq!(lines, ["ID|पेरु é", "1|రవి"], "{encoding}");
        assert_eq!(found(&landing.files[0].counts[0], "encoding"), encoding);
    }
    check(&utf16("Id,Name\n1,Ravi\n", true), &Reading::default(), &["Id|Name", "1|Ravi"]);
    for little in [true, false] {
        // No mark, and few NULs.
        let telugu = utf16("పేరు,గ్రామం\nలక్ష్మి,గుంటూరు\n", little);
        check(&telugu, &Reading::default(), &["పేరు|గ్రామం", "లక్ష్మి|గుంటూరు"]);
    }
    let (landing, lines) = text(b"Id,Name\n1,Jos\xe9\n", &Reading::default()).unwrap();
    assert_eq!(lines, ["Id|Name", "1|José"]);
    assert_eq!(found(&landing.files[0].counts[0], "encoding"), "windows-1252");
    let stated = Reading { encoding: Some("iso-8859-7".to_owned()), ..Reading::default() };
    check(b"Id,Name\n1,\xcd\xdf\xea\xef\xf2\n", &stated, &["Id|Name", "1|Νίκος"]);
    let unknown = Reading { encoding: Some("klingon".to_owned()), ..Reading::default() };
    assert!(matches!(text(b"a,b\n", &unknown), Err(Error::UnknownEncoding { .. })));
}

#[test]
fn stated_dialect_wins() {
    let reading = Reading { delimiter: Some(b';'), quote: Some(b'\''), ..Reading::default() };
    check(b"a,b;c\n'1;2';3\n", &reading, &["a,b|c", "1;2|3"]);
    check(b"sep=|\nid|name\n1|a,b\n", &Reading::default(), &["id|name", "1|a,b"]);
    let reading = Reading { header_row: Some(3), ..Reading::default() };
    let (landing, lines) = text(b"a,b\n1,2\nid,name\n3,4\n", &reading).unwrap();
    assert_eq!(lines, ["id|name", "3|4"]);
    assert_eq!(skipped(&landing.files[0].counts[0]), [(1, Preamble), (2, Preamble), (3, Header)]);
    let beyond = Reading { header_row: Some(30), ..Reading::default() };
    assert!(matches!(text(b"a,b\n1,2\n", &beyond), Err(Error::NoHeader { row: 30, .. })));
}

#[test]
fn title_block_repeats_totals_and_footers() {
    let list = "Government of Andhra Pradesh,,\nPensions as on 1-11-2026,,\n\nPension ID,Name,Amount\n\
        1,Ravi,2750\n2,Sita,2750\n,,\nPENSION ID,NAME,AMOUNT\n3,Lila,4000\nSub Total,,9500\n4,,\n\
        Grand Total,,\"9,500\"\nNote: provisional,,\nDirector,,\n,,\n\n";
    let (landing, lines) =
        text(list.as_bytes(), &wanting(&["*Name", "*Pension ID", "Village"])).unwrap();
    assert_eq!(lines, ["Name|Pension ID|Village", "Ravi|1|·", "Sita|2|·", "Lila|3|·", "·|4|·"]);
    let counts = &landing.files[0].counts[0];
    assert_eq!(counts.header_row, Some(4));
    assert_eq!(
        skipped(counts),
        [
            (1, Preamble),
            (2, Preamble),
            (3, Blank),
            (4, Header),
            (7, Blank),
            (8, RepeatedHeader),
            (10, TotalLine),
            (12, TotalLine),
            (13, Footer),
            (14, Footer)
        ]
    );
    assert_eq!((counts.rows_read, counts.rows_landed), (14, 4));
    assert_eq!(counts.columns_absent, ["Village"]);
    assert_eq!(counts.columns_ignored, ["Amount"]);
}

#[test]
fn whatever_might_be_a_person_is_landed() {
    check(
        b"Id,Name,Amount\n1,Total Prasad,5\n,Lakshmi Devi,\n2,Sum,\n3,Note,\n,Ravi,\n",
        &Reading::default(),
        &[
            "Id|Name|Amount",
            "1|Total Prasad|5",
            "·|Lakshmi Devi|·",
            "2|Sum|·",
            "3|Note|·",
            "·|Ravi|·",
        ],
    );
}

#[test]
fn ragged_rows() {
    let list = "id,name,age,city\n1,Ravi\n2,Sita,40,Guntur,,\n3,Lila,30,Vizag,extra\n4\n5,\"Asha\n6,Mohan,9,Ongole\n";
    let (landing, lines) = text(list.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(lines, ["id|name|age|city", "1|Ravi|·|·", "2|Sita|40|Guntur", "6|Mohan|9|Ongole"]);
    let rejects: Vec<_> =
        landing.rejects.iter().map(|r| (r.row, r.rule.as_str(), r.raw.as_str())).collect();
    assert_eq!(
        rejects,
        [
            (4, "too_many_cells", "3,Lila,30,Vizag,extra"),
            (5, "too_few_cells", "4"),
            (6, "unbalanced_quote", "5,\"Asha")
        ]
    );
    assert!(landing.rejects.iter().all(|reject| !reject.reason.contains("Lila")));
}

#[test]
fn columns_by_header_alias_and_fold() {
    let reading = wanting(&["*Sur Name", "*Mobile=Phone No=Contact", "Age"]);
    let (landing, lines) =
        text("phone_no,AGE,x,SURNAME\n94400,30,y,Rao\n".as_bytes(), &reading).unwrap();
    assert_eq!(lines, ["Sur Name|Mobile|Age", "Rao|94400|30"]);
    assert_eq!(landing.files[0].counts[0].columns_ignored, ["x"]);
    let missing = text(b"\nphone_no,AGE,SURENAME\n94400,30,Rao\n", &reading).unwrap_err();
    assert_eq!(missing.to_string(), "column `Sur Name` not found in `list.csv`, header row 2");
    assert!(missing.hint().unwrap().contains("`SURENAME`"));
}

#[test]
fn headers_are_unique_and_found() {
    check(
        b"id,,Name,Name\n1,2,3,4\n",
        &Reading::default(),
        &["id|column_2|Name|Name_2", "1|2|3|4"],
    );
    check(
        b"1,english\n2,x\n3,german\n",
        &Reading::default(),
        &["column_1|column_2", "1|english", "2|x", "3|german"],
    );
    check(b"id;v;\n1;2;\n3;4;\n", &Reading::default(), &["id|v", "1|2", "3|4"]);
    check(b"id;v;\n1;2;x\n3;4;\n", &Reading::default(), &["id|v|column_3", "1|2|x", "3|4|·"]);
    check(b"id,name\n", &Reading::default(), &["id|name"]);
}

#[test]
fn packed_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(b"id,name\n1,Ravi\n").unwrap();
    let gz = dump(folder.path(), "a.csv.gz", &gz.finish().unwrap());
    let zst =
        dump(folder.path(), "a.csv.zst", &zstd::encode_all(&b"id,name\n1,Ravi\n"[..], 1).unwrap());
    for (file, packing) in [(&gz, "gzip"), (&zst, "zstd")] {
        let (landing, lines) = landed(file, &Reading::default()).unwrap();
        assert_eq!(lines, ["id|name", "1|Ravi"]);
        assert_eq!(found(&landing.files[0].counts[0], "packing"), packing);
        let limits = Limits { unpacked_bytes_max: 10, ..Limits::default() };
        let bombed =
            land_with(std::slice::from_ref(file), &Reading::default(), &limits, Vec::new());
        assert!(matches!(bombed, Err(Error::TooLarge { .. })), "{bombed:?}");
    }
}

#[test]
fn files_that_are_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let try_one = |name: &str, bytes: &[u8]| {
        landed(&dump(folder.path(), name, bytes), &Reading::default()).unwrap_err().to_string()
    };
    for (name, bytes, expected) in [
        (
            "a.xlsx",
            &b"<!DOCTYPE html><html>"[..],
            "`a.xlsx` is not a workbook: it looks like an HTML page",
        ),
        ("b.xlsx", b"%PDF-1.7", "`b.xlsx` is not a workbook: it looks like a PDF document"),
        ("c.xlsx", b"id,name\n1,x\n", "`c.xlsx` is not a workbook: it looks like text"),
        ("d.csv", b"\n <html><body>", "`d.csv` is not delimited text: it looks like an HTML page"),
        ("e.csv", b"", "`e.csv` is empty"),
        ("f.csv", b" \n,,\n\n", "`f.csv` is empty"),
        (
            "g.csv",
            b"PK\x03\x04broken",
            "`g.csv` is not delimited text: it looks like a damaged zip file",
        ),
    ] {
        assert_eq!(try_one(name, bytes), expected);
    }
    let missing = crate::DumpFile { path: folder.path().join("no.csv"), name: "no.csv".to_owned() };
    assert_eq!(landed(&missing, &Reading::default()).unwrap_err().to_string(), "no file `no.csv`");
    let stated = Reading { format: Some(Format::Csv), ..Reading::default() };
    landed(&dump(folder.path(), "h.xls", b"id\tname\n1\tx\n"), &stated).unwrap();
}

#[test]
fn parquet_with_lineage_is_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let list = |from: usize| -> String {
        let rows = (from..from + 20_000).map(|id| format!("{id},Name {}\n", id % 97));
        std::iter::once("Title\nid,name\n".to_owned()).chain(rows).collect()
    };
    let files: Vec<_> = (0..5)
        .map(|n| dump(folder.path(), &format!("d{n}.csv"), list(n * 20_000).as_bytes()))
        .collect();
    let reading = wanting(&["*name", "*id"]);
    let run = |threads, row_group_rows| {
        let limits = Limits { threads, row_group_rows, ..Limits::default() };
        let mut out = Vec::new();
        let landing = land_with(&files, &reading, &limits, &mut out).unwrap();
        assert_eq!((landing.rows, landing.files.len()), (100_000, 5));
        out
    };
    let bytes = run(1, 30_000);
    assert_eq!(bytes, run(4, 30_000));
    let path = folder.path().join("out.parquet");
    std::fs::write(&path, &bytes).unwrap();
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&path).unwrap()).unwrap();
    assert_eq!(builder.metadata().num_row_groups(), 4);
    let names: Vec<_> =
        builder.schema().fields().iter().map(|field| field.name().clone()).collect();
    assert_eq!(names, ["file", "sheet", "row", "name", "id"]);
    let batch = builder.build().unwrap().next().unwrap().unwrap();
    assert_eq!(batch.column(0).as_string::<i32>().value(0), "d0.csv");
    assert_eq!(batch.column(2).as_primitive::<Int64Type>().value(1), 4);
    assert_eq!(batch.column(4).as_string::<i32>().value(1), "1");
    // What was landed may be read again.
    let again = crate::DumpFile { path, name: "out.parquet".to_owned() };
    let (landing, lines) = landed(&again, &wanting(&["*ID"])).unwrap();
    assert_eq!((landing.rows, lines[1].as_str()), (100_000, "0"));
    land_parquet(&again, &Reading::default(), Vec::new()).unwrap();
}

#[test]
fn first_rows_and_found_columns_of_several_files() {
    let folder = tempfile::tempdir().unwrap();
    let one = dump(folder.path(), "1.csv", b"id,name\n1,Ravi\n2,Sita\n3,Lila\n");
    let two = dump(folder.path(), "2.csv", b"name,id,extra\nAsha,4,x\n");
    let (counts, columns, rows) = head(&one, &Reading::default(), 2).unwrap();
    assert_eq!(
        (counts[0].header_row, columns, rows.len()),
        (Some(1), vec!["id".to_owned(), "name".to_owned()], 2)
    );
    let landing = land(&[one, two], &Reading::default(), Vec::new()).unwrap();
    assert_eq!((landing.rows, landing.columns.len()), (4, 2));
    assert_eq!(landing.files[1].counts[0].columns_ignored, ["extra"]);
    assert_eq!(landing.files[0].sha256.len(), 64);
    let taken = land(&[], &wanting(&["row"]), Vec::new()).unwrap_err();
    assert!(matches!(taken, Error::NameTaken { .. }));
}
