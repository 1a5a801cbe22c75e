//! Classes fitted to weighed pairs: one person, a person who moved, members of one household, strangers.
//!
//! A class has a number of pairs and, for each comparison, the shares of its levels. Strangers are held: their number is that of
//! all pairs of a record and a registry row, their shares are how often the registry has what was agreed on. The two other
//! classes are fitted, so that the shares are those among pairs that were kept: what counts is how many pairs of each class
//! look like this one.

use std::f64::consts::LN_2;
use std::ops::Range;

use super::customs::Customs;
use super::kept::Keeping;
use super::pins::Pins;
use super::rivals::Rivals;
use crate::pooled::{at_least, in_order, seldom};

/// A level of a comparison; 0 is null.
pub(super) type Code = u8;

/// Pairs to be told apart.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// Comparisons.
    pub(super) width: usize,
    /// Codes, `width` a pair.
    pub(super) codes: Vec<Code>,
    /// For each code that is not null the natural logarithm of its chance among strangers, `width` a pair.
    pub(super) ln_u: Vec<f32>,
}

impl Observed {
    fn pairs(&self) -> usize {
        self.codes.len() / self.width.max(1)
    }

    pub(super) fn codes(&self, pair: usize) -> &[Code] {
        &self.codes[pair * self.width..(pair + 1) * self.width]
    }

    pub(super) fn ln_u(&self, pair: usize) -> &[f32] {
        &self.ln_u[pair * self.width..(pair + 1) * self.width]
    }
}

/// A class before it is fitted: `pseudo[comparison][code]` pairs are added to each level.
#[derive(Debug, Clone)]
pub(super) struct Prior {
    pub(super) pseudo: Vec<Vec<f64>>,
    /// Pairs expected of it, and how many records that opinion is worth.
    pub(super) per_record: f64,
    pub(super) worth: f64,
    /// What of each comparison is not fitted.
    pub(super) held: Vec<Held>,
    /// Codes of names that are unlike, null first, by comparison: of one person they are seldom. Nothing where that is not said.
    pub(super) unlike: Vec<Vec<bool>>,
}

/// How a comparison's shares are kept from what no person's records look like.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Any,
    /// No level's share, in all its variants, is too small a part of this one among strangers.
    Bounded(Vec<f64>),
    /// The same; and the levels are in order.
    Ordered(Vec<f64>),
}

impl Shape {
    fn apply(&self, shares: &mut [f64]) {
        let (u, ordered) = match self {
            Self::Any => return,
            Self::Bounded(u) => (u, false),
            Self::Ordered(u) => (u, true),
        };
        let variants = (shares.len() - 1) / u.len().max(1);
        let before: Vec<f64> =
            shares[1..].chunks(variants).map(|level| level.iter().sum()).collect();
        let mut after = before.clone();
        if ordered {
            in_order(&mut after, u);
        }
        at_least(&mut after, u);
        let each = shares[1..].chunks_mut(variants).zip(before.iter().zip(after));
        for (level, (before, after)) in each {
            // A level of which nothing is seen has its share in each way alike.
            let even = after / level.len() as f64;
            for one in level {
                *one = if *before > 0.0 { *one * after / before } else { even };
            }
        }
    }
}

/// What of a comparison is not fitted.
#[derive(Debug, Clone)]
pub(super) enum Held {
    /// All is fitted, and then brought into shape.
    Nothing(Shape),
    /// The logarithms of its shares, by code.
    Shares(Vec<f64>),
    /// The shares of some codes; the others have what is left, in proportion to what is seen.
    Some(Vec<Option<f64>>),
}

/// No share is less.
pub(super) const LEAST_SHARE: f64 = 1e-12;

/// A fitted class.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) ln_pairs: f64,
    /// `[comparison][code]`; 0 for null.
    pub(super) ln_shares: Vec<Vec<f64>>,
}

impl Class {
    fn of(
        prior: &Prior,
        (sums, customs): (&[Vec<f64>], &Customs),
        (pairs, records): (f64, f64),
        keeping: Option<&Keeping>,
    ) -> Self {
        let shares = |at: usize| -> Vec<f64> {
            let pseudo = customs.split(at, &prior.pseudo[at]);
            let with: Vec<f64> = pseudo.iter().zip(&sums[at]).map(|(a, b)| a + b).collect();
            match &prior.held[at] {
                Held::Nothing(shape) => {
                    ln_shares(&with, shape, prior.unlike.get(at).map_or(&[], Vec::as_slice))
                }
                Held::Shares(shares) => {
                    shares.iter().zip(&customs.strangers[at]).map(|(a, b)| a + b).collect()
                }
                Held::Some(shares) => ln_shares_beside(&with, shares),
            }
        };
        let ln_shares: Vec<Vec<f64>> = (0..prior.pseudo.len()).map(shares).collect();
        let pairs = pairs / keeping.map_or(1.0, |keeping| keeping.share(&ln_shares));
        let per_record = (pairs + prior.per_record * prior.worth) / (records + prior.worth);
        Self { ln_pairs: (per_record * records).max(1e-9).ln(), ln_shares }
    }

