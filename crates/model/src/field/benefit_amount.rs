//! `benefit_amount`: money paid or sanctioned for the period, in the currency unit

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "benefit_amount",
    meaning: "money paid or sanctioned for the period, in the currency unit",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Decimal,
        class: Sensitivity::Internal,
        call: Call { function: "amount_parse", args: &[Arg::Raw] },
    }],
    issue: Some(Call { function: "amount_issue", args: &[Arg::Raw] }),
};
