//! What is thought of the classes before any pair is seen: by the weights file, and by what a model compares.

use milaan_model::matching::{Comparison, Level, MatchModel, Weights};

use super::mixture::{Held, Prior, Priors, Shape};
use super::own::OwnName;
use super::{
    OWN_ALIKE, is_nearly_same, is_ordered, is_own, is_shared, knows_households, moves,
    names_relatives, own_comparison, unlike, wants_own_names, ways,
};

/// What the weights file says is worth this many pairs of each class.
const FILE_WORTH_PAIRS: f64 = 30.0;
/// And what it says of how many there are this many records.
const FILE_WORTH_RECORDS: f64 = 20.0;
/// Relatives in the registry that a record is expected to be compared with, before anything is known.
const RELATIVES: f64 = 1.0;

/// And so large a share of the pairs of one person with somebody who moved.
const MOVED_SHARE: f64 = 0.1;

/// The priors of a model's classes.
#[derive(Debug)]
pub(super) struct ModelPriors {
    /// m and u of each level, by comparison.
    pub(super) shares: Vec<Vec<(f64, f64)>>,
    person: Prior,
    /// Of who moved, and the comparisons in which that counts.
    moved: Option<(Prior, Vec<bool>)>,
    pub(super) household: Option<Prior>,
}

impl ModelPriors {
    pub(super) fn of(model: &MatchModel, weights: &Weights, same_records: bool) -> Self {
        // Of a list that is the registry each pair counts for two records.
        let per_record = weights.expected_found / if same_records { 2.0 } else { 1.0 };
        let own = own_comparison(model).filter(|_| wants_own_names(model));
        let free = names_relatives(model);
        let knows = knows_households(model);
        let prior = |per_record| Prior {
            pseudo: Vec::new(),
            held: Vec::new(),
            unlike: Vec::new(),
            per_record,
            worth: FILE_WORTH_RECORDS,
        };
        let (mut person, mut household) = (prior(per_record), prior(RELATIVES));
        let mut moved = prior(per_record * MOVED_SHARE);
        let (mut all, mut all_move) = (Vec::new(), Vec::new());
        let unlike = unlike(model);
        for (at, comparison) in model.comparisons.iter().enumerate() {
            let shares = file_shares(comparison, weights);
            let variants = ways::count(comparison, own == Some(at));
            let u = || shares.iter().map(|(_, u)| *u);
            let between = shares
                .iter()
                .map(|(m, u)| if is_shared(comparison, model) { *m } else { (m * u).sqrt() });
            household.pseudo.push(pseudo(between, variants, &OWN_OF_RELATIVES));
            household.held.push(match own {
                _ if free => Held::Nothing(Shape::Any),
                Some(own) if own == at => Held::Some(names_in_household(comparison, &shares)),
                _ if is_own(comparison, model) => {
                    Held::Shares(strangers_in(&shares, variants, way_of(comparison, false)))
                }
                _ => Held::Nothing(Shape::Any),
            });
            person.pseudo.push(pseudo(
                shares.iter().map(|(m, _)| *m),
                variants,
                &OWN_OF_ONE_PERSON,
            ));
            person.held.push(Held::Nothing(shape(comparison, &shares, own == Some(at), free)));
            if !free {
                let way = way_of(comparison, own == Some(at));
                person.unlike.push(unlike_codes(&unlike[at], variants, way));
                moved.unlike.clone_from(&person.unlike);
            }
            let it_moves = moves(comparison, model);
            let own = || (person.pseudo[at].clone(), person.held[at].clone());
            let away = || (pseudo(u(), variants, &OWN_OF_ONE_PERSON), Held::Nothing(Shape::Any));
            let (pseudo, held) = if it_moves { away() } else { own() };
            moved.pseudo.push(pseudo);
            moved.held.push(held);
            all_move.push(it_moves);
            all.push(shares);
        }
        Self {
            shares: all,
            person,
            moved: (knows && !free).then_some((moved, all_move)),
            household: knows.then_some(household),
        }
    }

    pub(super) fn classes(&self) -> Priors<'_> {
        Priors {
            person: &self.person,
            moved: self.moved.as_ref().map(|(prior, moves)| (prior, &moves[..])),
            household: self.household.as_ref(),
        }
    }
}

