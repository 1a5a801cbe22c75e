//! `birth_year`: The year of birth, from the birth date or else from the age at as_of.

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "birth_year",
    args: &[
        ("text", Kind::Text),
        ("age", Kind::Text),
        ("layout", Kind::Text),
        ("as_of", Kind::Date),
    ],
    variadic: false,
    returns: Kind::Integer,
    class: ResultClass::Inherit,
    doc: "The year of birth, from the birth date (also where its day does not exist: 31-02-1980) or else from the age at as_of. NULL where neither is known",
    example: ("SELECT birth_year(NULL, '46', 'dmy', DATE '2026-10-31')", "1980"),
    eval: |rows| rows.integers(|row| Some(birth::of_text_or_age(row)?.year)),
};
