//! What every row of a report has to keep: no NULL where a value is promised, known words only, keys strictly rising.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::row::{OwnedRow, RowConverter, SortField};
use milaan_model::ReportContract;

use crate::error::Error;

/// Checks the rows of one report as they pass, in order.
#[derive(Debug)]
pub(crate) struct RowChecks {
    report: String,
    rows: u64,
    rows_max: Option<u64>,
    promised: Vec<Named>,
    worded: Vec<(Named, Vec<String>)>,
    key: Vec<Named>,
    converter: RowConverter,
    key_before: Option<OwnedRow>,
}

/// A column by place and name.
#[derive(Debug, Clone)]
struct Named {
    index: usize,
    name: String,
}

impl RowChecks {
    /// For a contract whose key columns exist (see [`crate::columns::Columns::new`]).
    pub(crate) fn new(contract: &ReportContract) -> Result<Self, Error> {
        let named = || {
            contract
                .columns
                .iter()
                .enumerate()
                .map(|(index, column)| (Named { index, name: column.name.clone() }, column))
        };
        let key: Vec<Named> = contract
            .key
            .iter()
            .filter_map(|name| named().map(|(named, _)| named).find(|named| &named.name == name))
            .collect();
        let fields = key
            .iter()
            .map(|named| {
                SortField::new(crate::columns::arrow_type(contract.columns[named.index].kind))
            })
            .collect();
        let converter = RowConverter::new(fields).map_err(|_| Error::ContractBroken {
            report: contract.name.to_string(),
            column: contract.key.join(", "),
            row: None,
            expected: "key columns that can be ordered".to_owned(),
            found: "others".to_owned(),
        })?;
        Ok(Self {
            report: contract.name.to_string(),
            rows: 0,
            rows_max: contract.rows_max,
            promised: named()
                .filter(|(named, column)| column.required || contract.key.contains(&named.name))
                .map(|(named, _)| named)
                .collect(),
            worded: named()
                .filter(|(_, column)| !column.values.is_empty())
                .map(|(named, column)| (named, column.values.clone()))
                .collect(),
            key,
            converter,
            key_before: None,
        })
    }

    /// Rows that have passed.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Checks the next rows, given as columns in their fixed types.
    pub(crate) fn check(&mut self, columns: &[ArrayRef]) -> Result<(), Error> {
        let rows_new = columns.first().map_or(0, |column| column.len() as u64);
        if let Some(rows_max) = self.rows_max
            && self.rows + rows_new > rows_max
        {
            return Err(Error::TooManyRows { report: self.report.clone(), rows_max });
        }
        self.check_nulls(columns)?;
        self.check_words(columns)?;
        self.check_key(columns)?;
        self.rows += rows_new;
        Ok(())
    }

    fn check_nulls(&self, columns: &[ArrayRef]) -> Result<(), Error> {
        for named in &self.promised {
            let column = &columns[named.index];
            if column.null_count() > 0
                && let Some(index) = (0..column.len()).find(|&index| column.is_null(index))
            {
                return Err(self.broken(&named.name, index, "a value".to_owned(), "NULL"));
            }
        }
        Ok(())
    }

    fn check_words(&self, columns: &[ArrayRef]) -> Result<(), Error> {
        for (named, words) in &self.worded {
            if let Some(index) = first_other_word(&columns[named.index], words) {
                let expected = format!("one of `{}`", words.join("`, `"));
                return Err(self.broken(&named.name, index, expected, "another word"));
            }
        }
        Ok(())
    }

    fn check_key(&mut self, columns: &[ArrayRef]) -> Result<(), Error> {
        let key: Vec<ArrayRef> =
            self.key.iter().map(|named| ArrayRef::clone(&columns[named.index])).collect();
        let names =
            || self.key.iter().map(|named| named.name.as_str()).collect::<Vec<_>>().join(", ");
        let rows = self.converter.convert_columns(&key).map_err(|_| {
            self.broken(&names(), 0, "key columns that can be ordered".to_owned(), "others")
        })?;
        for (index, row) in rows.iter().enumerate() {
            let before = if index == 0 {
                self.key_before.as_ref().map(OwnedRow::row)
            } else {
                Some(rows.row(index - 1))
            };
            if let Some(before) = before
                && row <= before
            {
                let found = if row == before { "the same key again" } else { "a lower key" };
                let expected = "a higher key than the row before".to_owned();
                return Err(self.broken(&names(), index, expected, found));
            }
        }
        if rows.num_rows() > 0 {
            self.key_before = Some(rows.row(rows.num_rows() - 1).owned());
        }
        Ok(())
    }

    fn broken(&self, column: &str, index: usize, expected: String, found: &str) -> Error {
        Error::ContractBroken {
            report: self.report.clone(),
            column: column.to_owned(),
            row: Some(self.rows + index as u64 + 1),
            expected,
            found: found.to_owned(),
        }
    }
}

