//! `relative_standard`: The relative's name, standardised: from its own column, else from 'A s/o B' in the person's.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::name;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "relative_standard",
    args: &[("relative", Kind::Text), ("person", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The relative's name, standardised: from its own column, else from 'A s/o B' in the person's. NULL when neither has one",
    example: ("SELECT relative_standard(NULL, 'Ravi S/o Ramulu')", "ramulu"),
    eval: |rows| {
        rows.texts(|row| {
            let own =
                row.text(0).and_then(|text| name::relative(text).or_else(|| name::standard(text)));
            own.or_else(|| name::relative(row.text(1)?)).map(Cow::Owned)
        })
    },
};
