//! `relative_key`: The folded keys of relative_standard, sorted, joined by a blank.

use std::borrow::Cow;

use crate::relative_keys::keys;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "relative_key",
    args: &[("relative", Kind::Text), ("person", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The folded keys of relative_standard, sorted, joined by a blank. NULL when nothing is left",
    example: ("SELECT relative_key('S/o Ramulu', NULL) = name_key('Ramulu')", "true"),
    eval: |rows| rows.texts(|row| Some(Cow::Owned(keys(row)?))),
};
