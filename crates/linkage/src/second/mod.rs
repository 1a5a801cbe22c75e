//! The second look: pairs that the candidates operator kept are weighed again, with what it could not know.
//!
//! * **How common a value is.** Agreement on a value weighs by the registry rows that have it, not by the average (Winkler 1989;
//!   Newcombe 1959): a village of 800 among a million says more than one of five villages, a rare name more than a common one.
//! * **Members of one household.** They share surname, phone, card, village and relative, so that to a model of two classes they
//!   look like matches, and each shared thing counts as if it were news. Here they are a class of their own beside *one person*
//!   and *strangers*; a pair's weight is the odds of the first against the two others together. A model has that class when it
//!   says who is whose relative, or which household is whose, or where people live ([`knows_households`]). Where no relative is
//!   written, its members are held to be strangers in what is a person's own: else the class takes duplicates with errors for relatives.
//!   How many there are is counted by the share of them that the operator keeps ([`kept`]).
//! * **Names in each other's place.** A given name that is the other side's surname, and the other way about, is one slip and not
//!   two names that differ ([`ways`]).
//! * **Circumstances that go together.** A school says its village: the second of two that agree weighs by what it adds to the
//!   first ([`circumstances`]).
//! * **One person a record.** A record is one person, so the more likely another resident is, the less likely is this one; and
//!   where there is no other, all that speaks against him is that the person may not be in the registry ([`rivals`]).
//! * **Own names.** Of a name's tokens those count that neither side's relative bears too ([`own`]).
//! * **Decisions.** What reviewers decided of a pair holds, whatever it weighs ([`Pins`]).
//!
//! The shares are fitted to the pairs at hand by expectation–maximisation ([`mixture`]), with the weights file as a prior worth
//! some tens of pairs: a short list is judged by the file, a long one by itself. Same pairs, same weights: the pairs come in
//! order, and all sums are taken in that order.
//!
//! Invariant: a pair's weight is the prior and its comparisons' weights, summed, as far as rounding to 1e-4 bits lets it.

mod circumstances;
mod coding;
mod customs;
mod evidence;
mod kept;
mod mixture;
pub mod own;
mod pairs;
mod pins;
mod priors;
mod rivals;
mod tokens;
mod trained;
mod values;
mod ways;

pub use self::evidence::second_schema;
pub use self::mixture::Fitted;
pub use self::pairs::{Scope, SecondLook, Seen};
pub use self::pins::{DECISION, Decided, Pins};
pub use self::values::Counter;
pub use self::ways::expressions;

use milaan_model::matching::{Comparator, Comparison, LevelTest, MatchModel};

use crate::em::Shares;
use crate::pooled::Household;

/// The column that names the own-name level, beside the comparisons.
pub const OWN_NAME: &str = "own_name";
/// The evidence that two members of one household explain as well as one person does.
pub const HOUSEHOLD: &str = "household";

/// What a record's other pairs say against a pair, or that there are none for it.
pub const RIVALS: &str = "rivals";

/// The evidence that a person who moved is no worse a match.
pub const MOVED: &str = "moved";

/// What members of one household have in common beside what a model's `household_keys` say.
const SHARED: [&str; 5] = ["relative_name", "address_line", "postcode", "phone", "poverty_score"];
/// What is one person's alone, as far as it goes.
const OWN: [&str; 5] = ["given_name", "birth_date", "national_id", "identifier", "bank_account"];
/// So large a share of a household's pairs agrees in what is a person's own as one person's records do: twins, and the son who
/// has his father's name.
const OWN_ALIKE: f64 = 0.01;

/// Whether a model says who is whose relative, or which household is whose.
pub fn names_relatives(model: &MatchModel) -> bool {
    let relative = |one: &Comparison| one.columns.iter().any(|column| column == "relative_name");
    !model.household_keys.is_empty() || model.comparisons.iter().any(relative)
}

/// Whether a model tells members of one household from one person: it names relatives, or it compares where somebody lives or
/// is called, and something that is a person's own.
pub fn knows_households(model: &MatchModel) -> bool {
    let any = |of: &dyn Fn(&Comparison) -> bool| model.comparisons.iter().any(of);
    let lives = |one: &Comparison| {
        one.comparator == Comparator::Place || compares(one, &SHARED) || compares(one, &["text"])
    };
    names_relatives(model) || any(&lives) && any(&|one| is_own(one, model) || is_name(one))
}

/// A column is that of a field, whatever its role.
fn is_of(column: &str, field: &str) -> bool {
    column.strip_suffix(field).is_some_and(|role| role.is_empty() || role.ends_with('_'))
}

