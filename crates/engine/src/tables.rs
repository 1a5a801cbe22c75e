//! What the reports may read besides the stages: counts of files, the list of sources, rejects, policies, known cases.
//!
//! Each is written as a small stage file, so that `milaan sql` sees what the reports saw.

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use datafusion::arrow::datatypes::{DataType, Schema};
use milaan_ingest::Reject;
use milaan_kernels::date::{Layout, date};
use milaan_manifest::{Pipeline, Place, PolicyKind, PolicyTable, PolicyValue, WordTable};
use milaan_model::Sensitivity;
use milaan_model::schema::classed;

use crate::error::Error;
use crate::land::LandedSource;
use crate::receipt::SourceReceipt;
use crate::run::Run;
use crate::stage_file::StageWriter;
use crate::sync::Answer;

/// A view and its rows.
pub(crate) type Table = (String, RecordBatch);

/// Writes all of them below the run's stages.
pub(crate) fn write_all(run: &Run<'_>, sources: &[LandedSource]) -> Result<(), Error> {
    let rejects: Vec<_> = sources
        .iter()
        .flat_map(|one| one.rejects.iter().map(move |reject| (one.source.id.as_str(), reject)))
        .collect();
    let receipts: Vec<&SourceReceipt> =
        sources.iter().map(|one| &one.receipt).chain(&run.left_out).collect();
    for (view, batch) in all(run.pipeline, &rejects, &receipts)? {
        let path = run.stages_folder().join(&view).join(format!("{view}.parquet"));
        write(&path, &batch)?;
    }
    Ok(())
}

/// All of them, as rows.
pub(crate) fn all(
    pipeline: &Pipeline,
    rejects: &[(&str, &Reject)],
    receipts: &[&SourceReceipt],
) -> Result<Vec<Table>, Error> {
    let mut tables = vec![
        table("landed_rejects", reject_columns(rejects))?,
        table("source_files", file_columns(receipts))?,
        table("source_list", source_columns(pipeline, receipts))?,
        table("source_fields", field_columns(pipeline))?,
        table("places", place_columns(pipeline))?,
        table("place_crosswalk", crosswalk_columns(pipeline))?,
        table("words", word_columns(pipeline))?,
    ];
    for policy in &pipeline.policies {
        tables.push(table(policy.name.as_str(), policy_columns(policy))?);
    }
    Ok(tables)
}

/// `words`: what the pipeline's words mean, a later one of a kind before an earlier.
fn word_columns(pipeline: &Pipeline) -> Vec<(&'static str, ArrayRef)> {
    let of_table = |table: &WordTable| -> Vec<[String; 3]> {
        let pair = |(meaning, word): &(String, String)| {
            [table.kind.clone(), meaning.clone(), word.clone()]
        };
        table.pairs.iter().map(pair).collect()
    };
    let all: Vec<[String; 3]> = pipeline.words.iter().flat_map(of_table).collect();
    let column = |at: usize| texts(all.iter().map(|one| one[at].as_str()));
    vec![
        ("number", counts(1..=all.len() as u64)),
        ("kind", column(0)),
        ("meaning", column(1)),
        ("word", column(2)),
    ]
}

/// A view without rows: columns of text, but for those of numbers.
pub(crate) fn empty(name: &str, columns: &[&str], numbers: &[&str]) -> Result<Table, Error> {
    let none = |name: &str| {
        let kind = if numbers.contains(&name) { DataType::Float64 } else { DataType::Utf8 };
        datafusion::arrow::array::new_empty_array(&kind)
    };
    table(name, columns.iter().map(|column| (*column, none(column))).collect())
}

/// `acks_received`: what the registry answered to changes: change, result, day, and the line it stands in.
pub(crate) fn acknowledgements(answers: &[Answer]) -> Result<Table, Error> {
    let column = |text: fn(&Answer) -> &str| texts(answers.iter().map(text));
    let columns = vec![
        ("change_id", column(|one| &one.change_id)),
        ("result", column(|one| &one.result)),
        ("answered_on", column(|one| &one.answered_on)),
        ("file", column(|one| &one.file)),
        ("row", counts(answers.iter().map(|one| one.row))),
    ];
    table("acks_received", columns)
}

/// `clusters`: records of one list that are held together by accepted pairs, named by the first of them.
pub(crate) fn clusters(source_id: &str, members: &[(&str, &str)]) -> Result<Table, Error> {
    let columns = vec![
        ("source_id", texts(members.iter().map(|_| source_id))),
        ("record_id", texts(members.iter().map(|(member, _)| *member))),
        ("cluster_ref", texts(members.iter().map(|(_, first)| *first))),
    ];
    table("clusters", columns)
}

