//! The key of a name token by its spelling, vowels included: what `similarity` compares. For joining and blocking the
//! coarser key of `sound.rs` is the public one.
//!
//! Source of the rules: `domain.md` 3, Names, "Folding rules" (27 of 30 true pairs, 2 of 17 false ones on its list).
//! The letters are read once from left to right, so no rule sees another's result. Two departures: `ou` before a
//! consonant joins `au` and `ow` (Goud, Gowd, Gaud) except behind y (Yousuf, Yusuf); `aiah`, `ayya` and `aya` are one.
//! Three additions, from the spellings of Dakshina's Telugu training words: m before a consonant not spoken with the lips
//! is n (samkranti, sankranti), ye- in front is e- (Yellaiah, Ellaiah), aay and aai are ay. And from Hindi and Urdu: eh
//! before a consonant is ah (Mehmood, Mahmood), er that closes a syllable is ar (Akhter, Akhtar), -que and qui are k and ki.

use std::borrow::Cow;

use crate::script;

/// One spelling for short forms and for names whose variants no rule reaches.
pub(super) fn canonical(word: &str) -> Cow<'_, str> {
    let is_doubled = |letters: &[u8]| letters[0] == letters[1];
    if let Some(known) = known(word) {
        return Cow::Borrowed(known);
    }
    if let Some(name) = servant(word) {
        return Cow::Owned(["abdul", name].concat());
    }
    if let Some([front, behind]) = around_muhammad(word) {
        return Cow::Owned([front, "muhammad", behind].concat());
    }
    if let Some(front) = before_ahmad(word) {
        return Cow::Owned([front, "ahmad"].concat());
    }
    if let Some(ending) = behind_kista(word) {
        return Cow::Owned(["krishn", ending].concat());
    }
    let single = || {
        word.bytes().fold(String::new(), |mut single, letter| {
            if single.as_bytes().last() != Some(&letter) {
                single.push(char::from(letter));
            }
            single
        })
    };
    let doubled = word.is_ascii() && word.as_bytes().windows(2).any(is_doubled);
    Cow::Borrowed(doubled.then(single).and_then(|single| known(&single)).unwrap_or(word))
}

/// What stands behind the people's form of Krishna: Kistaiah, Kishtamma, Kristappa.
fn behind_kista(word: &str) -> Option<&str> {
    const ENDINGS: [&str; 8] = ["a", "aiah", "ayya", "ayah", "aya", "amma", "appa", "anna"];
    let behind = ["kist", "kisht", "krist", "krisht"].iter().find_map(|it| word.strip_prefix(it));
    behind.filter(|ending| ENDINGS.contains(ending))
}

/// The name of God in `abdurrahman`, `abdusalam`, `abdulkarim` (servant of), with the article spoken as the sun letter behind it;
/// empty for `abdur` and `abdus` alone. Abdullah is a name of its own.
pub(super) fn servant(word: &str) -> Option<&str> {
    let rest = word.strip_prefix("abd").filter(|rest| rest.is_ascii())?;
    let (vowel, rest) = rest.split_at_checked(1)?;
    let is_written = matches!(vowel, "u" | "o");
    if !is_written && !matches!(vowel, "a" | "e") {
        return None;
    }
    let (article, name) = match rest.as_bytes() {
        [b's', b'h', ..] => rest.split_at(2),
        [b'l' | b'r' | b's' | b't' | b'd' | b'n' | b'z', ..] => rest.split_at(1),
        _ => return None,
    };
    let is_name = |name: &str| name.len() >= 3 && !name.starts_with("lah");
    let name = match (article, name) {
        ("l", name) => name,
        (_, "") if is_written => return Some(""),
        (_, name) if name.starts_with(article) => name,
        _ => rest,
    };
    let doubled = rest.len() > article.len() && name.len() < rest.len() && article != "l";
    (is_name(name) && (is_written || doubled)).then_some(name)
}

