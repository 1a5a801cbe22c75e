//! What Milaan may answer: lookups, actions, bands, kinds of mismatch, reason codes.
//!
//! Invariant: there is no action that drops, cancels or deletes anybody (`domain.md` R1; Supreme Court of India,
//! 27-4-2022). A test holds the list.

/// Makes an enum whose variants have one fixed spelling in reports.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            /// All values, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The spelling used in reports.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| text.to_owned())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Whether the registry knows the person of a record.
    Lookup {
        /// One resident, accepted.
        Found = "found",
        /// The household is in the registry, the person is not found in it.
        HouseholdFound = "household_found",
        /// A candidate that people must look at, or several close ones.
        Ambiguous = "ambiguous",
        /// Nobody in the registry comes near.
        NotFound = "not_found",
        /// The record has nothing that could be compared (no name and no valid id).
        NotCheckable = "not_checkable",
    }
}

words! {
    /// What is proposed for a record. There is no drop, cancel or delete.
    Action {
        /// Found, eKYC done: take demographic data from the registry (SOP 3.3).
        UseRegistry = "USE_REGISTRY",
        /// Found, eKYC not done: authenticate the resident first (SOP 3.3).
        Authenticate = "AUTHENTICATE",
        /// Not available in the registry: enrol (SOP 3.4).
        Enrol = "ENROL",
        /// People must decide.
        Review = "REVIEW",
        /// Somebody has to visit or call.
        FieldVerify = "FIELD_VERIFY",
        /// An approved change to hand to the registry (SOP 3.6).
        ShareUpdate = "SHARE_UPDATE",
        /// Nothing to do.
        NoAction = "NO_ACTION",
    }
}

words! {
    /// How sure a pair is.
    Band {
        /// Same valid id, and name and birth date do not contradict; or a reviewer's decision.
        Exact = "exact",
        /// At or above the accepting weight.
        High = "high",
        /// Between the review weight and the accepting weight, or a contradiction in it.
        Review = "review",
        /// Below the review weight.
        Low = "low",
    }
}

words! {
    /// What a reviewer decided of a pair (`domain.md` R7).
    Decision {
        /// One person: the pair is accepted.
        Same = "SAME",
        /// Two people: the pair is left out.
        Different = "DIFFERENT",
        /// The reviewer cannot tell: the pair waits for review.
        Unsure = "UNSURE",
    }
}

words! {
    /// How a field of a record differs from the registry's.
    MismatchKind {
        /// The same value written differently.
        Format = "format",
        /// A spelling or romanisation variant.
        Variant = "variant",
        /// A small difference (one digit, one year, part of a name).
        Minor = "minor",
        /// The two cannot both be right.
        Contradiction = "contradiction",
        /// The registry has a value, the record has none.
        MissingHere = "missing_here",
        /// The record has a value, the registry has none.
        MissingThere = "missing_there",
    }
}

words! {
    /// Why something was answered or flagged; a row may carry several (`domain.md` R9).
    Reason {
        /// Same id, but name or birth date contradict.
        IdConflict = "ID_CONFLICT",
        /// More than one close candidate.
        SecondCandidateClose = "SECOND_CANDIDATE_CLOSE",
        /// The best candidate lies in the review band.
        ReviewBand = "REVIEW_BAND",
        /// eKYC is not done.
        EkycNo = "EKYC_NO",
        /// The registry does not say whether eKYC is done.
        EkycUnknown = "EKYC_UNKNOWN",
        /// eKYC was done too long ago (`policy/ekyc_validity.toml`).
        EkycStale = "EKYC_STALE",
        /// The registry lists the resident as deceased.
        DeceasedReported = "DECEASED_REPORTED",
        /// The registry lists the resident as inactive.
        InactiveReported = "INACTIVE_REPORTED",
        /// A row of the registry that is held for the same person as another one.
        DupInRegistry = "DUP_IN_REGISTRY",
        /// Not found; the area was surveyed.
        NotFoundCoveredArea = "NOT_FOUND_COVERED_AREA",
        /// Not found; the area is not in the registry.
        NotFoundUncoveredArea = "NOT_FOUND_UNCOVERED_AREA",
        /// The household is there, the person is not.
        HouseholdOnly = "HOUSEHOLD_ONLY",
        /// Neither a name nor a valid id.
        NothingToCompare = "NOTHING_TO_COMPARE",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_action_takes_anything_away() {
        for action in Action::ALL {
            let word = action.as_str();
            for bad in ["DROP", "CANCEL", "DELETE", "REJECT", "REMOVE", "GHOST"] {
                assert!(!word.contains(bad), "{word}");
            }
        }
    }

    #[test]
    fn spelling_round_trips() {
        for lookup in Lookup::ALL {
            assert_eq!(lookup.as_str().parse::<Lookup>().as_ref(), Ok(lookup));
        }
        assert!("dropped".parse::<Action>().is_err());
    }
}
