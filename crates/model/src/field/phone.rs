//! `phone`: the mobile number, E.164

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "phone",
    meaning: "the mobile number, E.164",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Restricted,
        call: Call { function: "phone_normalise", args: &[Arg::Country, Arg::Raw] },
    }],
    issue: Some(Call { function: "phone_issue", args: &[Arg::Country, Arg::Raw] }),
};
