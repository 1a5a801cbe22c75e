//! `quantity_issue`: QUANTITY_UNREADABLE where a text is no quantity.

use std::borrow::Cow;

use crate::amounts;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{quantity, text};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "quantity_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "QUANTITY_UNREADABLE where a text is no quantity. NULL otherwise",
    example: ("SELECT quantity_issue('2 bags')", "QUANTITY_UNREADABLE"),
    eval: |rows| {
        let words = rows.words("quantity");
        rows.texts(|row| {
            let text = text::clean(row.text(0)?)?;
            let unreadable =
                amounts::read(&text, words, quantity::parse, quantity::parse_with).is_none();
            unreadable.then_some(Cow::Borrowed("QUANTITY_UNREADABLE"))
        })
    },
};
