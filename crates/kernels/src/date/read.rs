//! From a text to the numbers of a date; which century and how sure, the callers say.

use super::{Date, Layout};
use crate::{script, text};

/// The year, month and day a text names. `two_digits`: the year has no century yet. Zero: not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) year: i32,
    pub(super) two_digits: bool,
    pub(super) month: u32,
    pub(super) day: u32,
}

impl Written {
    fn four(year: i32, month: u32, day: u32) -> Written {
        Written { year, two_digits: false, month, day }
    }
}

/// A date of any kind: numeric in the source's layout with `- / . ,` or spaces, month names in English, Telugu, Hindi and Urdu, a time of day
/// behind it, `yyyymmdd`, `ddmmyyyy`, Excel serial numbers (1900 system, 5 digits up to 60000, none of one digit alone: 33333),
/// digits of every script. Midnight in India or Pakistan written in UTC (`1980-01-04T18:30:00Z`) is the day that begins there.
///
/// Two-digit years are 1969-2068 (for birth dates see [`super::birth_date`]). `Err("DATE_UNREADABLE")` for everything
/// else: empty text, a year alone, a day that does not exist, a month above 12 (the order is never turned round).
pub fn date(text: &str, layout: Layout) -> Result<Date, &'static str> {
    let written = written(text, layout).ok_or("DATE_UNREADABLE")?;
    let century = match written.year {
        _ if !written.two_digits => 0,
        69.. => 1900,
        _ => 2000,
    };
    Date::from_ymd(written.year + century, written.month, written.day).ok_or("DATE_UNREADABLE")
}

/// A number or month name and what stood before it.
#[derive(Clone, Copy)]
enum Part {
    Number { value: u32, length: usize },
    Month(u32),
}

/// The numbers a text gives for a date; a year alone and month with year have zeros for the rest. `None` for days and months that no
/// calendar has.
pub(super) fn written(text: &str, layout: Layout) -> Option<Written> {
    as_written(text, layout).filter(|written| written.month <= 12 && written.day <= 31)
}

/// The year of four digits in a date of which a day, month and year are written and the day does not exist: `31-02-1985`,
/// `45-03-1985`, `1985-13-40`. `None` for everything else.
pub(super) fn year_of_no_day(text: &str, layout: Layout) -> Option<i32> {
    let Written { year, two_digits, month, day } = as_written(text, layout)?;
    let is_year = !two_digits && (1900..=2100).contains(&year) && (month, day) != (0, 0);
    (is_year && day > 0 && Date::from_ymd(year, month, day).is_none()).then_some(year)
}

/// The numbers as they stand, whatever the calendar says.
fn as_written(text: &str, layout: Layout) -> Option<Written> {
    let cleaned = text::cleaned(text)?;
    if cleaned.len() > 64 {
        return None;
    }
    let lower = script::ascii_digits(&cleaned).to_ascii_lowercase();
    let lower = without_label(&lower).trim_end_matches(['.', ',']);
    let (parts, count, time) = parts(lower)?;
    let written = from_parts(lower, &parts[..count], layout)?;
    if is_midnight_here(time) { next_day(written) } else { Some(written) }
}

/// Whether a time of day is midnight in India or Pakistan, as programs write a day in UTC: `T18:30:00.000Z`, `19:00:00+00`.
fn is_midnight_here(time: &str) -> bool {
    let clock = time.trim_start_matches(['t', ' ']);
    let utc = ["z", "+00:00", "+0000", "+00"].iter().find_map(|zone| clock.strip_suffix(zone));
    utc.and_then(|clock| clock.strip_prefix("18:30:00").or_else(|| clock.strip_prefix("19:00:00")))
        .is_some_and(|rest| rest.bytes().all(|b| matches!(b, b'.' | b'0')))
}

fn next_day(written: Written) -> Option<Written> {
    let day = Date::from_ymd(written.year, written.month, written.day)?;
    let (year, month, day) = Date::from_days(day.days() + 1).ymd();
    Some(Written { year, month, day, ..written })
}