/// How a person's shares are kept; `free`: not at all.
fn shape(comparison: &Comparison, shares: &[(f64, f64)], is_own: bool, free: bool) -> Shape {
    let u = || shares.iter().map(|(_, u)| *u).collect();
    match comparison {
        _ if free => Shape::Any,
        _ if is_ordered(comparison) && !is_own => Shape::Ordered(u()),
        _ => Shape::Bounded(u()),
    }
}

/// What a way says of two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Of own tokens.
    Own,
    /// Of parts in each other's place.
    Part,
    /// Nothing.
    Other,
}

fn way_of(comparison: &Comparison, is_own: bool) -> Way {
    match comparison {
        _ if is_own => Way::Own,
        _ if ways::is_part(comparison) => Way::Part,
        _ => Way::Other,
    }
}

/// [`unlike`] by code, null first; own tokens that are different are unlike at any level, names in each other's place at none.
fn unlike_codes(levels: &[bool], variants: usize, what: Way) -> Vec<bool> {
    let is_unlike = |level: bool, way: usize| match what {
        Way::Own => level || OwnName::ALL[way] == OwnName::Different,
        Way::Part => level && !ways::are_swapped(way),
        Way::Other => level,
    };
    let of_level = |one: &bool| (0..variants).map(|way| is_unlike(*one, way)).collect::<Vec<_>>();
    std::iter::once(false).chain(levels.iter().flat_map(of_level)).collect()
}

/// So many pairs of one household are a given name that is the other's surname, and the other way about.
const SWAPPED_IN_HOUSEHOLD: f64 = 1e-5;

/// Unknown, same, part, near, different: of one person's two names, and of two relatives', before anything is known.
const OWN_OF_ONE_PERSON: [f64; 5] = [0.10, 0.70, 0.10, 0.08, 0.02];
const OWN_OF_RELATIVES: [f64; 5] = [0.15, 0.05, 0.08, 0.02, 0.70];

/// Shares of the codes, null first, in which two names of one household, where no relative is written, look like one person's:
/// nearly the same, or with own tokens that are the same or a slip away. The others are fitted.
fn names_in_household(comparison: &Comparison, shares: &[(f64, f64)]) -> Vec<Option<f64>> {
    let each = comparison.levels.iter().zip(shares).flat_map(|(level, (m, u))| {
        let near = is_nearly_same(&level.test);
        OwnName::ALL.iter().zip(OWN_OF_ONE_PERSON).map(move |(own, share)| match own {
            _ if near => Some(stranger_in((*m, *u)) * share),
            OwnName::Same | OwnName::Near => Some(OWN_ALIKE / shares.len() as f64),
            _ => None,
        })
    });
    std::iter::once(Some(0.0)).chain(each).collect()
}

/// The share of a level in a household in which strangers live together.
fn stranger_in((m, u): (f64, f64)) -> f64 {
    u + OWN_ALIKE * (m - u)
}

/// Logarithms of the shares, by code, of a comparison in which members of one household are strangers. Which variant it is says
/// nothing, as among strangers; but names in each other's place are next to none of theirs.
fn strangers_in(shares: &[(f64, f64)], variants: usize, what: Way) -> Vec<f64> {
    let each = shares.iter().flat_map(|one| {
        let share = stranger_in(*one);
        (0..variants).map(move |way| match what {
            Way::Part if ways::are_swapped(way) => SWAPPED_IN_HOUSEHOLD.ln(),
            _ => share.ln(),
        })
    });
    std::iter::once(0.0).chain(each).collect()
}

/// m and u of each level, as the weights file has them.
fn file_shares(comparison: &Comparison, weights: &Weights) -> Vec<(f64, f64)> {
    let known = weights.levels.get(comparison.name.as_str());
    let of_level = |level: &Level| {
        let one = known.and_then(|levels| levels.get(level.name.as_str()));
        one.map_or((0.5, 0.5), |one| (one.m.max(1e-8), one.u.max(1e-8)))
    };
    comparison.levels.iter().map(of_level).collect()
}

fn pseudo(shares: impl Iterator<Item = f64>, variants: usize, own: &[f64; 5]) -> Vec<f64> {
    let shares: Vec<f64> = shares.collect();
    let total: f64 = shares.iter().sum();
    let split =
        |variant: usize| if variants == own.len() { own[variant] } else { 1.0 / variants as f64 };
    let each = shares.iter().flat_map(|share| {
        (0..variants).map(move |variant| FILE_WORTH_PAIRS * share / total * split(variant))
    });
    std::iter::once(0.0).chain(each).collect()
}
