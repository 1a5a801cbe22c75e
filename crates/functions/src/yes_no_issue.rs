//! `yes_no_issue`: YES_NO_UNKNOWN where there is a word that is not known.

use std::borrow::Cow;

use crate::answers;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::text;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "yes_no_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "YES_NO_UNKNOWN where there is a word that is not known. NULL otherwise",
    example: ("SELECT yes_no_issue('maybe')", "YES_NO_UNKNOWN"),
    eval: |rows| {
        let words = rows.words("yes_no");
        rows.texts(|row| {
            let text = text::clean(row.text(0)?)?;
            answers::read(&text, words).is_none().then_some(Cow::Borrowed("YES_NO_UNKNOWN"))
        })
    },
};
