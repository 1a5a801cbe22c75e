//! `identifier_issue`: EXCEL_PRECISION_LOSS where a spreadsheet has cut the number, ID_PATTERN where a code has not its pattern.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::identifier;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "identifier_issue",
    args: &[("text", Kind::Text), ("pattern", Kind::Text)],
    variadic: true,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "EXCEL_PRECISION_LOSS where a spreadsheet has cut the number; ID_PATTERN where it has not the pattern (# a digit, @ a letter, others themselves, | between two). NULL otherwise",
    example: ("SELECT identifier_issue('2.34E+11')", "EXCEL_PRECISION_LOSS"),
    eval: |rows| {
        rows.texts(|row| identifier::issue_as(row.text(0)?, row.text(1)).map(Cow::Borrowed))
    },
};
