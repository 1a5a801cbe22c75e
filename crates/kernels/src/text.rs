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
    "not provided",
    "not mentioned",
    "not recorded",
    "no data",
];

/// What spreadsheets write where a formula failed, lower case.
const ERRORS: &[&str] = &[
    "#n/a",
    "#na",
    "#ref!",
    "#value!",
    "#name?",
    "#div/0!",
    "#null!",
    "#num!",
    "#error!",
    "#spill!",
    "#calc!",
    "#field!",
    "#blocked!",
    "#connect!",
    "#getting_data",
    "#unknown!",
];

/// What says that a cell is as the one above it, lower case; the signs for it are in [`loss`].
const DITTO: &[&str] = &[
    "ditto",
    "ditto ditto",
    "as above",
    "same as above",
    "as per above",
    "उपरोक्त",
    "यथोपरि",
    "ایضا",
    "ایضاً",
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
    let cleaned = form(text);
    if is_nothing(&cleaned) { None } else { Some(cleaned) }
}

/// The one form of a text, also where that says nothing.
fn form(text: &str) -> Cow<'_, str> {
    if is_clean_ascii(text) {
        Cow::Borrowed(text)
    } else if text.is_ascii() || script::is_normal(text) {
        Cow::Owned(collapse(text.chars()))
    } else {
        // Invisible characters go first, so that what they held apart can compose.
        Cow::Owned(collapse(text.chars().filter(|c| !is_invisible(*c)).nfkc()))
    }
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

/// Why a cell that reads as nothing once held a value, or stands for one: it is lost, and somebody should know. `None` for every
/// other text.
///
/// * `CELL_ERROR`: a spreadsheet's error (`#REF!`, `#N/A`), or `####` of a column too narrow to be exported
/// * `CELL_DITTO`: as above (`ditto`, `-do-`, `"`); what stood above is not known once rows are sorted
/// * `TEXT_WRONG_ENCODING`: four question marks or more and nothing else, where letters were
pub fn loss(text: &str) -> Option<&'static str> {
    // Most cells tell by their first letter that they are none of these.
    let first = text.bytes().find(|byte| !byte.is_ascii_whitespace())?;
    if text.len() > LOST_BYTES || !may_be_lost(first) { None } else { loss_of(&form(text)) }
}

/// A lost cell is no longer.
const LOST_BYTES: usize = 64;

fn may_be_lost(first: u8) -> bool {
    !first.is_ascii_alphanumeric() || b"aAdDeEsS".contains(&first)
}

/// [`loss`] of a text that is cleaned.
fn loss_of(cleaned: &str) -> Option<&'static str> {
    let all = |sign: char, least: usize| {
        let count = cleaned.bytes().filter(|byte| *byte == sign as u8).count();
        count >= least && cleaned.chars().all(|c| c == sign || c == ' ')
    };
    let is_error = || ERRORS.iter().any(|word| word.eq_ignore_ascii_case(cleaned));
    match *cleaned.as_bytes().first()? {
        b'#' => (all('#', 3) || is_error()).then_some("CELL_ERROR"),
        b'?' => all('?', 4).then_some("TEXT_WRONG_ENCODING"),
        b'e' | b'E' => is_error_code(cleaned).then_some("CELL_ERROR"),
        _ => is_ditto(cleaned).then_some("CELL_DITTO"),
    }
}

