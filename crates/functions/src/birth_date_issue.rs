//! `birth_date_issue`: DATE_UNREADABLE or DATE_IMPLAUSIBLE.

use std::borrow::Cow;

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "birth_date_issue",
    args: &[("text", Kind::Text), ("layout", Kind::Text), ("as_of", Kind::Date)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "DATE_UNREADABLE or DATE_IMPLAUSIBLE. NULL where the birth date is fine or absent",
    example: ("SELECT birth_date_issue('31-02-1980', 'dmy', DATE '2026-10-31')", "DATE_UNREADABLE"),
    eval: |rows| rows.texts(|row| birth::of_text(row, 0, 1, 2)?.err().map(Cow::Borrowed)),
};
