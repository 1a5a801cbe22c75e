//! Aadhaar numbers: 12 digits, the first 2-9, the last a Verhoeff check digit.
//!
//! Source: UIDAI's numbering scheme (0 and 1 in front are reserved) and masking rule, by `domain.md` 3 and 6. Well formed
//! is not issued, and issued is not this person's.
//!
//! Invariant: what [`normalise`] gives is well formed; a number is never repaired.
//!
//! ```
//! use milaan_kernels::aadhaar;
//! assert_eq!(aadhaar::normalise("2341-2341-2346").as_deref(), Some("234123412346"));
//! assert_eq!(aadhaar::issue("999999999999"), Some("ID_PLACEHOLDER"));
//! assert_eq!(aadhaar::mask("2341 2341 2346"), "XXXX-XXXX-2346");
//! ```

use std::sync::LazyLock;

use crate::digits::{Cell, is_digits, is_filler};
use crate::label::Labels;
use crate::verhoeff;

static LABELS: LazyLock<Labels> = LazyLock::new(|| {
    Labels::new(&[
        "uid",
        "uidai",
        "aadhaar",
        "aadhar",
        "adhaar",
        "adhar",
        "aadhara",
        "aadaar",
        "adharcard",
        "aadhaarcard",
        "ఆధార్",
        "ఆధారు",
        "आधार",
        "آدھار",
        "unique",
        "identity",
        "identification",
    ])
});

/// The 12 digits, without separators and labels (`UID: …`), from digits of any script; `None` when empty or when [`issue`] has something to
/// say. Idempotent.
pub fn normalise(text: &str) -> Option<String> {
    read(text).unwrap_or(None)
}

/// Why a text is no Aadhaar number; `None` when it is one, or is empty or a placeholder for nothing.
///
/// * `EXCEL_PRECISION_LOSS`: `2.34E+11`, a spreadsheet rounded it
/// * `ID_PLACEHOLDER`: one digit repeated, or counting up or down
/// * `ID_IS_VID`: 16 digits, a revocable virtual id
/// * `ID_LENGTH`: not twelve digits and nothing else (a number already masked too)
/// * `ID_FIRST_DIGIT`: 0 or 1 in front
/// * `ID_INVALID_CHECKSUM`: the check digit is wrong
pub fn issue(text: &str) -> Option<&'static str> {
    read(text).err()
}

/// `XXXX-XXXX-1234` for a text with twelve digits, well formed or not; anything else shows nothing
/// (`XXXX-XXXX-XXXX`), empty stays empty. A masked number stays as it is.
pub fn mask(text: &str) -> String {
    if text.len() == 12 && is_digits(text) {
        return format!("XXXX-XXXX-{}", &text[8..]);
    }
    match LABELS.cell(text) {
        Cell::Nothing => String::new(),
        Cell::Code(code) if code.len() == 12 && is_shown(&code) => {
            format!("XXXX-XXXX-{}", &code[8..])
        }
        _ => "XXXX-XXXX-XXXX".to_owned(),
    }
}

/// Twelve digits, or eight X and four digits.
fn is_shown(code: &str) -> bool {
    is_digits(code.strip_prefix("XXXXXXXX").unwrap_or(code))
}

fn read(text: &str) -> Result<Option<String>, &'static str> {
    let code = match LABELS.cell(text) {
        Cell::Nothing => return Ok(None),
        Cell::Rounded => return Err("EXCEL_PRECISION_LOSS"),
        Cell::Code(code) => code,
    };
    if is_filler(&code) {
        return Err("ID_PLACEHOLDER");
    }
    match (is_digits(&code), code.len()) {
        (true, 16) => Err("ID_IS_VID"),
        (true, 12) if code.starts_with(['0', '1']) => Err("ID_FIRST_DIGIT"),
        (true, 12) if !verhoeff::valid(&code) => Err("ID_INVALID_CHECKSUM"),
        (true, 12) => Ok(Some(code)),
        _ => Err("ID_LENGTH"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers() {
        for (text, normal, code, masked) in [
            ("234123412346", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("UID: 2341 2341 2346", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("Aadhar No.234123412346", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("आधार: २३४१ २३४१ २३४६", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("ఆధార్ 2341 2341 2346", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("234123412346 (verified)", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("Father UID 2341 2341 2346", None, Some("ID_LENGTH"), "XXXX-XXXX-XXXX"),
            ("EID 1234/12345/12345", None, Some("ID_LENGTH"), "XXXX-XXXX-XXXX"),
            ("9999 4105 7058", Some("999941057058"), None, "XXXX-XXXX-7058"),
            ("౨౩౪౧ ౨౩౪౧ ౨౩౪౬", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("234123412346.0", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("2.34123412346E+11", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("234123412347", None, Some("ID_INVALID_CHECKSUM"), "XXXX-XXXX-2347"),
            ("134123412346", None, Some("ID_FIRST_DIGIT"), "XXXX-XXXX-2346"),
            ("999999999999", None, Some("ID_PLACEHOLDER"), "XXXX-XXXX-9999"),
            ("123456789012", None, Some("ID_PLACEHOLDER"), "XXXX-XXXX-9012"),
            ("000", None, Some("ID_PLACEHOLDER"), "XXXX-XXXX-XXXX"),
            ("2341234123461234", None, Some("ID_IS_VID"), "XXXX-XXXX-XXXX"),
            ("2.34E+11", None, Some("EXCEL_PRECISION_LOSS"), "XXXX-XXXX-XXXX"),
            ("23412341234", None, Some("ID_LENGTH"), "XXXX-XXXX-XXXX"),
            ("XXXX-XXXX-2346", None, Some("ID_LENGTH"), "XXXX-XXXX-2346"),
            ("not seeded", None, Some("ID_LENGTH"), "XXXX-XXXX-XXXX"),
            ("", None, None, ""),
            ("NA", None, None, ""),
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
        fn either_normal_or_an_issue(text in ".*|[0-9 -]{10,18}") {
            let normal = normalise(&text);
            prop_assert!(normal.is_none() || issue(&text).is_none());
            prop_assert_eq!(normal.as_deref().and_then(normalise), normal);
        }

        #[test]
        fn the_mask_shows_four_digits_at_most(text in ".*|[0-9 -]{10,18}") {
            let masked = mask(&text);
            prop_assert!(masked.chars().filter(|c| c.is_numeric()).count() <= 4);
            prop_assert_eq!(mask(&masked), masked);
        }
    }
}
