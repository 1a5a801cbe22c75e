//! Scripts: which one a text is in, its digits as 0-9, its letters as Latin.
//!
//! Romanising is ours because generic crates drop the inherent vowel of Indian scripts (లక్ష్మి became `lksmi`).
//! Telugu and Devanagari are spelled out from tables of the two abugidas (`abugida.rs`); Urdu and Arabic writing has
//! no short vowels, so it gives consonants and long vowels, with whole words for the commonest names (`urdu.rs`).
//!
//! Invariant: letters that are Latin already keep their case and order; a letter of a script without a table stays.
//!
//! ```
//! use milaan_kernels::script;
//! assert_eq!(script::romanise("లక్ష్మి"), "lakshmi");
//! assert_eq!(script::romanise("रामदेव"), "ramdev");
//! assert_eq!(script::romanise("غلام حسین"), "ghulam husain");
//! assert_eq!(script::ascii_digits("౩౧-०८-۲۰۱۷"), "31-08-2017");
//! ```

mod abugida;
mod damage;
mod letter_names;
mod urdu;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub use self::damage::damage;
use crate::text::is_invisible;

/// The script most of a text's letters are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    /// Latin letters, with or without diacritics.
    Latin,
    /// Telugu.
    Telugu,
    /// Devanagari (Hindi, Marathi).
    Devanagari,
    /// Arabic letters (Urdu, Sindhi, Pashto, Arabic), presentation forms too.
    Arabic,
    /// Letters of one or more scripts without a table here, or no letters at all.
    Other,
    /// Letters of more than one of the scripts above.
    Mixed,
}

/// The script of the letters of `text`; digits, punctuation and marks do not count. No letters: [`Script::Other`].
pub fn script_of(text: &str) -> Script {
    let mut seen = None;
    for script in text.chars().filter(|c| c.is_alphabetic()).map(of_char) {
        match seen {
            None => seen = Some(script),
            Some(one) if one == script => {}
            Some(_) => return Script::Mixed,
        }
    }
    seen.unwrap_or(Script::Other)
}

fn of_char(c: char) -> Script {
    match c {
        'a'..='z'
        | 'A'..='Z'
        | 'ª'
        | 'º'
        | '\u{c0}'..='\u{24f}'
        | '\u{1e00}'..='\u{1eff}'
        | '\u{ff21}'..='\u{ff5a}' => Script::Latin,
        '\u{c00}'..='\u{c7f}' => Script::Telugu,
        '\u{900}'..='\u{97f}' | '\u{a8e0}'..='\u{a8ff}' => Script::Devanagari,
        '\u{600}'..='\u{6ff}'
        | '\u{750}'..='\u{77f}'
        | '\u{8a0}'..='\u{8ff}'
        | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}' => Script::Arabic,
        _ => Script::Other,
    }
}

/// Whether some letter is of the Arabic script.
pub fn has_arabic(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| c.is_alphabetic() && of_char(c) == Script::Arabic)
}

/// Whether a word in Arabic letters is in the table of words that are romanised whole.
pub(crate) fn is_known_arabic(word: &str) -> bool {
    urdu::is_known(word)
}

/// What an Arabic letter stands for; see [`urdu::letter_sound`].
pub(crate) fn arabic_letter(c: char) -> Option<&'static str> {
    urdu::letter_sound(c)
}

/// Latin letters for Telugu, Devanagari and Urdu/Arabic text, lower case; Latin letters lose their diacritics and keep
/// their case; every other character stays. ASCII text is borrowed. Digits stay: see [`ascii_digits`].
pub fn romanise(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = if is_normal(text) {
        text.chars().collect()
    } else {
        text.chars().filter(|c| !is_invisible(*c)).nfkc().collect()
    };
    let mut latin = String::with_capacity(chars.len() + 8);
    let mut start = 0;
    while start < chars.len() {
        let script = writing_of(chars[start]);
        let length = chars[start..].iter().take_while(|c| writing_of(**c) == script).count();
        let run = &chars[start..start + length];
        let next = chars.get(start + length).copied();
        match script {
            Script::Telugu if letter_names::telugu(run, next, &mut latin) => {}
            Script::Telugu => abugida::telugu(run, &mut latin),
            Script::Devanagari if letter_names::devanagari(run, next, &mut latin) => {}
            Script::Devanagari => abugida::devanagari(run, &mut latin),
            Script::Arabic => urdu::romanise(run, &mut latin),
            _ => fold_diacritics(run, &mut latin),
        }
        start += length;
    }
    Cow::Owned(latin)
}

