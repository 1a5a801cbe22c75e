//! Bank account numbers: 8 to 18 letters and digits, at least half of them digits.
//!
//! There is no common check digit. A spreadsheet keeps 15 digits, so a longer account in a number cell is damaged already:
//! it is refused, never repaired (`domain.md` 3, Aadhaar; 6 for the mask).
//!
//! ```
//! use milaan_kernels::bank_account;
//! assert_eq!(bank_account::normalise("3012 3456 789").as_deref(), Some("30123456789"));
//! assert_eq!(bank_account::issue("3.01235E+15"), Some("EXCEL_PRECISION_LOSS"));
//! assert_eq!(bank_account::mask("30123456789"), "XXXX6789");
//! ```

use crate::digits::{Cell, cell, is_digits, is_filler};

/// The account without separators, upper case; `None` when empty or when [`issue`] has something to say. Idempotent.
pub fn normalise(text: &str) -> Option<String> {
    read(text).unwrap_or(None)
}

/// Why a text is no account number; `None` when it can be one, or is empty or a placeholder for nothing.
///
/// * `EXCEL_PRECISION_LOSS`: scientific notation, or more than 15 digits with `.0` behind them
/// * `BANK_INVALID`: not 8 to 18 letters and digits, too few digits, one digit repeated, or counting up or down
pub fn issue(text: &str) -> Option<&'static str> {
    read(text).err()
}

/// `XXXX1234`: the last four characters of a good account; anything else shows nothing (`XXXXXXXX`), empty stays empty.
/// A masked account stays as it is.
pub fn mask(text: &str) -> String {
    if let Ok(Some(account)) = read(text)
        && !account.starts_with("XXXX")
    {
        return format!("XXXX{}", &account[account.len() - 4..]);
    }
    match cell(text) {
        Cell::Nothing => String::new(),
        Cell::Code(code) if code.strip_prefix("XXXX").is_some_and(|rest| rest.len() == 4) => code,
        _ => "XXXXXXXX".to_owned(),
    }
}

fn read(text: &str) -> Result<Option<String>, &'static str> {
    let code = match cell(text) {
        Cell::Nothing => return Ok(None),
        Cell::Rounded => return Err("EXCEL_PRECISION_LOSS"),
        Cell::Code(code) => code,
    };
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let well_formed = code.is_ascii() && (8..=18).contains(&code.len()) && digits * 2 >= code.len();
    if !well_formed || (is_digits(&code) && is_filler(&code)) || code.starts_with("XXXX") {
        return Err("BANK_INVALID");
    }
    Ok(Some(code))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accounts() {
        for (text, normal, code, masked) in [
            ("30123456789", Some("30123456789"), None, "XXXX6789"),
            ("3012-3456-789", Some("30123456789"), None, "XXXX6789"),
            ("sb01/00123456", Some("SB0100123456"), None, "XXXX3456"),
            ("30123456789.0", Some("30123456789"), None, "XXXX6789"),
            ("123456789012345678", None, Some("BANK_INVALID"), "XXXXXXXX"),
            ("301234567890123456", Some("301234567890123456"), None, "XXXX3456"),
            ("3012345678901234.0", None, Some("EXCEL_PRECISION_LOSS"), "XXXXXXXX"),
            ("3.01235E+15", None, Some("EXCEL_PRECISION_LOSS"), "XXXXXXXX"),
            ("0000000000", None, Some("BANK_INVALID"), "XXXXXXXX"),
            ("1234", None, Some("BANK_INVALID"), "XXXXXXXX"),
            ("no account yet", None, Some("BANK_INVALID"), "XXXXXXXX"),
            ("XXXX6789", None, Some("BANK_INVALID"), "XXXX6789"),
            ("", None, None, ""),
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
        fn never_panics_idempotent(text in ".*|[A-Z0-9]{7,19}") {
            let normal = normalise(&text);
            prop_assert!(normal.is_none() || issue(&text).is_none());
            prop_assert_eq!(normal.as_deref().and_then(normalise), normal);
            prop_assert!(mask(&text).chars().count() <= 8);
        }
    }
}
