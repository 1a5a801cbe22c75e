//! What counts as consent (`domain.md` A19, clause 3.8).
//!
//! ```
//! use milaan_kernels::consent;
//! assert!(consent::given("signed form"));
//! assert!(!consent::given("form not signed"));
//! ```

use crate::{text, words, yes_no};

/// Whether a text states consent: yes, or the way it was given (a form, e-KYC, OTP, biometric: SOP 3.8 knows the manual form
/// and e-consent by e-KYC), unless it says that this was not given, failed or is awaited. Anything else does not.
pub fn given(stated: &str) -> bool {
    if let Some(answer) = yes_no::parse(stated) {
        return answer;
    }
    let folded = text::fold(stated);
    if words::is_negated(&folded) {
        return false;
    }
    let folded = folded.replace(' ', "");
    ["form", "manual", "signed", "ekyc", "econsent", "otp", "biometric", "thumb"]
        .iter()
        .any(|way| folded.contains(way))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_given_is_no_consent() {
        for stated in
            ["Yes", "e-KYC", "signed form", "Form signed by guardian", "OTP", "thumb impression"]
        {
            assert!(given(stated), "{stated}");
        }
        for stated in [
            "No",
            "e-KYC not done",
            "ekyc failed",
            "eKYC pending",
            "ekyc rejected",
            "no e-KYC",
            "eKYC expired",
            "no form",
            "form not signed",
            "form (not obtained)",
            "form lost",
            "consent form awaited",
            "ekyc नहीं",
            "later",
        ] {
            assert!(!given(stated), "{stated}");
        }
    }
}
