//! `phone_issue`: PHONE_INVALID, PHONE_PLACEHOLDER or PHONE_SEVERAL.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::phone;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "phone_issue",
    args: &[("country", Kind::Text), ("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "PHONE_INVALID or PHONE_PLACEHOLDER; PHONE_SEVERAL where the first of several numbers is kept. NULL where the number is fine or absent",
    example: ("SELECT phone_issue('IN', '5123456780')", "PHONE_INVALID"),
    eval: |rows| rows.texts(|row| phone::issue(row.text(0)?, row.text(1)?).map(Cow::Borrowed)),
};
