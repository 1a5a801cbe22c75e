//! `period_from`: The first day of a period.

use crate::period;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "period_from",
    args: period::ARGS,
    variadic: false,
    returns: Kind::Date,
    class: ResultClass::Inherit,
    doc: "The first day of a period as period_parse reads it. NULL where the text is no period",
    example: ("SELECT period_from('Q3-2026', 'dmy', 4)", "2026-07-01"),
    eval: |rows| rows.dates(|row| Some(period::of(row)?.ok()?.first().days())),
};
