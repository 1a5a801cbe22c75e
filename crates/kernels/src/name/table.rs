//! Names prepared for comparing by the million: tokens and keys as numbers, what their text says found once.
//!
//! Names share few tokens: each token is romanised, folded and given its role once, and a prepared name is a handful of
//! numbers. A table can stand over another one that several threads share; what it adds is its own.
//!
//! Invariant: [`NameTable::prepare`] of a text has the own tokens, roles and keys that `parse` and `key` give for it, however
//! it was read: the quick way for standard names is taken only where nothing about a word depends on its neighbours but
//! the promotion of light tokens.

use std::sync::Arc;

use super::key::{key, key_behind_sri, together};
use super::lexicon;
use super::near::{Sketch, is_heard_alike, is_skeleton_of, near};
use super::parse::{TokenRole, own};
use super::slots::Slots;
use super::sound;
use crate::hash::{combine, hash64};
use crate::text;

/// Tokens of a name beyond this many do not count: no person's name has so many.
pub(super) const TOKENS_MAX: usize = 16;
/// Near scores remembered, by the table on top; a quarter as many joined keys, and a sixteenth as many tokens.
const REMEMBERED: usize = 1 << 16;
/// Longer tokens are not remembered.
const RECENT_BYTES: usize = 15;
const ROLE_SHIFT: u32 = 30;
const KEY_MASK: u32 = (1 << ROLE_SHIFT) - 1;
/// No token: behind the second of two that are joined.
const NONE: u32 = u32::MAX;

/// A token of a prepared name, and what is asked of it again and again: most pairs of tokens are told apart without looking
/// anything up.
#[derive(Debug, Clone, Copy, Default)]
pub struct NameWord {
    /// Its number.
    token: u32,
    /// Its key's number, the role on top.
    key: u32,
    /// The first four bytes of its text, so that most texts are ordered by one comparison.
    head: u32,
    /// The number of its key by sound ([`super::key()`]).
    pub(super) sound: u32,
    sketch: Sketch,
}

/// One name, prepared. Reused from name to name, it allocates nothing.
#[derive(Debug, Clone, Default)]
pub struct PreparedName {
    words: Vec<NameWord>,
}

#[derive(Debug, Clone, Copy)]
struct Token {
    start: u32,
    length: u32,
    /// The token in a name, without its role.
    word: NameWord,
    /// The key of what stands behind a Sri in front, or [`NONE`].
    untitled: u32,
    role: TokenRole,
    kind: Kind,
}

/// A token read lately: its text, and behind it its length.
#[derive(Debug, Clone, Copy)]
struct Recent {
    text: [u8; RECENT_BYTES + 1],
    token: Token,
}

/// Whether a word can be read without its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    /// Unless it stands in front.
    PlainBehind,
    Special,
    /// Not in lower-case Latin letters.
    Foreign,
}

#[derive(Debug, Clone, Copy)]
struct Key {
    start: u32,
    length: u32,
    sketch: Sketch,
}

/// Tokens and keys by number.
#[derive(Debug, Default)]
pub struct NameTable {
    base: Option<Arc<NameTable>>,
    first_token: u32,
    first_key: u32,
    tokens: Vec<Token>,
    keys: Vec<Key>,
    texts: String,
    token_slots: Slots,
    key_slots: Slots,
    nears: Vec<(u64, f64)>,
    joins: Vec<([u32; 3], u32)>,
    recent: Vec<Option<Recent>>,
}

impl PreparedName {
    /// Its own tokens.
    #[inline]
    pub(super) fn words(&self) -> &[NameWord] {
        &self.words
    }
}

impl NameWord {
    #[inline]
    pub(super) fn token(self) -> u32 {
        self.token
    }

    #[inline]
    pub(super) fn key(self) -> u32 {
        self.key & KEY_MASK
    }

    #[inline]
    pub(super) fn head(self) -> u32 {
        self.head
    }

