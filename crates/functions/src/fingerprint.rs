//! `fingerprint`: A keyed fingerprint of a row: equal for equal cells, and tells nothing else.

use std::borrow::Cow;

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
        let keyring = rows.keyring()?;
        rows.texts(|row| {
            let mut cells = String::new();
            for arg in 0..row.arg_count() {
                // A length before each cell keeps ('ab', 'c') apart from ('a', 'bc'), and NULL from empty.
                match row.text(arg) {
                    Some(cell) => cells.push_str(&format!("{}:{cell}", cell.len())),
                    None => cells.push('-'),
                }
            }
            Some(Cow::Owned(keyring.token("fingerprint", &cells)))
        })
    },
};
