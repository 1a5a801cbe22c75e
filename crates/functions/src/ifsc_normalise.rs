//! `ifsc_normalise`: A bank branch code.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::ifsc;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "ifsc_normalise",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "A bank branch code. NULL where it is missing or not valid; a letter O for the zero is flagged, not repaired",
    example: ("SELECT ifsc_normalise('sbin0001234')", "SBIN0001234"),
    eval: |rows| rows.texts(|row| ifsc::normalise(row.text(0)?).map(Cow::Owned)),
};