/// The spellings of Muhammad written in full.
const MUHAMMAD: [&str; 15] = [
    "muhammad", "mohammad", "mohammed", "mohamad", "mohamed", "mohemmed", "muhammed", "muhamad",
    "muhamed", "mahammad", "mahammed", "mahamad", "mahamed", "mohummad", "mohumed",
];

/// What stands around Muhammad in `noormohammad`, `mohammedali`.
pub(super) fn around_muhammad(word: &str) -> Option<[&str; 2]> {
    if word.len() < 10 || !word.contains('h') || !word.contains('m') {
        return None;
    }
    MUHAMMAD.iter().find_map(|spelling| {
        let around = word.strip_suffix(spelling).map(|front| [front, ""]);
        let around = around.or_else(|| word.strip_prefix(spelling).map(|behind| ["", behind]));
        around.filter(|[front, behind]| front.len() + behind.len() >= 3)
    })
}

/// What stands before Ahmad in `basheerahmed`, spelled otherwise.
fn before_ahmad(word: &str) -> Option<&str> {
    let spellings = ["ahmed", "ahamed", "ahamad", "ahammad", "ahammed"];
    let front = spellings.iter().find_map(|spelling| word.strip_suffix(spelling))?;
    (front.len() >= 3).then_some(front)
}

/// Words of one name written as one, Md in full. The article is spoken with the sun letter behind it: Saif ul Din is Saifuddin.
pub(super) fn together<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::with_capacity(32);
    let mut article = false;
    for word in words {
        let word = known(word).filter(|full| *full == "muhammad").unwrap_or(word);
        let sun = word.bytes().next().filter(|letter| b"tdrzsn".contains(letter));
        if article && let Some(sun) = sun {
            text.pop();
            text.push(char::from(sun));
        }
        text.push_str(word);
        article = matches!(word, "ul" | "al" | "el");
    }
    text
}

/// The key of what stands behind a Sri that is written together with it, of three letters at least.
pub(super) fn key_behind_sri(word: &str) -> Option<String> {
    let rest = ["shree", "sree", "shri", "sri"].iter().find_map(|sri| word.strip_prefix(sri))?;
    Some(key(rest)).filter(|key| key.len() >= 3)
}

fn known(word: &str) -> Option<&'static str> {
    if word.starts_with('m') && MUHAMMAD.contains(&word) {
        return Some("muhammad");
    }
    Some(match word {
        "md" | "mhd" | "mhmd" | "mohd" | "muhd" | "mohmd" | "mohamd" => "muhammad",
        "seenu" | "sinu" => "srinu",
        "ahmed" | "ahmd" | "ahamed" | "ahamad" | "ahammad" | "ahammed" => "ahmad",
        "sk" => "shaik",
        "sd" => "syed",
        "nayudu" | "nayadu" | "naydu" => "naidu",
        "abd" | "abdool" | "abdoul" | "abdal" | "abdel" => "abdul",
        "ullah" | "ulla" | "ulah" => "allah",
        _ => return None,
    })
}

/// The key of one token. Empty for text without a letter of a script we know; a token of another script is its own
/// key. Native script is romanised first.
///
/// x, ks, ksh and kkh are one; so are ch and chh; kh and k; gh and g; jh, z and j; th, dh, d and t; ph and f; bh and b;
/// sh and s; w and v; q and k; oo and u; ee, ea, y and i; au and ow; ai, ei and ay; doubled letters are single, h falls
/// except in front; the first letter and the last vowel stay. Md, Mohd, Mohammed and Muhammad are one, also within a longer word.
pub(crate) fn key(token: &str) -> String {
    let latin = script::romanise(token);
    let is_plain = latin.bytes().all(|b| b.is_ascii_lowercase());
    let lower = if is_plain { latin } else { Cow::Owned(latin.to_lowercase()) };
    let word = &*canonical(lower.trim());
    let folded = if word.bytes().all(|b| b.is_ascii_lowercase()) {
        fold(word.as_bytes())
    } else {
        fold(&word.bytes().filter(u8::is_ascii_lowercase).collect::<Vec<_>>())
    };
    if folded.is_empty() { lower.chars().filter(|c| c.is_alphabetic()).collect() } else { folded }
}

