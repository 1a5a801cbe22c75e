//! `text_clean`: Unicode normalised, invisible characters removed, white space collapsed.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::text;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "text_clean",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "Unicode normalised, invisible characters removed, white space collapsed. NULL for NULL, empty text and words for nothing (NA, NULL, -)",
    example: ("SELECT text_clean('  a  b ')", "a b"),
    eval: |rows| rows.texts(|row| text::cleaned(row.text(0)?)),
};
