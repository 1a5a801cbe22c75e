//! `[columns]` of a source file: header → semantic field, and the names under which the column has arrived.

use std::collections::BTreeMap;

use milaan_model::field::{self, Arg, Roles, SemanticField};
use milaan_model::reading::WantedColumn;

use crate::pipeline::Column;
use crate::source::LAYOUTS;
use crate::suggest;
use crate::table::Table;
use crate::value::{Value, all_of};

const KEYS: &[&str] = &["field", "role", "scheme", "pattern", "layout", "aliases", "required"];

/// Id schemes with rules of their own; others are taken as they stand.
const SCHEMES: &[&str] = &["aadhaar", "cnic"];

/// What `[columns]` declares. Headers are known even where a column has a problem, so that the key can be checked.
pub(crate) struct Declared {
    /// Headers, in the order of the file.
    pub(crate) headers: Vec<Header>,
    /// The columns, unless one has a problem.
    pub(crate) columns: Option<Vec<Column>>,
    /// Base of the canonical columns → where the column was declared, and its header.
    pub(crate) bases: BTreeMap<String, (usize, String)>,
}

/// A declared header.
pub(crate) struct Header {
    /// What a dump is asked for.
    pub(crate) wanted: WantedColumn,
    line: usize,
}

/// Reads `[columns]`.
pub(crate) fn read(root: &Table<'_>) -> Option<Declared> {
    let members = root.need_members("columns")?;
    let mut headers = Vec::new();
    let mut bases = BTreeMap::new();
    let columns = all_of(members.iter().map(|member| {
        let table = open(member);
        headers.push(read_header(member, table.as_ref()));
        let column = read_column(member, &table?)?;
        note_base(member, &column, &mut bases);
        Some(column)
    }));
    check_names_differ(&members, &headers);
    Some(Declared { headers, columns, bases })
}

fn open<'d>(member: &Value<'d>) -> Option<Table<'d>> {
    let called = format!("column `{}`", member.key());
    if let Some(word) = member.node().as_str() {
        let hint = format!("write {{ field = \"{word}\" }}");
        member.problem(format!("{called} must be a table, not text"), Some(hint));
        return None;
    }
    member.table(called, KEYS)
}

fn read_header(member: &Value<'_>, table: Option<&Table<'_>>) -> Header {
    let header = member.key().to_owned();
    if header.trim().is_empty() {
        member.problem("a column without a header".to_owned(), None);
    }
    let aliases = table.and_then(|table| table.get("aliases")).and_then(|value| value.texts());
    let required = table.and_then(|table| table.get("required")).and_then(|value| value.boolean());
    let wanted = WantedColumn {
        header,
        aliases: aliases.unwrap_or_default(),
        required: required.unwrap_or(true),
    };
    Header { wanted, line: member.line() }
}

fn read_column(member: &Value<'_>, table: &Table<'_>) -> Option<Column> {
    let field = table.need("field").and_then(|value| {
        let name = value.text()?;
        find_field(&value, &name)
    });
    let role_stated = table.get("role");
    let role = role_stated.and_then(|value| value.sql_name()).map(|name| name.to_string());
    let scheme = table.get("scheme").and_then(|value| read_scheme(&value));
    let pattern = table.get("pattern").and_then(|value| read_pattern(&value));
    let layout = table.get("layout").and_then(|value| value.word(LAYOUTS, |word| word));

    let field = field?;
    let role_fits = match (role_stated, &role) {
        (Some(_), None) => false, // said already
        (stated, _) => check_role(table, field, role.as_deref(), stated.as_ref()),
    };
    check_scheme(table, field);
    if let Some(value) = table.get("layout").filter(|_| !takes(field, Arg::Layout)) {
        value.problem(format!("`{}` is no date and has no layout", field.name), None);
    }
    if let Some(value) = table.get("pattern").filter(|_| !takes(field, Arg::Pattern)) {
        value.problem(format!("the field `{}` has no pattern", field.name), None);
    }
    role_fits.then(|| Column {
        header: member.key().to_owned(),
        constant: None,
        field,
        role,
        scheme,
        pattern,
        layout: layout.map(str::to_owned),
        position: member.position(),
    })
}

