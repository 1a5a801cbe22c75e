//! Small results as text, for judging and explaining.

use datafusion::arrow::array::{Array as _, AsArray as _};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::prelude::SessionContext;

use crate::error::Error;
use crate::session;

/// A row of texts; NULL is `None`.
pub(crate) type TextRow = Vec<Option<String>>;

/// Runs a query and gives its rows as text.
pub(crate) async fn text_rows(
    ctx: &SessionContext,
    what: &str,
    sql: &str,
) -> Result<Vec<TextRow>, Error> {
    let mut rows = Vec::new();
    for batch in session::collect(ctx, what, sql).await? {
        let columns = batch
            .columns()
            .iter()
            .map(|column| cast(column, &DataType::Utf8))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| Error::of_query(what, &error.into()))?;
        for row in 0..batch.num_rows() {
            rows.push(
                columns
                    .iter()
                    .map(|column| {
                        let texts = column.as_string::<i32>();
                        texts.is_valid(row).then(|| texts.value(row).to_owned())
                    })
                    .collect(),
            );
        }
    }
    Ok(rows)
}

/// A text of a row; empty for NULL and past the end.
pub(crate) fn text(row: &TextRow, at: usize) -> String {
    row.get(at).cloned().flatten().unwrap_or_default()
}

/// A count of a row; 0 for NULL.
pub(crate) fn count(row: &TextRow, at: usize) -> u64 {
    text(row, at).parse().unwrap_or(0)
}

/// A number of a row; 0 for NULL.
pub(crate) fn number(row: &TextRow, at: usize) -> f64 {
    text(row, at).parse().unwrap_or(0.0)
}
