//! `benefit_quantity`: quantity in kind for the period, in the unit of the scheme

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "benefit_quantity",
    meaning: "quantity in kind for the period, in the unit of the scheme",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Decimal,
        class: Sensitivity::Internal,
        call: Call { function: "quantity_parse", args: &[Arg::Raw] },
    }],
    issue: Some(Call { function: "quantity_issue", args: &[Arg::Raw] }),
};
