//! The steps that count comparison patterns for training ([`crate::em`]), from the same pieces as linking itself.

use milaan_model::matching::MatchModel;

use crate::sql::{NamedQuery, ONE_OF_TWO, Sides, block, compared, level_column, levelled, step};

/// The view of pattern counts: a level a comparison, in the model's order, and `pairs`.
pub const PATTERNS: &str = "patterns";

/// Which pairs are counted for training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingPairs {
    /// Every row of the view `list_sample` with every row of `registry_sample`: nearly all are different people.
    Random,
    /// What the blocking rule of that place in the model finds.
    Rule(usize),
}

/// The steps from `list` and `registry` to [`PATTERNS`].
pub fn pattern_steps(
    model: &MatchModel,
    pairs: TrainingPairs,
    sides: Sides<'_>,
) -> Vec<NamedQuery> {
    let found = match pairs {
        TrainingPairs::Random => format!(
            "SELECT l.record_id, r.resident_ref, 'random' AS rule\n\
             FROM list_sample AS l CROSS JOIN registry_sample AS r{}",
            if sides.same_records { format!("\nWHERE {ONE_OF_TWO}") } else { String::new() }
        ),
        TrainingPairs::Rule(at) => model.blocking.get(at).map_or_else(String::new, |rule| {
            format!(
                "SELECT record_id, resident_ref, '{}' AS rule FROM ({}) AS found",
                rule.name,
                block(rule, sides.same_records)
            )
        }),
    };
    let levels: Vec<String> = model.comparisons.iter().map(level_column).collect();
    let levels = levels.join(", ");
    vec![
        step("candidates", found),
        step("compared", compared(model, sides.id_scheme)),
        step("levelled", levelled(model)),
        step(
            PATTERNS,
            format!(
                "SELECT {levels}, count(*) AS pairs\nFROM levelled\nGROUP BY {levels}\nORDER BY {levels}"
            ),
        ),
    ]
}
