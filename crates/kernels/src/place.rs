//! The folded key of a place name, to join lists of places that spell alike: Guntur, Guntooru, గుంటూరు.
//!
//! Words of kind (mandal, village, district) fall, urban and rural stay: they tell two places apart. Which code a place has
//! is a table's answer, not this one's; districts were split in 2022, so a name needs its date (`domain.md` 3, Others).
//!
//! ```
//! use milaan_kernels::place;
//! assert_eq!(place::key("Guntooru (M)"), place::key("గుంటూరు"));
//! assert_ne!(place::key("Guntur Urban"), place::key("Guntur Rural"));
//! ```

use std::sync::LazyLock;

use crate::{name, text};

/// Words that say what kind of place it is, folded.
const KINDS: &[&str] = &[
    "mandal",
    "mandalam",
    "mdl",
    "village",
    "vill",
    "vil",
    "gramam",
    "grama",
    "gram",
    "panchayat",
    "panchayati",
    "gp",
    "district",
    "dist",
    "distt",
    "dt",
    "zilla",
    "zila",
    "jilla",
    "tehsil",
    "tahsil",
    "taluk",
    "taluka",
    "taluq",
    "division",
    "revenue",
    "v",
    "m",
    "d",
    "mandalamu",
    "jila",
    "gav",
];

/// The same in Urdu, as [`text::fold`] leaves them: district, tehsil, village, division.
static URDU_KINDS: LazyLock<[String; 5]> =
    LazyLock::new(|| ["ضلع", "تحصیل", "گاؤں", "موضع", "ڈویژن"].map(text::fold));

/// The key: romanised, kinds of place dropped, spelling folded as for names, spaces dropped. `None` for empty text,
/// placeholders for nothing and text without letters or digits.
///
/// A final -u falls and -ooru, -uru, -ore are one (Nellore, నెల్లూరు). A place named by kinds alone keeps them.
pub fn key(text: &str) -> Option<String> {
    let folded = text::fold(&text::clean(text)?);
    let words = || folded.split(' ').filter(|word| !word.is_empty());
    let is_kind = |word: &str| KINDS.contains(&word) || URDU_KINDS.iter().any(|kind| kind == word);
    let named = words().any(|word| !is_kind(word));
    let key: String = words().filter(|word| !named || !is_kind(word)).map(word_key).collect();
    if key.is_empty() { None } else { Some(key) }
}

fn word_key(word: &str) -> String {
    if word.bytes().any(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    // Rajupalem II is another village than Rajupalem III.
    if word.len() > 1 && word.len() < 5 && word.bytes().all(|b| matches!(b, b'i' | b'v' | b'x')) {
        return word.to_owned();
    }
    let mut key = name::spelling_key(word);
    if key.len() > 4 && key.ends_with("ore") {
        key.truncate(key.len() - 3);
        key.push_str("ur");
    } else if key.len() > 3 && key.ends_with('u') {
        key.pop();
    }
    key
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_key() {
        for spellings in [
            &[
                "Guntur",
                "GUNTUR",
                "Guntooru",
                "Guntur (M)",
                "Guntur Mandal",
                "Guntur District",
                "గుంటూరు",
                "గుంటూరు జిల్లా",
            ][..],
            &["Nellore", "Nelluru", "Nellooru", "నెల్లూరు"],
            &["Vijayawada", "Vijaya Wada", "VIJAYA-WADA", "విజయవాడ"],
            &["Visakhapatnam", "Vishakapatnam", "Visakhapatnamu"],
            &["Chittoor", "Chittur", "చిత్తూరు"],
            &["Tenali (v)", "Tenali village", "తెనాలి"],
            &["ملتان", "ضلع ملتان"],
            &["لاہور", "تحصیل لاہور"],
            &["Guntur Rural", "Guntur-Rural Mandal"],
        ] {
            for spelling in spellings {
                assert_eq!(key(spelling), key(spellings[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn different_or_none() {
        assert_ne!(key("Guntur Urban"), key("Guntur Rural"));
        assert_ne!(key("Ward 1"), key("Ward 2"));
        assert!(key("Mandal").is_some());
        for nothing in ["", "NA", "-", "()"] {
            assert_eq!(key(nothing), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*") {
            let _ = key(&text);
        }
    }
}
