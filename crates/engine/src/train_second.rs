//! The classes of the second look, fitted by `milaan train` to the sample's pairs as a run without them would fit its own.

use std::path::Path;

use datafusion::prelude::SessionContext;
use milaan_linkage::second::Scope;
use milaan_model::matching::SecondWeights;

use crate::candidates::CandidatesSpec;
use crate::error::Error;
use crate::keys::INVENTED_MARK;
use crate::link;

/// So many pairs of one person are needed: the rarest levels are one in some hundreds.
const PERSONS_MIN: f64 = 200.0;

/// What was fitted.
pub(crate) struct Second {
    /// Pairs of one person expected; nothing where nothing was fitted.
    pub(crate) persons: Option<f64>,
    /// The classes; nothing where there are too few pairs to keep them.
    pub(crate) weights: Option<SecondWeights>,
}

/// Fits the classes; why there are none is among the notes. Makes the views `list` and `registry`.
pub(crate) async fn fit(
    ctx: &SessionContext,
    (spec, data): (&CandidatesSpec, &Path),
    scope: Scope,
    notes: &mut Vec<String>,
) -> Result<Second, Error> {
    if scope.same_records && scope.records < scope.registry_rows {
        let why = "a part of a list does not show who is in it twice; each run fits its own";
        notes.push(format!("second look: {why}"));
        return Ok(Second { persons: None, weights: None });
    }
    let learnt_from = format!(
        "{} records beside {} residents{}",
        scope.records,
        scope.registry_rows,
        invented(data)
    );
    let (second, pairs, rounds) = link::fit_second(ctx, spec, scope, learnt_from).await?;
    let expected =
        |class: &str| second.pairs.get(class).map_or(0.0, |pairs| pairs * scope.records as f64);
    let persons = second.persons() * scope.records as f64;
    notes.push(format!(
        "second look: {pairs} pairs, {persons:.0} of them of one person, {:.0} of one household, {rounds} rounds",
        expected("household")
    ));
    let few = persons < PERSONS_MIN;
    if few {
        notes.push(
            "second look: too few pairs of one person to keep; each run fits its own".to_owned(),
        );
    }
    Ok(Second { persons: Some(persons), weights: (!few).then_some(second) })
}

/// How `milaan synth` made the data, where it did.
fn invented(data: &Path) -> String {
    let mark = std::fs::read_to_string(data.join(INVENTED_MARK)).unwrap_or_default();
    let mark: serde_json::Value = serde_json::from_str(&mark).unwrap_or_default();
    let stated = |key: &str| match mark.get(key)? {
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let words = ["residents", "records", "seed"].map(|key| Some(format!("{key} {}", stated(key)?)));
    let words: Option<Vec<String>> = words.into_iter().collect();
    words.map_or_else(String::new, |words| format!(", of invented people ({})", words.join(", ")))
}
