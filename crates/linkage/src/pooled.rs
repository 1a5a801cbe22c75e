//! m of every level from the pairs of all blocking rules together: what one rule cannot teach, since it fixes it, the others do,
//! and none of them has an opinion of its own about what one person's records look like.
//!
//! Four classes: one person, one person who moved, one household, strangers. Who moved is one person in all but where somebody
//! lives or is called: town, street, postcode and telephone change together, and are not so many disagreements. Strangers are held at what random pairs look like. Members of one
//! household share what a household shares, and are strangers to each other in what is a person's own (given name, birth,
//! e-mail, numbers): these shares are held, so that the class cannot take a person's records that have errors in them. A class
//! that no pair needs comes out empty.
//!
//! A person's records differ in a comparison in at most [`DIFFERENT_MAX`]: without that bound two namesakes in a large block are
//! explained best by persons who agree on nothing else. No level is rarer than [`DIFFERENT_MIN`] of what it is among strangers: without that one, what hardly
//! ever differs among the pairs found never does. And of levels that are in order a closer one weighs no less ([`in_order`]).
//!
//! Invariant: the same patterns, the same result; each comparison's shares sum to 1.

use crate::em::{PatternCount, Shares};

/// The pairs of one blocking rule.
#[derive(Debug, Clone)]
pub struct Lesson<'a> {
    /// Its pairs.
    pub patterns: &'a [PatternCount],
    /// Comparisons that its keys do not fix.
    pub taught: Vec<bool>,
}

/// What pairs of one household look like before any is seen.
#[derive(Debug, Clone)]
pub struct Household {
    /// Shares of the levels.
    pub shares: Shares,
    /// Levels whose share stays.
    pub held: Vec<Vec<bool>>,
    /// Comparisons that tell its members apart: a rule that teaches none of them knows no households.
    pub tells: Vec<bool>,
    /// Comparisons of where somebody lives or is called: in these a person who moved is like a stranger.
    pub moves: Vec<bool>,
}

/// What all rules taught together.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// m of each level.
    pub m: Shares,
    /// Pairs of one person, and of one household, among those of each rule.
    pub matches: Vec<f64>,
    /// See `matches`.
    pub households: Vec<f64>,
    /// Rounds taken.
    pub rounds: usize,
    /// Whether the last round moved no share by more than [`SETTLED`].
    pub converged: bool,
}

/// The largest move of a share that counts as none.
pub const SETTLED: f64 = 1e-5;
/// A person's own records differ in a comparison, where both have it, in no larger share of pairs than this.
pub const DIFFERENT_MAX: f64 = 0.6;
/// A level of a person's records has no smaller share than this of that among strangers.
pub const DIFFERENT_MIN: f64 = 0.02;
/// Names of one person have nothing but a family name in common, or nothing, in no larger share of pairs than this.
pub const UNLIKE_MAX: f64 = 0.25;
const ROUNDS_MAX: usize = 300;
/// What was thought before is worth this many pairs of each level's comparison.
const START_PAIRS: f64 = 4.0;
/// A rule's matches beyond this many have no more to say than so many.
const RULE_MATCHES_MAX: f64 = 3000.0;

/// Shares of the three classes among a rule's pairs.
#[derive(Debug, Clone, Copy)]
struct Mixture {
    person: f64,
    moved: f64,
    household: f64,
}

/// What is thought before.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// m of each level.
    pub m: &'a Shares,
    /// u of each level: held.
    pub u: &'a Shares,
    /// Comparisons whose levels are in order, closest first.
    pub ordered: &'a [bool],
    /// Levels of names that are unlike, by comparison; of other comparisons none, or nothing at all.
    pub unlike: &'a [Vec<bool>],
}

