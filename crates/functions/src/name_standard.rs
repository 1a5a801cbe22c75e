//! `name_standard`: A person's own name: romanised, lower case, honorifics, aliases and the relative's part removed, in written order.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::name;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_standard",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "A person's own name: romanised, lower case, honorifics, aliases and the relative's part removed, in written order. NULL when nothing is left",
    example: ("SELECT name_standard('Smt. K.Lakshmi Devi W/o Ramulu')", "k lakshmi devi"),
    eval: |rows| rows.texts(|row| name::standard(row.text(0)?).map(Cow::Owned)),
};
