//! One spelling for all scripts: names are written once, in a phonetic code, and rendered from it.
//!
//! The code is ASCII, one or two letters a sound: `a A i I u U R e E ai o O au` the vowels (capitals are long), `M` the
//! nasal dot, `T D N L` the retroflex consonants, `z S s` the three sibilants (శ ష స), `c` చ, `h` after a consonant aspirates.
//! `f q Z` are sounds of Urdu names that Telugu writes with ఫ ఖ జ. `lakSmi` is లక్ష్మి and Lakshmi.

#[rustfmt::skip] // a table reads better in columns
const CONSONANTS: [(&str, char); 36] = [
    ("kh", 'ఖ'), ("gh", 'ఘ'), ("ch", 'ఛ'), ("jh", 'ఝ'), ("Th", 'ఠ'), ("Dh", 'ఢ'), ("th", 'థ'), ("dh", 'ధ'), ("ph", 'ఫ'),
    ("bh", 'భ'), ("k", 'క'), ("g", 'గ'), ("c", 'చ'), ("j", 'జ'), ("J", 'ఞ'), ("T", 'ట'), ("D", 'డ'), ("N", 'ణ'), ("t", 'త'),
    ("d", 'ద'), ("n", 'న'), ("p", 'ప'), ("b", 'బ'), ("m", 'మ'), ("y", 'య'), ("r", 'ర'), ("l", 'ల'), ("L", 'ళ'), ("v", 'వ'),
    ("z", 'శ'), ("S", 'ష'), ("s", 'స'), ("h", 'హ'), ("f", 'ఫ'), ("q", 'ఖ'), ("Z", 'జ'),
];
/// Code, the letter of its own, the sign on a consonant.
#[rustfmt::skip]
const VOWELS: [(&str, char, &str); 13] = [
    ("ai", 'ఐ', "ై"), ("au", 'ఔ', "ౌ"), ("a", 'అ', ""), ("A", 'ఆ', "ా"), ("i", 'ఇ', "ి"), ("I", 'ఈ', "ీ"), ("u", 'ఉ', "ు"),
    ("U", 'ఊ', "ూ"), ("R", 'ఋ', "ృ"), ("e", 'ఎ', "ె"), ("E", 'ఏ', "ే"), ("o", 'ఒ', "ొ"), ("O", 'ఓ', "ో"),
];
const VIRAMA: char = '్';
const NASAL: char = 'ం';

/// Cuts a code into sounds; letters outside the code are left out.
pub(crate) fn sounds(code: &str) -> Vec<&str> {
    let mut sounds = Vec::with_capacity(code.len());
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = match rest.as_bytes() {
            [b'k' | b'g' | b'c' | b'j' | b'T' | b'D' | b't' | b'd' | b'p' | b'b', b'h', ..] => 2,
            [b'a', b'i' | b'u', ..] => 2,
            _ => first.len_utf8(),
        };
        sounds.push(&rest[..length]);
        rest = &rest[length..];
    }
    sounds
}

/// Whether a sound is a vowel.
pub(crate) fn is_vowel(sound: &str) -> bool {
    sound.starts_with(is_vowel_letter)
}

/// Whether a letter of the code begins or makes a vowel.
pub(crate) fn is_vowel_letter(letter: char) -> bool {
    matches!(letter, 'a' | 'A' | 'i' | 'I' | 'u' | 'U' | 'R' | 'e' | 'E' | 'o' | 'O')
}

/// Renders a code in Telugu script.
pub(crate) fn telugu(code: &str) -> String {
    let mut script = String::with_capacity(code.len() * 3);
    let mut bare = false; // the last letter is a consonant still without its vowel
    for sound in sounds(code) {
        if let Some((_, letter, sign)) = VOWELS.iter().find(|(vowel, ..)| *vowel == sound) {
            if bare {
                script.push_str(sign);
            } else {
                script.push(*letter);
            }
            bare = false;
        } else if sound == "M" {
            script.push(NASAL);
            bare = false;
        } else if let Some((_, letter)) =
            CONSONANTS.iter().find(|(consonant, _)| *consonant == sound)
        {
            if bare {
                script.push(VIRAMA);
            }
            script.push(*letter);
            bare = true;
        }
    }
    if bare {
        script.push(VIRAMA);
    }
    script
}

/// The first syllable in Telugu script, as a family name's initial is written.
pub(crate) fn telugu_initial(code: &str) -> String {
    let sounds = sounds(code);
    let end =
        sounds.iter().position(|sound| is_vowel(sound)).map_or(sounds.len(), |vowel| vowel + 1);
    let consonant = if end > 1 { sounds[0] } else { "" };
    telugu(&format!("{consonant}{}", sounds.get(end - 1).copied().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telugu_is_spelt_as_people_spell_it() {
        for (code, expected) in [
            ("lakSmi", "లక్ష్మి"),
            ("veMkaTEzvarlu", "వెంకటేశ్వర్లు"),
            ("reDDi", "రెడ్డి"),
            ("kRSNa", "కృష్ణ"),
            ("AMjanEyulu", "ఆంజనేయులు"),
            ("ramES", "రమేష్"),
            ("rAvu", "రావు"),
            ("satyanArAyaNa", "సత్యనారాయణ"),
            ("zrI", "శ్రీ"),
            ("veMkayya", "వెంకయ్య"),
        ] {
            assert_eq!(telugu(code), expected);
        }
        assert_eq!(telugu_initial("koMDapalli"), "కొ");
        assert_eq!(telugu_initial("yarlagaDDa"), "య");
        assert_eq!(telugu_initial("AlapATi"), "ఆ");
    }
}
