//! `birth_date`: The birth date where a day is known.

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::date::Date;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "birth_date",
    args: &[("text", Kind::Text), ("layout", Kind::Text), ("as_of", Kind::Date)],
    variadic: false,
    returns: Kind::Date,
    class: ResultClass::Inherit,
    doc: "The birth date where a day is known. Layout dmy, mdy or ymd; as_of settles two-digit years. NULL where the text is no plausible birth date or holds a year only",
    example: ("SELECT birth_date('5-1-1980', 'dmy', DATE '2026-10-31')", "1980-01-05"),
    eval: |rows| rows.dates(|row| birth::of_text(row, 0, 1, 2)?.ok()?.date.map(Date::days)),
};
