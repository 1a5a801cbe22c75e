//! `text`: any text, under a role that names it

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "text",
    meaning: "any text, under a role that names it",
    class: Sensitivity::Restricted,
    roles: Roles::Required,
    keeps_raw: false,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Restricted,
        call: Call { function: "text_clean", args: &[Arg::Raw] },
    }],
    issue: None,
};
