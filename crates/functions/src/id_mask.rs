//! `id_mask`: A valid identity number masked as its scheme prescribes.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::national_id;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "id_mask",
    args: &[("scheme", Kind::Text), ("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "A valid identity number masked as its scheme prescribes. NULL where it is missing or not valid",
    example: ("SELECT id_mask('aadhaar', '2341 2341 2346')", "XXXX-XXXX-2346"),
    eval: |rows| {
        rows.texts(|row| {
            let digits = national_id::normalise(row.text(0)?, row.text(1)?)?;
            Some(Cow::Owned(national_id::mask(row.text(0)?, &digits)))
        })
    },
};
