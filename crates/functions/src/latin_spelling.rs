//! `latin_spelling`: Words in Arabic letters as the registry spells them in Latin ones.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "latin_spelling",
    args: &[("kind", Kind::Text), ("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The text, each word of it that is written in Arabic letters as the registry spells it in Latin ones (kind name: its names; place: its places), since Urdu leaves short vowels out. Words that the registry does not have stay, and so does everything outside a run",
    example: ("SELECT latin_spelling('name', 'Zahid')", "Zahid"),
    eval: |rows| {
        let tables = rows.tables();
        rows.texts(|row| {
            let text = row.text(1)?;
            let Some(tables) = tables else { return Some(Cow::Borrowed(text)) };
            Some(tables.spelled(row.text(0)?, text))
        })
    },
};
