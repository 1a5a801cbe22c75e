//! `ifsc`: the bank branch code (India)

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "ifsc",
    meaning: "the bank branch code (India)",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Restricted,
        call: Call { function: "ifsc_normalise", args: &[Arg::Raw] },
    }],
    issue: Some(Call { function: "ifsc_issue", args: &[Arg::Raw] }),
};
