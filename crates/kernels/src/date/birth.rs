//! Birth dates: often a year dressed up as a day, sometimes only an age.
//!
//! Sources: `domain.md` 3, Dates: UIDAI enters 1 January when only the age is known, whole villages share it, and 1 July
//! heaps likewise; so both count as the year alone, and agreement on them is nearly no evidence.

use super::read::{Written, written, year_of_no_day};
use super::{Date, Layout, Precision};
use crate::amount::spoken;
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

impl BirthDate {
    /// The first and the last day the person can be born on, when the statement was made on `stated`.
    ///
    /// A day is itself, a month and a year are all their days, and an age of n completed years reaches from the day after
    /// the (n+1)th last birthday to the nth; nobody is born after `stated`.
    pub fn interval(&self, stated: Date) -> (Date, Date) {
        let (this_year, month, day) = stated.ymd();
        let (first, last) = match (self.precision, self.date) {
            (Precision::Day, Some(date)) => (date, date),
            (Precision::Month, Some(date)) => {
                let (year, month, _) = date.ymd();
                let next = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                (date, before(next.0, next.1, 1))
            }
            (Precision::Age, _) => {
                let birthday = |years: i32| after_all(this_year - years, month, day);
                let age = this_year - self.year;
                (Date::from_days(birthday(age + 1).days() + 1), birthday(age))
            }
            _ => (after_all(self.year, 1, 1), before(self.year + 1, 1, 1)),
        };
        (first, last.min(stated).max(first))
    }
}

/// The day, or the first one after it that exists.
fn after_all(year: i32, month: u32, day: u32) -> Date {
    let real = Date::from_ymd(year, month, day).or_else(|| Date::from_ymd(year, month + 1, 1));
    real.unwrap_or(Date::from_days(0))
}

/// The day before a day; 29 February of a common year counts as 1 March.
fn before(year: i32, month: u32, day: u32) -> Date {
    Date::from_days(after_all(year, month, day).days() - 1)
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

/// The year of birth in a date whose day does not exist (`31-02-1985`, `45-03-1985`): the day is a slip, or made up for a form, and the
/// year is what people know. `None` for every date that [`birth_date`] reads, for years of two digits, in which the slip may be, and
/// for implausible years. Such a date stays an issue.
pub fn birth_year(text: &str, layout: Layout, as_of: Date) -> Option<BirthDate> {
    let year = year_of_no_day(text, layout)?;
    let is_plausible = (as_of.year() - AGE_MAX..=as_of.year()).contains(&year);
    is_plausible.then_some(BirthDate { date: None, year, precision: Precision::Year })
}

/// An age in years stated on `as_of`: "45", "45 yrs", "45 సం", "forty five", with the gender ("45/M"). Months give the running year;
/// "24 M" may be months or a man's years and is neither.
///
/// The year is that of `as_of` less the age, the date `None`. Empty text, other words and ages above 120:
/// `Err("AGE_UNREADABLE")`.
pub fn from_age(text: &str, as_of: Date) -> Result<BirthDate, &'static str> {
    let years = age(text).ok_or("AGE_UNREADABLE")?;
    Ok(BirthDate { date: None, year: as_of.year() - years, precision: Precision::Age })
}

fn age(text: &str) -> Option<i32> {
    let cleaned = text::cleaned(text)?;
    // Older than, younger than, about: no age.
    if cleaned.starts_with('-') || cleaned.contains(['<', '>', '+', '~', '?', '≥', '≤']) {
        return None;
    }
    // Of 45.5 years 45 are completed.
    let whole = cleaned.split_once('.').filter(|(whole, part)| {
        [whole, part]
            .iter()
            .all(|half| !half.is_empty() && half.bytes().all(|b| b.is_ascii_digit()))
    });
    let folded = text::fold(whole.map_or(&*cleaned, |(whole, _)| whole));
    let folded = folded.strip_prefix("age ").unwrap_or(&folded);
    if folded.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return in_words(folded);
    }
    let digits = folded.bytes().take_while(u8::is_ascii_digit).count();
    let number: i32 = folded[..digits].parse().ok().filter(|age| (0..=AGE_MAX).contains(age))?;
    let unit = folded[digits..].trim();
    match unit {
        // 45/M, 45 F: the gender beside the age. 24 M may be either, 45 M is nobody's months.
        "f" | "male" | "female" => Some(number),
        "m" => (cleaned.contains(['/', '(', ',', '-']) || number > MONTHS_MAX).then_some(number),
        _ if is_years(unit) => Some(number),
        _ if is_months(unit) => Some(number / 12),
        _ => is_years_and_months(unit).then_some(number),
    }
}

/// `sixty five years`.
fn in_words(folded: &str) -> Option<i32> {
    let unit = folded.rsplit(' ').find(|word| spoken::number(word).is_some());
    let end = unit.and_then(|last| Some(folded.rfind(last)? + last.len()))?;
    let (words, unit) = folded.split_at_checked(end)?;
    let years = spoken::number(words).filter(|_| is_years(unit.trim()))?;
    i32::try_from(years).ok().filter(|age| (0..=AGE_MAX).contains(age))
}

/// More months than this are years, or something else.
const MONTHS_MAX: i32 = 36;

fn is_years(unit: &str) -> bool {
    matches!(
        unit,
        "" | "y"
            | "yr"
            | "yrs"
            | "year"
            | "years"
            | "years old"
            | "yr old"
            | "yrs old"
            | "sam"
            | "san"
            | "samvatsaralu"
            | "varsh"
            | "sal"
    )
}

fn is_months(unit: &str) -> bool {
    matches!(unit, "m" | "month" | "months" | "mths" | "nelalu")
}

