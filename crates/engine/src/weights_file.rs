//! Weights as shares in the model's order, by name, and as the file that people review.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use milaan_linkage::em::Shares;
use milaan_model::matching::{Comparison, LevelWeight, MatchModel, Weights};

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
    file
}
