//! `yes_no_parse`: true or false from words in English, Telugu, Hindi and Urdu.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::yes_no;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "yes_no_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Boolean,
    class: ResultClass::Inherit,
    doc: "true or false from words in English, Telugu, Hindi and Urdu. NULL where the word is not known",
    example: ("SELECT yes_no_parse('Yes')", "true"),
    eval: |rows| rows.booleans(|row| yes_no::parse(row.text(0)?)),
};
