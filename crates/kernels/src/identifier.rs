//! Any other code a department keys its rows by: a ration card, a pension id, a land record.
//!
//! Their formats are the pipeline's to say, as a pattern (the Andhra Pradesh card formats are not verified, `domain.md` 8); without
//! one codes only lose what clerks add: case, spaces, separators.
//!
//! ```
//! use milaan_kernels::identifier;
//! assert_eq!(identifier::normalise("wap-1234 / 567a").as_deref(), Some("WAP1234567A"));
//! assert_eq!(identifier::issue("2.34E+11"), Some("EXCEL_PRECISION_LOSS"));
//! assert_eq!(identifier::issue_as("applied for", Some("WAP###|28##")), Some("ID_PATTERN"));
//! ```

use crate::digits::{Cell, cell, is_spaced};

/// Letters and digits only, upper case, native digits as 0-9, the `.0` of a number cell dropped; `None` when nothing is
/// left or [`issue`] has something to say. Idempotent.
pub fn normalise(text: &str) -> Option<String> {
    match cell(text) {
        Cell::Code(code) => Some(code),
        Cell::Nothing | Cell::Rounded => None,
    }
}

/// `EXCEL_PRECISION_LOSS` for scientific notation with digits missing and for a number cell of more than 15 digits;
/// `None` otherwise.
pub fn issue(text: &str) -> Option<&'static str> {
    let rounded = !is_spaced(text) && matches!(cell(text), Cell::Rounded);
    rounded.then_some("EXCEL_PRECISION_LOSS")
}

/// [`normalise`] of a code that has to fit a pattern ([`fits`]); `None` where it does not.
pub fn normalise_as(text: &str, pattern: Option<&str>) -> Option<String> {
    normalise(text).filter(|code| pattern.is_none_or(|pattern| fits(code, pattern)))
}

/// [`issue`], or `ID_PATTERN` for a code that does not fit its pattern ([`fits`]).
pub fn issue_as(text: &str, pattern: Option<&str>) -> Option<&'static str> {
    let Some(pattern) = pattern else { return issue(text) };
    match cell(text) {
        Cell::Rounded => Some("EXCEL_PRECISION_LOSS"),
        Cell::Code(code) if !fits(&code, pattern) => Some("ID_PATTERN"),
        _ => None,
    }
}

/// Whether a normalised code has a pattern: `#` stands for a digit, `@` for a letter, other letters and digits for themselves,
/// whatever their case; `|` stands between two patterns; everything else is a separator and says nothing.
pub fn fits(code: &str, pattern: &str) -> bool {
    pattern.split('|').any(|one| {
        let mut signs = one.chars().filter(|c| c.is_alphanumeric() || matches!(c, '#' | '@'));
        let fits = |(c, sign): (char, char)| match sign {
            '#' => c.is_ascii_digit(),
            '@' => c.is_alphabetic(),
            _ => sign.to_uppercase().eq(c.to_uppercase()),
        };
        code.chars().all(|c| signs.next().is_some_and(|sign| fits((c, sign))))
            && signs.next().is_none()
    })
}

/// The last two characters of a code of six or more (`XXXX7A`); shorter ones show nothing (`XXXX`), empty stays empty.
pub fn mask(text: &str) -> String {
    match cell(text) {
        Cell::Nothing => String::new(),
        Cell::Code(code) if code.chars().count() >= 6 => {
            let start = code.char_indices().nth_back(1).map_or(0, |(start, _)| start);
            format!("XXXX{}", &code[start..])
        }
        _ => "XXXX".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes() {
        for (text, normal, code, masked) in [
            ("wap 1234-567/a", Some("WAP1234567A"), None, "XXXX7A"),
            ("2812345678.0", Some("2812345678"), None, "XXXX78"),
            ("౨౮౧౨", Some("2812"), None, "XXXX"),
            ("12E5", Some("12E5"), None, "XXXX"),
            ("2.34E+11", None, Some("EXCEL_PRECISION_LOSS"), "XXXX"),
            ("(#)", None, None, ""),
            ("", None, None, ""),
            ("N/A", None, None, ""),
        ] {
            assert_eq!(
                (normalise(text).as_deref(), issue(text), mask(text).as_str()),
                (normal, code, masked),
                "{text}"
            );
        }
    }

    #[test]
    fn patterns() {
        let cards = "WAP ###########|28######## | @@@-##";
        for (text, normal, code) in [
            ("wap 1068 2734 154", Some("WAP10682734154"), None),
            ("2812345678.0", Some("2812345678"), None),
            ("౨౮౧౨౩౪౫౬౭౮", Some("2812345678"), None),
            ("abc/12", Some("ABC12"), None),
            ("WAP1068273415", None, Some("ID_PATTERN")),
            ("WAP106827341545", None, Some("ID_PATTERN")),
            ("TAP10682734154", None, Some("ID_PATTERN")),
            ("applied for", None, Some("ID_PATTERN")),
            ("2.8E+9", None, Some("EXCEL_PRECISION_LOSS")),
            ("NA", None, None),
        ] {
            let found = (normalise_as(text, Some(cards)), issue_as(text, Some(cards)));
            assert_eq!((found.0.as_deref(), found.1), (normal, code), "{text}");
        }
        assert_eq!(normalise_as("applied for", None).as_deref(), Some("APPLIEDFOR"));
        assert!(!fits("A", ""));
    }

    proptest! {
        #[test]
        fn patterns_never_panic(text in ".*", pattern in ".*|[#@|A-Z]{0,8}") {
            prop_assert!(normalise_as(&text, Some(&pattern)).is_none() || issue_as(&text, Some(&pattern)).is_none());
        }

        #[test]
        fn never_panics_idempotent(text in ".*|[A-Za-z0-9./-]{0,12}") {
            let normal = normalise(&text);
            prop_assert!(normal.is_none() || issue(&text).is_none());
            prop_assert_eq!(normal.as_deref().and_then(normalise), normal);
            let _ = mask(&text);
        }
    }
}