/// Whether a text holds only characters of our scripts that NFKC leaves alone whatever stands beside them: letters and
/// vowel signs, but none of the marks that compose or change places. A short way around normalising; `false` says nothing.
pub(crate) fn is_normal(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c,
            ' '..='~'
            | '\u{901}'..='\u{928}' | '\u{92a}'..='\u{930}' | '\u{932}' | '\u{933}' | '\u{935}'..='\u{939}'
            | '\u{93d}'..='\u{94d}' | '\u{964}'..='\u{96f}'
            | '\u{c01}'..='\u{c03}' | '\u{c05}'..='\u{c39}' | '\u{c3e}'..='\u{c4d}' | '\u{c66}'..='\u{c6f}'
            | '\u{60c}' | '\u{621}'..='\u{63a}' | '\u{641}'..='\u{64a}' | '\u{660}'..='\u{669}'
            | '\u{679}'..='\u{6bf}' | '\u{6c1}' | '\u{6c3}'..='\u{6d2}' | '\u{6d4}' | '\u{6f0}'..='\u{6f9}')
    })
}

/// The script of one character as far as writing words goes: native digits and punctuation end a word.
fn writing_of(c: char) -> Script {
    match c {
        '\u{c66}'..='\u{c7f}'
        | '\u{964}'..='\u{970}'
        | '\u{600}'..='\u{60f}'
        | '\u{61b}'..='\u{61f}'
        | '\u{660}'..='\u{66d}'
        | '\u{6d4}'
        | '\u{6dd}'..='\u{6de}'
        | '\u{6f0}'..='\u{6f9}' => Script::Other,
        _ => match of_char(c) {
            script @ (Script::Telugu | Script::Devanagari | Script::Arabic) => script,
            _ => Script::Other,
        },
    }
}

fn fold_diacritics(run: &[char], latin: &mut String) {
    let mut after_latin = false;
    for c in run {
        if c.is_ascii() {
            latin.push(*c);
            after_latin = c.is_ascii_alphabetic();
            continue;
        }
        if is_combining_mark(*c) && after_latin {
            continue;
        }
        let spelled = match c {
            'ø' => "o",
            'Ø' => "O",
            'ł' => "l",
            'Ł' => "L",
            'đ' | 'ð' => "d",
            'Đ' | 'Ð' => "D",
            'ħ' => "h",
            'Ħ' => "H",
            'ı' => "i",
            'ß' => "ss",
            'æ' => "ae",
            'Æ' => "AE",
            'œ' => "oe",
            'Œ' => "OE",
            'þ' => "th",
            'Þ' => "TH",
            'ŋ' => "n",
            'ə' => "a",
            '‘' | '’' | 'ʼ' | 'ʾ' | 'ʿ' | 'ʻ' | '`' => "'",
            _ => "",
        };
        if spelled.is_empty() {
            let base = std::iter::once(*c).nfkd().next().unwrap_or(*c);
            after_latin = base.is_ascii_alphabetic();
            latin.push(if after_latin { base } else { *c });
        } else {
            after_latin = true;
            latin.push_str(spelled);
        }
    }
}

/// The digits zero of the decimal digit blocks met in government files; nine digits follow each.
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x17e0, 0x1810, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec,
    0x1d7f6,
];

