//! The truth beside the run: the tables that everything else in `eval` counts over.
//!
//! * `judged`: a row of the truth with the record it tells of and that record's answer;
//! * `outcomes`: what was to be linked, or was, once: a record of a list, or a pair of records of a list that is the registry
//!   itself (`own`): `linked` (in truth), `accepted` (by the run), `is_right` (both);
//! * `weighed`: the pairs of the stage `pairs` with judged ends, and whether they are true;
//! * `proposed`: as `outcomes`, with whatever stands in the report `matches` taken for accepted.

use std::path::Path;

use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::prelude::{CsvReadOptions, SessionContext};
use serde::Deserialize;

use crate::error::Error;
use crate::receipt::ModelReceipt;
use crate::session;
use crate::truth_file;

/// What `eval` reads of a run's receipt.
#[derive(Debug, Deserialize)]
pub(super) struct RunReceipt {
    /// The match model; runs of earlier versions do not tell it.
    pub(super) model: Option<ModelReceipt>,
    inputs: Vec<Input>,
    #[serde(default)]
    overfull_blocks: Vec<Overfull>,
}

#[derive(Debug, Deserialize)]
struct Input {
    source_id: String,
    #[serde(default)]
    same_as_registry: bool,
}

#[derive(Debug, Deserialize)]
struct Overfull {
    rule: String,
}

impl RunReceipt {
    pub(super) fn read(run: &Path) -> Result<Self, Error> {
        let path = run.join("receipt.json");
        let file = std::fs::File::open(&path).map_err(Error::io("cannot open", &path))?;
        serde_json::from_reader(std::io::BufReader::new(file)).map_err(|_| Error::Usage {
            message: format!("`{}` is no receipt of a run", path.display()),
            hint: None,
        })
    }

    /// Whether blocks of this rule were too large to be searched.
    pub(super) fn has_overfull_blocks(&self, rule: &str) -> bool {
        self.overfull_blocks.iter().any(|overfull| overfull.rule == rule)
    }

    /// Lists that are the registry itself.
    pub(super) fn own_lists(&self) -> Vec<String> {
        let own = self.inputs.iter().filter(|input| input.same_as_registry);
        own.map(|input| input.source_id.clone()).collect()
    }
}

/// Makes the tables, in memory: each is counted over many times. Those over stages only where the run has its stages still.
pub(super) async fn register(
    ctx: &SessionContext,
    receipt: &RunReceipt,
    truth: &Path,
    has_stages: bool,
) -> Result<(), Error> {
    register_file(ctx, truth).await?;
    let repeated = "SELECT count(*) FROM (SELECT 1 FROM truth GROUP BY source_id, file, sheet, row\n\
        HAVING count(*) > 1) AS repeated";
    let repeated = session::count(ctx, "truth", repeated).await?;
    if repeated > 0 {
        return Err(Error::Usage {
            message: format!("{repeated} rows of dumps stand in the truth more than once"),
            hint: Some("a row of a dump is one person: keep one line of each".to_owned()),
        });
    }
    let own: Vec<String> =
        receipt.own_lists().iter().map(|id| format!("'{}'", id.replace('\'', "''"))).collect();
    let own = if own.is_empty() {
        "false".to_owned()
    } else {
        format!("t.source_id IN ({})", own.join(", "))
    };
    session::table(ctx, "judged", &judged(&own)).await?;
    session::view(ctx, "own_true", OWN_TRUE).await?;
    session::view(ctx, "own_found", OWN_FOUND).await?;
    let with_own =
        |lists: &str, accepted: &str| format!("{lists}\nUNION ALL\n{}", own_outcomes(accepted));
    session::table(ctx, "outcomes", &with_own(LIST_OUTCOMES, "m.accepted")).await?;
    session::table(ctx, "proposed", &with_own(LIST_PROPOSED, "m.source_id IS NOT NULL")).await?;
    if has_stages {
        session::table(ctx, "weighed", WEIGHED).await?;
    }
    Ok(())
}

fn judged(own: &str) -> String {
    // DISTINCT: a semi-join would walk all rows of a source for each row it looks for.
    format!(
        "SELECT t.source_id, t.file, t.sheet, t.row, t.resident_ref AS truth_ref, t.cases, {own} AS own,\n\
         r.record_id, r.lookup, r.band,\n\
         coalesce(r.lookup = 'found', false) AS accepted,\n\
         coalesce(r.lookup = 'found' AND r.resident_ref = t.resident_ref, false) AS is_right\n\
         FROM truth AS t\n\
         LEFT JOIN routing AS r ON r.source_id = t.source_id AND r.file = t.file AND r.sheet = t.sheet AND r.row = t.row\n\
         WHERE t.source_id IN (SELECT DISTINCT source_id FROM routing)"
    )
}

/// Each two records of one label once, the smaller name first; no name where one of them is not in the run.
const OWN_TRUE: &str = "SELECT a.source_id,\n\
    CASE WHEN b.record_id IS NOT NULL THEN least(a.record_id, b.record_id) END AS record_id,\n\
    CASE WHEN a.record_id IS NOT NULL THEN greatest(a.record_id, b.record_id) END AS other_id,\n\
    concat_ws(';', a.cases, b.cases) AS cases\n\
    FROM judged AS a\n\
    JOIN judged AS b ON b.source_id = a.source_id AND b.truth_ref = a.truth_ref\n\
    AND (a.file < b.file OR (a.file = b.file AND (a.sheet < b.sheet OR (a.sheet = b.sheet AND a.row < b.row))))\n\
    WHERE a.own";

