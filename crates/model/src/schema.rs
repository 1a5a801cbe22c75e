//! The columns that stages hand to one another, besides the canonical ones of [`crate::field`].
//!
//! The class of a column travels in its Arrow metadata under [`CLASS_KEY`]; a column without one counts as
//! [`Sensitivity::Secret`], so forgetting it refuses more, never less.

use arrow_schema::{DataType, Field};

use crate::field::{CanonicalType, Sensitivity};

/// Arrow field metadata key of a column's class.
pub const CLASS_KEY: &str = "milaan.class";

/// Lineage: the file, relative to the data folder.
pub const FILE: &str = "file";
/// Lineage: the sheet, empty where there is none.
pub const SHEET: &str = "sheet";
/// Lineage: the row as a person sees it, from 1.
pub const ROW: &str = "row";
/// The source a record came from.
pub const SOURCE_ID: &str = "source_id";
/// The record's name within its source.
pub const RECORD_ID: &str = "record_id";
/// The registry's own key of a resident.
pub const RESIDENT_REF: &str = "resident_ref";

/// A field carrying its class.
pub fn classed(name: &str, data_type: DataType, nullable: bool, class: Sensitivity) -> Field {
    Field::new(name, data_type, nullable)
        .with_metadata([(CLASS_KEY.to_owned(), class.as_str().to_owned())].into_iter().collect())
}

/// The class a field carries; without one: secret.
pub fn class_of(field: &Field) -> Sensitivity {
    field
        .metadata()
        .get(CLASS_KEY)
        .and_then(|text| text.parse().ok())
        .unwrap_or(Sensitivity::Secret)
}

/// The Arrow type of a canonical column.
pub fn arrow_type(kind: CanonicalType) -> DataType {
    match kind {
        CanonicalType::Text => DataType::Utf8,
        CanonicalType::TextList => DataType::new_list(DataType::Utf8, true),
        CanonicalType::Bytes => DataType::Binary,
        CanonicalType::Integer => DataType::Int32,
        CanonicalType::Number => DataType::Float64,
        CanonicalType::Decimal => DataType::Decimal128(18, 2),
        CanonicalType::Date => DataType::Date32,
        CanonicalType::Boolean => DataType::Boolean,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_class_is_secret() {
        assert_eq!(class_of(&Field::new("x", DataType::Utf8, true)), Sensitivity::Secret);
        let field = classed("x", DataType::Utf8, true, Sensitivity::Internal);
        assert_eq!(class_of(&field), Sensitivity::Internal);
    }
}
