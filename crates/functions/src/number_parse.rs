//! `number_parse`: A number.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::number;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "number_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Number,
    class: ResultClass::Inherit,
    doc: "A number. NULL where the text is none",
    example: ("SELECT number_parse('1,234.5')", "1234.5"),
    eval: |rows| rows.numbers(|row| number::parse(row.text(0)?)),
};
