//! `phone_normalise`: A mobile number in E.164.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::phone;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "phone_normalise",
    args: &[("country", Kind::Text), ("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "A mobile number in E.164. NULL where it is missing or not valid in the country",
    example: ("SELECT phone_normalise('IN', '09123456780')", "+919123456780"),
    eval: |rows| rows.texts(|row| phone::normalise(row.text(0)?, row.text(1)?).map(Cow::Owned)),
};