/// Pairs that a cluster holds together, with their weight in bits; without one: a link that was refused.
pub(crate) fn cluster_pairs(pairs: &[(&str, &str, Option<f64>)]) -> Result<RecordBatch, Error> {
    let weights: Float64Array = pairs.iter().map(|(_, _, weight)| *weight).collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("record_id", texts(pairs.iter().map(|(one, _, _)| *one))),
        ("resident_ref", texts(pairs.iter().map(|(_, other, _)| *other))),
        ("weight", Arc::new(weights)),
    ];
    table("cluster_pairs", columns).map(|(_, batch)| batch)
}

/// Writes one of them.
pub(crate) fn write(path: &Path, batch: &RecordBatch) -> Result<(), Error> {
    let mut writer = StageWriter::create(path, batch.schema())?;
    writer.write(batch)?;
    writer.finish().map(drop)
}

/// A table of these columns.
pub(crate) fn table(name: &str, columns: Vec<(&str, ArrayRef)>) -> Result<Table, Error> {
    let fields: Vec<_> = columns
        .iter()
        .map(|(name, array)| classed(name, array.data_type().clone(), true, Sensitivity::Internal))
        .collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|_| {
        Error::Query { what: name.to_owned(), reason: "its columns do not fit together".to_owned() }
    })?;
    Ok((name.to_owned(), batch))
}

type Columns<'a> = Vec<(&'a str, ArrayRef)>;

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(values.map(Some).collect::<StringArray>())
}

fn counts(values: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(values.map(|value| Some(value as i64)).collect::<Int64Array>())
}

/// ISO dates; NULL where there is none.
pub(crate) fn days<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let day = |text: &str| date(text, Layout::YearFirst).ok().map(milaan_kernels::date::Date::days);
    Arc::new(values.map(|value| value.and_then(day)).collect::<Date32Array>())
}

fn reject_columns<'a>(rejects: &[(&str, &Reject)]) -> Columns<'a> {
    let column_names: StringArray =
        rejects.iter().map(|(_, reject)| reject.column.as_deref()).collect();
    vec![
        ("source_id", texts(rejects.iter().map(|(id, _)| *id))),
        ("file", texts(rejects.iter().map(|(_, reject)| reject.file.as_str()))),
        ("sheet", texts(rejects.iter().map(|(_, reject)| reject.sheet.as_str()))),
        ("row", counts(rejects.iter().map(|(_, reject)| reject.row))),
        ("rule", texts(rejects.iter().map(|(_, reject)| reject.rule.as_str()))),
        ("column_name", Arc::new(column_names)),
        ("reason", texts(rejects.iter().map(|(_, reject)| reject.reason.as_str()))),
    ]
}

fn file_columns<'a>(receipts: &[&SourceReceipt]) -> Columns<'a> {
    let files: Vec<_> = receipts
        .iter()
        .flat_map(|source| source.files.iter().map(move |file| (source.source_id.as_str(), file)))
        .collect();
    vec![
        ("source_id", texts(files.iter().map(|(id, _)| *id))),
        ("file", texts(files.iter().map(|(_, file)| file.file.as_str()))),
        ("sheet", texts(files.iter().map(|(_, file)| file.sheet.as_str()))),
        ("rows_read", counts(files.iter().map(|(_, file)| file.rows_read))),
        ("rows_landed", counts(files.iter().map(|(_, file)| file.rows_landed))),
        ("rows_rejected", counts(files.iter().map(|(_, file)| file.rows_rejected))),
        ("rows_skipped", counts(files.iter().map(|(_, file)| file.rows_skipped))),
    ]
}

fn source_columns<'a>(pipeline: &Pipeline, receipts: &[&SourceReceipt]) -> Columns<'a> {
    let known: Vec<_> = receipts
        .iter()
        .filter_map(|receipt| Some((*receipt, pipeline.source(&receipt.source_id)?)))
        .collect();
    vec![
        ("source_id", texts(known.iter().map(|(receipt, _)| receipt.source_id.as_str()))),
        ("title", texts(known.iter().map(|(_, source)| source.title.as_str()))),
        ("department", texts(known.iter().map(|(_, source)| source.department.as_str()))),
        ("taken", texts(known.iter().map(|(receipt, _)| receipt.taken))),
        ("records", counts(known.iter().map(|(receipt, _)| receipt.records))),
        ("stated_on", days(known.iter().map(|(_, source)| source.as_of.as_deref()))),
        (
            "is_registry",
            Arc::new(
                known
                    .iter()
                    .map(|(_, source)| Some(source.id == pipeline.registry.id))
                    .collect::<BooleanArray>(),
            ),
        ),
        (
            "unique_persons",
            Arc::new(
                known
                    .iter()
                    .map(|(_, source)| Some(source.unique_persons))
                    .collect::<BooleanArray>(),
            ),
        ),
        (
            "same_as_registry",
            Arc::new(
                known
                    .iter()
                    .map(|(_, source)| Some(source.same_as_registry))
                    .collect::<BooleanArray>(),
            ),
        ),
    ]
}