    pub(super) fn ln(&self, codes: &[Code]) -> f64 {
        let each = self.ln_shares.iter().zip(codes);
        self.ln_pairs + each.map(|(shares, code)| shares[usize::from(*code)]).sum::<f64>()
    }
}

/// By code; 0 for null.
fn ln_shares(counts: &[f64], shape: &Shape, unlike: &[bool]) -> Vec<f64> {
    let total: f64 = counts.iter().skip(1).sum();
    let mut shares: Vec<f64> = counts.iter().map(|one| one / total).collect();
    shape.apply(&mut shares);
    if let Some((_, unlike)) = unlike.split_first() {
        seldom(&mut shares[1..], unlike);
    }
    let ln = |at: usize, share: f64| if at == 0 { 0.0 } else { share.max(LEAST_SHARE).ln() };
    shares.iter().enumerate().map(|(at, share)| ln(at, *share)).collect()
}

/// The same with some shares as given.
fn ln_shares_beside(counts: &[f64], held: &[Option<f64>]) -> Vec<f64> {
    let given: f64 = held.iter().flatten().sum();
    let free = counts.iter().zip(held).skip(1).filter(|(_, held)| held.is_none());
    let total: f64 = free.map(|(count, _)| count).sum();
    let share = |(count, held): (&f64, &Option<f64>)| -> f64 {
        held.unwrap_or((1.0 - given).max(0.0) * count / total.max(1e-12)).max(LEAST_SHARE).ln()
    };
    let mut shares: Vec<f64> = counts.iter().zip(held).map(share).collect();
    shares[0] = 0.0;
    shares
}

/// What was fitted.
#[derive(Debug, Clone)]
pub struct Fitted {
    pub(super) person: Class,
    /// One person in what does not change for who moves; else like strangers.
    pub(super) moved: Option<Class>,
    pub(super) household: Option<Class>,
    pub(super) ln_strangers: f64,
    /// In how many of strangers' pairs a level comes about in this way, as natural logarithms by comparison and code; 0 where
    /// that is not told apart.
    pub(super) ln_customs: Vec<Vec<f64>>,
    /// For each pair what its record's other pairs come to, as a natural logarithm; nothing where a record may be several rows.
    pub(super) ln_rivals: Vec<f32>,
    /// Pairs of records that could as well be several, in order, which wait for review though none of them is likely by itself.
    pub(super) torn: Vec<usize>,
    /// What reviewers decided.
    pub(super) pins: Pins,
    /// Pairs of one person expected.
    pub persons: f64,
    /// Pairs of one household expected; 0 without that class.
    pub households: f64,
    /// Rounds taken.
    pub rounds: usize,
}

/// How a pair is seen under the classes: natural logarithms of expected pairs that look like it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) person: f64,
    /// The part of `person` that did not move.
    pub(super) stayed: f64,
    pub(super) household: f64,
    pub(super) stranger: f64,
}

impl Seen {
    pub(super) fn others(self) -> f64 {
        ln_sum(self.household, self.stranger)
    }

    /// Of a person who stayed, of one who moved, and of a household, for a pair against which so much stands as its record's one
    /// person: 1 where a record may be several rows.
    fn chances(self, rivals: f64) -> [f64; 3] {
        let others = self.others();
        let all = ln_sum(self.person, others + rivals.ln());
        let person = (self.person - all).exp();
        let stayed = (self.stayed - all).exp();
        [stayed, person - stayed, (1.0 - person) * (self.household - others).exp()]
    }

    /// The odds of one person.
    fn odds(self) -> f64 {
        (self.person - self.others()).min(ODDS_MAX).exp()
    }

    /// The chance that the two are of one household and not one person.
    pub(super) fn household_chance(self) -> f64 {
        self.chances(1.0)[2]
    }
}

fn ln_sum(a: f64, b: f64) -> f64 {
    let (most, least) = if a > b { (a, b) } else { (b, a) };
    if most == f64::NEG_INFINITY { most } else { most + (least - most).exp().ln_1p() }
}

