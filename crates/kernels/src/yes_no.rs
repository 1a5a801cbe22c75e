//! Yes and no in English, Telugu, Hindi and Urdu, as true, false, 1 and 0, and as ticks and crosses.
//!
//! ```
//! use milaan_kernels::yes_no;
//! assert_eq!(yes_no::parse("అవును"), Some(true));
//! assert_eq!(yes_no::parse("N"), Some(false));
//! ```

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::text;

const YES: &[&str] = &[
    "y",
    "yes",
    "true",
    "t",
    "1",
    "ok",
    "haan",
    "han",
    "ji",
    "avunu",
    "అవును",
    "हाँ",
    "हां",
    "जी हाँ",
    "ہاں",
    "جی ہاں",
];
const NO: &[&str] = &[
    "n",
    "no",
    "not",
    "false",
    "f",
    "0",
    "nahi",
    "nahin",
    "kadu",
    "ledu",
    "కాదు",
    "లేదు",
    "नहीं",
    "نہیں",
    "جی نہیں",
];

static ANSWERS: LazyLock<HashMap<String, bool>> = LazyLock::new(|| {
    let yes = YES.iter().map(|word| (text::fold(word), true));
    yes.chain(NO.iter().map(|word| (text::fold(word), false))).collect()
});

/// `true`, `false`, or `None` for empty text, placeholders (`NA` is no "no") and words not known.
pub fn parse(text: &str) -> Option<bool> {
    let cleaned = text::clean(text)?;
    match cleaned.as_str() {
        "✓" | "✔" | "☑" | "√" => Some(true),
        "✗" | "✘" | "☒" => Some(false),
        _ => ANSWERS.get(&text::fold(&cleaned)).copied(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words() {
        for (text, expected) in [
            ("Yes", Some(true)),
            ("Y.", Some(true)),
            ("TRUE", Some(true)),
            ("1", Some(true)),
            ("౧", Some(true)),
            ("ہاں", Some(true)),
            ("✓", Some(true)),
            ("✗", Some(false)),
            ("हाँ", Some(true)),
            ("no", Some(false)),
            ("0", Some(false)),
            ("కాదు", Some(false)),
            ("नहीं", Some(false)),
            ("نہیں", Some(false)),
            ("NA", None),
            ("2", None),
            ("maybe", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = parse(&text);
        }
    }
}
