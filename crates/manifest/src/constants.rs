//! `[constants]` of a source file: a field with the same value for every record.

use milaan_model::field::{self, Arg, Roles, SemanticField, Sensitivity};
use toml::de::DeValue;

use crate::columns::{self, Declared};
use crate::pipeline::Column;
use crate::table::Table;
use crate::value::{Value, all_of, iso_date};

/// Reads `[constants]`; absent: none.
pub(crate) fn read(root: &Table<'_>, declared: Option<&Declared>) -> Option<Vec<Column>> {
    let Some(value) = root.get("constants") else {
        return Some(Vec::new());
    };
    let constants = value.members()?;
    all_of(constants.iter().map(|constant| read_constant(constant, declared)))
}

fn read_constant(constant: &Value<'_>, declared: Option<&Declared>) -> Option<Column> {
    let (field, role) = find(constant)?;
    if field.class == Sensitivity::Secret {
        constant.problem(format!("the secret field `{}` cannot be a constant", field.name), None);
        return None;
    }
    let text = as_text(constant)?;
    let is_date = matches!(constant.node(), DeValue::Datetime(_));
    let column = Column {
        header: String::new(),
        constant: Some(text),
        field,
        role,
        scheme: None,
        pattern: None,
        layout: (is_date && columns::takes(field, Arg::Layout)).then(|| "ymd".to_owned()),
        position: constant.position(),
    };
    if let Some((line, header)) = declared.and_then(|known| known.bases.get(&column.base())) {
        let message =
            format!("the constant `{}` is also column `{header}` (line {line})", constant.key());
        constant.problem(message, Some("take one of them away".to_owned()));
    }
    Some(column)
}

/// The field a constant names: a field without a role, or a fixed role (`district`).
fn find(constant: &Value<'_>) -> Option<(&'static SemanticField, Option<String>)> {
    let name = constant.key();
    let by_role = |field: &&&'static SemanticField| matches!(field.roles, Roles::OneOf(known) if known.contains(&name));
    if let Some(field) = field::FIELDS.iter().find(by_role) {
        return Some((field, Some(name.to_owned())));
    }
    let field = columns::find_field(constant, name)?;
    match field.roles {
        Roles::Optional => Some((field, None)),
        Roles::Required => {
            constant
                .problem(format!("the field `{name}` needs a role and cannot be a constant"), None);
            None
        }
        Roles::OneOf(known) => {
            let hint = format!(
                "write its role as the key: {}",
                crate::suggest::listed(known.iter().copied())
            );
            constant.problem(format!("the field `{name}` needs a role"), Some(hint));
            None
        }
    }
}

fn as_text(constant: &Value<'_>) -> Option<String> {
    match constant.node() {
        DeValue::String(_) => constant.text(),
        DeValue::Integer(integer) => Some(integer.to_string()),
        DeValue::Float(float) => Some(float.to_string()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        DeValue::Datetime(stated) => {
            let date = iso_date(stated);
            if date.is_none() {
                constant
                    .problem(format!("`{}` must be a date without a time", constant.key()), None);
            }
            date
        }
        DeValue::Array(_) | DeValue::Table(_) => {
            constant.wrong_kind("text, a number, a date, or true or false");
            None
        }
    }
}
