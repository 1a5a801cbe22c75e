//! Days, and dates as departments write them: `31-08-2017`, `30/9/2017`, `31-Aug-17`, `2017-08-31T00:00:00`, `43008`.
//!
//! Both seed orders mix layouts, none of them US; Excel leaves serial numbers behind; birth dates are often only years.
//! (Sources: `domain.md` A0 and 3, Dates.)
//!
//! Invariant: the day comes before the month unless the layout, stated by the source, says otherwise; a text that fits
//! the layout badly is unreadable, never turned round.
//!
//! ```
//! use milaan_kernels::date::{self, Layout, Precision};
//! let read = |text| date::date(text, Layout::DayFirst).map(|d| d.to_string());
//! assert_eq!(read("30/9/2017").as_deref(), Ok("2017-09-30"));
//! assert_eq!(read("43008").as_deref(), Ok("2017-09-30"));
//! assert_eq!(read("9/30/2017"), Err("DATE_UNREADABLE"));
//!
//! let as_of = date::date("31-08-2017", Layout::DayFirst)?;
//! let born = date::birth_date("01-01-1980", Layout::DayFirst, as_of)?;
//! assert_eq!((born.year, born.precision), (1980, Precision::Year));
//! # Ok::<(), &str>(())
//! ```

mod birth;
mod read;
mod slip;

use std::fmt;
use std::str::FromStr;

pub use self::birth::{BirthDate, birth_date, birth_year, from_age};
pub use self::read::date;
pub(crate) use self::read::{is_in_word, month};
pub use self::slip::{DaySlip, day_slip, is_of_age};

/// A day of the Gregorian calendar, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day, or `None` when there is no such day or the year is not in 1..=9999.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        let real = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= month_days(year, month);
        if !real {
            return None;
        }
        // Years counted from March put the leap day last.
        let (from_march, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let leap_days =
            from_march.div_euclid(4) - from_march.div_euclid(100) + from_march.div_euclid(400);
        let of_year = (153 * month + 2) / 5 + day - 1;
        Some(Date(from_march * 365 + leap_days + of_year as i32 - DAYS_TO_1970))
    }

    /// Year, month and day. Any day works, also before year 1.
    pub fn ymd(self) -> (i32, u32, u32) {
        let days = i64::from(self.0) + i64::from(DAYS_TO_1970);
        let era = days.div_euclid(DAYS_OF_400_YEARS);
        let of_era = days.rem_euclid(DAYS_OF_400_YEARS);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let (month, next) = if from_march < 10 { (from_march + 3, 0) } else { (from_march - 9, 1) };
        ((era * 400 + year_of_era + next) as i32, month as u32, day as u32)
    }

    /// Days since 1970-01-01; negative before.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The day that many days after 1970-01-01.
    pub fn from_days(days: i32) -> Date {
        Date(days)
    }

    /// The day's year.
    pub fn year(self) -> i32 {
        self.ymd().0
    }
}

impl fmt::Display for Date {
    /// ISO 8601: `2017-08-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// From 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i32 = 719_468;
const DAYS_OF_400_YEARS: i64 = 146_097;

fn month_days(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// How much of a birth date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The day.
    Day,
    /// Month and year.
    Month,
    /// The year; 1 January and 1 July count as this.
    Year,
    /// An age on some day, so the year give or take one.
    Age,
}

impl Precision {
    /// `day`, `month`, `year` or `age`.
    pub fn as_str(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Month => "month",
            Precision::Year => "year",
            Precision::Age => "age",
        }
    }
}

/// In which order a source writes numeric dates. Four-digit years in front are understood in every layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(clippy::enum_variant_names, reason = "what comes first is what a layout says")]
pub enum Layout {
    /// `31-08-2017`.
    #[default]
    DayFirst,
    /// `08-31-2017`.
    MonthFirst,
    /// `17-08-31`; with the year last the day comes first.
    YearFirst,
}

impl FromStr for Layout {
    type Err = &'static str;

    /// `dmy`, `mdy` or `ymd`; anything else is `LAYOUT_UNKNOWN`.
    fn from_str(text: &str) -> Result<Layout, &'static str> {
        match text {
            "dmy" => Ok(Layout::DayFirst),
            "mdy" => Ok(Layout::MonthFirst),
            "ymd" => Ok(Layout::YearFirst),
            _ => Err("LAYOUT_UNKNOWN"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_days() {
        for (year, month, day, days) in [
            (1970, 1, 1, Some(0)),
            (1969, 12, 31, Some(-1)),
            (2000, 2, 29, Some(11_016)),
            (2017, 8, 31, Some(17_409)),
            (1900, 2, 29, None),
            (2017, 13, 1, None),
            (2017, 4, 31, None),
            (2017, 0, 1, None),
            (0, 1, 1, None),
            (10_000, 1, 1, None),
        ] {
            assert_eq!(
                Date::from_ymd(year, month, day).map(Date::days),
                days,
                "{year}-{month}-{day}"
            );
        }
    }

    proptest! {
        #[test]
        fn days_and_dates_are_one_to_one(days in -719_162..2_932_896_i32) {
            let date = Date::from_days(days);
            let (year, month, day) = date.ymd();
            prop_assert_eq!(Date::from_ymd(year, month, day), Some(date));
        }

        #[test]
        fn any_day_prints(days in any::<i32>()) {
            prop_assert!(!Date::from_days(days).to_string().is_empty());
        }
    }
}
