//! Text whose letters are not what they say: typed in a font that is no Unicode, or read in a wrong encoding.
//!
//! Telugu was long typed in fonts (Anu, Shree-Lipi) that draw Telugu shapes in the places of Western signs, Urdu in InPage's
//! own codes; exported, such names are `uÛ+ßêüú`. And UTF-8 read as Windows-1252 turns రాము into `à°°à°¾à°®à±`. Neither is
//! repaired: what a font drew where is not known here. Hindi in Kruti Dev is plain ASCII (`jke`) and is not recognised.

use super::{Script, of_char};

/// What Windows-1252 has in 80-9F, and not as control codes.
const WINDOWS: [(char, u8); 27] = [
    ('€', 0x80),
    ('‚', 0x82),
    ('ƒ', 0x83),
    ('„', 0x84),
    ('…', 0x85),
    ('†', 0x86),
    ('‡', 0x87),
    ('ˆ', 0x88),
    ('‰', 0x89),
    ('Š', 0x8a),
    ('‹', 0x8b),
    ('Œ', 0x8c),
    ('Ž', 0x8e),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('˜', 0x98),
    ('™', 0x99),
    ('š', 0x9a),
    ('›', 0x9b),
    ('œ', 0x9c),
    ('ž', 0x9e),
    ('Ÿ', 0x9f),
];

/// Why the letters of a text cannot be taken for what they are, on the raw text; `None` when they can.
///
/// * `TEXT_WRONG_ENCODING`: UTF-8 of our scripts read as Windows-1252, or letters already replaced by U+FFFD
/// * `TEXT_LEGACY_FONT`: signs and accented letters as no name in Latin letters has them
pub fn damage(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    if text.contains('\u{fffd}') || is_misread(text) {
        Some("TEXT_WRONG_ENCODING")
    } else if is_legacy(text) {
        Some("TEXT_LEGACY_FONT")
    } else {
        None
    }
}

/// Whether the text's bytes in Windows-1252 are good UTF-8 of Telugu, Devanagari or Arabic letters.
fn is_misread(text: &str) -> bool {
    let bytes: Option<Vec<u8>> = text.chars().map(windows_byte).collect();
    // A cut cell may end inside a letter.
    let letters = bytes.map(|bytes| match String::from_utf8(bytes) {
        Ok(read) => read,
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let is_cut = bytes.len() - good < 4;
            String::from_utf8_lossy(if is_cut { &bytes[..good] } else { &[] }).into_owned()
        }
    });
    letters.is_some_and(|read| {
        let native =
            |c: char| matches!(of_char(c), Script::Telugu | Script::Devanagari | Script::Arabic);
        read.chars().filter(|c| native(*c)).count() >= 2
    })
}

fn windows_byte(c: char) -> Option<u8> {
    let listed = WINDOWS.iter().find(|(sign, _)| *sign == c).map(|(_, byte)| *byte);
    listed.or_else(|| u8::try_from(u32::from(c)).ok())
}

fn is_legacy(text: &str) -> bool {
    let (mut signs, mut accented, mut plain, mut ascii_signs) = (0, 0, 0, 0);
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => plain += 1,
            // The masculine and feminine signs and the middle dot stand in good names and addresses.
            'ª' | 'º' | '·' | '´' | '‘' | '’' | '“' | '”' | '–' | '—' | '\u{a0}' | '\u{ad}' =>
                {}
            '¡'..='¿' | '×' | '÷' => signs += 1,
            'À'..='ÿ' | 'Š' | 'Œ' | 'Ž' | 'š' | 'œ' | 'ž' | 'Ÿ' => accented += 1,
            _ if WINDOWS.iter().any(|(sign, _)| *sign == c) => signs += 1,
            '+' | '=' | '<' | '>' | '|' | '~' | '^' | '{' | '}' | '[' | ']' | '#' | '$' | '%' => {
                ascii_signs += 1;
            }
            _ if c.is_alphabetic() => return false, // real letters of another script
            _ => {}
        }
    }
    signs >= 2
        || (signs >= 1 && accented >= 2)
        || (accented >= 3 && accented > plain)
        || (signs + accented >= 2 && ascii_signs >= 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn damaged_and_sound() {
        for (text, expected) in [
            ("uÛ+ßêüú", Some("TEXT_LEGACY_FONT")),
            ("Å£¡Nü", Some("TEXT_LEGACY_FONT")),
            ("ÇÍãÏ Úáí", Some("TEXT_LEGACY_FONT")),
            ("à°°à°¾à°®à±", Some("TEXT_WRONG_ENCODING")),
            ("à¤°à¤¾à¤®", Some("TEXT_WRONG_ENCODING")),
            ("Ø§Ø\u{ad}Ù…Ø¯", Some("TEXT_WRONG_ENCODING")),
            ("Ram\u{fffd}lu", Some("TEXT_WRONG_ENCODING")),
            ("Lakshmi", None),
            ("లక్ష్మి", None),
            ("राम", None),
            ("احمد", None),
            ("José Ñandú", None),
            ("Müller", None),
            ("D’Souza", None),
            ("Þórður", None),
            ("Ramu – Raju", None),
            ("", None),
        ] {
            assert_eq!(damage(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn our_scripts_are_sound_and_misread_is_seen(text in "[\\u{c05}-\\u{c39}\\u{c3e}-\\u{c44}]{2,10}|[\\u{905}-\\u{939}]{2,10}|[\\u{628}-\\u{63a}]{2,10}") {
            prop_assert_eq!(damage(&text), None);
            let misread: String = text
                .bytes()
                .map(|byte| WINDOWS.iter().find(|(_, b)| *b == byte).map_or(char::from(byte), |(c, _)| *c))
                .collect();
            prop_assert_eq!(damage(&misread), Some("TEXT_WRONG_ENCODING"));
        }

        #[test]
        fn never_panics(text in ".*|[\\u{80}-\\u{ff}]*") {
            let _ = damage(&text);
        }
    }
}