/// Learns m.
///
/// # Panics
/// If a pattern is not as long as `start.m`.
pub fn learn(lessons: &[Lesson<'_>], start: Start<'_>, household: Option<&Household>) -> Learned {
    let (start_m, u) = (start.m, start.u);
    let mut learned = Learned {
        m: bounded(start_m.clone(), start),
        matches: vec![0.0; lessons.len()],
        households: vec![0.0; lessons.len()],
        rounds: 0,
        converged: false,
    };
    let mut home = household.map(|known| known.shares.clone());
    let mut mixtures: Vec<Mixture> = lessons
        .iter()
        .map(|lesson| {
            let knows = household.is_some_and(|known| {
                known.tells.iter().zip(&lesson.taught).any(|(tells, taught)| *tells && *taught)
            });
            let moved = if household.is_some() { 0.02 } else { 0.0 };
            Mixture { person: 0.1, moved, household: if knows { 0.1 } else { 0.0 } }
        })
        .collect();
    let mut stayed = learned.m.clone();
    let mut away = household.map(|known| mixed(u, &learned.m, &known.moves));
    while learned.rounds < ROUNDS_MAX && !learned.converged {
        let before = learned.m.clone();
        let classes = Classes { m: &stayed, u, away: away.as_ref(), home: home.as_ref() };
        let mut sums = [counts_of(start_m), counts_of(start_m), counts_of(start_m)];
        for (at, lesson) in lessons.iter().enumerate() {
            let (pairs, seen) = classes.expect(lesson, mixtures[at]);
            (learned.matches[at], learned.households[at]) = (seen.persons(), seen.pairs[2]);
            let share = |class: usize| (seen.pairs[class] / pairs).clamp(0.0, 1.0);
            mixtures[at] =
                Mixture { person: share(0).max(1e-9), moved: share(1), household: share(2) };
            let of_persons = (RULE_MATCHES_MAX / seen.persons().max(1e-9)).min(1.0);
            let of_households = (RULE_MATCHES_MAX / seen.pairs[2].max(1e-9)).min(1.0);
            for (class, worth) in [of_persons, of_persons, of_households].into_iter().enumerate() {
                add(&mut sums[class], &seen.levels[class], worth);
            }
        }
        let [stay, moved_away, at_home] = sums;
        let mut persons = stay.clone();
        add(&mut persons, &moved_away, 1.0);
        learned.m = bounded(with_start(&persons, start_m), start);
        stayed.clone_from(&learned.m);
        if let (Some(known), Some(home)) = (household, &mut home) {
            *home = held(&with_start(&at_home, &known.shares), known);
            stayed = mixed(&bounded(with_start(&stay, start_m), start), &learned.m, &known.moves);
            away = Some(mixed(&with_start(&moved_away, u), &learned.m, &known.moves));
        }
        learned.rounds += 1;
        learned.converged = moved(&before, &learned.m) < SETTLED;
    }
    learned
}

/// The shares of `one` where it is said, and of `other` elsewhere.
fn mixed(one: &Shares, other: &Shares, of_one: &[bool]) -> Shares {
    let each = one.iter().zip(other).zip(of_one);
    each.map(|((one, other), of_one)| if *of_one { one.clone() } else { other.clone() }).collect()
}

struct Classes<'a> {
    m: &'a Shares,
    u: &'a Shares,
    away: Option<&'a Shares>,
    home: Option<&'a Shares>,
}

/// What a rule's pairs are expected to be: persons, persons who moved, households.
struct Expected {
    pairs: [f64; 3],
    levels: [Shares; 3],
}

impl Expected {
    fn persons(&self) -> f64 {
        self.pairs[0] + self.pairs[1]
    }
}

impl Classes<'_> {
    /// The pairs of a lesson, and how many of them are expected in each class at each level.
    fn expect(&self, lesson: &Lesson<'_>, mixture: Mixture) -> (f64, Expected) {
        let none = || counts_of(self.m);
        let mut seen = Expected { pairs: [0.0; 3], levels: [none(), none(), none()] };
        let mut all = 0.0;
        for pattern in lesson.patterns {
            let pairs = pattern.pairs as f64;
            let of = |shares: &Shares| likelihood(shares, pattern, &lesson.taught);
            let classes = [
                mixture.person * of(self.m),
                self.away.map_or(0.0, |away| mixture.moved * of(away)),
                self.home.map_or(0.0, |home| mixture.household * of(home)),
            ];
            let rest = 1.0 - mixture.person - mixture.moved - mixture.household;
            let sum = classes.iter().sum::<f64>() + rest.max(1e-9) * of(self.u);
            all += pairs;
            for (class, chance) in classes.iter().enumerate() {
                let expected = pairs * chance / sum.max(f64::MIN_POSITIVE);
                seen.pairs[class] += expected;
                for (at, level) in levels(pattern, &lesson.taught) {
                    seen.levels[class][at][level] += expected;
                }
            }
        }
        (f64::max(all, 1.0), seen)
    }
}

/// The comparisons of a pattern that are taught and not null, with their levels.
fn levels<'a>(
    pattern: &'a PatternCount,
    taught: &'a [bool],
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let known = pattern.levels.iter().zip(taught).enumerate();
    known
        .filter(|(_, (level, taught))| **taught && **level > 0)
        .map(|(at, (level, _))| (at, usize::from(*level) - 1))
}

fn likelihood(shares: &Shares, pattern: &PatternCount, taught: &[bool]) -> f64 {
    assert_eq!(shares.len(), pattern.levels.len(), "a level for each comparison");
    levels(pattern, taught).map(|(at, level)| shares[at][level]).product()
}

fn counts_of(shares: &Shares) -> Shares {
    shares.iter().map(|levels| vec![0.0; levels.len()]).collect()
}

fn add(sums: &mut Shares, more: &Shares, worth: f64) {
    for (sum, more) in sums.iter_mut().flatten().zip(more.iter().flatten()) {
        *sum += more * worth;
    }
}