/// Which fields each list has, by the base of their canonical columns.
fn field_columns<'a>(pipeline: &Pipeline) -> Columns<'a> {
    let fields: Vec<(&str, String)> = std::iter::once(&pipeline.registry)
        .chain(&pipeline.sources)
        .flat_map(|source| source.columns.iter().map(|one| (source.id.as_str(), one.base())))
        .collect();
    vec![
        ("source_id", texts(fields.iter().map(|(id, _)| *id))),
        ("field", texts(fields.iter().map(|(_, base)| base.as_str()))),
    ]
}

/// The pipeline's places, one a row.
fn place_columns(pipeline: &Pipeline) -> Columns<'_> {
    let places = || pipeline.places.iter();
    let known = |value: fn(&Place) -> Option<&str>| -> ArrayRef {
        Arc::new(places().map(value).collect::<StringArray>())
    };
    vec![
        ("level", texts(places().map(|place| place.level.as_str()))),
        ("code", known(|place| place.code.as_deref())),
        ("name", texts(places().map(|place| place.name.as_str()))),
        ("parent_code", known(|place| place.parent.as_deref())),
        ("census_code", known(|place| place.census.as_deref())),
        ("valid_from", days(places().map(|place| place.valid_from.as_deref()))),
        ("valid_to", days(places().map(|place| place.valid_to.as_deref()))),
    ]
}

/// Which places were made of which, and since when.
fn crosswalk_columns(pipeline: &Pipeline) -> Columns<'_> {
    let rows: Vec<(&Place, &str)> = pipeline
        .places
        .iter()
        .flat_map(|place| place.formerly.iter().map(move |code| (place, code.as_str())))
        .collect();
    vec![
        ("level", texts(rows.iter().map(|(place, _)| place.level.as_str()))),
        (
            "code",
            texts(
                rows.iter().map(|(place, _)| place.code.as_ref().unwrap_or(&place.name).as_str()),
            ),
        ),
        ("formerly", texts(rows.iter().map(|(_, code)| *code))),
        ("since", days(rows.iter().map(|(place, _)| place.valid_from.as_deref()))),
    ]
}

/// A policy as a table; a column without any value is text.
fn policy_columns(policy: &PolicyTable) -> Columns<'_> {
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (at, name) in policy.columns.iter().enumerate() {
        let values = || policy.rows.iter().map(move |row| row.get(at).and_then(Option::as_ref));
        let declared = policy.kinds.get(at).copied().flatten();
        let kind = declared.or_else(|| values().flatten().next().map(PolicyKind::of));
        let array: ArrayRef = match kind {
            Some(PolicyKind::Integer) => {
                Arc::new(
                    values()
                        .map(|value| {
                            if let Some(PolicyValue::Integer(n)) = value { Some(*n) } else { None }
                        })
                        .collect::<Int64Array>(),
                )
            }
            Some(PolicyKind::Number) => Arc::new(
                values()
                    .map(
                        |value| {
                            if let Some(PolicyValue::Number(n)) = value { Some(*n) } else { None }
                        },
                    )
                    .collect::<Float64Array>(),
            ),
            Some(PolicyKind::Boolean) => {
                Arc::new(
                    values()
                        .map(|value| {
                            if let Some(PolicyValue::Boolean(b)) = value { Some(*b) } else { None }
                        })
                        .collect::<BooleanArray>(),
                )
            }
            Some(PolicyKind::Date) => days(values().map(|value| match value {
                Some(PolicyValue::Date(text)) => Some(text.as_str()),
                _ => None,
            })),
            _ => Arc::new(
                values()
                    .map(|value| {
                        if let Some(PolicyValue::Text(t)) = value { Some(t.as_str()) } else { None }
                    })
                    .collect::<StringArray>(),
            ),
        };
        columns.push((name, array));
    }
    let version: ArrayRef =
        Arc::new(Int64Array::from(vec![i64::from(policy.version); policy.rows.len()]));
    columns.push(("policy_version", version));
    columns
}
