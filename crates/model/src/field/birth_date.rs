//! `birth_date`: the birth date, carried with its precision (day, month, year, age); where only an age is known the year follows from it and the date it was stated.

use super::{Arg, Call, Canonical, CanonicalType, Roles, SemanticField, Sensitivity};

/// See the module.
pub(super) const FIELD: SemanticField = SemanticField {
    name: "birth_date",
    meaning: "the birth date, carried with its precision",
    class: Sensitivity::Restricted,
    roles: Roles::Optional,
    keeps_raw: true,
    made_of: &[],
    canonical: &[
        Canonical {
            suffix: "",
            kind: CanonicalType::Date,
            class: Sensitivity::Restricted,
            call: Call { function: "birth_date", args: &[Arg::Raw, Arg::Layout, Arg::AsOf] },
        },
        Canonical {
            suffix: "_precision",
            kind: CanonicalType::Text,
            class: Sensitivity::Internal,
            call: Call {
                function: "birth_date_precision",
                args: &[Arg::Raw, Arg::Other("age"), Arg::Layout, Arg::AsOf],
            },
        },
        Canonical {
            suffix: "_year",
            kind: CanonicalType::Integer,
            class: Sensitivity::Restricted,
            call: Call {
                function: "birth_year",
                args: &[Arg::Raw, Arg::Other("age"), Arg::Layout, Arg::AsOf],
            },
        },
        Canonical {
            suffix: "_latest",
            kind: CanonicalType::Date,
            class: Sensitivity::Restricted,
            call: Call {
                function: "birth_latest",
                args: &[Arg::Raw, Arg::Other("age"), Arg::Layout, Arg::AsOf],
            },
        },
        Canonical {
            suffix: "_years",
            kind: CanonicalType::TextList,
            class: Sensitivity::Restricted,
            call: Call {
                function: "birth_years",
                args: &[Arg::Raw, Arg::Other("age"), Arg::Layout, Arg::AsOf],
            },
        },
    ],
    issue: Some(Call { function: "birth_date_issue", args: &[Arg::Raw, Arg::Layout, Arg::AsOf] }),
};
