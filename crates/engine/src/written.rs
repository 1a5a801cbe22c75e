//! The stages `pairs` and `answers` of all departments, written as they are made: neither is ever whole in memory.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use futures::StreamExt as _;
use milaan_linkage::candidates::{Error as Linking, Pairs};
use milaan_linkage::decide::{Decider, answers_schema};
use milaan_linkage::second::second_schema;

use crate::candidates::scan_in_order;
use crate::error::Error;
use crate::link::link_classes;
use crate::second_look::Looked;
use crate::session::classed_schema;
use crate::stage_file::StageWriter;

/// Writes weighed pairs by (`source_id`, `record_id`, `resident_ref`), and tells them to the decider.
pub(crate) fn pairs(
    path: &Path,
    (looked, pairs): (&Looked, &Pairs),
    sources: &[String],
    decider: &mut Decider<'_>,
) -> Result<u64, Error> {
    let mut writer = StageWriter::create(path, stage_schema(&second_schema()))?;
    let mut sources = sources.to_vec();
    sources.sort();
    for range in by_source(pairs, &sources) {
        let mut first = range.start;
        for batch in looked.look.batches(&looked.fitted, pairs, range) {
            let batch = batch.map_err(Error::Linking)?;
            decider.push(&batch, first).map_err(Error::Linking)?;
            first += batch.num_rows();
            writer.write(&of_source(&batch).map_err(Error::Linking)?)?;
        }
    }
    writer.finish()
}

/// Writes the answers of the view `list`, in the order of its files and their rows.
pub(crate) async fn answers(
    ctx: &SessionContext,
    path: &Path,
    decider: &Decider<'_>,
    (looked, household_keys): (&Looked, &[String]),
) -> Result<u64, Error> {
    let failed = |error: DataFusionError| Error::of_query("answers", &error);
    let mut columns = ["record_id", "person_name", "national_id_token"].map(str::to_owned).to_vec();
    for key in household_keys {
        if !columns.contains(key) {
            columns.push(key.clone());
        }
    }
    let mut list = scan_in_order(ctx, "list", &columns).await?;
    let mut writer = StageWriter::create(path, stage_schema(&answers_schema()))?;
    while let Some(batch) = list.next().await {
        let batch = batch.map_err(failed)?;
        let answers = decider.answer(&batch, &looked.by_record, &looked.households);
        let answers = answers.and_then(|answers| of_source(&answers));
        writer.write(&answers.map_err(Error::Linking)?)?;
    }
    writer.finish()
}

/// With `source_id` before the record's own id.
fn stage_schema(schema: &SchemaRef) -> SchemaRef {
    let first = Arc::new(Field::new("source_id", DataType::Utf8, true));
    let fields: Vec<_> = std::iter::once(first).chain(schema.fields().iter().cloned()).collect();
    classed_schema(&Schema::new(fields), &link_classes())
}

/// The name that a record has within linking taken apart again: `source_id/record_id`, its first column.
fn of_source(batch: &RecordBatch) -> Result<RecordBatch, Linking> {
    let names = batch.column(0).as_string::<i32>();
    let parts = || names.iter().map(|name| name.and_then(|name| name.split_once('/')));
    let sources: StringArray = parts().map(|parts| Some(parts?.0)).collect();
    let records: StringArray = parts().map(|parts| Some(parts?.1)).collect();
    let mut columns: Vec<ArrayRef> = vec![Arc::new(sources), Arc::new(records)];
    columns.extend(batch.columns()[1..].iter().cloned());
    RecordBatch::try_new(stage_schema(&batch.schema()), columns)
        .map_err(|error| Linking::Build(error.to_string()))
}

/// The pairs source by source, in the order of the sources' ids; within linking `a-b/…` stands before `a/…`.
fn by_source(pairs: &Pairs, sources: &[String]) -> Vec<Range<usize>> {
    let names = pairs.records();
    let first = |name: &str| {
        let mut places = (0, names.len());
        while places.0 < places.1 {
            let middle = places.0.midpoint(places.1);
            if names.value(middle) < name { places.0 = middle + 1 } else { places.1 = middle }
        }
        pairs.first_of(places.0)
    };
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for source in sources {
        // `0` is the character behind `/`.
        let range = first(&format!("{source}/"))..first(&format!("{source}0"));
        match ranges.last_mut() {
            Some(before) if before.end == range.start => before.end = range.end,
            _ => ranges.push(range),
        }
    }
    ranges
}
