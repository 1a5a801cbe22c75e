//! How a benefit stands by its status word: active, held, closed or rejected; English, Telugu, Hindi, Urdu.
//!
//! A card or pension that has expired is closed; a person who has expired is deceased: those words are in [`crate::status`].
//! A pipeline's word table goes before these (`pipelines/*/words/benefit.toml`).
//!
//! ```
//! use milaan_kernels::benefit;
//! assert_eq!(benefit::parse("PAID"), Some("active"));
//! assert_eq!(benefit::parse("On hold"), Some("held"));
//! assert_eq!(benefit::parse("Expired"), Some("closed"));
//! ```

use std::sync::LazyLock;

use crate::words::Words;

/// How a benefit may stand: given; not given for now; ended; never granted.
pub const STATES: &[&str] = &["active", "held", "closed", "rejected"];

const WORDS: &[(&str, &[&str])] = &[
    (
        "active",
        &[
            "active*",
            "paid*",
            "approved*",
            "sanction*",
            "eligible",
            "in payment",
            "in force",
            "disburs*",
            "credited*",
            "released*",
            "alive*",
            "living*",
            "live",
            "valid",
            "క్రియాశీల*",
            "చెల్లించ*",
            "मंजूर*",
            "सक्रिय*",
            "भुगतान*",
            "فعال*",
            "منظور*",
            "ادا*",
        ],
    ),
    (
        "held",
        &[
            "hold*",
            "on hold*",
            "held*",
            "withheld*",
            "blocked*",
            "unpaid*",
            "not paid*",
            "inactive*",
            "in active*",
            "suspend*",
            "pending*",
            "under verification*",
            "under review*",
            "failed*",
            "returned*",
            "not disburs*",
            "not credited*",
            "not released*",
            "నిలిపి*",
            "పెండింగ్*",
            "रोका*",
            "लंबित*",
            "निलंबित*",
            "روک*",
            "معطل*",
            "زیر التوا*",
        ],
    ),
    (
        "closed",
        &[
            "clos*",
            "stop*",
            "ceas*",
            "surrender*",
            "withdrawn*",
            "ended*",
            "expire*",
            "cancel*",
            "terminat*",
            "discontinu*",
            "deleted*",
            "migrat*",
            "deceas*",
            "dead*",
            "died*",
            "death*",
            "రద్దు*",
            "మరణ*",
            "వలస*",
            "निरस्त*",
            "रद्द*",
            "बंद*",
            "समाप्त*",
            "मृत*",
            "منسوخ*",
            "بند*",
            "ختم*",
            "وفات*",
            "فوت*",
        ],
    ),
    (
        "rejected",
        &[
            "reject*",
            "refus*",
            "denied*",
            "not eligible*",
            "ineligib*",
            "not approved*",
            "not sanction*",
            "తిరస్క*",
            "అనర్హ*",
            "अस्वीकृत*",
            "अपात्र*",
            "مسترد*",
            "نااہل*",
        ],
    ),
];

static TABLE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(WORDS.iter().flat_map(|(state, words)| words.iter().map(|word| (*state, *word))))
});

/// One of [`STATES`]; `None` for empty text, placeholders and words not known.
pub fn parse(text: &str) -> Option<&'static str> {
    let state = TABLE.meaning(text)?;
    STATES.iter().find(|known| **known == state).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text;

    #[test]
    fn words() {
        for (text, expected) in [
            ("ACTIVE", Some("active")),
            ("Paid", Some("active")),
            ("Hold", Some("held")),
            ("WITHHELD", Some("held")),
            ("Unpaid", Some("held")),
            ("Not Paid", Some("held")),
            ("In-active", Some("held")),
            ("Blocked (biometric)", Some("held")),
            ("Stopped", Some("closed")),
            ("Card expired on 3-4-2020", None),
            ("Expired on 3-4-2020", Some("closed")),
            ("Deceased", Some("closed")),
            ("Cancelled", Some("closed")),
            ("Rejected", Some("rejected")),
            ("Not eligible", Some("rejected")),
            ("రద్దు చేయబడింది", Some("closed")),
            ("مسترد", Some("rejected")),
            ("something", None),
            ("NA", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    /// The status column is a folded word: it must say what the raw text said.
    #[test]
    fn folded_words_say_the_same() {
        for (state, words) in WORDS {
            for word in *words {
                let folded = text::fold(word.trim_end_matches('*'));
                assert_eq!(parse(&folded), Some(*state), "{word}");
            }
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
