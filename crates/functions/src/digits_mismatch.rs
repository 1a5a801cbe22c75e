//! `digits_mismatch`: How two numbers differ: minor (one digit or a swap) or contradiction.

use std::borrow::Cow;

use crate::digits;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_model::MismatchKind;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "digits_mismatch",
    args: &[("a", Kind::Text), ("b", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Comparison,
    doc: "How two numbers differ: minor (one digit or a swap) or contradiction. NULL where equal or either is NULL",
    example: ("SELECT digits_mismatch('9123', '9132')", "minor"),
    eval: |rows| {
        rows.texts(|row| {
            let kind = match digits::word(row.text(0)?, row.text(1)?) {
                "equal" => return None,
                "different" => MismatchKind::Contradiction,
                _ => MismatchKind::Minor,
            };
            Some(Cow::Borrowed(kind.as_str()))
        })
    },
};
