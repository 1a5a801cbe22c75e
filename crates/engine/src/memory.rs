//! What reconciling remembers from night to night: members of cases, changes the registry has not answered, what was last shared
//! of each benefit, figures of the dates before. Each part of the state is one view of the next night.

use milaan_model::Sensitivity;

use crate::error::Error;
use crate::run::Run;
use crate::session::{self, Classes};
use crate::tables::{self, Table};

/// The file of a part in the state.
pub(crate) const FILE: &str = "rows.parquet";

/// Part of the state, the table or report it is kept from, the columns of its view, and the query for the next night. Sources that
/// take no part tonight stay known; figures are kept by date of reference, so that the same night again is compared with the same
/// one.
const PARTS: &[(&str, &str, &str, &[&str], &str)] = &[
    (
        "cases",
        "cases",
        "known_cases",
        &["case_id", "scope", "source_id", "record_id"],
        "SELECT case_id, scope, source_id, record_id FROM cases UNION ALL\n\
         SELECT case_id, scope, source_id, record_id FROM known_cases\n\
         WHERE source_id NOT IN (SELECT source_id FROM source_list WHERE taken <> 'skip')",
    ),
    (
        "sent",
        "acknowledgements",
        "sent_before",
        &["change_id", "source_id", "record_id", "approval_ref", "operation", "first_sent"],
        "SELECT change_id, source_id, record_id, approval_ref, operation, first_sent\n\
         FROM acknowledgements WHERE answer = 'awaited'",
    ),
    (
        "answered",
        "acknowledgements",
        "answered_before",
        &["change_id"],
        "SELECT DISTINCT change_id FROM (\n\
         SELECT change_id FROM acknowledgements WHERE answer <> 'awaited' AND is_known UNION ALL\n\
         SELECT change_id FROM answered_before) AS ever",
    ),
    (
        "shared",
        "changes",
        "shared_before",
        &["source_id", "record_id", "scheme", "content", "change_id", "operation", "answer"],
        "SELECT c.source_id, c.record_id, c.scheme, c.content, c.change_id, c.operation,\n\
         CASE WHEN a.change_id IS NULL THEN '' ELSE 'rejected' END AS answer\n\
         FROM (SELECT source_id, record_id, scheme, content, change_id, operation FROM changes UNION ALL\n\
         SELECT s.source_id, s.record_id, s.scheme, s.content, s.change_id, s.operation FROM shared_before AS s\n\
         LEFT ANTI JOIN changes AS n ON n.source_id = s.source_id AND n.record_id = s.record_id AND n.scheme = s.scheme) AS c\n\
         LEFT JOIN (SELECT change_id FROM newest_answers WHERE result = 'rejected' UNION\n\
         SELECT b.change_id FROM shared_before AS b LEFT ANTI JOIN newest_answers AS n ON n.change_id = b.change_id\n\
         WHERE b.answer = 'rejected') AS a ON a.change_id = c.change_id",
    ),
    (
        "history",
        "scorecard",
        "history",
        &["as_of", "source_id", "found_share", "issue_share"],
        "SELECT '$as_of' AS as_of, source_id, found_share, issue_share FROM scorecard UNION ALL\n\
         SELECT as_of, source_id, found_share, issue_share FROM history WHERE as_of <> '$as_of'",
    ),
];

/// Part of the state and its view without rows.
pub(crate) fn tables() -> Result<Vec<(&'static str, Table)>, Error> {
    PARTS
        .iter()
        .map(|(part, _, view, columns, _)| {
            Ok((*part, tables::empty(view, columns, &["found_share", "issue_share"])?))
        })
        .collect()
}

/// Keeps every part whose table or report this pipeline has.
pub(crate) async fn note(run: &Run<'_>) -> Result<(), Error> {
    for (part, kept_from, _, columns, sql) in PARTS {
        let exists = run.ctx.table_exist(*kept_from);
        if exists.map_err(|error| Error::of_query(kept_from, &error))? {
            let next = run.state.next(&run.id, part, FILE)?;
            let classes: Classes =
                columns.iter().map(|name| ((*name).to_owned(), Sensitivity::Internal)).collect();
            let sql = sql.replace("$as_of", &run.as_of);
            session::write(&run.ctx, part, &sql, &next, &classes).await?;
        }
    }
    Ok(())
}
