//! What the birth functions share: reading a row's text, layout and reference date, and comparing two births.

use std::ops::RangeInclusive;

use milaan_kernels::date::{
    BirthDate, Date, DaySlip, Layout, Precision, birth_date, birth_year, day_slip, from_age,
    is_of_age,
};
use milaan_kernels::text;

use crate::shell::Row;

/// A layout word; day first where none is stated.
pub(crate) fn layout(word: Option<&str>) -> Layout {
    word.and_then(|word| word.parse().ok()).unwrap_or(Layout::DayFirst)
}

/// The birth date in a row's arguments; `None` where there is no text or no reference date.
pub(crate) fn of_text(
    row: Row<'_>,
    text_arg: usize,
    layout_arg: usize,
    as_of_arg: usize,
) -> Option<Result<BirthDate, &'static str>> {
    let text = text::clean(row.text(text_arg)?)?;
    let as_of = Date::from_days(row.date(as_of_arg)?);
    Some(birth_date(&text, layout(row.text(layout_arg)), as_of))
}

/// The birth in (text, age, layout, as_of), by date where readable, else by its year, else by age.
pub(crate) fn of_text_or_age(row: Row<'_>) -> Option<BirthDate> {
    if let Some(Ok(birth)) = of_text(row, 0, 2, 3) {
        return Some(birth);
    }
    of_year(row).or_else(|| of_age(row))
}

/// The birth in (text, _, layout, as_of), where the day does not exist: by its year.
pub(crate) fn of_year(row: Row<'_>) -> Option<BirthDate> {
    birth_year(row.text(0)?, layout(row.text(2)), Date::from_days(row.date(3)?))
}

/// The birth in (_, age, _, as_of), by age.
pub(crate) fn of_age(row: Row<'_>) -> Option<BirthDate> {
    let age = text::clean(row.text(1)?)?;
    from_age(&age, Date::from_days(row.date(3)?)).ok()
}

/// Where the birth in (text, age, layout, as_of) is known by age: the last day on which the person can be born.
pub(crate) fn latest(row: Row<'_>, born: BirthDate) -> Option<Date> {
    let as_of = Date::from_days(row.date(3)?);
    (born.precision == Precision::Age).then(|| born.interval(as_of).1)
}

/// The years in which somebody can be born: two where an age is known.
pub(crate) fn years(row: Row<'_>, born: BirthDate) -> RangeInclusive<i32> {
    let as_of = row.date(3).map(Date::from_days).filter(|_| born.precision == Precision::Age);
    let Some((first, last)) = as_of.map(|as_of| born.interval(as_of)) else {
        return born.year..=born.year;
    };
    first.year()..=last.year()
}

/// One side of a comparison.
#[derive(Clone, Copy)]
pub(crate) struct Side<'a> {
    date: Option<Date>,
    precision: &'a str,
    year: i32,
}

impl Side<'_> {
    fn by_day(self) -> Option<(i32, u32, u32)> {
        self.date.filter(|_| self.precision == "day").map(Date::ymd)
    }

    /// The last day of the year that an age leaves.
    fn latest(self) -> Option<(i32, u32, u32)> {
        self.date.filter(|_| self.precision == "age").map(Date::ymd)
    }
}

/// The side whose date, precision and year begin at an argument; `None` where the year is unknown.
pub(crate) fn side(row: Row<'_>, first: usize) -> Option<Side<'_>> {
    Some(Side {
        date: row.date(first).map(Date::from_days),
        precision: row.text(first + 1).unwrap_or("year"),
        year: row.integer(first + 2)?,
    })
}

/// Whether both sides of (date, precision, year) × 2 are known to the day.
pub(crate) fn both_by_day(row: Row<'_>) -> bool {
    [0, 3].iter().all(|first| side(row, *first).is_some_and(|side| side.by_day().is_some()))
}

/// The word for how two births compare.
pub(crate) fn compare(a: Side<'_>, b: Side<'_>) -> &'static str {
    let years_apart = (a.year - b.year).abs();
    if let (Some(a), Some(b)) = (a.by_day(), b.by_day()) {
        return compare_days(a, b);
    }
    let of_age = |a: Side<'_>, b: Side<'_>| {
        a.by_day().zip(b.latest()).is_some_and(|(born, latest)| is_of_age(born, latest))
    };
    if of_age(a, b) || of_age(b, a) {
        return "same_age";
    }
    // An age is stated in completed years, often rounded: the year it gives plays by one on each side.
    let by_age = a.precision == "age" || b.precision == "age";
    match years_apart {
        0 => "same_year",
        1 if by_age => "same_year",
        1..=2 => "near_year",
        3 if by_age => "near_year",
        _ => "different",
    }
}

fn compare_days(a: (i32, u32, u32), b: (i32, u32, u32)) -> &'static str {
    match day_slip(a, b) {
        DaySlip::Same => "same_day",
        DaySlip::OneDigit => "one_digit",
        DaySlip::DayMonthSwapped => "day_month_swapped",
        DaySlip::OnePart => "one_part_differs",
        DaySlip::SameYear => "same_year",
        DaySlip::NearYear => "near_year",
        DaySlip::SameBirthday => "same_birthday",
        DaySlip::Far => "different",
    }
}
