//! `name_issue`: Why a text holds no name: no letters, a legacy font, a wrong encoding.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{name, script, text};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "Why a text holds no name: NAME_UNREADABLE, TEXT_LEGACY_FONT (typed in a font that is no Unicode), TEXT_WRONG_ENCODING. NULL where it does and where there is no text",
    example: ("SELECT name_issue('12345')", "NAME_UNREADABLE"),
    eval: |rows| {
        rows.texts(|row| {
            let raw = row.text(0)?;
            let text = text::clean(raw)?;
            let unreadable = || name::standard(&text).is_none().then_some("NAME_UNREADABLE");
            script::damage(raw).or_else(unreadable).map(Cow::Borrowed)
        })
    },
};
