//! Pakistan's CNIC: 13 digits `xxxxx-xxxxxxx-x`, the first the province, the last odd for men and even for women.
//!
//! Source: `domain.md` 3, CNIC. There is no public check digit; the old NIC of 11 digits has been invalid since 2004. The
//! parity is a soft sign only. The mask hides the last digit as well, because it shows the sex (`domain.md` 6).
//!
//! Invariant: what [`normalise`] gives are 13 digits, the first 1-8.
//!
//! ```
//! use milaan_kernels::cnic;
//! assert_eq!(cnic::normalise("35202-4567891-3").as_deref(), Some("3520245678913"));
//! assert_eq!(cnic::gender("35202-4567891-3"), Some('M'));
//! assert_eq!(cnic::mask("3520245678913"), "XXXXX-XXXX891-X");
//! ```

use std::sync::LazyLock;

use crate::digits::{Cell, is_digits, is_filler};
use crate::label::Labels;

static LABELS: LazyLock<Labels> = LazyLock::new(|| {
    Labels::new(&[
        "cnic",
        "nic",
        "snic",
        "nicop",
        "poc",
        "crc",
        "b",
        "form",
        "bform",
        "bay",
        "national",
        "identity",
        "computerized",
        "computerised",
        "smart",
        "nadra",
        "شناختی",
        "قومی",
        "ب",
        "فارم",
    ])
});

/// The 13 digits without dashes and labels (`CNIC# …`); `None` when empty or when [`issue`] has something to say. Idempotent.
pub fn normalise(text: &str) -> Option<String> {
    read(text).unwrap_or(None)
}

/// Why a text is no CNIC; `None` when it is one, or is empty or a placeholder for nothing.
///
/// * `EXCEL_PRECISION_LOSS`: scientific notation with digits missing
/// * `ID_PLACEHOLDER`: one digit repeated, counting up or down, or nothing but one digit behind the district
/// * `ID_OLD_NIC`: 11 digits
/// * `ID_LENGTH`: not 13 digits and nothing else
/// * `ID_PROVINCE`: the first digit is 0 or 9
pub fn issue(text: &str) -> Option<&'static str> {
    read(text).err()
}

/// `M` for an odd last digit, `F` for an even one; `None` when the number is not well formed. A soft sign: never a
/// reason by itself.
pub fn gender(text: &str) -> Option<char> {
    let last = normalise(text)?.bytes().last()?;
    Some(if last % 2 == 1 { 'M' } else { 'F' })
}

/// `XXXXX-XXXX123-X`: the last three digits of the middle block of a text with 13 digits; anything else shows nothing,
/// empty stays empty. A masked number stays as it is.
pub fn mask(text: &str) -> String {
    match LABELS.cell(text) {
        Cell::Nothing => String::new(),
        Cell::Code(code) if code.len() == 13 && is_shown(&code) => {
            format!("XXXXX-XXXX{}-X", &code[9..12])
        }
        _ => "XXXXX-XXXXXXX-X".to_owned(),
    }
}

fn is_shown(code: &str) -> bool {
    let masked = code.strip_prefix("XXXXXXXXX").and_then(|rest| rest.strip_suffix('X'));
    is_digits(masked.unwrap_or(code))
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
        (true, 13) if code.starts_with(['0', '9']) => Err("ID_PROVINCE"),
        (true, 13) if is_repeated(&code[5..]) => Err("ID_PLACEHOLDER"),
        (true, 13) => Ok(Some(code)),
        (true, 11) => Err("ID_OLD_NIC"),
        _ => Err("ID_LENGTH"),
    }
}

fn is_repeated(digits: &str) -> bool {
    digits.bytes().all(|digit| Some(digit) == digits.bytes().next())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers() {
        for (text, normal, code, sex, masked) in [
            ("35202-4567891-3", Some("3520245678913"), None, Some('M'), "XXXXX-XXXX891-X"),
            ("3520245678914", Some("3520245678914"), None, Some('F'), "XXXXX-XXXX891-X"),
            ("۳۵۲۰۲-۴۵۶۷۸۹۱-۰", Some("3520245678910"), None, Some('F'), "XXXXX-XXXX891-X"),
            ("CNIC# 35202-4567891-3", Some("3520245678913"), None, Some('M'), "XXXXX-XXXX891-X"),
            (
                "شناختی کارڈ نمبر 35202-4567891-3",
                Some("3520245678913"),
                None,
                Some('M'),
                "XXXXX-XXXX891-X",
            ),
            ("Father CNIC 35202-4567891-3", None, Some("ID_LENGTH"), None, "XXXXX-XXXXXXX-X"),
            ("3520245678913.0", Some("3520245678913"), None, Some('M'), "XXXXX-XXXX891-X"),
            ("95202-4567891-3", None, Some("ID_PROVINCE"), None, "XXXXX-XXXX891-X"),
            ("11111-1111111-1", None, Some("ID_PLACEHOLDER"), None, "XXXXX-XXXX111-X"),
            ("35202-0000000-0", None, Some("ID_PLACEHOLDER"), None, "XXXXX-XXXX000-X"),
            ("21058456789", None, Some("ID_OLD_NIC"), None, "XXXXX-XXXXXXX-X"),
            ("352024567891", None, Some("ID_LENGTH"), None, "XXXXX-XXXXXXX-X"),
            ("3.52025E+12", None, Some("EXCEL_PRECISION_LOSS"), None, "XXXXX-XXXXXXX-X"),
            ("", None, None, None, ""),
            ("null", None, None, None, ""),
        ] {
            let read = (normalise(text), issue(text), gender(text), mask(text));
            assert_eq!(read, (normal.map(str::to_owned), code, sex, masked.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn either_normal_or_an_issue(text in ".*|[0-9-]{10,16}") {
            let normal = normalise(&text);
            prop_assert!(normal.is_none() || issue(&text).is_none());
            prop_assert_eq!(normal.is_some(), gender(&text).is_some());
            prop_assert_eq!(normal.as_deref().and_then(normalise), normal);
        }

        #[test]
        fn the_mask_hides_the_last_digit(text in ".*|[0-9-]{10,16}") {
            let masked = mask(&text);
            prop_assert!(masked.chars().filter(|c| c.is_numeric()).count() <= 3);
            prop_assert!(masked.is_empty() || masked.ends_with('X'));
            prop_assert_eq!(mask(&masked), masked);
        }
    }
}
