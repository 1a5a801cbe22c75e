//! `jaro_winkler`: Jaro–Winkler similarity in [0, 1].

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::edit;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "jaro_winkler",
    args: &[("a", Kind::Text), ("b", Kind::Text)],
    variadic: false,
    returns: Kind::Number,
    class: ResultClass::Comparison,
    doc: "Jaro–Winkler similarity in [0, 1]. NULL if either is NULL",
    example: ("SELECT round(jaro_winkler('lakshmi', 'laxmi'), 3)", "0.832"),
    eval: |rows| rows.numbers(|row| Some(edit::jaro_winkler(row.text(0)?, row.text(1)?))),
};
