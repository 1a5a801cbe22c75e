//! IFSC, the code of an Indian bank branch: four letters, a zero, six letters or digits.
//!
//! Source: `domain.md` 3, Others. The common fault is the letter O for the zero in the fifth place; it is flagged and
//! not repaired, since a payment follows from it.
//!
//! ```
//! use milaan_kernels::ifsc;
//! assert_eq!(ifsc::normalise(" sbin0001234 ").as_deref(), Some("SBIN0001234"));
//! assert_eq!(ifsc::issue("SBINO001234"), Some("IFSC_LETTER_O"));
//! assert_eq!(ifsc::mask("SBIN0001234"), "SBINXXXXXXX");
//! ```

use std::sync::LazyLock;

use crate::digits::Cell;
use crate::label::Labels;

static LABELS: LazyLock<Labels> = LazyLock::new(|| Labels::new(&["ifsc", "ifs", "branch", "bank"]));

/// The eleven characters, upper case; `None` when empty or when [`issue`] has something to say. Idempotent.
pub fn normalise(text: &str) -> Option<String> {
    read(text).unwrap_or(None)
}

/// Why a text is no IFSC; `None` when it is one, or is empty or a placeholder for nothing.
///
/// * `IFSC_LETTER_O`: right but for an O in the fifth place
/// * `IFSC_INVALID`: everything else
pub fn issue(text: &str) -> Option<&'static str> {
    read(text).err()
}

/// The bank's four letters: `SBINXXXXXXX`. Anything that is no IFSC shows nothing, empty stays empty.
pub fn mask(text: &str) -> String {
    match read(text) {
        Ok(None) => String::new(),
        Ok(Some(code)) => format!("{}XXXXXXX", &code[..4]),
        Err(_) => "XXXXXXXXXXX".to_owned(),
    }
}

fn read(text: &str) -> Result<Option<String>, &'static str> {
    let code = match LABELS.cell(text) {
        Cell::Nothing => return Ok(None),
        Cell::Rounded => return Err("IFSC_INVALID"),
        Cell::Code(code) => code,
    };
    let bytes = code.as_bytes();
    let well_formed = bytes.len() == 11
        && bytes[..4].iter().all(u8::is_ascii_uppercase)
        && bytes[5..].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    match bytes.get(4) {
        Some(b'0') if well_formed => Ok(Some(code)),
        Some(b'O') if well_formed => Err("IFSC_LETTER_O"),
        _ => Err("IFSC_INVALID"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn codes() {
        for (text, normal, code, masked) in [
            ("SBIN0001234", Some("SBIN0001234"), None, "SBINXXXXXXX"),
            ("hdfc 0-AB12C3", Some("HDFC0AB12C3"), None, "HDFCXXXXXXX"),
            ("IFSC Code: SBIN0001234", Some("SBIN0001234"), None, "SBINXXXXXXX"),
            ("SBINO001234", None, Some("IFSC_LETTER_O"), "XXXXXXXXXXX"),
            ("SBIN1001234", None, Some("IFSC_INVALID"), "XXXXXXXXXXX"),
            ("SB1N0001234", None, Some("IFSC_INVALID"), "XXXXXXXXXXX"),
            ("SBIN000123", None, Some("IFSC_INVALID"), "XXXXXXXXXXX"),
            ("", None, None, ""),
            ("NIL", None, None, ""),
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
        fn never_panics_idempotent(text in ".*|[A-Z]{4}[0O][A-Z0-9]{5,7}") {
            let normal = normalise(&text);
            prop_assert!(normal.is_none() || issue(&text).is_none());
            prop_assert_eq!(normal.as_deref().and_then(normalise), normal);
            let _ = mask(&text);
        }
    }
}