fn compares(comparison: &Comparison, fields: &[&str]) -> bool {
    comparison.columns.iter().any(|column| fields.iter().any(|field| is_of(column, field)))
}

fn is_own(comparison: &Comparison, model: &MatchModel) -> bool {
    let is_key = comparison.columns.iter().any(|column| model.household_keys.contains(column));
    compares(comparison, &OWN) && !is_key
}

/// Whether it changes for who moves: where somebody lives or is called, and what only a list's own words name.
fn moves(comparison: &Comparison, model: &MatchModel) -> bool {
    is_shared(comparison, model) || compares(comparison, &["text", "code", "number"])
}

/// A level of names that two members of a household do not reach by the surname alone.
fn is_nearly_same(test: &LevelTest) -> bool {
    matches!(test, LevelTest::AtLeast(least) if *least >= 0.8)
}

/// A level of names that relatives reach by the surname alone, or that anybody reaches.
fn is_unlike(test: &LevelTest) -> bool {
    match test {
        LevelTest::AtLeast(least) => *least < 0.5,
        test => *test == LevelTest::Else,
    }
}

/// The levels of each comparison of a person's whole or given name in which two names are unlike; of the others none.
pub fn unlike(model: &MatchModel) -> Vec<Vec<bool>> {
    let of = |one: &Comparison| -> Vec<bool> {
        let is_named = is_name(one) || compares(one, &["given_name"]);
        one.levels.iter().map(|level| is_named && is_unlike(&level.test)).collect()
    };
    model.comparisons.iter().map(of).collect()
}

fn is_name(comparison: &Comparison) -> bool {
    comparison.columns.iter().any(|column| column == "person_name")
}

/// What pairs of one household look like in a model that names no relatives, for [`crate::pooled`]: strangers in what is a
/// person's own, one person in the rest. `None` for other models.
pub fn household_of(model: &MatchModel, m: &Shares, u: &Shares) -> Option<Household> {
    if names_relatives(model) || !knows_households(model) {
        return None;
    }
    let mut household =
        Household { shares: Vec::new(), held: Vec::new(), tells: Vec::new(), moves: Vec::new() };
    for (at, comparison) in model.comparisons.iter().enumerate() {
        let (m, u) = (&m[at], &u[at]);
        let own = is_own(comparison, model);
        // Of a whole name the surname is shared: what is nearly the same is held, what is partly so is not.
        let held: Vec<bool> = comparison
            .levels
            .iter()
            .map(|level| own || is_name(comparison) && is_nearly_same(&level.test))
            .collect();
        let stays = |level: usize| u[level] + OWN_ALIKE * (m[level] - u[level]);
        let rest: f64 = (0..m.len()).filter(|level| held[*level]).map(stays).sum();
        let free: f64 = (0..m.len()).filter(|level| !held[*level]).map(|level| m[level]).sum();
        let share = |level: usize| {
            if held[level] { stays(level) } else { m[level] * (1.0 - rest) / free.max(1e-12) }
        };
        household.shares.push((0..m.len()).map(share).collect());
        household.tells.push(held.iter().any(|held| *held));
        household.held.push(held);
        household.moves.push(moves(comparison, model));
    }
    Some(household)
}

/// Whether the levels are in order, closest first: those of a number are.
pub fn is_ordered(comparison: &Comparison) -> bool {
    comparison.comparator.larger_is_closer().is_some()
}

/// The comparison whose tokens are a person's own name, if the model has one: the whole name, else, beside relatives, the given
/// name. Where given names and surnames are compared apart, the given name itself is what a household does not share.
fn own_comparison(model: &MatchModel) -> Option<usize> {
    let of = |column: &str| {
        let compares = |one: &Comparison| one.columns.iter().any(|name| name == column);
        model.comparisons.iter().position(compares)
    };
    of("person_name").or_else(|| of("given_name").filter(|_| names_relatives(model)))
}

/// Whether the second look compares own names: it then reads the lists `person_name_keys` and `relative_name_keys` of both sides.
pub fn wants_own_names(model: &MatchModel) -> bool {
    own_comparison(model).is_some() && knows_households(model)
}

/// Whether members of one household agree on this as one person does.
fn is_shared(comparison: &Comparison, model: &MatchModel) -> bool {
    let shared = |column: &String| {
        SHARED.contains(&column.as_str()) || model.household_keys.contains(column)
    };
    matches!(comparison.comparator, Comparator::Place | Comparator::Digits)
        || comparison.columns.iter().any(shared)
        || !names_relatives(model) && compares(comparison, &SHARED)
}

