//! What the blocking rules and the reviewers teach of m: EM on the pattern counts of each rule by itself, or of all together where
//! a model names no relatives and pairs of one household have to be told from pairs of one person.

use milaan_linkage::em::{self, Fit, Free, Labelled, PatternCount, Shares};
use milaan_linkage::pooled::{self, Lesson, Start};
use milaan_linkage::second;
use milaan_model::matching::{BlockingRule, Comparison, MatchModel};

/// A rule with fewer pairs teaches nothing.
const RULE_PAIRS_MIN: u64 = 30;

/// What was learned.
pub(crate) struct Lessons {
    pub(crate) m: Shares,
    /// How it went, in words.
    pub(crate) notes: Vec<String>,
    /// Matches among the pairs of the best rule.
    most: f64,
    /// Whether matches were told from pairs of one household.
    knows_households: bool,
    /// Whether each estimate came to rest.
    pub(crate) converged: bool,
}

impl Lessons {
    /// The pairs of one person that the best rule finds, where weights alone do not tell these from pairs of one household.
    pub(crate) fn persons(&self) -> Option<f64> {
        self.knows_households.then_some(self.most)
    }
}

/// What one blocking rule taught.
struct OfRule {
    /// Comparisons it may teach about.
    taught: Vec<bool>,
    by_identity: bool,
    fit: Fit,
}

/// From the patterns of each rule's pairs, in the model's order, and of those that reviewers decided.
pub(crate) fn lessons(
    (model, by_rule): (&MatchModel, &[Vec<PatternCount>]),
    (start, u): (&Shares, &Shares),
    labels: &[Labelled],
) -> Lessons {
    let learned = if second::names_relatives(model) {
        each_by_itself(model, by_rule, start, u)
    } else {
        together(model, by_rule, start, u)
    };
    Lessons { m: em::with_labels(&learned.m, learned.most, labels), ..learned }
}

/// How an estimate ended.
fn ended(converged: bool, rounds: usize) -> String {
    let how = if converged { "converged after" } else { "NOT converged after" };
    format!("{how} {rounds} rounds")
}

/// All rules together.
fn together(
    model: &MatchModel,
    by_rule: &[Vec<PatternCount>],
    start: &Shares,
    u: &Shares,
) -> Lessons {
    let (taught, few): (Vec<_>, Vec<_>) = model
        .blocking
        .iter()
        .zip(by_rule)
        .partition(|(_, patterns)| pairs_of(patterns) >= RULE_PAIRS_MIN);
    let lessons: Vec<Lesson<'_>> = taught
        .iter()
        .map(|(rule, patterns)| Lesson { patterns, taught: taught_by(model, rule) })
        .collect();
    let household = second::household_of(model, start, u);
    let ordered: Vec<bool> = model.comparisons.iter().map(second::is_ordered).collect();
    let unlike = second::unlike(model);
    let start = Start { m: start, u, ordered: &ordered, unlike: &unlike };
    let learned = pooled::learn(&lessons, start, household.as_ref());
    let mut notes: Vec<String> =
        few.iter().map(|(rule, patterns)| too_few(rule, patterns)).collect();
    for (at, (rule, patterns)) in taught.iter().enumerate() {
        notes.push(format!(
            "{}: {} pairs, {:.0} of them matches, {:.0} of one household",
            rule.name,
            pairs_of(patterns),
            learned.matches[at],
            learned.households[at]
        ));
    }
    for (at, comparison) in model.comparisons.iter().enumerate() {
        if !lessons.iter().any(|lesson| lesson.taught[at]) {
            notes.push(guessed(comparison));
        }
    }
    notes.push(ended(learned.converged, learned.rounds));
    Lessons {
        m: learned.m,
        notes,
        most: learned.matches.iter().copied().fold(0.0, f64::max),
        knows_households: household.is_some(),
        converged: learned.converged,
    }
}

