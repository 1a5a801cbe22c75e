//! Births compared: the word that SQL's `birth_date_compare` gives, from two packed words a side.

use milaan_kernels::date::{Date, DaySlip, day_slip, is_of_age};

/// Birth year, and flags above it; the day of birth. 0 in the first word: unknown.
pub(super) type Birth = [u64; 2];

const KNOWN: u64 = 1 << 32;
const BY_DAY: u64 = 1 << 33;
const BY_AGE: u64 = 1 << 34;

// The words, by their places in `Comparator::BirthDate.words()`.
const SAME_DAY: usize = 0;
const SAME_AGE: usize = 1;
const SAME_YEAR: usize = 2;
const ONE_DIGIT: usize = 3;
const DAY_MONTH_SWAPPED: usize = 4;
const ONE_PART_DIFFERS: usize = 5;
const NEAR_YEAR: usize = 6;
const SAME_BIRTHDAY: usize = 7;
const DIFFERENT: usize = 8;

/// Packs a birth: its day (days since 1970-01-01; of an age the last one that it leaves), precision (NULL: a year) and year;
/// unknown without a year.
pub(super) fn pack(day: Option<i64>, precision: Option<&str>, year: Option<i64>) -> Birth {
    let Some(year) = year else { return [0, 0] };
    let mut first = KNOWN | u64::from(year as i32 as u32);
    let mut second = 0;
    match (precision, day) {
        (Some("day"), Some(day)) => {
            first |= BY_DAY;
            second = packed_day(day);
        }
        (Some("age"), day) => {
            first |= BY_AGE;
            second = day.map_or(0, packed_day);
        }
        _ => {}
    }
    [first, second]
}

fn packed_day(day: i64) -> u64 {
    let (year, month, day) = Date::from_days(day as i32).ymd();
    u64::from(year as u32) | u64::from(month) << 32 | u64::from(day) << 40
}

/// Year, month and day.
fn parts(day: u64) -> (i32, u32, u32) {
    (day as u32 as i32, (day >> 32 & 0xff) as u32, (day >> 40) as u32)
}

/// The place of the word in the comparator's words; `None` where a side is unknown.
pub(super) fn compare(a: Birth, b: Birth) -> Option<usize> {
    if a[0] & b[0] & KNOWN == 0 {
        return None;
    }
    if a[0] & b[0] & BY_DAY != 0 {
        return Some(compare_days(a[1], b[1]));
    }
    let of_age = |a: Birth, b: Birth| {
        a[0] & BY_DAY != 0 && b[0] & BY_AGE != 0 && b[1] != 0 && is_of_age(parts(a[1]), parts(b[1]))
    };
    if of_age(a, b) || of_age(b, a) {
        return Some(SAME_AGE);
    }
    // An age is stated in completed years, often rounded: the year it gives plays by one on each side.
    let by_age = (a[0] | b[0]) & BY_AGE != 0;
    let year = |birth: Birth| i64::from(birth[0] as u32 as i32);
    Some(match (year(a) - year(b)).abs() {
        0 => SAME_YEAR,
        1 if by_age => SAME_YEAR,
        1..=2 => NEAR_YEAR,
        3 if by_age => NEAR_YEAR,
        _ => DIFFERENT,
    })
}

fn compare_days(a: u64, b: u64) -> usize {
    match day_slip(parts(a), parts(b)) {
        DaySlip::Same => SAME_DAY,
        DaySlip::OneDigit => ONE_DIGIT,
        DaySlip::DayMonthSwapped => DAY_MONTH_SWAPPED,
        DaySlip::OnePart => ONE_PART_DIFFERS,
        DaySlip::SameYear => SAME_YEAR,
        DaySlip::NearYear => NEAR_YEAR,
        DaySlip::SameBirthday => SAME_BIRTHDAY,
        DaySlip::Far => DIFFERENT,
    }
}

#[cfg(test)]
mod tests {
    use milaan_model::matching::Comparator;

    use super::*;

    #[test]
    fn words() {
        let side = |text: &str, precision: &'static str| {
            let parts: Vec<i32> = text.split('-').filter_map(|part| part.parse().ok()).collect();
            let day = Date::from_ymd(parts[0], parts[1] as u32, parts[2] as u32).map(Date::days);
            pack(day.map(i64::from), Some(precision), Some(i64::from(parts[0])))
        };
        for (a, p, b, q, word) in [
            ("1980-05-03", "day", "1980-05-03", "day", "same_day"),
            ("1980-05-03", "day", "1980-03-05", "day", "day_month_swapped"),
            ("1980-05-03", "day", "1980-05-04", "day", "one_digit"),
            ("1980-05-09", "day", "1980-05-10", "day", "one_part_differs"),
            ("1980-05-03", "day", "1980-12-03", "day", "one_part_differs"),
            ("1980-05-03", "day", "1981-05-03", "day", "one_digit"),
            ("1979-05-03", "day", "1980-05-03", "day", "one_part_differs"),
            ("1980-05-03", "day", "1930-05-03", "day", "one_digit"),
            ("1967-05-03", "day", "1976-05-03", "day", "one_part_differs"),
            ("1980-05-03", "day", "1993-05-03", "day", "same_birthday"),
            ("1980-05-03", "day", "1980-07-09", "day", "same_year"),
            ("1980-05-03", "day", "1981-07-09", "day", "near_year"),
            ("1980-05-03", "day", "1982-07-09", "day", "different"),
            ("1980-05-03", "day", "1980-01-01", "year", "same_year"),
            ("1980-05-03", "day", "1982-01-01", "year", "near_year"),
            ("1980-05-03", "day", "1983-01-01", "year", "different"),
            ("1980-05-03", "day", "1981-01-01", "age", "same_age"),
            ("1980-05-03", "day", "1980-05-03", "age", "same_age"),
            ("1980-05-03", "day", "1980-05-02", "age", "same_year"),
            ("1981-05-03", "age", "1980-05-03", "day", "same_year"),
            ("1980-05-03", "age", "1983-01-01", "day", "near_year"),
            ("1980-05-03", "month", "1980-09-01", "month", "same_year"),
        ] {
            let found = compare(side(a, p), side(b, q)).map(|at| Comparator::BirthDate.words()[at]);
            assert_eq!(found, Some(word), "{a} {p} / {b} {q}");
        }
        let known = pack(None, None, Some(1980));
        assert_eq!(compare(known, pack(Some(3), Some("day"), None)), None);
        assert_eq!(compare(known, pack(None, Some("day"), Some(1980))), Some(SAME_YEAR));
    }
}
