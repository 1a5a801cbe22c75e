//! `birth_date_compare`: How two births compare: same_day, same_age, one_digit, day_month_swapped, one_part_differs, same_year, near_year, same_birthday or different.

use std::borrow::Cow;

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "birth_date_compare",
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
    doc: "How two births compare: same_day, same_age, one_digit, day_month_swapped, one_part_differs, same_year, near_year, same_birthday or different; one_digit: one of the eight digits is another; same_birthday: day and month agree and the year is quite another. The date of age precision is birth_latest: a day in the year before it has the same_age. Dates of year or age precision compare by year only, an age with a year of play on each side. NULL if a side is unknown",
    example: (
        "SELECT birth_date_compare(DATE '1980-05-03', 'day', 1980, DATE '1980-03-05', 'day', 1980)",
        "day_month_swapped",
    ),
    eval: |rows| {
        rows.texts(|row| {
            Some(Cow::Borrowed(birth::compare(birth::side(row, 0)?, birth::side(row, 3)?)))
        })
    },
};
