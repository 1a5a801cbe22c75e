//! `address_line`: a line of the address

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "address_line",
    meaning: "a line of the address",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Restricted,
        call: Call { function: "text_fold", args: &[Arg::Raw] },
    }],
    issue: None,
};
