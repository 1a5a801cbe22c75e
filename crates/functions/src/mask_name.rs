//! `mask_name`: The first letter of each word of a name.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::mask;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "mask_name",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "The first letter of each word of a name. NULL for NULL",
    example: ("SELECT mask_name('lakshmi devi')", "l*** d***"),
    eval: |rows| rows.texts(|row| Some(Cow::Owned(mask::name(row.text(0)?)))),
};
