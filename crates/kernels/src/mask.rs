//! Masks for what has no mask of its own: names, dates, free text. Ids mask themselves (`aadhaar::mask` …).
//!
//! Masked is still personal (`domain.md` 6): a mask is for a clerk who already has the record, never for publication.
//!
//! ```
//! use milaan_kernels::mask;
//! assert_eq!(mask::name("Lakshmi Devi"), "L*** D***");
//! assert_eq!(mask::date("06-05-1980"), "1980-**-**");
//! assert_eq!(mask::text("Door 12-3, Tenali"), "D***");
//! ```

use crate::date::{self, Layout};
use crate::{script, text};

/// The first letter of each word and `***`, so that a word's length is hidden too. Empty text and placeholders for
/// nothing stay empty.
pub fn name(text: &str) -> String {
    let cleaned = text::clean(text).unwrap_or_default();
    let words = cleaned.split(|c: char| !c.is_alphanumeric() && !is_inside_word(c));
    words
        .filter_map(|word| word.chars().next())
        .map(|first| format!("{first}***"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Marks and apostrophes belong to their word.
fn is_inside_word(c: char) -> bool {
    matches!(c, '\'' | '’' | '*') || unicode_normalization::char::is_combining_mark(c)
}

/// The year: `1980-**-**`; `****-**-**` when none can be read, empty when the text is. A masked date stays as it is.
pub fn date(text: &str) -> String {
    let Some(cleaned) = text::clean(text) else { return String::new() };
    let plain = script::ascii_digits(&cleaned);
    let year = match date::date(&plain, Layout::DayFirst) {
        Ok(date) => Some(date.year()),
        Err(_) => written_year(&plain),
    };
    match year {
        Some(year) if (1800..=2200).contains(&year) => format!("{year}-**-**"),
        _ => "****-**-**".to_owned(),
    }
}

/// The only four-digit number from 1800 to 2200 in a text.
fn written_year(plain: &str) -> Option<i32> {
    let numbers = plain.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
    let mut years =
        numbers.filter_map(|run| run.parse().ok()).filter(|year| (1800..=2200).contains(year));
    years.next().filter(|_| years.next().is_none())
}

/// The first character and `***`; empty text and placeholders for nothing stay empty.
pub fn text(text: &str) -> String {
    let cleaned = text::clean(text).unwrap_or_default();
    cleaned.chars().next().map(|first| format!("{first}***")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn masks() {
        for (given, expected) in [
            ("Lakshmi Devi", "L*** D***"),
            ("K.V. Ramana", "K*** V*** R***"),
            ("లక్ష్మి దేవి", "ల*** ద***"),
            ("O'Brien", "O***"),
            ("NA", ""),
            ("", ""),
        ] {
            assert_eq!(name(given), expected, "{given}");
        }
        for (given, expected) in [
            ("1980-05-06", "1980-**-**"),
            ("06/05/1980", "1980-**-**"),
            ("06051980", "1980-**-**"),
            ("౧౯౮౦", "1980-**-**"),
            ("1980-**-**", "1980-**-**"),
            ("born long ago", "****-**-**"),
            ("", ""),
        ] {
            assert_eq!(date(given), expected, "{given}");
        }
        for (given, expected) in [("9848012345", "9***"), ("  Tenali", "T***"), ("-", "")] {
            assert_eq!(text(given), expected, "{given}");
        }
    }

    proptest! {
        #[test]
        fn shows_little(given in ".*|[0-9./-]{0,12}") {
            prop_assert!(text(&given).chars().count() <= 4);
            prop_assert!(date(&given).chars().filter(|c| c.is_numeric()).count() <= 4);
            let longest = name(&given).split(' ').map(|word| word.chars().count()).max();
            prop_assert!(longest.unwrap_or(0) <= 4);
        }
    }
}
