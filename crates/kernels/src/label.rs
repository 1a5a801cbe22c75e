//! Labels that clerks write beside a number in its own column: `UID: 2341 2341 2346`, `A/c No. 30123456789`, `2341… (verified)`.
//!
//! Invariant: only words that name the number itself are taken off. `Father's CNIC: …` is another person's number, and stays
//! what it is: a cell that is not understood.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::date::is_in_word;
use crate::digits::{Cell, cell};
use crate::text;

/// Words that say of a number what it is, or that somebody looked at it.
pub(crate) struct Labels {
    front: HashSet<String>,
    behind: HashSet<String>,
}

/// Words that stand before any number.
const NUMBER: &[&str] = &[
    "no",
    "nos",
    "num",
    "number",
    "id",
    "card",
    "code",
    "నెం",
    "నం",
    "నంబర్",
    "నంబరు",
    "సంఖ్య",
    "కార్డు",
    "కార్డ్",
    "नं",
    "नंबर",
    "नम्बर",
    "संख्या",
    "कार्ड",
    "نمبر",
    "کارڈ",
];

/// Words that stand behind a number and change nothing about it.
const SEEN: &[&str] = &[
    "verified", "valid", "ok", "seeded", "linked", "ekyc", "kyc", "done", "new", "self", "own",
    "only",
];

impl Labels {
    /// With the words of one kind of number, besides those of all.
    pub(crate) fn new(words: &[&str]) -> Labels {
        let fold = |words: &[&str]| -> Vec<String> {
            words
                .iter()
                .flat_map(|word| text::fold(word).split(' ').map(str::to_owned).collect::<Vec<_>>())
                .collect()
        };
        let front = fold(words).into_iter().chain(fold(NUMBER)).collect();
        Labels { front, behind: fold(SEEN).into_iter().collect() }
    }

    /// [`cell`] of what is left of a text without its labels.
    pub(crate) fn cell(&self, text: &str) -> Cell {
        let may = !text.bytes().all(|b| b.is_ascii_digit() || is_sign(char::from(b)))
            && text.contains(is_sign)
            && text.contains(char::is_alphabetic);
        cell(if may { self.off(text) } else { text })
    }

    /// What is left of a text without its labels; the text itself where it has none. A label ends before a sign or a blank, and
    /// something is left behind it.
    pub(crate) fn off<'t>(&self, text: &'t str) -> &'t str {
        let mut rest = text;
        loop {
            let start = rest.trim_start_matches(is_sign);
            let end = start.find(|c| !is_in_word(c)).unwrap_or(start.len());
            let (word, behind) = start.split_at(end);
            let ends = behind.starts_with(is_sign) && behind.contains(|c: char| c.is_numeric());
            if word.is_empty() || !ends || !has(&self.front, word) {
                break;
            }
            rest = behind.trim_start_matches(is_sign);
        }
        loop {
            let end = rest.trim_end_matches(is_sign);
            let word = end.trim_end_matches(is_in_word);
            if word.len() == end.len()
                || !word.ends_with(is_sign)
                || !has(&self.behind, &end[word.len()..])
            {
                return rest;
            }
            rest = word.trim_end_matches(is_sign);
        }
    }
}

/// What may stand between a label and its number.
fn is_sign(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, ':' | '.' | '#' | '-' | '–' | '=' | '/' | '(' | ')' | '[' | ']' | '،' | ',')
}

fn has(words: &HashSet<String>, word: &str) -> bool {
    let small: Cow<'_, str> =
        if word.is_ascii() { word.to_ascii_lowercase().into() } else { text::fold(word).into() };
    words.contains(&*small)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn labels() {
        let labels = Labels::new(&["uid", "aadhaar", "a", "c", "ఆధార్"]);
        for (text, left) in [
            ("UID: 2341 2341", "2341 2341"),
            ("Aadhaar No. 2341", "2341"),
            ("A/c No:301", "301"),
            ("ఆధార్ నెం. 2341", "2341"),
            ("2341 (verified)", "2341"),
            ("UID 2341 (Linked)", "2341"),
            ("UID2341", "UID2341"),
            ("Father UID 2341", "Father UID 2341"),
            ("2341 (father)", "2341 (father)"),
            ("UID:", "UID:"),
            ("verified", "verified"),
            ("", ""),
        ] {
            assert_eq!(labels.off(text), left, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_idempotent(text in "((uid|no|ok|x|12)[ :.(#)-]{0,2}){0,6}|.*") {
            let labels = Labels::new(&["uid"]);
            let once = labels.off(&text);
            prop_assert_eq!(labels.off(once), once);
        }
    }
}