    /// What is known of its key without reading it.
    #[inline]
    pub(super) fn sketch(self) -> Sketch {
        self.sketch
    }

    /// The weight of its role: a full name 1, a suffix 0.35, an initial 0.25, a weak token 0.1.
    #[inline]
    pub(super) fn weight(self) -> f64 {
        [1.0, 0.35, 0.25, 0.1][(self.key >> ROLE_SHIFT) as usize]
    }

    #[inline]
    pub(super) fn is_full(self) -> bool {
        self.key >> ROLE_SHIFT != 2
    }

    #[inline]
    pub(super) fn is_name(self) -> bool {
        self.key >> ROLE_SHIFT == 0
    }

    fn with_role(self, role: TokenRole) -> Self {
        Self { key: self.key | role_bits(role) << ROLE_SHIFT, ..self }
    }
}

/// The role as the two bits above a key.
fn role_bits(role: TokenRole) -> u32 {
    match role {
        TokenRole::Suffix => 1,
        TokenRole::Initial => 2,
        TokenRole::Weak => 3,
        _ => 0,
    }
}

impl NameTable {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty table over another, which stands over none: what that has keeps its number.
    pub fn over(base: Arc<NameTable>) -> Self {
        debug_assert!(base.base.is_none(), "two tables at most");
        let (first_token, first_key) = (base.tokens_end(), base.keys_end());
        Self { base: Some(base), first_token, first_key, ..Self::default() }
    }

    fn tokens_end(&self) -> u32 {
        self.first_token + self.tokens.len() as u32
    }

    fn keys_end(&self) -> u32 {
        self.first_key + self.keys.len() as u32
    }

    /// Bytes held, without those of the table below.
    pub fn memory_bytes(&self) -> usize {
        self.tokens.capacity() * size_of::<Token>()
            + self.keys.capacity() * size_of::<Key>()
            + self.texts.capacity()
            + self.token_slots.memory_bytes()
            + self.key_slots.memory_bytes()
            + self.nears.capacity() * size_of::<(u64, f64)>()
            + self.joins.capacity() * size_of::<([u32; 3], u32)>()
            + self.recent.capacity() * size_of::<Option<Recent>>()
    }

    /// Forgets what this table added: names prepared with it since are void.
    pub fn forget(&mut self) {
        self.tokens.clear();
        self.keys.clear();
        self.texts.clear();
        self.token_slots = Slots::default();
        self.key_slots = Slots::default();
        self.nears.clear();
        self.joins.clear();
        self.recent.clear();
    }

    /// Reads a name, raw or standard, into `name`.
    pub fn prepare(&mut self, text: &str, name: &mut PreparedName) {
        name.words.clear();
        if self.prepare_standard(text, name).is_none() {
            name.words.clear();
            for token in own(text).iter().take(TOKENS_MAX) {
                let word = self.read(&token.text).word;
                name.words.push(word.with_role(token.role));
            }
        }
    }

    /// The quick way: lower-case Latin words with single spaces, none of which says something about another.
    fn prepare_standard(&mut self, text: &str, name: &mut PreparedName) -> Option<()> {
        if !text.bytes().all(|b| b.is_ascii_lowercase() || b == b' ') {
            return None;
        }
        let mut light = [None; 4];
        for (place, word) in text.split(' ').enumerate() {
            if word.is_empty() || place == TOKENS_MAX {
                return None;
            }
            let token = self.read(word);
            match token.kind {
                Kind::Plain => {}
                Kind::PlainBehind if place > 0 => {}
                _ => return None,
            }
            light[role_bits(token.role) as usize].get_or_insert(place);
            name.words.push(token.word.with_role(token.role));
        }
        // A name of light tokens alone is carried by its first suffix, else its first weak token.
        if light[0].is_none()
            && let Some(place) = light[1].or(light[3])
        {
            name.words[place].key &= KEY_MASK;
        }
        Some(())
    }

