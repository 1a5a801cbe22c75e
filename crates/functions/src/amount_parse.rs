//! `amount_parse`: Money with two decimals, currency words and grouping removed, lakh and crore and the words of the pipeline's words/money.toml understood.

use crate::amounts;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::amount;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "amount_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Decimal,
    class: ResultClass::Inherit,
    doc: "Money with two decimals, currency words and grouping removed, lakh and crore and the words of the pipeline's words/money.toml understood, several parts (1 lakh 50 thousand) and English number words too. NULL where the text is none",
    example: ("SELECT amount_parse('Rs. 2,750.00')", "2750.00"),
    eval: |rows| {
        let words = rows.words("money");
        rows.hundredths(|row| amounts::read(row.text(0)?, words, amount::parse, amount::parse_with))
    },
};
