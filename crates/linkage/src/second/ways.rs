//! Ways in which a level comes about, that say more than the level: how the two births were stated, whose name the relatives'
//! are, and whether given name and surname stand in each other's place. Each is an SQL expression over a pair's two sides, which the engine evaluates.

use milaan_model::matching::{Comparator, Comparison, MatchModel};

use super::own::OwnName;
use super::own_comparison;

/// Births: not told apart; both by day; an age beside a day or year, where the year that the age leaves is the year of birth, the
/// one after it, or another. Whoever counts an age by calendar years is never off by a year, whoever counts birthdays is one year
/// early until his birthday: a level that allows a year either way holds all three, and strangers by far more of the third.
const BIRTHS: usize = 5;
/// Relatives: of one kind, or not known to be of two; a parent on one side and a husband or wife on the other, who are two people.
const RELATIVES: usize = 2;
/// Parts of a name: as they stand; given name and surname in each other's place, where as they stand neither is alike.
const PARTS: usize = 2;
/// So alike is a part in the other's place, and so little in its own.
const SWAPPED_AT_LEAST: f64 = 0.92;
const STRAIGHT_BELOW: f64 = 0.8;

/// Words for the relation to a husband or wife, and to a parent, as `word_key` writes them.
const SPOUSE: [&str; 6] = ["w o", "h o", "wife", "wife of", "husband", "spouse"];
const PARENT: [&str; 8] =
    ["s o", "d o", "son", "son of", "daughter", "daughter of", "father", "mother"];

/// How many ways there are for a comparison; `is_own`: it is the one whose own tokens are compared.
pub(super) fn count(comparison: &Comparison, is_own: bool) -> usize {
    match comparison.comparator {
        _ if is_own => OwnName::ALL.len(),
        Comparator::BirthDate => BIRTHS,
        _ if is_relative(comparison) => RELATIVES,
        _ if is_part(comparison) => PARTS,
        _ => 1,
    }
}

/// Whether it compares the part of a name, letter by letter, that says whether the other is in its place.
pub(super) fn is_part(comparison: &Comparison) -> bool {
    compares_by_letters(comparison, "given_name")
}

fn compares_by_letters(comparison: &Comparison, column: &str) -> bool {
    comparison.comparator == Comparator::JaroWinkler && comparison.columns == [column]
}

/// The comparisons of the given name and of the surname, where a model has both, letter by letter.
pub(crate) fn parts_of(model: &MatchModel) -> Option<(usize, usize)> {
    let of =
        |column: &str| model.comparisons.iter().position(|one| compares_by_letters(one, column));
    Some((of("given_name")?, of("surname")?))
}

/// Whether the parts of the names stand in each other's place, by the number of the way of a part.
pub(super) fn are_swapped(way: usize) -> bool {
    way == 1
}

/// Whether the relatives are a parent and a husband or wife, by the number of the way.
pub(super) fn are_two_relatives(way: usize) -> bool {
    way == 1
}

/// Whether it compares the names of relatives.
pub(super) fn is_relative(comparison: &Comparison) -> bool {
    comparison.columns.iter().any(|column| column == "relative_name")
}

/// Whether how often strangers' levels come about in each way is read off the pairs: how births are stated and whose names are
/// asked for is the lists' custom, and nothing of the people. Where no relatives are named, what is left of two names that are
/// partly the same is read off too: strangers' words are seldom a slip away from one another.
pub(super) fn is_custom(comparison: &Comparison, is_own: bool, names_relatives: bool) -> bool {
    if is_own {
        !names_relatives
    } else {
        comparison.comparator == Comparator::BirthDate || is_relative(comparison)
    }
}

/// The names of a comparison's ways in the weights file.
pub(super) fn names(comparison: &Comparison, is_own: bool) -> &'static [&'static str] {
    match comparison.comparator {
        _ if is_own => &["unknown", "same", "part", "near", "different"],
        Comparator::BirthDate => {
            &["otherwise", "days", "age_of_the_year", "age_a_year_early", "age_off"]
        }
        _ if is_relative(comparison) => &["one_kind", "parent_and_spouse"],
        _ if is_part(comparison) => &["share", "swapped"],
        _ => &["share"],
    }
}