    /// The key of two or three neighbours written together.
    pub(super) fn joined(&mut self, words: &[NameWord]) -> u32 {
        let mut tokens = [NONE; 3];
        for (token, word) in tokens.iter_mut().zip(words) {
            *token = word.token;
        }
        if self.joins.is_empty() {
            self.joins.resize(self.remembered(4), ([NONE; 3], NONE));
        }
        let mixed = combine(u64::from(tokens[0]) << 32 | u64::from(tokens[1]), tokens[2].into());
        let slot = mixed as usize & (self.joins.len() - 1);
        if self.joins[slot].0 != tokens {
            let text = together(words.iter().map(|word| self.text(word.token)));
            self.joins[slot] = (tokens, self.key(&key(&text)));
        }
        self.joins[slot].1
    }

    /// A table that only serves one comparison, or that others stand over, remembers nothing.
    fn remembered(&self, part: usize) -> usize {
        if self.base.is_some() { REMEMBERED / part } else { 1 }
    }

    /// Appends a name to an arena and says where it is: its first word, and above 32 bits the number of its words.
    pub fn pack(name: &PreparedName, arena: &mut Vec<NameWord>) -> u64 {
        let start = arena.len() as u64;
        arena.extend_from_slice(&name.words);
        (name.words.len() as u64) << 32 | start
    }

    /// The name that [`NameTable::pack`] wrote to an arena.
    #[inline]
    pub(super) fn packed(arena: &[NameWord], place: u64) -> &[NameWord] {
        let start = place as u32 as usize;
        &arena[start..start + (place >> 32) as usize]
    }

    /// The table that has a number: the one below has the lower ones.
    #[inline]
    fn having(&self, number: u32, first: u32) -> &Self {
        match &self.base {
            Some(base) if number < first => base,
            _ => self,
        }
    }

    #[inline]
    fn get(&self, number: u32) -> &Token {
        let table = self.having(number, self.first_token);
        &table.tokens[(number - table.first_token) as usize]
    }

    #[inline]
    fn get_key(&self, number: u32) -> &Key {
        let table = self.having(number, self.first_key);
        &table.keys[(number - table.first_key) as usize]
    }

    /// The text of a token.
    #[inline]
    pub(super) fn text(&self, number: u32) -> &str {
        let table = self.having(number, self.first_token);
        let token = &table.tokens[(number - table.first_token) as usize];
        &table.texts[token.start as usize..(token.start + token.length) as usize]
    }

    #[inline]
    pub(super) fn key_text(&self, number: u32) -> &str {
        let table = self.having(number, self.first_key);
        let key = &table.keys[(number - table.first_key) as usize];
        &table.texts[key.start as usize..(key.start + key.length) as usize]
    }

    /// What is known of a token. The same few thousand come again and again: those are found without a look into the tables.
    fn read(&mut self, word: &str) -> Token {
        let mut text = [0; RECENT_BYTES + 1];
        if word.len() > RECENT_BYTES || self.base.is_none() {
            let number = self.token(word);
            return *self.get(number);
        }
        text[..word.len()].copy_from_slice(word.as_bytes());
        text[RECENT_BYTES] = word.len() as u8;
        if self.recent.is_empty() {
            self.recent.resize(self.remembered(16), None);
        }
        let whole = u128::from_le_bytes(text);
        let slot = combine(whole as u64, (whole >> 64) as u64) as usize & (self.recent.len() - 1);
        if let Some(recent) = &self.recent[slot]
            && recent.text == text
        {
            return recent.token;
        }
        let number = self.token(word);
        let token = *self.get(number);
        self.recent[slot] = Some(Recent { text, token });
        token
    }

