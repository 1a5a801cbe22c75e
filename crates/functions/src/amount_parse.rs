//! `amount_parse`: Money or a quantity with two decimals, currency words and grouping removed.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::amount;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "amount_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Decimal,
    class: ResultClass::Inherit,
    doc: "Money or a quantity with two decimals, currency words and grouping removed. NULL where the text is none",
    example: ("SELECT amount_parse('Rs. 2,750.00')", "2750.00"),
    eval: |rows| rows.hundredths(|row| amount::parse(row.text(0)?)),
};
