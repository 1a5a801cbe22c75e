//! What share of a class's pairs the candidates operator keeps.
//!
//! Pairs below a weight are not kept, so of a class that mostly weighs less, as members of one household do who share no name
//! and no birth date, a few pairs are seen and the rest is not. Counted by those seen the class vanishes, and with it the
//! namesakes among its members, who are then taken for one person with another birth date. So its pairs are those seen by the
//! share of it that is kept (expectation–maximisation on a truncated sample: Dempster, Laird and Rubin 1977, section 4.2).

use milaan_model::matching::{Comparison, MatchModel, Weights, bits_of_probability};

use super::coding::Coding;
use super::mixture::Observed;
use crate::sql::kept_below_review_bits;

/// Weights are told apart as far as this, in bits.
const STEP_BITS: f64 = 0.25;
/// Steps of weights to either side of nothing; what is beyond counts there.
const STEPS: i64 = 320;
/// No class is seen in less than this share of its pairs.
const KEPT_MIN: f64 = 1e-4;

/// How the operator weighs, and from what weight on it keeps.
#[derive(Debug)]
pub(super) struct Keeping {
    /// Steps by comparison and code.
    steps: Vec<Vec<i64>>,
    /// The share of nulls by comparison.
    nulls: Vec<f64>,
    prior: i64,
    least: i64,
}

impl Keeping {
    /// By the weights file's weights, for a registry of so many rows.
    pub(super) fn of(
        (model, weights): (&MatchModel, &Weights),
        codings: &[Coding],
        registry_rows: u64,
    ) -> Self {
        let steps = |(comparison, coding): (&Comparison, &Coding)| {
            let each = comparison.levels.iter().flat_map(|level| {
                let bits = weights.bits(comparison.name.as_str(), level.name.as_str());
                std::iter::repeat_n(in_steps(bits.unwrap_or(0.0)), coding.variants)
            });
            std::iter::once(0).chain(each).collect()
        };
        let review = bits_of_probability(model.bands.review_probability);
        Self {
            steps: model.comparisons.iter().zip(codings).map(steps).collect(),
            nulls: vec![0.0; codings.len()],
            prior: in_steps(weights.prior_bits(registry_rows)),
            least: in_steps(review - kept_below_review_bits(model)),
        }
    }

    /// Cells are as often empty as among these pairs.
    pub(super) fn seen(mut self, observed: &Observed) -> Self {
        let (mut pairs, mut nulls) = (0.0_f64, vec![0.0; self.nulls.len()]);
        for codes in observed.codes.chunks(observed.width.max(1)) {
            pairs += 1.0;
            for (nulls, code) in nulls.iter_mut().zip(codes) {
                *nulls += f64::from(u8::from(*code == 0));
            }
        }
        self.nulls = nulls.into_iter().map(|nulls| nulls / pairs.max(1.0)).collect();
        self
    }

    /// The share of a class that is kept, by the logarithms of its shares.
    pub(super) fn share(&self, ln_shares: &[Vec<f64>]) -> f64 {
        let place = |steps: i64| (steps.clamp(-STEPS, STEPS) + STEPS) as usize;
        let mut weights = vec![0.0; 2 * STEPS as usize + 1];
        weights[place(self.prior)] = 1.0;
        for ((ln_shares, steps), null) in ln_shares.iter().zip(&self.steps).zip(&self.nulls) {
            let mut sums = vec![0.0; weights.len()];
            let reached = weights.iter().enumerate().filter(|(_, share)| **share > 0.0);
            for (at, share) in reached {
                let weight = at as i64 - STEPS;
                sums[at] += share * null;
                for (ln_share, step) in ln_shares.iter().zip(steps).skip(1) {
                    sums[place(weight + step)] += share * (1.0 - null) * ln_share.exp();
                }
            }
            weights = sums;
        }
        weights[place(self.least)..].iter().sum::<f64>().clamp(KEPT_MIN, 1.0)
    }
}

fn in_steps(bits: f64) -> i64 {
    (bits / STEP_BITS).round() as i64
}

#[cfg(test)]
mod tests {
    use super::super::mixture::{self, Held, Lists, Prior, Priors, Shape};
    use super::*;

