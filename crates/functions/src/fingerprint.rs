//! `fingerprint`: A keyed fingerprint of a row: equal for equal cells, and tells nothing else.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringBuilder};
use datafusion::common::Result;

use crate::shell::{Kind, ResultClass, Rows, SqlFunction};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "fingerprint",
    args: &[("cell", Kind::Text)],
    variadic: true,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "A keyed fingerprint of a row: equal for equal cells, and tells nothing else. Needs a run",
    example: ("SELECT fingerprint(NULL) IS NULL", "false"),
    eval,
};

fn eval(rows: &Rows<'_>) -> Result<ArrayRef> {
    let tokens = rows.keyring()?.tokens("fingerprint");
    let mut made = StringBuilder::with_capacity(rows.len(), rows.len() * 32);
    let mut cells = String::new();
    for row in rows.iter() {
        cells.clear();
        for arg in 0..row.arg_count() {
            // A length before each cell keeps ('ab', 'c') apart from ('a', 'bc'), and NULL from empty.
            match row.text(arg) {
                Some(cell) => {
                    push_number(cell.len(), &mut cells);
                    cells.push(':');
                    cells.push_str(cell);
                }
                None => cells.push('-'),
            }
        }
        made.append_value(tokens.token(&cells).as_str());
    }
    Ok(Arc::new(made.finish()))
}

/// Appends a number in decimal digits.
fn push_number(number: usize, text: &mut String) {
    if number >= 10 {
        push_number(number / 10, text);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}
