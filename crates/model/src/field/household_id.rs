//! `household_id`: the household, in the code of this list

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "household_id",
    meaning: "the household, in the code of this list",
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
