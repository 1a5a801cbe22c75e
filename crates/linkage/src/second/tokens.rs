//! The keys of names that a batch of pairs carries.

use arrow::array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;

use super::own::{self, OwnName};
use crate::candidates::Error;

/// The keys of both sides' names and relatives.
pub(super) struct Tokens {
    keys: [Option<(ListArray, StringArray)>; 4],
    names: [Option<StringArray>; 2],
}

impl Tokens {
    pub(super) fn of(batch: &RecordBatch) -> Result<Self, Error> {
        let list = |name: &str| -> Result<Option<(ListArray, StringArray)>, Error> {
            let found = batch.column_by_name(name).and_then(|one| one.as_list_opt::<i32>());
            found.map(|list| Ok((list.clone(), texts(list.values())?))).transpose()
        };
        let text = |name: &str| batch.column_by_name(name).map(texts).transpose();
        Ok(Self {
            keys: [
                list("l.person_name_keys")?,
                list("r.person_name_keys")?,
                list("l.relative_name_keys")?,
                list("r.relative_name_keys")?,
            ],
            names: [text("l.person_name")?, text("r.person_name")?],
        })
    }

    pub(super) fn compare(&self, row: usize) -> OwnName {
        let each = self.keys.each_ref().map(|lists| keys(lists.as_ref(), row));
        let [list, registry, list_relative, relative] = &each;
        let own = own::compare(list, registry, list_relative, relative);
        let names = self.names.each_ref().map(|names| {
            names.as_ref().filter(|names| names.is_valid(row)).map(|names| names.value(row))
        });
        // Where no relative is written, what is not shared was compared whole.
        let is_beside_relative = !list_relative.is_empty() || !relative.is_empty();
        match (own, names) {
            (OwnName::Different, [Some(one), Some(other)])
                if is_beside_relative && own::near_words(one, other, [list_relative, relative]) =>
            {
                OwnName::Near
            }
            _ => own,
        }
    }
}

fn keys(lists: Option<&(ListArray, StringArray)>, row: usize) -> Vec<&str> {
    let Some((lists, texts)) = lists.filter(|(lists, _)| lists.is_valid(row)) else {
        return Vec::new();
    };
    let ends = &lists.value_offsets()[row..row + 2];
    let known = (ends[0] as usize..ends[1] as usize).filter(|at| texts.is_valid(*at));
    known.map(|at| texts.value(at)).collect()
}

fn texts(array: &ArrayRef) -> Result<StringArray, Error> {
    let cast = cast(array, &DataType::Utf8).map_err(|error| Error::build(&error))?;
    Ok(cast.as_string::<i32>().clone())
}
