//! English letters spelled out in an Indian script: కె. is K, बीजेपी is BJP. Initials of names are written so.
//!
//! A run counts as letters when it is nothing but letter names and either a full stop follows (`కె. లక్ష్మి`) or there are
//! three of them; two alone may be a word (बीबी is Bibi).

/// The names of the letters in Telugu, longest first where one begins another.
const TELUGU: &[(&str, char)] = &[
    ("డబ్ల్యూ", 'w'),
    ("డబ్ల్యు", 'w'),
    ("క్యూ", 'q'),
    ("క్యు", 'q'),
    ("ఎక్స్", 'x'),
    ("జెడ్", 'z'),
    ("హెచ్", 'h'),
    ("ఎఫ్", 'f'),
    ("ఎచ్", 'h'),
    ("ఎల్", 'l'),
    ("ఎం", 'm'),
    ("ఎమ్", 'm'),
    ("ఎన్", 'n'),
    ("ఆర్", 'r'),
    ("ఎస్", 's'),
    ("ఎ", 'a'),
    ("ఏ", 'a'),
    ("బి", 'b'),
    ("బీ", 'b'),
    ("సి", 'c'),
    ("సీ", 'c'),
    ("డి", 'd'),
    ("డీ", 'd'),
    ("ఇ", 'e'),
    ("ఈ", 'e'),
    ("జి", 'g'),
    ("జీ", 'g'),
    ("ఐ", 'i'),
    ("జె", 'j'),
    ("జే", 'j'),
    ("కె", 'k'),
    ("కే", 'k'),
    ("ఒ", 'o'),
    ("ఓ", 'o'),
    ("పి", 'p'),
    ("పీ", 'p'),
    ("టి", 't'),
    ("టీ", 't'),
    ("యు", 'u'),
    ("యూ", 'u'),
    ("వి", 'v'),
    ("వీ", 'v'),
    ("వై", 'y'),
];

/// The names of the letters in Devanagari, longest first where one begins another.
const DEVANAGARI: &[(&str, char)] = &[
    ("डब्ल्यू", 'w'),
    ("डब्लू", 'w'),
    ("क्यू", 'q'),
    ("एक्स", 'x'),
    ("जेड", 'z'),
    ("एफ", 'f'),
    ("एच", 'h'),
    ("आई", 'i'),
    ("एल", 'l'),
    ("एम", 'm'),
    ("एन", 'n'),
    ("आर", 'r'),
    ("एस", 's'),
    ("वाई", 'y'),
    ("ए", 'a'),
    ("बी", 'b'),
    ("सी", 'c'),
    ("डी", 'd'),
    ("ई", 'e'),
    ("जी", 'g'),
    ("जे", 'j'),
    ("के", 'k'),
    ("ओ", 'o'),
    ("पी", 'p'),
    ("टी", 't'),
    ("यू", 'u'),
    ("वी", 'v'),
];

const NAMES_MIN: usize = 3;

/// Appends the letters that a run of Telugu names, and says whether it did.
pub(super) fn telugu(run: &[char], next: Option<char>, latin: &mut String) -> bool {
    spell(TELUGU, run, next, latin)
}

/// Appends the letters that a run of Devanagari names, and says whether it did.
pub(super) fn devanagari(run: &[char], next: Option<char>, latin: &mut String) -> bool {
    spell(DEVANAGARI, run, next, latin)
}

fn spell(names: &[(&str, char)], run: &[char], next: Option<char>, latin: &mut String) -> bool {
    let start = latin.len();
    let mut rest = run;
    while !rest.is_empty() {
        let Some((taken, letter)) = names.iter().find_map(|name| begins(name, rest)) else {
            latin.truncate(start);
            return false;
        };
        latin.push(letter);
        rest = &rest[taken..];
    }
    let counts = latin.len() - start >= NAMES_MIN || next == Some('.');
    if !counts {
        latin.truncate(start);
    }
    counts
}

/// How many characters of `rest` the name takes, when `rest` begins with it and no mark of its last letter follows.
fn begins((name, letter): &(&str, char), rest: &[char]) -> Option<(usize, char)> {
    let taken = name.chars().count();
    let fits = rest.len() >= taken && name.chars().eq(rest[..taken].iter().copied());
    let is_cut =
        rest.get(taken).is_some_and(|next| unicode_normalization::char::is_combining_mark(*next));
    (fits && !is_cut).then_some((taken, *letter))
}

#[cfg(test)]
mod tests {
    use crate::script::romanise;

    #[test]
    fn letters_and_words() {
        for (text, expected) in [
            ("కె. లక్ష్మి", "k. lakshmi"),
            ("ఎం.ఎస్. రావు", "m.s. ravu"),
            ("కె లక్ష్మి", "ke lakshmi"),
            ("బీజేపీ", "bjp"),
            ("ఎంపి", "empi"),
            ("पी. के. सिंह", "p. k. singh"),
            ("एनडीटीवी", "ndtv"),
            ("बीबी", "bibi"),
            ("आरती", "arti"),
            ("एमा.", "ema."),
        ] {
            assert_eq!(romanise(text), expected, "{text}");
        }
    }

    #[test]
    fn a_longer_name_comes_first() {
        for names in [super::TELUGU, super::DEVANAGARI] {
            for (place, (name, _)) in names.iter().enumerate() {
                let hidden = names[..place].iter().find(|(before, _)| name.starts_with(before));
                assert!(hidden.is_none_or(|(before, _)| name == before), "{name} is never reached");
            }
        }
    }
}
