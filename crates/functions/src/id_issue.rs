//! `id_issue`: Why an identity number is not valid (ID_LENGTH, ID_INVALID_CHECKSUM, ID_PLACEHOLDER, EXCEL_PRECISION_LOSS …).

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::national_id;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "id_issue",
    args: &[("scheme", Kind::Text), ("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "Why an identity number is not valid (ID_LENGTH, ID_INVALID_CHECKSUM, ID_PLACEHOLDER, EXCEL_PRECISION_LOSS …). NULL where it is valid or absent",
    example: ("SELECT id_issue('aadhaar', '234123412347')", "ID_INVALID_CHECKSUM"),
    eval: |rows| {
        rows.texts(|row| national_id::issue(row.text(0)?, row.text(1)?).map(Cow::Borrowed))
    },
};