fn fold(letters: &[u8]) -> String {
    let mut folded = String::with_capacity(letters.len() + 2);
    let mut place = 0;
    while place < letters.len() {
        let (sound, taken) = sound(letters, place);
        for letter in sound.bytes() {
            if folded.as_bytes().last() != Some(&letter) {
                folded.push(char::from(letter));
            }
        }
        place += taken;
    }
    // Telugu writes the ending of Rao as -ravu.
    if folded.len() > 3 && folded.ends_with("avu") {
        folded.truncate(folded.len() - 2);
        folded.push('o');
    }
    folded
}

fn is_vowel(letter: Option<&u8>) -> bool {
    matches!(letter, Some(b'a' | b'e' | b'i' | b'o' | b'u'))
}

/// What the letters at `place` sound like and how many of them say it.
pub(super) fn sound(letters: &[u8], place: usize) -> (&'static str, usize) {
    let rest = &letters[place..];
    match rest[0] {
        b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => vowel_sound(rest, place),
        b'k' | b'q' | b'x' | b'c' | b'g' => throat_sound(rest),
        _ => other_sound(rest, place),
    }
}

fn throat_sound(rest: &[u8]) -> (&'static str, usize) {
    match rest {
        [b'k', b's' | b'k', b'h', ..] => ("ks", 3),
        [b'k', b'h', ..] => ("k", 2),
        [b'k', ..] => ("k", 1),
        [b'q', b'u', b'e'] => ("k", 3),
        [b'q', b'u', b'i', ..] => ("k", 2),
        [b'q', ..] => ("k", 1),
        [b'x', b'h', ..] => ("ks", 2),
        [b'x', ..] => ("ks", 1),
        [b'c', b'h' | b'c', b'h', ..] => ("c", 3),
        [b'c', b'k', ..] => ("k", 2),
        [b'c', b'h', ..] => ("c", 2),
        [b'c', b'e' | b'i' | b'y', ..] => ("s", 1),
        [b'c', ..] => ("k", 1),
        [b'g', b'h', ..] => ("g", 2),
        _ => ("g", 1),
    }
}

fn other_sound(rest: &[u8], place: usize) -> (&'static str, usize) {
    let breathed = rest.get(1) == Some(&b'h');
    let taken = 1 + usize::from(breathed);
    match rest[0] {
        b't' if rest.starts_with(b"tch") => ("c", 3),
        b't' | b'd' => ("t", taken),
        b'j' if rest.get(1) == Some(&b'n') => ("gn", 2),
        b'j' | b'z' => ("j", taken),
        b'p' if breathed => ("f", 2),
        b'p' => ("p", 1),
        b'f' => ("f", 1),
        b'b' => ("b", taken),
        b's' => ("s", taken),
        b'w' | b'v' => ("v", 1),
        b'l' => ("l", 1),
        // In front only where a script without short vowels left them out.
        b'm' if place == 0 => ("m", 1),
        b'm' => match rest.get(1) {
            Some(b'k' | b'g' | b'c' | b'j' | b't' | b'd' | b'l' | b's' | b'z') => ("n", 1),
            _ => ("m", 1),
        },
        b'n' => ("n", 1),
        b'r' => ("r", 1),
        _ => (if place == 0 { "h" } else { "" }, 1),
    }
}

fn vowel_sound(rest: &[u8], place: usize) -> (&'static str, usize) {
    let before_vowel = is_vowel(rest.get(2));
    match rest {
        [b'o', b'o', ..] => ("u", 2),
        [b'y', b'o', b'u', ..] => ("iu", 3),
        [b'o' | b'a', b'u' | b'w', ..] if !before_vowel => ("o", 2),
        [b'e', b'h', next, ..] if !is_vowel(Some(next)) => ("a", 2),
        [b'e', b'r', next @ ..] if place > 0 && !matches!(next.first(), Some(b'y')) => {
            if is_vowel(next.first()) { ("e", 1) } else { ("a", 1) }
        }
        [b'e', b'e' | b'a', ..] => ("i", 2),
        [b'y', b'e', ..] if place == 0 => ("e", 2),
        [b'a', b'a', b'i' | b'y', ..] => ("e", 3 + glides(&rest[3..])),
        [b'a' | b'e', b'i' | b'y', ..] => ("e", 2 + glides(&rest[2..])),
        [b'a', b'e', ..] => ("e", 2),
        [b'a', ..] => ("a", 1),
        [b'e', ..] => ("e", 1),
        [b'i' | b'y', ..] => ("i", 1),
        [b'o', ..] => ("o", 1),
        _ => ("u", 1),
    }
}