/// The columns of both sides, and the expressions over `l` and `r` by the name that the second look reads them under: the number
/// of the way, for each comparison that has several and is not the own names'. `has` says which columns the registry has.
pub fn expressions(
    model: &MatchModel,
    has: &dyn Fn(&str) -> bool,
) -> Vec<(String, String, Vec<String>)> {
    let own = own_comparison(model);
    let several = model.comparisons.iter().enumerate().filter(|(at, _)| own != Some(*at));
    let each = several.filter_map(|(at, comparison)| {
        let (sql, columns) = match comparison.comparator {
            Comparator::BirthDate => births(comparison.columns.first()?),
            _ if is_relative(comparison) => relatives(),
            _ if is_part(comparison) && parts_of(model).is_some() => parts(),
            _ => return None,
        };
        columns.iter().all(|column| has(column)).then_some((name(at), sql, columns))
    });
    each.collect()
}

/// The name of a comparison's expression.
pub(super) fn name(comparison: usize) -> String {
    format!("way{comparison}")
}

fn births(base: &str) -> (String, Vec<String>) {
    let columns = ["precision", "year", "latest"].map(|part| format!("{base}_{part}"));
    let [precision, year, latest] = &columns;
    let is = |side: &str, what: &str| format!("coalesce({side}.\"{precision}\" {what}, false)");
    let apart =
        |day: &str, age: &str| format!("{day}.\"{year}\" - date_part('year', {age}.\"{latest}\")");
    let by_age = |day: &str, age: &str, number: &str| {
        format!(
            "{} AND {} AND {} {number}",
            is(age, "= 'age'"),
            is(day, "<> 'age'"),
            apart(day, age)
        )
    };
    let either =
        |number: &str| format!("{} OR {}", by_age("l", "r", number), by_age("r", "l", number));
    let sql = format!(
        "CASE WHEN {} AND {} THEN 1 WHEN {} THEN 2 WHEN {} THEN 3 WHEN {} THEN 4 ELSE 0 END",
        is("l", "= 'day'"),
        is("r", "= 'day'"),
        either("= 0"),
        either("= -1"),
        either("IS NOT NULL"),
    );
    (sql, columns.to_vec())
}

fn parts() -> (String, Vec<String>) {
    let columns = ["given_name", "surname"].map(str::to_owned);
    let alike = |one: &str, other: &str| format!("jaro_winkler(l.\"{one}\", r.\"{other}\")");
    let [given, surname] = &columns;
    let sql = format!(
        "CASE WHEN {} >= {SWAPPED_AT_LEAST} AND {} >= {SWAPPED_AT_LEAST}\n\
         AND {} < {STRAIGHT_BELOW} AND {} < {STRAIGHT_BELOW} THEN 1 ELSE 0 END",
        alike(given, surname),
        alike(surname, given),
        alike(given, given),
        alike(surname, surname),
    );
    (sql, columns.to_vec())
}

fn relatives() -> (String, Vec<String>) {
    let words = |words: &[&str]| {
        words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", ")
    };
    let (spouse, parent) = (words(&SPOUSE), words(&PARENT));
    let two = |one: &str, other: &str| {
        format!("{one}.relation IN ({spouse}) AND {other}.relation IN ({parent})")
    };
    let sql = format!("CASE WHEN {} OR {} THEN 1 ELSE 0 END", two("l", "r"), two("r", "l"));
    (sql, vec!["relation".to_owned()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(column: &str, comparator: Comparator) -> Comparison {
        Comparison {
            name: column.parse().expect("a name"),
            comparator,
            columns: vec![column.to_owned()],
            levels: Vec::new(),
        }
    }

    #[test]
    fn given_name_and_surname_swap_once() {
        let given = comparison("given_name", Comparator::JaroWinkler);
        let surname = comparison("surname", Comparator::JaroWinkler);
        assert_eq!((count(&given, false), count(&surname, false)), (PARTS, 1));
        assert_eq!(count(&comparison("given_name", Comparator::Name), false), 1);
        assert_eq!(names(&given, false).len(), PARTS);
        assert!(!is_custom(&given, false, false), "strangers' share is not read off the pairs");
    }

    #[test]
    fn own_names_of_strangers_are_read_off_where_no_relatives_are_named() {
        let name = comparison("person_name", Comparator::Name);
        assert!(is_custom(&name, true, false) && !is_custom(&name, true, true));
    }
}
