//! `mask_phone`: The last four digits of a mobile number.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::phone;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "mask_phone",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "The last four digits of a mobile number. NULL for NULL",
    example: ("SELECT mask_phone('+919123456780')", "XXXXXX6780"),
    eval: |rows| rows.texts(|row| Some(Cow::Owned(phone::mask("IN", row.text(0)?)))),
};
