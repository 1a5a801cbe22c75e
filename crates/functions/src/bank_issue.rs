//! `bank_issue`: BANK_INVALID or EXCEL_PRECISION_LOSS.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::bank_account;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "bank_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "BANK_INVALID or EXCEL_PRECISION_LOSS. NULL where the account is fine or absent",
    example: ("SELECT bank_issue('12')", "BANK_INVALID"),
    eval: |rows| rows.texts(|row| bank_account::issue(row.text(0)?).map(Cow::Borrowed)),
};
