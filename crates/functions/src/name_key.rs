//! `name_key`: The folded keys of the full tokens of a name, sorted, joined by a blank: equal for spelling variants and other orders.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::name;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_key",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The folded keys of the full tokens of a name, sorted, joined by a blank: equal for spelling variants and other orders. NULL when nothing is left",
    example: ("SELECT name_key('LAXMI Reddy') = name_key('Lakshmi reddi')", "true"),
    eval: |rows| rows.texts(|row| name::key_text(row.text(0)?).map(Cow::Owned)),
};
