//! What reviewers decided of pairs, before it is weighed.
//!
//! A pair that is held for one person is accepted whatever its weight, and the record's other pairs are left out, since a record
//! is one person; a pair of two people is left out, and is no rival to the record's others; one that the reviewer could not tell
//! waits for review. The evidence keeps all that was compared and says at its end what was decided, with the bits that this
//! takes.

use std::collections::BTreeMap;

use arrow::array::AsArray as _;
use milaan_model::Decision;

use crate::candidates::{ByRecord, Pairs};

/// The evidence that a reviewer decided.
pub const DECISION: &str = "decision";
/// What a decision weighs at least, to either side: bits.
const DECIDED_BITS: f64 = 30.0;

/// A pair that a reviewer decided, by the names that linking knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The record as the list that is linked names it: `source_id/record_id`, or its id alone in a list that is the registry.
    pub record: String,
    /// The resident.
    pub resident_ref: String,
    /// What was decided.
    pub decision: Decision,
}

/// How a pair is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pin {
    Same,
    Different,
    Unsure,
    /// The record was held for another resident.
    Another,
}

impl Pin {
    /// The level that the evidence names.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Unsure => "unsure",
            Self::Another => "same as another",
        }
    }

    /// Whether the pair is left out.
    pub(super) fn is_out(self) -> bool {
        matches!(self, Self::Different | Self::Another)
    }

    /// The weight of a pair, in bits, that weighed so much without the decision.
    pub(super) fn weight(self, bits: f64) -> f64 {
        match self {
            Self::Same => bits.max(DECIDED_BITS),
            Self::Unsure => bits,
            Self::Different | Self::Another => bits.min(-DECIDED_BITS),
        }
    }
}

/// Decided pairs by number.
#[derive(Debug, Clone, Default)]
pub struct Pins {
    by_pair: BTreeMap<usize, Pin>,
    missing: u64,
}

impl Pins {
    /// Of pairs that were found. In a list that is the registry itself either record may stand first, and a person may have
    /// several.
    pub fn of(
        pairs: &Pairs,
        by_record: &ByRecord,
        decided: &[Decided],
        same_records: bool,
    ) -> Self {
        let refs = pairs.residents().column(0).as_string::<i32>();
        let find = |record: &str, resident_ref: &str| {
            let mut of_record = by_record.pairs(by_record.place(record)?);
            of_record.find(|pair| refs.value(pairs.places(*pair as usize).1) == resident_ref)
        };
        let mut pins = Self::default();
        let mut others = Vec::new();
        for one in decided {
            let found = find(&one.record, &one.resident_ref).or_else(|| {
                let turned = same_records.then(|| find(&one.resident_ref, &one.record));
                turned.flatten()
            });
            let Some(pair) = found else {
                pins.missing += 1;
                continue;
            };
            let pin = match one.decision {
                Decision::Same => Pin::Same,
                Decision::Different => Pin::Different,
                Decision::Unsure => Pin::Unsure,
            };
            pins.by_pair.insert(pair as usize, pin);
            if pin == Pin::Same && !same_records {
                let place = pairs.places(pair as usize).0;
                others.extend(by_record.pairs(place));
            }
        }
        for pair in others {
            // Two that are both held for one record's person stay so: people disagree, and people settle it.
            let pin = pins.by_pair.entry(pair as usize).or_insert(Pin::Another);
            if *pin == Pin::Unsure {
                *pin = Pin::Another;
            }
        }
        pins
    }

    /// Decided pairs that no rule finds any more.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    pub(super) fn get(&self, pair: usize) -> Option<Pin> {
        self.by_pair.get(&pair).copied()
    }

    /// Whether a pair is left out.
    pub(super) fn is_out(&self, pair: usize) -> bool {
        self.get(pair).is_some_and(Pin::is_out)
    }
}
