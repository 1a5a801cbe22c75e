//! Tokens and seals: how an id is used without being shown.
//!
//! A plain hash protects nothing: all well-formed Aadhaar numbers are hashed in two core-hours (`domain.md` 6). So a token is
//! HMAC-SHA-256 under the installation's key, by scheme; what leaves gets another token by purpose and recipient, so that two
//! departments cannot join theirs; and the digits needed for near matches are sealed with AES-SIV (deterministic, so that
//! equal inputs give equal files). Every sub-key comes from the key by HKDF-SHA-256 under its own label.
//!
//! Invariant: the key itself is not kept, only the extracted HKDF state, and nothing here prints it. Tokens are letters a-p
//! only, without a digit, so that a leak scanner can be strict about digits.
//!
//! ```
//! use milaan_kernels::secret::Keyring;
//! let keyring = Keyring::new([7; 32]);
//! let token = keyring.token("aadhaar", "234123412346");
//! assert_eq!(token.len(), 32);
//! assert_ne!(token, keyring.token("cnic", "234123412346"));
//! let sealed = keyring.seal("aadhaar", "234123412346");
//! assert_eq!(keyring.open("aadhaar", &sealed).as_deref(), Some("234123412346"));
//! ```

use std::fmt;

use aes_siv::siv::Aes256Siv;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The installation's key, ready for deriving; made once and shared by reference.
pub struct Keyring {
    derive: Hkdf<Sha256>,
    key_id: String,
}

impl Keyring {
    /// A keyring for a key of 32 random bytes. The same key gives the same tokens every night.
    pub fn new(key: [u8; 32]) -> Keyring {
        let derive = Hkdf::<Sha256>::new(Some(b"milaan 1"), &key);
        let mut keyring = Keyring { derive, key_id: String::new() };
        keyring.key_id = letters(&finish(keyring.mac(&["key id"]), b"")[..4]);
        keyring
    }

    /// Eight letters that name the key and tell nothing about it: safe in receipts and logs.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The token of a normalised value: 32 letters a-p (128 bits), the same for the same key, scheme and value. An empty
    /// value has a token too: callers leave NULL out.
    pub fn token(&self, scheme: &str, value: &str) -> String {
        self.tokens(scheme).of(value)
    }

    /// Makes many tokens of one scheme: its key is derived once.
    pub fn tokens(&self, scheme: &str) -> Tokens {
        Tokens { scheme: scheme.to_owned(), mac: self.mac(&["token", scheme]) }
    }

    /// The token one recipient sees for one purpose: of the same shape, and useless to join with another's.
    pub fn recipient_token(&self, purpose: &str, recipient: &str, token: &str) -> String {
        letters(&finish(self.mac(&["recipient", purpose, recipient]), token.as_bytes())[..16])
    }

    /// The digits encrypted under the link key: 16 bytes longer than they are, the same for the same digits and scheme.
    pub fn seal(&self, scheme: &str, digits: &str) -> Vec<u8> {
        self.sealer(scheme).seal(digits)
    }

    /// Seals many numbers of one scheme: the link key is derived once.
    pub fn sealer(&self, scheme: &str) -> Sealer {
        Sealer { cipher: self.cipher(), scheme: scheme.to_owned() }
    }

    /// The digits of a seal; `None` when it was made by another key or for another scheme, or was changed.
    pub fn open(&self, scheme: &str, sealed: &[u8]) -> Option<String> {
        self.opener(scheme).open(sealed)
    }

    /// Opens many seals of one scheme: the link key is derived once.
    pub fn opener(&self, scheme: &str) -> Opener {
        Opener { cipher: self.cipher(), scheme: scheme.to_owned() }
    }

    fn cipher(&self) -> Aes256Siv {
        Aes256Siv::new(&self.sub_key::<64>(&["link"]).into())
    }

    fn mac(&self, label: &[&str]) -> Hmac<Sha256> {
        let mut block = [0; 64]; // HMAC pads a key to the block of SHA-256
        block[..32].copy_from_slice(&self.sub_key::<32>(label));
        Hmac::<Sha256>::new(&block.into())
    }

    /// A key by its label; each part carries its length, so that no two labels run together.
    fn sub_key<const N: usize>(&self, label: &[&str]) -> [u8; N] {
        let mut info = Vec::with_capacity(64);
        for part in label {
            info.extend_from_slice(&(part.len() as u64).to_be_bytes());
            info.extend_from_slice(part.as_bytes());
        }
        let mut key = [0; N];
        let derived = self.derive.expand(&info, &mut key);
        debug_assert!(derived.is_ok(), "HKDF gives up to 8160 bytes");
        key
    }
}

/// Makes tokens as [`Keyring::token`] does. Like the keyring it lives in memory only, and nothing prints it.
#[derive(Clone)]
pub struct Tokens {
    scheme: String,
    mac: Hmac<Sha256>,
}

impl Tokens {
    /// The scheme it makes tokens of.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The token of a normalised value.
    pub fn of(&self, value: &str) -> String {
        self.token(value).as_str().to_owned()
    }

    /// [`Tokens::of`] in place, for where many are made.
    pub fn token(&self, value: &str) -> Token {
        let mac = finish(self.mac.clone(), value.as_bytes());
        let mut letters = [b'a'; TOKEN_LETTERS];
        for (pair, byte) in letters.as_chunks_mut::<2>().0.iter_mut().zip(mac) {
            *pair = [b'a' + (byte >> 4), b'a' + (byte & 15)];
        }
        Token(letters)
    }
}

