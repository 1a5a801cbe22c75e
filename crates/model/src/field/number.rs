//! `number`: any number, under a role that names it

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "number",
    meaning: "any number, under a role that names it",
    class: Sensitivity::Restricted,
    roles: Roles::Required,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Number,
        class: Sensitivity::Restricted,
        call: Call { function: "number_parse", args: &[Arg::Raw] },
    }],
    issue: None,
};
