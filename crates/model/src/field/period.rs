//! `period`: the period a benefit is for, as the department names it: Q3-2026, Jul-Sep 2026, 07/2026, 2026-27

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

const ARGS: &[Arg] = &[Arg::Raw, Arg::Layout, Arg::YearStarts];

const fn canonical(suffix: &'static str, kind: CanonicalType, function: &'static str) -> Canonical {
    Canonical { suffix, kind, class: Sensitivity::Internal, call: Call { function, args: ARGS } }
}

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "period",
    meaning: "the period a benefit is for, as the department names it: Q3-2026, Jul-Sep 2026, 07/2026, 2026-27",
    class: Sensitivity::Internal,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[
        canonical("", CanonicalType::Text, "period_parse"),
        canonical("_from", CanonicalType::Date, "period_from"),
        canonical("_to", CanonicalType::Date, "period_to"),
    ],
    issue: Some(Call { function: "period_issue", args: ARGS }),
};
