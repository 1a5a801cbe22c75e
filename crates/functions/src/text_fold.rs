//! `text_fold`: Lower-case Latin letters and digits, other scripts romanised, punctuation as blanks.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::text;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "text_fold",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "Lower-case Latin letters and digits, other scripts romanised, punctuation as blanks. NULL for nothing",
    example: ("SELECT text_fold('Rice-Card No.')", "rice card no"),
    eval: |rows| rows.texts(|row| Some(Cow::Owned(text::fold(&text::clean(row.text(0)?)?)))),
};
