//! `bank_columns`: All that a list keeps of a bank account number, from one reading.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringBuilder};
use datafusion::common::Result;
use milaan_kernels::bank_account;
use milaan_kernels::secret::Token;
use milaan_model::Sensitivity;

use crate::bundle::{Part, parts};
use crate::shell::{Kind, ResultClass, Rows, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "bank_columns",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Parts(&[("token", Kind::Text), ("masked", Kind::Text), ("issue", Kind::Text)]),
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "bank_token, mask_bank and bank_issue of an account number, by one reading. NULL gives NULL parts. Needs a run",
    example: ("SELECT get_field(bank_columns(NULL), 'token') IS NULL", "true"),
    eval,
};

/// See [`FUNCTION`].
pub(super) const PARTS: &[Part] = &[
    Part { name: "token", function: "bank_token", args: &[0] },
    Part { name: "masked", function: "mask_bank", args: &[0] },
    Part { name: "issue", function: "bank_issue", args: &[0] },
];

fn eval(rows: &Rows<'_>) -> Result<ArrayRef> {
    let keyring = rows.keyring()?.tokens("bank_account");
    let mut tokens = StringBuilder::with_capacity(rows.len(), rows.len() * 32);
    let mut masks = StringBuilder::with_capacity(rows.len(), rows.len() * 8);
    let mut issues = StringBuilder::new();
    for row in rows.iter() {
        let text = row.text(0);
        let account = text.and_then(bank_account::normalise);
        let issue = if account.is_some() { None } else { text.and_then(bank_account::issue) };
        let token = account.as_deref().map(|account| keyring.token(account));
        tokens.append_option(token.as_ref().map(Token::as_str));
        masks.append_option(text.map(bank_account::mask));
        issues.append_option(issue);
    }
    let columns: Vec<ArrayRef> =
        vec![Arc::new(tokens.finish()), Arc::new(masks.finish()), Arc::new(issues.finish())];
    parts(&FUNCTION, columns)
}
