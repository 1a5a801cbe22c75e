//! `place`: where the person lives, one level of place

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "place",
    meaning: "where the person lives, one level of place",
    class: Sensitivity::Internal,
    roles: Roles::OneOf(&["district", "mandal", "village", "habitation", "tehsil", "province"]),
    keeps_raw: false,
    made_of: &[],
    canonical: &[
        Canonical {
            suffix: "",
            kind: CanonicalType::Text,
            class: Sensitivity::Internal,
            call: Call { function: "text_clean", args: &[Arg::Raw] },
        },
        Canonical {
            suffix: "_key",
            kind: CanonicalType::Text,
            class: Sensitivity::Internal,
            call: Call { function: "place_key", args: &[Arg::Raw] },
        },
        Canonical {
            suffix: "_code",
            kind: CanonicalType::Text,
            class: Sensitivity::Internal,
            call: Call { function: "place_code", args: &[Arg::Role, Arg::PlaceKey, Arg::AboveKey] },
        },
    ],
    issue: None,
};
