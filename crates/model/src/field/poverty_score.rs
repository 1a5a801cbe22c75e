//! `poverty_score`: the score of the proxy means test

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "poverty_score",
    meaning: "the score of the proxy means test",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Number,
        class: Sensitivity::Restricted,
        call: Call { function: "number_parse", args: &[Arg::Raw] },
    }],
    issue: None,
};
