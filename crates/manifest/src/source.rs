//! A source file: one list, its files, its key, its columns.

use std::collections::BTreeSet;
use std::path::Path;

use milaan_model::Name;

use crate::columns::{self, Declared};
use crate::constants;
use crate::diagnostic::{Diagnostic, Position, Problems};
use crate::expect;
use crate::pipeline::{Column, Mode, OnMissing, Source};
use crate::reading;
use crate::suggest;
use crate::table::{Document, Table};
use crate::value::{Value, all_of};

const KEYS: &[&str] = &[
    "id",
    "title",
    "department",
    "mode",
    "on_missing",
    "as_of",
    "layout",
    "same_as_registry",
    "files",
    "record",
    "columns",
    "constants",
    "expect",
];

/// Orders of day, month and year in a date.
pub(crate) const LAYOUTS: &[&str] = &["dmy", "mdy", "ymd"];

/// The order where a source states none: India and Pakistan write the day first.
const LAYOUT_DEFAULT: &str = "dmy";

/// Reads one source file from its text; without an `id` in it, the file's stem is its id.
///
/// ```
/// let text = "title = 'Pensions'\ndepartment = 'Rural Development'\n[files]\npath = ['p/*.csv']";
/// let problems = milaan_manifest::parse_source(text, std::path::Path::new("pensions.toml")).unwrap_err();
/// assert!(problems.iter().any(|problem| problem.hint.as_deref() == Some("did you mean `paths`?")));
/// ```
pub fn parse_source(text: &str, file: &Path) -> Result<Source, Vec<Diagnostic>> {
    let problems = Problems::default();
    let source = read(file, text, &crate::files::stem(file), &problems);
    problems.settle(source)
}

/// Reads a source file whose id is `id_default` where it states none.
pub(crate) fn read(
    file: &Path,
    text: &str,
    id_default: &str,
    problems: &Problems,
) -> Option<Source> {
    Document::read(file, text, problems, KEYS, |root| read_root(root, id_default))
}

fn read_root(root: &Table<'_>, id_default: &str) -> Option<Source> {
    let id = read_id(root, id_default);
    let title = root.need("title").and_then(|value| value.text());
    let department = root.need("department").and_then(|value| value.text());
    let mode = root.get("mode").and_then(|value| value.word(Mode::ALL, Mode::as_str));
    let on_missing =
        root.get("on_missing").and_then(|value| value.word(OnMissing::ALL, OnMissing::as_str));
    let as_of = root.get("as_of").and_then(|value| value.date());
    let layout = root.get("layout").and_then(|value| value.word(LAYOUTS, |word| word));
    let same_as_registry = match root.get("same_as_registry") {
        Some(value) => value.boolean(),
        None => Some(false),
    };
    let files = reading::read(root);
    let declared = columns::read(root);
    let constants = constants::read(root, declared.as_ref());
    let record = read_record(root, declared.as_ref());
    let expect = expect::read(root, declared.as_ref());

    let (paths, paths_position, mut reading) = files?;
    let declared = declared?;
    let (id, position) = id?;
    let mut columns: Vec<Column> = declared.columns?;
    columns.extend(constants?);
    let (key, unique_persons) = record?;
    reading.columns = declared.headers.into_iter().map(|header| header.wanted).collect();
    let mut source = Source {
        id,
        title: title?,
        department: department?,
        mode: mode.unwrap_or(Mode::Full),
        on_missing: on_missing.unwrap_or(OnMissing::Fail),
        as_of,
        layout: layout.unwrap_or(LAYOUT_DEFAULT).to_owned(),
        paths,
        reading,
        key,
        unique_persons,
        same_as_registry: same_as_registry?,
        columns,
        expect: expect?,
        position,
        paths_position,
    };
    land_under_other_names(&mut source);
    Some(source)
}

/// Columns that a landed table, or the stages behind it, have besides the dump's own.
const TAKEN: &[&str] = &[
    "file",
    "sheet",
    "row",
    "record_id",
    "record_key",
    "record_copy",
    "person_mark",
    "person_first",
    "person_last",
    "person_copy",
    "row_mark",
    "newest",
];

/// A dump's column that is called as one of ours is landed under another name; its own is an alias of that.
fn land_under_other_names(source: &mut Source) {
    for taken in TAKEN {
        let Some(wanted) = source.reading.columns.iter_mut().find(|wanted| wanted.header == *taken)
        else {
            continue;
        };
        let other = format!("{taken} (column)");
        wanted.aliases.insert(0, std::mem::replace(&mut wanted.header, other.clone()));
        let columns = source.columns.iter_mut().map(|column| &mut column.header);
        let expect = &mut source.expect;
        let dumps = [&mut expect.fail, &mut expect.warn];
        let rules = expect.reject.iter_mut();
        let mut headers: Vec<&mut String> = columns.chain(&mut source.key).collect();
        headers.extend(rules.flat_map(|rule| &mut rule.headers));
        for dump in dumps {
            headers.extend(dump.sums.iter_mut().map(|(header, _)| header));
            headers.extend(dump.rules.iter_mut().flat_map(|rule| &mut rule.headers));
        }
        headers.into_iter().filter(|header| *header == taken).for_each(|header| {
            header.clone_from(&other);
        });
    }
}

fn read_id(root: &Table<'_>, id_default: &str) -> Option<(Name, Position)> {
    if let Some(value) = root.get("id") {
        return Some((value.name()?, value.position()));
    }
    match id_default.parse() {
        Ok(name) => Some((name, root.position())),
        Err(error) => {
            root.problem(format!("the file's name: {error}"), Some("or state an `id`".to_owned()));
            None
        }
    }
}

fn read_record(root: &Table<'_>, declared: Option<&Declared>) -> Option<(Vec<String>, bool)> {
    let record = root.need_section("record", &["key", "unique_persons"])?;
    let unique_persons = match record.get("unique_persons") {
        Some(value) => value.boolean(),
        None => Some(false),
    };
    let headers = record.need("key").and_then(|value| value.some_items());
    let mut seen = BTreeSet::new();
    let key = headers.and_then(|items| {
        all_of(items.iter().map(|item| {
            let header = item.text()?;
            if !seen.insert(header.clone()) {
                item.problem(format!("`{header}` is in the key twice"), None);
            }
            match declared {
                Some(declared) => check_key_header(item, &header, declared).then_some(header),
                None => Some(header),
            }
        }))
    });
    Some((key?, unique_persons?))
}

/// Whether a header of the key is declared; a key column cannot be an optional one.
fn check_key_header(item: &Value<'_>, header: &str, declared: &Declared) -> bool {
    let Some(found) = declared.headers.iter().find(|known| known.wanted.header == header) else {
        let alias_of =
            declared.headers.iter().find(|known| known.wanted.aliases.iter().any(|a| a == header));
        let hint = alias_of.map_or_else(
            || {
                let known = declared.headers.iter().map(|known| known.wanted.header.as_str());
                suggest::among(header, known)
            },
            |known| format!("it is an alias: write `{}`", known.wanted.header),
        );
        item.problem(format!("the key `{header}` is not in [columns]"), Some(hint));
        return false;
    };
    if !found.wanted.required {
        let hint = "take `required = false` away".to_owned();
        item.problem(format!("the key `{header}` is a column that may be absent"), Some(hint));
    }
    true
}
