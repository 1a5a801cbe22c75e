//! `id_compare`: How two identity numbers compare: equal, one_digit, swapped or different; near ones are seen only where both sides kept their sealed digits.

use std::borrow::Cow;

use crate::digits;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "id_compare",
    args: &[
        ("token_a", Kind::Text),
        ("sealed_a", Kind::Bytes),
        ("token_b", Kind::Text),
        ("sealed_b", Kind::Bytes),
        ("scheme", Kind::Text),
    ],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Comparison,
    doc: "How two identity numbers compare: equal, one_digit, swapped or different; near ones are seen only where both sides kept their sealed digits. NULL if a token is NULL. Needs a run",
    example: ("SELECT id_compare(NULL, NULL, NULL, NULL, 'aadhaar') IS NULL", "true"),
    eval: |rows| {
        let keyring = rows.keyring()?;
        rows.texts(|row| {
            let (token_a, token_b) = (row.text(0)?, row.text(2)?);
            if token_a == token_b {
                return Some(Cow::Borrowed("equal"));
            }
            let opened =
                row.text(4).zip(row.bytes(1)).zip(row.bytes(3)).and_then(|((scheme, a), b)| {
                    keyring.open(scheme, a).zip(keyring.open(scheme, b))
                });
            Some(Cow::Borrowed(opened.map_or("different", |(a, b)| digits::word(&a, &b))))
        })
    },
};
