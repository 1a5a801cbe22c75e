//! `row_issues`: What was not understood in a row, as one text: `column`, unit separator, `code`, record separator ….

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringBuilder};
use datafusion::common::Result;
use milaan_model::Sensitivity;

use crate::shell::{Kind, ResultClass, Rows, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "row_issues",
    args: &[("column", Kind::Text), ("code", Kind::Text)],
    variadic: true,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "What was not understood in a row: each column (odd arguments) whose code (the argument behind it) is not NULL, with the code, a unit separator (31) between them and a record separator (30) before the next. NULL where no code is given",
    example: (
        "SELECT replace(row_issues('Age', 'AGE_UNREADABLE', 'DOB', NULL), chr(31), '=')",
        "Age=AGE_UNREADABLE",
    ),
    eval,
};

#[expect(clippy::unnecessary_wraps, reason = "the shape of every `eval`")]
fn eval(rows: &Rows<'_>) -> Result<ArrayRef> {
    let pairs: Vec<usize> =
        (1..rows.arg_count()).step_by(2).filter(|arg| !rows.is_nothing(*arg)).collect();
    let mut found = StringBuilder::with_capacity(rows.len(), rows.len());
    let mut text = String::new();
    for row in rows.iter() {
        text.clear();
        for arg in &pairs {
            let Some((column, code)) = row.text(arg - 1).zip(row.text(*arg)) else { continue };
            if !text.is_empty() {
                text.push('\u{1e}');
            }
            text.push_str(column);
            text.push('\u{1f}');
            text.push_str(code);
        }
        found.append_option((!text.is_empty()).then_some(text.as_str()));
    }
    Ok(Arc::new(found.finish()))
}
