//! `status_meaning`: What a status word says: deceased, stopped, migrated or active.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::status;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "status_meaning",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "What a status word says, raw or folded: deceased, stopped, migrated or active, by the pipeline's words/status.toml, else by words in English, Telugu, Hindi and Urdu. NULL where the word is not known",
    example: ("SELECT status_meaning('Expired')", "deceased"),
    eval: |rows| {
        let words = rows.words("status");
        rows.texts(|row| {
            let text = row.text(0)?;
            let stated = words.and_then(|words| words.meaning(text));
            stated.or_else(|| status::parse(text)).map(Cow::Borrowed)
        })
    },
};
