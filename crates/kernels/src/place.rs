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
    "mandalamu",
    "jila",
    "gav",
];

/// The same in Urdu, as [`text::fold`] leaves them: district, tehsil, village, division.
static URDU_KINDS: LazyLock<[String; 5]> =
    LazyLock::new(|| ["ضلع", "تحصیل", "گاؤں", "موضع", "ڈویژن"].map(text::fold));

/// Letters that say the same behind a name: `Tenali (V)`. In front they are initials: D.G. Khan.
const KIND_LETTERS: [&str; 3] = ["v", "m", "d"];

/// Words behind which a letter is a number: Block D is not Block V.
const NUMBERED: [&str; 12] = [
    "ward", "block", "sector", "phase", "unit", "zone", "colony", "street", "lane", "plot", "part",
    "no",
];

/// The key: romanised, kinds of place dropped, spelling folded as for names, spaces dropped. `None` for empty text,
/// placeholders for nothing and text without letters or digits.
///
/// A final -u falls, -ooru, -uru, -ore are one (Nellore, నెల్లూరు), and so are a final -e and -i, -pet and -peta. Numbers stay
/// apart: Chak 5/1 is not Chak 51. A place named by kinds alone keeps them.
pub fn key(text: &str) -> Option<String> {
    let cleaned = text::clean(text)?;
    let mut key = String::with_capacity(cleaned.len());
    let mut kinds = String::new();
    for part in cleaned.split(['(', ')', ',', ';']) {
        let folded = text::fold(part);
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        for (place, word) in words.iter().enumerate() {
            let (before, behind) = (words[..place].last(), &words[place + 1..]);
            let is_letter = KIND_LETTERS.contains(word)
                && !key.is_empty()
                && !before.is_some_and(|before| NUMBERED.contains(before))
                && behind.iter().all(|word| is_kind(word));
            add(if is_letter || is_kind(word) { &mut kinds } else { &mut key }, &word_key(word));
        }
    }
    end_as_one(&mut key, 3);
    [key, kinds].into_iter().find(|key| !key.is_empty())
}

fn is_kind(word: &str) -> bool {
    KINDS.contains(&word) || URDU_KINDS.iter().any(|kind| kind == word)
}

/// Words without the blank, numbers with a sign between them.
fn add(key: &mut String, word: &str) {
    let is_digit = |letter: Option<&u8>| letter.is_some_and(u8::is_ascii_digit);
    if is_digit(key.as_bytes().last()) && is_digit(word.as_bytes().first()) {
        key.push('-');
    }
    key.push_str(word);
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
    // A short word may be the beginning of one that others write together: Peta Palem, Palle Palem.
    end_as_one(&mut key, 4);
    key
}

/// One ending for -pet and -peta, -palle and -palli, in keys of more letters than that.
fn end_as_one(key: &mut String, letters: usize) {
    if key.len() <= letters {
        return;
    }
    if key.ends_with("peta") {
        key.pop();
    } else if key.ends_with('e') {
        key.pop();
        key.push('i');
    }
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
            &["Tenali (V), Tenali (M), Guntur (D)", "Tenali Tenali Guntur"],
            &["Anakapalle", "Anakapalli", "Anakapally", "అనకాపల్లి"],
            &["Narasaraopet", "Narasaraopeta", "Narasaraopet (M)"],
            &["Narasaraopet Rural", "Narasaraopeta Rural"],
            &["Petapalem", "Peta Palem"],
            &["Kothapalle", "Kotha Palli"],
            &["Chak 5/1-L", "Chak 5-1 L", "CHAK 5/1L"],
            &["D.G. Khan", "D G Khan District"],
        ] {
            for spelling in spellings {
                assert_eq!(key(spelling), key(spellings[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn different_or_none() {
        assert_ne!(key("Guntur Urban"), key("Guntur Rural"));
        for (a, b) in [
            ("Ward 1", "Ward 2"),
            ("Ward 1-2", "Ward 12"),
            ("Chak 5/1-L", "Chak 51-L"),
            ("D.G. Khan", "G. Khan"),
            ("V.V. Puram", "Puram"),
            ("M Nagar", "Nagar"),
            ("Block D", "Block V"),
        ] {
            assert_ne!(key(a), key(b), "{a} / {b}");
        }
        assert!(key("ملتان").is_some_and(|key| key.starts_with('m')));
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
