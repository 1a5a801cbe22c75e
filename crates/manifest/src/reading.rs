//! `[files]` of a source file: where the dumps lie and what is known about their form.

use globset::GlobBuilder;
use milaan_model::Reading;
use milaan_model::reading::{Format, Sheets};
use toml::de::DeValue;

use crate::diagnostic::Position;
use crate::table::Table;
use crate::value::{Value, all_of};

const KEYS: &[&str] = &[
    "paths",
    "format",
    "sheets",
    "encoding",
    "delimiter",
    "quote",
    "escape",
    "comment",
    "header_row",
    "no_header",
    "total_words",
    "password_env",
];

/// The encodings of the WHATWG list, by name (`iso-8859-1` and `ascii` are read as `windows-1252` there).
const ENCODINGS: &[&str] = &[
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "ascii",
    "ibm866",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "x-mac-cyrillic",
    "gbk",
    "gb18030",
    "big5",
    "euc-jp",
    "iso-2022-jp",
    "shift_jis",
    "euc-kr",
];

/// Reads `[files]`: the patterns, where they stand, and the reading without its columns.
pub(crate) fn read(root: &Table<'_>) -> Option<(Vec<String>, Position, Reading)> {
    let files = root.need_section("files", KEYS)?;
    let paths_stated = files.need("paths");
    let paths = paths_stated
        .and_then(|value| all_of(value.some_items()?.iter().map(|item| read_path(item))));
    let format = files.get("format").and_then(|value| value.word(Format::ALL, Format::as_str));
    let sheets = files.get("sheets").and_then(|value| read_sheets(&value));
    let encoding = files.get("encoding").and_then(|value| read_encoding(&value));
    let delimiter = files.get("delimiter").and_then(|value| read_delimiter(&value));
    let quote = files.get("quote").and_then(|value| read_character(&value));
    let escape = files.get("escape").and_then(|value| read_character(&value));
    let comment = files.get("comment").and_then(|value| value.text());
    let header_row = read_header_row(&files);
    let total_words = files.get("total_words").and_then(|value| value.texts());
    let password_env = files.get("password_env").and_then(|value| read_variable(&value));
    if let (Some(quote), Some(value)) = (quote, files.get("quote"))
        && delimiter == Some(quote)
    {
        value.problem("`quote` and `delimiter` are the same character".to_owned(), None);
    }
    let reading = Reading {
        format,
        encoding,
        delimiter,
        quote,
        escape,
        comment,
        sheets: sheets.unwrap_or_default(),
        header_row,
        columns: Vec::new(),
        total_words: total_words.unwrap_or_default(),
        password_env,
        password: None,
    };
    Some((paths?, paths_stated?.position(), reading))
}

/// The name of an environment variable: never the password itself.
fn read_variable(value: &Value<'_>) -> Option<String> {
    let name = value.text()?;
    let is_name = !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|b| b == b'_' || b.is_ascii_uppercase() || b.is_ascii_digit());
    if !is_name {
        // What stands here may be a password: it is not said again.
        let hint = "capital letters, digits and `_`: the variable holds the password, this file never does";
        value.problem("not the name of an environment variable".to_owned(), Some(hint.to_owned()));
    }
    is_name.then_some(name)
}

/// The header's row; 0 where it is said that there is none.
fn read_header_row(files: &Table<'_>) -> Option<u64> {
    let row = files.get("header_row").and_then(|value| value.positive());
    let Some(value) = files.get("no_header") else { return row };
    let none = value.boolean()?;
    if none && row.is_some() {
        let hint = "`no_header = true` names the columns by their place: column_1, column_2 …";
        value.problem("`no_header` beside `header_row`".to_owned(), Some(hint.to_owned()));
    }
    if none { Some(0) } else { row }
}

/// A pattern of files below the data folder: it cannot lead out of it.
fn read_path(item: &Value<'_>) -> Option<String> {
    let path = read_glob(item)?;
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '\\']) || drive {
        let hint = "paths are relative to the data folder".to_owned();
        item.problem(format!("the path `{path}` is absolute"), Some(hint));
        return None;
    }
    if path.split(['/', '\\']).any(|part| part == "..") {
        let hint = "paths stay below the data folder".to_owned();
        item.problem(format!("the path `{path}` has `..`"), Some(hint));
        return None;
    }
    Some(path)
}

fn read_glob(item: &Value<'_>) -> Option<String> {
    let pattern = item.text()?;
    if let Err(error) = GlobBuilder::new(&pattern).literal_separator(true).build() {
        item.problem(format!("`{pattern}` is no pattern: {}", error.kind()), None);
        return None;
    }
    Some(pattern)
}

fn read_sheets(value: &Value<'_>) -> Option<Sheets> {
    if let DeValue::String(word) = value.node() {
        if word == "all_alike" {
            return Some(Sheets::AllAlike);
        }
        let hint = crate::suggest::did_you_mean(word, ["all_alike"])
            .unwrap_or_else(|| format!("`all_alike`, or a list of names: [\"{word}\"]"));
        value.problem(format!("`sheets` cannot be `{word}`"), Some(hint));
        return None;
    }
    Some(Sheets::Named(all_of(value.some_items()?.iter().map(read_glob))?))
}

fn read_encoding(value: &Value<'_>) -> Option<String> {
    let label = value.text()?.to_lowercase();
    if !ENCODINGS.contains(&label.as_str()) {
        let hint = crate::suggest::nearest_three(&label, ENCODINGS.iter().copied());
        value.problem(format!("`{label}` is no encoding"), Some(hint));
        return None;
    }
    Some(label)
}

fn read_delimiter(value: &Value<'_>) -> Option<u8> {
    if value.any_text()? == "tab" { Some(b'\t') } else { read_character(value) }
}

/// One ASCII character that cannot be part of a word.
fn read_character(value: &Value<'_>) -> Option<u8> {
    let text = value.any_text()?;
    match text.as_bytes() {
        [byte] if !byte.is_ascii_alphanumeric() && !matches!(byte, b'\n' | b'\r' | 0) => {
            Some(*byte)
        }
        _ => {
            let message =
                format!("`{}` must be one character, not `{}`", value.key(), text.escape_debug());
            value.problem(message, Some("for example `;`, `|` or `tab`".to_owned()));
            None
        }
    }
}