/// `years 6 months`, as it stands behind the years.
fn is_years_and_months(unit: &str) -> bool {
    let Some(at) = unit.find(|c: char| c.is_ascii_digit()) else { return false };
    let (years, months) = unit.split_at(at);
    let digits = months.bytes().take_while(u8::is_ascii_digit).count();
    digits <= 2 && is_years(years.trim()) && is_months(months[digits..].trim())
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
            ("1980.0", Ok((None, 1980, "year"))),
            ("1980.08", Ok((Some("1980-08-01"), 1980, "month"))),
            ("1980.5", Err("DATE_UNREADABLE")),
            ("1980.25", Err("DATE_UNREADABLE")),
            ("31081980.5", Err("DATE_UNREADABLE")),
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
    fn years_of_days_that_are_none() {
        for (text, expected) in [
            ("31-02-1980", Some(1980)),
            ("31/02/1985", Some(1985)),
            ("45-03-1985", Some(1985)),
            ("1985-13-40", Some(1985)),
            ("05-13-1980", Some(1980)),
            ("99-99-1980", Some(1980)),
            ("31-Feb-1980", Some(1980)),
            ("05-00-1980", Some(1980)),
            ("౩౧-౦౨-౧౯౮౦", Some(1980)),
            ("31-02-80", None),
            ("31-02-2019", None),
            ("31-02-1890", None),
            ("13/1980", None),
            ("28-02-1980", None),
            ("00-00-1980", None),
            ("1980", None),
            ("45", None),
            ("", None),
        ] {
            let read = birth_year(text, Layout::DayFirst, as_of());
            assert_eq!(read.map(|born| born.year), expected, "{text}");
            assert!(read.is_none() || birth_date(text, Layout::DayFirst, as_of()).is_err());
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
            ("24 months", Ok(2015)),
            ("24 M", Err("AGE_UNREADABLE")),
            ("24/M", Ok(1993)),
            ("24 (M)", Ok(1993)),
            ("24 F", Ok(1993)),
            ("24 male", Ok(1993)),
            ("45 years 6 months", Ok(1972)),
            ("45.5", Ok(1972)),
            ("45/M", Ok(1972)),
            ("45 / F", Ok(1972)),
            ("45 M", Ok(1972)),
            ("45M", Ok(1972)),
            ("45y 6m", Ok(1972)),
            ("Forty five", Ok(1972)),
            ("forty-five years", Ok(1972)),
            ("one hundred and five", Ok(1912)),
            ("five hundred", Err("AGE_UNREADABLE")),
            ("forty five kg", Err("AGE_UNREADABLE")),
            ("years", Err("AGE_UNREADABLE")),
            ("<18", Err("AGE_UNREADABLE")),
            (">= 60", Err("AGE_UNREADABLE")),
            ("45+", Err("AGE_UNREADABLE")),
            ("45?", Err("AGE_UNREADABLE")),
            ("45 6 kg", Err("AGE_UNREADABLE")),
            ("4.5.6", Err("AGE_UNREADABLE")),
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

    #[test]
    fn intervals() {
        let days = |born: BirthDate, stated: Date| {
            let (first, last) = born.interval(stated);
            format!("{first} {last}")
        };
        for (text, expected) in [
            ("15-08-1947", "1947-08-15 1947-08-15"),
            ("02/1980", "1980-02-01 1980-02-29"),
            ("12/1980", "1980-12-01 1980-12-31"),
            ("01-01-1980", "1980-01-01 1980-12-31"),
            ("1980", "1980-01-01 1980-12-31"),
            ("2017", "2017-01-01 2017-08-31"),
        ] {
            let born = birth_date(text, Layout::DayFirst, as_of());
            assert_eq!(born.map(|b| days(b, as_of())).as_deref(), Ok(expected), "{text}");
        }
        for (age, stated, expected) in [
            ("45", (2017, 8, 31), "1971-09-01 1972-08-31"),
            ("0", (2017, 8, 31), "2016-09-01 2017-08-31"),
            ("20", (2020, 2, 29), "1999-03-02 2000-02-29"),
            ("1", (2021, 3, 1), "2019-03-02 2020-03-01"),
        ] {
            let stated = Date::from_ymd(stated.0, stated.1, stated.2).unwrap_or(as_of());
            let born = from_age(age, stated).map(|b| days(b, stated));
            assert_eq!(born.as_deref(), Ok(expected), "{age}");
        }
    }

    proptest! {
        /// By counting birthdays, day by day.
        #[test]
        fn an_age_interval_holds_those_of_that_age(stated in 0..20_000_i32, age in 0..100_i32, off in -800..800_i32) {
            let stated = Date::from_days(stated);
            let (year, month, day) = stated.ymd();
            prop_assume!((month, day) != (2, 29));
            let Ok(born) = from_age(&age.to_string(), stated) else { return Ok(()) };
            let (first, last) = born.interval(stated);
            let someone = Date::from_days(first.days() + off);
            let (y, m, d) = someone.ymd();
            prop_assume!((m, d) != (2, 29));
            let years = year - y - i32::from((month, day) < (m, d));
            prop_assert_eq!(years == age, (first..=last).contains(&someone), "{} on {}", someone, stated);
        }

        #[test]
        fn never_panics_and_stays_plausible(text in ".*|[0-9/. :a-z-]{0,20}", days in -20_000..30_000_i32) {
            let day = Date::from_days(days);
            for layout in [Layout::DayFirst, Layout::MonthFirst, Layout::YearFirst] {
                if let Ok(born) = birth_date(&text, layout, day) {
                    let (first, last) = born.interval(day);
                    prop_assert!(first <= last);
                    prop_assert!((day.year() - AGE_MAX..=day.year()).contains(&born.year));
                }
            }
            let _ = from_age(&text, day);
        }
    }
}