    fn token(&mut self, word: &str) -> u32 {
        let hash = hash64(1, word.as_bytes());
        if let Some(base) = &self.base
            && let Some(number) = base.token_slots.find(hash, |number| base.text(number) == word)
        {
            return number;
        }
        if let Some(number) = self.token_slots.find(hash, |number| self.text(number) == word) {
            return number;
        }
        let (key, sound) = (self.key(&key(word)), self.key(&sound::key(word)));
        let (start, length) = self.keep(word);
        let (number, kind) = (self.tokens_end(), kind(word));
        let mut head = [0; 4];
        for (to, from) in head.iter_mut().zip(word.bytes()) {
            *to = from;
        }
        // However a key folds the ends of words: true of four letters and more.
        let begins_alike = word.len() >= 4 && kind != Kind::Foreign;
        let untitled = key_behind_sri(word).map_or(NONE, |rest| self.key(&rest));
        let sketch = self.sketch(key).of_token(begins_alike, untitled != NONE);
        let word_in_name =
            NameWord { token: number, key, head: u32::from_be_bytes(head), sound, sketch };
        self.tokens.push(Token {
            start,
            length,
            word: word_in_name,
            untitled,
            role: lexicon::role(word),
            kind,
        });
        let mut slots = std::mem::take(&mut self.token_slots);
        slots.insert(hash, number, |number| hash64(1, self.text(number).as_bytes()));
        self.token_slots = slots;
        number
    }

    fn key(&mut self, folded: &str) -> u32 {
        let hash = hash64(2, folded.as_bytes());
        if let Some(base) = &self.base
            && let Some(number) =
                base.key_slots.find(hash, |number| base.key_text(number) == folded)
        {
            return number;
        }
        if let Some(number) = self.key_slots.find(hash, |number| self.key_text(number) == folded) {
            return number;
        }
        let (start, length) = self.keep(folded);
        let number = self.keys_end();
        self.keys.push(Key { start, length, sketch: Sketch::of(folded) });
        let mut slots = std::mem::take(&mut self.key_slots);
        slots.insert(hash, number, |number| hash64(2, self.key_text(number).as_bytes()));
        self.key_slots = slots;
        number
    }

    fn keep(&mut self, text: &str) -> (u32, u32) {
        let start = self.texts.len() as u32;
        self.texts.push_str(text);
        (start, text.len() as u32)
    }

    /// What is known of a key without reading it.
    #[inline]
    pub(super) fn sketch(&self, number: u32) -> Sketch {
        self.get_key(number).sketch
    }

    /// [`near`] of two keys, whatever their sketches say.
    #[inline]
    pub(super) fn near(&mut self, a: u32, b: u32) -> f64 {
        let pair = u64::from(a) << 32 | u64::from(b);
        if self.nears.is_empty() {
            self.nears.resize(self.remembered(1), (u64::MAX, 0.0));
        }
        let slot = combine(pair, 0) as usize & (self.nears.len() - 1);
        if self.nears[slot].0 != pair {
            self.nears[slot] = (pair, near(self.key_text(a), self.key_text(b)));
        }
        self.nears[slot].1
    }

    /// Whether one key is the other's consonants.
    pub(super) fn is_skeleton(&self, a: u32, b: u32) -> bool {
        is_skeleton_of(self.key_text(a), self.key_text(b))
    }

    /// Whether two keys are one but for vowels heard alike.
    pub(super) fn is_heard_alike(&self, a: u32, b: u32) -> bool {
        is_heard_alike(self.key_text(a), self.key_text(b))
    }

    /// Srilakshmi and the key of Lakshmi: a Sri in front was taken for a title in one of them.
    pub(super) fn is_titled(&self, glued: NameWord, bare: u32) -> bool {
        glued.sketch().is_titled() && self.get(glued.token()).untitled == bare
    }
}

