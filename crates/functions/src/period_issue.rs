//! `period_issue`: PERIOD_UNREADABLE or PERIOD_AMBIGUOUS.

use std::borrow::Cow;

use crate::period;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "period_issue",
    args: period::ARGS,
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "PERIOD_UNREADABLE; PERIOD_AMBIGUOUS where a text has two readings (2010-11, FY 2026). NULL where the period is fine or absent",
    example: ("SELECT period_issue('tranche 3', 'dmy', 4)", "PERIOD_UNREADABLE"),
    eval: |rows| rows.texts(|row| period::of(row)?.err().map(Cow::Borrowed)),
};
