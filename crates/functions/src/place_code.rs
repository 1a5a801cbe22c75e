//! `place_code`: The code of a place in the pipeline's place table.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "place_code",
    args: &[("level", Kind::Text), ("key", Kind::Text), ("above", Kind::Text)],
    variadic: true,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The code of a place, by its level, its place_key and the place_keys of the levels above (the nearest first, NULL where there is none), from the pipeline's place_map. NULL where the map has none, and outside a run",
    example: ("SELECT place_code('district', 'guntur', NULL) IS NULL", "true"),
    eval: |rows| {
        let tables = rows.tables();
        rows.texts(|row| {
            let above = (2..row.arg_count()).map(|arg| row.text(arg).unwrap_or_default());
            tables?.place(row.text(0)?, row.text(1)?, above).map(Cow::Borrowed)
        })
    },
};
