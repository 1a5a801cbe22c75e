//! Planted cases beside the reports that should tell of them: how many were planted, how many found.

use std::collections::BTreeMap;

use datafusion::prelude::SessionContext;
use serde::Serialize;

use crate::error::Error;
use crate::rows::{count, text_rows};
use crate::session;

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

/// Case, the table that should have the record, and which of its rows count. Only records whose resident was accepted can be
/// found where a finding rests on the resident.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("not_registered", "enrolments", "true"),
    ("relative_not_registered", "routing", "lookup <> 'found'"),
    ("duplicate", "duplicates", "scope = 'within_source'"),
    ("deceased", "routing", "array_has(reasons, 'DECEASED_REPORTED')"),
    ("id_of_relative", "findings", "finding = 'ID_CONFLICT'"),
    ("household_split", "findings", "finding = 'HOUSEHOLD_SPLIT'"),
    ("household_merged", "findings", "finding = 'HOUSEHOLD_MERGE'"),
    ("not_eligible", "entitlements", "entitlement = 'over'"),
    ("approved_change", "changes", "true"),
    ("overlap", "overlaps", "true"),
    ("consent_missing", "issues", "code = 'CONSENT_MISSING'"),
];

/// Case → planted and found; a case of which nothing was planted, or whose report the run has not, is left out.
pub(super) async fn judge(ctx: &SessionContext) -> Result<BTreeMap<String, PlantedCase>, Error> {
    let mut judged = BTreeMap::new();
    for (case, report, condition) in EXPECTED {
        if !ctx.table_exist(*report).unwrap_or(false) {
            continue;
        }
        let ends = if *report == "overlaps" {
            format!(
                "SELECT source_a AS source_id, record_a AS record_id FROM overlaps WHERE {condition}\n\
                 UNION SELECT source_b, record_b FROM overlaps"
            )
        } else {
            format!("SELECT DISTINCT source_id, record_id FROM {report} WHERE {condition}")
        };
        let sql = format!(
            "SELECT count(*), count(f.record_id) FROM judged AS j\n\
             LEFT JOIN ({ends}) AS f ON f.source_id = j.source_id AND f.record_id = j.record_id\n\
             WHERE NOT j.own AND array_has(string_to_array(j.cases, ';'), '{case}')"
        );
        // A pipeline's own report of that name may have other columns: then nothing is said of the case.
        if session::plan(ctx, "planted cases", &sql).await.is_err() {
            continue;
        }
        let rows = text_rows(ctx, "planted cases", &sql).await?;
        let (planted, found) = rows.first().map_or((0, 0), |row| (count(row, 0), count(row, 1)));
        if planted > 0 {
            judged.insert((*case).to_owned(), PlantedCase { report, planted, found });
        }
    }
    Ok(judged)
}