fn from_parts(lower: &str, parts: &[Part], layout: Layout) -> Option<Written> {
    match parts {
        [Part::Number { value, length }] => single(lower, *value, *length, layout),
        [Part::Month(month), Part::Number { value, length }] => {
            with_year(*value, *length, *month, 0)
        }
        [Part::Number { value, length }, Part::Month(month)] if *length == 4 => {
            with_year(*value, 4, *month, 0)
        }
        [Part::Number { value: a, length: 1 | 2 }, Part::Number { value: b, length: 4 }] => {
            with_year(*b, 4, *a, 0)
        }
        [Part::Number { value: a, length: 4 }, Part::Number { value: b, length: 1 | 2 }] => {
            with_year(*a, 4, *b, 0)
        }
        [
            Part::Number { value: d, length: 1 | 2 },
            Part::Month(m),
            Part::Number { value, length },
        ]
        | [
            Part::Month(m),
            Part::Number { value: d, length: 1 | 2 },
            Part::Number { value, length },
        ] => with_year(*value, *length, *m, *d),
        [
            Part::Number { value, length: 4 },
            Part::Month(m),
            Part::Number { value: d, length: 1 | 2 },
        ] => with_year(*value, 4, *m, *d),
        [
            Part::Number { value: a, length: 4 },
            Part::Number { value: b, length: 1 | 2 },
            Part::Number { value: c, length: 1 | 2 },
        ] => with_year(*a, 4, *b, *c),
        [
            Part::Number { value: a, length: 1 | 2 },
            Part::Number { value: b, length: 1 | 2 },
            Part::Number { value: c, length },
        ] => match (layout, *length) {
            (Layout::YearFirst, 1 | 2) => with_year(*a, 2, *b, *c),
            (Layout::MonthFirst, length) => with_year(*c, length, *a, *b),
            (_, length) => with_year(*c, length, *b, *a),
        },
        _ => None,
    }
}

fn with_year(year: u32, length: usize, month: u32, day: u32) -> Option<Written> {
    let readable = matches!(length, 2 | 4);
    let year = i32::try_from(year).ok()?;
    readable.then_some(Written { year, two_digits: length == 2, month, day })
}

/// A number by itself: a year, an Excel serial number, or eight digits.
fn single(lower: &str, value: u32, length: usize, layout: Layout) -> Option<Written> {
    let whole = lower.bytes().all(|b| b.is_ascii_digit()) || is_number_cell(lower);
    if !whole {
        return None;
    }
    // Half a year or half a day of eight digits is no date; a serial number has a time of day there.
    let is_broken = lower.split_once('.').is_some_and(|(_, part)| part.contains(|c| c != '0'));
    match length {
        4 | 7 | 8 if is_broken => None,
        4 if (1900..=2100).contains(&value) => Some(Written::four(value as i32, 0, 0)),
        // Of four digits a serial number would be of a day before 1927, and one digit over and over is a filler.
        5 if (10_000..=60_000).contains(&value) && !value.is_multiple_of(11_111) => {
            // Day 1 is 1900-01-01 and the year 1900 has a 29 February there: from March on the base is 1899-12-30.
            let (year, month, day) = Date::from_days(value as i32 - 25_569).ymd();
            Some(Written::four(year, month, day))
        }
        // Seven: a spreadsheet took the zero off the day.
        7 | 8 => eight_digits(value, layout),
        _ => None,
    }
}

/// `43008.0`, `43008.75`: a serial number with a time of day, or digits that came as a number. `1980.08` is a month.
fn is_number_cell(lower: &str) -> bool {
    lower.split_once('.').is_some_and(|(whole, part)| {
        let is_month =
            part.len() == 2 && part.parse().is_ok_and(|part: u32| (1..=12).contains(&part));
        !(whole.len() == 4 && is_month)
            && matches!(whole.len(), 4 | 5 | 7 | 8)
            && [whole, part].iter().all(|half| half.bytes().all(|b| b.is_ascii_digit()))
    })
}

