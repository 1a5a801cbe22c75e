//! One value of a TOML file, and what it may be taken for. Each reading that does not fit is a problem.
//!
//! Every reading gives `None` when it does not fit; the problem was noted then, so a reader first takes all values it wants
//! and builds what they make last.

use milaan_model::Name;
use toml::Spanned;
use toml::de::{DeString, DeValue};
use toml::value::Datetime;

use crate::diagnostic::Position;
use crate::suggest;
use crate::table::{Document, Keys, Table};

const TEXT: &str = "text";
const A_LIST: &str = "a list";

/// A value, its key and its line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value<'d> {
    document: &'d Document<'d>,
    key: &'d str,
    line: usize,
    node: &'d Spanned<DeValue<'d>>,
}

impl<'d> Value<'d> {
    /// The value of a key of a table; its line is the key's.
    pub(crate) fn member(
        document: &'d Document<'d>,
        key: &'d Spanned<DeString<'d>>,
        node: &'d Spanned<DeValue<'d>>,
    ) -> Self {
        Self { document, key: key.get_ref(), line: document.line(&key.span()), node }
    }

    /// Its key; for an element of a list the list's key.
    pub(crate) fn key(&self) -> &'d str {
        self.key
    }

    /// The TOML value itself.
    pub(crate) fn node(&self) -> &'d DeValue<'d> {
        self.node.get_ref()
    }

    /// Where it stands.
    pub(crate) fn position(&self) -> Position {
        self.document.position(self.line)
    }

    /// Its line, from 1.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    /// Notes a problem at the value.
    pub(crate) fn problem(&self, message: String, hint: Option<String>) {
        self.document.problem(self.line, message, hint);
    }

    /// Notes that the value is of another kind than it must be.
    pub(crate) fn wrong_kind(&self, wanted: &str) {
        let hint = match self.node() {
            DeValue::String(text) if wanted == A_LIST => Some(format!("write [\"{text}\"]")),
            DeValue::Integer(_) | DeValue::Float(_) if wanted == TEXT => {
                Some("put it in quotes".to_owned())
            }
            _ => None,
        };
        let message = format!("`{}` must be {wanted}, not {}", self.key, kind(self.node()));
        self.problem(message, hint);
    }

    /// Text of any length.
    pub(crate) fn any_text(&self) -> Option<&'d str> {
        let text = self.node().as_str();
        if text.is_none() {
            self.wrong_kind(TEXT);
        }
        text
    }

    /// Text that is not blank.
    pub(crate) fn text(&self) -> Option<String> {
        let text = self.any_text()?;
        if text.trim().is_empty() {
            self.problem(format!("`{}` is empty", self.key), None);
            return None;
        }
        Some(text.to_owned())
    }

    /// A name of ours.
    pub(crate) fn name(&self) -> Option<Name> {
        let text = self.text()?;
        match text.parse::<Name>() {
            Ok(name) => Some(name),
            Err(error) => {
                self.problem(error.to_string(), name_hint(&text));
                None
            }
        }
    }

    /// A name that stands unquoted in SQL: without `-`.
    pub(crate) fn sql_name(&self) -> Option<Name> {
        let name = self.name()?;
        if name.as_str().contains('-') {
            let hint = format!("write `{}`", name.as_str().replace('-', "_"));
            self.problem(format!("`{name}` stands in SQL and cannot have `-`"), Some(hint));
            return None;
        }
        Some(name)
    }

    /// One of fixed words.
    pub(crate) fn word<T: Copy>(
        &self,
        all: &[T],
        spelling: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.any_text()?;
        let found = all.iter().copied().find(|value| spelling(*value) == text);
        if found.is_none() {
            self.unknown_word(text, &all.iter().map(|value| spelling(*value)).collect::<Vec<_>>());
        }
        found
    }

    /// Notes that a word is not among those that may stand here.
    pub(crate) fn unknown_word(&self, word: &str, known: &[&str]) {
        let hint = suggest::among(word, known.iter().copied());
        self.problem(format!("`{}` cannot be `{word}`", self.key), Some(hint));
    }

    /// true or false.
    pub(crate) fn boolean(&self) -> Option<bool> {
        let flag = self.node().as_bool();
        if flag.is_none() {
            self.wrong_kind("true or false");
        }
        flag
    }

    /// A whole number from 1.
    pub(crate) fn positive(&self) -> Option<u64> {
        let Some(integer) = self.node().as_integer() else {
            self.wrong_kind("a whole number");
            return None;
        };
        let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if !matches!(number, Some(1..)) {
            self.problem(format!("`{}` must be 1 or more, not {integer}", self.key), None);
            return None;
        }
        number
    }

    /// A version: a whole number from 1.
    pub(crate) fn version(&self) -> Option<u32> {
        let number = self.positive()?;
        let version = u32::try_from(number).ok();
        if version.is_none() {
            self.problem(format!("`{}` is too large: {number}", self.key), None);
        }
        version
    }

    /// A number, whole or not, for which `fits` is true.
    pub(crate) fn number(&self, must: &str, fits: impl Fn(f64) -> bool) -> Option<f64> {
        let Some(number) = self.as_number() else {
            self.wrong_kind("a number");
            return None;
        };
        if fits(number) {
            return Some(number);
        }
        self.problem(format!("`{}` must be {must}, not {number}", self.key), None);
        None
    }

    fn as_number(&self) -> Option<f64> {
        match self.node() {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .ok()
                .map(|whole| whole as f64),
            _ => None,
        }
    }

    /// A calendar date as ISO text: a TOML date, or the same in quotes.
    pub(crate) fn date(&self) -> Option<String> {
        let date = match self.node() {
            DeValue::Datetime(stated) => iso_date(stated),
            DeValue::String(text) => {
                text.parse::<Datetime>().ok().and_then(|stated| iso_date(&stated))
            }
            _ => None,
        };
        if date.is_none() {
            let hint = "write it as 2026-10-31".to_owned();
            self.problem(format!("`{}` must be a date", self.key), Some(hint));
        }
        date
    }

    /// The elements of a list, in order.
    pub(crate) fn items(&self) -> Option<Vec<Self>> {
        let Some(array) = self.node().as_array() else {
            self.wrong_kind(A_LIST);
            return None;
        };
        let item = |node: &'d Spanned<DeValue<'d>>| Self {
            line: self.document.line(&node.span()),
            node,
            ..*self
        };
        Some(array.iter().map(item).collect())
    }

    /// The elements of a list with at least one.
    pub(crate) fn some_items(&self) -> Option<Vec<Self>> {
        let items = self.items()?;
        if items.is_empty() {
            self.problem(format!("`{}` is empty", self.key), None);
            return None;
        }
        Some(items)
    }

    /// A list of texts, none blank.
    pub(crate) fn texts(&self) -> Option<Vec<String>> {
        all_of(self.items()?.iter().map(Self::text))
    }

    /// A table with these keys.
    pub(crate) fn table(&self, called: String, keys: Keys) -> Option<Table<'d>> {
        let Some(table) = self.node().as_table() else {
            self.wrong_kind("a table");
            return None;
        };
        Some(Table::open(self.document, table, self.line, called, keys))
    }

    /// A list of tables with these keys, at least one.
    pub(crate) fn tables(&self, called: &str, keys: Keys) -> Option<Vec<Table<'d>>> {
        all_of(self.some_items()?.iter().map(|item| item.table(called.to_owned(), keys)))
    }

    /// The members of a table whose keys are free (headers, fields), in the order of the file.
    pub(crate) fn members(&self) -> Option<Vec<Self>> {
        let Some(table) = self.node().as_table() else {
            self.wrong_kind("a table");
            return None;
        };
        let mut members: Vec<_> = table.iter().collect();
        members.sort_by_key(|(key, _)| key.span().start);
        let member = |(key, node)| Self::member(self.document, key, node);
        Some(members.into_iter().map(member).collect())
    }
}

/// All values, or `None` if one is missing; each is looked at, so each problem is said.
pub(crate) fn all_of<T>(values: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let values: Vec<_> = values.collect();
    values.into_iter().collect()
}

/// What a value is, for messages.
pub(crate) fn kind(node: &DeValue<'_>) -> &'static str {
    match node {
        DeValue::String(_) => TEXT,
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => A_LIST,
        DeValue::Table(_) => "a table",
    }
}

/// The date as ISO text, if it is a date alone.
pub(crate) fn iso_date(stated: &Datetime) -> Option<String> {
    let alone = stated.time.is_none() && stated.offset.is_none();
    stated.date.filter(|_| alone).map(|date| date.to_string())
}

fn name_hint(text: &str) -> Option<String> {
    let made: String = text
        .trim()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_lowercase() } else { '_' })
        .collect();
    made.parse::<Name>().ok().map(|name| format!("for example `{name}`"))
}
