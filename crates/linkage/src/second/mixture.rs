//! Three classes fitted to weighed pairs: one person, members of one household, strangers.
//!
//! A class has a number of pairs and, for each comparison, the shares of its levels. Strangers are held: their number is that of
//! all pairs of a record and a registry row, their shares are how often the registry has what was agreed on. The two other
//! classes are fitted, so that the shares are those among pairs that were kept: what counts is how many pairs of each class
//! look like this one.

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
}

/// A fitted class.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub(super) ln_pairs: f64,
    /// `[comparison][code]`; 0 for null.
    pub(super) ln_shares: Vec<Vec<f64>>,
}

impl Class {
    fn of(prior: &Prior, sums: &[Vec<f64>], pairs: f64, records: f64) -> Self {
        let shares = |(pseudo, sums): (&Vec<f64>, &Vec<f64>)| -> Vec<f64> {
            let with: Vec<f64> = pseudo.iter().zip(sums).map(|(a, b)| a + b).collect();
            let total: f64 = with.iter().skip(1).sum();
            let share =
                |at: usize, one: f64| if at == 0 { 0.0 } else { (one / total).max(1e-12).ln() };
            with.iter().enumerate().map(|(at, one)| share(at, *one)).collect()
        };
        let per_record = (pairs + prior.per_record * prior.worth) / (records + prior.worth);
        Self {
            ln_pairs: (per_record * records).max(1e-9).ln(),
            ln_shares: prior.pseudo.iter().zip(sums).map(shares).collect(),
        }
    }

    pub(super) fn ln(&self, codes: &[Code]) -> f64 {
        let each = self.ln_shares.iter().zip(codes);
        self.ln_pairs + each.map(|(shares, code)| shares[usize::from(*code)]).sum::<f64>()
    }
}

/// What was fitted.
#[derive(Debug, Clone)]
pub struct Fitted {
    pub(super) person: Class,
    pub(super) household: Option<Class>,
    pub(super) ln_strangers: f64,
    /// For each pair what its record's other pairs come to, as a natural logarithm; nothing where a record may be several rows.
    pub(super) ln_rivals: Vec<f32>,
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
    pub(super) household: f64,
    pub(super) stranger: f64,
}

impl Seen {
    pub(super) fn others(self) -> f64 {
        ln_sum(self.household, self.stranger)
    }

    fn chances(self) -> (f64, f64) {
        let all = ln_sum(self.person, self.others());
        ((self.person - all).exp(), (self.household - all).exp())
    }

    /// The chance that the two are of one household and not one person.
    pub(super) fn household_chance(self) -> f64 {
        self.chances().1
    }
}

fn ln_sum(a: f64, b: f64) -> f64 {
    let (most, least) = if a > b { (a, b) } else { (b, a) };
    if most == f64::NEG_INFINITY { most } else { most + (least - most).exp().ln_1p() }
}

impl Fitted {
    pub(super) fn see(&self, observed: &Observed, pair: usize) -> Seen {
        let codes = observed.codes(pair);
        let strange: f64 = observed.ln_u(pair).iter().map(|one| f64::from(*one)).sum();
        Seen {
            person: self.person.ln(codes),
            household: self.household.as_ref().map_or(f64::NEG_INFINITY, |class| class.ln(codes)),
            stranger: self.ln_strangers + strange,
        }
    }
}

/// The least share of records that is taken to be of people who are not in the registry.
const ABSENT_MIN: f64 = 0.05;

impl Fitted {
    /// Notes for each pair what stands against it as its record's one person: the odds of the record's other pairs, and the
    /// share of records whose person is not there. `record_of` says which record a pair is of; they come in that order.
    pub(super) fn weigh_rivals(
        &mut self,
        observed: &Observed,
        records: f64,
        record_of: &dyn Fn(usize) -> usize,
    ) {
        let pairs = observed.codes.len() / observed.width.max(1);
        let absent = (1.0 - self.persons / records).clamp(ABSENT_MIN, 1.0);
        let odds = |pair: usize| {
            let seen = self.see(observed, pair);
            (seen.person - seen.others()).min(ODDS_MAX).exp()
        };
        let mut rivals = Vec::with_capacity(pairs);
        let mut first = 0;
        while first < pairs {
            let record = record_of(first);
            let end = (first..pairs).find(|pair| record_of(*pair) != record).unwrap_or(pairs);
            let all: Vec<f64> = (first..end).map(odds).collect();
            for at in 0..all.len() {
                let others: f64 = all[..at].iter().chain(&all[at + 1..]).sum();
                rivals.push((absent + others).ln() as f32);
            }
            first = end;
        }
        self.ln_rivals = rivals;
    }

    /// What stands against a pair as its record's one person, as a natural logarithm.
    pub(super) fn rivals(&self, pair: usize) -> f64 {
        self.ln_rivals.get(pair).copied().map_or(0.0, f64::from)
    }
}

/// Odds beyond this, as a natural logarithm, are not told apart.
const ODDS_MAX: f64 = 300.0;

const ROUNDS_MAX: usize = 100;
/// The largest change of a class's number of pairs, as a share, that counts as none.
const SETTLED: f64 = 1e-5;

/// Fits the classes. `first` says for each pair the chance to begin with that it is one person, and of one household.
pub(super) fn fit(
    observed: &Observed,
    first: &[(f32, f32)],
    (person, household): (&Prior, Option<&Prior>),
    (records, strangers): (f64, f64),
) -> Fitted {
    let empty = |prior: &Prior| -> Vec<Vec<f64>> {
        prior.pseudo.iter().map(|codes| vec![0.0; codes.len()]).collect()
    };
    let mut chances: Vec<(f64, f64)> =
        first.iter().map(|(one, other)| (f64::from(*one), f64::from(*other))).collect();
    let mut rounds = 0;
    let mut before = (0.0, 0.0);
    loop {
        let mut of_person = empty(person);
        let mut of_household = household.map(empty);
        let mut pairs = (0.0, 0.0);
        for (pair, (one, other)) in chances.iter().enumerate() {
            pairs.0 += one;
            pairs.1 += other;
            for (at, code) in observed.codes(pair).iter().enumerate() {
                of_person[at][usize::from(*code)] += one;
                if let Some(sums) = &mut of_household {
                    sums[at][usize::from(*code)] += other;
                }
            }
        }
        let class = household
            .zip(of_household)
            .map(|(prior, sums)| Class::of(prior, &sums, pairs.1, records));
        let fitted = Fitted {
            person: Class::of(person, &of_person, pairs.0, records),
            household: class,
            ln_strangers: strangers.max(1.0).ln(),
            ln_rivals: Vec::new(),
            persons: pairs.0,
            households: pairs.1,
            rounds,
        };
        let moved = (pairs.0 - before.0).abs().max((pairs.1 - before.1).abs());
        if rounds == ROUNDS_MAX || (rounds > 1 && moved <= SETTLED * (1.0 + pairs.0)) {
            return fitted;
        }
        for (pair, chance) in chances.iter_mut().enumerate() {
            *chance = fitted.see(observed, pair).chances();
        }
        before = pairs;
        rounds += 1;
    }
}
