//! The Arrow shell that all functions share: argument coercion, NULL handling, typed rows in, typed columns out.
//!
//! A function file states its arguments, its result and one closure over a [`Rows`]; everything DataFusion needs follows.
//! Functions hold no state: the installation's keys are reached through the session's configuration ([`crate::Secrets`]), so
//! that a function travels by name.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder,
    Float64Builder, Int32Builder, LargeStringArray, ListBuilder, StringArray, StringBuilder,
    StringViewArray,
};
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, Fields, Float64Type, Int32Type};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{DataFusionError, Result, ScalarValue, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use milaan_kernels::secret::Keyring;
use milaan_kernels::words::Words;
use milaan_model::Sensitivity;

use crate::repeats::Repeats;
use crate::secrets::Secrets;
use crate::tables::Tables;

/// The type of an argument or result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Text (Utf8 or Utf8View in, Utf8 out).
    Text,
    /// List of texts (result only).
    TextList,
    /// Bytes.
    Bytes,
    /// 32-bit integer.
    Integer,
    /// 64-bit floating point.
    Number,
    /// Decimal(18, 2) (result only).
    Decimal,
    /// Calendar date.
    Date,
    /// true or false.
    Boolean,
    /// Named parts (result only).
    Parts(&'static [(&'static str, Kind)]),
}

impl Kind {
    fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::TextList => DataType::new_list(DataType::Utf8, true),
            Self::Bytes => DataType::Binary,
            Self::Integer => DataType::Int32,
            Self::Number => DataType::Float64,
            Self::Decimal => DataType::Decimal128(18, 2),
            Self::Date => DataType::Date32,
            Self::Boolean => DataType::Boolean,
            Self::Parts(parts) => DataType::Struct(Self::fields(parts)),
        }
    }

    /// The fields of named parts.
    pub(crate) fn fields(parts: &[(&'static str, Kind)]) -> Fields {
        parts.iter().map(|(name, kind)| Field::new(*name, kind.arrow(), true)).collect()
    }
}

/// How sensitive a function's result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultClass {
    /// As its most sensitive argument.
    Inherit,
    /// This, whatever goes in: the function masks or tokenises.
    Fixed(Sensitivity),
    /// Internal where it compares two columns of one class, which says little about either; else as its most sensitive argument:
    /// compared with something known, the answer says what the column holds.
    Comparison,
}

/// One SQL function.
#[derive(Debug)]
pub struct SqlFunction {
    /// SQL name.
    pub name: &'static str,
    /// Argument names and types.
    pub args: &'static [(&'static str, Kind)],
    /// Whether the last argument may be repeated.
    pub variadic: bool,
    /// Result type.
    pub returns: Kind,
    /// Class of the result.
    pub class: ResultClass,
    /// What it does, NULL and errors, for `docs/functions.md`.
    pub doc: &'static str,
    /// A query and its answer, for the docs; checked by a test.
    pub example: (&'static str, &'static str),
    /// The work.
    pub eval: fn(&Rows<'_>) -> Result<ArrayRef>,
}

/// An argument: a column, or a constant.
#[derive(Debug)]
struct Column {
    array: ArrayRef,
    /// The array as texts, so that no row asks what it is.
    texts: Texts,
    is_constant: bool,
}

#[derive(Debug)]
enum Texts {
    Utf8(StringArray),
    View(StringViewArray),
    Large(LargeStringArray),
    None,
}

impl Column {
    fn new(array: ArrayRef, is_constant: bool) -> Self {
        let texts = match array.data_type() {
            DataType::Utf8 => Texts::Utf8(array.as_string().clone()),
            DataType::Utf8View => Texts::View(array.as_string_view().clone()),
            DataType::LargeUtf8 => Texts::Large(array.as_string().clone()),
            _ => Texts::None,
        };
        Self { array, texts, is_constant }
    }

