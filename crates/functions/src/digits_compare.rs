//! `digits_compare`: How two numbers compare: equal, one_digit, swapped or different.

use std::borrow::Cow;

use crate::digits;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "digits_compare",
    args: &[("a", Kind::Text), ("b", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Comparison,
    doc: "How two numbers compare: equal, one_digit, swapped or different. NULL if either is NULL",
    example: ("SELECT digits_compare('9123', '9132')", "swapped"),
    eval: |rows| rows.texts(|row| Some(Cow::Borrowed(digits::word(row.text(0)?, row.text(1)?)))),
};
