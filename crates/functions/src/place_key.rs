//! `place_key`: A folded place name: equal for spelling variants and scripts, without the words village, mandal, district.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::place;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "place_key",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "A folded place name: equal for spelling variants and scripts, without the words village, mandal, district. NULL for nothing",
    example: ("SELECT place_key('Guntur Mandal') = place_key('GUNTUR')", "true"),
    eval: |rows| rows.texts(|row| place::key(row.text(0)?).map(Cow::Owned)),
};
