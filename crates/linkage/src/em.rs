//! Estimating m and u by expectation–maximisation on the counts of comparison patterns (Winkler 1988; Dempster, Laird and Rubin
//! 1977): some hundreds of rows, whatever the number of pairs.
//!
//! A pattern holds one level a comparison: 0 is the null level, which says nothing and is left out of the likelihood; levels
//! count from 1. The two classes are told apart by how much they agree: the one that agrees more is *match*.
//!
//! Invariant: the log-likelihood never falls from one round to the next; each comparison's m and u sum to 1.

/// How often a pattern of levels occurred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternCount {
    /// A level for each comparison; 0 is null.
    pub levels: Vec<u8>,
    /// Pairs with that pattern.
    pub pairs: u64,
}

/// Shares of levels: `[comparison][level - 1]`.
pub type Shares = Vec<Vec<f64>>;

/// What is estimated.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// Share of matches among the pairs.
    pub match_share: f64,
    /// m of each level.
    pub m: Shares,
    /// u of each level.
    pub u: Shares,
    /// Expected number of matching pairs.
    pub matches: f64,
    /// Log-likelihood at the end, in nats.
    pub log_likelihood: f64,
    /// Rounds taken.
    pub rounds: usize,
    /// Whether the last round moved every share by less than [`CONVERGED`].
    pub converged: bool,
}

/// What may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Free {
    /// m and the share of matches; u stays as given.
    OnlyM,
    /// m, u and the share of matches.
    Both,
}

/// The largest move of a share that counts as none.
pub const CONVERGED: f64 = 1e-6;
const ROUNDS_MAX: usize = 500;
/// Shares never reach 0, so that a level not seen is unlikely and not impossible: this many pairs are added to each level.
const PSEUDO_PAIRS: f64 = 0.5;

/// Shares of the levels among pairs, as they are: of random pairs, these are u.
pub fn shares(patterns: &[PatternCount], levels: &[usize]) -> Shares {
    let mut sums: Shares = levels.iter().map(|count| vec![PSEUDO_PAIRS; *count]).collect();
    for pattern in patterns {
        add(&mut sums, pattern, pattern.pairs as f64);
    }
    normalised(sums)
}

/// [`shares`], with each pair counted by the chance that it is no match: random pairs of a short list have matches among them.
/// `chance` is that of a match before anything is compared.
///
/// # Panics
/// If a pattern is not as long as `m` and `u`.
pub fn shares_of_others(
    patterns: &[PatternCount],
    levels: &[usize],
    (m, u): (&Shares, &Shares),
    chance: f64,
) -> Shares {
    let mut sums: Shares = levels.iter().map(|count| vec![PSEUDO_PAIRS; *count]).collect();
    for pattern in patterns {
        let (one, other) =
            (chance * likelihood(m, pattern), (1.0 - chance) * likelihood(u, pattern));
        let share = other / (one + other).max(f64::MIN_POSITIVE);
        add(&mut sums, pattern, pattern.pairs as f64 * share);
    }
    normalised(sums)
}

/// A pair that people hold for one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// A level for each comparison; 0 is null.
    pub levels: Vec<u8>,
    /// How many pairs it stands for.
    pub worth: f64,
}

/// What a labelled pair counts at most, in pairs that were not looked at: people's word is worth more than a guess, but a few of
/// their pairs shall not be all that is known.
pub const LABEL_WORTH_MAX: f64 = 20.0;

/// m as estimated from so many matching pairs, with pairs counted in that people hold for one person (semi-supervised: Winkler
/// 2002; Nigam, McCallum, Thrun and Mitchell 2000). What they stand for stays in proportion.
///
/// # Panics
/// If a pair is not as long as `m`.
pub fn with_labels(m: &Shares, matches: f64, labels: &[Labelled]) -> Shares {
    if labels.is_empty() {
        return m.clone();
    }
    let most = labels.iter().map(|one| one.worth).fold(1.0, f64::max);
    let scale = (LABEL_WORTH_MAX / most).min(1.0);
    let counted = |levels: &Vec<f64>| levels.iter().map(|share| share * matches.max(1.0)).collect();
    let mut sums: Shares = m.iter().map(counted).collect();
    for one in labels {
        let pattern = PatternCount { levels: one.levels.clone(), pairs: 0 };
        add(&mut sums, &pattern, one.worth * scale);
    }
    normalised(sums)
}

