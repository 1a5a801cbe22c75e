//! From the phonetic code to Latin letters: the usual spelling in Andhra, and the many others that clerks use.

use crate::{
    dice::Dice,
    phonetic::{is_vowel, sounds},
};

/// The usual Latin spelling of a code, first letter large.
pub(crate) fn usual(code: &str) -> String {
    let sounds = sounds(code);
    let spelled = (0..sounds.len()).map(|at| ways(&sounds, at)[0]).collect();
    capital(ending(code, spelled, "aiah"))
}

/// A spelling other than `known`: other letters for the same sounds, or the rewritings that clerks make.
/// `listed` says that `known` is no rendering of the code (Reddy, Rao), so that only rewriting makes sense.
pub(crate) fn variant(code: &str, known: &str, listed: bool, dice: &mut Dice) -> String {
    for _ in 0..6 {
        let other =
            if listed || dice.chance(0.3) { rewritten(known, dice) } else { respelled(code, dice) };
        if other.len() > 1 && !other.eq_ignore_ascii_case(known) {
            return other;
        }
    }
    plain_variant(&known.to_lowercase())
}

/// For words that have no doubtful letter: a Telugu -u at the end, a short a left out (Kamla), a long one written out.
fn plain_variant(known: &str) -> String {
    let vowel_at_end = known.ends_with(['a', 'e', 'i', 'o', 'u']);
    let short = known
        .rfind('a')
        .filter(|_| !known.ends_with('a'))
        .or_else(|| known.trim_end_matches('a').rfind('a'));
    match short {
        _ if !vowel_at_end => capital(format!("{known}u")),
        Some(at) if at > 2 && known.len() > 5 && at + 3 >= known.len() => {
            capital(format!("{}{}", &known[..at], &known[at + 1..]))
        }
        Some(at) => capital(format!("{}a{}", &known[..at], &known[at..])),
        None => capital(format!("{known}h")),
    }
}

/// The ways to write the sound at a place, the usual one first. Dental t is "th" between vowels and in Latha.
fn ways(sounds: &[&str], at: usize) -> &'static [&'static str] {
    let before = at.checked_sub(1).map_or("", |before| sounds[before]);
    let after = sounds.get(at + 1).copied().unwrap_or_default();
    match sounds[at] {
        "A" => &["a", "aa"],
        "I" => &["i", "ee"],
        "i" if after.is_empty() => &["i", "y", "ie"],
        "U" => &["u", "oo"],
        "e" | "E" => &["e"],
        "o" | "O" => &["o"],
        "R" => &["ri", "ru"],
        "ai" => &["ai", "ay", "ei"],
        "au" => &["au", "ow", "ou"],
        "kh" | "q" => &["kh", "k"],
        "gh" => &["gh", "g"],
        "c" if after == "c" => &["t", "c"],
        "c" => &["ch"],
        "ch" => &["chh", "ch"],
        "jh" => &["jh", "j"],
        "j" if after == "J" => &["g", "j"],
        "J" => &["n"],
        "k" if after == "S" => &["k", "k", "x"],
        "S" if before == "k" => &["sh", "sh", "s"],
        "t" if after == "t" || before.is_empty() => &["t"],
        "t" if is_vowel(after) || after.is_empty() => &["th", "t"],
        "T" | "t" | "Th" => &["t", "th"],
        "D" | "Dh" => &["d"],
        "th" => &["th", "t"],
        "dh" => &["dh", "d"],
        "N" => &["n"],
        "L" => &["l"],
        "ph" | "f" => &["f", "ph"],
        "bh" => &["bh", "b"],
        "M" if after.starts_with(['k', 'g', 'c', 'j', 't', 'T', 'd', 'D', 'n', 'y']) => &["n"],
        "M" => &["m"],
        "z" if before.is_empty() || after == "v" || after == "r" => &["s", "sh"],
        "z" | "S" => &["sh", "s"],
        "v" if matches!(before, "s" | "z" | "S" | "t" | "d") => &["w", "v"],
        "v" => &["v", "w"],
        "Z" => &["z", "j"],
        other => plain(other),
    }
}

/// Sounds that are written in one way.
fn plain(sound: &str) -> &'static [&'static str] {
    const PLAIN: [(&str, &[&str]); 15] = [
        ("a", &["a"]),
        ("i", &["i"]),
        ("u", &["u"]),
        ("k", &["k"]),
        ("g", &["g"]),
        ("j", &["j"]),
        ("d", &["d"]),
        ("n", &["n"]),
        ("p", &["p"]),
        ("b", &["b"]),
        ("m", &["m"]),
        ("y", &["y"]),
        ("r", &["r"]),
        ("l", &["l"]),
        ("s", &["s"]),
    ];
    PLAIN.iter().find(|(code, _)| *code == sound).map_or(&["h"], |(_, ways)| ways)
}

