//! `quantity_parse`: A quantity in kilograms, litres or pieces, with two decimals.

use crate::amounts;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::quantity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "quantity_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Decimal,
    class: ResultClass::Inherit,
    doc: "A quantity in kilograms, litres or pieces with two decimals, by the pipeline's words/quantity.toml, else by units in English, Telugu, Hindi and Urdu. NULL where the text is none",
    example: ("SELECT quantity_parse('1.5 quintal')", "150.00"),
    eval: |rows| {
        let words = rows.words("quantity");
        rows.hundredths(|row| {
            amounts::read(row.text(0)?, words, quantity::parse, quantity::parse_with)
        })
    },
};