/// Brings m of each comparison's last level, *different*, to no more than its u: that two values differ speaks for nobody. It does
/// where hardly a pair differs at all, as when one value was written for everybody.
///
/// ```
/// let mut m = vec![vec![0.9, 0.1]];
/// milaan_linkage::em::different_speaks_for_nobody(&mut m, &vec![vec![0.999, 0.001]]);
/// assert!((m[0][1] - 0.001).abs() < 1e-12 && (m[0][0] - 0.999).abs() < 1e-12);
/// ```
pub fn different_speaks_for_nobody(m: &mut Shares, u: &Shares) {
    for (m, u) in m.iter_mut().zip(u) {
        let (Some((last, others)), Some(bound)) = (m.split_last_mut(), u.last()) else { continue };
        if *last <= *bound {
            continue;
        }
        let rest = (1.0 - bound) / (1.0 - *last).max(1e-12);
        *last = *bound;
        for share in others {
            *share *= rest;
        }
    }
}

/// Fits two classes to the patterns from several starts and keeps the likeliest: the start as given, and ones whose m agrees
/// more and less.
///
/// # Panics
/// If a pattern is not as long as `start_m`.
pub fn fit(patterns: &[PatternCount], start_m: &Shares, start_u: &Shares, free: Free) -> Fit {
    let starts = [(1.0, 0.1), (0.5, 0.5), (2.0, 0.02)];
    let fits = starts.map(|(sharper, match_share)| {
        let m = normalised(
            start_m.iter().map(|shares| shares.iter().map(|p| p.powf(sharper)).collect()).collect(),
        );
        climb(patterns, m, start_u.clone(), match_share, free)
    });
    let [first, second, third] = fits;
    [second, third].into_iter().fold(first, |best, next| {
        if next.log_likelihood > best.log_likelihood + 1e-9 { next } else { best }
    })
}

fn climb(patterns: &[PatternCount], m: Shares, u: Shares, match_share: f64, free: Free) -> Fit {
    let total: f64 = patterns.iter().map(|pattern| pattern.pairs as f64).sum();
    let mut fit = Fit {
        match_share,
        m,
        u,
        matches: 0.0,
        log_likelihood: f64::NEG_INFINITY,
        rounds: 0,
        converged: false,
    };
    if total == 0.0 {
        return fit;
    }
    while fit.rounds < ROUNDS_MAX && !fit.converged {
        let next = round(patterns, &fit, total, free);
        fit.converged = moved(&fit, &next) < CONVERGED;
        let rounds = fit.rounds + 1;
        let converged = fit.converged;
        fit = Fit { rounds, converged, ..next };
    }
    if agreement(&fit.m) < agreement(&fit.u) && free == Free::Both {
        std::mem::swap(&mut fit.m, &mut fit.u);
        fit.match_share = 1.0 - fit.match_share;
        fit.matches = total - fit.matches;
    }
    fit
}

fn round(patterns: &[PatternCount], fit: &Fit, total: f64, free: Free) -> Fit {
    let empty =
        || -> Shares { fit.m.iter().map(|levels| vec![PSEUDO_PAIRS; levels.len()]).collect() };
    let (mut m, mut u) = (empty(), empty());
    let (mut matches, mut log_likelihood) = (0.0, 0.0);
    for pattern in patterns {
        let pairs = pattern.pairs as f64;
        let as_match = fit.match_share * likelihood(&fit.m, pattern);
        let as_other = (1.0 - fit.match_share) * likelihood(&fit.u, pattern);
        let sum = (as_match + as_other).max(f64::MIN_POSITIVE);
        let chance = as_match / sum;
        log_likelihood += pairs * sum.ln();
        matches += pairs * chance;
        add(&mut m, pattern, pairs * chance);
        add(&mut u, pattern, pairs * (1.0 - chance));
    }
    Fit {
        match_share: (matches / total).clamp(1e-9, 1.0 - 1e-9),
        m: normalised(m),
        u: if free == Free::Both { normalised(u) } else { fit.u.clone() },
        matches,
        log_likelihood,
        rounds: 0,
        converged: false,
    }
}

fn likelihood(shares: &Shares, pattern: &PatternCount) -> f64 {
    assert_eq!(shares.len(), pattern.levels.len(), "a level for each comparison");
    shares
        .iter()
        .zip(&pattern.levels)
        .filter(|(_, level)| **level > 0)
        .map(|(levels, level)| levels[usize::from(*level) - 1])
        .product()
}

fn add(sums: &mut Shares, pattern: &PatternCount, pairs: f64) {
    for (levels, level) in sums.iter_mut().zip(&pattern.levels) {
        if *level > 0 {
            levels[usize::from(*level) - 1] += pairs;
        }
    }
}

fn normalised(mut sums: Shares) -> Shares {
    for levels in &mut sums {
        let total: f64 = levels.iter().sum();
        for share in levels.iter_mut() {
            *share /= total;
        }
    }
    sums
}

