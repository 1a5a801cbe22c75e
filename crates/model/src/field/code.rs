//! `code`: any code, under a role that names it

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "code",
    meaning: "any code, under a role that names it",
    class: Sensitivity::Internal,
    roles: Roles::Required,
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
