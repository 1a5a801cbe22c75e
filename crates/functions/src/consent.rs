//! What counts as consent.

use milaan_kernels::{text, yes_no};

/// Whether a text states consent: yes, or the way it was given (a form, e-KYC, OTP, biometric: SOP 3.8 knows the manual form
/// and e-consent by e-KYC). Anything else does not.
pub(crate) fn given(stated: &str) -> bool {
    if let Some(answer) = yes_no::parse(stated) {
        return answer;
    }
    let folded = text::fold(stated).replace(' ', "");
    ["form", "manual", "signed", "ekyc", "econsent", "otp", "biometric", "thumb"]
        .iter()
        .any(|way| folded.contains(way))
}
