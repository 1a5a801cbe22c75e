//! `identifier`: a person's or household's number in some list, under a role that names it

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "identifier",
    meaning: "a person's or household's number in some list, under a role that names it",
    class: Sensitivity::Internal,
    roles: Roles::Required,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Internal,
        call: Call { function: "identifier_normalise", args: &[Arg::Raw, Arg::Pattern] },
    }],
    issue: Some(Call { function: "identifier_issue", args: &[Arg::Raw, Arg::Pattern] }),
};
