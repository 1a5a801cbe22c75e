//! What a match model leaves out follows from the fields that the registry and a list have in common: comparisons with their
//! levels, blocking rules, bands. The rules are those that did well on lists of many kinds (docs/benchmarks.md).

use milaan_model::Name;
use milaan_model::field::{SemanticField, base_name};
use milaan_model::matching::{
    Bands, BlockingKey, BlockingRule, Comparator, Comparison, Level, LevelTest,
};

use crate::pipeline::Source;

/// Places from the smallest to the largest.
const PLACES: [&str; 6] = ["habitation", "village", "mandal", "tehsil", "district", "province"];
/// Registry rows of a block of few people (a telephone), and of many (a name in a town).
const FEW_ROWS: u64 = 50;
const MANY_ROWS: u64 = 100;

/// Accepted is what is more likely one person than not: that gives the best F1. A programme says for itself what it accepts.
pub(crate) const BANDS: Bands =
    Bands { accept_probability: 0.5, review_probability: 0.1, ambiguous_margin_bits: 1.0 };

/// The bases of canonical columns that the registry and some list both have, with their fields.
#[derive(Debug, Default)]
pub(crate) struct Common(Vec<(String, &'static str)>);

impl Common {
    /// In the registry's order. What names a record says nothing about the person.
    pub(crate) fn of(registry: &Source, sources: &[&Source]) -> Self {
        let theirs: Vec<String> =
            sources.iter().flat_map(|source| bases(source)).map(|(base, _)| base).collect();
        let ours = bases(registry).into_iter();
        Self(ours.filter(|(base, _)| theirs.contains(base)).collect())
    }

    fn with<'a>(&'a self, fields: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let found = self.0.iter().filter(|(_, field)| fields.contains(field));
        found.map(|(base, _)| base.as_str())
    }

    fn has(&self, base: &str) -> bool {
        self.0.iter().any(|(known, _)| known == base)
    }

    fn has_name_in_parts(&self) -> bool {
        self.has("given_name") && self.has("surname")
    }

    /// Place columns, from the smallest to the largest.
    fn places(&self) -> Vec<&'static str> {
        PLACES.into_iter().filter(|place| self.has(place)).collect()
    }
}

fn bases(source: &Source) -> Vec<(String, &'static str)> {
    let known = source.columns.iter().filter(|column| !source.key.contains(&column.header));
    let known = known.filter(|column| column.constant.is_none());
    let mut bases: Vec<(String, &'static SemanticField)> =
        known.map(|column| (column.base(), column.field)).collect();
    let has =
        |bases: &[(String, &SemanticField)], name: &str| bases.iter().any(|(base, _)| base == name);
    for (made, of) in
        [("person_name", "surname"), ("person_name", "given_name"), ("birth_date", "age")]
    {
        let field = milaan_model::field::FIELDS.iter().copied().find(|field| field.name == made);
        if let Some(field) = field.filter(|_| has(&bases, of) && !has(&bases, made)) {
            bases.push((base_name(field, None), field));
        }
    }
    bases.into_iter().map(|(base, field)| (base, field.name)).collect()
}

/// A comparison of each of them that says who somebody is.
pub(crate) fn comparisons(common: &Common) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    for (base, field) in &common.0 {
        let part = matches!(*field, "given_name" | "surname");
        let in_parts = common.has_name_in_parts();
        if base == "person_name" && in_parts || part && base == field && !in_parts {
            continue;
        }
        let columns = vec![base.clone()];
        comparisons.extend(comparator_of(field).and_then(|comparator| {
            let comparator = if is_initial(base) { Comparator::Name } else { comparator };
            let levels = levels(comparator, &columns);
            Some(Comparison { name: base.parse().ok()?, comparator, columns, levels })
        }));
    }
    let places: Vec<String> = common.places().into_iter().map(str::to_owned).collect();
    if !places.is_empty()
        && let Ok(name) = "place".parse()
    {
        let levels = levels(Comparator::Place, &places);
        comparisons.push(Comparison {
            name,
            comparator: Comparator::Place,
            columns: places,
            levels,
        });
    }
    beside_identity(&mut comparisons);
    comparisons
}

