//! `birth_proof`: how the birth date was established: verified, declared, approximate

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "birth_proof",
    meaning: "how the birth date was established: verified, declared, approximate",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: false,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Internal,
        call: Call { function: "word_key", args: &[Arg::Raw] },
    }],
    issue: None,
};
