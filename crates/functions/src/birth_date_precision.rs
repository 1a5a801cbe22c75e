//! `birth_date_precision`: How exactly the birth is known: day, month, year or age.

use std::borrow::Cow;

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "birth_date_precision",
    args: &[
        ("text", Kind::Text),
        ("age", Kind::Text),
        ("layout", Kind::Text),
        ("as_of", Kind::Date),
    ],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "How exactly the birth is known: day, month, year or age. 1 January and 1 July count as year. NULL where nothing is known",
    example: ("SELECT birth_date_precision(NULL, '45', 'dmy', DATE '2026-10-31')", "age"),
    eval: |rows| {
        rows.texts(|row| Some(Cow::Borrowed(birth::of_text_or_age(row)?.precision.as_str())))
    },
};
