//! `bank_account`: the bank account number

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "bank_account",
    meaning: "the bank account number",
    class: Sensitivity::Secret,
    roles: Roles::Optional,
    keeps_raw: false,
    made_of: &[],
    canonical: &[
        Canonical {
            suffix: "_token",
            kind: CanonicalType::Text,
            class: Sensitivity::Internal,
            call: Call { function: "bank_token", args: &[Arg::Raw] },
        },
        Canonical {
            suffix: "_masked",
            kind: CanonicalType::Text,
            class: Sensitivity::Internal,
            call: Call { function: "mask_bank", args: &[Arg::Raw] },
        },
    ],
    issue: Some(Call { function: "bank_issue", args: &[Arg::Raw] }),
};