fn moved(before: &Fit, after: &Fit) -> f64 {
    let all = |fit: &Fit| -> Vec<f64> {
        fit.m.iter().chain(&fit.u).flatten().copied().chain([fit.match_share]).collect()
    };
    all(before).iter().zip(all(after)).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

/// How much a class agrees: the sum of the shares of the closest levels.
fn agreement(shares: &Shares) -> f64 {
    shares.iter().filter_map(|levels| levels.first()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Counts that planted m, u and share would give of `pairs` pairs, every combination of levels once.
    fn planted(m: &Shares, u: &Shares, match_share: f64, pairs: f64) -> Vec<PatternCount> {
        let mut patterns = vec![PatternCount { levels: Vec::new(), pairs: 0 }];
        for levels in m {
            patterns = patterns
                .iter()
                .flat_map(|pattern| {
                    (1..=levels.len() as u8).map(|level| PatternCount {
                        levels: [pattern.levels.clone(), vec![level]].concat(),
                        pairs: 0,
                    })
                })
                .collect();
        }
        for pattern in &mut patterns {
            let chance =
                match_share * likelihood(m, pattern) + (1.0 - match_share) * likelihood(u, pattern);
            pattern.pairs = (pairs * chance).round() as u64;
        }
        patterns
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn planted_shares_are_recovered(
            high in prop::collection::vec(0.7_f64..0.97, 4),
            low in prop::collection::vec(0.01_f64..0.2, 4),
            match_share in 0.05_f64..0.6,
        ) {
            let two = |p: &f64| vec![*p, 1.0 - p];
            let (m, u): (Shares, Shares) = (high.iter().map(two).collect(), low.iter().map(two).collect());
            let patterns = planted(&m, &u, match_share, 2e7);
            let start_m = vec![vec![0.8, 0.2]; 4];
            let start_u = vec![vec![0.1, 0.9]; 4];
            let fit = fit(&patterns, &start_m, &start_u, Free::Both);
            prop_assert!((fit.match_share - match_share).abs() < 0.01, "{fit:?}");
            for (found, wanted) in fit.m.iter().zip(&m).chain(fit.u.iter().zip(&u)) {
                prop_assert!((found[0] - wanted[0]).abs() < 0.02, "{found:?} {wanted:?}");
            }
        }

        #[test]
        fn likelihood_never_falls(counts in prop::collection::vec(0_u64..1000, 12)) {
            let patterns: Vec<PatternCount> = counts
                .iter()
                .enumerate()
                .map(|(at, pairs)| PatternCount { levels: vec![(at % 3) as u8, (at / 3) as u8 % 4], pairs: *pairs })
                .collect();
            let total: f64 = counts.iter().map(|pairs| *pairs as f64).sum();
            prop_assume!(total > 0.0);
            let mut fit = climb(&patterns, vec![vec![0.8, 0.2], vec![0.6, 0.3, 0.1]],
                vec![vec![0.3, 0.7], vec![0.1, 0.2, 0.7]], 0.3, Free::OnlyM);
            fit.log_likelihood = f64::NEG_INFINITY;
            for _ in 0..20 {
                let next = round(&patterns, &fit, total, Free::Both);
                // The added half pairs make it a posterior: it may fall by their weight, never by more.
                prop_assert!(next.log_likelihood >= fit.log_likelihood - 5.0);
                fit = next;
            }
        }
    }

    #[test]
    fn matches_among_random_pairs_are_no_strangers() {
        let (m, u) = (vec![vec![0.9, 0.1]; 3], vec![vec![0.01, 0.99]; 3]);
        let patterns = planted(&m, &u, 0.001, 1e7);
        let with = shares(&patterns, &[2, 2, 2]);
        let without = shares_of_others(&patterns, &[2, 2, 2], (&m, &with), 0.001);
        assert!((with[0][0] - 0.01089).abs() < 1e-5, "{with:?}");
        assert!((without[0][0] - 0.01).abs() < 1e-4, "{without:?}");
    }

    /// By hand: 100 pairs at 0.8 and 0.2, then one that stands for 40 (it counts 20) and one for 20 (it counts 10) that differ.
    #[test]
    fn labels_count_as_pairs() {
        let m = vec![vec![0.8, 0.2], vec![0.5, 0.5]];
        let label = |levels: [u8; 2], worth| Labelled { levels: levels.to_vec(), worth };
        let found = with_labels(&m, 100.0, &[label([2, 0], 40.0), label([2, 1], 20.0)]);
        assert!((found[0][0] - 80.0 / 130.0).abs() < 1e-12, "{found:?}");
        assert!((found[1][0] - 60.0 / 110.0).abs() < 1e-12, "null says nothing: {found:?}");
        assert_eq!(with_labels(&m, 100.0, &[]), m);
    }

    #[test]
    fn null_levels_say_nothing() {
        let patterns = [
            PatternCount { levels: vec![1, 0], pairs: 30 },
            PatternCount { levels: vec![2, 0], pairs: 70 },
        ];
        let found = shares(&patterns, &[2, 2]);
        assert!((found[0][0] - 30.5 / 101.0).abs() < 1e-12);
        assert!((found[1][0] - 0.5).abs() < 1e-12);
    }
}
