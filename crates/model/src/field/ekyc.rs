//! `ekyc`: whether the resident was authenticated electronically

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "ekyc",
    meaning: "whether the resident was authenticated electronically",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Boolean,
        class: Sensitivity::Internal,
        call: Call { function: "yes_no_parse", args: &[Arg::Raw] },
    }],
    issue: Some(Call { function: "yes_no_issue", args: &[Arg::Raw] }),
};
