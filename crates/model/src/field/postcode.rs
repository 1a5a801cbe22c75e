//! `postcode`: the postal code

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "postcode",
    meaning: "the postal code",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Internal,
        call: Call { function: "identifier_normalise", args: &[Arg::Raw] },
    }],
    issue: None,
};
