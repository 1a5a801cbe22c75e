//! The part `[second]` of a weights file: the classes of the second look.

use std::collections::BTreeMap;

use milaan_model::matching::{ClassShares, SecondWeights};

use crate::matching::Outline;
use crate::suggest;
use crate::table::Table;
use crate::value::{Value, all_of};

const CLASSES: [&str; 4] = ["person", "moved", "household", "strangers"];
const KEYS: &[&str] = &["version", "learnt_from", "person", "moved", "household", "strangers"];
const VERSION: f64 = 1.0;

pub(crate) fn read(root: &Table<'_>, outline: &Outline) -> Option<SecondWeights> {
    let table = root.section("second", KEYS)?;
    let version = table.need("version")?;
    version.number("1, the version that this program writes", |number| number == VERSION)?;
    let mut second = SecondWeights {
        learnt_from: table.need("learnt_from")?.text()?,
        ..SecondWeights::default()
    };
    table.need("person")?;
    for class in CLASSES {
        let Some(stated) = table.get(class) else { continue };
        let of_class = stated.table(format!("[second.{class}]"), &["pairs", "shares"])?;
        if class != "strangers" {
            let pairs = of_class.need("pairs")?;
            let pairs = pairs.number("0 or more", |pairs| pairs >= 0.0)?;
            second.pairs.insert(class.to_owned(), pairs);
        }
        let shares = all_of(
            of_class
                .need("shares")?
                .members()?
                .iter()
                .map(|one| Some((one.key().to_owned(), of_comparison(one, outline)?))),
        );
        let shares: ClassShares = shares?.into_iter().collect();
        second.shares.insert(class.to_owned(), shares);
    }
    Some(second)
}

type Levels = BTreeMap<String, BTreeMap<String, f64>>;

fn of_comparison(member: &Value<'_>, outline: &Outline) -> Option<Levels> {
    let Some(levels) = outline.levels.get(member.key()) else {
        let hint = suggest::among(member.key(), outline.levels.keys().map(String::as_str));
        member.problem(format!("the model has no comparison `{}`", member.key()), Some(hint));
        return None;
    };
    let read = |level: &Value<'_>| {
        if !levels.iter().any(|known| known == level.key()) {
            let hint = suggest::among(level.key(), levels.iter().map(String::as_str));
            let message = format!("`{}` has no level `{}`", member.key(), level.key());
            level.problem(message, Some(hint));
            return None;
        }
        let share = |way: &Value<'_>| {
            let share = way.number("from 0 to 1", |share| (0.0..=1.0).contains(&share))?;
            Some((way.key().to_owned(), share))
        };
        let ways = all_of(level.members()?.iter().map(share))?;
        Some((level.key().to_owned(), ways.into_iter().collect()))
    };
    Some(all_of(member.members()?.iter().map(read))?.into_iter().collect())
}