/// The semantic field of that name; none: a problem at `value`.
pub(crate) fn find_field(value: &Value<'_>, name: &str) -> Option<&'static SemanticField> {
    let found = field::find(name);
    if found.is_none() {
        let hint = suggest::nearest_three(name, field::FIELDS.iter().map(|field| field.name));
        value.problem(format!("`{name}` is no semantic field"), Some(hint));
    }
    found
}

/// Whether the standardising functions of a field take this argument.
pub(crate) fn takes(field: &SemanticField, arg: Arg) -> bool {
    let calls = field.canonical.iter().map(|canonical| canonical.call).chain(field.issue);
    calls.into_iter().any(|call| call.args.contains(&arg))
}

fn check_role(
    table: &Table<'_>,
    field: &SemanticField,
    role: Option<&str>,
    stated: Option<&Value<'_>>,
) -> bool {
    match (field.roles, role) {
        (Roles::Optional, _) | (Roles::Required, Some(_)) => true,
        (Roles::Required, None) => {
            let hint = "a word for what it is, for example `role = \"course\"`".to_owned();
            table.problem(format!("the field `{}` needs a role", field.name), Some(hint));
            false
        }
        (Roles::OneOf(known), None) => {
            let hint = format!("one of {}", suggest::listed(known.iter().copied()));
            table.problem(format!("the field `{}` needs a role", field.name), Some(hint));
            false
        }
        (Roles::OneOf(known), Some(role)) => {
            let fits = known.contains(&role);
            if let Some(value) = stated.filter(|_| !fits) {
                let hint = suggest::among(role, known.iter().copied());
                let message = format!("the field `{}` has no role `{role}`", field.name);
                value.problem(message, Some(hint));
            }
            fits
        }
    }
}

/// A scheme is a lower-case word; one letter beside a known one is a slip, not another scheme.
fn read_scheme(value: &Value<'_>) -> Option<String> {
    let scheme = value.sql_name()?.to_string();
    if let Some(meant) = suggest::slip_for(&scheme, SCHEMES) {
        let hint = format!("did you mean `{meant}`?");
        value.problem(format!("`scheme` cannot be `{scheme}`"), Some(hint));
        return None;
    }
    Some(scheme)
}

/// A code's pattern: `#` a digit, `@` a letter, other letters and digits themselves, `|` between two.
fn read_pattern(value: &Value<'_>) -> Option<String> {
    let pattern = value.text()?;
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '#' | '@' | ' ' | '-' | '/');
    if pattern.split('|').all(|one| !one.trim().is_empty() && one.chars().all(is_sign)) {
        return Some(pattern);
    }
    let hint =
        "`#` a digit, `@` a letter, others themselves: `WAP###########|28########`".to_owned();
    value.problem(format!("`{pattern}` is no pattern"), Some(hint));
    None
}

fn check_scheme(table: &Table<'_>, field: &SemanticField) {
    match (table.get("scheme"), takes(field, Arg::Scheme)) {
        (None, true) => {
            let hint = "for example `scheme = \"aadhaar\"` or `scheme = \"cnic\"`".to_owned();
            table.problem(format!("the field `{}` needs a scheme", field.name), Some(hint));
        }
        (Some(value), false) => {
            value.problem(format!("the field `{}` has no scheme", field.name), None);
        }
        _ => {}
    }
}

fn note_base(member: &Value<'_>, column: &Column, bases: &mut BTreeMap<String, (usize, String)>) {
    let here = (member.line(), member.key().to_owned());
    if let Some((line, header)) = bases.get(&column.base()) {
        let role =
            column.role.as_ref().map_or(String::new(), |role| format!(" with role `{role}`"));
        let message =
            format!("`{}`{role} is column `{header}` already (line {line})", column.field.name);
        let hint = match column.field.roles {
            Roles::OneOf(_) => "one header may be an alias of the other",
            _ => "give one of them a role, or make one header an alias of the other",
        };
        member.problem(message, Some(hint.to_owned()));
        return;
    }
    bases.insert(column.base(), here);
}

/// A header or alias names one column of a source, however it is written.
fn check_names_differ(members: &[Value<'_>], headers: &[Header]) {
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    let names = |header: &Header| {
        let aliases = header.wanted.aliases.clone();
        std::iter::once(header.wanted.header.clone()).chain(aliases)
    };
    for (index, header) in headers.iter().enumerate() {
        owners.entry(folded(&header.wanted.header)).or_insert(index);
    }
    for (index, (member, header)) in members.iter().zip(headers).enumerate() {
        for name in names(header) {
            let owner = *owners.entry(folded(&name)).or_insert(index);
            if owner != index {
                let other = &headers[owner];
                let message = format!(
                    "`{name}` also names column `{}` (line {})",
                    other.wanted.header, other.line
                );
                member.problem(message, None);
            }
        }
    }
}

/// Headers are found without regard to case, blanks and punctuation (`milaan-ingest` does the same).
fn folded(header: &str) -> String {
    let letters: String =
        header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if letters.is_empty() { header.trim().to_owned() } else { letters }
}
