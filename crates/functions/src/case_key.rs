//! `case_key`: The id a case gets when it is first seen: twelve letters from its kind and its first member.

use std::borrow::Cow;

use crate::case;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "case_key",
    args: &[("kind", Kind::Text), ("member", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The id a case gets when it is first seen: twelve letters from its kind and its first member. NULL if either is NULL",
    example: ("SELECT length(case_key('dup', 'a'))", "12"),
    eval: |rows| rows.texts(|row| Some(Cow::Owned(case::key(row.text(0)?, row.text(1)?)))),
};
