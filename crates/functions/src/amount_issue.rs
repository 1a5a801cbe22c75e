//! `amount_issue`: AMOUNT_UNREADABLE where a text is no amount.

use std::borrow::Cow;

use crate::amounts;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{amount, text};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "amount_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "AMOUNT_UNREADABLE where a text is no amount, or one of a lakh crore (10^12) or more, as an account number in the wrong column is. NULL otherwise",
    example: ("SELECT amount_issue('much')", "AMOUNT_UNREADABLE"),
    eval: |rows| {
        let words = rows.words("money");
        rows.texts(|row| {
            let text = text::clean(row.text(0)?)?;
            amounts::read(&text, words, amount::parse, amount::parse_with)
                .is_none()
                .then_some(Cow::Borrowed("AMOUNT_UNREADABLE"))
        })
    },
};
