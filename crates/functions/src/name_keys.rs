//! `name_keys`: The folded keys of the full tokens of a name, one an element, sorted.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::name;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_keys",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::TextList,
    class: ResultClass::Inherit,
    doc: "The folded keys of the full tokens of a name, one an element, sorted. NULL when nothing is left",
    example: ("SELECT array_length(name_keys('Ravi Shankar'))", "2"),
    eval: |rows| {
        rows.text_lists(|row| Some(name::keys(row.text(0)?)).filter(|keys| !keys.is_empty()))
    },
};
