//! `mask_text`: The first character of a text.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::mask;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "mask_text",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "The first character of a text. NULL for NULL",
    example: ("SELECT mask_text('secret')", "s***"),
    eval: |rows| rows.texts(|row| Some(Cow::Owned(mask::text(row.text(0)?)))),
};
