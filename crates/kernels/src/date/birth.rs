//! Birth dates: often a year dressed up as a day, sometimes only an age.
//!
//! Sources: `domain.md` 3, Dates: UIDAI enters 1 January when only the age is known, whole villages share it, and 1 July
//! heaps likewise; so both count as the year alone, and agreement on them is nearly no evidence.

use super::read::{Written, written};
use super::{Date, Layout, Precision};
use crate::text;

/// Older than this is a typing error.
const AGE_MAX: i32 = 120;

/// A birth date as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BirthDate {
    /// The day as written, also when its precision is only the year (01-01-1980); the first of the month for
    /// [`Precision::Month`]; `None` when only a year or an age was written.
    pub date: Option<Date>,
    /// The year of birth; for [`Precision::Age`] give or take one.
    pub year: i32,
    /// How much of it is known.
    pub precision: Precision,
}

/// A birth date in the source's layout, seen on `as_of`.
///
/// 1 January and 1 July, a year alone and `00-00-1980` have the precision of a year, `08/1980` and `Aug-1980` that of a
/// month. A two-digit year is the latest that is not after `as_of`. An age ("45", "45 yrs") is no date:
/// `Err("DATE_UNREADABLE")`, as are empty text and days that do not exist. In the future or more than 120 years back:
/// `Err("DATE_IMPLAUSIBLE")`.
pub fn birth_date(text: &str, layout: Layout, as_of: Date) -> Result<BirthDate, &'static str> {
    let mut written = written(text, layout).ok_or("DATE_UNREADABLE")?;
    if written.two_digits {
        written.year += as_of.year().div_euclid(100) * 100;
        if first_day(written).is_some_and(|day| day > as_of) {
            written.year -= 100;
        }
    }
    let born = known(written).ok_or("DATE_UNREADABLE")?;
    let (this_year, month, day) = as_of.ymd();
    let too_old = born.year < this_year - AGE_MAX
        || born
            .date
            .is_some_and(|d| born.year == this_year - AGE_MAX && d.ymd() < (born.year, month, day));
    let in_future = born.year > this_year || born.date.is_some_and(|date| date > as_of);
    if too_old || in_future { Err("DATE_IMPLAUSIBLE") } else { Ok(born) }
}

/// An age in years stated on `as_of`: "45", "45 yrs", "45 సం". Months give the running year.
///
/// The year is that of `as_of` less the age, the date `None`. Empty text, other words and ages above 120:
/// `Err("AGE_UNREADABLE")`.
pub fn from_age(text: &str, as_of: Date) -> Result<BirthDate, &'static str> {
    let years = age(text).ok_or("AGE_UNREADABLE")?;
    Ok(BirthDate { date: None, year: as_of.year() - years, precision: Precision::Age })
}

fn age(text: &str) -> Option<i32> {
    let cleaned = text::cleaned(text)?;
    if cleaned.starts_with('-') {
        return None;
    }
    let folded = text::fold(cleaned.strip_suffix(".0").unwrap_or(&cleaned));
    let digits = folded.bytes().take_while(u8::is_ascii_digit).count();
    let number: i32 = folded[..digits].parse().ok().filter(|age| (0..=AGE_MAX).contains(age))?;
    match folded[digits..].trim() {
        "" | "y" | "yr" | "yrs" | "year" | "years" | "years old" | "yr old" | "yrs old" | "sam"
        | "san" | "samvatsaralu" | "varsh" | "sal" => Some(number),
        "m" | "month" | "months" | "mths" | "nelalu" => Some(number / 12),
        _ => None,
    }
}

fn first_day(written: Written) -> Option<Date> {
    Date::from_ymd(written.year, written.month.max(1), written.day.max(1))
}

fn known(written: Written) -> Option<BirthDate> {
    let Written { year, month, day, .. } = written;
    let (date, precision) = match (month, day) {
        (0, 0) => (None, Precision::Year),
        (0, _) => return None,
        (_, 0) => (Some(first_day(written)?), Precision::Month),
        (1 | 7, 1) => (Some(first_day(written)?), Precision::Year),
        _ => (Some(first_day(written)?), Precision::Day),
    };
    (year > 0).then_some(BirthDate { date, year, precision })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn as_of() -> Date {
        Date::from_days(17_409) // 2017-08-31
    }

    #[test]
    fn birth_dates() {
        for (text, expected) in [
            ("15-08-1947", Ok((Some("1947-08-15"), 1947, "day"))),
            ("01-01-1980", Ok((Some("1980-01-01"), 1980, "year"))),
            ("1/7/1980", Ok((Some("1980-07-01"), 1980, "year"))),
            ("1980", Ok((None, 1980, "year"))),
            ("౧౯౮౦", Ok((None, 1980, "year"))),
            ("00-00-1980", Ok((None, 1980, "year"))),
            ("08/1980", Ok((Some("1980-08-01"), 1980, "month"))),
            ("Aug-80", Ok((Some("1980-08-01"), 1980, "month"))),
            ("1980-08", Ok((Some("1980-08-01"), 1980, "month"))),
            ("30-08-17", Ok((Some("2017-08-30"), 2017, "day"))),
            ("01-09-17", Ok((Some("1917-09-01"), 1917, "day"))),
            ("15-08-47", Ok((Some("1947-08-15"), 1947, "day"))),
            ("01-09-2017", Err("DATE_IMPLAUSIBLE")),
            ("2018", Err("DATE_IMPLAUSIBLE")),
            ("15-08-1890", Err("DATE_IMPLAUSIBLE")),
            ("45", Err("DATE_UNREADABLE")),
            ("45 yrs", Err("DATE_UNREADABLE")),
            ("31-02-1980", Err("DATE_UNREADABLE")),
            ("00-00-0000", Err("DATE_UNREADABLE")),
            ("", Err("DATE_UNREADABLE")),
        ] {
            let read = birth_date(text, Layout::DayFirst, as_of());
            let shown = read.map(|b| (b.date.map(|d| d.to_string()), b.year, b.precision.as_str()));
            assert_eq!(shown, expected.map(|(d, y, p)| (d.map(str::to_owned), y, p)), "{text}");
        }
    }

    #[test]
    fn ages() {
        for (text, year) in [
            ("45", Ok(1972)),
            ("45 yrs.", Ok(1972)),
            ("45Years", Ok(1972)),
            ("45.0", Ok(1972)),
            ("౪౫ సం.", Ok(1972)),
            ("6 months", Ok(2017)),
            ("0", Ok(2017)),
            ("121", Err("AGE_UNREADABLE")),
            ("-5", Err("AGE_UNREADABLE")),
            ("15-08-1947", Err("AGE_UNREADABLE")),
            ("old", Err("AGE_UNREADABLE")),
            ("", Err("AGE_UNREADABLE")),
        ] {
            assert_eq!(from_age(text, as_of()).map(|b| b.year), year, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_and_stays_plausible(text in ".*|[0-9/. :a-z-]{0,20}", days in -20_000..30_000_i32) {
            let day = Date::from_days(days);
            for layout in [Layout::DayFirst, Layout::MonthFirst, Layout::YearFirst] {
                if let Ok(born) = birth_date(&text, layout, day) {
                    prop_assert!((day.year() - AGE_MAX..=day.year()).contains(&born.year));
                }
            }
            let _ = from_age(&text, day);
        }
    }
}
