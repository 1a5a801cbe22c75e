//! `national_id`: the national identity number. Past standardising there are a token, a masked form and, with consent, the digits sealed under the link key.

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "national_id",
    meaning: "the national identity number (Aadhaar, CNIC)",
    class: Sensitivity::Secret,
    roles: Roles::Optional,
    keeps_raw: false,
    made_of: &[],
    canonical: &[
        Canonical {
            suffix: "_token",
            kind: CanonicalType::Text,
            class: Sensitivity::Internal,
            call: Call { function: "id_token", args: &[Arg::Scheme, Arg::Raw] },
        },
        Canonical {
            suffix: "_sealed",
            kind: CanonicalType::Bytes,
            class: Sensitivity::Secret,
            call: Call {
                function: "id_seal",
                args: &[Arg::Scheme, Arg::Raw, Arg::Other("consent")],
            },
        },
        Canonical {
            suffix: "_masked",
            kind: CanonicalType::Text,
            class: Sensitivity::Internal,
            call: Call { function: "id_mask", args: &[Arg::Scheme, Arg::Raw] },
        },
    ],
    issue: Some(Call { function: "id_issue", args: &[Arg::Scheme, Arg::Raw] }),
};
