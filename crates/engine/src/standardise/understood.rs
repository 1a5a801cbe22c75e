//! How much of a list was not understood: a column above its limit is described wrongly, or came wrong, and fails the run.
//!
//! The limit is `issue_share_max` of `[expect]` in the source's file, else of `[limits]` in `pipeline.toml`; that of
//! `[expect.warn]` is said and no more.

use std::path::Path;

use datafusion::arrow::array::AsArray as _;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Int64Type};

use crate::error::Error;
use crate::land::{LandedSource, percent};
use crate::run::Run;
use crate::session;

/// Issues by column. Left out are codes of values that were understood: a filler, a number without consent or
/// with a second one beside it, a soft sign, a key that another row has too.
const BY_COLUMN: &str = "SELECT column_name, count(*) AS issues FROM value_issues_now\n\
    WHERE code NOT IN ('ID_PLACEHOLDER', 'PHONE_PLACEHOLDER', 'PHONE_SEVERAL', 'CONSENT_MISSING', 'ID_GENDER_DIFFERS', 'KEY_DUPLICATE')\n\
    GROUP BY column_name ORDER BY column_name";

/// Holds a standardised source to its limit, by the file of its issues. A breach is a problem of the run, which goes on.
pub(super) async fn hold(
    run: &mut Run<'_>,
    one: &LandedSource,
    issues: &Path,
) -> Result<(), Error> {
    session::register_parquet(&run.ctx, "value_issues_now", issues).await?;
    let expect = &one.source.expect;
    let most = expect.fail.issue_share_max.unwrap_or(run.pipeline.limits.issue_share_max);
    let warned = expect.warn.issue_share_max.unwrap_or(1.0);
    for batch in session::collect(&run.ctx, "value_issues_now", BY_COLUMN).await? {
        let names = cast(batch.column(0), &DataType::Utf8)
            .map_err(|error| Error::of_query("value_issues_now", &error.into()))?;
        let counts = batch.column(1).as_primitive::<Int64Type>();
        for row in 0..batch.num_rows() {
            let (column, count) = (names.as_string::<i32>().value(row), counts.value(row));
            let share = count as f64 / one.receipt.records.max(1) as f64;
            let say = |position: &dyn std::fmt::Display, limit| {
                format!(
                    "{position}: source `{}`: {count} values of `{column}` were not understood, more than {} of {} records",
                    one.source.id,
                    percent(limit),
                    one.receipt.records
                )
            };
            if share > most {
                let position = expect.fail.position.as_ref().unwrap_or(&one.source.paths_position);
                let text = say(position, most);
                run.problems.push(text);
            } else if share > warned {
                let position = expect.warn.position.as_ref().unwrap_or(&one.source.paths_position);
                let text = say(position, warned);
                run.notice(text);
            }
        }
    }
    Ok(())
}
