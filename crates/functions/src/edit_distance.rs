//! `edit_distance`: Levenshtein distance: single-character edits between two texts.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::edit;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "edit_distance",
    args: &[("a", Kind::Text), ("b", Kind::Text)],
    variadic: false,
    returns: Kind::Integer,
    class: ResultClass::Comparison,
    doc: "Levenshtein distance: single-character edits between two texts. NULL if either is NULL",
    example: ("SELECT edit_distance('ramu', 'raju')", "1"),
    eval: |rows| rows.integers(|row| Some(edit::levenshtein(row.text(0)?, row.text(1)?) as i32)),
};
