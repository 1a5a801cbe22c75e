//! `date_mismatch`: How two births differ: minor or contradiction.

use std::borrow::Cow;

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_model::MismatchKind;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "date_mismatch",
    args: &[
        ("date_a", Kind::Date),
        ("precision_a", Kind::Text),
        ("year_a", Kind::Integer),
        ("date_b", Kind::Date),
        ("precision_b", Kind::Text),
        ("year_b", Kind::Integer),
    ],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Comparison,
    doc: "How two births differ: minor or contradiction. NULL where they agree as exactly as both are known or a side is unknown",
    example: (
        "SELECT date_mismatch(DATE '1980-05-03', 'day', 1980, DATE '1990-03-05', 'day', 1990)",
        "contradiction",
    ),
    eval: |rows| {
        rows.texts(|row| {
            let kind = match birth::compare(birth::side(row, 0)?, birth::side(row, 3)?) {
                "same_day" => return None,
                "same_year" if !birth::both_by_day(row) => return None,
                "different" => MismatchKind::Contradiction,
                _ => MismatchKind::Minor,
            };
            Some(Cow::Borrowed(kind.as_str()))
        })
    },
};
