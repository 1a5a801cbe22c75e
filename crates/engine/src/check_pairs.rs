//! How many pairs the blocking rules make, counted on the standardised rows of the last run: the rules as they are now, the rows as
//! they were that night. Without such a run nothing is estimated: a dump's first rows are those of one village, and tell nothing of
//! how often a name is repeated in a state.

use std::path::Path;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::prelude::SessionContext;
use milaan_manifest::{Diagnostic, Pipeline, Position};
use milaan_model::matching::BlockingRule;

use crate::blocks;
use crate::error::Error;
use crate::query::register_run;
use crate::receipt::ModelReceipt;
use crate::rows::{count, text_rows};
use crate::session::{self, Resources};

/// The pairs of all rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairsEstimate {
    /// The run whose rows were counted.
    pub run: String,
    /// Each rule, in order.
    pub rules: Vec<RulePairs>,
}

/// The pairs of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulePairs {
    /// The rule.
    pub rule: String,
    /// Pairs in blocks that would be searched; `None`: the run's rows lack a column of its keys.
    pub pairs: Option<u64>,
    /// Blocks too large to search, of those that both sides have.
    pub overfull: u64,
}

/// Counts the pairs; `None` where there is no run of this pipeline with its stages.
pub(crate) async fn estimate(
    pipeline: &Pipeline,
    run: &Path,
) -> Result<Option<PairsEstimate>, Error> {
    let of_receipt = |bytes: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&bytes).ok();
    let receipt = std::fs::read(run.join("receipt.json")).ok().and_then(of_receipt);
    let Some(receipt) = receipt.filter(|one| one["pipeline"] == pipeline.id.as_str()) else {
        return Ok(None);
    };
    if !["records", "registry"].iter().all(|stage| run.join("stages").join(stage).is_dir()) {
        return Ok(None);
    }
    let resources = Resources { threads: 2, memory_bytes: 2 << 30, spill: None };
    let ctx = session::open(&resources, None)?;
    register_run(&ctx, run).await?;
    let own = pipeline.sources.iter().all(|source| source.same_as_registry);
    let list = if own { "registry" } else { "departments" };
    session::view(&ctx, "departments", DEPARTMENTS).await?;
    let schema = |frame: datafusion::dataframe::DataFrame| -> SchemaRef {
        frame.schema().as_arrow().clone().into()
    };
    let both = [
        schema(session::plan(&ctx, list, &format!("SELECT * FROM {list} LIMIT 0")).await?),
        schema(session::plan(&ctx, "registry", "SELECT * FROM registry LIMIT 0").await?),
    ];
    let keys = ModelReceipt::of(&pipeline.model).blocking.into_iter().map(|rule| rule.keys);
    let mut rules = Vec::new();
    for (rule, keys) in pipeline.model.blocking.iter().zip(keys) {
        let has =
            |key: &String| both.iter().all(|side| side.field_with_name(blocks::key(key).0).is_ok());
        rules.push(if keys.iter().all(has) {
            of_rule(&ctx, rule, &keys, (list, own)).await?
        } else {
            RulePairs { rule: rule.name.to_string(), pairs: None, overfull: 0 }
        });
    }
    let run = receipt["run_id"].as_str().unwrap_or_default().to_owned();
    Ok(Some(PairsEstimate { run, rules }))
}

const DEPARTMENTS: &str = "SELECT * FROM records WHERE source_id NOT IN (SELECT source_id FROM source_list WHERE same_as_registry)";

async fn of_rule(
    ctx: &SessionContext,
    rule: &BlockingRule,
    keys: &[String],
    (list, own): (&str, bool),
) -> Result<RulePairs, Error> {
    let same: Vec<String> = (0..keys.len()).map(|at| format!("l.k{at} = r.k{at}")).collect();
    // In a list that is the registry itself each two rows are one pair.
    let pairs =
        if own { "r.block_rows * (r.block_rows - 1) / 2" } else { "l.block_rows * r.block_rows" };
    let most = rule.block_rows_max;
    let sql = format!(
        "SELECT coalesce(sum(CASE WHEN r.block_rows <= {most} THEN {pairs} ELSE 0 END), 0),\n\
         count(*) FILTER (WHERE r.block_rows > {most})\n\
         FROM ({}) AS l JOIN ({}) AS r ON {}",
        blocks::sizes(keys, list),
        blocks::sizes(keys, "registry"),
        same.join(" AND ")
    );
    let rows = text_rows(ctx, "pairs of a blocking rule", &sql).await?;
    let row = rows.first().cloned().unwrap_or_default();
    let (pairs, overfull) = (Some(count(&row, 0)), count(&row, 1));
    Ok(RulePairs { rule: rule.name.to_string(), pairs, overfull })
}

impl PairsEstimate {
    /// The rules that make more pairs than the pipeline allows.
    pub(crate) fn problems(&self, pipeline: &Pipeline) -> Vec<Diagnostic> {
        let most = pipeline.limits.pairs_max;
        let too_many = self.rules.iter().filter_map(|rule| {
            let pairs = rule.pairs.filter(|pairs| *pairs > most)?;
            Some(Diagnostic {
                position: Position { file: pipeline.model_file.clone(), line: 0 },
                message: format!(
                    "blocking `{}` would make {pairs} pairs of the rows of run `{}`, and `pairs_max` is {most}",
                    rule.rule, self.run
                ),
                hint: Some(
                    "add a key to the rule, lower its `block_rows_max`, or raise `pairs_max` in `[limits]` of pipeline.toml"
                        .to_owned(),
                ),
            })
        });
        too_many.collect()
    }
}