fn eight_digits(value: u32, layout: Layout) -> Option<Written> {
    let year_first = (value / 10_000, value / 100 % 100, value % 100);
    let year_last = match layout {
        Layout::MonthFirst => (value % 10_000, value / 1_000_000, value / 10_000 % 100),
        _ => (value % 10_000, value / 10_000 % 100, value / 1_000_000),
    };
    // No number is a date of 1900-2100 both ways: a year last would need a month of 19 or more.
    [year_first, year_last].into_iter().find_map(|(year, month, day)| {
        let plausible = (1900..=2100).contains(&year);
        let written = Written::four(year as i32, month, day);
        (plausible && Date::from_ymd(written.year, month, day).is_some()).then_some(written)
    })
}

/// Words that say "birth date" in front of one.
const LABELS: [&str; 12] = [
    "date of birth",
    "d.o.b.",
    "d.o.b",
    "dob",
    "born on",
    "born",
    "dt.",
    "dt",
    "పుట్టిన తేదీ",
    "పుట్టిన తేది",
    "जन्म तिथि",
    "تاریخ پیدائش",
];

fn without_label(lower: &str) -> &str {
    if lower.starts_with(|c: char| c.is_ascii_digit()) {
        return lower;
    }
    let found = LABELS.iter().find_map(|label| lower.strip_prefix(label));
    let rest = found.map(|rest| rest.trim_start_matches([' ', ':', '-', '.', '=']));
    rest.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(lower)
}

/// What stands between the parts: strokes, points, blanks, and the dashes that word processors make of a hyphen.
const SEPARATORS: [char; 11] = [' ', '-', '/', '.', ',', '\'', '–', '—', '‐', '‑', '−'];

/// An English day of the week, whole or its first three letters (Excel's long date).
fn is_weekday(word: &str) -> bool {
    const NAMES: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    NAMES.iter().any(|name| *name == word || name[..3] == *word)
}

/// Up to three parts and what follows, which must look like a time of day. `None` for anything else.
fn parts(lower: &str) -> Option<([Part; 3], usize, &str)> {
    let mut parts = [Part::Month(0); 3];
    let mut count = 0;
    let mut rest = lower;
    while count < 3 {
        rest = rest.trim_start_matches(SEPARATORS);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters =
            rest.chars().take_while(|c| is_in_word(*c)).map(char::len_utf8).sum::<usize>();
        if digits > 0 && rest[digits..].starts_with(':') {
            break; // the time of day began
        } else if digits > 0 {
            let value = rest[..digits].parse().ok()?;
            parts[count] = Part::Number { value, length: digits };
            rest = without_ordinal(&rest[digits..]);
        } else if letters > 0 {
            let word = &rest[..letters];
            if count == 0 && is_weekday(word) {
                rest = &rest[letters..];
                continue;
            }
            let Some(month) = month(word) else { break };
            parts[count] = Part::Month(month);
            rest = &rest[letters..];
        } else {
            break;
        }
        count += 1;
        if count == 1 && is_number_cell(lower) {
            return Some((parts, count, ""));
        }
    }
    let ends = rest.is_empty() || (count == 3 && is_time(rest));
    (ends && count > 0).then_some((parts, count, rest))
}

/// A time of day behind a date: hours and minutes, or Oracle's `12.00.00.000000 am`.
fn is_time(rest: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || " :.,+-tzapm'".contains(c);
    rest.starts_with([' ', 't', ',']) && rest.contains([':', '.']) && rest.chars().all(is_part)
}

/// Letters, and the signs that stand on letters of our scripts.
pub(crate) fn is_in_word(c: char) -> bool {
    c.is_alphabetic() || (!c.is_ascii() && unicode_normalization::char::is_combining_mark(c))
}

