//! `gender`: the gender: M, F or O

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "gender",
    meaning: "the gender: M, F or O",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Restricted,
        call: Call { function: "gender_parse", args: &[Arg::Raw] },
    }],
    issue: Some(Call { function: "gender_issue", args: &[Arg::Raw] }),
};
