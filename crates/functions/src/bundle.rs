//! Functions of one text that are wanted together, worked out by one reading: the parts of a name, an id, a birth date.
//!
//! A bundle is a function that returns a struct; each part of it is what a function of its own gives. Where a semantic field
//! wants several parts, the standardising SELECT asks the bundle once (`engine/standardise/sql.rs`).

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StructArray};
use datafusion::common::Result;

use crate::shell::{Kind, SqlFunction};
use crate::{bank_columns, birth_columns, id_columns, name_columns, relative_columns};

/// A function whose result has a part for each of several functions.
#[derive(Debug)]
pub struct Bundle {
    /// The function that gives all parts.
    pub function: &'static SqlFunction,
    /// Its parts.
    pub parts: &'static [Part],
}

/// A part of a bundle.
#[derive(Debug)]
pub struct Part {
    /// Its name in the struct.
    pub name: &'static str,
    /// The function that gives the same.
    pub function: &'static str,
    /// Which arguments of the bundle that function takes, in its order.
    pub args: &'static [usize],
}

/// All bundles; the first that has all functions of a field is taken.
pub const BUNDLES: &[Bundle] = &[
    Bundle { function: &name_columns::FUNCTION, parts: name_columns::PARTS },
    Bundle { function: &relative_columns::FUNCTION, parts: relative_columns::PARTS },
    Bundle { function: &id_columns::FUNCTION, parts: id_columns::PARTS },
    Bundle { function: &birth_columns::FUNCTION, parts: birth_columns::PARTS },
    Bundle { function: &bank_columns::FUNCTION, parts: bank_columns::PARTS },
];

/// The struct of a bundle from the columns of its parts, in order.
pub(crate) fn parts(function: &SqlFunction, columns: Vec<ArrayRef>) -> Result<ArrayRef> {
    let Kind::Parts(parts) = function.returns else {
        return datafusion::common::exec_err!("{} has no parts", function.name);
    };
    Ok(Arc::new(StructArray::try_new(Kind::fields(parts), columns, None)?))
}
