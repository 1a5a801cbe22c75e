//! Composes names from parts by a seeded rule, so that two vocabularies share none.

use std::collections::HashSet;

use super::Word;
use crate::{dice::mix, latin, order::NameSeed, phonetic::is_vowel_letter};

/// Two lists of parts in the phonetic code; every first goes with every second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub(super) firsts: &'static str,
    pub(super) seconds: &'static str,
}

/// Collects the words of one vocabulary, leaving out what the other has.
#[derive(Debug)]
pub(super) struct Collector {
    names: NameSeed,
    /// Every spelling in a written list of either vocabulary: none of them is composed.
    written: HashSet<String>,
}

impl Collector {
    pub(super) fn new(names: NameSeed, written: &[&'static str]) -> Self {
        let entries = written.iter().flat_map(|list| list.split_whitespace());
        let written = entries.map(|entry| Word::telugu(entry).latin.to_lowercase()).collect();
        Self { names, written }
    }

    /// The list written for this vocabulary first, then at most `most` names composed from the parts. Of the composed names
    /// each vocabulary has its own half.
    pub(super) fn words(
        &self,
        [list_a, list_b]: [&'static str; 2],
        parts: &[Parts],
        most: usize,
    ) -> Vec<Word> {
        let listed = if self.names == NameSeed::A { list_a } else { list_b };
        let mut words: Vec<Word> = listed.split_whitespace().map(Word::telugu).collect();
        let mut known = HashSet::new();
        let mut composed: Vec<(u64, String)> = parts
            .iter()
            .flat_map(Parts::codes)
            .filter_map(|code| {
                let small = latin::usual(&code).to_lowercase();
                let fits = belongs(self.names, &small) && !self.written.contains(&small);
                let order = order_of(&small);
                (fits && known.insert(small)).then_some((order, code))
            })
            .collect();
        composed.sort_unstable();
        composed.truncate(most);
        words.extend(composed.iter().map(|(_, code)| Word::telugu(code)));
        words
    }
}

impl Parts {
    fn codes(&self) -> impl Iterator<Item = String> + '_ {
        self.firsts.split_whitespace().flat_map(|first| {
            self.seconds.split_whitespace().map(move |second| joined(first, second))
        })
    }
}

/// The half of all composed spellings that a vocabulary has: decided by the spelling, so that the halves cannot meet.
pub(super) fn belongs(names: NameSeed, latin: &str) -> bool {
    (order_of(latin) >> 40) & 1 == u64::from(names == NameSeed::B)
}

/// A number that puts spellings in an order of no meaning.
pub(super) fn order_of(latin: &str) -> u64 {
    latin.to_lowercase().bytes().fold(0x6e61_6d65, |hash, byte| mix(hash ^ u64::from(byte)))
}

/// Joins two parts; of two vowels that meet, the first goes.
fn joined(first: &str, second: &str) -> String {
    let stem = if second.starts_with(is_vowel_letter) {
        first.trim_end_matches(is_vowel_letter)
    } else {
        first
    };
    format!("{stem}{second}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vowels_give_way() {
        assert_eq!(joined("veMkaTa", "ayya"), "veMkaTayya");
        assert_eq!(joined("rAma", "lakSmi"), "rAmalakSmi");
    }

    #[test]
    fn the_halves_do_not_meet() {
        assert!(
            ["Ramayya", "Sita", "Gopal"]
                .iter()
                .all(|name| { belongs(NameSeed::A, name) != belongs(NameSeed::B, name) })
        );
    }
}
