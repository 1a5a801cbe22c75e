//! `benefit_state`: How a benefit stands by its status word: active, held, closed or rejected.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::benefit;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "benefit_state",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "How a benefit stands by its status word, raw or folded: active (given), held (not given for now), closed, rejected (never granted), by the pipeline's words/benefit.toml, else by words in English, Telugu, Hindi and Urdu. NULL where the word is not known",
    example: ("SELECT benefit_state('On hold')", "held"),
    eval: |rows| {
        let words = rows.words("benefit");
        rows.texts(|row| {
            let text = row.text(0)?;
            let stated = words.and_then(|words| words.meaning(text));
            stated.or_else(|| benefit::parse(text)).map(Cow::Borrowed)
        })
    },
};