fn with_start(sums: &Shares, start: &Shares) -> Shares {
    let of = |(sums, start): (&Vec<f64>, &Vec<f64>)| -> Vec<f64> {
        let with: Vec<f64> =
            sums.iter().zip(start).map(|(sum, start)| sum + START_PAIRS * start).collect();
        let total: f64 = with.iter().sum();
        with.iter().map(|one| one / total).collect()
    };
    sums.iter().zip(start).map(of).collect()
}

/// m in order, with the last level, *different*, within its bounds.
fn bounded(mut m: Shares, start: Start<'_>) -> Shares {
    for (at, levels) in m.iter_mut().enumerate() {
        if start.ordered[at] {
            in_order(levels, &start.u[at]);
        }
        let Some((last, others)) = levels.split_last_mut() else { continue };
        let bound = last.min(DIFFERENT_MAX);
        let rest = (1.0 - bound) / (1.0 - *last).max(1e-12);
        for share in others {
            *share *= rest;
        }
        *last = bound;
        at_least(levels, &start.u[at]);
        if let Some(unlike) = start.unlike.get(at) {
            seldom(levels, unlike);
        }
    }
    m
}

/// Brings the shares that are marked to [`UNLIKE_MAX`] together, where they come to more, as near as all then still sum to what
/// they did. Shares without a mark stay in proportion.
pub(crate) fn seldom(shares: &mut [f64], marked: &[bool]) {
    let is_marked = |at: usize| marked.get(at) == Some(&true);
    let all: f64 = shares.iter().sum();
    let sum: f64 = (0..shares.len()).filter(|at| is_marked(*at)).map(|at| shares[at]).sum();
    let most = UNLIKE_MAX * all;
    if sum <= most {
        return;
    }
    let others = (all - most) / (all - sum).max(1e-12);
    for (at, share) in shares.iter_mut().enumerate() {
        *share *= if is_marked(at) { most / sum } else { others };
    }
}

/// Raises each share to [`DIFFERENT_MIN`] of that among strangers, as near as they then still sum to what they did.
pub(crate) fn at_least(shares: &mut [f64], u: &[f64]) {
    let before: f64 = shares.iter().sum();
    for (share, u) in shares.iter_mut().zip(u) {
        *share = share.max(DIFFERENT_MIN * u);
    }
    let after: f64 = shares.iter().sum();
    for share in shares {
        *share *= before / after.max(1e-12);
    }
}

/// Brings shares into order: a level's share is to `u` no less than that of the levels behind it. Levels that break it are taken
/// together, as one (isotonic regression by pooling adjacent violators; Ayer and others 1955).
///
/// ```
/// let mut m = [0.7, 0.0, 0.3];
/// milaan_linkage::pooled::in_order(&mut m, &[0.1, 0.3, 0.6]);
/// assert!((m[1] - 0.1).abs() < 1e-12 && (m[2] - 0.2).abs() < 1e-12);
/// ```
pub fn in_order(m: &mut [f64], u: &[f64]) {
    let mut pools: Vec<(f64, f64, usize)> = Vec::with_capacity(m.len());
    for (m, u) in m.iter().zip(u) {
        pools.push((*m, u.max(1e-12), 1));
        while let [.., (m1, u1, n1), (m2, u2, n2)] = pools[..]
            && m1 * u2 < m2 * u1
        {
            pools.pop();
            pools.pop();
            pools.push((m1 + m2, u1 + u2, n1 + n2));
        }
    }
    let ratios = pools.iter().flat_map(|(m, u, levels)| std::iter::repeat_n(m / u, *levels));
    for ((m, u), ratio) in m.iter_mut().zip(u).zip(ratios) {
        *m = u.max(1e-12) * ratio;
    }
}

/// A household's shares: what is held stays, the other levels have what is left in proportion.
fn held(found: &Shares, known: &Household) -> Shares {
    let of = |at: usize| -> Vec<f64> {
        let stays = |level: usize| known.held[at][level];
        let sum = |shares: &[f64], held: bool| -> f64 {
            (0..shares.len()).filter(|level| stays(*level) == held).map(|level| shares[level]).sum()
        };
        let left = (1.0 - sum(&known.shares[at], true)) / sum(&found[at], false).max(1e-12);
        let share = |level: usize| {
            if stays(level) { known.shares[at][level] } else { found[at][level] * left }
        };
        (0..found[at].len()).map(share).collect()
    };
    (0..found.len()).map(of).collect()
}

