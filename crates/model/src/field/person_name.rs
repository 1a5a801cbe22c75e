//! `person_name`: the name of the person of the record

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "person_name",
    meaning: "the name of the person of the record",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &["given_name", "surname"],
    canonical: &[
        Canonical {
            suffix: "",
            kind: CanonicalType::Text,
            class: Sensitivity::Restricted,
            call: Call { function: "name_standard", args: &[Arg::Raw] },
        },
        Canonical {
            suffix: "_key",
            kind: CanonicalType::Text,
            class: Sensitivity::Restricted,
            call: Call { function: "name_key", args: &[Arg::Raw] },
        },
        Canonical {
            suffix: "_keys",
            kind: CanonicalType::TextList,
            class: Sensitivity::Restricted,
            call: Call { function: "name_keys", args: &[Arg::Raw] },
        },
    ],
    issue: Some(Call { function: "name_issue", args: &[Arg::Raw] }),
};