/// `Err:502`, as LibreOffice writes it.
fn is_error_code(cleaned: &str) -> bool {
    cleaned.split_once(':').is_some_and(|(word, code)| {
        word.eq_ignore_ascii_case("err")
            && code.len() == 3
            && code.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_ditto(cleaned: &str) -> bool {
    let is_mark = |c: char| matches!(c, '"' | '“' | '”' | '„' | '〃' | '〟' | '″' | '′' | '˝');
    let is_around =
        |c: char| is_mark(c) || matches!(c, '-' | '–' | '—' | '.' | ' ' | '_' | '=' | '\'' | ',');
    let inside = cleaned.trim_matches(is_around);
    if inside.is_empty() {
        // Two quotes are an empty text that was quoted twice.
        let marks = || cleaned.chars().filter(|c| is_mark(*c));
        return marks().next().is_some() && !(marks().count() == 2 && marks().all(|c| c == '"'));
    }
    DITTO.iter().any(|word| word.eq_ignore_ascii_case(inside))
        || (inside.len() < cleaned.len() && inside.eq_ignore_ascii_case("do"))
}

/// Whether a cleaned text says nothing: empty, punctuation only, one of [`NOTHING`], or what is lost.
fn is_nothing(cleaned: &str) -> bool {
    // Every word of the list begins with one of these letters or signs.
    let may_be = |first: u8| {
        !first.is_ascii_alphanumeric() || matches!(first, b'n' | b'N' | b'b' | b'B' | b'u' | b'U')
    };
    if cleaned.starts_with("00") && ZERO_DATES.contains(&cleaned) {
        return true;
    }
    let Some(first) = cleaned.bytes().next() else { return true };
    if cleaned.len() <= LOST_BYTES && may_be_lost(first) && loss_of(cleaned).is_some() {
        return true;
    }
    if cleaned.len() > 20 || !may_be(first) {
        return false;
    }
    cleaned.chars().all(|c| {
        matches!(c, '-' | '.' | '_' | '*' | '?' | '/' | ',' | '–' | '—' | ' ' | '\'' | '"')
    }) || NOTHING.iter().any(|word| word.eq_ignore_ascii_case(cleaned))
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
            ("\"\"", None),
            ("'", None),
            ("????", None),
            ("-do-", None),
            ("do", Some("do")),
            ("Ditto Rao", Some("Ditto Rao")),
            ("# 12", Some("# 12")),
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
    fn what_is_lost() {
        for (text, expected) in [
            ("#REF!", Some("CELL_ERROR")),
            (" #n/a ", Some("CELL_ERROR")),
            ("#DIV/0!", Some("CELL_ERROR")),
            ("#######", Some("CELL_ERROR")),
            ("Err:502", Some("CELL_ERROR")),
            ("????", Some("TEXT_WRONG_ENCODING")),
            ("???? ?????", Some("TEXT_WRONG_ENCODING")),
            ("???", None),
            ("-do-", Some("CELL_DITTO")),
            ("\"do\"", Some("CELL_DITTO")),
            ("Ditto", Some("CELL_DITTO")),
            ("-ditto-", Some("CELL_DITTO")),
            ("Same as above", Some("CELL_DITTO")),
            ("\"", Some("CELL_DITTO")),
            ("-\"-", Some("CELL_DITTO")),
            ("〃", Some("CELL_DITTO")),
            ("″", Some("CELL_DITTO")),
            ("उपरोक्त", Some("CELL_DITTO")),
            ("ایضاً", Some("CELL_DITTO")),
            ("\"\"", None),
            ("'", None),
            ("-", None),
            ("NA", None),
            ("do", None),
            ("#1", None),
            ("Err:", None),
            ("Ravi", None),
            ("", None),
        ] {
            assert_eq!(loss(text), expected, "{text:?}");
            assert!(expected.is_none() || clean(text).is_none(), "{text:?}");
        }
        for word in ERRORS.iter().chain(DITTO) {
            assert!(loss(word).is_some() && clean(&word.to_uppercase()).is_none(), "{word}");
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

        /// The short way of [`loss`] leaves nothing out, and what is lost is nothing.
        #[test]
        fn lost_is_nothing(text in "[-#?!\"'doDit /naE:0-9]{0,8}|.{0,12}") {
            let normal = collapse(text.chars().filter(|c| !is_invisible(*c)).nfkc());
            let lost = loss_of(&normal);
            prop_assert!(lost.is_none() || clean(&text).is_none());
            prop_assert!(text != normal || loss(&text) == lost);
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
