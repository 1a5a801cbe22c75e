//! Text as departments send it, made comparable: one Unicode form, no invisible characters, single spaces.
//!
//! Invariant: [`clean`] changes how a text is written, never what it says; [`fold`] is for looking words up (headers,
//! places, status words) and may merge spellings.
//!
//! ```
//! use milaan_kernels::text;
//! assert_eq!(text::clean("  Guntur\u{a0}\u{200b} Urban ").as_deref(), Some("Guntur Urban"));
//! assert_eq!(text::clean("N/A"), None);
//! assert_eq!(text::fold("Name_of the Village (గ్రామం)"), "name of the village gramam");
//! ```

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::script;

/// What clerks and programs write when they have nothing to say, lower case. Single punctuation marks are covered by
/// [`is_nothing`] itself.
const NOTHING: &[&str] = &[
    "na",
    "n/a",
    "n.a",
    "n.a.",
    "#n/a",
    "#na",
    "#ref!",
    "#value!",
    "#name?",
    "#div/0!",
    "#null!",
    "#num!",
    "nan",
    "nil",
    "nill",
    "null",
    "(null)",
    "<null>",
    "none",
    "blank",
    "(blank)",
    "undefined",
    "unknown",
    "not known",
    "not available",
    "not applicable",
    "not given",
    "no data",
];

/// Days that databases write for none.
const ZERO_DATES: &[&str] = &[
    "00-00-0000",
    "00/00/0000",
    "00.00.0000",
    "0000-00-00",
    "0000/00/00",
    "0000-00-00 00:00:00",
    "00-00-0000 00:00:00",
    "00/00/0000 00:00:00",
];

/// NFKC, without zero-width, bidi and control characters, white space (no-break spaces too) collapsed and trimmed.
///
/// `None` when nothing is left or the text is a placeholder for nothing: `na`, `n/a`, `null`, `nil`, `none`, `#N/A`,
/// `not available`, `-`, `--`, `.` and the like, in any case. Idempotent.
pub fn clean(text: &str) -> Option<String> {
    cleaned(text).map(Cow::into_owned)
}

/// [`clean`], borrowing what is clean already: most cells are.
pub fn cleaned(text: &str) -> Option<Cow<'_, str>> {
    let cleaned = if is_clean_ascii(text) {
        Cow::Borrowed(text)
    } else if text.is_ascii() || script::is_normal(text) {
        Cow::Owned(collapse(text.chars()))
    } else {
        // Invisible characters go first, so that what they held apart can compose.
        Cow::Owned(collapse(text.chars().filter(|c| !is_invisible(*c)).nfkc()))
    };
    if is_nothing(&cleaned) { None } else { Some(cleaned) }
}

/// Printable ASCII with single spaces inside and none around.
fn is_clean_ascii(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        if !matches!(byte, b' '..=b'~') || (byte == b' ' && before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' '
}

/// Romanised, lower case, ASCII letters and digits only, everything else one space: for words, headers and place names.
///
/// Digits of every script become 0-9. Empty when the text has no letter or digit. Idempotent.
pub fn fold(text: &str) -> String {
    let digits = script::ascii_digits(text);
    let latin = script::romanise(&digits);
    let mut folded = String::with_capacity(latin.len());
    for c in latin.chars() {
        if c.is_ascii_alphanumeric() {
            folded.push(c.to_ascii_lowercase());
        } else if !is_invisible(c) && !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Whether a character shows nothing and is no white space: zero-width, bidi marks, BOM, soft hyphen, controls.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}'
    ) || (c.is_control() && !c.is_whitespace())
}

fn collapse(chars: impl Iterator<Item = char>) -> String {
    let mut collapsed = String::new();
    for c in chars {
        if c.is_whitespace() {
            if !collapsed.is_empty() && !collapsed.ends_with(' ') {
                collapsed.push(' ');
            }
        } else if !is_invisible(c) {
            collapsed.push(c);
        }
    }
    collapsed.truncate(collapsed.trim_end().len());
    collapsed
}

/// Whether a cleaned text says nothing: empty, punctuation only, or one of [`NOTHING`].
fn is_nothing(cleaned: &str) -> bool {
    // Every word of the list begins with one of these letters or signs.
    let may_be = |first: &u8| {
        !first.is_ascii_alphanumeric() || matches!(first, b'n' | b'N' | b'b' | b'B' | b'u' | b'U')
    };
    if cleaned.starts_with("00") && ZERO_DATES.contains(&cleaned) {
        return true;
    }
    if cleaned.len() > 20 || cleaned.as_bytes().first().is_some_and(|first| !may_be(first)) {
        return false;
    }
    cleaned.chars().all(|c| matches!(c, '-' | '.' | '_' | '*' | '?' | '/' | ',' | '–' | '—' | ' '))
        || NOTHING.iter().any(|word| word.eq_ignore_ascii_case(cleaned))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cleaning() {
        for (text, expected) in [
            ("", None),
            ("  \t\u{a0}\u{feff} ", None),
            ("-", None),
            ("--", None),
            (".", None),
            ("NA", None),
            ("n/a", None),
            ("Null", None),
            ("NIL", None),
            ("None", None),
            ("#N/A", None),
            ("Not  Available", None),
            ("ＮＡ", None),
            (" Guntur ", Some("Guntur")),
            ("a\u{200b}b\u{200d}c", Some("abc")),
            ("\u{202a}Ramulu\u{202c}", Some("Ramulu")),
            ("Ramu\u{a0}\n lu", Some("Ramu lu")),
            ("Ｒａｍｕ", Some("Ramu")),
            ("ﷲ", Some("الله")),
            ("Nala", Some("Nala")),
            ("0", Some("0")),
        ] {
            assert_eq!(clean(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn every_word_for_nothing_is_found() {
        for word in NOTHING {
            assert_eq!(clean(&word.to_uppercase()), None, "{word}");
        }
    }

    #[test]
    fn folding() {
        for (text, expected) in [
            ("", ""),
            ("Sl.No.", "sl no"),
            ("AADHAAR_NO", "aadhaar no"),
            ("  D.O.B (dd/mm/yyyy) ", "d o b dd mm yyyy"),
            ("Café №１", "cafe no1"),
            ("గ్రామం", "gramam"),
            ("౧౨౩", "123"),
            ("—", ""),
        ] {
            assert_eq!(fold(text), expected, "{text:?}");
        }
    }

    proptest! {
        /// The plain reading, without the short ways of [`cleaned`].
        #[test]
        fn clean_is_nfkc_collapsed(text in "[ -~]{0,12}|\\PC{0,12}|[\\u{600}-\\u{6ff}\\u{900}-\\u{97f}\\u{c00}-\\u{c7f} ]{0,10}") {
            let normal = collapse(text.chars().filter(|c| !is_invisible(*c)).nfkc());
            let expected = (!is_nothing(&normal)).then_some(normal);
            prop_assert_eq!(clean(&text), expected);
        }

        #[test]
        fn clean_is_idempotent(text in "\\PC*|.{0,20}") {
            let once = clean(&text);
            prop_assert_eq!(once.as_deref().and_then(clean), once);
        }

        #[test]
        fn fold_is_idempotent_ascii(text in ".*") {
            let once = fold(&text);
            prop_assert!(once.bytes().all(|b| b == b' ' || b.is_ascii_lowercase() || b.is_ascii_digit()));
            prop_assert_eq!(fold(&once), once);
        }
    }
}
