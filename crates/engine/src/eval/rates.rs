//! Shares, precision, recall, F1, and their intervals.

use serde::{Deserialize, Serialize};

/// A share with its 95 % Wilson score interval (Wilson 1927).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The share; 0 where nothing was counted.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl Share {
    /// The share `part` of `whole`.
    pub fn of(part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Self { value: 0.0, low: 0.0, high: 1.0 };
        }
        let (n, z) = (whole as f64, 1.959_964_f64);
        let p = part as f64 / n;
        let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        Self { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
    }
}

/// Precision, recall and F1 of one way of accepting. In a list that is the registry itself, pairs of records are counted in
/// place of records.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rates {
    /// Records in this group; in a list that is the registry itself: pairs that are true or accepted.
    pub records: u64,
    /// Records whose resident is in the registry; pairs that are one person.
    pub linked: u64,
    /// Records answered with the right resident.
    pub right: u64,
    /// Records answered with a wrong one.
    pub wrong: u64,
    /// Linked records not answered with the right resident.
    pub missed: u64,
    /// right / (right + wrong).
    pub precision: f64,
    /// right / linked.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Interval of the precision.
    pub precision_interval: [f64; 2],
    /// Interval of the recall.
    pub recall_interval: [f64; 2],
}

impl Rates {
    pub(super) fn of(records: u64, linked: u64, right: u64, wrong: u64) -> Self {
        let precision = Share::of(right, right + wrong);
        let recall = Share::of(right, linked);
        let sum = precision.value + recall.value;
        Self {
            records,
            linked,
            right,
            wrong,
            missed: linked - right.min(linked),
            precision: precision.value,
            recall: recall.value,
            f1: if sum > 0.0 { 2.0 * precision.value * recall.value / sum } else { 0.0 },
            precision_interval: [precision.low, precision.high],
            recall_interval: [recall.low, recall.high],
        }
    }
}

/// What became of the records with one planted case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseRates {
    /// As for any group; `right` are the cases found, `missed` those not.
    #[serde(flatten)]
    pub rates: Rates,
    /// Linked records that were answered with another resident; they are missed too.
    pub given_another: u64,
    /// Records that are not in the registry.
    pub not_registered: u64,
    /// Those of them that were answered with a resident all the same.
    pub not_registered_accepted: u64,
}