const OWN_FOUND: &str = "SELECT m.source_id, least(m.record_id, m.resident_ref) AS record_id,\n\
    greatest(m.record_id, m.resident_ref) AS other_id, m.accepted, m.band, concat_ws(';', a.cases, b.cases) AS cases\n\
    FROM matches AS m\n\
    JOIN judged AS a ON a.source_id = m.source_id AND a.record_id = m.record_id\n\
    JOIN judged AS b ON b.source_id = m.source_id AND b.record_id = m.resident_ref\n\
    WHERE a.own";

const LIST_OUTCOMES: &str = "SELECT source_id, record_id, truth_ref AS other_id, cases, lookup, band, own,\n\
    truth_ref IS NOT NULL AS linked, accepted, is_right FROM judged WHERE NOT own";

/// Pairs that are true or found; `accepted` says which of the found ones count.
fn own_outcomes(accepted: &str) -> String {
    format!(
        "SELECT coalesce(t.source_id, m.source_id) AS source_id, coalesce(t.record_id, m.record_id) AS record_id,\n\
         coalesce(t.other_id, m.other_id) AS other_id, nullif(coalesce(t.cases, m.cases), '') AS cases,\n\
         CASE WHEN m.accepted THEN 'found' WHEN m.source_id IS NOT NULL THEN 'ambiguous' ELSE 'not_found' END AS lookup,\n\
         m.band, true AS own, t.source_id IS NOT NULL AS linked, coalesce({accepted}, false) AS accepted,\n\
         coalesce(t.source_id IS NOT NULL AND {accepted}, false) AS is_right\n\
         FROM own_true AS t\n\
         FULL JOIN own_found AS m\n\
         ON m.source_id = t.source_id AND m.record_id = t.record_id AND m.other_id = t.other_id"
    )
}

const LIST_PROPOSED: &str = "SELECT j.source_id, j.record_id, j.truth_ref AS other_id, j.cases, j.lookup, j.band, j.own,\n\
    j.truth_ref IS NOT NULL AS linked, coalesce(m.proposed, false) AS accepted, coalesce(m.hit, false) AS is_right\n\
    FROM judged AS j\n\
    LEFT JOIN (\n\
    SELECT j.source_id, j.record_id, true AS proposed, coalesce(bool_or(m.resident_ref = j.truth_ref), false) AS hit\n\
    FROM judged AS j JOIN matches AS m ON m.source_id = j.source_id AND m.record_id = j.record_id\n\
    GROUP BY j.source_id, j.record_id) AS m\n\
    ON m.source_id = j.source_id AND m.record_id = j.record_id\n\
    WHERE NOT j.own";

const WEIGHED: &str = "SELECT p.source_id, p.record_id, p.resident_ref AS other_id, p.match_probability, p.match_weight,\n\
    p.band, p.contradictions, j.own, coalesce(p.resident_ref = j.truth_ref, false) AS is_true\n\
    FROM pairs AS p\n\
    JOIN judged AS j ON j.source_id = p.source_id AND j.record_id = p.record_id\n\
    WHERE NOT j.own\n\
    UNION ALL\n\
    SELECT p.source_id, least(p.record_id, p.resident_ref), greatest(p.record_id, p.resident_ref), p.match_probability,\n\
    p.match_weight, p.band, p.contradictions, a.own, coalesce(a.truth_ref = b.truth_ref, false)\n\
    FROM pairs AS p\n\
    JOIN judged AS a ON a.source_id = p.source_id AND a.record_id = p.record_id\n\
    JOIN judged AS b ON b.source_id = p.source_id AND b.record_id = p.resident_ref\n\
    WHERE a.own";

async fn register_file(ctx: &SessionContext, path: &Path) -> Result<(), Error> {
    if !path.is_file() {
        return Err(Error::Usage {
            message: format!("there is no truth file `{}`", path.display()),
            hint: None,
        });
    }
    if !truth_file::is_truth(path)? {
        return Err(Error::Usage {
            message: format!("`{}` is no truth file", path.display()),
            hint: Some(format!("its header has to be {}", truth_file::COLUMNS.join(","))),
        });
    }
    let absolute = path.canonicalize().map_err(Error::io("cannot find truth", path))?;
    let columns = truth_file::COLUMNS.iter().map(|name| Field::new(*name, DataType::Utf8, true));
    let schema = Schema::new(columns.collect::<Vec<_>>());
    let options = CsvReadOptions::new().schema(&schema).has_header(true);
    ctx.register_csv("truth_file", absolute.display().to_string(), options)
        .await
        .map_err(|error| Error::of_query("truth", &error))?;
    let sql = "SELECT source_id, file, coalesce(sheet, '') AS sheet, CAST(row AS BIGINT) AS row,\n\
        nullif(resident_ref, '') AS resident_ref, nullif(cases, '') AS cases FROM truth_file";
    session::view(ctx, "truth", sql).await
}
