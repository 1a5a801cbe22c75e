//! `relative_name`: the name of the person's father, husband, mother or guardian; taken from "A s/o B" where a list writes both in one column.

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "relative_name",
    meaning: "the name of the person's father, husband, mother or guardian",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[
        Canonical {
            suffix: "",
            kind: CanonicalType::Text,
            class: Sensitivity::Restricted,
            call: Call {
                function: "relative_standard",
                args: &[Arg::Raw, Arg::Other("person_name")],
            },
        },
        Canonical {
            suffix: "_key",
            kind: CanonicalType::Text,
            class: Sensitivity::Restricted,
            call: Call { function: "relative_key", args: &[Arg::Raw, Arg::Other("person_name")] },
        },
        Canonical {
            suffix: "_keys",
            kind: CanonicalType::TextList,
            class: Sensitivity::Restricted,
            call: Call { function: "relative_keys", args: &[Arg::Raw, Arg::Other("person_name")] },
        },
    ],
    issue: None,
};
