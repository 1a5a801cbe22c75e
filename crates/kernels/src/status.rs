//! What a status word says of a person or benefit: deceased, stopped, migrated or active; English, Telugu, Hindi, Urdu.
//!
//! A pipeline's word table goes before these (`pipelines/*/words/status.toml`).
//!
//! ```
//! use milaan_kernels::status;
//! assert_eq!(status::parse("Expired"), Some("deceased"));
//! assert_eq!(status::parse("మరణించారు"), Some("deceased"));
//! assert_eq!(status::parse("Active"), Some("active"));
//! ```

use std::sync::LazyLock;

use crate::words::Words;

/// What a status may mean.
pub const MEANINGS: &[&str] = &["deceased", "stopped", "migrated", "active"];

const WORDS: &[(&str, &[&str])] = &[
    (
        "deceased",
        &[
            "deceas*",
            "dead*",
            "died*",
            "expired*",
            "expire",
            "late",
            "late sri*",
            "late smt*",
            "death",
            "death *",
            "demise*",
            "మరణిం*",
            "మృతి*",
            "మృతు*",
            "చనిపో*",
            "మరణ*",
            "मृत*",
            "स्वर्गीय*",
            "दिवंगत*",
            "मर गय*",
            "फौत*",
            "وفات*",
            "فوت*",
            "متوفی*",
            "مرحوم*",
            "مر گیا*",
            "marani*",
            "mruta*",
            "mrit*",
            "faut*",
            "fot",
            "mutawaf*",
        ],
    ),
    (
        "stopped",
        &[
            "stop*",
            "cancel*",
            "inactive*",
            "in active*",
            "suspend*",
            "ceased*",
            "closed*",
            "terminat*",
            "blocked*",
            "రద్దు*",
            "నిలిపి*",
            "निरस्त*",
            "रद्द*",
            "बंद*",
            "منسوخ*",
            "بند*",
        ],
    ),
    (
        "migrated",
        &[
            "migrat*",
            "moved*",
            "shifted*",
            "left the village*",
            "వలస*",
            "पलायन*",
            "प्रवासी*",
            "نقل مکانی*",
        ],
    ),
    (
        "active",
        &[
            "active*",
            "alive*",
            "living*",
            "live",
            "eligible",
            "approved*",
            "sanction*",
            "in payment",
            "జీవి*",
            "బ్రతికి*",
            "క్రియాశీల*",
            "जीवित*",
            "जिंदा*",
            "सक्रिय*",
            "زندہ*",
            "حیات*",
            "فعال*",
        ],
    ),
];

static TABLE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(WORDS.iter().flat_map(|(meaning, words)| words.iter().map(|word| (*meaning, *word))))
});

/// One of [`MEANINGS`]; `None` for empty text, placeholders and words not known.
pub fn parse(text: &str) -> Option<&'static str> {
    let meaning = TABLE.meaning(text)?;
    MEANINGS.iter().find(|known| **known == meaning).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text;

    #[test]
    fn words() {
        for (text, expected) in [
            ("DECEASED", Some("deceased")),
            ("Died on 01-02-2020", Some("deceased")),
            ("Late", Some("deceased")),
            ("latest list", None),
            ("Death reported", Some("deceased")),
            ("చనిపోయారు", Some("deceased")),
            ("मृतक", Some("deceased")),
            ("مرحوم", Some("deceased")),
            ("وفات پا گئے", Some("deceased")),
            ("ALIVE", Some("active")),
            ("In-active", Some("stopped")),
            ("Inactive", Some("stopped")),
            ("Cancelled", Some("stopped")),
            ("Migrated out", Some("migrated")),
            ("pending", None),
            ("NA", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    /// The status column is a folded word: it must mean what the raw text meant.
    #[test]
    fn folded_words_mean_the_same() {
        for (meaning, words) in WORDS {
            for word in *words {
                let text = word.trim_end_matches('*').trim_end();
                assert_eq!(parse(text).is_some(), parse(&text::fold(text)).is_some(), "{text}");
                assert_eq!(parse(&text::fold(word)).or(Some(meaning)), Some(*meaning), "{word}");
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
