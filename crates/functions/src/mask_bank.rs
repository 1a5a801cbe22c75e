//! `mask_bank`: A bank account masked to its last four characters.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::bank_account;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "mask_bank",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "A bank account masked to its last four characters. NULL for NULL",
    example: ("SELECT mask_bank('30123456789')", "XXXX6789"),
    eval: |rows| rows.texts(|row| Some(Cow::Owned(bank_account::mask(row.text(0)?)))),
};
