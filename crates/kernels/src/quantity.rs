//! Quantities in kind, in hundredths of kilograms, litres or pieces: `35 kg`, `1.5 క్వింటాల్`, `500 gm`, `20`.
//!
//! A pipeline's word table goes before these units (`pipelines/*/words/quantity.toml`).
//!
//! ```
//! use milaan_kernels::quantity;
//! assert_eq!(quantity::parse("35 Kgs"), Some(3_500));
//! assert_eq!(quantity::parse("1.5 quintal"), Some(15_000));
//! ```

use std::sync::LazyLock;

use crate::amount;
use crate::words::Words;

const UNITS: &[(&str, &[&str])] = &[
    (
        "1",
        &[
            "kg",
            "kgs",
            "kilo*",
            "k g",
            "కిలో*",
            "కేజీ*",
            "కి గ్రా",
            "किलो*",
            "किग्रा",
            "کلو*",
            "litre*",
            "liter*",
            "lit",
            "ltr",
            "ltrs",
            "l",
            "లీటర్*",
            "लीटर*",
            "لیٹر*",
            "no",
            "nos",
            "number*",
            "unit*",
            "piece*",
            "pcs",
            "సంఖ్య",
            "नग",
            "عدد",
        ],
    ),
    ("100", &["quintal*", "qtl", "qtls", "క్వింటా*", "क्विंटल*", "کوئنٹل*"]),
    ("1000", &["ton", "tons", "tonne*", "mt", "టన్ను*", "टन", "ٹن"]),
    ("0.001", &["g", "gm", "gms", "gram*", "గ్రా*", "ग्राम*", "گرام*", "ml", "millilit*"]),
    ("40", &["maund*", "من"]),
];

static TABLE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(UNITS.iter().flat_map(|(factor, words)| words.iter().map(|word| (*factor, *word))))
});

/// [`parse`], the words of a table before the built-in units.
pub fn parse_with(text: &str, words: &Words) -> Option<i64> {
    amount::parse_by(text, &|word| words.meaning(word).or_else(|| TABLE.meaning(word)))
}

/// The quantity in hundredths; `None` for empty text, placeholders, units not known and what [`amount::parse`] refuses.
pub fn parse(text: &str) -> Option<i64> {
    amount::parse_with(text, &TABLE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quantities() {
        for (text, expected) in [
            ("20", Some(2_000)),
            ("35 kg", Some(3_500)),
            ("35KGS.", Some(3_500)),
            ("35.5 Kilograms", Some(3_550)),
            ("౩౫ కిలోలు", Some(3_500)),
            ("20 کلو", Some(2_000)),
            ("5 लीटर", Some(500)),
            ("2 qtl", Some(20_000)),
            ("500 gms", Some(50)),
            ("1 MT", Some(100_000)),
            ("1 kg 500 gms", Some(150)),
            ("2 qtl 50 kg", Some(25_000)),
            ("1 కిలో 500 గ్రాములు", Some(150)),
            ("1 kg 500", None),
            ("2 kg 3 nos", None),
            ("2 bags", None),
            ("0.001 kg", None),
            ("1 g", None),
            ("5 g", Some(1)),
            ("0 kg", Some(0)),
            ("kg", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*|[0-9]{0,4} ?(kg|gm|క్వింటాల్)?") {
            let _ = parse(&text);
        }
    }
}
