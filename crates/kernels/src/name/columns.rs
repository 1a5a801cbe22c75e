//! All that a list keeps of a name, from one reading: its standard form, the relative's, and its keys.
//!
//! Invariant: the same as [`standard`](super::standard), [`relative`](super::relative) and [`keys`](super::keys) one by one.

use std::borrow::Cow;

use super::parse::{self, TokenRole, Word};
use super::{memo, sound};

/// What a name's text says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NameColumns {
    /// The person's own name; `None` when nothing is left.
    pub standard: Option<String>,
    /// The relative's, in "A s/o B".
    pub relative: Option<String>,
    /// The keys of the own full tokens, sorted and unique, one space between; empty when there are none.
    pub keys: String,
}

/// Reads a name once. All empty for empty text and placeholders for nothing.
pub fn columns(text: &str) -> NameColumns {
    let read = parse::read(text, |words| {
        let standard = parse::standard_of(&words);
        (standard, parse::relative_of(&words), keys_of(&words))
    });
    let Some((standard, relative, keys)) = read else { return NameColumns::default() };
    NameColumns { standard, relative: relative.and_then(|named| parse::standard(&named)), keys }
}

/// What a list keeps of a relative's name: of the one behind a relation word (`S/o Ramulu`), else of the whole text.
pub fn relative_columns(text: &str) -> NameColumns {
    let read = columns(text);
    match read.relative {
        Some(named) => columns(&named),
        None => read,
    }
}

fn keys_of(words: &[Word<'_>]) -> String {
    let mut keys: Vec<Cow<'_, str>> = Vec::with_capacity(4);
    for word in words.iter().filter(|word| word.role == TokenRole::Name) {
        match &word.key {
            Some(known) if !sound::has_parts(&word.text) => {
                keys.push(Cow::Borrowed(known.as_str()));
            }
            _ => keys.extend(sound::parts(&word.text).map(|part| Cow::Owned(memo::key(part)))),
        }
    }
    keys.retain(|key| !key.is_empty());
    keys.sort_unstable();
    keys.dedup();
    let mut joined = String::with_capacity(keys.iter().map(|key| key.len() + 1).sum());
    for key in &keys {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(key);
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_relatives() {
        for (text, standard, keys) in [
            ("S/O Ramulu", Some("ramulu"), "rmulu"),
            ("W/o K. Ramulu", Some("k ramulu"), "rmulu"),
            ("Ravi S/o Ramulu", Some("ramulu"), "rmulu"),
            ("Father: Ramulu", Some("ramulu"), "rmulu"),
            ("Late Ramulu", Some("ramulu"), "rmulu"),
            ("", None, ""),
        ] {
            let read = relative_columns(text);
            assert_eq!((read.standard.as_deref(), read.keys.as_str()), (standard, keys), "{text}");
        }
    }

    proptest! {
        #[test]
        fn keys_of_a_relative_are_those_of_its_standard(text in "((sri|devi|rao|md|son|of|wo|alias|@|s/o|w/o|k|kv|ramu|do|father|abdurrahman)[ .]){0,6}|.*") {
            let read = relative_columns(&text);
            prop_assert_eq!(&read.standard, &super::super::relative(&text).or_else(|| super::super::standard(&text)));
        }

        #[test]
        fn as_one_by_one(text in "((sri|devi|rao|md|son|of|wo|alias|@|s/o|w/o|k|kv|ramu|lakshmi|laxmi|nil|ji|abdurrahman|abdul|father|ditto)[ .]){0,8}|.*|\\PC{0,30}") {
            let read = columns(&text);
            prop_assert_eq!(&read.standard, &super::super::standard(&text));
            prop_assert_eq!(&read.relative, &super::super::relative(&text));
            let keys: Vec<&str> = read.keys.split(' ').filter(|key| !key.is_empty()).collect();
            prop_assert_eq!(keys, super::super::keys(&text));
        }
    }
}
