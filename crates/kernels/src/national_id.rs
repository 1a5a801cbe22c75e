//! The national id of a programme, by its scheme: `aadhaar` (People Hub), `cnic` (Ehsaas), any other is a plain code.
//!
//! ```
//! use milaan_kernels::national_id;
//! assert_eq!(national_id::normalise("cnic", "35202-4567891-3").as_deref(), Some("3520245678913"));
//! assert_eq!(national_id::mask("aadhaar", "234123412346"), "XXXX-XXXX-2346");
//! ```

use crate::{aadhaar, cnic, identifier};

/// The normal form by the scheme's own rule; `None` when empty or when [`issue`] has something to say. Idempotent.
pub fn normalise(scheme: &str, text: &str) -> Option<String> {
    match scheme {
        "aadhaar" => aadhaar::normalise(text),
        "cnic" => cnic::normalise(text),
        _ => identifier::normalise(text),
    }
}

/// The scheme's issue code (see [`aadhaar::issue`], [`cnic::issue`], [`identifier::issue`]); `None` when fine or empty.
pub fn issue(scheme: &str, text: &str) -> Option<&'static str> {
    match scheme {
        "aadhaar" => aadhaar::issue(text),
        "cnic" => cnic::issue(text),
        _ => identifier::issue(text),
    }
}

/// The scheme's mask; empty stays empty.
pub fn mask(scheme: &str, text: &str) -> String {
    match scheme {
        "aadhaar" => aadhaar::mask(text),
        "cnic" => cnic::mask(text),
        _ => identifier::mask(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes() {
        for (scheme, text, normal, code, masked) in [
            ("aadhaar", "2341 2341 2346", Some("234123412346"), None, "XXXX-XXXX-2346"),
            ("aadhaar", "35202-4567891-3", None, Some("ID_LENGTH"), "XXXX-XXXX-XXXX"),
            ("cnic", "35202-4567891-3", Some("3520245678913"), None, "XXXXX-XXXX891-X"),
            ("voter", "abc 123", Some("ABC123"), None, "XXXX23"),
            ("cnic", "", None, None, ""),
        ] {
            let read = (normalise(scheme, text), issue(scheme, text), mask(scheme, text));
            assert_eq!(
                read,
                (normal.map(str::to_owned), code, masked.to_owned()),
                "{scheme} {text}"
            );
        }
    }
}