/// The first row that holds another word than these: in a text, or in any part of a list of texts.
fn first_other_word(column: &ArrayRef, words: &[String]) -> Option<usize> {
    let known = |text: &str| words.iter().any(|word| word == text);
    if let Some(texts) = column.as_string_opt::<i32>() {
        return texts.iter().position(|text| text.is_some_and(|text| !known(text)));
    }
    let lists = column.as_list_opt::<i32>()?;
    lists.iter().position(|list| {
        list.as_ref()
            .and_then(|list| list.as_string_opt::<i32>())
            .is_some_and(|texts| texts.iter().flatten().any(|text| !known(text)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{column, contract};
    use arrow::array::{Int64Array, ListArray, StringArray};
    use arrow::datatypes::Int32Type;
    use milaan_model::ColumnType;
    use std::sync::Arc;

    fn texts(values: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    fn integers(values: &[i64]) -> ArrayRef {
        Arc::new(Int64Array::from(values.to_vec()))
    }

    /// A report keyed by (source_id, row), with a column of known words.
    fn checks() -> RowChecks {
        let mut action = column("action", ColumnType::Text);
        action.values = vec!["ENROL".to_owned(), "REVIEW".to_owned()];
        let mut note = column("note", ColumnType::Text);
        note.required = true;
        let columns = vec![
            column("source_id", ColumnType::Text),
            column("row", ColumnType::Integer),
            action,
            note,
        ];
        let mut contract = contract(columns, &["source_id", "row"]);
        contract.rows_max = Some(5);
        RowChecks::new(&contract).expect("checks")
    }

    fn rows(keys: &[(&str, i64)]) -> Vec<ArrayRef> {
        let sources: Vec<_> = keys.iter().map(|(source, _)| Some(*source)).collect();
        let numbers: Vec<_> = keys.iter().map(|(_, row)| *row).collect();
        let same = |text| texts(&vec![Some(text); keys.len()]);
        vec![texts(&sources), integers(&numbers), same("ENROL"), same("x")]
    }

    fn refusal(checks: &mut RowChecks, columns: &[ArrayRef]) -> String {
        let error = checks.check(columns).expect_err("refused").to_string();
        error.replace("report `routing` breaks its contract at column ", "")
    }

    #[test]
    fn keys_rise_across_batches() {
        let mut checks = checks();
        checks.check(&rows(&[("a", 1), ("a", 2)])).expect("rising");
        checks.check(&rows(&[])).expect("nothing");
        checks.check(&rows(&[("a", 10), ("b", 1)])).expect("numbers order as numbers");
        assert_eq!(checks.rows(), 4);
        assert_eq!(
            refusal(&mut checks, &rows(&[("b", 1)])),
            "`source_id, row`, row 5: expected a higher key than the row before, found the same key again"
        );
        assert_eq!(
            refusal(&mut checks, &rows(&[("a", 99)])),
            "`source_id, row`, row 5: expected a higher key than the row before, found a lower key"
        );
    }

    #[test]
    fn text_keys_order_by_bytes() {
        let mut checks = checks();
        checks.check(&rows(&[("Z", 1), ("a", 1), ("é", 1)])).expect("bytewise");
    }

    #[test]
    fn nulls_where_a_value_is_promised() {
        for (index, name) in [(0, "source_id"), (3, "note")] {
            let mut columns = rows(&[("a", 1), ("a", 2)]);
            columns[index] = texts(&[Some("a"), None]);
            assert_eq!(
                refusal(&mut checks(), &columns),
                format!("`{name}`, row 2: expected a value, found NULL")
            );
        }
    }

    #[test]
    fn words_that_are_not_listed() {
        let mut columns = rows(&[("a", 1), ("a", 2), ("a", 3)]);
        columns[2] = texts(&[Some("REVIEW"), None, Some("DROP")]);
        assert_eq!(
            refusal(&mut checks(), &columns),
            "`action`, row 3: expected one of `ENROL`, `REVIEW`, found another word"
        );
    }

    #[test]
    fn words_in_lists() {
        let words = ["x".to_owned()];
        let keys = Arc::new(StringArray::from(vec!["x", "x", "y"])) as ArrayRef;
        let offsets = arrow::buffer::OffsetBuffer::from_lengths([1, 2]);
        let item =
            Arc::new(arrow::datatypes::Field::new_list_field(keys.data_type().clone(), true));
        let lists = Arc::new(ListArray::new(item, offsets, keys, None)) as ArrayRef;
        assert_eq!(first_other_word(&lists, &words), Some(1));
        let numbers = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1)])]);
        assert_eq!(first_other_word(&(Arc::new(numbers) as ArrayRef), &words), None);
    }

    #[test]
    fn too_many_rows() {
        let mut checks = checks();
        checks.check(&rows(&[("a", 1), ("a", 2), ("a", 3), ("a", 4)])).expect("four");
        let error = checks.check(&rows(&[("a", 5), ("a", 6)])).expect_err("six");
        assert_eq!(error.to_string(), "report `routing` has more than 5 rows");
    }
}
