//! `milaan explain`: why a record got its answer, from the stages of a run; and the named SQL steps of a pipeline.

use std::path::Path;

use datafusion::prelude::SessionContext;
use milaan_linkage::answers;
use milaan_linkage::second::DECISION;
use milaan_linkage::sql::{self as linking, Sides};
use milaan_manifest::Pipeline;

use crate::error::Error;
use crate::query::register_run;
use crate::review::{BandEstimate, FalseMatches};
use crate::rows::{TextRow, number, text, text_rows};
use crate::session::{self, Resources};
use crate::standardise::sql::{Standardiser, slots};

/// One comparison of a pair.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The comparison.
    pub comparison: String,
    /// The level reached.
    pub level: String,
    /// Its weight in bits.
    pub weight: f64,
}

/// One resident that was considered.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The resident.
    pub resident_ref: String,
    /// Masked name.
    pub name: String,
    /// The blocking rule that found the pair.
    pub rule: String,
    /// Match weight in bits.
    pub match_weight: f64,
    /// Match probability.
    pub match_probability: f64,
    /// Band.
    pub band: String,
    /// The prior and each comparison, in order; they add up to the weight.
    pub steps: Vec<Step>,
}

/// Why a record got its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The record's source.
    pub source_id: String,
    /// The record.
    pub record_id: String,
    /// Where it stands: file, sheet, row.
    pub lineage: String,
    /// Masked name.
    pub name: String,
    /// Lookup outcome.
    pub lookup: String,
    /// Proposed action.
    pub action: String,
    /// Reasons.
    pub reasons: Vec<String>,
    /// One sentence.
    pub because: String,
    /// Residents considered: the accepted one, then by weight.
    pub candidates: Vec<Candidate>,
    /// The share of wrong matches in the band of the answer, as reviewers' samples have it; `None`: the record was not accepted.
    pub band: Option<BandEstimate>,
}

pub(crate) async fn explain(run: &Path, record: &str) -> Result<Explanation, Error> {
    let resources = Resources { threads: 2, memory_bytes: 2 << 30, spill: None };
    let ctx = session::open(&resources, None)?;
    register_run(&ctx, run).await?;
    if !run.join("stages/pairs").is_dir() {
        return Err(Error::Usage {
            message: format!("`{}` keeps no stages to explain from", run.display()),
            hint: Some("run the pipeline again, or name a newer run with --run".to_owned()),
        });
    }
    let (source_id, record_id) = find_record(&ctx, record).await?;
    let one = format!(
        "source_id = '{}' AND record_id = '{}'",
        source_id.replace('\'', "''"),
        record_id.replace('\'', "''")
    );
    let routing = text_rows(
        &ctx,
        "routing",
        &format!(
            "SELECT file, sheet, row, lookup, action, array_to_string(reasons, ';'), resident_ref FROM routing WHERE {one}"
        ),
    )
    .await?;
    let routing = routing.into_iter().next().unwrap_or_default();
    let name = text_rows(
        &ctx,
        "records",
        &format!("SELECT mask_name(person_name) FROM records WHERE {one}"),
    )
    .await?;
    let mut candidates = candidates(&ctx, &one).await?;
    // One that nothing contradicts may be accepted before a heavier one that something does.
    let accepted = text(&routing, 6);
    candidates.sort_by_key(|candidate| candidate.resident_ref != accepted);
    let sheet = text(&routing, 1);
    let place = if sheet.is_empty() { String::new() } else { format!(", sheet {sheet}") };
    let lookup = text(&routing, 3);
    let reasons: Vec<String> = text(&routing, 5)
        .split(';')
        .filter(|reason| !reason.is_empty())
        .map(str::to_owned)
        .collect();
    Ok(Explanation {
        source_id,
        record_id,
        lineage: format!("{}{place}, row {}", text(&routing, 0), text(&routing, 2)),
        name: name.first().map(|row| text(row, 0)).unwrap_or_default(),
        because: because(&lookup, &reasons, &candidates),
        band: if lookup == "found" { band(run, candidates.first()) } else { None },
        lookup,
        action: text(&routing, 4),
        reasons,
        candidates,
    })
}

/// What the run's receipt says of the band of the answer.
fn band(run: &Path, best: Option<&Candidate>) -> Option<BandEstimate> {
    let receipt = FalseMatches::of_receipt(run)?;
    receipt.band(&best?.band).cloned()
}

