//! `age_issue`: AGE_UNREADABLE.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::date::{Date, from_age};
use milaan_kernels::text;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "age_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "AGE_UNREADABLE. NULL where the age is fine or absent",
    example: ("SELECT age_issue('old')", "AGE_UNREADABLE"),
    eval: |rows| {
        rows.texts(|row| {
            let stated = Date::from_ymd(2000, 12, 31)?;
            from_age(&text::clean(row.text(0)?)?, stated).err().map(Cow::Borrowed)
        })
    },
};
