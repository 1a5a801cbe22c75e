//! The canonical columns that a match model may name: those of every semantic field, under every role that a source declares.

use std::collections::{BTreeMap, BTreeSet};

use milaan_model::field::{self, CanonicalType, Roles, SemanticField, base_name};

use crate::pipeline::Source;
use crate::suggest;

/// Names that a match model may use.
#[derive(Debug)]
pub(crate) struct CanonicalColumns {
    columns: BTreeMap<String, CanonicalType>,
    bases: BTreeMap<String, &'static SemanticField>,
    /// Whether all sources could be read; else a column with an unknown role may exist all the same.
    complete: bool,
}

impl CanonicalColumns {
    /// The columns of these sources; `complete`: there are no others.
    pub(crate) fn new<'a>(sources: impl Iterator<Item = &'a Source>, complete: bool) -> Self {
        let declared: BTreeSet<_> = sources
            .flat_map(|source| &source.columns)
            .filter_map(|column| Some((column.field.name, column.role.as_deref()?)))
            .collect();
        let mut bases = BTreeMap::new();
        for field in field::FIELDS.iter().copied() {
            match field.roles {
                Roles::OneOf(roles) => {
                    bases.extend(roles.iter().map(|role| (base_name(field, Some(role)), field)));
                }
                Roles::Optional => {
                    bases.insert(base_name(field, None), field);
                }
                Roles::Required => {}
            }
            let roles = declared.iter().filter(|(name, _)| *name == field.name);
            bases.extend(roles.map(|(_, role)| (base_name(field, Some(role)), field)));
        }
        let columns = bases
            .iter()
            .flat_map(|(base, field)| {
                field.canonical.iter().map(|canonical| (canonical.column(base), canonical.kind))
            })
            .collect();
        Self { columns, bases, complete }
    }

    /// The type of a canonical column.
    pub(crate) fn kind(&self, column: &str) -> Option<CanonicalType> {
        self.columns.get(column).copied()
    }

    /// The field behind a base name.
    pub(crate) fn field(&self, base: &str) -> Option<&'static SemanticField> {
        self.bases.get(base).copied()
    }

    /// Whether a name could be a column under a role of a source that could not be read.
    pub(crate) fn may_exist(&self, name: &str) -> bool {
        let ends_well = |field: &SemanticField| {
            field.canonical.iter().any(|canonical| {
                let ending = format!("_{}{}", field.name, canonical.suffix);
                name.len() > ending.len() && name.ends_with(&ending)
            })
        };
        !self.complete && field::FIELDS.iter().any(|field| ends_well(field))
    }

    /// A hint for a column that does not exist.
    pub(crate) fn column_hint(&self, name: &str) -> String {
        suggest::nearest_three(name, self.columns.keys().map(String::as_str))
    }

    /// A hint for a base that does not exist.
    pub(crate) fn base_hint(&self, name: &str) -> String {
        suggest::nearest_three(name, self.bases.keys().map(String::as_str))
    }
}