/// A value to be counted in the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Registry columns; rows that have the same in all of them are counted together.
    pub columns: Vec<String>,
    /// A condition over `l` and `r`: the two agree on them.
    pub agree: String,
    /// The list's value is counted too, and the larger count taken: names are written in many ways.
    pub either_side: bool,
}

/// No value to be counted, among the numbers of values.
const NO_VALUE: u32 = u32::MAX;

/// What of the registry's values is counted.
#[derive(Debug, Clone)]
pub struct Counting {
    /// For each comparison, most exact first: the first that agrees gives the frequency. One more, where the model compares a
    /// whole name and a place: how many of the smallest place have the name. Then for each two [`circumstances`] one, the other,
    /// and both.
    pub ways: Vec<Vec<Counted>>,
    /// The comparisons of a whole name and a place.
    together: Option<(usize, usize)>,
    circumstances: Vec<circumstances::Two>,
}

impl Counting {
    /// Of a model; `has` says which text columns the registry has.
    pub fn of(model: &MatchModel, has: &dyn Fn(&str) -> bool) -> Self {
        let each = model.comparisons.iter().map(|comparison| counted_of(comparison, has));
        let mut ways: Vec<Vec<Counted>> = each.collect();
        let mut both = None;
        if let Some((name, place)) = together(model)
            && let ([name_way, ..], [place_way, ..]) = (&ways[name][..], &ways[place][..])
        {
            let columns = name_way.columns.iter().chain(&place_way.columns).cloned().collect();
            let agree = place_way.agree.clone();
            ways.push(vec![Counted { columns, agree, either_side: true }]);
            both = Some((name, place));
        }
        let circumstances = circumstances::pairs_of(model, has);
        ways.extend(circumstances.iter().map(|two| circumstances::counted(model, *two)));
        Self { ways, together: both, circumstances }
    }

    /// The ways of counting the first circumstance, the second, and both, for each two.
    fn of_circumstances(&self) -> &[Vec<Counted>] {
        &self.ways[self.first_of_circumstances()..]
    }

    fn first_of_circumstances(&self) -> usize {
        self.ways.len() - self.circumstances.len()
    }
}

/// The comparisons of a person's whole name and of a place.
fn together(model: &MatchModel) -> Option<(usize, usize)> {
    let of = |fits: &dyn Fn(&Comparison) -> bool| model.comparisons.iter().position(fits);
    Some((of(&is_name)?, of(&|one| one.comparator == Comparator::Place)?))
}

fn counted_of(comparison: &Comparison, has: &dyn Fn(&str) -> bool) -> Vec<Counted> {
    let base = comparison.columns.first().map_or("", String::as_str);
    let equal = |column: &str| format!("l.\"{column}\" = r.\"{column}\"");
    let one = |column: String, also: &str, either_side| {
        let agree = format!("{}{also}", equal(&column));
        vec![Counted { columns: vec![column], agree, either_side }]
    };
    match comparison.comparator {
        Comparator::Exact
        | Comparator::Digits
        | Comparator::JaroWinkler
        | Comparator::Levenshtein => {
            if has(base) {
                one(base.to_owned(), "", false)
            } else {
                Vec::new()
            }
        }
        Comparator::Name => {
            let key = format!("{base}_key");
            let column = if has(&key) { key } else { base.to_owned() };
            let mut counted = one(column, "", true);
            // Names that are the same though not their keys: what the level says is asked, not the keys.
            "true".clone_into(&mut counted[0].agree);
            counted
        }
        Comparator::BirthDate => one(
            base.to_owned(),
            &format!(" AND l.\"{base}_precision\" = 'day' AND r.\"{base}_precision\" = 'day'"),
            false,
        ),
        Comparator::Place => {
            let keys: Vec<String> =
                comparison.columns.iter().map(|column| format!("{column}_key")).collect();
            (0..keys.len())
                .map(|at| {
                    let mut agree = equal(&keys[at]);
                    let mut columns = vec![keys[at].clone()];
                    if let Some(larger) = keys.get(at + 1) {
                        agree.push_str(&format!(" AND coalesce({}, true)", equal(larger)));
                        columns.push(larger.clone());
                    }
                    Counted { columns, agree, either_side: false }
                })
                .collect()
        }
        Comparator::NationalId | Comparator::Numeric => Vec::new(),
    }
}

/// Whether a frequency stands for this level: names and texts have one for their closest level alone.
fn takes_frequency(comparison: &Comparison, level: usize) -> bool {
    match comparison.comparator {
        Comparator::Place => level + 1 < comparison.levels.len(),
        Comparator::Numeric => false,
        Comparator::NationalId => comparison.levels[level].identity,
        Comparator::Levenshtein => comparison.levels[level].test == LevelTest::AtMost(0.0),
        _ => level == 0,
    }
}