    fn text(&self, row: usize) -> Option<&str> {
        let row = if self.is_constant { 0 } else { row };
        match &self.texts {
            Texts::Utf8(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Texts::View(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Texts::Large(texts) => texts.is_valid(row).then(|| texts.value(row)),
            Texts::None => None,
        }
    }
}

/// The arguments of a call, row by row.
#[derive(Debug)]
pub struct Rows<'a> {
    columns: Vec<Column>,
    len: usize,
    config: &'a ConfigOptions,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "one shape for all results: an `eval` ends in one call"
)]
impl Rows<'_> {
    fn at(&self, arg: usize, row: usize) -> Option<(&ArrayRef, usize)> {
        let Column { array, is_constant, .. } = self.columns.get(arg)?;
        let index = if *is_constant { 0 } else { row };
        array.is_valid(index).then_some((array, index))
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The rows in order.
    pub fn iter(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len).map(|row| Row { rows: self, row })
    }

    /// Number of arguments.
    pub fn arg_count(&self) -> usize {
        self.columns.len()
    }

    /// Whether an argument is NULL in every row.
    pub fn is_nothing(&self, arg: usize) -> bool {
        self.columns.get(arg).is_none_or(|one| one.array.null_count() == one.array.len())
    }

    /// The keys of this installation, from the session.
    pub fn keyring(&self) -> Result<Arc<Keyring>> {
        match self.config.extensions.get::<Secrets>().and_then(Secrets::keyring) {
            Some(keyring) => Ok(keyring),
            None => {
                exec_err!("this session has no keys: tokens and sealed digits exist only in a run")
            }
        }
    }

    /// The tables of the pipeline, from the session.
    pub fn tables(&self) -> Option<&Tables> {
        self.config.extensions.get::<Tables>()
    }

    /// The pipeline's words of a kind.
    pub fn words(&self, kind: &str) -> Option<&Words> {
        self.tables()?.words(kind)
    }

    fn each<B, V>(
        &self,
        mut builder: B,
        mut append: impl FnMut(&mut B, Option<V>),
        value: impl Fn(Row<'_>) -> Option<V>,
        finish: impl FnOnce(B) -> ArrayRef,
    ) -> ArrayRef {
        for row in 0..self.len {
            append(&mut builder, value(Row { rows: self, row }));
        }
        finish(builder)
    }

    /// A text for each row.
    pub fn texts<'t>(
        &'t self,
        value: impl Fn(Row<'t>) -> Option<Cow<'t, str>>,
    ) -> Result<ArrayRef> {
        let mut builder = StringBuilder::with_capacity(self.len, self.len * 16);
        for row in 0..self.len {
            builder.append_option(value(Row { rows: self, row }));
        }
        Ok(Arc::new(builder.finish()))
    }

    /// A list of texts for each row.
    pub fn text_lists(&self, value: impl Fn(Row<'_>) -> Option<Vec<String>>) -> Result<ArrayRef> {
        let builder = ListBuilder::new(StringBuilder::new());
        let append = |b: &mut ListBuilder<StringBuilder>, list: Option<Vec<String>>| match list {
            Some(list) => b.append_value(list.into_iter().map(Some)),
            None => b.append_null(),
        };
        Ok(self.each(builder, append, value, |mut b| Arc::new(b.finish())))
    }

    /// Bytes for each row.
    pub fn bytes(&self, value: impl Fn(Row<'_>) -> Option<Vec<u8>>) -> Result<ArrayRef> {
        let append = |b: &mut BinaryBuilder, bytes: Option<Vec<u8>>| b.append_option(bytes);
        Ok(self.each(BinaryBuilder::new(), append, value, |mut b| Arc::new(b.finish())))
    }

    /// An integer for each row.
    pub fn integers(&self, value: impl Fn(Row<'_>) -> Option<i32>) -> Result<ArrayRef> {
        let append = |b: &mut Int32Builder, v| b.append_option(v);
        Ok(self.each(Int32Builder::new(), append, value, |mut b| Arc::new(b.finish())))
    }

    /// A number for each row.
    pub fn numbers(&self, value: impl Fn(Row<'_>) -> Option<f64>) -> Result<ArrayRef> {
        let append = |b: &mut Float64Builder, v| b.append_option(v);
        Ok(self.each(Float64Builder::new(), append, value, |mut b| Arc::new(b.finish())))
    }

    /// Hundredths for each row, as Decimal(18, 2).
    pub fn hundredths(&self, value: impl Fn(Row<'_>) -> Option<i64>) -> Result<ArrayRef> {
        let builder = Decimal128Builder::new().with_precision_and_scale(18, 2)?;
        let append = |b: &mut Decimal128Builder, v: Option<i64>| b.append_option(v.map(i128::from));
        Ok(self.each(builder, append, value, |mut b| Arc::new(b.finish())))
    }

    /// A date (days since 1970-01-01) for each row.
    pub fn dates(&self, value: impl Fn(Row<'_>) -> Option<i32>) -> Result<ArrayRef> {
        let append = |b: &mut Date32Builder, v| b.append_option(v);
        Ok(self.each(Date32Builder::new(), append, value, |mut b| Arc::new(b.finish())))
    }

    /// true or false for each row.
    pub fn booleans(&self, value: impl Fn(Row<'_>) -> Option<bool>) -> Result<ArrayRef> {
        let append = |b: &mut BooleanBuilder, v| b.append_option(v);
        Ok(self.each(BooleanBuilder::new(), append, value, |mut b| Arc::new(b.finish())))
    }
}

/// The arguments of one row; a missing or NULL argument is `None`.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    rows: &'a Rows<'a>,
    row: usize,
}

impl<'a> Row<'a> {
    /// Number of arguments.
    pub fn arg_count(self) -> usize {
        self.rows.columns.len()
    }

    /// A text argument.
    pub fn text(self, arg: usize) -> Option<&'a str> {
        self.rows.columns.get(arg)?.text(self.row)
    }

    /// A bytes argument.
    pub fn bytes(self, arg: usize) -> Option<&'a [u8]> {
        let (array, index) = self.rows.at(arg, self.row)?;
        Some(array.as_binary::<i32>().value(index))
    }

    /// An integer argument.
    pub fn integer(self, arg: usize) -> Option<i32> {
        let (array, index) = self.rows.at(arg, self.row)?;
        Some(array.as_primitive::<Int32Type>().value(index))
    }

    /// A number argument.
    pub fn number(self, arg: usize) -> Option<f64> {
        let (array, index) = self.rows.at(arg, self.row)?;
        Some(array.as_primitive::<Float64Type>().value(index))
    }

    /// A date argument, in days since 1970-01-01.
    pub fn date(self, arg: usize) -> Option<i32> {
        let (array, index) = self.rows.at(arg, self.row)?;
        Some(array.as_primitive::<Date32Type>().value(index))
    }
}

/// The DataFusion side of a [`SqlFunction`].
#[derive(Debug)]
pub(crate) struct Shell {
    function: &'static SqlFunction,
    signature: Signature,
}

impl Shell {
    pub(crate) fn new(function: &'static SqlFunction) -> Self {
        Self { function, signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl PartialEq for Shell {
    fn eq(&self, other: &Self) -> bool {
        self.function.name == other.function.name
    }
}

impl Eq for Shell {}

impl Hash for Shell {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.function.name.hash(state);
    }
}

impl ScalarUDFImpl for Shell {
    fn name(&self) -> &str {
        self.function.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(self.function.returns.arrow())
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let wanted = self.function.args;
        let fits = given.len() == wanted.len()
            || (self.function.variadic && given.len() + 1 >= wanted.len() && !given.is_empty());
        if !fits {
            let names: Vec<_> = wanted.iter().map(|(name, _)| *name).collect();
            return plan_err!(
                "{}({}) got {} arguments",
                self.function.name,
                names.join(", "),
                given.len()
            );
        }
        let last = wanted.len() - 1;
        Ok(given
            .iter()
            .enumerate()
            .map(|(at, data_type)| match (wanted[at.min(last)].1, data_type) {
                (Kind::Text, DataType::Utf8View | DataType::LargeUtf8) => data_type.clone(),
                (kind, _) => kind.arrow(),
            })
            .collect())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let all_scalar = args.args.iter().all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let columns = args
            .args
            .iter()
            .map(|arg| match arg {
                ColumnarValue::Array(array) => Ok(Column::new(Arc::clone(array), false)),
                ColumnarValue::Scalar(value) => Ok(Column::new(value.to_array()?, true)),
            })
            .collect::<Result<Vec<_>, DataFusionError>>()?;
        if all_scalar {
            let rows = Rows { columns, len: 1, config: &args.config_options };
            let result = (self.function.eval)(&rows)?;
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?));
        }
        let rows = Rows { columns, len: args.number_rows, config: &args.config_options };
        self.of_distinct(rows).map(ColumnarValue::Array)
    }
}

impl Shell {
    /// The result; values that repeat are worked out once where one column alone is no constant.
    fn of_distinct(&self, mut rows: Rows<'_>) -> Result<ArrayRef> {
        let mut arrays = rows.columns.iter_mut().filter(|column| !column.is_constant);
        if let (Some(column), None) = (arrays.next(), arrays.next())
            && let Some(repeats) = Repeats::of(&column.array)
        {
            *column = Column::new(Arc::clone(&repeats.values), false);
            rows.len = repeats.values.len();
            return repeats.spread(&(self.function.eval)(&rows)?);
        }
        (self.function.eval)(&rows)
    }
}
