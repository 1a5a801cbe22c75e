//! `part_of`: Which of so many parts, 0 the first, a key falls in.

use milaan_kernels::hash::hash64;

use crate::shell::{Kind, ResultClass, SqlFunction};

/// The seed of the hash: another than other hashes of keys have, so that a part of keys is not a part of their buckets.
const SEED: u64 = 0x7061_7274;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "part_of",
    args: &[("key", Kind::Text), ("parts", Kind::Integer)],
    variadic: false,
    returns: Kind::Integer,
    class: ResultClass::Inherit,
    doc: "Which of so many parts, 0 the first, a key falls in, by its hash: the parts are about as large as one another. NULL if either is NULL or there are no parts",
    example: ("SELECT part_of('anybody', 1)", "0"),
    eval: |rows| {
        rows.integers(|row| {
            let parts = u64::try_from(row.integer(1)?).ok().filter(|parts| *parts > 0)?;
            i32::try_from(hash64(SEED, row.text(0)?.as_bytes()) % parts).ok()
        })
    },
};
