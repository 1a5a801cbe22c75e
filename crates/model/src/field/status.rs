//! `status`: the status of the record or resident, as a folded word

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "status",
    meaning: "the status of the record or resident, as a folded word",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Internal,
        call: Call { function: "word_key", args: &[Arg::Raw] },
    }],
    issue: None,
};
