//! `given_on`: the day of a benefit that is given once: a purchase, a single payment

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "given_on",
    meaning: "the day of a benefit that is given once (a purchase, a single payment): where the record states no period, the benefit is of this day alone",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[Canonical {
        suffix: "",
        kind: CanonicalType::Date,
        class: Sensitivity::Internal,
        call: Call { function: "date_parse", args: &[Arg::Raw, Arg::Layout] },
    }],
    issue: Some(Call { function: "date_issue", args: &[Arg::Raw, Arg::Layout] }),
};
