//! `name_columns`: All that a list keeps of a person's name, from one reading.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, ListBuilder, StringBuilder};
use datafusion::common::Result;
use milaan_kernels::{name, script, text};

use crate::bundle::{Part, parts};
use crate::shell::{Kind, ResultClass, Rows, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_columns",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Parts(&[
        ("standard", Kind::Text),
        ("key", Kind::Text),
        ("keys", Kind::TextList),
        ("issue", Kind::Text),
    ]),
    class: ResultClass::Inherit,
    doc: "name_standard, name_key, name_keys and name_issue of a name, by one reading. NULL gives NULL parts",
    example: (
        "SELECT get_field(name_columns('Smt. K.Lakshmi W/o Ramulu'), 'standard')",
        "k lakshmi",
    ),
    eval,
};

/// See [`FUNCTION`].
pub(super) const PARTS: &[Part] = &[
    Part { name: "standard", function: "name_standard", args: &[0] },
    Part { name: "key", function: "name_key", args: &[0] },
    Part { name: "keys", function: "name_keys", args: &[0] },
    Part { name: "issue", function: "name_issue", args: &[0] },
];

fn eval(rows: &Rows<'_>) -> Result<ArrayRef> {
    let mut standards = StringBuilder::with_capacity(rows.len(), rows.len() * 16);
    let mut issues = StringBuilder::new();
    let mut keys = Keys::new(rows.len());
    for row in rows.iter() {
        let read = row.text(0).map(name::columns).unwrap_or_default();
        let issue = row.text(0).and_then(|raw| {
            script::damage(raw).or_else(|| {
                let unreadable = read.standard.is_none() && text::clean(raw).is_some();
                unreadable.then_some("NAME_UNREADABLE")
            })
        });
        keys.push(&read.keys);
        standards.append_option(read.standard);
        issues.append_option(issue);
    }
    let [key, keys] = keys.finish();
    parts(&FUNCTION, vec![Arc::new(standards.finish()), key, keys, Arc::new(issues.finish())])
}

/// The columns of the keys of a name: joined, and as a list.
pub(crate) struct Keys {
    joined: StringBuilder,
    lists: ListBuilder<StringBuilder>,
}

impl Keys {
    pub(crate) fn new(rows: usize) -> Keys {
        let values = StringBuilder::with_capacity(rows * 2, rows * 12);
        Keys {
            joined: StringBuilder::with_capacity(rows, rows * 12),
            lists: ListBuilder::with_capacity(values, rows),
        }
    }

    /// Keys as [`name::NameColumns`] has them.
    pub(crate) fn push(&mut self, keys: &str) {
        if keys.is_empty() {
            self.joined.append_null();
            self.lists.append_null();
            return;
        }
        self.joined.append_value(keys);
        for key in keys.split(' ') {
            self.lists.values().append_value(key);
        }
        self.lists.append(true);
    }

    pub(crate) fn finish(mut self) -> [ArrayRef; 2] {
        [Arc::new(self.joined.finish()), Arc::new(self.lists.finish())]
    }
}
