//! Seeded chance. A [`Dice`] is a pure function of (seed, stream, index): any household, person or row can be
//! thrown again without those before it, on every machine and with every number of threads.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// What a throw is for. Streams never share numbers, so that a new kind of error does not move the people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Who lives in a household; the first throw is its size.
    Household = 1,
    /// How the registry spells the words of a household.
    Spelling = 2,
    /// A close relative of registered people whom the registry does not know.
    Relative = 3,
    /// Which people a department lists.
    Plan = 4,
    /// What a department wrote down of one person.
    Claim = 5,
    /// What the surveyor wrote down.
    Registry = 7,
    /// Names of places.
    Place = 6,
    /// Which requests were approved, and under which number.
    Approval = 8,
    /// Cases that were planted later than the rest, so that nothing else moves.
    Planted = 9,
}

/// A stream of chance.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one thing in one stream. `part` separates the sources within a stream.
    pub(crate) fn new(seed: u64, stream: Stream, part: u64, index: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&(stream as u64).to_le_bytes());
        key[16..24].copy_from_slice(&part.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(index);
        Self(rng)
    }

    /// A number from 0 to 1, 1 excluded.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether a thing of this probability happens.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A number below `bound` (0 when `bound` is 0).
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((self.unit() * bound as f64) as usize).min(bound.saturating_sub(1))
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// One of the choices.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// The place of the first weight that the throw falls into.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * weights.iter().sum::<f64>();
        for (place, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return place;
            }
        }
        weights.len().saturating_sub(1)
    }
}

/// Mixes a number thoroughly (the finaliser of splitmix64).
pub(crate) fn mix(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_throws_the_same() {
        let throw = |seed, stream, index| Dice::new(seed, stream, 0, index).unit().to_bits();
        assert_eq!(throw(1, Stream::Household, 7), throw(1, Stream::Household, 7));
        assert_ne!(throw(1, Stream::Household, 7), throw(1, Stream::Household, 8));
        assert_ne!(throw(1, Stream::Household, 7), throw(1, Stream::Claim, 7));
        assert_ne!(throw(1, Stream::Household, 7), throw(2, Stream::Household, 7));
    }

    #[test]
    fn bounds_hold() {
        let mut dice = Dice::new(3, Stream::Plan, 0, 0);
        assert!((0..1000).all(|_| dice.below(3) < 3));
        assert!((0..1000).all(|_| (-2..=2).contains(&dice.between(-2, 2))));
        assert_eq!(dice.below(0), 0);
    }
}
