//! `identifier_normalise`: A code in upper case without blanks and separators.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::identifier;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "identifier_normalise",
    args: &[("text", Kind::Text), ("pattern", Kind::Text)],
    variadic: true,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "A code in upper case without blanks and separators. NULL for nothing, for numbers that a spreadsheet has cut, and for codes that have not the pattern (may be left out or NULL; as in identifier_issue)",
    example: ("SELECT identifier_normalise('wap 123-45')", "WAP12345"),
    eval: |rows| {
        rows.texts(|row| identifier::normalise_as(row.text(0)?, row.text(1)).map(Cow::Owned))
    },
};