/// Further y and i of a glide: -aiya-, -ayya-, -aya- and -aia- are spoken alike.
fn glides(rest: &[u8]) -> usize {
    rest.iter().take_while(|letter| matches!(letter, b'i' | b'y')).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_key() {
        for spellings in [
            &["lakshmi", "laxmi", "lakshmee", "Lakshmi", "laxshmi", "లక్ష్మి", "लक्ष्मी"][..],
            &["md", "mohd", "mohammed", "muhammad", "mohammad", "محمد"],
            &["ahmed", "ahmad", "ahmmed", "ahmedd"],
            &["venkateswara", "venkateshwara", "venkateshvara"],
            &["parvathi", "parvati", "parvathy", "paarvati"],
            &["nasreen", "nasrin", "نسرین"],
            &["lakshmaiah", "lakshmayya", "laxmaiah", "lakshmaya"],
            &["sreenu", "srinu", "shreenu"],
            &["ravi", "rawi"],
            &["chowdary", "choudhary", "chaudary"],
            &["goud", "gowd", "gaud"],
            &["yousuf", "yusuf", "yoosuf"],
            &["mahmood", "mahmud", "mehmood"],
            &["akhtar", "akhter"],
            &["parveen", "perveen"],
            &["ahmad", "ahmed"],
            &["ishaq", "ishaque"],
            &["rao", "రావు", "raao"],
            &["reddy", "reddi", "రెడ్డి"],
            &["fatima", "fathima", "fatimah"],
            &["zakir", "jakir", "zaakir"],
            &["sai", "say", "sae"],
            &["ayesha", "aisha", "aysha"],
            &["nagarjuna", "nagaarjuna"],
            &["సుబ్రహ్మణ్యం", "subramanyam", "subrahmanyam"],
            &["samskruti", "sanskruti"],
            &["yellaiah", "ellayya"],
            &["maya", "maaya"],
            &["shaik", "shaikh", "sheikh", "sk"],
            &["abdul", "abdur", "abdus", "abdush", "abdool", "abd"],
            &["abdulrahman", "abdurrahman", "abdurehman", "abdurahman", "abdulrehman", "عبدالرحمن"],
            &["abdulsalam", "abdussalam", "abdusalam"],
            &["abdulshakur", "abdushshakoor", "abdushakur"],
            &["abdullah", "abdulla", "عبداللہ"],
            &["ullah", "allah", "alla"],
        ] {
            for spelling in spellings {
                assert_eq!(key(spelling), key(spellings[0]), "{spelling} / {}", spellings[0]);
            }
        }
    }

    #[test]
    fn different_keys() {
        for (a, b) in [
            ("lakshmi", "lakshmaiah"),
            ("ramulu", "ramana"),
            ("nasreen", "nasir"),
            ("mahmood", "muhammad"),
            ("ramesh", "rajesh"),
            ("venkamma", "venkanna"),
            ("rama", "ramu"),
            ("soma", "suma"),
            ("yadamma", "yadaiah"),
            ("abdullah", "abdul"),
            ("abida", "abid"),
        ] {
            assert_ne!(key(a), key(b), "{a} / {b}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*|[a-z]{0,12}") {
            let _ = key(&text);
        }

        #[test]
        fn case_and_doubling_do_not_count(token in "[bgklmnprstv]{1,2}[a-z]{1,8}") {
            prop_assert_eq!(key(&token), key(&token.to_uppercase()));
        }
    }
}
