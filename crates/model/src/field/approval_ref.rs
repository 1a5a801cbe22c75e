//! `approval_ref`: the reference of the approval that allows a change to be shared

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "approval_ref",
    meaning: "the reference of the approval that allows a change to be shared",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Internal,
        call: Call { function: "text_clean", args: &[Arg::Raw] },
    }],
    issue: None,
};