/// The digits of every common script (Telugu, Devanagari, Arabic-Indic, extended Arabic, full width …) as 0-9; the
/// rest of the text stays. ASCII text is borrowed.
pub fn ascii_digits(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| digit_of(c).map_or(c, char::from)).collect())
}

fn digit_of(c: char) -> Option<u8> {
    let code = u32::from(c);
    if code < 0x660 {
        return None;
    }
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code))?;
    u8::try_from(code - zero).ok().map(|value| b'0' + value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn romanised() {
        for (text, expected) in [
            ("Lakshmi", "Lakshmi"),
            ("లక్ష్మి", "lakshmi"),
            ("వెంకటేశ్వరరావు", "venkateshvararavu"),
            ("రెడ్డి", "reddi"),
            ("సుబ్రహ్మణ్యం", "subrahmanyam"),
            ("అంబటి", "ambati"),
            ("కె. లక్ష్మి", "k. lakshmi"),
            ("కృష్ణ", "krishna"),
            ("लक्ष्मी", "lakshmi"),
            ("रामदेव", "ramdev"),
            ("मोहनदास", "mohandas"),
            ("कृष्ण", "krishna"),
            ("आनन्द", "anand"),
            ("संदीप", "sandip"),
            ("अंबिका", "ambika"),
            ("ज़फ़र", "zafar"),
            ("محمد", "muhammad"),
            ("شکيل", "shkil"),
            ("شكیل", "shkil"),
            ("فاطمہ", "fatima"),
            ("جاوید", "javid"),
            ("ﻧﻮﺭ", "nur"),
            ("عبدالرحمن", "abdulrahman"),
            ("عبد الرحیم", "abdul rahim"),
            ("عبداللہ", "abdullah"),
            ("الطاف", "altaf"),
            ("José Ñandú", "Jose Nandu"),
            ("D’Souza", "D'Souza"),
            ("张", "张"),
            ("Ramu రాము رامو", "Ramu ramu ramu"),
        ] {
            assert_eq!(romanise(text), expected, "{text}");
        }
    }

    #[test]
    fn digits() {
        for (text, expected) in [
            ("2017", "2017"),
            ("౦౧౨౩౪౫౬౭౮౯", "0123456789"),
            ("०१२३४५६७८९", "0123456789"),
            ("٠١٢٣٤٥٦٧٨٩", "0123456789"),
            ("۰۱۲۳۴۵۶۷۸۹", "0123456789"),
            ("０１２", "012"),
            ("క౧", "క1"),
        ] {
            assert_eq!(ascii_digits(text), expected);
        }
    }

    #[test]
    fn scripts() {
        for (text, expected) in [
            ("Ramu 12", Script::Latin),
            ("రాము", Script::Telugu),
            ("राम", Script::Devanagari),
            ("رامو", Script::Arabic),
            ("ராமு", Script::Other),
            ("123", Script::Other),
            ("", Script::Other),
            ("Ramu రాము", Script::Mixed),
        ] {
            assert_eq!(script_of(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_normal_stays(text in "[\\u{600}-\\u{6ff}\\u{900}-\\u{97f}\\u{c00}-\\u{c7f} a]{0,6}") {
            if is_normal(&text) {
                prop_assert_eq!(text.nfkc().collect::<String>(), text);
            }
        }

        #[test]
        fn never_panics(text in "[\\u{600}-\\u{6ff}\\u{900}-\\u{97f}\\u{c00}-\\u{c7f} a-z]*|.*") {
            let _ = script_of(&text);
            let latin = romanise(&ascii_digits(&text)).into_owned();
            prop_assert!(!latin.chars().any(|c| digit_of(c).is_some_and(|_| !c.is_ascii())));
        }

        #[test]
        fn our_scripts_become_ascii(text in "[\\u{905}-\\u{939}\\u{93e}-\\u{94d}\\u{c05}-\\u{c39}\\u{c3e}-\\u{c4d}]*") {
            let latin = romanise(&text).into_owned();
            prop_assert!(latin.is_ascii(), "{}", latin);
        }
    }
}