fn without_ordinal(rest: &str) -> &str {
    let suffix = ["st", "nd", "rd", "th"].iter().find_map(|suffix| rest.strip_prefix(suffix));
    match suffix {
        Some(after) if !after.starts_with(char::is_alphabetic) => after,
        _ => rest,
    }
}

/// The month of an English name or its first three letters or more.
pub(crate) fn month(word: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    if !word.is_ascii() {
        return NATIVE_MONTHS.iter().find(|(name, _)| *name == word).map(|(_, month)| *month);
    }
    let place = NAMES.iter().position(|name| word.len() >= 3 && name.starts_with(word))?;
    u32::try_from(place + 1).ok()
}

/// Months as Telugu, Hindi and Urdu write them, by their commonest spellings.
const NATIVE_MONTHS: &[(&str, u32)] = &[
    ("జనవరి", 1),
    ("ఫిబ్రవరి", 2),
    ("మార్చి", 3),
    ("ఏప్రిల్", 4),
    ("మే", 5),
    ("జూన్", 6),
    ("జూలై", 7),
    ("జులై", 7),
    ("ఆగస్టు", 8),
    ("ఆగష్టు", 8),
    ("సెప్టెంబర్", 9),
    ("సెప్టెంబరు", 9),
    ("అక్టోబర్", 10),
    ("అక్టోబరు", 10),
    ("నవంబర్", 11),
    ("నవంబరు", 11),
    ("డిసెంబర్", 12),
    ("డిసెంబరు", 12),
    ("जनवरी", 1),
    ("फरवरी", 2),
    ("मार्च", 3),
    ("अप्रैल", 4),
    ("मई", 5),
    ("जून", 6),
    ("जुलाई", 7),
    ("अगस्त", 8),
    ("सितंबर", 9),
    ("सितम्बर", 9),
    ("अक्टूबर", 10),
    ("अक्तूबर", 10),
    ("नवंबर", 11),
    ("नवम्बर", 11),
    ("दिसंबर", 12),
    ("दिसम्बर", 12),
    ("جنوری", 1),
    ("فروری", 2),
    ("مارچ", 3),
    ("اپریل", 4),
    ("مئی", 5),
    ("جون", 6),
    ("جولائی", 7),
    ("اگست", 8),
    ("ستمبر", 9),
    ("اکتوبر", 10),
    ("نومبر", 11),
    ("دسمبر", 12),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fillers_are_no_serial_numbers() {
        for text in ["9000", "9999", "9999.0", "౯౯౯౯", "33333"] {
            assert_eq!(date(text, Layout::DayFirst), Err("DATE_UNREADABLE"), "{text}");
        }
    }

    #[test]
    fn day_first() {
        for (text, expected) in [
            ("31-08-2017", Some("2017-08-31")),
            ("30/9/2017", Some("2017-09-30")),
            ("30.09.2017", Some("2017-09-30")),
            ("1 9 2017", Some("2017-09-01")),
            ("2017-08-31", Some("2017-08-31")),
            ("2017/8/31", Some("2017-08-31")),
            ("2017-08-31T10:20:30Z", Some("2017-08-31")),
            ("2017-08-31 10:20:30.123+05:30", Some("2017-08-31")),
            ("31-08-2017 10:20 PM", Some("2017-08-31")),
            ("DOB: 31-08-2017", Some("2017-08-31")),
            ("31-08-20 17", None),
            ("00-00-0000", None),
            ("31-Aug-17 12.00.00.000000 AM", Some("2017-08-31")),
            ("31-Aug-17", Some("2017-08-31")),
            ("31-AUG-1969", Some("1969-08-31")),
            ("31aug2017", Some("2017-08-31")),
            ("31st August, 2017", Some("2017-08-31")),
            ("August 31, 2017", Some("2017-08-31")),
            ("5 Sept 2017", Some("2017-09-05")),
            ("20170831", Some("2017-08-31")),
            ("31082017", Some("2017-08-31")),
            ("20082017", Some("2017-08-20")),
            ("31/08/17", Some("2017-08-31")),
            ("31/08/69", Some("1969-08-31")),
            ("43008", Some("2017-09-30")),
            ("43008.0", Some("2017-09-30")),
            ("43008.75", Some("2017-09-30")),
            ("౩౧-౦౮-౨౦౧౭", Some("2017-08-31")),
            ("۳۱/۰۸/۲۰۱۷", Some("2017-08-31")),
            ("౩౧ ఆగస్టు ౨౦౧౭", Some("2017-08-31")),
            ("31 अगस्त 2017", Some("2017-08-31")),
            ("۳۱ اگست ۲۰۱۷", Some("2017-08-31")),
            ("5-మే-17", Some("2017-05-05")),
            ("29-02-2016", Some("2016-02-29")),
            ("29-02-2017", None),
            ("9/30/2017", None),
            ("31-04-2017", None),
            ("00-00-0000", None),
            ("2017", None),
            ("08/2017", None),
            ("45", None),
            ("60001", None),
            ("310817", None),
            ("31-08-2017 approx", None),
            ("31-08-2017-5", None),
            ("hello", None),
            ("", None),
            ("NA", None),
        ] {
            let read = date(text, Layout::DayFirst).map(|d| d.to_string());
            assert_eq!(
                read.as_deref(),
                expected.ok_or("DATE_UNREADABLE").as_ref().copied(),
                "{text}"
            );
        }
    }

    /// As spreadsheets and word processors leave them.
    #[test]
    fn by_machines() {
        for (text, expected) in [
            ("1092017", Some("2017-09-01")),
            ("1980-01-04T18:30:00.000Z", Some("1980-01-05")),
            ("1980-12-31 19:00:00+00", Some("1981-01-01")),
            ("1980-01-04T18:30:00", Some("1980-01-04")),
            ("1980-01-04T18:30:00+05:30", Some("1980-01-04")),
            ("1980-01-04T18:30:07Z", Some("1980-01-04")),
            ("31082017.0", Some("2017-08-31")),
            ("31–08–2017", Some("2017-08-31")),
            ("31‑08‑2017", Some("2017-08-31")),
            ("31.08.17.", Some("2017-08-31")),
            ("Thursday, 31 August 2017", Some("2017-08-31")),
            ("Thu 31-Aug-17", Some("2017-08-31")),
            ("Thursday", None),
            ("1234567", None),
        ] {
            let read = date(text, Layout::DayFirst).map(|d| d.to_string());
            assert_eq!(read.ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn other_layouts() {
        for (text, layout, expected) in [
            ("9/30/2017", "mdy", Some("2017-09-30")),
            ("30/9/2017", "mdy", None),
            ("09302017", "mdy", Some("2017-09-30")),
            ("17-08-31", "ymd", Some("2017-08-31")),
            ("31-08-2017", "ymd", Some("2017-08-31")),
            ("2017-08-31", "mdy", Some("2017-08-31")),
        ] {
            let layout = layout.parse().unwrap_or_default();
            assert_eq!(
                date(text, layout).ok().map(|d| d.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
        assert_eq!("us".parse::<Layout>(), Err("LAYOUT_UNKNOWN"));
    }

    #[test]
    fn native_months_are_clean() {
        for (name, _) in NATIVE_MONTHS {
            assert_eq!(text::clean(name).as_deref(), Some(*name));
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*|[0-9/. :a-z-]{0,20}") {
            for layout in [Layout::DayFirst, Layout::MonthFirst, Layout::YearFirst] {
                let _ = date(&text, layout);
            }
        }

        #[test]
        fn what_is_printed_is_read(days in -20_000..30_000_i32) {
            let day = Date::from_days(days);
            let (year, month, of_month) = day.ymd();
            for text in [format!("{day}"), format!("{of_month}/{month}/{year}"), format!("{of_month:02}{month:02}{year}")] {
                prop_assert_eq!(date(&text, Layout::DayFirst), Ok(day), "{}", text);
            }
        }
    }
}