/// A record is named `source_id/record_id`, or by its record id alone where only one source has it.
async fn find_record(ctx: &SessionContext, record: &str) -> Result<(String, String), Error> {
    let (source, id) = match record.split_once('/') {
        Some((source, id)) => (Some(source), id),
        None => (None, record),
    };
    let mut sql = format!(
        "SELECT source_id, record_id FROM routing WHERE record_id = '{}'",
        id.replace('\'', "''")
    );
    if let Some(source) = source {
        sql.push_str(&format!(" AND source_id = '{}'", source.replace('\'', "''")));
    }
    let found = text_rows(ctx, "routing", &sql).await?;
    match found.as_slice() {
        [one] => Ok((text(one, 0), text(one, 1))),
        [] => Err(Error::Usage {
            message: "this run has no such record".to_owned(),
            hint: Some(
                "name it `source_id/record_id`, as it stands in the report `routing`".to_owned(),
            ),
        }),
        _ => Err(Error::Usage {
            message: "several sources have a record of that id".to_owned(),
            hint: Some("name it `source_id/record_id`".to_owned()),
        }),
    }
}

/// The pairs seen from either record, where two of the registry's own rows are a pair.
const SEEN_FROM_BOTH: &str = "SELECT source_id, record_id, resident_ref, rule, match_weight, match_probability, band, evidence FROM pairs\n\
    UNION ALL\n\
    SELECT p.source_id, p.resident_ref, p.record_id, p.rule, p.match_weight, p.match_probability, p.band, p.evidence\n\
    FROM pairs AS p JOIN source_list AS l ON l.source_id = p.source_id WHERE l.same_as_registry";

async fn candidates(ctx: &SessionContext, one: &str) -> Result<Vec<Candidate>, Error> {
    session::view(ctx, "pairs_seen", SEEN_FROM_BOTH).await?;
    let pairs = text_rows(
        ctx,
        "pairs",
        &format!(
            "SELECT p.resident_ref, mask_name(r.person_name), p.rule, p.match_weight, p.match_probability, p.band\n\
             FROM pairs_seen AS p JOIN registry AS r ON r.resident_ref = p.resident_ref\n\
             WHERE {} ORDER BY p.match_weight DESC, p.resident_ref LIMIT 10",
            one.replace("source_id", "p.source_id").replace("record_id =", "p.record_id =")
        ),
    )
    .await?;
    let steps = text_rows(
        ctx,
        "evidence",
        &format!(
            "SELECT resident_ref, one['comparison'], one['level'], one['weight']\n\
             FROM (SELECT resident_ref, unnest(evidence) AS one FROM pairs_seen WHERE {one}) AS flat"
        ),
    )
    .await?;
    Ok(pairs.iter().map(|pair| candidate(pair, &steps)).collect())
}

fn candidate(pair: &TextRow, steps: &[TextRow]) -> Candidate {
    let resident_ref = text(pair, 0);
    let match_weight = number(pair, 3);
    let mut of_pair: Vec<Step> = steps
        .iter()
        .filter(|step| text(step, 0) == resident_ref)
        .map(|step| Step {
            comparison: text(step, 1),
            level: text(step, 2),
            weight: number(step, 3),
        })
        .collect();
    let compared: f64 = of_pair.iter().map(|step| step.weight).sum();
    of_pair.insert(
        0,
        Step {
            comparison: "prior".to_owned(),
            level: "one of the registry".to_owned(),
            weight: match_weight - compared,
        },
    );
    Candidate {
        resident_ref,
        name: text(pair, 1),
        rule: text(pair, 2),
        match_weight,
        match_probability: number(pair, 4),
        band: text(pair, 5),
        steps: of_pair,
    }
}

