//! `relative_columns`: All that a list keeps of a relative's name, from one reading.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringBuilder};
use datafusion::common::Result;
use milaan_kernels::hash::hash64;
use milaan_kernels::name::{self, NameColumns};

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
    doc: "relative_standard, relative_key and relative_keys, by one reading. NULL gives NULL parts",
    example: ("SELECT get_field(relative_columns(NULL, 'Ravi S/o Ramulu'), 'standard')", "ramulu"),
    eval,
};

/// See [`FUNCTION`].
pub(super) const PARTS: &[Part] = &[
    Part { name: "standard", function: "relative_standard", args: &[0, 1] },
    Part { name: "key", function: "relative_key", args: &[0, 1] },
    Part { name: "keys", function: "relative_keys", args: &[0, 1] },
];

fn eval(rows: &Rows<'_>) -> Result<ArrayRef> {
    let mut standards = StringBuilder::with_capacity(rows.len(), rows.len() * 16);
    let mut keys = Keys::new(rows.len());
    let mut recent = Recent::new();
    for row in rows.iter() {
        if let Some(text) = row.text(0) {
            let read = recent.read(text);
            if let Some(own) = &read.standard {
                standards.append_value(own);
                keys.push(&read.keys);
                continue;
            }
        }
        let named = row.text(1).and_then(name::relative);
        keys.push(&named.as_deref().map(name::columns).unwrap_or_default().keys);
        standards.append_option(named);
    }
    let [key, keys] = keys.finish();
    parts(&FUNCTION, vec![Arc::new(standards.finish()), key, keys])
}

/// The names read last: a household's members stand together and share their relative.
struct Recent<'a> {
    places: Vec<Option<(&'a str, NameColumns)>>,
}

const PLACES: usize = 64;

impl<'a> Recent<'a> {
    fn new() -> Self {
        Recent { places: vec![None; PLACES] }
    }

    fn read(&mut self, text: &'a str) -> &NameColumns {
        let place = &mut self.places[hash64(1, text.as_bytes()) as usize % PLACES];
        if place.as_ref().is_none_or(|(known, _)| *known != text) {
            *place = None;
        }
        &place.get_or_insert_with(|| (text, name::relative_columns(text))).1
    }
}
