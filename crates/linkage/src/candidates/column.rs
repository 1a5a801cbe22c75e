//! A column of a batch, whatever its layout: texts, whole numbers, dates, hashes of values, lists of keys.
//!
//! Text comes as Utf8, LargeUtf8 or Utf8View, whole numbers in any width, lists as List or LargeList; a column of type Null is
//! unknown in every row.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BinaryArray, BinaryViewArray, BooleanArray, Decimal128Array,
    Float64Array, Int64Array, LargeBinaryArray, LargeStringArray, RecordBatch, StringArray,
    StringViewArray,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use milaan_kernels::hash::{combine, hash64};

use super::error::Error;

/// What the values of a column are; two sides are compared only where they agree on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Unknown in every row: suits everything.
    Null,
    Text,
    Bytes,
    Whole,
    Date,
    Boolean,
    Float,
    /// With so many decimal places.
    Decimal(i8),
}

impl Class {
    /// The class of both; `None` when they differ.
    pub(super) fn with(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::Null, known) | (known, Self::Null) => Some(known),
            (one, same) if one == same => Some(one),
            _ => None,
        }
    }
}

/// Which side of the linking a column belongs to; for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    List,
    Registry,
}

impl Side {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Registry => "registry",
        }
    }
}

/// The values of a column.
#[derive(Debug, Clone)]
pub(crate) enum Cells {
    Null,
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    Utf8View(StringViewArray),
    Binary(BinaryArray),
    LargeBinary(LargeBinaryArray),
    BinaryView(BinaryViewArray),
    Whole(Int64Array),
    Date(Int64Array),
    Boolean(BooleanArray),
    Float(Float64Array),
    Decimal(Decimal128Array, i8),
    /// Hashed already, with the class they were.
    Hashed(Arc<Vec<u64>>, Class),
}

fn found<'a>(batch: &'a RecordBatch, side: Side, column: &str) -> Result<&'a ArrayRef, Error> {
    batch
        .column_by_name(column)
        .ok_or_else(|| Error::ColumnMissing { side: side.name(), column: column.to_owned() })
}

fn wrong(side: Side, column: &str, found: &DataType, wanted: &'static str) -> Error {
    Error::ColumnType {
        side: side.name(),
        column: column.to_owned(),
        found: found.to_string(),
        wanted,
    }
}

impl Cells {
    /// A column of any single values.
    pub(crate) fn of(batch: &RecordBatch, side: Side, column: &str) -> Result<Self, Error> {
        let array = found(batch, side, column)?;
        Self::of_array(array)
            .ok_or_else(|| wrong(side, column, array.data_type(), "a column of single values"))
    }

    /// A column whose values are of one of these classes.
    pub(super) fn of_class(
        batch: &RecordBatch,
        side: Side,
        column: &str,
        allowed: &[Class],
        wanted: &'static str,
    ) -> Result<Self, Error> {
        let cells = Self::of(batch, side, column)?;
        let class = match cells.class() {
            Class::Decimal(_) => Class::Decimal(0),
            class => class,
        };
        if class == Class::Null || allowed.contains(&class) {
            return Ok(cells);
        }
        let array = found(batch, side, column)?;
        Err(wrong(side, column, array.data_type(), wanted))
    }

    pub(crate) fn text(batch: &RecordBatch, side: Side, column: &str) -> Result<Self, Error> {
        Self::of_class(batch, side, column, &[Class::Text], "text")
    }

    fn of_array(array: &ArrayRef) -> Option<Self> {
        let whole = || Some(cast(array, &DataType::Int64).ok()?.as_primitive().clone());
        Some(match array.data_type() {
            DataType::Null => Self::Null,
            DataType::Utf8 => Self::Utf8(array.as_string().clone()),
            DataType::LargeUtf8 => Self::LargeUtf8(array.as_string().clone()),
            DataType::Utf8View => Self::Utf8View(array.as_string_view().clone()),
            DataType::Binary => Self::Binary(array.as_binary().clone()),
            DataType::LargeBinary => Self::LargeBinary(array.as_binary().clone()),
            DataType::BinaryView => Self::BinaryView(array.as_binary_view().clone()),
            DataType::Boolean => Self::Boolean(array.as_boolean().clone()),
            DataType::Date32 => {
                let days = cast(array, &DataType::Int32).ok()?;
                Self::Date(cast(&days, &DataType::Int64).ok()?.as_primitive().clone())
            }
            DataType::Float64 | DataType::Float32 => {
                Self::Float(cast(array, &DataType::Float64).ok()?.as_primitive().clone())
            }
            DataType::Decimal128(_, scale) => Self::Decimal(array.as_primitive().clone(), *scale),
            integer if integer.is_integer() => Self::Whole(whole()?),
            DataType::Dictionary(_, values) => {
                return Self::of_array(&cast(array, values).ok()?);
            }
            _ => return None,
        })
    }

