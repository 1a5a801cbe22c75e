//! `id_columns`: All that a list keeps of an identity number, from one reading.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BinaryBuilder, StringBuilder};
use datafusion::common::Result;
use milaan_kernels::secret::{Keyring, Sealer, Tokens};
use milaan_kernels::{consent, national_id};
use milaan_model::Sensitivity;

use crate::bundle::{Part, parts};
use crate::shell::{Kind, ResultClass, Rows, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "id_columns",
    args: &[("scheme", Kind::Text), ("text", Kind::Text), ("consent", Kind::Text)],
    variadic: false,
    returns: Kind::Parts(&[
        ("token", Kind::Text),
        ("sealed", Kind::Bytes),
        ("masked", Kind::Text),
        ("issue", Kind::Text),
    ]),
    class: ResultClass::Fixed(Sensitivity::Secret),
    doc: "id_token, id_seal, id_mask and id_issue of an identity number, by one reading. NULL gives NULL parts. Needs a run",
    example: ("SELECT get_field(id_columns('aadhaar', NULL, 'yes'), 'token') IS NULL", "true"),
    eval,
};

/// See [`FUNCTION`].
pub(super) const PARTS: &[Part] = &[
    Part { name: "token", function: "id_token", args: &[0, 1] },
    Part { name: "sealed", function: "id_seal", args: &[0, 1, 2] },
    Part { name: "masked", function: "id_mask", args: &[0, 1] },
    Part { name: "issue", function: "id_issue", args: &[0, 1] },
];

fn eval(rows: &Rows<'_>) -> Result<ArrayRef> {
    let keyring = rows.keyring()?;
    let mut tokens = StringBuilder::with_capacity(rows.len(), rows.len() * 32);
    let mut seals = BinaryBuilder::with_capacity(rows.len(), rows.len() * 28);
    let mut masks = StringBuilder::with_capacity(rows.len(), rows.len() * 14);
    let mut issues = StringBuilder::new();
    let mut keys: Option<(Tokens, Sealer)> = None;
    let mut last_consent = ("", consent::given(""));
    for row in rows.iter() {
        let id = row.text(0).zip(row.text(1));
        let digits = id.and_then(|(scheme, text)| national_id::normalise(scheme, text));
        let Some(((scheme, _), digits)) = id.zip(digits.as_deref()) else {
            tokens.append_null();
            seals.append_null();
            masks.append_null();
            issues.append_option(id.and_then(|(scheme, text)| national_id::issue(scheme, text)));
            continue;
        };
        issues.append_null();
        masks.append_value(national_id::mask(scheme, digits));
        let (made, sealer) = of_scheme(&mut keys, &keyring, scheme);
        tokens.append_value(made.token(digits).as_str());
        let consent = row.text(2).unwrap_or_default();
        if consent != last_consent.0 {
            last_consent = (consent, consent::given(consent));
        }
        seals.append_option(last_consent.1.then(|| sealer.seal(digits)));
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(tokens.finish()),
        Arc::new(seals.finish()),
        Arc::new(masks.finish()),
        Arc::new(issues.finish()),
    ];
    parts(&FUNCTION, columns)
}

/// The keys of a scheme; a list has one.
fn of_scheme<'k>(
    keys: &'k mut Option<(Tokens, Sealer)>,
    keyring: &Keyring,
    scheme: &str,
) -> &'k mut (Tokens, Sealer) {
    if keys.as_ref().is_some_and(|(tokens, _)| tokens.scheme() != scheme) {
        *keys = None;
    }
    keys.get_or_insert_with(|| (keyring.tokens(scheme), keyring.sealer(scheme)))
}
