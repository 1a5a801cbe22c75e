//! `benefit_unit`: the unit a quantity is counted in: kg, litre

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "benefit_unit",
    meaning: "the unit a quantity is counted in: kg, litre",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: false,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Internal,
        call: Call { function: "word_key", args: &[Arg::Raw] },
    }],
    issue: None,
};
