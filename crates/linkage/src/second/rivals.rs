//! One person a record: what a record's other pairs say against a pair.
//!
//! A record is one person, so that of its pairs one at most is right, if its person is in the registry at all. The classes are
//! fitted with that said (as in one-to-one linkage: Sadinle 2017), since what several rows share with a record (a school, a
//! village, a family name) then cannot be what one person's records look like; and pairs are weighed with it.

use std::ops::Range;

/// The least share of records that is taken to be of people who are not in the registry.
const ABSENT_MIN: f64 = 0.05;

/// Pairs by record.
#[derive(Debug)]
pub(super) struct Rivals {
    /// The pairs of each record that has some, one record after the other.
    of_records: Vec<Range<usize>>,
    /// Records, with those that have no pairs.
    records: f64,
}

impl Rivals {
    /// Of so many pairs, which come by record. `record_of` says which record a pair is of.
    pub(super) fn of(pairs: usize, records: f64, record_of: impl Fn(usize) -> usize) -> Self {
        let mut of_records: Vec<Range<usize>> = Vec::new();
        let mut last = None;
        for pair in 0..pairs {
            let record = Some(record_of(pair));
            match of_records.last_mut() {
                Some(pairs) if record == last => pairs.end = pair + 1,
                _ => of_records.push(pair..pair + 1),
            }
            last = record;
        }
        Self { of_records, records }
    }

    /// The odds that a record's person is not there, to those of its pairs.
    fn absent(&self, persons: f64) -> f64 {
        (1.0 - persons / self.records).clamp(ABSENT_MIN, 1.0)
    }

    /// The pairs of those records none of whose pairs has such odds against all else, and all together have: several are as good,
    /// and each stands against the others.
    pub(super) fn torn(&self, odds: &[f64], persons: f64, wanted: f64) -> Vec<Range<usize>> {
        let absent = self.absent(persons);
        let is_torn = |pairs: &&Range<usize>| {
            let all: f64 = odds[pairs.start..pairs.end].iter().sum();
            let is_likely = |one: &f64| *one >= wanted * (absent + (all - one));
            all >= wanted * absent && !odds[pairs.start..pairs.end].iter().any(is_likely)
        };
        self.of_records.iter().filter(is_torn).cloned().collect()
    }

    /// Puts in place of the odds of each pair what stands against it: the odds of its record's other pairs, and the share of
    /// records whose person is not there, where so many pairs are expected to be of one person.
    pub(super) fn against(&self, odds: &mut [f64], persons: f64) {
        let absent = self.absent(persons);
        let mut of_record = Vec::new();
        for pairs in &self.of_records {
            of_record.clear();
            of_record.extend_from_slice(&odds[pairs.clone()]);
            for (at, rivals) in odds[pairs.clone()].iter_mut().enumerate() {
                let others: f64 = of_record[..at].iter().chain(&of_record[at + 1..]).sum();
                *rivals = absent + others;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_several_as_well_is_torn() {
        let records = [0, 0, 0, 0, 0, 1, 1, 2, 2];
        let rivals = Rivals::of(9, 10.0, |pair| records[pair]);
        let odds = [90.0, 90.0, 90.0, 90.0, 90.0, 90.0, 1.0, 0.01, 0.01];
        let torn =
            |wanted| rivals.torn(&odds, 6.0, wanted).into_iter().flatten().collect::<Vec<_>>();
        assert_eq!(torn(0.3 / 0.7), [0, 1, 2, 3, 4]);
        assert_eq!(torn(0.1 / 0.9), [] as [usize; 0]);
    }

    #[test]
    fn the_other_pairs_of_a_record_stand_against_a_pair() {
        let rivals = Rivals::of(4, 10.0, |pair| usize::from(pair == 3));
        let mut odds = [2.0, 30.0, 0.5, 7.0];
        rivals.against(&mut odds, 6.0);
        let near = odds.iter().zip([30.9, 2.9, 32.4, 0.4]).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(near, "{odds:?}");
        // Nobody is sure that everybody is there.
        let mut odds = [1.0; 4];
        rivals.against(&mut odds, 11.0);
        assert!((odds[3] - ABSENT_MIN).abs() < 1e-12);
    }
}
