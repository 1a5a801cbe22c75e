//! `birth_latest`: The last day on which a person of an age can be born.

use milaan_kernels::date::Date;

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "birth_latest",
    args: &[
        ("text", Kind::Text),
        ("age", Kind::Text),
        ("layout", Kind::Text),
        ("as_of", Kind::Date),
    ],
    variadic: false,
    returns: Kind::Date,
    class: ResultClass::Inherit,
    doc: "The last day on which a person can be born who is of the age on as_of. NULL where a birth date is known, or neither is",
    example: ("SELECT birth_latest(NULL, '46', 'dmy', DATE '2026-10-31')", "1980-10-31"),
    eval: |rows| rows.dates(|row| birth::latest(row, birth::of_text_or_age(row)?).map(Date::days)),
};
