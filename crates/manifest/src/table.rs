//! A TOML file whose problems are collected: a document, its tables, and the keys they may have.
//!
//! Invariant: a table is opened with the keys it may have, so an unknown key cannot go unsaid.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use toml::de::DeTable;

use crate::diagnostic::{Position, Problems};
use crate::suggest;
use crate::value::Value;

/// The keys a table may have.
pub(crate) type Keys = &'static [&'static str];

/// A TOML file being read.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    file: &'a Path,
    text: &'a str,
    problems: &'a Problems,
    /// Lines with a syntax error: what else seems wrong there is not said.
    broken_lines: BTreeSet<usize>,
}

impl Document<'_> {
    /// Parses a file and reads its root table. What can be read of a broken file is read all the same.
    pub(crate) fn read<T>(
        file: &Path,
        text: &str,
        problems: &Problems,
        keys: Keys,
        read: impl FnOnce(&Table<'_>) -> T,
    ) -> T {
        let (tree, errors) = DeTable::parse_recoverable(text);
        let mut document = Document { file, text, problems, broken_lines: BTreeSet::new() };
        for error in errors {
            let line = document.line(&error.span().unwrap_or(0..0));
            if document.broken_lines.insert(line) {
                let message = format!("not TOML: {}", error.message());
                problems.push(document.position(line), message, document.quotes_hint(line));
            }
        }
        read(&Table::open(&document, tree.get_ref(), 0, String::new(), keys))
    }

    /// The line, from 1, on which a span begins.
    pub(crate) fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    /// A place in this file.
    pub(crate) fn position(&self, line: usize) -> Position {
        Position { file: self.file.to_owned(), line }
    }

    /// Notes a problem, unless its line has a syntax error already.
    pub(crate) fn problem(&self, line: usize, message: String, hint: Option<String>) {
        if !self.broken_lines.contains(&line) {
            self.problems.push(self.position(line), message, hint);
        }
    }

    /// Notes that something is missing, unless a syntax error may have eaten it.
    fn missing(&self, line: usize, message: String) {
        if !self.is_broken() {
            self.problem(line, message, None);
        }
    }

    /// What the line of a syntax error lacks most often: quotes.
    fn quotes_hint(&self, line: usize) -> Option<String> {
        let (_, value) = self.text.lines().nth(line - 1)?.split_once('=')?;
        let word = value.split('#').next()?.trim();
        let is_bare = word.starts_with(char::is_alphabetic) && !word.contains(['"', '\'']);
        is_bare.then(|| format!("text stands in quotes: \"{word}\""))
    }

    /// Whether there is a syntax error in it.
    fn is_broken(&self) -> bool {
        !self.broken_lines.is_empty()
    }
}

/// A table of a document, with the keys it may have.
#[derive(Debug)]
pub(crate) struct Table<'d> {
    document: &'d Document<'d>,
    entries: &'d DeTable<'d>,
    line: usize,
    /// What it is called in messages: `[files]`, ``column `Name` ``; empty for the root.
    called: String,
    keys: Keys,
    /// Keys that an unknown key was probably meant to be: these are not said to be missing.
    meant: BTreeSet<&'static str>,
    has_unknown_keys: bool,
}

impl<'d> Table<'d> {
    /// Opens a table; each key that it may not have is a problem.
    pub(crate) fn open(
        document: &'d Document<'d>,
        entries: &'d DeTable<'d>,
        line: usize,
        called: String,
        keys: Keys,
    ) -> Self {
        let mut opened = Self {
            document,
            entries,
            line,
            called,
            keys,
            meant: BTreeSet::new(),
            has_unknown_keys: false,
        };
        for key in entries.keys().filter(|key| !keys.contains(&key.get_ref().as_ref())) {
            opened.has_unknown_keys = true;
            let meant = suggest::nearest_one(key.get_ref(), keys.iter().copied());
            opened.meant.extend(meant);
            if meant.is_none() && document.is_broken() {
                continue; // a table header that is not TOML leaves its keys to another table
            }
            let hint = suggest::among(key.get_ref(), keys.iter().copied());
            let message = format!("unknown key `{}`{}", key.get_ref(), opened.inside());
            document.problem(document.line(&key.span()), message, Some(hint));
        }
        opened
    }

    /// The value of a key that may be absent.
    pub(crate) fn get(&self, key: &'static str) -> Option<Value<'d>> {
        debug_assert!(self.keys.contains(&key), "`{key}` is not among the keys of this table");
        let (key, node) = self.entries.get_key_value(key)?;
        Some(Value::member(self.document, key, node))
    }

    /// The value of a key that must be there; absent: a problem.
    pub(crate) fn need(&self, key: &'static str) -> Option<Value<'d>> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(key, format!("`{key}` is missing{}", self.inside()));
        }
        value
    }

    /// The table under a key that may be absent.
    pub(crate) fn section(&self, key: &'static str, keys: Keys) -> Option<Self> {
        self.get(key)?.table(format!("[{key}]"), keys)
    }

    /// The table under a key that must be there.
    pub(crate) fn need_section(&self, key: &'static str, keys: Keys) -> Option<Self> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(key, format!("the table [{key}] is missing"));
        }
        value?.table(format!("[{key}]"), keys)
    }

    /// The members of the table under a key that must be there; its own keys are free.
    pub(crate) fn need_members(&self, key: &'static str) -> Option<Vec<Value<'d>>> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(key, format!("the table [{key}] is missing"));
        }
        let members = value?.members()?;
        if members.is_empty() {
            value?.problem(format!("[{key}] is empty"), None);
        }
        Some(members)
    }

    /// The tables written `[[key]]`, at least one. `None`: there are none, and that was said.
    pub(crate) fn need_tables(&self, key: &'static str, keys: Keys) -> Option<Vec<Self>> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(key, format!("there is no [[{key}]]"));
        }
        value?.tables(&format!("[[{key}]]"), keys)
    }

    /// Whether it has a key that it may not have; what is missing may stand under that.
    pub(crate) fn has_unknown_keys(&self) -> bool {
        self.has_unknown_keys
    }

    /// Where the table stands.
    pub(crate) fn position(&self) -> Position {
        self.document.position(self.line)
    }

    /// Notes a problem at the table.
    pub(crate) fn problem(&self, message: String, hint: Option<String>) {
        self.document.problem(self.line, message, hint);
    }

    fn missing(&self, key: &str, message: String) {
        if !self.meant.contains(key) {
            self.document.missing(self.line, message);
        }
    }

    /// Where a key of it stands, for messages; nothing for the root.
    fn inside(&self) -> String {
        if self.called.is_empty() { String::new() } else { format!(" in {}", self.called) }
    }
}

/// Two tables of one kind cannot have one name.
pub(crate) fn check_names_differ(kind: &str, tables: &[Table<'_>]) {
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for value in tables.iter().filter_map(|table| table.get("name")) {
        let Some(name) = value.node().as_str() else { continue };
        let first = *lines.entry(name).or_insert(value.line());
        if first != value.line() {
            value.problem(format!("{kind} `{name}` is there twice (line {first})"), None);
        }
    }
}
