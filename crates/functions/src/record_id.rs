//! `record_id`: The name of a record from the parts of its key, joined by `|`.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{leak, text};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "record_id",
    args: &[("personal", Kind::Integer), ("key", Kind::Text)],
    variadic: true,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The name of a record from the parts of its key, joined by `|`. Tokenised when personal is not 0 (the key is more than internal) or when it looks like a national id or phone number. NULL when a part is missing. A personal key needs a run",
    example: ("SELECT record_id(0, 'PN1', '2')", "PN1|2"),
    eval: |rows| {
        let tokens = rows.keyring().ok().map(|keyring| keyring.tokens("record_id"));
        rows.texts(|row| {
            if row.arg_count() == 2 {
                let key = text::cleaned(row.text(1)?)?;
                let plain = row.integer(0)? == 0 && !leak::looks_personal(&key);
                return if plain { Some(key) } else { Some(Cow::Owned(tokens.as_ref()?.of(&key))) };
            }
            let parts = (1..row.arg_count())
                .map(|arg| row.text(arg).and_then(text::clean))
                .collect::<Option<Vec<_>>>()?;
            let key = parts.join("|");
            if row.integer(0)? == 0 && !leak::looks_personal(&key) {
                return Some(Cow::Owned(key));
            }
            Some(Cow::Owned(tokens.as_ref()?.of(&key)))
        })
    },
};
