//! A policy file: dated rules as a table that SQL can join.
//!
//! `[columns]` declares what a rule may state: `name = "date"`, or `"date?"` where a rule may leave it out. A slip in a rule's key
//! would else be a column of its own, and the rule without effect.

use std::collections::BTreeMap;

use milaan_model::Name;
use toml::de::DeValue;

use crate::diagnostic::Problems;
use crate::files::{TextFile, stem};
use crate::pipeline::{PolicyKind, PolicyTable, PolicyValue};
use crate::suggest;
use crate::table::{Document, Table};
use crate::value::{Value, all_of, iso_date, kind};

const KEYS: &[&str] = &["version", "columns", "rule"];

type Rule = BTreeMap<String, PolicyValue>;

/// Reads a policy file; the view has the name of the file.
pub(crate) fn read(file: &TextFile, problems: &Problems) -> Option<PolicyTable> {
    let name = read_name(file, problems);
    let table = Document::read(&file.path, &file.text, problems, KEYS, read_root);
    let (version, declared, rules) = table?;
    let stated = rules.iter().flat_map(Rule::keys).cloned();
    let mut columns: Vec<_> = declared.keys().cloned().chain(stated).collect();
    columns.sort();
    columns.dedup();
    let row = |rule: &Rule| columns.iter().map(|column| rule.get(column).cloned()).collect();
    let rows = rules.iter().map(row).collect();
    let kinds = columns.iter().map(|column| declared.get(column).map(|one| one.kind)).collect();
    Some(PolicyTable { name: name?, version, columns, kinds, rows })
}

fn read_name(file: &TextFile, problems: &Problems) -> Option<Name> {
    let name = stem(&file.path);
    match name.parse::<Name>() {
        Ok(name) if !name.as_str().contains('-') => Some(name),
        _ => {
            let message = format!("`{name}` cannot name a policy table");
            let hint = "name the file in lower-case letters, digits and `_`".to_owned();
            problems.push_file(&file.path, &message, Some(hint));
            None
        }
    }
}

/// A declared column.
#[derive(Clone, Copy)]
struct Declared {
    kind: PolicyKind,
    optional: bool,
}

fn read_root(root: &Table<'_>) -> Option<(u32, BTreeMap<String, Declared>, Vec<Rule>)> {
    let version = root.need("version").and_then(|value| value.version());
    let declared = match root.get("columns") {
        Some(columns) => all_of(columns.members()?.iter().map(read_declared))
            .map(|columns| columns.into_iter().collect::<BTreeMap<_, _>>()),
        None => Some(BTreeMap::new()),
    };
    let mut kinds = BTreeMap::new();
    // A policy may forbid nothing; then its columns have to be declared.
    let no_rules = declared.as_ref().is_some_and(|declared| !declared.is_empty());
    let rules = match root.get("rule") {
        None if no_rules => Some(Vec::new()),
        stated => stated.or_else(|| root.need("rule")).and_then(|value| {
            all_of(value.some_items()?.iter().map(|item| {
                let rule = read_rule(item, &mut kinds)?;
                check_declared(item, declared.as_ref()?).then_some(rule)
            }))
        }),
    };
    Some((version?, declared?, rules?))
}

/// `name = "kind"`, with a `?` behind the kind where a rule may leave the column out.
fn read_declared(member: &Value<'_>) -> Option<(String, Declared)> {
    check_column(member)?;
    let text = member.text()?;
    let word = text.strip_suffix('?').unwrap_or(&text);
    let Some(kind) = PolicyKind::ALL.iter().copied().find(|kind| kind.as_str() == word) else {
        let known = PolicyKind::ALL.iter().map(|kind| kind.as_str());
        member.problem(format!("`{word}` is no kind of value"), Some(suggest::among(word, known)));
        return None;
    };
    Some((member.key().to_owned(), Declared { kind, optional: word.len() < text.len() }))
}

/// Whether a rule states what is declared and nothing else; without a declaration it may state anything.
fn check_declared(item: &Value<'_>, declared: &BTreeMap<String, Declared>) -> bool {
    let Some(members) = item.members().filter(|_| !declared.is_empty()) else { return true };
    let mut fits = true;
    for member in &members {
        let Some(column) = declared.get(member.key()) else {
            let message = format!("`{}` is not among the [columns] of this policy", member.key());
            let known = declared.keys().map(String::as_str);
            member.problem(message, Some(suggest::among(member.key(), known)));
            fits = false;
            continue;
        };
        let stated = read_value(member).map(|value| PolicyKind::of(&value));
        if stated.is_some_and(|stated| stated != column.kind) {
            let message = format!("`{}` must be {}", member.key(), column.kind.as_str());
            member.problem(message, None);
            fits = false;
        }
    }
    for (name, _) in declared.iter().filter(|(_, column)| !column.optional) {
        if !members.iter().any(|member| member.key() == name) {
            item.problem(format!("a rule without `{name}`"), None);
            fits = false;
        }
    }
    fits
}

/// Reads a rule; `kinds`: column → its kind and the line that set it.
fn read_rule<'d>(
    item: &Value<'d>,
    kinds: &mut BTreeMap<&'d str, (&'static str, usize)>,
) -> Option<Rule> {
    let members = item.members()?;
    let values = all_of(members.iter().map(|member| {
        check_column(member)?;
        let value = read_value(member)?;
        let here = kind(member.node());
        let (first, line) = *kinds.entry(member.key()).or_insert((here, member.line()));
        if first != here {
            let message = format!("`{}` is {here} here, but {first} in line {line}", member.key());
            member.problem(message, Some("a column has one kind of value".to_owned()));
        }
        Some((member.key().to_owned(), value))
    }))?;
    Some(values.into_iter().collect())
}

fn check_column(member: &Value<'_>) -> Option<()> {
    let fits = member.key().parse::<Name>().is_ok_and(|name| !name.as_str().contains('-'));
    if !fits {
        let hint = "use lower-case letters, digits and `_`".to_owned();
        member.problem(format!("`{}` cannot name a column", member.key()), Some(hint));
    }
    fits.then_some(())
}

fn read_value(member: &Value<'_>) -> Option<PolicyValue> {
    match member.node() {
        DeValue::String(text) => Some(PolicyValue::Text(text.to_string())),
        DeValue::Boolean(flag) => Some(PolicyValue::Boolean(*flag)),
        DeValue::Integer(integer) => {
            let whole = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
            if whole.is_none() {
                member.problem(format!("`{}` is too large: {integer}", member.key()), None);
            }
            whole.map(PolicyValue::Integer)
        }
        DeValue::Float(_) => {
            member.number("a finite number", f64::is_finite).map(PolicyValue::Number)
        }
        DeValue::Datetime(stated) => {
            let date = iso_date(stated);
            if date.is_none() {
                member.problem(format!("`{}` must be a date without a time", member.key()), None);
            }
            date.map(PolicyValue::Date)
        }
        DeValue::Array(_) | DeValue::Table(_) => {
            member.wrong_kind("text, a number, a date, or true or false");
            None
        }
    }
}