    pub(super) fn class(&self) -> Class {
        match self {
            Self::Null => Class::Null,
            Self::Utf8(_) | Self::LargeUtf8(_) | Self::Utf8View(_) => Class::Text,
            Self::Binary(_) | Self::LargeBinary(_) | Self::BinaryView(_) => Class::Bytes,
            Self::Whole(_) => Class::Whole,
            Self::Date(_) => Class::Date,
            Self::Boolean(_) => Class::Boolean,
            Self::Float(_) => Class::Float,
            Self::Decimal(_, scale) => Class::Decimal(*scale),
            Self::Hashed(_, class) => *class,
        }
    }

    /// The text of a row; `None` also where the column holds none.
    pub(crate) fn text_at(&self, row: usize) -> Option<&str> {
        match self {
            Self::Utf8(array) => array.is_valid(row).then(|| array.value(row)),
            Self::LargeUtf8(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Utf8View(array) => array.is_valid(row).then(|| array.value(row)),
            _ => None,
        }
    }

    /// The bytes of a row of texts or bytes.
    pub(super) fn bytes_at(&self, row: usize) -> Option<&[u8]> {
        match self {
            Self::Binary(array) => array.is_valid(row).then(|| array.value(row)),
            Self::LargeBinary(array) => array.is_valid(row).then(|| array.value(row)),
            Self::BinaryView(array) => array.is_valid(row).then(|| array.value(row)),
            _ => self.text_at(row).map(str::as_bytes),
        }
    }

    /// The whole number, the days of a date, or a decimal without its point.
    pub(super) fn whole_at(&self, row: usize) -> Option<i64> {
        match self {
            Self::Whole(array) | Self::Date(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Decimal(array, _) => {
                array.is_valid(row).then(|| i64::try_from(array.value(row)).ok()).flatten()
            }
            _ => None,
        }
    }

    pub(super) fn float_at(&self, row: usize) -> Option<f64> {
        match self {
            Self::Float(array) => array.is_valid(row).then(|| array.value(row)),
            _ => None,
        }
    }

    /// [`Self::hash_at`] of each row.
    pub(super) fn hashes(&self, rows: usize) -> Vec<u64> {
        let of = |bytes: Option<&[u8]>| bytes.map_or(0, |bytes| hash64(15, bytes).max(1));
        match self {
            Self::Utf8(array) => array.iter().map(|text| of(text.map(str::as_bytes))).collect(),
            Self::Utf8View(array) => array.iter().map(|text| of(text.map(str::as_bytes))).collect(),
            _ => (0..rows).map(|row| self.hash_at(row)).collect(),
        }
    }

    /// A hash of the value that only equal values share, but for a chance of 2^-64; 0 for NULL.
    pub(crate) fn hash_at(&self, row: usize) -> u64 {
        let hash = match self {
            Self::Null => None,
            Self::Hashed(hashes, _) => return hashes[row],
            Self::Whole(_) | Self::Date(_) => {
                self.whole_at(row).map(|value| combine(11, value as u64))
            }
            Self::Boolean(array) => {
                array.is_valid(row).then(|| combine(12, u64::from(array.value(row))))
            }
            Self::Float(_) => self.float_at(row).map(|value| combine(13, value.to_bits())),
            Self::Decimal(array, _) => array.is_valid(row).then(|| {
                let value = array.value(row);
                combine(combine(14, value as u64), (value >> 64) as u64)
            }),
            _ => self.bytes_at(row).map(|bytes| hash64(15, bytes)),
        };
        hash.map_or(0, |hash| hash.max(1))
    }
}

/// The keys that a column gives each row: hashes, 0 for NULL; none for a NULL list.
#[derive(Debug)]
pub(super) struct KeyColumn {
    hashes: Arc<Vec<u64>>,
    /// Where each row's keys begin and end, for lists.
    ends: Option<Vec<usize>>,
    pub(super) class: Class,
}

impl KeyColumn {
    /// A column of single keys, or of lists of keys.
    pub(crate) fn of(
        batch: &RecordBatch,
        side: Side,
        column: &str,
        each: bool,
    ) -> Result<Self, Error> {
        if !each {
            let cells = Cells::of(batch, side, column)?;
            let hashes = Arc::new(cells.hashes(batch.num_rows()));
            return Ok(Self { hashes, ends: None, class: cells.class() });
        }
        let array = found(batch, side, column)?;
        let (values, offsets): (ArrayRef, Vec<usize>) = match array.data_type() {
            DataType::List(_) => {
                let lists = array.as_list::<i32>();
                let ends = lists.value_offsets().iter().map(|end| *end as usize).collect();
                (lists.values().clone(), ends)
            }
            DataType::LargeList(_) => {
                let lists = array.as_list::<i64>();
                let ends = lists.value_offsets().iter().map(|end| *end as usize).collect();
                (lists.values().clone(), ends)
            }
            DataType::Null => {
                let ends = Some(vec![0; batch.num_rows() * 2]);
                return Ok(Self { hashes: Arc::default(), ends, class: Class::Null });
            }
            other => return Err(wrong(side, column, other, "a list")),
        };
        let first = offsets.first().copied().unwrap_or_default();
        let last = offsets.last().copied().unwrap_or_default();
        let values = values.slice(first, last - first);
        let cells = Cells::of_array(&values)
            .ok_or_else(|| wrong(side, column, array.data_type(), "a list of single values"))?;
        let hashes = Arc::new(cells.hashes(values.len()));
        let mut ends = Vec::with_capacity(batch.num_rows() * 2);
        for row in 0..batch.num_rows() {
            // What lies under a NULL list is nobody's.
            let end = if array.is_valid(row) { offsets[row + 1] } else { offsets[row] };
            ends.extend([offsets[row] - first, end - first]);
        }
        Ok(Self { hashes, ends: Some(ends), class: cells.class() })
    }

    /// The hashes of a column of single keys, a row each.
    pub(super) fn hashed(&self) -> Option<Cells> {
        self.ends.is_none().then(|| Cells::Hashed(Arc::clone(&self.hashes), self.class))
    }

    /// The keys of a row.
    pub(super) fn keys(&self, row: usize) -> &[u64] {
        match &self.ends {
            None => std::slice::from_ref(&self.hashes[row]),
            Some(ends) => &self.hashes[ends[row * 2]..ends[row * 2 + 1]],
        }
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{Date32Array, Int32Array, ListBuilder, NullArray, StringBuilder};

    use super::*;

    fn batch(array: ArrayRef) -> RecordBatch {
        RecordBatch::try_from_iter_with_nullable([("c", array, true)]).expect("a batch")
    }

    #[test]
    fn layouts_hash_alike() {
        let texts = ["a", "", "a longer text than a view holds inline"];
        let utf8: ArrayRef =
            Arc::new(texts.iter().map(Some).chain([None]).collect::<StringArray>());
        for kind in [DataType::Utf8, DataType::LargeUtf8, DataType::Utf8View] {
            let array = cast(&utf8, &kind).expect("a layout");
            let cells = Cells::text(&batch(array), Side::List, "c").expect("text");
            for (row, text) in texts.iter().enumerate() {
                assert_eq!(cells.hash_at(row), hash64(15, text.as_bytes()));
                assert_eq!(cells.text_at(row), Some(*text));
            }
            assert_eq!((cells.hash_at(3), cells.text_at(3)), (0, None));
        }
        let whole: ArrayRef = Arc::new(Int32Array::from(vec![Some(3), None]));
        let small = cast(&whole, &DataType::Int16).expect("a width");
        let date: ArrayRef = Arc::new(Date32Array::from(vec![3]));
        let at = |array| Cells::of(&batch(array), Side::List, "c").expect("cells");
        assert_eq!(at(whole).hash_at(0), at(small).hash_at(0));
        assert_eq!(at(Arc::clone(&date)).whole_at(0), Some(3));
        assert_eq!(at(Arc::new(NullArray::new(2))).hash_at(1), 0);
        assert!(Cells::text(&batch(date), Side::List, "c").is_err());
        assert!(Cells::of(&batch(at_list()), Side::List, "c").is_err());
    }

    fn at_list() -> ArrayRef {
        let mut lists = ListBuilder::new(StringBuilder::new());
        lists.append_value([Some("x")]);
        lists.append_value([Some("a"), None, Some("a")]);
        lists.append_null();
        lists.append_value(Vec::<Option<&str>>::new());
        Arc::new(lists.finish())
    }

    #[test]
    fn lists_give_their_elements() {
        let batch = batch(at_list()).slice(1, 3);
        let keys = KeyColumn::of(&batch, Side::Registry, "c", true).expect("lists");
        let a = hash64(15, b"a");
        assert_eq!(keys.keys(0), [a, 0, a]);
        assert!(keys.keys(1).is_empty() && keys.keys(2).is_empty());
        assert!(KeyColumn::of(&batch, Side::Registry, "c", false).is_err());
    }
}
