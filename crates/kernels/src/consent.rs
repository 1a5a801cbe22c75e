//! What counts as consent (`domain.md` A19, clause 3.8).
//!
//! Invariant: a text is consent only when every word of it is known to say so. Nobody can list all that says "not given"
//! (forged, blank, mismatch, opted out), so a word that is not known makes it none.
//!
//! ```
//! use milaan_kernels::consent;
//! assert!(consent::given("signed form"));
//! assert!(!consent::given("form not signed"));
//! assert!(!consent::given("form mismatch"));
//! ```

use crate::date::{self, Layout, is_in_word};
use crate::{text, yes_no};

/// Ways in which consent is given: SOP 3.8 knows the manual form and e-consent by e-KYC.
const WAYS: &[&str] = &[
    "form",
    "manual",
    "ekyc",
    "kyc",
    "econsent",
    "esign",
    "otp",
    "biometric",
    "biometrics",
    "bio",
    "thumb",
    "lti",
    "fingerprint",
    "fingerprints",
    "finger",
    "iris",
    "signature",
    "letter",
    "affidavit",
];

/// Words that say that it was given.
const GIVEN: &[&str] = &[
    "given", "taken", "obtained", "agree", "agrees", "agreed", "accepted", "granted", "provided",
    "signed", "esigned",
];

/// Words that say so of consent alone: "consent received", "e-consent".
const OF_CONSENT: &[&str] =
    &["received", "collected", "recorded", "verified", "completed", "done", "e"];

/// Words that may stand beside those: who gave it, what it is, how it came. By themselves they say nothing.
const BESIDE: &[&str] = &[
    "consent",
    "i",
    "s", // father's
    "by",
    "of",
    "on",
    "in",
    "at",
    "the",
    "time",
    "survey",
    "enrolment",
    "enrollment",
    "registration",
    "application",
    "via",
    "through",
    "and",
    "her",
    "his",
    "their",
    "own",
    "self",
    "guardian",
    "mother",
    "father",
    "parent",
    "parents",
    "husband",
    "wife",
    "son",
    "daughter",
    "head",
    "family",
    "household",
    "beneficiary",
    "applicant",
    "resident",
    "holder",
    "person",
    "volunteer",
    "aadhaar",
    "aadhar",
    "uidai",
    "impression",
    "left",
    "right",
    "print",
    "metric",
    "scan",
    "auth",
    "authentication",
    "based",
    "mode",
    "physical",
    "written",
    "digital",
    "electronic",
    "online",
    "offline",
    "mobile",
    "submitted",
    "uploaded",
    "attached",
    "filed",
    "complete",
    "successful",
    "success",
    "dated",
    "dt",
];

/// Whether a text states consent: yes, that it was given, or the way (a form, e-KYC, OTP, biometric), with nothing beside it
/// but who gave it, how, and on which day. One word that is not known, a "no", a number or a question mark makes it none.
pub fn given(stated: &str) -> bool {
    if let Some(answer) = yes_no::parse(stated) {
        return answer;
    }
    let Some(stated) = text::cleaned(stated).filter(|stated| stated.chars().all(is_plain)) else {
        return false;
    };
    let (mut says_so, mut of_consent, mut is_consent) = (false, false, false);
    for piece in stated.split(is_between).filter(|piece| !is_day(piece)) {
        for word in text::fold(piece).split(' ').filter(|word| !word.is_empty()) {
            let says = WAYS.contains(&word) || GIVEN.contains(&word) || is_yes(word);
            let says_of_consent = OF_CONSENT.contains(&word);
            if !says && !says_of_consent && !BESIDE.contains(&word) {
                return false;
            }
            says_so |= says;
            of_consent |= says_of_consent;
            is_consent |= word == "consent";
        }
    }
    says_so || (is_consent && of_consent)
}

/// Signs in a text that change nothing about it; a question mark or a cross does.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric()
        || is_in_word(c)
        || is_between(c)
        || matches!(c, '-' | '/' | '.' | '_' | '\'' | '’' | '"' | '‐'..='—' | '✓' | '✔' | '☑' | '√')
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '+' | '&')
}

/// `12-03-2017`; not the number 20170312.
fn is_day(piece: &str) -> bool {
    piece.contains(['-', '/', '.']) && date::date(piece, Layout::DayFirst).is_ok()
}

/// Yes as a word: beside another, "1" and "t" say nothing.
fn is_yes(word: &str) -> bool {
    (word == "y" || word.len() > 1) && yes_no::parse(word) == Some(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_given() {
        for stated in [
            "Yes",
            "e-KYC",
            "eKYC - Yes",
            "Consent: Y",
            "Father's signature",
            "signed form",
            "Form",
            "FORM (signed)",
            "Form signed by guardian",
            "Form, dated 12-03-2017",
            "e-KYC on 12/03/2017",
            "OTP",
            "OTP/Biometric",
            "thumb impression",
            "Consent given",
            "Consent received",
            "e-KYC at the time of registration",
            "e-Consent",
            "I agree",
            " form\u{200b}",
            "Given",
            "Taken",
            "Agreed",
            "Obtained",
            "అవును",
            "हाँ",
            "ہاں",
            "✓",
        ] {
            assert!(given(stated), "{stated}");
        }
    }

    #[test]
    fn what_was_not_given_is_no_consent() {
        for stated in [
            "No",
            "e-KYC not done",
            "ekyc failed",
            "eKYC pending",
            "no form",
            "form not signed",
            "form (not obtained)",
            "form lost",
            "consent form awaited",
            "ekyc नहीं",
            "form లేదు",
            "later",
            "opted-out via form",
            "e-KYC N",
            "e-KYC: N",
            "OTP-N",
            "OTP(0)",
            "form 0",
            "form 2",
            "form 1",
            "e-KYC ✗",
            "[ ] form",
            "form for signature",
            "form with volunteer",
            "eKYC mismatch",
            "blank form",
            "forged form",
            "form?",
            "unsigned form",
            "platform",
            "form 99-99-2017",
            "Consent",
            "received",
            "by mother",
            "12-03-2017",
            "",
        ] {
            assert!(!given(stated), "{stated}");
        }
    }

    proptest! {
        #[test]
        fn one_unknown_word_is_enough(word in "[a-z]{3,9}", stated in "(signed )?form|e-KYC|OTP|Consent given|.*") {
            let known = [WAYS, GIVEN, OF_CONSENT, BESIDE].concat().into_iter().any(|one| one == word);
            prop_assume!(!known && yes_no::parse(&word).is_none());
            for text in [format!("{stated} {word}"), format!("{word} {stated}")] {
                prop_assert!(!given(&text), "{}", text);
            }
        }
    }
}