impl Fitted {
    pub(super) fn see(&self, observed: &Observed, pair: usize) -> Seen {
        let codes = observed.codes(pair);
        let customs = self.ln_customs.iter().zip(codes).map(|(one, code)| one[usize::from(*code)]);
        let strange: f64 = observed
            .ln_u(pair)
            .iter()
            .zip(customs)
            .map(|(one, custom)| f64::from(*one) + custom)
            .sum();
        let stayed = self.person.ln(codes);
        Seen {
            person: self.moved.as_ref().map_or(stayed, |class| ln_sum(stayed, class.ln(codes))),
            stayed,
            household: self.household.as_ref().map_or(f64::NEG_INFINITY, |class| class.ln(codes)),
            stranger: self.ln_strangers + strange,
        }
    }
}

impl Fitted {
    /// The odds of each pair.
    fn odds(&self, observed: &Observed) -> Vec<f64> {
        (0..observed.pairs()).map(|pair| self.see(observed, pair).odds()).collect()
    }

    /// Notes for each pair what stands against it. Pairs that reviewers left out are no rivals. Gives back the pairs of each record
    /// that has such odds by all of them and by none.
    pub(super) fn weigh_rivals(
        &mut self,
        observed: &Observed,
        rivals: &Rivals,
        wanted: f64,
    ) -> Vec<Range<usize>> {
        let mut odds = self.odds(observed);
        for (_, odds) in odds.iter_mut().enumerate().filter(|(pair, _)| self.pins.is_out(*pair)) {
            *odds = 0.0;
        }
        let torn = rivals.torn(&odds, self.persons, wanted);
        rivals.against(&mut odds, self.persons);
        self.ln_rivals = odds.into_iter().map(|rivals| rivals.ln() as f32).collect();
        torn
    }

    /// The chances of each pair's classes.
    fn chances(&self, observed: &Observed, rivals: Option<&Rivals>, chances: &mut [[f64; 3]]) {
        let Some(rivals) = rivals else {
            for (pair, chances) in chances.iter_mut().enumerate() {
                *chances = self.see(observed, pair).chances(1.0);
            }
            return;
        };
        let mut against = self.odds(observed);
        rivals.against(&mut against, self.persons);
        for (pair, chances) in chances.iter_mut().enumerate() {
            *chances = self.see(observed, pair).chances(against[pair]);
        }
    }

    /// What reviewers decided.
    pub fn pins(&self) -> &Pins {
        &self.pins
    }

    /// Bits for a pair, with what stands against it.
    pub(super) fn weight(&self, observed: &Observed, pair: usize) -> f64 {
        let seen = self.see(observed, pair);
        (seen.person - seen.others() - self.rivals(pair)) / LN_2
    }

    /// What stands against a pair as its record's one person, as a natural logarithm.
    pub(super) fn rivals(&self, pair: usize) -> f64 {
        self.ln_rivals.get(pair).copied().map_or(0.0, f64::from)
    }
}

/// Odds beyond this, as a natural logarithm, are not told apart.
const ODDS_MAX: f64 = 300.0;

const ROUNDS_MAX: usize = 100;
/// So large a share of persons moved, to begin with.
const MOVED_FIRST: f64 = 0.1;
/// The largest change of a class's number of pairs, as a share, that counts as none.
const SETTLED: f64 = 1e-5;

/// What is known of the classes before.
pub(super) struct Priors<'a> {
    pub(super) person: &'a Prior,
    /// Of a person who moved, with the comparisons in which that counts.
    pub(super) moved: Option<(&'a Prior, &'a [bool])>,
    pub(super) household: Option<&'a Prior>,
}

/// The place of households among the classes.
const HOUSEHOLD: usize = 2;

/// Pairs expected of each class, by comparison and code.
struct Sums {
    pairs: [f64; 3],
    codes: [Vec<Vec<f64>>; 3],
    /// And of strangers.
    strangers: Vec<Vec<f64>>,
}