/// Letters of a token.
const TOKEN_LETTERS: usize = 32;

/// A token, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token([u8; TOKEN_LETTERS]);

impl Token {
    /// Its letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Seals numbers as [`Keyring::seal`] does. Like the keyring it lives in memory only, and nothing prints it.
pub struct Sealer {
    cipher: Aes256Siv,
    scheme: String,
}

impl Sealer {
    /// The digits encrypted.
    pub fn seal(&mut self, digits: &str) -> Vec<u8> {
        // Encryption fails only for headers or texts of sizes no id has; nothing is then nothing to open.
        self.cipher.encrypt([self.scheme.as_bytes()], digits.as_bytes()).unwrap_or_default()
    }
}

/// Opens seals as [`Keyring::open`] does. Like the keyring it lives in memory only, and nothing prints it.
pub struct Opener {
    cipher: Aes256Siv,
    scheme: String,
}

impl Opener {
    /// The digits of a seal; `None` as for [`Keyring::open`].
    pub fn open(&mut self, sealed: &[u8]) -> Option<String> {
        let digits = self.cipher.decrypt([self.scheme.as_bytes()], sealed).ok()?;
        String::from_utf8(digits).ok()
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").finish_non_exhaustive()
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").finish_non_exhaustive()
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

/// A short name for an internal text: so many letters a-p (64 at most) of its SHA-256. No key is in it, so it hides nothing: only
/// for texts that may be shown, where a stable id without digits is wanted.
pub fn short_name(text: &str, letters_wanted: usize) -> String {
    use sha2::Digest as _;
    let digest = Sha256::digest(text.as_bytes());
    let mut name = letters(&digest[..letters_wanted.div_ceil(2).min(digest.len())]);
    name.truncate(letters_wanted);
    name
}

/// What a MAC says of a message.
fn finish(mut mac: Hmac<Sha256>, message: &[u8]) -> [u8; 32] {
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Two letters a-p a byte.
fn letters(bytes: &[u8]) -> String {
    let mut letters = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        letters.push(char::from(b'a' + (byte >> 4)));
        letters.push(char::from(b'a' + (byte & 15)));
    }
    letters
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tokens_are_separate_by_everything() {
        let (one, two) = (Keyring::new([1; 32]), Keyring::new([2; 32]));
        let tokens = [
            one.token("aadhaar", "234123412346"),
            one.token("aadhaar", "234123412347"),
            one.token("cnic", "234123412346"),
            one.token("", "234123412346"),
            two.token("aadhaar", "234123412346"),
            one.recipient_token("pension", "dept-a", "234123412346"),
            one.recipient_token("pension", "dept-b", "234123412346"),
            one.recipient_token("ration", "dept-a", "234123412346"),
            one.recipient_token("pensiond", "ept-a", "234123412346"),
            two.recipient_token("pension", "dept-a", "234123412346"),
        ];
        assert_eq!(tokens.iter().collect::<BTreeSet<_>>().len(), tokens.len());
        assert_ne!(one.key_id(), two.key_id());
    }

    #[test]
    fn the_same_key_gives_the_same_answers() {
        let (one, again) = (Keyring::new([9; 32]), Keyring::new([9; 32]));
        assert_eq!(one.key_id(), again.key_id());
        assert_eq!(one.token("cnic", "3520245678913"), again.token("cnic", "3520245678913"));
        assert_eq!(one.seal("cnic", "3520245678913"), again.seal("cnic", "3520245678913"));
    }

    #[test]
    fn the_key_is_not_printed() {
        let keyring = Keyring::new([0xab; 32]);
        let printed = format!("{keyring:?}");
        assert_eq!(printed, format!("Keyring {{ key_id: {:?}, .. }}", keyring.key_id()));
        assert_eq!(keyring.key_id().len(), 8);
    }

    #[test]
    fn a_seal_opens_only_as_it_was_made() {
        let (one, two) = (Keyring::new([1; 32]), Keyring::new([2; 32]));
        let sealed = one.seal("aadhaar", "234123412346");
        assert_eq!(sealed.len(), 12 + 16);
        assert_eq!(two.open("aadhaar", &sealed), None);
        assert_eq!(one.open("cnic", &sealed), None);
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(one.open("aadhaar", &changed), None, "{place}");
        }
        assert_eq!(one.open("aadhaar", &[]), None);
        let mut opener = one.opener("aadhaar");
        for _ in 0..2 {
            assert_eq!(opener.open(&sealed).as_deref(), Some("234123412346"));
            assert_eq!(opener.open(&[1; 28]), None);
        }
        assert_eq!(format!("{opener:?}"), "Opener { .. }");
        let (tokens, mut sealer) = (one.tokens("aadhaar"), one.sealer("aadhaar"));
        for _ in 0..2 {
            assert_eq!(tokens.of("234123412346"), one.token("aadhaar", "234123412346"));
            assert_eq!(sealer.seal("234123412346"), sealed);
        }
        assert_eq!(format!("{tokens:?} {sealer:?}"), "Tokens { .. } Sealer { .. }");
    }

    proptest! {
        #[test]
        fn any_text_seals_and_has_a_token(scheme in ".*", value in ".*") {
            let keyring = Keyring::new([3; 32]);
            let token = keyring.token(&scheme, &value);
            prop_assert!(token.len() == 32 && token.bytes().all(|b| (b'a'..=b'p').contains(&b)));
            prop_assert_eq!(keyring.open(&scheme, &keyring.seal(&scheme, &value)), Some(value));
        }
    }
}
