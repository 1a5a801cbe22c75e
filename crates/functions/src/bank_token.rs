//! `bank_token`: The token of a bank account number under the key of this installation.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::bank_account;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "bank_token",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "The token of a bank account number under the key of this installation. NULL where it is missing or not valid. Needs a run",
    example: ("SELECT bank_token(NULL) IS NULL", "true"),
    eval: |rows| {
        let tokens = rows.keyring()?.tokens("bank_account");
        rows.texts(|row| {
            let account = bank_account::normalise(row.text(0)?)?;
            Some(Cow::Owned(tokens.of(&account)))
        })
    },
};
