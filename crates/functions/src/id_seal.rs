//! `id_seal`: The digits of a valid identity number, sealed under the link key.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{consent, national_id};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "id_seal",
    args: &[("scheme", Kind::Text), ("text", Kind::Text), ("consent", Kind::Text)],
    variadic: false,
    returns: Kind::Bytes,
    class: ResultClass::Fixed(Sensitivity::Secret),
    doc: "The digits of a valid identity number, sealed under the link key. NULL where the number is missing or not valid, and without consent. Needs a run",
    example: ("SELECT id_seal('aadhaar', NULL, 'yes') IS NULL", "true"),
    eval: |rows| {
        let keyring = rows.keyring()?;
        rows.bytes(|row| {
            let scheme = row.text(0)?;
            let digits = national_id::normalise(scheme, row.text(1)?)?;
            consent::given(row.text(2)?).then(|| keyring.seal(scheme, &digits))
        })
    },
};
