//! `name_parse`: The tokens of a name in written order, each behind what it is there for.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::name;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::TextList,
    class: ResultClass::Inherit,
    doc: "The tokens of a name in written order, each behind what it is there for: name, initial, suffix, weak, honorific, relation, relative, alias. NULL when there are none",
    example: ("SELECT array_length(name_parse('Smt. K. Laxmi W/o Ramulu'))", "5"),
    eval: |rows| {
        rows.text_lists(|row| {
            let tokens = name::parse(row.text(0)?).into_iter();
            let shown: Vec<String> =
                tokens.map(|token| format!("{}: {}", token.role.as_str(), token.text)).collect();
            Some(shown).filter(|shown| !shown.is_empty())
        })
    },
};
