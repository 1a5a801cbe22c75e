//! `name_similarity`: Likeness of two names in [0, 1]: order-free, initials stand for tokens, weak tokens are light.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::name;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_similarity",
    args: &[("a", Kind::Text), ("b", Kind::Text)],
    variadic: false,
    returns: Kind::Number,
    class: ResultClass::Comparison,
    doc: "Likeness of two names in [0, 1]: order-free, initials stand for tokens, weak tokens are light. Symmetric, 1 on equal. NULL if either is NULL",
    example: ("SELECT name_similarity('Lakshmi Devi', 'DEVI LAXMI') > 0.95", "true"),
    eval: |rows| rows.numbers(|row| Some(name::similarity(row.text(0)?, row.text(1)?))),
};