/// Each rule by itself.
fn each_by_itself(
    model: &MatchModel,
    by_rule: &[Vec<PatternCount>],
    start: &Shares,
    u: &Shares,
) -> Lessons {
    let (mut of_rules, mut notes) = (Vec::new(), Vec::new());
    for (rule, patterns) in model.blocking.iter().zip(by_rule) {
        if pairs_of(patterns) < RULE_PAIRS_MIN {
            notes.push(too_few(rule, patterns));
            continue;
        }
        let one = learn((model, rule), patterns, start, u);
        notes.push(format!(
            "{}: {} pairs, {:.0} of them matches, {}",
            rule.name,
            pairs_of(patterns),
            one.fit.matches,
            ended(one.fit.converged, one.fit.rounds)
        ));
        of_rules.push(one);
    }
    Lessons {
        m: combine(model, &of_rules, start, &mut notes),
        notes,
        most: of_rules.iter().map(|one| one.fit.matches).fold(0.0, f64::max),
        knows_households: false,
        converged: of_rules.iter().all(|one| one.fit.converged),
    }
}

fn learn(
    (model, rule): (&MatchModel, &BlockingRule),
    patterns: &[PatternCount],
    start: &Shares,
    u: &Shares,
) -> OfRule {
    let taught = taught_by(model, rule);
    // What the rule fixes is set to null: it neither helps nor is taught.
    let masked: Vec<PatternCount> = patterns
        .iter()
        .map(|pattern| PatternCount {
            levels: pattern
                .levels
                .iter()
                .zip(&taught)
                .map(|(level, taught)| if *taught { *level } else { 0 })
                .collect(),
            pairs: pattern.pairs,
        })
        .collect();
    let by_identity = model.comparisons.iter().any(|comparison| {
        fixes(rule, comparison) && comparison.levels.iter().any(|level| level.identity)
    });
    let free = if by_identity { Free::OnlyM } else { Free::Both };
    OfRule { taught, by_identity, fit: em::fit(&masked, start, u, free) }
}

/// Each comparison's m: from identity rules where they teach it, else from all that do, weighted by their matches.
fn combine(
    model: &MatchModel,
    of_rules: &[OfRule],
    start: &Shares,
    notes: &mut Vec<String>,
) -> Shares {
    let mut m = start.clone();
    for (at, comparison) in model.comparisons.iter().enumerate() {
        let teachers: Vec<&OfRule> = of_rules.iter().filter(|one| one.taught[at]).collect();
        let identity: Vec<&OfRule> =
            teachers.iter().copied().filter(|one| one.by_identity).collect();
        let teachers = if identity.is_empty() { teachers } else { identity };
        let matches: f64 = teachers.iter().map(|one| one.fit.matches).sum();
        if matches < 1.0 {
            notes.push(guessed(comparison));
            continue;
        }
        for (level, share) in m[at].iter_mut().enumerate() {
            let sum: f64 = teachers.iter().map(|one| one.fit.m[at][level] * one.fit.matches).sum();
            *share = sum / matches;
        }
    }
    m
}

fn too_few(rule: &BlockingRule, patterns: &[PatternCount]) -> String {
    format!("{}: {} pairs, too few to learn from", rule.name, pairs_of(patterns))
}

fn guessed(comparison: &Comparison) -> String {
    format!("{}: no rule teaches it; its m is a guess", comparison.name)
}

fn taught_by(model: &MatchModel, rule: &BlockingRule) -> Vec<bool> {
    model.comparisons.iter().map(|comparison| !fixes(rule, comparison)).collect()
}

/// Whether a rule's keys fix a comparison: they are made of the same field, or of a name that the field is a part of.
fn fixes(rule: &BlockingRule, comparison: &Comparison) -> bool {
    rule.keys.iter().any(|key| {
        comparison.columns.iter().any(|base| {
            let part = ["given_name", "surname"].contains(&base.as_str());
            key.column == *base
                || part && key.column.starts_with("person_name_key")
                || key.column.strip_prefix(base.as_str()).is_some_and(|rest| rest.starts_with('_'))
        })
    })
}

/// The pairs that patterns stand for.
pub(crate) fn pairs_of(patterns: &[PatternCount]) -> u64 {
    patterns.iter().map(|pattern| pattern.pairs).sum()
}
