//! Which place of the pipeline's table each text of a list means: worked out once for the distinct texts, kept as `place_map`.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray as _, Float64Array, Int64Array, StringArray};
use datafusion::arrow::datatypes::Int64Type;
use milaan_functions::Tables;
use milaan_kernels::gazetteer::{Gazetteer, Place, Settled};
use milaan_manifest::Pipeline;

use super::sql::Standardiser;
use crate::error::Error;
use crate::run::Run;
use crate::session;
use crate::tables::{self, Table};

/// The levels of place, from the largest.
const LEVELS: [&str; 6] = ["province", "district", "mandal", "tehsil", "village", "habitation"];

/// A text of a list and the place it means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mapped {
    source_id: String,
    level: &'static str,
    text: String,
    place_key: String,
    above_key: String,
    rows: i64,
    code: Option<String>,
    name: Option<String>,
    how: &'static str,
    confidence: f64,
}

/// The pipeline's places, ready for looking up.
pub(crate) fn gazetteer(pipeline: &Pipeline) -> Gazetteer {
    let places: Vec<Place<'_>> = pipeline
        .places
        .iter()
        .map(|place| Place {
            level: &place.level,
            code: &place.code,
            name: &place.name,
            parent: place.parent.as_deref().unwrap_or_default(),
            also: place.also.iter().map(String::as_str).collect(),
            formerly: place.formerly.iter().map(String::as_str).collect(),
            valid_from: place.valid_from.as_deref().unwrap_or_default(),
            valid_to: place.valid_to.as_deref().unwrap_or_default(),
        })
        .collect();
    let settled: Vec<Settled<'_>> = pipeline
        .place_corrections
        .iter()
        .map(|one| Settled {
            level: &one.level,
            text: &one.text,
            above: one.parent.as_deref().unwrap_or_default(),
            code: one.code.as_deref().unwrap_or_default(),
        })
        .collect();
    Gazetteer::new(&places, &settled)
}

/// Maps the places of the landed list and tells the session; what was mapped is added to `map`.
pub(crate) async fn map_places(
    run: &Run<'_>,
    standardiser: &Standardiser<'_>,
    gazetteer: &Gazetteer,
    map: &mut Vec<Mapped>,
) -> Result<(), Error> {
    let day = standardiser.source.as_of.as_deref().unwrap_or(standardiser.as_of);
    let mut mapped = Vec::new();
    for level in LEVELS {
        let Some(sql) = standardiser.distinct_places(level) else { continue };
        for batch in session::collect(&run.ctx, "place_map", &sql).await? {
            let texts = |at: usize| batch.column(at).as_string::<i32>();
            let counts = batch.column(3).as_primitive::<Int64Type>();
            for row in 0..batch.num_rows() {
                let text = |at: usize| {
                    let column = batch.column(at);
                    if column.is_null(row) { "" } else { texts(at).value(row) }
                };
                let found = gazetteer.find_key(level, text(0), text(1), day);
                mapped.push(Mapped {
                    source_id: standardiser.source.id.to_string(),
                    level,
                    text: text(2).to_owned(),
                    place_key: text(0).to_owned(),
                    above_key: text(1).to_owned(),
                    rows: counts.value(row),
                    code: found.code.map(str::to_owned),
                    name: found.name.map(str::to_owned),
                    how: found.how.as_str(),
                    confidence: found.confidence,
                });
            }
        }
    }
    let coded = mapped.iter().filter_map(|one| {
        Some((one.level, one.place_key.as_str(), one.above_key.as_str(), one.code.as_deref()?))
    });
    session::change_tables(&run.ctx, |tables: &Tables| tables.with_places(coded));
    map.extend(mapped);
    Ok(())
}

/// `place_map`: the texts of all lists, by list, level and key.
pub(crate) fn place_map(map: &[Mapped]) -> Result<Table, Error> {
    let texts = |value: fn(&Mapped) -> Option<&str>| -> ArrayRef {
        Arc::new(map.iter().map(value).collect::<StringArray>())
    };
    tables::table(
        "place_map",
        vec![
            ("source_id", texts(|one| Some(&one.source_id))),
            ("level", texts(|one| Some(one.level))),
            ("text", texts(|one| Some(&one.text))),
            ("place_key", texts(|one| Some(&one.place_key))),
            (
                "above_key",
                texts(|one| Some(&one.above_key).filter(|key| !key.is_empty()).map(String::as_str)),
            ),
            ("rows", Arc::new(map.iter().map(|one| Some(one.rows)).collect::<Int64Array>())),
            ("code", texts(|one| one.code.as_deref())),
            ("name", texts(|one| one.name.as_deref())),
            ("how", texts(|one| Some(one.how))),
            (
                "confidence",
                Arc::new(map.iter().map(|one| Some(one.confidence)).collect::<Float64Array>()),
            ),
        ],
    )
}
