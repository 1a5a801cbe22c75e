//! `relative_columns`: All that a list keeps of a relative's name, from one reading.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringBuilder};
use datafusion::common::Result;
use milaan_kernels::name;

use crate::bundle::{Part, parts};
use crate::name_columns::Keys;
use crate::shell::{Kind, ResultClass, Rows, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "relative_columns",
    args: &[("relative", Kind::Text), ("person", Kind::Text)],
    variadic: false,
    returns: Kind::Parts(&[
        ("standard", Kind::Text),
        ("key", Kind::Text),
        ("keys", Kind::TextList),
    ]),
    class: ResultClass::Inherit,
    doc: "relative_standard of both, name_key and name_keys of the first, by one reading. NULL gives NULL parts",
    example: ("SELECT get_field(relative_columns(NULL, 'Ravi S/o Ramulu'), 'standard')", "ramulu"),
    eval,
};

/// See [`FUNCTION`].
pub(super) const PARTS: &[Part] = &[
    Part { name: "standard", function: "relative_standard", args: &[0, 1] },
    Part { name: "key", function: "name_key", args: &[0] },
    Part { name: "keys", function: "name_keys", args: &[0] },
];

fn eval(rows: &Rows<'_>) -> Result<ArrayRef> {
    let mut standards = StringBuilder::with_capacity(rows.len(), rows.len() * 16);
    let mut keys = Keys::new(rows.len());
    for row in rows.iter() {
        let read = row.text(0).map(name::columns).unwrap_or_default();
        let own = read.relative.or(read.standard);
        standards.append_option(own.or_else(|| name::relative(row.text(1)?)));
        keys.push(&read.keys);
    }
    let [key, keys] = keys.finish();
    parts(&FUNCTION, vec![Arc::new(standards.finish()), key, keys])
}