fn moved(before: &Shares, after: &Shares) -> f64 {
    let both = before.iter().flatten().zip(after.iter().flatten());
    both.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marked_shares_come_to_a_quarter_at_most() {
        let mut shares = vec![0.2, 0.3, 0.4, 0.1];
        seldom(&mut shares, &[false, false, true, true]);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{shares:?}");
        assert!((shares[2] + shares[3] - UNLIKE_MAX).abs() < 1e-12, "{shares:?}");
        assert!((shares[2] / shares[3] - 4.0).abs() < 1e-9, "in proportion: {shares:?}");
        assert!((shares[0] / shares[1] - 2.0 / 3.0).abs() < 1e-9, "in proportion: {shares:?}");
        let few = shares.clone();
        seldom(&mut shares, &[false, false, false, true]);
        assert_eq!(shares, few, "less than a quarter stays");
        seldom(&mut shares, &[]);
        assert_eq!(shares, few, "nothing is marked");
    }

    fn two(p: f64) -> Vec<f64> {
        vec![p, 1.0 - p]
    }

    fn plain<'a>(m: &'a Shares, u: &'a Shares) -> Start<'a> {
        Start { m, u, ordered: &[true; 4], unlike: &[] }
    }

    /// Pairs of some classes (pairs, shares), each combination of levels once.
    fn planted(classes: &[(f64, Shares)]) -> Vec<PatternCount> {
        let width = classes[0].1.len();
        let patterns = (0..1_usize << width).map(|bits| {
            let levels: Vec<u8> = (0..width).map(|at| 1 + (bits >> at & 1) as u8).collect();
            let pattern = PatternCount { levels, pairs: 0 };
            let taught = vec![true; width];
            let pairs = classes.iter().map(|(n, shares)| n * likelihood(shares, &pattern, &taught));
            PatternCount { pairs: pairs.sum::<f64>().round() as u64, ..pattern.clone() }
        });
        patterns.collect()
    }

    /// Given name, birth date, address, phone.
    fn world() -> (Shares, Shares, Shares) {
        let m = vec![two(0.9), two(0.95), two(0.8), two(0.7)];
        let u = vec![two(0.01), two(0.001), two(0.0005), two(0.0001)];
        let home = vec![two(0.01), two(0.001), two(0.95), two(0.6)];
        (m, u, home)
    }

    #[test]
    fn members_of_a_household_are_no_matches() {
        let (m, u, home) = world();
        let patterns =
            planted(&[(2000.0, m.clone()), (9000.0, home.clone()), (50_000.0, u.clone())]);
        let lessons = [Lesson { patterns: &patterns, taught: vec![true; 4] }];
        let start = vec![two(0.8); 4];
        let known = Household {
            shares: vec![u[0].clone(), u[1].clone(), two(0.8), two(0.8)],
            held: vec![vec![true; 2], vec![true; 2], vec![false; 2], vec![false; 2]],
            tells: vec![true, true, false, false],
            moves: vec![false, false, true, true],
        };
        let learned = learn(&lessons, plain(&start, &u), Some(&known));
        assert!(learned.converged, "{learned:?}");
        assert!((learned.matches[0] - 2000.0).abs() < 60.0, "{learned:?}");
        for (found, wanted) in learned.m.iter().zip(&m) {
            assert!((found[0] - wanted[0]).abs() < 0.02, "{learned:?}");
        }
    }

    #[test]
    fn a_class_that_nobody_needs_is_empty() {
        let (m, u, _) = world();
        let patterns = planted(&[(3000.0, m.clone()), (50_000.0, u.clone())]);
        let lessons = [Lesson { patterns: &patterns, taught: vec![true; 4] }];
        let known = Household {
            shares: vec![u[0].clone(), u[1].clone(), two(0.8), two(0.8)],
            held: vec![vec![true; 2], vec![true; 2], vec![false; 2], vec![false; 2]],
            tells: vec![true, true, false, false],
            moves: vec![false, false, true, true],
        };
        let learned = learn(&lessons, plain(&vec![two(0.8); 4], &u), Some(&known));
        assert!((learned.matches[0] - 3000.0).abs() < 60.0, "{learned:?}");
        assert!(learned.households[0] < 60.0, "{learned:?}");
    }

    #[test]
    fn namesakes_in_a_large_block_are_no_persons() {
        // A rule on the name: what it fixes is not taught; few of its pairs are one person.
        let (m, u, _) = world();
        let by_name = planted(&[(300.0, m.clone()), (30_000.0, u.clone())]);
        let by_phone = planted(&[(300.0, m.clone()), (100.0, u.clone())]);
        let lessons = [
            Lesson { patterns: &by_name, taught: vec![false, true, true, true] },
            Lesson { patterns: &by_phone, taught: vec![true, true, true, false] },
        ];
        let learned = learn(&lessons, plain(&vec![two(0.8); 4], &u), None);
        assert!((learned.matches[0] - 300.0).abs() < 30.0, "{learned:?}");
        assert!((learned.m[0][0] - 0.9).abs() < 0.03, "{learned:?}");
    }
}
