//! `period`: the period a benefit is for, as the department names it: Q3-2026, 2026-10

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "period",
    meaning: "the period a benefit is for, as the department names it: Q3-2026, 2026-10",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: false,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Internal,
        call: Call { function: "text_clean", args: &[Arg::Raw] },
    }],
    issue: None,
};
