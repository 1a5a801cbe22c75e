//! Names of Pakistan: `Latin=letters`, the letters being those of `urdu`, one for each letter of the Urdu spelling.
//! `_` stands for a space.

mod lists;

use std::collections::HashSet;

pub(super) use lists::{BALOCH, PASHTUN, PUNJABI, SINDHI};

use super::{
    Custom, Givens, Ranked, Word,
    compose::{belongs, order_of},
};
use crate::order::NameSeed;

/// The lists of one people.
#[derive(Clone, Copy, Debug)]
pub(super) struct People {
    /// Clan names, written out.
    families: &'static str,
    /// Clan names composed: every first with every second.
    family_parts: [&'static str; 2],
    /// Given names of this people besides those common to all, men's and women's.
    own: [&'static str; 2],
    /// Further men's names composed.
    men_parts: [&'static str; 2],
    /// Share of people with a second given word, men and women.
    second_share: [f64; 2],
}

/// Reads the lists as one vocabulary has them: of every list each vocabulary has its own half, decided by the spelling.
pub(super) fn custom(people: &People, names: NameSeed) -> Custom {
    let half = |lists: &[&'static str], parts: &[[&'static str; 2]], most| {
        Ranked::new(words(names, lists, parts, most))
    };
    let all = |list: &'static str| Ranked::new(list.split_whitespace().map(Word::urdu).collect());
    let men = half(&[lists::MEN, people.own[0]], &[people.men_parts, lists::MEN_PARTS], 900);
    let women = half(&[lists::WOMEN, people.own[1]], &[lists::WOMEN_PARTS], 700);
    let givens = |list: &Ranked, second: &'static str, second_share| Givens {
        old: list.clone(),
        new: list.clone(),
        second: all(second),
        second_share,
    };
    Custom {
        families: half(&[people.families], &[people.family_parts], 300),
        titles: all(lists::FIRST),
        givens: [
            givens(&men, lists::MEN_SECOND, people.second_share[0]),
            givens(&women, lists::WOMEN_SECOND, people.second_share[1]),
        ],
    }
}

fn words(
    names: NameSeed,
    lists: &[&'static str],
    parts: &[[&'static str; 2]],
    most: usize,
) -> Vec<Word> {
    let mut known = HashSet::new();
    let mut mine = |entry: &str| {
        let word = Word::urdu(entry);
        let fits = belongs(names, &word.latin) && known.insert(word.latin.to_lowercase());
        fits.then_some(word)
    };
    let mut words: Vec<Word> =
        lists.iter().flat_map(|list| list.split_whitespace()).filter_map(&mut mine).collect();
    let mut composed: Vec<Word> = parts
        .iter()
        .flat_map(|[firsts, seconds]| {
            firsts.split_whitespace().flat_map(|first| {
                seconds.split_whitespace().map(move |second| joined(first, second))
            })
        })
        .filter_map(|entry| mine(&entry))
        .collect();
    composed.sort_by_key(|word| order_of(&word.latin));
    words.extend(composed);
    words.truncate(most);
    words
}

/// Joins two entries, Latin with Latin and letters with letters: a second part with a capital is a word of its own.
fn joined(first: &str, second: &str) -> String {
    let (one, letters) = first.split_once('=').unwrap_or((first, ""));
    let (other, more) = second.split_once('=').unwrap_or((second, ""));
    let space =
        if other.starts_with(|letter: char| letter.is_ascii_uppercase()) { "_" } else { "" };
    format!("{one}{space}{other}={letters}{space}{more}")
}
