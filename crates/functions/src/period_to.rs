//! `period_to`: The last day of a period.

use crate::period;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "period_to",
    args: period::ARGS,
    variadic: false,
    returns: Kind::Date,
    class: ResultClass::Inherit,
    doc: "The last day of a period as period_parse reads it, never before the first. NULL where the text is no period",
    example: ("SELECT period_to('2026-27', 'dmy', 4)", "2027-03-31"),
    eval: |rows| rows.dates(|row| Some(period::of(row)?.ok()?.last().days())),
};
