//! `gender_issue`: GENDER_UNKNOWN where there is a word that is not known.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{gender, text};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "gender_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "GENDER_UNKNOWN where there is a word that is not known. NULL otherwise",
    example: ("SELECT gender_issue('x9')", "GENDER_UNKNOWN"),
    eval: |rows| {
        let words = rows.words("gender");
        rows.texts(|row| {
            let text = text::clean(row.text(0)?)?;
            let stated = words.and_then(|words| words.meaning(&text));
            stated
                .or_else(|| gender::parse(&text))
                .is_none()
                .then_some(Cow::Borrowed("GENDER_UNKNOWN"))
        })
    },
};
