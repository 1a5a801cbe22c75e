//! `ration_card`: the ration card number of the household

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "ration_card",
    meaning: "the ration card number of the household",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Text,
        class: Sensitivity::Restricted,
        call: Call { function: "identifier_normalise", args: &[Arg::Raw, Arg::Pattern] },
    }],
    issue: Some(Call { function: "identifier_issue", args: &[Arg::Raw, Arg::Pattern] }),
};