/// An identity number in common makes one person of nobody whose names have nothing in common: the number is somebody else's.
fn beside_identity(comparisons: &mut [Comparison]) {
    if !comparisons.iter().any(|one| one.comparator == Comparator::NationalId) {
        return;
    }
    let named = |name: &str| comparisons.iter().position(|one| one.columns == [name]);
    let name = named("person_name").or_else(|| named("given_name"));
    if let Some(last) = name.and_then(|at| comparisons[at].levels.last_mut()) {
        last.contradicts = true;
    }
}

/// A middle name is an initial in one list and whole in the other: names know that of one another, letters do not.
fn is_initial(base: &str) -> bool {
    base.split('_').any(|word| matches!(word, "middle" | "initial" | "initials"))
}

fn comparator_of(field: &str) -> Option<Comparator> {
    Some(match field {
        "person_name" | "relative_name" => Comparator::Name,
        "given_name" | "surname" | "address_line" | "text" => Comparator::JaroWinkler,
        "birth_date" => Comparator::BirthDate,
        "phone" => Comparator::Digits,
        // E-mail addresses are made of names: what is merely alike in them was said by the names.
        "postcode" | "identifier" | "ration_card" | "email" => Comparator::Levenshtein,
        "code" | "gender" => Comparator::Exact,
        "national_id" => Comparator::NationalId,
        "number" => Comparator::Numeric,
        _ => return None,
    })
}

/// Levels of at least, of at most, and of words.
fn at_least(bounds: &[(&str, f64)]) -> Vec<(String, LevelTest)> {
    bounds.iter().map(|(name, least)| ((*name).to_owned(), LevelTest::AtLeast(*least))).collect()
}

fn at_most(bounds: &[(&str, f64)]) -> Vec<(String, LevelTest)> {
    bounds.iter().map(|(name, most)| ((*name).to_owned(), LevelTest::AtMost(*most))).collect()
}

fn words(levels: &[(&str, &[&str])]) -> Vec<(String, LevelTest)> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    levels.iter().map(|(name, words)| ((*name).to_owned(), LevelTest::Is(owned(words)))).collect()
}

/// The levels of a comparison that states none.
pub(crate) fn levels(comparator: Comparator, columns: &[String]) -> Vec<Level> {
    let base = columns.first().map_or("", String::as_str);
    let is = |field: &str| base.ends_with(field);
    let tests = match comparator {
        Comparator::Exact => words(&[("equal", &["equal"])]),
        Comparator::Name if is_initial(base) => at_least(&[("same", 0.97), ("initial", 0.5)]),
        // A family name in common is no relative in common.
        Comparator::Name if is("relative_name") => {
            at_least(&[("same", 0.97), ("close", 0.85), ("partial", 0.6)])
        }
        Comparator::Name => {
            at_least(&[("same", 0.97), ("close", 0.85), ("partial", 0.55), ("weak", 0.3)])
        }
        Comparator::BirthDate => words(&[
            ("same_day", &["same_day"]),
            ("one_digit", &["one_digit"]),
            ("slip", &["day_month_swapped", "one_part_differs"]),
            ("same_year", &["same_age", "same_year"]),
            ("near_year", &["near_year"]),
            ("same_birthday", &["same_birthday"]),
        ]),
        Comparator::NationalId | Comparator::Digits => {
            words(&[("equal", &["equal"]), ("slip", &["one_digit", "swapped"])])
        }
        Comparator::Place => columns
            .iter()
            .map(|place| (place.clone(), LevelTest::Is(vec![place.clone()])))
            .collect(),
        Comparator::JaroWinkler if is("given_name") || is("surname") => {
            at_least(&[("same", 1.0), ("close", 0.92), ("near", 0.8)])
        }
        Comparator::JaroWinkler => at_least(&[("same", 0.98), ("close", 0.88)]),
        Comparator::Levenshtein if is("identifier") => {
            at_most(&[("equal", 0.0), ("one", 1.0), ("two", 2.0)])
        }
        Comparator::Levenshtein => at_most(&[("equal", 0.0), ("one", 1.0)]),
        Comparator::Numeric => at_most(&[("same", 0.0)]),
    };
    let last = ("different".to_owned(), LevelTest::Else);
    let first = tests.first().map(|(name, _)| name.clone());
    let level = |(name, test): (String, LevelTest)| {
        let identity = comparator == Comparator::NationalId && first.as_ref() == Some(&name);
        Some(Level { name: name.parse().ok()?, test, identity, contradicts: false })
    };
    tests.into_iter().chain([last]).filter_map(level).collect()
}

