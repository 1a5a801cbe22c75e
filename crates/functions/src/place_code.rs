//! `place_code`: The code of a place in the pipeline's place table.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "place_code",
    args: &[("level", Kind::Text), ("key", Kind::Text), ("above", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The code of a place, by its level, its place_key and the place_key one level up (or NULL), from the pipeline's place_map. NULL where the map has none, and outside a run",
    example: ("SELECT place_code('district', 'guntur', NULL) IS NULL", "true"),
    eval: |rows| {
        let tables = rows.tables();
        rows.texts(|row| {
            let above = row.text(2).unwrap_or_default();
            tables?.place(row.text(0)?, row.text(1)?, above).map(Cow::Borrowed)
        })
    },
};
