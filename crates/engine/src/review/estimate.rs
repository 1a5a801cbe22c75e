//! How many accepted pairs are wrong, as reviewers' blind samples have it.
//!
//! Of each band the share of decided pairs of the sample that are two people, with its Wilson interval (Wilson 1927); all accepted
//! bands together by their numbers of pairs, the interval put together from those of the bands (Newcombe 1998, method 10; for
//! weighted sums Zou, Huang and Zhang 2009). Where there is no sample nothing is estimated, and it is said in these words.

use std::collections::{BTreeMap, HashMap};

use milaan_model::{Band, Decision};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ledger::Ledger;
use crate::error::Error;
use crate::eval::Share;

/// What stands where there is no sample.
pub(crate) const NOT_ESTIMATED: &str = "not estimated";

/// Wrong matches among the pairs of a run, estimated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FalseMatches {
    /// Each band: `exact` and `high` are accepted; in `review`, and in `low` where it was sampled, it is the share that would be
    /// wrong, were it accepted: the rest are matches that are missed.
    pub bands: Vec<BandEstimate>,
    /// Both accepted bands together.
    #[serde(with = "estimated")]
    pub accepted: Option<Share>,
}

/// One band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BandEstimate {
    /// The band.
    pub band: Band,
    /// Its pairs in this run that nobody decided; in `review` records that wait.
    pub pairs: u64,
    /// Pairs of its random samples, under this model.
    pub sampled: u64,
    /// Those held for one person.
    pub same: u64,
    /// Those held for two.
    pub different: u64,
    /// Those that reviewers could not tell; they count for neither.
    pub unsure: u64,
    /// `different / (same + different)`.
    #[serde(with = "estimated")]
    pub rate: Option<Share>,
}

impl FalseMatches {
    /// From the reviews kept in a pipeline's state, for a run's pairs by band.
    pub(crate) fn of(
        state: &std::path::Path,
        model_id: &str,
        pairs: &BTreeMap<Band, u64>,
    ) -> Result<Self, Error> {
        let ledger = Ledger::read(state)?;
        let newest = ledger.newest();
        let of_model = || ledger.given.iter().filter(|one| one.model_id == model_id);
        let sampled: HashMap<&str, Band> =
            of_model().filter_map(|one| Some((one.pair_id.as_str(), one.sample?.band))).collect();
        // Nobody counts the pairs that are not proposed, but for a sample of them.
        let low = of_model().filter_map(|one| one.sample).rfind(|sample| sample.band == Band::Low);
        let mut pairs = pairs.clone();
        pairs.extend(low.map(|sample| (Band::Low, sample.pairs)));
        let count = |band: Band, decision: Decision| {
            let of_band = sampled.iter().filter(|(_, of)| **of == band);
            let decided = of_band.filter_map(|(pair, _)| newest.get(pair));
            decided.filter(|line| line.decision == decision).count() as u64
        };
        let wanted = [Band::Exact, Band::High, Band::Review].into_iter();
        let wanted = wanted.chain(low.map(|sample| sample.band));
        let estimate = |band: Band| {
            let (same, different) = (count(band, Decision::Same), count(band, Decision::Different));
            BandEstimate {
                band,
                pairs: pairs.get(&band).copied().unwrap_or(0),
                sampled: sampled.values().filter(|of| **of == band).count() as u64,
                same,
                different,
                unsure: count(band, Decision::Unsure),
                rate: (same + different > 0).then(|| Share::of(different, same + different)),
            }
        };
        let bands: Vec<BandEstimate> = wanted.map(estimate).collect();
        let accepted = together(&bands[..2]);
        Ok(Self { bands, accepted })
    }

    /// Of a run's receipt; `None` where it does not tell.
    pub(crate) fn of_receipt(run: &std::path::Path) -> Option<Self> {
        #[derive(Deserialize)]
        struct Told {
            false_matches: Option<FalseMatches>,
        }
        let bytes = std::fs::read(run.join("receipt.json")).ok()?;
        serde_json::from_slice::<Told>(&bytes).ok()?.false_matches
    }

    /// A band's estimate.
    pub fn band(&self, band: &str) -> Option<&BandEstimate> {
        self.bands.iter().find(|one| one.band.as_str() == band)
    }
}

/// Bands together, weighted by their pairs; `None` where one that has pairs has no estimate.
fn together(bands: &[BandEstimate]) -> Option<Share> {
    let all: u64 = bands.iter().map(|one| one.pairs).sum();
    let (mut value, mut low, mut high) = (0.0, 0.0, 0.0);
    for one in bands.iter().filter(|one| one.pairs > 0) {
        let (rate, weight) = (one.rate?, one.pairs as f64 / all as f64);
        value += weight * rate.value;
        low += (weight * (rate.value - rate.low)).powi(2);
        high += (weight * (rate.high - rate.value)).powi(2);
    }
    let share = || Share {
        value,
        low: (value - low.sqrt()).max(0.0),
        high: (value + high.sqrt()).min(1.0),
    };
    (all > 0).then(share)
}

/// An estimate as JSON: its numbers, or [`NOT_ESTIMATED`].
mod estimated {
    use super::{Deserialize as _, Deserializer, NOT_ESTIMATED, Serialize as _, Serializer, Share};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        share: &Option<Share>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match share {
            Some(share) => share.serialize(serializer),
            None => serializer.serialize_str(NOT_ESTIMATED),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Share>, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(serde_json::from_value(value).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(band: Band, pairs: u64, same: u64, different: u64) -> BandEstimate {
        let decided = same + different;
        let rate = (decided > 0).then(|| Share::of(different, decided));
        BandEstimate { band, pairs, sampled: decided, same, different, unsure: 0, rate }
    }

    /// By hand: 3 of 100 is 0.0103 to 0.0845 (Wilson), and 0 of 50 is 0 to 0.0713.
    #[test]
    fn bands_weigh_by_their_pairs() {
        let high = band(Band::High, 300, 97, 3);
        let rate = high.rate.expect("decided");
        assert!(
            (rate.low - 0.010_25).abs() < 5e-5 && (rate.high - 0.084_5).abs() < 5e-5,
            "{rate:?}"
        );
        let exact = band(Band::Exact, 900, 50, 0);
        let all = together(&[exact, high.clone()]).expect("both are sampled");
        assert!((all.value - 0.0075).abs() < 1e-12, "a quarter of 0.03");
        let most = 0.0075 + (0.75_f64 * 0.0713).hypot(0.25 * 0.0545);
        assert!((all.high - most).abs() < 1e-4 && all.low < all.value, "{all:?}");
        assert_eq!(
            together(&[band(Band::Exact, 1, 0, 0), high.clone()]),
            None,
            "a band without a sample"
        );
        let alone =
            together(&[band(Band::Exact, 0, 0, 0), high]).expect("an empty band needs none");
        assert!((alone.high - rate.high).abs() < 1e-12);
    }

    #[test]
    fn without_a_sample_it_says_so() {
        let none = band(Band::High, 5, 0, 0);
        let json = serde_json::to_value(&none).expect("JSON");
        assert_eq!(json["rate"], NOT_ESTIMATED);
        assert_eq!(serde_json::from_value::<BandEstimate>(json).expect("read again"), none);
    }
}
