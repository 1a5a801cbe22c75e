//! The weights of a match model: m and u of every level, and of no other.

use std::collections::BTreeMap;

use milaan_model::Weights;
use milaan_model::matching::LevelWeight;

use crate::diagnostic::Problems;
use crate::files::TextFile;
use crate::matching::Outline;
use crate::second_weights;
use crate::suggest;
use crate::table::{Document, Table};
use crate::value::{Value, all_of};

const KEYS: &[&str] = &["model", "expected_found", "levels", "second"];

/// How far the shares of a comparison may be from 1 together: they are written rounded.
const SUM_TOLERANCE: f64 = 0.02;

type LevelWeights = BTreeMap<String, LevelWeight>;

/// Reads the weights of the model `model`.
pub(crate) fn read(
    file: &TextFile,
    model: &str,
    outline: &Outline,
    problems: &Problems,
) -> Option<Weights> {
    Document::read(&file.path, &file.text, problems, KEYS, |root| read_root(root, model, outline))
}

fn read_root(root: &Table<'_>, model: &str, outline: &Outline) -> Option<Weights> {
    let stated = root.need("model").and_then(|value| {
        let name = value.name()?;
        if name.as_str() != model {
            value.problem(format!("these are weights of `{name}`, not of `{model}`"), None);
        }
        Some(name)
    });
    let expected_found = root.need("expected_found").and_then(|value| {
        value.number("above 0 and at most 100", |rows| rows > 0.0 && rows <= 100.0)
    });
    let members = root.need_members("levels");
    let levels = members.and_then(|members| {
        for name in outline.levels.keys() {
            if !members.iter().any(|member| member.key() == name) {
                let line_of = root.get("levels");
                missing(line_of.as_ref(), &format!("the comparison `{name}` has no weights"));
            }
        }
        all_of(
            members
                .iter()
                .map(|member| Some((member.key().to_owned(), read_comparison(member, outline)?))),
        )
    });
    let second = root.get("second").map(|_| second_weights::read(root, outline));
    Some(Weights {
        model: stated?,
        expected_found: expected_found?,
        levels: levels?.into_iter().collect(),
        second: match second {
            Some(second) => Some(second?),
            None => None,
        },
    })
}

fn read_comparison(member: &Value<'_>, outline: &Outline) -> Option<LevelWeights> {
    let Some(levels) = outline.levels.get(member.key()) else {
        if outline.complete {
            let hint = suggest::among(member.key(), outline.levels.keys().map(String::as_str));
            member.problem(format!("the model has no comparison `{}`", member.key()), Some(hint));
        }
        return None;
    };
    let stated = member.members()?;
    for level in levels {
        if !stated.iter().any(|value| value.key() == level) {
            missing(
                Some(member),
                &format!("the level `{level}` of `{}` has no weight", member.key()),
            );
        }
    }
    let weights = all_of(stated.iter().map(|value| {
        if !levels.iter().any(|level| level == value.key()) {
            let hint = suggest::among(value.key(), levels.iter().map(String::as_str));
            let message = format!("`{}` has no level `{}`", member.key(), value.key());
            value.problem(message, Some(hint));
            return None;
        }
        Some((value.key().to_owned(), read_weight(value)?))
    }))?;
    let complete = weights.len() == levels.len();
    if complete {
        check_sum(member, "m", weights.iter().map(|(_, weight)| weight.m).sum());
        check_sum(member, "u", weights.iter().map(|(_, weight)| weight.u).sum());
    }
    Some(weights.into_iter().collect())
}

fn read_weight(value: &Value<'_>) -> Option<LevelWeight> {
    let table = value.table(format!("level `{}`", value.key()), &["m", "u"])?;
    let share = |key| {
        let stated = table.need(key)?;
        stated.number("above 0 and at most 1", |share| share > 0.0 && share <= 1.0)
    };
    let (m, u) = (share("m"), share("u"));
    Some(LevelWeight { m: m?, u: u? })
}

fn check_sum(member: &Value<'_>, key: &str, sum: f64) {
    if (sum - 1.0).abs() > SUM_TOLERANCE {
        let message = format!("the {key} of `{}` add up to {sum:.4}, not 1", member.key());
        member.problem(message, None);
    }
}

fn missing(at: Option<&Value<'_>>, message: &str) {
    if let Some(value) = at {
        value.problem(message.to_owned(), Some("`milaan train` writes the weights".to_owned()));
    }
}