/// What a word says about its neighbours.
fn kind(word: &str) -> Kind {
    if !word.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return Kind::Foreign;
    }
    let special = lexicon::listed(word).is_some()
        || lexicon::is_alias_word(word)
        || lexicon::relation_of(word).is_some()
        // "son of"; "not known", "no data", "as above"
        || matches!(word, "of" | "not" | "no" | "above" | "same")
        || text::clean(word).is_none();
    match (special, lexicon::is_title_in_front(word)) {
        (true, _) => Kind::Special,
        (false, true) => Kind::PlainBehind,
        (false, false) => Kind::Plain,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn slow(text: &str) -> Vec<(String, f64)> {
        let weight = |role| NameWord::default().with_role(role).weight();
        own(text).into_iter().map(|token| (token.text, weight(token.role))).collect()
    }

    fn quick(text: &str) -> Vec<(String, f64)> {
        let (mut table, mut name) = (NameTable::new(), PreparedName::default());
        table.prepare(text, &mut name);
        for word in name.words() {
            assert_eq!(table.key_text(word.key()), key(table.text(word.token)));
        }
        name.words().iter().map(|word| (table.text(word.token).to_owned(), word.weight())).collect()
    }

    /// Every placeholder for nothing must leave the quick way, also one that is added later.
    #[test]
    fn placeholders_have_no_tokens() {
        let source = include_str!("../text.rs");
        let listed = |list: &str| {
            let rest = source.split(list).nth(1).unwrap_or_default();
            rest.split("];").next().unwrap_or_default().split('"').skip(1).step_by(2)
        };
        let words: Vec<&str> = listed("const NOTHING").chain(listed("const DITTO")).collect();
        assert!(words.len() > 20);
        for word in words {
            assert_eq!(quick(word), slow(word), "{word}");
        }
    }

    #[test]
    fn joined_keys_are_those_of_the_text() {
        let (mut table, mut name) = (NameTable::new(), PreparedName::default());
        table.prepare("k venkata laxmi devi", &mut name);
        let mut arena = vec![NameWord::default()];
        let place = NameTable::pack(&name, &mut arena);
        assert_eq!(place, 4 << 32 | 1);
        let words = NameTable::packed(&arena, place).to_vec();
        assert_eq!((words.len(), arena.len()), (4, 5));
        for (range, text) in [(1..3, "venkatalaxmi"), (1..4, "venkatalaxmidevi")] {
            let joined = table.joined(&words[range]);
            assert_eq!(table.key_text(joined), key(text));
        }
    }

    const LONG: &str = "(mohd|mohmd|mohammad|nayudu|mhmd|yella|youn|aayy|aaii|kshh|oooo|eeee|hhhh|tchh|yyyy|xhxh)[a-z]{0,3}|[aeiouyhkscx]{4,6}|[a-z]{4,8}";
    const ANY: &str = "(sri|kumari|late|devi|rao|md|son|of|not|no|known|wo|alias|ramu|nil|na|kv|k|ji|haji|bewa|as|do|same|ditto|wife)( (sri|father|above|kumari|late|devi|rao|md|son|of|known|wo|putra|alias|urf|k|kv|ramu|nil|na|ji|so|dr|bewa|lakshmi)){0,5}|.{0,20}";

    proptest! {
        #[test]
        fn tokens_are_those_of_parse(text in ANY) {
            prop_assert_eq!(quick(&text), slow(&text));
        }

        #[test]
        fn long_tokens_begin_joined_keys(first in LONG, second in "[a-z]{2,8}", third in "[a-z]{0,6}") {
            let mut table = NameTable::new();
            let number = table.token(&first);
            if table.get(number).word.sketch.begins_alike() {
                let (alone, joined) = (key(&first), key(&format!("{first}{second}{third}")));
                prop_assert_eq!(alone.bytes().next(), joined.bytes().next(), "{} {}", first, second);
            }
        }

        #[test]
        fn a_table_over_another_says_the_same(a in ANY, b in ANY) {
            let mut below = NameTable::new();
            below.prepare(&a, &mut PreparedName::default());
            let mut above = NameTable::over(Arc::new(below));
            for text in [&a, &b] {
                let mut name = PreparedName::default();
                above.prepare(text, &mut name);
                let texts: Vec<&str> = name.words().iter().map(|word| above.text(word.token)).collect();
                let expected = slow(text);
                prop_assert_eq!(texts, expected.iter().map(|one| one.0.as_str()).collect::<Vec<_>>());
            }
        }
    }
}
