//! Reports on their way out, each promise of a contract broken once.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, ListArray,
    RecordBatch, StringArray, StringViewArray, StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields};
use milaan_model::{ColumnType, OutputFormat, ReportContract, Sensitivity};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::testing::{column, contract};
use crate::{Error, Publication, ReportReceipt};

fn write(
    out: &Path,
    contract: &ReportContract,
    batches: &[RecordBatch],
) -> Result<ReportReceipt, Error> {
    let publication = Publication::begin(out, "run")?;
    let mut report = publication.reports().report(contract, &batches[0].schema())?;
    for batch in batches {
        report.write(batch)?;
    }
    let receipt = report.finish()?;
    // What was written stays to be looked at.
    std::mem::forget(publication);
    Ok(receipt)
}

fn read(out: &Path, file: &str) -> Vec<u8> {
    std::fs::read(out.join("runs/.preparing-run/reports").join(file)).expect("written")
}

/// One column of every type, the third row all NULL but for the key.
fn every_type() -> (ReportContract, RecordBatch) {
    let texts = StringArray::from(vec!["b", "a;b", "=c", "d"]);
    let item = Arc::new(Field::new_list_field(DataType::Utf8, true));
    let lists = ListArray::new(
        item,
        OffsetBuffer::from_lengths([2, 1, 0, 1]),
        Arc::new(StringArray::from(vec!["EKYC_NO", "REVIEW_BAND", "=X", "Y"])),
        Some(vec![true, true, false, true].into()),
    );
    let children: Fields = vec![
        Field::new("comparison", DataType::Utf8, false),
        Field::new("level", DataType::Utf8, false),
        Field::new("weight", DataType::Float64, false),
    ]
    .into();
    let items = StructArray::new(
        children.clone(),
        vec![
            Arc::new(StringArray::from(vec!["name", "born"])),
            Arc::new(StringArray::from(vec!["exact", "year"])),
            Arc::new(Float64Array::from(vec![3.25, -0.5])),
        ],
        None,
    );
    let evidence = ListArray::new(
        Arc::new(Field::new_list_field(DataType::Struct(children), false)),
        OffsetBuffer::from_lengths([2, 0, 0, 0]),
        Arc::new(items),
        Some(vec![true, true, false, true].into()),
    );
    let money = Decimal128Array::from(vec![Some(250_050), Some(-5), None, Some(0)])
        .with_precision_and_scale(18, 2)
        .expect("decimal");
    let batch = RecordBatch::try_from_iter([
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3, 4])) as ArrayRef),
        ("t", Arc::new(StringArray::from_iter([Some("x,\"y\"\r\n"), Some("=1"), None, Some("")]))),
        ("n", Arc::new(Float64Array::from(vec![Some(-0.25), Some(3.0), None, Some(0.1)]))),
        ("m", Arc::new(money)),
        ("y", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, None]))),
        ("d", Arc::new(Date32Array::from(vec![Some(0), Some(20_000), None, Some(-1)]))),
        ("l", Arc::new(lists)),
        ("e", Arc::new(evidence)),
        ("v", Arc::new(StringViewArray::from_iter_values(texts.iter().flatten()))),
    ])
    .expect("batch");
    let kinds = [
        ("id", ColumnType::Integer),
        ("t", ColumnType::Text),
        ("n", ColumnType::Number),
        ("m", ColumnType::Decimal),
        ("y", ColumnType::Boolean),
        ("d", ColumnType::Date),
        ("l", ColumnType::TextList),
        ("e", ColumnType::Evidence),
        ("v", ColumnType::Text),
    ];
    let columns = kinds.into_iter().map(|(name, kind)| column(name, kind)).collect();
    let mut contract = contract(columns, &["id"]);
    contract.formats = vec![OutputFormat::Csv];
    (contract, batch)
}

#[test]
fn csv_of_every_type() {
    let out = tempfile::tempdir().expect("folder");
    let (contract, batch) = every_type();
    let receipt = write(out.path(), &contract, &[batch]).expect("written");
    assert_eq!(receipt.rows, 4);
    assert_eq!(receipt.files[1].path, "reports/routing.csv");
    let text = String::from_utf8(read(out.path(), "routing.csv")).expect("utf-8");
    assert_eq!(
        text,
        "\u{feff}id,t,n,m,y,d,l,e,v\r\n\
         1,\"x,\"\"y\"\"\r\n\",-0.25,2500.50,true,1970-01-01,EKYC_NO;REVIEW_BAND,name=exact:+3.25;born=year:-0.50,b\r\n\
         2,'=1,3,-0.05,false,2024-10-04,'=X,,a;b\r\n\
         3,,,,,,,,'=c\r\n\
         4,,0.1,0.00,,1969-12-31,Y,,d\r\n"
    );
}

