//! Bank account numbers: 8 to 18 letters and digits, at least half of them digits, or an IBAN (ISO 13616), as Pakistan's banks
//! give them.
//!
//! There is no common check digit but the IBAN's (ISO 7064, mod 97). A spreadsheet keeps 15 digits, so a longer account in a number cell is damaged already:
//! it is refused, never repaired (`domain.md` 3, Aadhaar; 6 for the mask).
//!
//! ```
//! use milaan_kernels::bank_account;
//! assert_eq!(bank_account::normalise("3012 3456 789").as_deref(), Some("30123456789"));
//! assert_eq!(bank_account::issue("3.01235E+15"), Some("EXCEL_PRECISION_LOSS"));
//! assert_eq!(bank_account::mask("30123456789"), "XXXX6789");
//! ```

use std::sync::LazyLock;

use crate::digits::{Cell, is_digits, is_filler};
use crate::label::Labels;

static LABELS: LazyLock<Labels> = LazyLock::new(|| {
    Labels::new(&[
        "a",
        "c",
        "ac",
        "acc",
        "acct",
        "acno",
        "account",
        "accountno",
        "sb",
        "savings",
        "saving",
        "bank",
        "iban",
        "ఖాతా",
        "खाता",
        "کھاتہ",
        "اکاؤنٹ",
    ])
});

/// The account without separators and labels (`A/c No. …`), upper case; `None` when empty or when [`issue`] has something to say. Idempotent.
pub fn normalise(text: &str) -> Option<String> {
    read(text).unwrap_or(None)
}

/// Why a text is no account number; `None` when it can be one, or is empty or a placeholder for nothing.
///
/// * `EXCEL_PRECISION_LOSS`: scientific notation, or more than 15 digits with `.0` behind them
/// * `BANK_INVALID`: not 8 to 18 letters and digits nor an IBAN with good check digits, too few digits, one digit repeated, or
///   counting up or down
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
    match LABELS.cell(text) {
        Cell::Nothing => String::new(),
        Cell::Code(code) if code.strip_prefix("XXXX").is_some_and(|rest| rest.len() == 4) => code,
        _ => "XXXXXXXX".to_owned(),
    }
}

fn read(text: &str) -> Result<Option<String>, &'static str> {
    let code = match LABELS.cell(text) {
        Cell::Nothing => return Ok(None),
        Cell::Rounded => return Err("EXCEL_PRECISION_LOSS"),
        Cell::Code(code) => code,
    };
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = (8..=18).contains(&code.len()) && digits * 2 >= code.len();
    let well_formed = code.is_ascii() && if has_country(&code) { is_iban(&code) } else { is_plain };
    if !well_formed || (is_digits(&code) && is_filler(&code)) || code.starts_with("XXXX") {
        return Err("BANK_INVALID");
    }
    Ok(Some(code))
}

/// Two letters, two digits and more than a plain account has: meant as an IBAN.
fn has_country(code: &str) -> bool {
    let bytes = code.as_bytes();
    bytes.len() > 18
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
}

/// Whether the check digits of an IBAN are good: its first four characters put behind the others, letters as 10 to 35, the
/// number leaves 1 when divided by 97. Pakistan's has 24 characters.
fn is_iban(code: &str) -> bool {
    if code.len() > 34 || (code.starts_with("PK") && code.len() != 24) {
        return false;
    }
    let (front, behind) = code.split_at(4);
    let values = behind.chars().chain(front.chars()).map(|c| c.to_digit(36));
    let rest = values.into_iter().try_fold(0_u32, |rest, value| {
        let value = value?;
        Some((rest * if value < 10 { 10 } else { 100 } + value) % 97)
    });
    rest == Some(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accounts() {
        for (text, normal, code, masked) in [
            ("30123456789", Some("30123456789"), None, "XXXX6789"),
            ("A/c No. 30123456789", Some("30123456789"), None, "XXXX6789"),
            ("SB A/C 30123456789", Some("30123456789"), None, "XXXX6789"),
            (
                "IBAN PK36 SCBL 0000 0011 2345 6702",
                Some("PK36SCBL0000001123456702"),
                None,
                "XXXX6702",
            ),
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
            // The examples of the IBAN registry.
            ("PK36 SCBL 0000 0011 2345 6702", Some("PK36SCBL0000001123456702"), None, "XXXX6702"),
            ("pk36scbl0000001123456702", Some("PK36SCBL0000001123456702"), None, "XXXX6702"),
            ("PK37SCBL0000001123456702", None, Some("BANK_INVALID"), "XXXXXXXX"),
            ("PK36SCBL000000112345670", None, Some("BANK_INVALID"), "XXXXXXXX"),
            ("DE89370400440532013000", Some("DE89370400440532013000"), None, "XXXX3000"),
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
