//! `word_key`: A word or short phrase folded, for comparing statuses, schemes and channels.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::text;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "word_key",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "A word or short phrase folded, for comparing statuses, schemes and channels. NULL for nothing",
    example: ("SELECT word_key('Old_Age')", "old age"),
    eval: |rows| {
        rows.texts(|row| {
            Some(text::fold(&text::clean(row.text(0)?)?))
                .filter(|folded| !folded.is_empty())
                .map(Cow::Owned)
        })
    },
};
