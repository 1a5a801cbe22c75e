//! Planted cases beside the reports that should tell of them: how many were planted, how many found.

use std::collections::BTreeMap;

use datafusion::prelude::SessionContext;
use serde::Serialize;

use crate::error::Error;
use crate::rows::{count, text_rows};

/// A planted case in the report that should have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlantedCase {
    /// The report, or the table behind a change-set.
    pub report: &'static str,
    /// Records with the case that could be found there.
    pub planted: u64,
    /// Of these, records that stand there.
    pub found: u64,
}

/// Case, the table that should have the record, the column that tells which of its rows count (empty: all do), and what it has to
/// say. Only records whose resident was accepted can be found where a finding rests on the resident.
const EXPECTED: &[(&str, &str, &str, &str)] = &[
    ("not_registered", "enrolments", "", "true"),
    ("relative_not_registered", "routing", "lookup", "lookup <> 'found'"),
    ("duplicate", "duplicates", "scope", "scope = 'within_source'"),
    ("duplicate_across_lists", "duplicates", "scope", "scope = 'across_sources'"),
    ("ekyc_stale", "routing", "reasons", "array_has(reasons, 'EKYC_STALE')"),
    ("id_shared", "findings", "finding", "finding = 'ID_SHARED'"),
    ("bank_shared", "findings", "finding", "finding = 'BANK_SHARED'"),
    (
        "registry_birth_missing",
        "mismatches",
        "kind",
        "field = 'birth_date' AND kind = 'missing_there'",
    ),
    (
        "score_missing",
        "entitlements",
        "missing_inputs",
        "array_has(missing_inputs, 'poverty_score')",
    ),
    ("paid_short", "entitlements", "entitlement", "entitlement = 'under'"),
    ("paid_nothing", "entitlements", "entitlement", "entitlement = 'none'"),
    ("deceased", "routing", "reasons", "array_has(reasons, 'DECEASED_REPORTED')"),
    ("id_of_relative", "findings", "finding", "finding = 'ID_CONFLICT'"),
    ("household_split", "findings", "finding", "finding = 'HOUSEHOLD_SPLIT'"),
    ("household_merged", "findings", "finding", "finding = 'HOUSEHOLD_MERGE'"),
    ("not_eligible", "entitlements", "entitlement", "entitlement = 'over'"),
    ("approved_change", "changes", "", "true"),
    ("overlap", "overlaps", "", "true"),
    ("consent_missing", "issues", "code", "code = 'CONSENT_MISSING'"),
];
/// Columns that name a record: of a report on pairs of records, of the others.
const ENDS: [&str; 4] = ["source_a", "record_a", "source_b", "record_b"];
const RECORD: [&str; 2] = ["source_id", "record_id"];

/// Case → planted and found; left out is a case of which nothing was planted, or that cannot be judged: the run has no such
/// report, or the pipeline's own report of that name has other columns.
pub(super) async fn judge(ctx: &SessionContext) -> Result<BTreeMap<String, PlantedCase>, Error> {
    let mut judged = BTreeMap::new();
    for (case, report, column, condition) in EXPECTED {
        let (named, ends): (&[&str], String) = match *report {
            "overlaps" => (
                &ENDS,
                format!(
                    "SELECT source_a AS source_id, record_a AS record_id FROM overlaps WHERE {condition}\n\
                     UNION SELECT source_b, record_b FROM overlaps"
                ),
            ),
            // One row may rest on several records, `source_id/record_id`.
            "entitlements" => (
                &["records"],
                format!(
                    "SELECT DISTINCT split_part(name, '/', 1) AS source_id, substr(name, strpos(name, '/') + 1) AS record_id\n\
                     FROM (SELECT unnest(records) AS name FROM {report} WHERE {condition}) AS named"
                ),
            ),
            _ => (
                &RECORD,
                format!("SELECT DISTINCT source_id, record_id FROM {report} WHERE {condition}"),
            ),
        };
        let tells = Some(*column).filter(|column| !column.is_empty());
        if !has_columns(ctx, report, named.iter().copied().chain(tells)).await? {
            continue;
        }
        let sql = format!(
            "SELECT count(*), count(f.record_id) FROM judged AS j\n\
             LEFT JOIN ({ends}) AS f ON f.source_id = j.source_id AND f.record_id = j.record_id\n\
             WHERE NOT j.own AND array_has(string_to_array(j.cases, ';'), '{case}') AND {}",
            findable(case)
        );
        let rows = text_rows(ctx, "planted cases", &sql).await?;
        let (planted, found) = rows.first().map_or((0, 0), |row| (count(row, 0), count(row, 1)));
        if planted > 0 {
            judged.insert((*case).to_owned(), PlantedCase { report, planted, found });
        }
    }
    Ok(judged)
}

/// What else the truth has to say of a record for the case to show: two benefits stand in two lists, and an entitlement is a
/// resident's.
fn findable(case: &str) -> &'static str {
    match case {
        "overlap" => {
            "j.truth_ref IN (SELECT truth_ref FROM judged\n\
             WHERE NOT own AND array_has(string_to_array(cases, ';'), 'overlap')\n\
             GROUP BY truth_ref HAVING count(DISTINCT source_id) > 1)"
        }
        "not_eligible" => "j.truth_ref IS NOT NULL",
        _ => "true",
    }
}

/// Whether the run has this report or table with these columns.
async fn has_columns(
    ctx: &SessionContext,
    report: &str,
    mut columns: impl Iterator<Item = &str>,
) -> Result<bool, Error> {
    let failed = |error| Error::of_query("planted cases", &error);
    if !ctx.table_exist(report).map_err(failed)? {
        return Ok(false);
    }
    let table = ctx.table_provider(report).await.map_err(failed)?;
    let schema = table.schema();
    Ok(columns.all(|column| schema.field_with_name(column).is_ok()))
}
