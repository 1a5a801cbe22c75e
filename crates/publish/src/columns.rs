//! A report's columns: held to the contract, and brought to one fixed Arrow type each.
//!
//! Engines differ in how they hold a text (views, large offsets, dictionaries) from version to version; readers of the
//! Parquet files shall not notice, and the bytes shall not change.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};
use milaan_model::schema::{CLASS_KEY, class_of, classed};
use milaan_model::{ColumnContract, ColumnType, ReportContract};

use crate::error::Error;

/// Arrow field metadata key of a column's meaning.
const MEANING_KEY: &str = "milaan.meaning";

/// Children of an evidence item, in order.
const EVIDENCE: [(&str, DataType); 3] =
    [("comparison", DataType::Utf8), ("level", DataType::Utf8), ("weight", DataType::Float64)];

/// The columns of one report, checked.
#[derive(Debug)]
pub(crate) struct Columns {
    report: String,
    promised: Vec<ColumnContract>,
    schema: SchemaRef,
}

impl Columns {
    /// Refuses a query whose columns are not the contract's, or are too sensitive for the report's readers.
    pub(crate) fn new(contract: &ReportContract, found: &Schema) -> Result<Self, Error> {
        let report = contract.name.to_string();
        check_clearance(contract, found)?;
        agree(&report, &contract.columns, found)?;
        let fields: Vec<Field> =
            contract.columns.iter().map(|column| fixed_field(column, &contract.key)).collect();
        let columns = Self {
            report,
            promised: contract.columns.clone(),
            schema: Arc::new(Schema::new(fields)),
        };
        columns.check_key(&contract.key)?;
        Ok(columns)
    }

    /// The fixed schema, with class and meaning in each field's metadata.
    pub(crate) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The batch's columns in their fixed types; `rows_before` rows have gone before it.
    pub(crate) fn cast(
        &self,
        batch: &RecordBatch,
        rows_before: u64,
    ) -> Result<Vec<ArrayRef>, Error> {
        agree(&self.report, &self.promised, &batch.schema())?;
        let options = CastOptions { safe: true, ..CastOptions::default() };
        let mut cast = Vec::with_capacity(self.promised.len());
        for (found, field) in batch.columns().iter().zip(self.schema.fields()) {
            // The Arrow error would quote the value, so only the types are told.
            let array = cast_with_options(found, field.data_type(), &options).map_err(|_| {
                self.broken(
                    field.name(),
                    None,
                    describe(field.data_type()),
                    describe(found.data_type()),
                )
            })?;
            if let Some(index) = lost(found, &array) {
                return Err(self.broken(
                    field.name(),
                    Some(rows_before + index as u64 + 1),
                    format!("a value that fits {}", describe(field.data_type())),
                    "a larger one".to_owned(),
                ));
            }
            cast.push(array);
        }
        Ok(cast)
    }

    /// The rows as one batch; their NULLs have been checked before.
    pub(crate) fn batch(&self, columns: Vec<ArrayRef>) -> Result<RecordBatch, Error> {
        RecordBatch::try_new(self.schema.clone(), columns)
            .map_err(|_| self.broken("", None, "columns of the fixed types", "others"))
    }

