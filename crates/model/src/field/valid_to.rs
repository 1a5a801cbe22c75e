//! `valid_to`: the last day of the period

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "valid_to",
    meaning: "the last day of the period",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Date,
        class: Sensitivity::Internal,
        call: Call { function: "date_parse", args: &[Arg::Raw, Arg::Layout] },
    }],
    issue: Some(Call { function: "date_issue", args: &[Arg::Raw, Arg::Layout] }),
};
