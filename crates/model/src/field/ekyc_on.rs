//! `ekyc_on`: the day of the electronic authentication

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "ekyc_on",
    meaning: "the day of the electronic authentication",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: false,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Date,
        class: Sensitivity::Internal,
        call: Call { function: "date_parse", args: &[Arg::Raw, Arg::Layout] },
    }],
    issue: Some(Call { function: "date_issue", args: &[Arg::Raw, Arg::Layout] }),
};
