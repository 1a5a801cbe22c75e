//! `name_issue`: NAME_UNREADABLE where a text holds no name.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{name, text};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "NAME_UNREADABLE where a text holds no name. NULL where it does and where there is no text",
    example: ("SELECT name_issue('12345')", "NAME_UNREADABLE"),
    eval: |rows| {
        rows.texts(|row| {
            let text = text::clean(row.text(0)?)?;
            name::standard(&text).is_none().then_some(Cow::Borrowed("NAME_UNREADABLE"))
        })
    },
};
