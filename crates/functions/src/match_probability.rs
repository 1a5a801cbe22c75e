//! `match_probability`: The match probability of a match weight in bits: 2^w / (1 + 2^w).

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "match_probability",
    args: &[("match_weight", Kind::Number)],
    variadic: false,
    returns: Kind::Number,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "The match probability of a match weight in bits: 2^w / (1 + 2^w). NULL for NULL",
    example: ("SELECT match_probability(0.0)", "0.5"),
    eval: |rows| rows.numbers(|row| Some(1.0 / (1.0 + (-row.number(0)?).exp2()))),
};
