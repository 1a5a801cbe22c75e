//! A fast 64-bit hash of bytes with a fixed seed: the same on every machine and in every version, for tables in memory.
//!
//! It keeps nothing secret and does not stand against chosen input. Two different texts share a hash by chance about once in
//! 2^64.
//!
//! ```
//! use milaan_kernels::hash::{combine, hash64};
//! assert_eq!(hash64(1, b"guntur"), hash64(1, b"guntur"));
//! assert_ne!(hash64(1, b"guntur"), hash64(2, b"guntur"));
//! assert_ne!(combine(1, 2), combine(2, 1));
//! ```

const STEP: [u64; 3] = [0x2d35_8dcc_aa6c_78a5, 0x8bb8_4b93_962e_acc9, 0x4b33_a62e_d433_d4a3];

/// The high and the low half of a product, folded: the step of wyhash and its kin.
const fn fold(a: u64, b: u64) -> u64 {
    let product = (a as u128) * (b as u128);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Mixes a further value into a hash; the order counts.
pub const fn combine(hash: u64, value: u64) -> u64 {
    fold(hash.rotate_left(29) ^ STEP[0], value ^ STEP[1]) ^ hash.wrapping_mul(STEP[2])
}

/// The hash of bytes under a seed.
pub fn hash64(seed: u64, bytes: &[u8]) -> u64 {
    let mut state = seed ^ STEP[0];
    let mut rest = bytes;
    while rest.len() > 16 {
        state = fold(word(&rest[..8]) ^ STEP[1], word(&rest[8..16]) ^ state);
        rest = &rest[16..];
    }
    let (low, high) = match rest.len() {
        9..=16 => (word(&rest[..8]), word(&rest[rest.len() - 8..])),
        _ => (word(&rest[..rest.len().min(8)]), 0),
    };
    state = fold(low ^ STEP[1], high ^ state);
    fold(state ^ STEP[2], bytes.len() as u64 ^ STEP[1])
}

/// [`hash64`] for tables whose keys nobody chooses to do harm.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuildHash64;

/// The hasher of [`BuildHash64`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Hasher64(u64);

impl std::hash::BuildHasher for BuildHash64 {
    type Hasher = Hasher64;

    fn build_hasher(&self) -> Hasher64 {
        Hasher64(0)
    }
}

impl std::hash::Hasher for Hasher64 {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash64(self.0, bytes);
    }

    fn write_u8(&mut self, value: u8) {
        self.0 = combine(self.0, value.into());
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = combine(self.0, value);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Up to eight bytes as a number.
fn word(bytes: &[u8]) -> u64 {
    if let Ok(eight) = <[u8; 8]>::try_from(bytes) {
        return u64::from_le_bytes(eight);
    }
    bytes.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_of_many_short_texts_meet() {
        let hashes: BTreeSet<u64> =
            (0..200_000_u32).map(|n| hash64(7, format!("n{n}").as_bytes())).collect();
        assert_eq!(hashes.len(), 200_000);
        let lengths: BTreeSet<u64> = (0..64).map(|n| hash64(7, &vec![0; n])).collect();
        assert_eq!(lengths.len(), 64);
    }

    #[test]
    fn every_bit_moves() {
        let mut changed = [0_u32; 64];
        for n in 0..4_096_u64 {
            let flip =
                hash64(1, &n.to_le_bytes()) ^ hash64(1, &(n ^ (1 << (n % 64))).to_le_bytes());
            for (bit, count) in changed.iter_mut().enumerate() {
                *count += (flip >> bit) as u32 & 1;
            }
        }
        assert!(changed.iter().all(|count| (1_800..2_300).contains(count)), "{changed:?}");
    }
}
