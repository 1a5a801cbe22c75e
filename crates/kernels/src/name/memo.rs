//! The last tokens a thread has read, with their role and key: a registry's names are the same few thousand tokens over
//! and over, and reading one letter by letter costs ten times as much as finding it again.
//!
//! Invariant: what is found is what reading would give; nothing else depends on what was read before. The table has a
//! fixed size (a token's place is by its hash, the last one stays), and long tokens are not kept.

use std::cell::RefCell;

use super::lexicon::Listed;
use super::parse::TokenRole;
use super::{lexicon, sound};

const PLACES: usize = 1 << 13;
const TOKEN_MAX: usize = 24;
const KEY_MAX: usize = 24;

/// A short text in place.
#[derive(Clone, Copy)]
struct Short<const MAX: usize> {
    bytes: [u8; MAX],
    length: u8,
}

impl<const MAX: usize> Short<MAX> {
    fn of(text: &str) -> Option<Self> {
        let mut bytes = [0; MAX];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Short { bytes, length: u8::try_from(text.len()).ok()? })
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// What is known of a token.
#[derive(Clone, Copy)]
struct Known {
    token: Short<TOKEN_MAX>,
    key: Short<KEY_MAX>,
    role: TokenRole,
    listed: Option<Listed>,
}

thread_local! {
    static MEMO: RefCell<Vec<Option<Known>>> = const { RefCell::new(Vec::new()) };
}

/// [`lexicon::listed`] and [`lexicon::role`] of a lower-case token.
pub(super) fn meaning(token: &str) -> (Option<Listed>, TokenRole) {
    known(token, |known| (known.listed, known.role))
        .unwrap_or_else(|| (lexicon::listed(token), lexicon::role(token)))
}

/// [`sound::read_key`] of a token.
pub(super) fn key(token: &str) -> String {
    known(token, |known| known.key.text().to_owned()).unwrap_or_else(|| sound::read_key(token))
}

/// Finds a token, reading it first where it is new; `None` for tokens that are not kept.
fn known<R>(token: &str, give: impl Fn(&Known) -> R) -> Option<R> {
    if !token.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let short = Short::of(token)?;
    let place = place(&short.bytes);
    let found = MEMO.with_borrow(|memo| {
        let known = memo.get(place)?.as_ref()?;
        (known.token.bytes == short.bytes).then(|| give(known))
    });
    if found.is_some() {
        return found;
    }
    let key = Short::of(&sound::read_key(token))?;
    let (role, listed) = (lexicon::role(token), lexicon::listed(token));
    let known = Known { token: short, key, role, listed };
    MEMO.with_borrow_mut(|memo| {
        if memo.is_empty() {
            memo.resize(PLACES, None);
        }
        memo[place] = Some(known);
    });
    Some(give(&known))
}

fn place(bytes: &[u8; TOKEN_MAX]) -> usize {
    let mixed = bytes.chunks_exact(8).fold(0_u64, |mixed, chunk| {
        let word = chunk.iter().fold(0_u64, |word, byte| (word << 8) | u64::from(*byte));
        (mixed ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
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
                prop_assert_eq!(meaning(token), (lexicon::listed(token), lexicon::role(token)));
            }
        }
    }
}
