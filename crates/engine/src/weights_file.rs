//! Weights as shares in the model's order, by name, and as the file that people review.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use milaan_linkage::em::Shares;
use milaan_model::matching::{Comparison, LevelWeight, MatchModel, SecondWeights, Weights};

/// m of each level, in the model's order; 0 where the weights do not tell.
pub(crate) fn shares_of(weights: &Weights, model: &MatchModel) -> Shares {
    let share = |comparison: &Comparison, level: &str| {
        weights
            .levels
            .get(comparison.name.as_str())
            .and_then(|levels| levels.get(level))
            .map_or(0.0, |one| one.m)
    };
    model
        .comparisons
        .iter()
        .map(|one| one.levels.iter().map(|level| share(one, level.name.as_str())).collect())
        .collect()
}

type NamedWeights = BTreeMap<String, BTreeMap<String, LevelWeight>>;

/// Weights by name of shares in the model's order.
pub(crate) fn named_weights(model: &MatchModel, m: &Shares, u: &Shares) -> NamedWeights {
    let mut named = NamedWeights::new();
    for (at, comparison) in model.comparisons.iter().enumerate() {
        let levels = comparison
            .levels
            .iter()
            .enumerate()
            .map(|(level, known)| {
                (known.name.to_string(), LevelWeight { m: m[at][level], u: u[at][level] })
            })
            .collect();
        named.insert(comparison.name.to_string(), levels);
    }
    named
}

/// The weights file, in the model's order.
pub(crate) fn weights_file(model: &MatchModel, weights: &Weights) -> String {
    let mut file = format!(
        "# m: share of a level among pairs of one person; u: among pairs of different people. Weight = log2(m/u).\n\
         # Written by `milaan train`; review it as a diff.\n\
         model = \"{}\"\n\
         expected_found = {:.4}       # registry rows expected for a list record, itself left out\n",
        weights.model, weights.expected_found
    );
    for comparison in &model.comparisons {
        let _ = writeln!(file, "\n[levels.{}]", comparison.name);
        for level in &comparison.levels {
            let found = weights
                .levels
                .get(comparison.name.as_str())
                .and_then(|levels| levels.get(level.name.as_str()));
            if let Some(one) = found {
                let _ = writeln!(
                    file,
                    "{} = {{ m = {:.8}, u = {:.8} }}   # {:+.2} bits",
                    level.name,
                    one.m.max(1e-8),
                    one.u.max(1e-8),
                    one.bits()
                );
            }
        }
    }
    if let Some(second) = &weights.second {
        write_second(&mut file, model, second);
    }
    file
}

/// The classes of the second look: shares of each level, and of the ways in which it comes about where there are several.
fn write_second(file: &mut String, model: &MatchModel, second: &SecondWeights) {
    let _ = write!(
        file,
        "\n# How the pairs that are kept divide: a pair weighs by the class that looks most like it. Shares of a class; of `strangers`\n\
         # only those of the ways within a level. What is not written is next to impossible. Without this part each run fits its own.\n\
         [second]\n\
         version = 1\n\
         learnt_from = \"{}\"\n",
        second.learnt_from
    );
    for (class, shares) in &second.shares {
        let _ = writeln!(file, "\n[second.{class}]");
        if let Some(pairs) = second.pairs.get(class) {
            let _ = writeln!(file, "pairs = {pairs:.8}       # for each record");
        }
        for comparison in &model.comparisons {
            let Some(levels) = shares.get(comparison.name.as_str()) else { continue };
            let _ = writeln!(file, "\n[second.{class}.shares.{}]", comparison.name);
            for level in &comparison.levels {
                let Some(ways) = levels.get(level.name.as_str()) else { continue };
                let ways = ways.iter().filter(|(_, share)| **share >= SHARE_WRITTEN_MIN);
                let ways: Vec<String> =
                    ways.map(|(way, share)| format!("{way} = {share:.8}")).collect();
                if !ways.is_empty() {
                    let _ = writeln!(file, "{} = {{ {} }}", level.name, ways.join(", "));
                }
            }
        }
    }
}

/// A smaller share is not written.
const SHARE_WRITTEN_MIN: f64 = 5e-9;