    fn check_key(&self, key: &[String]) -> Result<(), Error> {
        if key.is_empty() {
            return Err(self.broken("", None, "a key to order the rows by", "none"));
        }
        for name in key {
            match self.promised.iter().find(|column| &column.name == name) {
                None => return Err(self.broken(name, None, "the key's column", "no such column")),
                Some(column)
                    if matches!(column.kind, ColumnType::TextList | ColumnType::Evidence) =>
                {
                    return Err(self.broken(
                        name,
                        None,
                        "a key column with one value",
                        column.kind.as_str(),
                    ));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    fn broken(
        &self,
        column: &str,
        row: Option<u64>,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Error {
        Error::ContractBroken {
            report: self.report.clone(),
            column: column.to_owned(),
            row,
            expected: expected.into(),
            found: found.into(),
        }
    }
}

/// The contract's class must be within the clearance, and a class that the query's column carries openly within the
/// contract's.
fn check_clearance(contract: &ReportContract, found: &Schema) -> Result<(), Error> {
    for column in &contract.columns {
        let above = |class, clearance| Error::AboveClearance {
            report: contract.name.to_string(),
            column: column.name.clone(),
            class,
            clearance,
        };
        if column.class > contract.clearance {
            return Err(above(column.class, contract.clearance));
        }
        if let Ok(field) = found.field_with_name(&column.name)
            && field.metadata().contains_key(CLASS_KEY)
            && class_of(field) > column.class
        {
            return Err(above(class_of(field), column.class));
        }
    }
    Ok(())
}

/// Same names, same order, types that one cast away hold the same values.
fn agree(report: &str, columns: &[ColumnContract], found: &Schema) -> Result<(), Error> {
    let broken = |column: &str, expected: String, found: String| Error::ContractBroken {
        report: report.to_owned(),
        column: column.to_owned(),
        row: None,
        expected,
        found,
    };
    for (index, column) in columns.iter().enumerate() {
        let Some(field) = found.fields().get(index) else {
            return Err(broken(
                &column.name,
                format!("it in place {}", index + 1),
                "no column".to_owned(),
            ));
        };
        if field.name() != &column.name {
            let expected = format!("it in place {}", index + 1);
            return Err(broken(&column.name, expected, format!("`{}`", field.name())));
        }
        if !accepts(column.kind, field.data_type()) {
            let expected = describe(&arrow_type(column.kind));
            return Err(broken(&column.name, expected, describe(field.data_type())));
        }
    }
    match found.fields().get(columns.len()) {
        Some(extra) => {
            Err(broken(extra.name(), "no such column".to_owned(), describe(extra.data_type())))
        }
        None => Ok(()),
    }
}

/// The one Arrow type in which a column type is written.
pub(crate) fn arrow_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Number => DataType::Float64,
        ColumnType::Decimal => DataType::Decimal128(18, 2),
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
        ColumnType::TextList => DataType::new_list(DataType::Utf8, true),
        ColumnType::Evidence => {
            let children: Fields = EVIDENCE
                .into_iter()
                .map(|(name, data_type)| Field::new(name, data_type, true))
                .collect();
            DataType::new_list(DataType::Struct(children), true)
        }
    }
}

/// Arrow types that a cast brings to [`arrow_type`] without a change of meaning.
fn accepts(kind: ColumnType, found: &DataType) -> bool {
    match kind {
        ColumnType::Text => match found {
            DataType::Dictionary(_, values) => accepts(kind, values),
            _ => matches!(found, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8),
        },
        ColumnType::Integer => found.is_integer(),
        ColumnType::Number => found == &DataType::Float64,
        ColumnType::Decimal => matches!(found, DataType::Decimal128(_, 2)),
        ColumnType::Boolean => found == &DataType::Boolean,
        ColumnType::Date => found == &DataType::Date32,
        ColumnType::TextList => {
            item(found).is_some_and(|item| accepts(ColumnType::Text, item.data_type()))
        }
        ColumnType::Evidence => item(found).is_some_and(|item| is_evidence(item.data_type())),
    }
}

fn item(list: &DataType) -> Option<&Field> {
    match list {
        DataType::List(item) | DataType::LargeList(item) => Some(item),
        _ => None,
    }
}

fn is_evidence(found: &DataType) -> bool {
    let DataType::Struct(children) = found else { return false };
    children.len() == EVIDENCE.len()
        && children.iter().zip(EVIDENCE).all(|(child, (name, data_type))| {
            let kind =
                if data_type == DataType::Utf8 { ColumnType::Text } else { ColumnType::Number };
            child.name() == name && accepts(kind, child.data_type())
        })
}

fn fixed_field(column: &ColumnContract, key: &[String]) -> Field {
    let nullable = !column.required && !key.contains(&column.name);
    let mut field = classed(&column.name, arrow_type(column.kind), nullable, column.class);
    field.metadata_mut().insert(MEANING_KEY.to_owned(), column.meaning.clone());
    field
}

/// The first value that the cast could not hold.
fn lost(before: &ArrayRef, after: &ArrayRef) -> Option<usize> {
    if before.null_count() == after.null_count() {
        return None;
    }
    (0..after.len()).find(|&index| after.is_null(index) && !before.is_null(index))
}

fn describe(data_type: &DataType) -> String {
    data_type.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{column, contract};
    use arrow::array::{Decimal128Array, UInt64Array};
    use milaan_model::Sensitivity;

    fn open(kind: ColumnType, found: DataType) -> Result<Columns, Error> {
        let contract = contract(vec![column("id", ColumnType::Text), column("x", kind)], &["id"]);
        let schema =
            Schema::new(vec![Field::new("id", DataType::Utf8, true), Field::new("x", found, true)]);
        Columns::new(&contract, &schema)
    }

    #[test]
    fn types_accepted_and_refused() {
        let list = |item| DataType::new_list(item, true);
        let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        for (kind, found, good) in [
            (ColumnType::Text, DataType::Utf8View, true),
            (ColumnType::Text, DataType::LargeUtf8, true),
            (ColumnType::Text, dictionary, true),
            (ColumnType::Text, DataType::Int64, false),
            (ColumnType::Text, DataType::Null, false),
            (ColumnType::Text, DataType::Binary, false),
            (ColumnType::Integer, DataType::Int32, true),
            (ColumnType::Integer, DataType::UInt64, true),
            (ColumnType::Integer, DataType::Float64, false),
            (ColumnType::Number, DataType::Float64, true),
            (ColumnType::Number, DataType::Float32, false),
            (ColumnType::Decimal, DataType::Decimal128(28, 2), true),
            (ColumnType::Decimal, DataType::Decimal128(18, 3), false),
            (ColumnType::Boolean, DataType::Boolean, true),
            (ColumnType::Date, DataType::Date32, true),
            (ColumnType::Date, DataType::Utf8, false),
            (ColumnType::TextList, list(DataType::Utf8View), true),
            (ColumnType::TextList, list(DataType::Int64), false),
            (ColumnType::Evidence, arrow_type(ColumnType::Evidence), true),
            (ColumnType::Evidence, list(DataType::Utf8), false),
        ] {
            assert_eq!(open(kind, found.clone()).is_ok(), good, "{kind} {found}");
        }
    }

    #[test]
    fn names_order_and_number_of_columns() {
        let contract =
            contract(vec![column("a", ColumnType::Text), column("b", ColumnType::Text)], &["a"]);
        let refusal = |names: &[&str]| {
            let fields: Vec<Field> =
                names.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect();
            Columns::new(&contract, &Schema::new(fields))
                .map(|_| ())
                .expect_err("refused")
                .to_string()
        };
        let head = "report `routing` breaks its contract at column";
        assert_eq!(refusal(&["b", "a"]), format!("{head} `a`: expected it in place 1, found `b`"));
        assert_eq!(refusal(&["a"]), format!("{head} `b`: expected it in place 2, found no column"));
        assert_eq!(
            refusal(&["a", "b", "c"]),
            format!("{head} `c`: expected no such column, found Utf8")
        );
    }

    #[test]
    fn keys_must_be_there_and_be_comparable() {
        let schema = Schema::new(vec![Field::new("a", arrow_type(ColumnType::TextList), true)]);
        for key in [&[][..], &["z"], &["a"]] {
            let contract = contract(vec![column("a", ColumnType::TextList)], key);
            let error = Columns::new(&contract, &schema).expect_err("refused");
            assert!(matches!(error, Error::ContractBroken { row: None, .. }), "{key:?}");
        }
    }

    #[test]
    fn classes_above_the_clearance_are_refused() {
        let mut report = contract(vec![column("a", ColumnType::Text)], &["a"]);
        let plain = Schema::new(vec![Field::new("a", DataType::Utf8, true)]);
        let secret = Schema::new(vec![classed("a", DataType::Utf8, true, Sensitivity::Secret)]);
        assert!(Columns::new(&report, &plain).is_ok());
        assert!(matches!(Columns::new(&report, &secret), Err(Error::AboveClearance { .. })));
        report.columns[0].class = Sensitivity::Restricted;
        assert!(matches!(Columns::new(&report, &plain), Err(Error::AboveClearance { .. })));
    }

    #[test]
    fn numbers_that_do_not_fit_are_named_by_row_alone() {
        for (kind, array) in [
            (ColumnType::Integer, Arc::new(UInt64Array::from(vec![1, u64::MAX])) as ArrayRef),
            (
                ColumnType::Decimal,
                Arc::new(
                    Decimal128Array::from(vec![100, 10_i128.pow(20)])
                        .with_precision_and_scale(28, 2)
                        .expect("decimal"),
                ),
            ),
        ] {
            let contract = contract(vec![column("x", kind)], &["x"]);
            let batch = RecordBatch::try_from_iter([("x", array)]).expect("batch");
            let columns = Columns::new(&contract, &batch.schema()).expect("opens");
            let error = columns.cast(&batch, 10).expect_err("does not fit").to_string();
            assert!(error.contains("row 12") && !error.contains("1844"), "{error}");
        }
    }
}
