//! Words and abbreviations for sex, in English, Telugu, Hindi and Urdu: `M`, `F` or `O`.
//!
//! Numbers (1, 2) are codes of a department and belong to its pipeline. A title or a CNIC's parity is no answer here.
//!
//! ```
//! use milaan_kernels::gender;
//! assert_eq!(gender::parse("స్త్రీ"), Some("F"));
//! assert_eq!(gender::parse("Male"), Some("M"));
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text;

const WORDS: &[(&str, &[&str])] = &[
    (
        "M",
        &[
            "m",
            "male",
            "man",
            "men",
            "boy",
            "gents",
            "gent",
            "పురుషుడు",
            "పురుష",
            "పు",
            "మగ",
            "మగవాడు",
            "पुरुष",
            "पु",
            "नर",
            "मर्द",
            "आदमी",
            "مرد",
            "مذکر",
            "purush",
            "purushudu",
            "mard",
        ],
    ),
    (
        "F",
        &[
            "f",
            "female",
            "fe male",
            "woman",
            "women",
            "girl",
            "ladies",
            "lady",
            "స్త్రీ",
            "మహిళ",
            "ఆడ",
            "महिला",
            "स्त्री",
            "म",
            "औरत",
            "عورت",
            "خاتون",
            "مونث",
            "stri",
            "stree",
            "sthree",
            "mahila",
            "aurat",
            "khatoon",
        ],
    ),
    (
        "O",
        &[
            "o",
            "t",
            "tg",
            "other",
            "others",
            "transgender",
            "trans gender",
            "third gender",
            "third",
            "x",
            "ఇతర",
            "ఇతరులు",
            "ట్రాన్స్ జెండర్",
            "హిజ్రా",
            "अन्य",
            "ट्रांसजेंडर",
            "किन्नर",
            "دیگر",
            "خواجہ سرا",
            "hijra",
            "khwaja sira",
        ],
    ),
];

static LETTERS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let pairs = WORDS
        .iter()
        .flat_map(|(letter, words)| words.iter().map(|word| (text::fold(word), *letter)));
    pairs.collect()
});

/// `M`, `F` or `O` (transgender, third, other); `None` for empty text, placeholders and words not known.
pub fn parse(text: &str) -> Option<&'static str> {
    LETTERS.get(&text::fold(&text::clean(text)?)).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words() {
        for (text, expected) in [
            ("M", Some("M")),
            (" male ", Some("M")),
            ("FEMALE", Some("F")),
            ("F.", Some("F")),
            ("పురుషుడు", Some("M")),
            ("మహిళ", Some("F")),
            ("महिला", Some("F")),
            ("مرد", Some("M")),
            ("عورت", Some("F")),
            ("Trans-Gender", Some("O")),
            ("خواجہ سرا", Some("O")),
            ("1", None),
            ("unknown", None),
            ("NA", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        let words: usize = WORDS.iter().map(|(_, words)| words.len()).sum();
        let mut seen: HashMap<String, &str> = HashMap::with_capacity(words);
        for (letter, list) in WORDS {
            for word in *list {
                let before = seen.insert(text::fold(word), letter);
                assert!(before.is_none_or(|b| b == *letter), "{word}");
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
