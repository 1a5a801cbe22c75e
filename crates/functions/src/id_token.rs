//! `id_token`: The token of a valid identity number under the key of this installation: 32 letters a to p.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::national_id;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "id_token",
    args: &[("scheme", Kind::Text), ("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "The token of a valid identity number under the key of this installation: 32 letters a to p. NULL where the number is missing or not valid. Needs a run",
    example: ("SELECT id_token('aadhaar', NULL) IS NULL", "true"),
    eval: |rows| {
        let keyring = rows.keyring()?;
        rows.texts(|row| {
            let scheme = row.text(0)?;
            let digits = national_id::normalise(scheme, row.text(1)?)?;
            Some(Cow::Owned(keyring.token(scheme, &digits)))
        })
    },
};
