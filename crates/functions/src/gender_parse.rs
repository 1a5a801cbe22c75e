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
    doc: "M, F or O by the pipeline's words/gender.toml, else from words and abbreviations in English, Telugu, Hindi and Urdu. NULL where the word is not known",
    example: ("SELECT gender_parse('Female')", "F"),
    eval: |rows| {
        let words = rows.words("gender");
        rows.texts(|row| {
            let text = row.text(0)?;
            let stated = words.and_then(|words| words.meaning(text));
            stated.or_else(|| gender::parse(text)).map(Cow::Borrowed)
        })
    },
};