#[test]
fn parquet_holds_fixed_types_classes_and_the_contract() {
    let out = tempfile::tempdir().expect("folder");
    let (contract, batch) = every_type();
    write(out.path(), &contract, std::slice::from_ref(&batch)).expect("written");
    let bytes = std::fs::File::open(out.path().join("runs/.preparing-run/reports/routing.parquet"))
        .expect("file");
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).expect("parquet");
    let metadata = reader.metadata().file_metadata();
    assert_eq!(metadata.created_by(), Some("milaan version 1.0.0 (build 1)"));
    let pairs = metadata.key_value_metadata().expect("metadata");
    let value = |key: &str| {
        pairs.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone()).expect("key")
    };
    assert_eq!((value("milaan.report"), value("milaan.version")), ("routing".into(), "1".into()));
    assert!(value("milaan.contract").contains("\"grain\":\"one row per record\""));
    let schema = reader.schema().clone();
    let field = schema.field_with_name("v").expect("v");
    assert_eq!(field.data_type(), &DataType::Utf8);
    assert_eq!(milaan_model::schema::class_of(field), Sensitivity::Internal);
    assert_eq!(field.metadata()["milaan.meaning"], "the v");
    assert!(!schema.field(0).is_nullable() && schema.field(1).is_nullable());
    let back = reader.build().expect("reader").next().expect("a batch").expect("read");
    assert_eq!(back.num_rows(), 4);
    assert_eq!(back.column(0), batch.column(0));
    assert_eq!(back.column(6), batch.column(6));
}

/// Enough rows for more than one row group, with values that repeat and some that do not.
fn many_rows() -> RecordBatch {
    let rows = 70_000;
    let names = (0..rows).map(|row| (row % 7 != 0).then(|| format!("name {}", row * 7919 % 5_003)));
    let lists = (0..rows)
        .map(|row| Some((0..row % 3).map(|part| Some(format!("R{part}"))).collect::<Vec<_>>()));
    let mut builder = arrow::array::ListBuilder::new(arrow::array::StringBuilder::new());
    for list in lists {
        builder.append_option(list);
    }
    RecordBatch::try_from_iter([
        ("row", Arc::new(Int64Array::from_iter_values(0..rows)) as ArrayRef),
        ("name", Arc::new(names.collect::<StringArray>()) as ArrayRef),
        ("weight", Arc::new(Float64Array::from_iter_values((0..rows).map(|row| row as f64 / 7.0)))),
        ("reasons", Arc::new(builder.finish())),
    ])
    .expect("batch")
}

#[test]
fn bytes_do_not_depend_on_how_the_rows_came() {
    let columns = vec![
        column("row", ColumnType::Integer),
        column("name", ColumnType::Text),
        column("weight", ColumnType::Number),
        column("reasons", ColumnType::TextList),
    ];
    let mut contract = contract(columns, &["row"]);
    contract.formats = vec![OutputFormat::Csv];
    let rows = many_rows();
    let receipt = |sizes: &[usize]| {
        let out = tempfile::tempdir().expect("folder");
        let mut batches = Vec::new();
        let mut start = 0;
        for size in sizes.iter().cycle() {
            let length = (*size).min(rows.num_rows() - start);
            batches.push(rows.slice(start, length));
            start += length;
            if start == rows.num_rows() {
                break;
            }
        }
        write(out.path(), &contract, &batches).expect("written").files
    };
    let whole = receipt(&[70_000]);
    assert_eq!(receipt(&[8_192]), whole);
    assert_eq!(receipt(&[1, 999, 0, 65_536]), whole);
    assert_eq!(receipt(&[313]), whole);
}

#[test]
fn text_types_do_not_change_the_bytes() {
    let contract = contract(vec![column("id", ColumnType::Text)], &["id"]);
    let hash = |array: ArrayRef| {
        let out = tempfile::tempdir().expect("folder");
        let batch = RecordBatch::try_from_iter([("id", array)]).expect("batch");
        write(out.path(), &contract, &[batch]).expect("written").files
    };
    let values = ["a", "a longer text than twelve bytes", "b"];
    assert_eq!(
        hash(Arc::new(StringArray::from_iter_values(values))),
        hash(Arc::new(StringViewArray::from_iter_values(values)))
    );
}

#[test]
fn an_empty_report_has_its_columns() {
    let out = tempfile::tempdir().expect("folder");
    let (contract, batch) = every_type();
    let receipt = write(out.path(), &contract, &[batch.slice(0, 0)]).expect("written");
    assert_eq!(receipt.rows, 0);
    assert_eq!(read(out.path(), "routing.csv"), "\u{feff}id,t,n,m,y,d,l,e,v\r\n".as_bytes());
}

#[test]
fn a_broken_row_names_itself_and_not_its_value() {
    let out = tempfile::tempdir().expect("folder");
    let contract = contract(vec![column("id", ColumnType::Text)], &["id"]);
    let batch = |values: Vec<&str>| {
        RecordBatch::try_from_iter([("id", Arc::new(StringArray::from(values)) as ArrayRef)])
            .expect("batch")
    };
    let batches = [batch(vec!["Anil", "Sunita"]), batch(vec!["Sunita"])];
    let error = write(out.path(), &contract, &batches).expect_err("twice");
    assert_eq!(
        error.to_string(),
        "report `routing` breaks its contract at column `id`, row 3: \
         expected a higher key than the row before, found the same key again"
    );
    assert!(!format!("{error:?}").contains("Sunita"));
    assert!(error.hint().is_some());
}

#[test]
fn a_report_that_refused_rows_is_not_finished() {
    let out = tempfile::tempdir().expect("folder");
    let contract = contract(vec![column("id", ColumnType::Integer)], &["id"]);
    let numbers = Arc::new(Int64Array::from(vec![2, 1])) as ArrayRef;
    let batch = RecordBatch::try_from_iter([("id", numbers)]).expect("batch");
    let publication = Publication::begin(out.path(), "run").expect("begins");
    let mut report = publication.reports().report(&contract, &batch.schema()).expect("opens");
    report.write(&batch).expect_err("falling keys");
    assert!(matches!(report.finish(), Err(Error::Unfinished { .. })));
    assert!(!publication.folder().join("reports/routing.parquet").exists());
}
