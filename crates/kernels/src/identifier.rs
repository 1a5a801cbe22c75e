//! Any other code a department keys its rows by: a ration card, a pension id, a land record.
//!
//! Their formats are the pipeline's to say (the Andhra Pradesh card formats are not verified, `domain.md` 8); here codes
//! only lose what clerks add: case, spaces, separators.
//!
//! ```
//! use milaan_kernels::identifier;
//! assert_eq!(identifier::normalise("wap-1234 / 567a").as_deref(), Some("WAP1234567A"));
//! assert_eq!(identifier::issue("2.34E+11"), Some("EXCEL_PRECISION_LOSS"));
//! ```

use crate::digits::{Cell, cell};

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
    matches!(cell(text), Cell::Rounded).then_some("EXCEL_PRECISION_LOSS")
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

    proptest! {
        #[test]
        fn never_panics_idempotent(text in ".*|[A-Za-z0-9./-]{0,12}") {
            let normal = normalise(&text);
            prop_assert!(normal.is_none() || issue(&text).is_none());
            prop_assert_eq!(normal.as_deref().and_then(normalise), normal);
            let _ = mask(&text);
        }
    }
}
