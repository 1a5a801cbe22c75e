//! The last tokens a thread has read, with their role and key: a registry's names are the same few thousand tokens over
//! and over, and reading one letter by letter costs ten times as much as finding it again.
//!
//! Invariant: what is found is what reading would give; nothing else depends on what was read before. The table has a
//! fixed size (two megabytes; a token's two places are by its hash, the last two stay), and long tokens are not kept.

use std::cell::RefCell;

use super::lexicon::Listed;
use super::parse::TokenRole;
use super::{lexicon, sound};

const PLACES: usize = 1 << 15;
const TOKEN_MAX: usize = 24;
const KEY_MAX: usize = 15;

/// A lower-case token in place, zeros behind it.
type Token = [u8; TOKEN_MAX];

/// A key in place.
#[derive(Clone, Copy)]
pub(super) struct Key {
    bytes: [u8; KEY_MAX],
    length: u8,
}

impl Key {
    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// What is known of a token.
#[derive(Clone, Copy)]
struct Known {
    token: Token,
    key: Key,
    role: TokenRole,
    listed: Option<Listed>,
}

impl Known {
    /// Reads a token; `None` when its key is long.
    fn read(token: Token, text: &str) -> Option<Known> {
        let read = sound::read_key(text);
        let mut bytes = [0; KEY_MAX];
        bytes.get_mut(..read.len())?.copy_from_slice(read.as_bytes());
        let length = u8::try_from(read.len()).ok()?;
        Some(Known {
            token,
            key: Key { bytes, length },
            role: lexicon::role(text),
            listed: lexicon::listed(text),
        })
    }
}

thread_local! {
    static MEMO: RefCell<Vec<Option<Known>>> = const { RefCell::new(Vec::new()) };
}

/// [`lexicon::listed`] and [`lexicon::role`] of a lower-case token, and its key where that is kept.
pub(super) fn meaning(token: &str) -> (Option<Listed>, TokenRole, Option<Key>) {
    known(token, |known| (known.listed, known.role, Some(known.key)))
        .unwrap_or_else(|| (lexicon::listed(token), lexicon::role(token), None))
}

/// [`sound::read_key`] of a token.
pub(super) fn key(token: &str) -> String {
    known(token, |known| known.key.as_str().to_owned()).unwrap_or_else(|| sound::read_key(token))
}

/// Finds a token, reading it first where it is new; `None` for tokens that are not kept.
fn known<R>(text: &str, mut give: impl FnMut(&Known) -> R) -> Option<R> {
    if !text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let mut token: Token = [0; TOKEN_MAX];
    token.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
    let place = place(&token);
    let found = MEMO.with_borrow(|memo| {
        let at = |place: usize| memo.get(place)?.as_ref().filter(|known| known.token == token);
        at(place).or_else(|| at(place ^ 1)).map(&mut give)
    });
    if found.is_some() {
        return found;
    }
    let known = Known::read(token, text)?;
    MEMO.with_borrow_mut(|memo| {
        if memo.is_empty() {
            memo.resize(PLACES, None);
        }
        memo[place ^ 1] = memo[place];
        memo[place] = Some(known);
    });
    Some(give(&known))
}

fn place(bytes: &Token) -> usize {
    let mixed = bytes.as_chunks::<8>().0.iter().fold(0_u64, |mixed, chunk| {
        (mixed ^ u64::from_le_bytes(*chunk)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
    });
    (mixed >> 11) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn found_is_as_read(tokens in prop::collection::vec("[a-z]{0,30}|(ra|mu|lu|ka|reddy|bi){1,3}|[a-zA-Z' ]{0,8}|.{0,4}", 0..400)) {
            for token in tokens.iter().chain(&tokens) {
                prop_assert_eq!(key(token), sound::read_key(token));
                let (listed, role, kept) = meaning(token);
                prop_assert_eq!((listed, role), (lexicon::listed(token), lexicon::role(token)));
                prop_assert!(kept.is_none_or(|kept| kept.as_str() == sound::read_key(token)));
            }
        }
    }
}
