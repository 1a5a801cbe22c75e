//! `date_issue`: DATE_UNREADABLE.

use std::borrow::Cow;

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{date, text};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "date_issue",
    args: &[("text", Kind::Text), ("layout", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "DATE_UNREADABLE. NULL where the date is fine or absent",
    example: ("SELECT date_issue('tomorrow', 'dmy')", "DATE_UNREADABLE"),
    eval: |rows| {
        rows.texts(|row| {
            let text = text::clean(row.text(0)?)?;
            date::date(&text, birth::layout(row.text(1))).err().map(Cow::Borrowed)
        })
    },
};
