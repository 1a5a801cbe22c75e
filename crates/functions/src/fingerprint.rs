//! `fingerprint`: A keyed fingerprint of a row: equal for equal cells, and tells nothing else.

use std::borrow::Cow;
use std::cell::RefCell;

use crate::shell::{Kind, ResultClass, SqlFunction};
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
    eval: |rows| {
        let tokens = rows.keyring()?.tokens("fingerprint");
        let cells = RefCell::new(String::new());
        rows.texts(|row| {
            let mut cells = cells.borrow_mut();
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
            Some(Cow::Owned(tokens.of(&cells)))
        })
    },
};

/// Appends a number in decimal digits.
fn push_number(number: usize, text: &mut String) {
    if number >= 10 {
        push_number(number / 10, text);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}