/// The code with each doubtful sound written in another way now and then.
fn respelled(code: &str, dice: &mut Dice) -> String {
    let sounds = sounds(code);
    let spelled: String = (0..sounds.len())
        .map(|at| {
            let ways = ways(&sounds, at);
            // Long a is rarely doubled, the others often.
            let share = if sounds[at] == "A" { 0.12 } else { 0.4 };
            if ways.len() > 1 && dice.chance(share) {
                ways[1 + dice.below(ways.len() - 1)]
            } else {
                ways[0]
            }
        })
        .collect();
    let end = *dice.pick(&["aiah", "ayya", "aya", "aiah"]);
    capital(ending(code, spelled.replace("xsh", "x").replace("xs", "x"), end))
}

/// Rewritings seen in lists: the left side becomes the right side, once.
const REWRITINGS: [(&str, &str); 24] = [
    ("ksh", "x"),
    ("sh", "s"),
    ("th", "t"),
    ("ee", "i"),
    ("oo", "u"),
    ("dd", "d"),
    ("dd", "ddh"),
    ("tt", "t"),
    ("aiah", "ayya"),
    ("aiah", "aya"),
    ("dy", "di"),
    ("ry", "ri"),
    ("v", "w"),
    ("w", "v"),
    ("ph", "f"),
    ("kh", "k"),
    ("mm", "m"),
    ("ll", "l"),
    ("ao", "av"),
    ("ow", "au"),
    ("ai", "ay"),
    ("ya", "ia"),
    ("z", "j"),
    ("i", "ee"),
];

fn rewritten(known: &str, dice: &mut Dice) -> String {
    let small = known.to_lowercase();
    let fitting: Vec<_> = REWRITINGS.iter().filter(|(from, _)| small.contains(from)).collect();
    if fitting.is_empty() {
        return known.to_owned();
    }
    let (from, to) = dice.pick(&fitting);
    capital(small.replacen(from, to, 1))
}

/// Men's names in -ayya are written -aiah.
fn ending(code: &str, spelled: String, written: &str) -> String {
    match spelled.strip_suffix("ayya") {
        Some(stem) if code.ends_with("ayya") => format!("{stem}{written}"),
        _ => spelled,
    }
}

/// First letter large, the rest as it is.
pub(crate) fn capital(word: String) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// One typing error: a letter left out, doubled, changed for its neighbour on the keyboard or swapped with the next.
pub(crate) fn mistyped(word: &str, dice: &mut Dice) -> String {
    const KEYS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 {
        return word.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 if letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        _ => {
            let row = KEYS.iter().find_map(|row| row.find(letters[at]).map(|key| (*row, key)));
            match row {
                Some((row, key)) => {
                    let near = if key > 0 { key - 1 } else { key + 1 };
                    letters[at] = char::from(row.as_bytes()[near]);
                }
                None => drop(letters.remove(at)),
            }
        }
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn usual_spellings() {
        for (code, expected) in [
            ("lakSmi", "Lakshmi"),
            ("veMkaTEzvarlu", "Venkateswarlu"),
            ("AMjanEyulu", "Anjaneyulu"),
            ("subbayya", "Subbaiah"),
            ("sujAta", "Sujatha"),
            ("zrInivAsulu", "Srinivasulu"),
            ("kRSNa", "Krishna"),
            ("accamma", "Atchamma"),
            ("saMdhya", "Sandhya"),
            ("jJAna", "Gnana"),
            ("narasiMha", "Narasimha"),
        ] {
            assert_eq!(usual(code), expected);
        }
    }

    #[test]
    fn variants_differ_and_stay_near() {
        let mut dice = Dice::new(1, Stream::Claim, 0, 0);
        for (code, known, listed) in [
            ("lakSmi", "Lakshmi", false),
            ("reDDi", "Reddy", true),
            ("rAju", "Raju", false),
            ("jAn", "John", true),
            ("kamala", "Kamala", true),
            ("suman", "Suman", true),
        ] {
            for _ in 0..50 {
                let other = variant(code, known, listed, &mut dice);
                assert_ne!(other, known);
                assert!(other.len().abs_diff(known.len()) <= 3, "{known} became {other}");
            }
        }
    }
}