    /// Shares of the closest level, of given name, birth date and surname.
    const PERSON: [f64; 3] = [0.9, 0.98, 0.95];
    const HOUSEHOLD: [f64; 3] = [0.02, 0.01, 0.9];
    const STRANGERS: [f64; 3] = [0.01, 0.0001, 0.003];
    const RECORDS: f64 = 10_000.0;

    fn share(class: &[f64; 3], at: usize, code: u8) -> f64 {
        if code == 1 { class[at] } else { 1.0 - class[at] }
    }

    fn keeping() -> Keeping {
        let bits = |at, code| (share(&PERSON, at, code) / share(&STRANGERS, at, code)).log2();
        let steps = |at| vec![0, in_steps(bits(at, 1)), in_steps(bits(at, 2))];
        let steps = (0..3).map(steps).collect();
        Keeping { steps, nulls: vec![0.0; 3], prior: in_steps(-17.0), least: in_steps(-9.0) }
    }

    fn ln(class: &[f64; 3]) -> Vec<Vec<f64>> {
        (0..3).map(|at| vec![0.0, class[at].ln(), (1.0 - class[at]).ln()]).collect()
    }

    #[test]
    fn who_shares_nothing_of_his_own_is_not_kept() {
        let keeping = keeping();
        assert!(keeping.share(&ln(&PERSON)) > 0.99);
        let household = keeping.share(&ln(&HOUSEHOLD));
        assert!((0.02..0.04).contains(&household), "{household}");
    }

    /// 300 pairs of one person and 20,000 of one household, as far as they are kept.
    fn observed() -> Observed {
        let keeping = keeping();
        let mut seen = Observed { width: 3, ..Observed::default() };
        for codes in (0..8_u8).map(|bits| [1 + (bits & 1), 1 + (bits >> 1 & 1), 1 + (bits >> 2)]) {
            let each = || codes.into_iter().enumerate();
            let weight: i64 = each().map(|(at, code)| keeping.steps[at][usize::from(code)]).sum();
            let of = |class| each().map(|(at, code)| share(class, at, code)).product::<f64>();
            let strangers = RECORDS * RECORDS / 2.0 * of(&STRANGERS);
            let pairs = 300.0 * of(&PERSON) + 20_000.0 * of(&HOUSEHOLD) + strangers;
            if weight + keeping.prior >= keeping.least {
                for _ in 0..pairs.round() as usize {
                    seen.codes.extend(codes);
                    let ln_u = each().map(|(at, code)| share(&STRANGERS, at, code).ln() as f32);
                    seen.ln_u.extend(ln_u);
                }
            }
        }
        seen
    }

    fn persons(keeping: Option<&Keeping>) -> f64 {
        let pseudo = |class: &[f64; 3]| -> Vec<Vec<f64>> {
            class.iter().map(|one| vec![0.0, 30.0 * one, 30.0 * (1.0 - one)]).collect()
        };
        let prior = |class, held, per_record| Prior {
            pseudo: pseudo(class),
            per_record,
            worth: 20.0,
            held,
            unlike: Vec::new(),
        };
        let free = || Held::Nothing(Shape::Any);
        let own = |at: usize| Held::Shares(ln(&HOUSEHOLD)[at].clone());
        let person = prior(&PERSON, vec![free(), free(), free()], 0.03);
        let household = prior(&HOUSEHOLD, vec![own(0), own(1), free()], 1.0);
        let lists = Lists {
            observed: &observed(),
            records: RECORDS,
            strangers: RECORDS * RECORDS / 2.0,
            rivals: None,
            ways: &[1; 3],
            keeping,
        };
        let priors = Priors { person: &person, moved: None, household: Some(&household) };
        mixture::fit(&lists, None, &priors).persons
    }

    #[test]
    fn namesakes_of_a_household_are_not_one_person() {
        let found = persons(Some(&keeping()));
        assert!((found - 300.0).abs() < 30.0, "{found}");
        let counted_as_seen = persons(None);
        assert!(counted_as_seen > 400.0, "{counted_as_seen}");
    }
}
