//! `relative_keys`: The folded keys of relative_standard, one an element, sorted.

use milaan_kernels::name;

use crate::shell::{Kind, ResultClass, Row, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "relative_keys",
    args: &[("relative", Kind::Text), ("person", Kind::Text)],
    variadic: false,
    returns: Kind::TextList,
    class: ResultClass::Inherit,
    doc: "The folded keys of relative_standard, one an element, sorted. NULL when nothing is left",
    example: ("SELECT array_length(relative_keys(NULL, 'Ravi S/o Ramulu'))", "1"),
    eval: |rows| rows.text_lists(|row| Some(keys(row)?.split(' ').map(str::to_owned).collect())),
};

/// The keys in (relative, person), joined by a blank; `None` where there are none.
pub(crate) fn keys(row: Row<'_>) -> Option<String> {
    let own = row.text(0).map(name::relative_columns).filter(|read| read.standard.is_some());
    let keys = match own {
        Some(read) => read.keys,
        None => name::columns(&name::relative(row.text(1)?)?).keys,
    };
    (!keys.is_empty()).then_some(keys)
}