impl Sums {
    fn of(observed: &Observed, chances: &[[f64; 3]], prior: &Prior) -> Self {
        let none = || prior.pseudo.iter().map(|codes| vec![0.0; codes.len()]).collect();
        let codes = [none(), none(), none()];
        let mut sums = Self { pairs: [0.0; 3], codes, strangers: none() };
        for (pair, chances) in chances.iter().enumerate() {
            for (class, chance) in chances.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
                sums.pairs[class] += chance;
                for (at, code) in observed.codes(pair).iter().enumerate() {
                    sums.codes[class][at][usize::from(*code)] += chance;
                }
            }
            let stranger = 1.0 - chances.iter().sum::<f64>();
            for (at, code) in observed.codes(pair).iter().enumerate() {
                sums.strangers[at][usize::from(*code)] += stranger.max(0.0);
            }
        }
        sums
    }

    /// What two classes share is counted for both.
    fn shared(&mut self, moves: &[bool]) {
        let [stayed, moved, _] = &mut self.codes;
        for (at, _) in moves.iter().enumerate().filter(|(_, moves)| !**moves) {
            for (one, other) in stayed[at].iter_mut().zip(moved[at].iter_mut()) {
                *one += *other;
                *other = *one;
            }
        }
    }
}

/// What the classes are fitted to.
pub(super) struct Lists<'a> {
    pub(super) observed: &'a Observed,
    pub(super) records: f64,
    /// Pairs of a record and a registry row.
    pub(super) strangers: f64,
    /// Which pairs are of one record, where it is one person.
    pub(super) rivals: Option<&'a Rivals>,
    /// By comparison: [`Customs::of`].
    pub(super) ways: &'a [usize],
    /// How much of a household is kept, where its shares are held.
    pub(super) keeping: Option<&'a Keeping>,
}

impl Lists<'_> {
    fn classes(
        &self,
        priors: &Priors<'_>,
        (sums, customs): (&Sums, &Customs),
        keeping: Option<&Keeping>,
    ) -> Fitted {
        let pairs = sums.pairs;
        let class = |prior: &Prior, at: usize| {
            let keeping = keeping.filter(|_| at == HOUSEHOLD);
            Class::of(prior, (&sums.codes[at], customs), (pairs[at], self.records), keeping)
        };
        Fitted {
            person: class(priors.person, 0),
            moved: priors.moved.map(|(prior, _)| class(prior, 1)),
            household: priors.household.map(|prior| class(prior, HOUSEHOLD)),
            ln_strangers: self.strangers.max(1.0).ln(),
            ln_customs: customs.strangers.clone(),
            ln_rivals: Vec::new(),
            torn: Vec::new(),
            pins: Pins::default(),
            persons: pairs[0] + pairs[1],
            households: pairs[2],
            rounds: 0,
        }
    }

    /// The chances to begin with, by what is thought of the classes before.
    fn begin(&self, priors: &Priors<'_>, customs: &Customs) -> Vec<[f64; 3]> {
        let pairs = self.observed.pairs();
        let mut sums = Sums::of(self.observed, &[], priors.person);
        let expected = |prior: &Prior| prior.per_record * self.records;
        sums.pairs = [
            expected(priors.person),
            priors.moved.map_or(0.0, |(prior, _)| expected(prior)),
            priors.household.map_or(0.0, expected),
        ];
        let mut chances = vec![[0.0; 3]; pairs];
        self.classes(priors, (&sums, customs), None).chances(
            self.observed,
            self.rivals,
            &mut chances,
        );
        chances
    }
}

/// Fits the classes. `first` says for each pair the chance to begin with that it is one person, and of one household; without it
/// what is thought of the classes before.
pub(super) fn fit(lists: &Lists<'_>, first: Option<&[(f32, f32)]>, priors: &Priors<'_>) -> Fitted {
    let observed = lists.observed;
    let mut customs = Customs::of(observed, priors.person, lists.ways);
    let begin = if priors.moved.is_some() { MOVED_FIRST } else { 0.0 };
    let split = |(one, other): &(f32, f32)| {
        let one = f64::from(*one);
        [one * (1.0 - begin), one * begin, f64::from(*other)]
    };
    let mut chances: Vec<[f64; 3]> = match first {
        Some(first) => first.iter().map(split).collect(),
        None => lists.begin(priors, &customs),
    };
    let mut rounds = 0;
    let mut before = [0.0; 3];
    loop {
        let mut sums = Sums::of(observed, &chances, priors.person);
        if let Some((_, moves)) = priors.moved {
            sums.shared(moves);
        }
        let pairs = sums.pairs;
        customs.learn(&sums.strangers);
        let fitted = Fitted { rounds, ..lists.classes(priors, (&sums, &customs), lists.keeping) };
        let moved = pairs.iter().zip(before).map(|(now, before)| (now - before).abs());
        let moved = moved.fold(0.0, f64::max);
        if rounds == ROUNDS_MAX || (rounds > 1 && moved <= SETTLED * (1.0 + fitted.persons)) {
            return fitted;
        }
        fitted.chances(observed, lists.rivals, &mut chances);
        before = pairs;
        rounds += 1;
    }
}
