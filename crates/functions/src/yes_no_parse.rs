//! `yes_no_parse`: true or false from words in English, Telugu, Hindi and Urdu.

use crate::answers;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "yes_no_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Boolean,
    class: ResultClass::Inherit,
    doc: "true or false by the pipeline's words/yes_no.toml, else from words in English, Telugu, Hindi and Urdu. NULL where the word is not known",
    example: ("SELECT yes_no_parse('Yes')", "true"),
    eval: |rows| {
        let words = rows.words("yes_no");
        rows.booleans(|row| answers::read(row.text(0)?, words))
    },
};
