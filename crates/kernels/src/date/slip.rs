//! How far two days are apart as slips go: one wrong digit, day and month in the other order, one wrong part.

use crate::digits::{DigitDistance, distance};

/// How two days of birth differ, closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DaySlip {
    /// The same day.
    Same,
    /// One of the eight digits of day, month and year is another.
    OneDigit,
    /// Day and month stand in each other's place.
    DayMonthSwapped,
    /// Day or month alone is another, or the year alone by one or two, by ten, or by two swapped digits.
    OnePart,
    /// The year alone agrees.
    SameYear,
    /// The years are one apart.
    NearYear,
    /// Day and month agree, and the year is quite another.
    SameBirthday,
    /// None of these.
    Far,
}

/// How two days, each as (year, month, day), differ. Symmetric.
pub fn day_slip(a: (i32, u32, u32), b: (i32, u32, u32)) -> DaySlip {
    match (a.0 == b.0, a.1 == b.1, a.2 == b.2) {
        (true, true, true) => DaySlip::Same,
        (true, true, false) if is_one_digit(a.2, b.2) => DaySlip::OneDigit,
        (true, false, true) if is_one_digit(a.1, b.1) => DaySlip::OneDigit,
        (false, true, true) if is_one_digit(a.0.unsigned_abs(), b.0.unsigned_abs()) => {
            DaySlip::OneDigit
        }
        (true, false, false) if a.1 == b.2 && a.2 == b.1 => DaySlip::DayMonthSwapped,
        (true, true, false) | (true, false, true) => DaySlip::OnePart,
        (false, true, true) if is_year_slip(a.0, b.0) => DaySlip::OnePart,
        (true, false, false) => DaySlip::SameYear,
        (false, true, true) => DaySlip::SameBirthday,
        _ if (a.0 - b.0).abs() <= 1 => DaySlip::NearYear,
        _ => DaySlip::Far,
    }
}

/// Whether somebody born on a day has the age at whose statement `latest` was the last day to be born on: the year that ends there.
pub fn is_of_age(born: (i32, u32, u32), latest: (i32, u32, u32)) -> bool {
    born <= latest && (born.0 + 1, born.1, born.2) > latest
}

/// Whether two different numbers, written to the same length, differ in one digit.
fn is_one_digit(mut a: u32, mut b: u32) -> bool {
    while a % 10 == b % 10 {
        (a, b) = (a / 10, b / 10);
    }
    a / 10 == b / 10
}

/// Whether two years differ as a slip does: by one or two, by ten, or by two neighbouring digits swapped.
fn is_year_slip(a: i32, b: i32) -> bool {
    let apart = (a - b).abs();
    // Two neighbouring digits swapped change a number by nine times a power of ten.
    apart <= 2
        || apart == 10
        || (apart % 9 == 0 && distance(&a.to_string(), &b.to_string()) == DigitDistance::Swapped)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Date, from_age};
    use super::*;

    #[test]
    fn slips() {
        for (a, b, expected) in [
            ((1980, 5, 3), (1980, 5, 3), DaySlip::Same),
            ((1980, 5, 3), (1980, 3, 5), DaySlip::DayMonthSwapped),
            ((1980, 5, 12), (1980, 5, 17), DaySlip::OneDigit),
            ((1980, 5, 3), (1980, 5, 23), DaySlip::OneDigit),
            ((1980, 5, 19), (1980, 5, 21), DaySlip::OnePart),
            ((1980, 1, 3), (1980, 11, 3), DaySlip::OneDigit),
            ((1980, 9, 3), (1980, 10, 3), DaySlip::OnePart),
            ((1980, 5, 3), (1981, 5, 3), DaySlip::OneDigit),
            ((1930, 5, 3), (1980, 5, 3), DaySlip::OneDigit),
            ((1979, 5, 3), (1980, 5, 3), DaySlip::OnePart),
            ((1967, 5, 3), (1976, 5, 3), DaySlip::OnePart),
            ((1979, 5, 3), (1984, 5, 3), DaySlip::SameBirthday),
            ((1980, 5, 3), (1980, 7, 9), DaySlip::SameYear),
            ((1980, 5, 3), (1981, 7, 9), DaySlip::NearYear),
            ((1980, 5, 3), (1982, 7, 9), DaySlip::Far),
        ] {
            assert_eq!(day_slip(a, b), expected, "{a:?} {b:?}");
        }
    }

    proptest! {
        #[test]
        fn an_age_is_a_year_of_days(stated in 0..20_000_i32, age in 0..90_i32, off in -500..500_i32) {
            let stated = Date::from_days(stated);
            let Ok(known) = from_age(&age.to_string(), stated) else { return Ok(()) };
            let (first, last) = known.interval(stated);
            let born = Date::from_days(last.days() + off);
            prop_assume!([stated, born].iter().all(|day| day.ymd().1 != 2 || day.ymd().2 != 29));
            prop_assert_eq!(is_of_age(born.ymd(), last.ymd()), (first..=last).contains(&born));
        }

        #[test]
        fn digits_are_counted_as_written(a in (1..3000_i32, 1..=12_u32, 1..=28_u32), b in (1..3000_i32, 1..=12_u32, 1..=28_u32), shared in 0..8_u8) {
            let keep = |bit: u8| shared & 1 << bit != 0;
            let b = (if keep(0) { a.0 } else { b.0 }, if keep(1) { a.1 } else { b.1 }, if keep(2) { a.2 } else { b.2 });
            let written = |(year, month, day): (i32, u32, u32)| format!("{year:04}{month:02}{day:02}");
            let is_one = distance(&written(a), &written(b)) == DigitDistance::OneWrong;
            prop_assert_eq!(day_slip(a, b) == DaySlip::OneDigit, is_one);
            prop_assert_eq!(day_slip(a, b), day_slip(b, a));
        }
    }
}
