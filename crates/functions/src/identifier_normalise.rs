//! `identifier_normalise`: A code in upper case without blanks and separators.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::identifier;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "identifier_normalise",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "A code in upper case without blanks and separators. NULL for nothing and for numbers that a spreadsheet has cut",
    example: ("SELECT identifier_normalise('wap 123-45')", "WAP12345"),
    eval: |rows| rows.texts(|row| identifier::normalise(row.text(0)?).map(Cow::Owned)),
};
