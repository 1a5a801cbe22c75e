//! `name_align`: Why two names are as alike as `name_similarity` says, one meeting of tokens an element.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::name;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_align",
    args: &[("a", Kind::Text), ("b", Kind::Text)],
    variadic: false,
    returns: Kind::TextList,
    class: ResultClass::Inherit,
    doc: "Why two names are as alike as name_similarity says: which token met which, how (equal, key, joined, near, skeleton, sound, initial, missing) and how well. NULL when neither holds a name",
    example: ("SELECT name_align('K Laxmi', 'Lakshmi')[1]", "laxmi = lakshmi: key 0.98"),
    eval: |rows| {
        rows.text_lists(|row| {
            let met = name::align(row.text(0)?, row.text(1)?).into_iter();
            let show = |token: Option<String>| token.unwrap_or_else(|| "-".to_owned());
            let shown: Vec<String> = met
                .map(|m| format!("{} = {}: {} {:.2}", show(m.a), show(m.b), m.how, m.score))
                .collect();
            Some(shown).filter(|shown| !shown.is_empty())
        })
    },
};
