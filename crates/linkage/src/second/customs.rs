//! In how many pairs a level comes about in each of its ways ([`super::ways`]), where that is the lists' custom.
//!
//! Of all pairs it is counted; of strangers it is learnt from those that look like strangers, beside so many pairs that are as
//! all are. Nothing else of strangers is learnt from pairs that were kept, since what was kept agrees: within one level that does
//! not show.

use super::mixture::{Observed, Prior};

/// So many pairs of each level are taken to be as all pairs are.
const ALL_WORTH_PAIRS: f64 = 30.0;

#[derive(Debug)]
pub(super) struct Customs {
    /// Ways by comparison; 1: not told apart.
    ways: Vec<usize>,
    /// Shares within each level of all pairs, by comparison and code.
    all: Vec<Vec<f64>>,
    /// Natural logarithms of strangers' shares; 0 where not told apart.
    pub(super) strangers: Vec<Vec<f64>>,
}

impl Customs {
    pub(super) fn of(observed: &Observed, prior: &Prior, ways: &[usize]) -> Self {
        let mut all: Vec<Vec<f64>> =
            prior.pseudo.iter().map(|codes| vec![0.0; codes.len()]).collect();
        for codes in observed.codes.chunks(observed.width.max(1)) {
            for (at, code) in codes.iter().enumerate() {
                all[at][usize::from(*code)] += 1.0;
            }
        }
        for (counts, ways) in all.iter_mut().zip(ways) {
            for level in counts[1..].chunks_mut(*ways) {
                let total: f64 = level.iter().sum();
                let even = 1.0 / *ways as f64;
                for one in level {
                    *one = (*one + even) / (total + 1.0);
                }
            }
        }
        let strangers = all.iter().map(|codes| vec![0.0; codes.len()]).collect();
        Self { ways: ways.to_vec(), all, strangers }
    }

    /// The pseudo-counts of a class with each level's parted as all pairs are.
    pub(super) fn split(&self, at: usize, pseudo: &[f64]) -> Vec<f64> {
        let ways = self.ways[at];
        if ways == 1 {
            return pseudo.to_vec();
        }
        let mut parted = pseudo.to_vec();
        for (level, all) in parted[1..].chunks_mut(ways).zip(self.all[at][1..].chunks(ways)) {
            let total: f64 = level.iter().sum();
            for (one, share) in level.iter_mut().zip(all) {
                *one = total * share;
            }
        }
        parted
    }

    /// Learns strangers' shares from the pairs expected of them, by comparison and code.
    pub(super) fn learn(&mut self, sums: &[Vec<f64>]) {
        for (at, ways) in self.ways.iter().enumerate().filter(|(_, ways)| **ways > 1) {
            let levels = self.strangers[at][1..].chunks_mut(*ways);
            let seen = self.all[at][1..].chunks(*ways).zip(sums[at][1..].chunks(*ways));
            for (level, (all, sums)) in levels.zip(seen) {
                let total: f64 = sums.iter().sum::<f64>() + ALL_WORTH_PAIRS;
                for (one, (share, sum)) in level.iter_mut().zip(all.iter().zip(sums)) {
                    *one = ((sum + ALL_WORTH_PAIRS * share) / total).max(1e-12).ln();
                }
            }
        }
    }
}
