//! `birth_years`: The years in which a person can be born.

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "birth_years",
    args: &[
        ("text", Kind::Text),
        ("age", Kind::Text),
        ("layout", Kind::Text),
        ("as_of", Kind::Date),
    ],
    variadic: false,
    returns: Kind::TextList,
    class: ResultClass::Inherit,
    doc: "The years in which the person can be born, as texts: that of the birth date, or the two that an age leaves. NULL where neither is known",
    example: (
        "SELECT array_to_string(birth_years(NULL, '46', 'dmy', DATE '2026-10-31'), ' ')",
        "1979 1980",
    ),
    eval: |rows| {
        rows.text_lists(|row| {
            let years = birth::years(row, birth::of_text_or_age(row)?);
            Some(years.map(|year| year.to_string()).collect())
        })
    },
};
