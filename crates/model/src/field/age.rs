//! `age`: the age in completed years at the date of the list

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "age",
    meaning: "the age in completed years at the date of the list",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Integer,
        class: Sensitivity::Restricted,
        call: Call { function: "age_years", args: &[Arg::Raw] },
    }],
    issue: Some(Call { function: "age_issue", args: &[Arg::Raw] }),
};
