//! `ifsc_issue`: IFSC_LETTER_O or IFSC_INVALID.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::ifsc;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "ifsc_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "IFSC_LETTER_O or IFSC_INVALID. NULL where the code is fine or absent",
    example: ("SELECT ifsc_issue('SBINO001234')", "IFSC_LETTER_O"),
    eval: |rows| rows.texts(|row| ifsc::issue(row.text(0)?).map(Cow::Borrowed)),
};