/// Rules that find one person's records by what is nearly one person's alone, and by a name together with whatever else there is.
pub(crate) fn blocking(common: &Common) -> Vec<BlockingRule> {
    let mut rules = Rules(Vec::new());
    for base in common.with(&["national_id", "bank_account"]) {
        rules.add(&[&format!("{base}_token")], FEW_ROWS);
    }
    for base in common.with(&["identifier", "ration_card", "email", "phone", "address_line"]) {
        rules.add(&[base], FEW_ROWS);
    }
    let named = common.has("person_name");
    let places: Vec<String> = common.places().iter().map(|place| format!("{place}_key")).collect();
    let wheres: Vec<&str> =
        common.with(&["postcode", "text"]).chain(places.iter().map(String::as_str)).collect();
    let births: Vec<String> =
        common.with(&["birth_date"]).map(|base| format!("{base}_years[]")).collect();
    common.with(&["birth_date"]).for_each(|base| rules.add(&[base], FEW_ROWS));
    if named {
        rules.add(&["person_name_key"], MANY_ROWS);
        let relatives: Vec<String> =
            common.with(&["relative_name"]).map(|base| format!("{base}_keys[]")).collect();
        let others = births.iter().chain(&relatives).map(String::as_str);
        for other in others.chain(wheres.iter().copied()).chain(common.with(&["address_line"])) {
            rules.add(&["person_name_keys[]", other], MANY_ROWS);
        }
    }
    for year in &births {
        for place in &wheres {
            rules.add(&[place, year], FEW_ROWS);
        }
    }
    rules.0
}

struct Rules(Vec<BlockingRule>);

impl Rules {
    fn add(&mut self, keys: &[&str], block_rows_max: u64) {
        let key = |written: &&str| BlockingKey {
            column: written.trim_end_matches("[]").to_owned(),
            each: written.ends_with("[]"),
        };
        let words: Vec<&str> = keys.iter().map(|key| key.trim_end_matches("[]")).collect();
        let name: Result<Name, _> = words.join("_").parse();
        let numbered = || format!("rule_{}", self.0.len() + 1).parse();
        if let Ok(name) = name.or_else(|_| numbered()) {
            let keys = keys.iter().map(key).collect();
            self.0.push(BlockingRule { name, keys, block_rows_max });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(fields: &[(&str, &'static str)]) -> Vec<(String, Comparator, usize)> {
        let common =
            Common(fields.iter().map(|(base, field)| ((*base).to_owned(), *field)).collect());
        let each = comparisons(&common).into_iter();
        each.map(|one| (one.name.to_string(), one.comparator, one.levels.len())).collect()
    }

    #[test]
    fn a_comparison_for_each_field_that_says_who() {
        let found = made(&[
            ("person_name", "person_name"),
            ("given_name", "given_name"),
            ("surname", "surname"),
            ("middle_initial_text", "text"),
            ("birth_date", "birth_date"),
            ("district", "place"),
            ("village", "place"),
            ("consent", "consent"),
        ]);
        // The whole name says nothing that its parts do not; places are one comparison, from the smallest.
        let expected = [
            ("given_name", Comparator::JaroWinkler, 4),
            ("surname", Comparator::JaroWinkler, 4),
            ("middle_initial_text", Comparator::Name, 3),
            ("birth_date", Comparator::BirthDate, 7),
            ("place", Comparator::Place, 3),
        ];
        assert_eq!(found, expected.map(|(name, kind, levels)| (name.to_owned(), kind, levels)));
        assert_eq!(made(&[("person_name", "person_name"), ("surname", "surname")]).len(), 1);
    }
}
