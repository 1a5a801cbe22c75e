//! `consent`: consent to the use of the identity number (form or electronic)

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "consent",
    meaning: "consent to the use of the identity number (form or electronic)",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Boolean,
        class: Sensitivity::Internal,
        call: Call { function: "consent_parse", args: &[Arg::Raw] },
    }],
    issue: None,
};