/// One sentence: why this answer.
fn because(lookup: &str, reasons: &[String], candidates: &[Candidate]) -> String {
    let has = |code: &str| reasons.iter().any(|reason| reason == code);
    match (lookup, candidates.first()) {
        ("found", Some(best)) if has("DUP_IN_REGISTRY") => format!(
            "a row of the registry: {} agrees with it {} and nothing contradicts that they are one person",
            best.resident_ref,
            best.mostly()
        ),
        ("found", Some(best)) if best.band == "low" || best.band == "review" => {
            "a row of the registry: no other row is surely the same person".to_owned()
        }
        ("found", None) => "a row of the registry: no other row comes near".to_owned(),
        ("found", Some(best)) if best.decision() == Some("same") => {
            format!("accepted: reviewers decided that it is {}", best.resident_ref)
        }
        ("found", Some(best)) => format!(
            "accepted: {} agrees {} and nothing contradicts it",
            best.resident_ref,
            best.mostly()
        ),
        ("ambiguous", best) => format!("sent to review: {}", unsure(&has, best, candidates.get(1))),
        ("household_found", _) => {
            "not found: the household is in the registry, the person was not found in it".to_owned()
        }
        ("not_checkable", _) => {
            "not found: the record has neither a name nor a valid identity number to compare"
                .to_owned()
        }
        (_, Some(best)) if best.decision() == Some("different") => format!(
            "not found: reviewers decided that it is not {}, and nobody else comes near",
            best.resident_ref
        ),
        (_, Some(best)) => format!(
            "not found: the nearest, {}, weighs {:+.1} bits{}",
            best.resident_ref,
            best.match_weight,
            best.against()
        ),
        (_, None) => "not found: nobody in the registry comes near".to_owned(),
    }
}

/// Why people decide.
fn unsure(
    has: &dyn Fn(&str) -> bool,
    best: Option<&Candidate>,
    second: Option<&Candidate>,
) -> String {
    match (best, second) {
        _ if has("ID_CONFLICT") => {
            "the identity number belongs to a resident whose name or birth date contradicts the record's"
                .to_owned()
        }
        (Some(best), Some(second)) if has("SECOND_CANDIDATE_CLOSE") => format!(
            "{} is nearly as close as {}, with {:+.1} and {:+.1} bits",
            second.resident_ref, best.resident_ref, second.match_weight, best.match_weight
        ),
        (Some(best), _) if best.decision() == Some("unsure") => {
            format!("a reviewer could not tell whether it is {}", best.resident_ref)
        }
        (Some(best), _) => format!(
            "{} is likely, with {:+.1} bits, but not sure enough to be accepted{}",
            best.resident_ref,
            best.match_weight,
            best.against()
        ),
        (None, _) => "no candidate is sure enough".to_owned(),
    }
}

impl Candidate {
    /// What reviewers decided of the pair.
    fn decision(&self) -> Option<&str> {
        let step = self.steps.iter().find(|step| step.comparison == DECISION);
        step.map(|step| step.level.as_str())
    }

    /// In what it agrees most, and its weight.
    fn mostly(&self) -> String {
        let mut steps: Vec<&Step> = self.compared().filter(|step| step.weight > 0.0).collect();
        steps.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let named: Vec<&str> = steps.iter().take(2).map(|step| step.comparison.as_str()).collect();
        let most = if named.is_empty() {
            String::new()
        } else {
            format!("most in {}, ", named.join(" and "))
        };
        format!("{most}with {:+.1} bits,", self.match_weight)
    }

    /// What speaks most against it.
    fn against(&self) -> String {
        let least = self.compared().min_by(|a, b| a.weight.total_cmp(&b.weight));
        match least.filter(|step| step.weight < 0.0) {
            Some(step) => {
                format!("; what speaks most against it is {} ({})", step.comparison, step.level)
            }
            None => String::new(),
        }
    }

    /// What was compared, without the prior.
    fn compared(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().skip(1)
    }
}

/// The named SQL steps of a pipeline: for each source its standardising, then linking.
pub(crate) fn plan(pipeline: &Pipeline) -> Vec<(String, String)> {
    let slots = slots(pipeline);
    let as_of = "1970-01-01";
    let mut steps = Vec::new();
    for source in std::iter::once(&pipeline.registry).chain(&pipeline.sources) {
        let standardiser = Standardiser {
            pipeline,
            source,
            slots: &slots,
            as_of,
            repeated_keys: true,
            spelled: false,
        };
        for step in standardiser.steps() {
            steps.push((format!("{}: {}", source.id, step.name), step.sql));
        }
    }
    let sides = Sides { registry_rows: 1, id_scheme: "", same_records: false };
    let linked = linking::pair_steps(&pipeline.model, &pipeline.weights, sides)
        .into_iter()
        .chain(answers::answer_steps(&pipeline.model));
    steps.extend(linked.map(|step| (format!("link, in SQL: {}", step.name), step.sql)));
    steps
}
