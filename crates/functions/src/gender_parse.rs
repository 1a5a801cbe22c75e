//! `gender_parse`: M, F or O from words and abbreviations in English, Telugu, Hindi and Urdu.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::gender;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "gender_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "M, F or O from words and abbreviations in English, Telugu, Hindi and Urdu. NULL where the word is not known",
    example: ("SELECT gender_parse('Female')", "F"),
    eval: |rows| rows.texts(|row| gender::parse(row.text(0)?).map(Cow::Borrowed)),
};
