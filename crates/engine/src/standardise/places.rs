//! Which place of the pipeline's table each text of a list means: worked out once for the distinct texts, kept as `place_map`.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    Array as _, ArrayRef, AsArray as _, Float64Array, Int64Array, RecordBatch, StringArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use milaan_functions::Tables;
use milaan_kernels::gazetteer::{Found, Gazetteer, How, LEVELS, Place, RULES, Settled};
use milaan_kernels::hash::{combine, hash64};
use milaan_manifest::Pipeline;

use super::sql::{PLACE_TEXTS, Standardiser};
use crate::error::Error;
use crate::run::Run;
use crate::session;
use crate::tables::{self, Table};

/// A text of a list and the place it means.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mapped {
    source_id: String,
    level: &'static str,
    text: String,
    parent: Option<String>,
    place_key: String,
    /// The keys of the levels above that the list has, the nearest first.
    above: Vec<String>,
    rows: i64,
    meaning: Meaning,
    /// The date of reference of the first run that saw it (ISO).
    first_seen: String,
}

/// The place that a text means.
#[derive(Debug, Clone, Default)]
struct Meaning {
    code: Option<String>,
    name: Option<String>,
    how: &'static str,
    confidence: f64,
}

/// A pipeline's places.
#[derive(Debug)]
pub(crate) struct Places {
    gazetteer: Gazetteer,
    /// Another one for other tables, corrections or rules.
    mark: u64,
}

/// What last night's map has of a list, by level, key and keys above.
#[derive(Debug, Default)]
struct Kept(HashMap<(String, String, String), (Option<Meaning>, String)>);

/// The pipeline's places, ready for looking up.
pub(crate) fn places(pipeline: &Pipeline) -> Places {
    let places: Vec<Place<'_>> = pipeline
        .places
        .iter()
        .map(|place| Place {
            level: &place.level,
            code: place.code.as_deref().unwrap_or_default(),
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
    let mark = mark(&format!("{places:?} {settled:?}"));
    Places { gazetteer: Gazetteer::new(&places, &settled), mark }
}

fn mark(tables: &str) -> u64 {
    hash64(u64::from(RULES), tables.as_bytes())
}

/// Maps the places of the landed list and tells the session; what was mapped is added to `map`. A text that last night's map has
/// is taken from there, as long as tables, corrections and what is valid on the list's day are the same.
pub(crate) async fn map_places(
    run: &Run<'_>,
    standardiser: &Standardiser<'_>,
    places: &Places,
    map: &mut Vec<Mapped>,
) -> Result<(), Error> {
    let day = standardiser.source.as_of.as_deref().unwrap_or(standardiser.as_of);
    let mark = combine(places.mark, places.gazetteer.period(day) as u64) as i64;
    let name = format!("{}.parquet", standardiser.source.id);
    let kept = Kept::read(run, &name, mark).await?;
    let mut mapped = Vec::new();
    if let Some(sql) = standardiser.place_texts() {
        session::table(&run.ctx, PLACE_TEXTS, &sql).await?;
    }
    for level in LEVELS {
        let Some(sql) = standardiser.distinct_places(level) else { continue };
        let levels_above = standardiser.levels_above(level);
        for batch in session::collect(&run.ctx, "place_map", &sql).await? {
            let counts = batch.column(0).as_primitive::<Int64Type>();
            let texts = Texts::of(&batch, 1)?;
            for row in 0..batch.num_rows() {
                let mut one = distinct(&texts, row);
                one.rows = counts.value(row);
                (one.source_id, one.level) = (standardiser.source.id.to_string(), level);
                let (meaning, first_seen) = kept.of(&one);
                first_seen.unwrap_or(&run.as_of).clone_into(&mut one.first_seen);
                one.meaning = meaning.cloned().unwrap_or_else(|| {
                    let keys = one.above.iter().map(String::as_str);
                    let above: Vec<_> = levels_above.iter().copied().zip(keys).collect();
                    Meaning::of(places.gazetteer.find_key(level, &one.place_key, &above, day))
                });
                mapped.push(one);
            }
        }
    }
    let coded = mapped.iter().filter_map(|one| {
        Some((one.level, one.place_key.as_str(), &one.above[..], one.meaning.code.as_deref()?))
    });
    session::change_tables(&run.ctx, |tables: &Tables| tables.with_places(coded));
    let mut columns = columns(&mapped);
    columns.push(("table_mark", Arc::new(Int64Array::from(vec![mark; mapped.len()]))));
    let (_, batch) = tables::table("place_map", columns)?;
    tables::write(&run.state.next(&run.id, "place_map", &name)?, &batch)?;
    map.extend(mapped);
    Ok(())
}

/// A row of [`Standardiser::distinct_places`].
fn distinct(texts: &Texts, row: usize) -> Mapped {
    Mapped {
        place_key: texts.at(0, row).unwrap_or_default(),
        text: texts.at(1, row).unwrap_or_default(),
        parent: texts.at(2, row),
        above: (3..texts.0.len()).map(|at| texts.at(at, row).unwrap_or_default()).collect(),
        ..Mapped::default()
    }
}

/// The columns of a batch behind the first ones, as texts.
struct Texts(Vec<ArrayRef>);

impl Texts {
    fn of(batch: &RecordBatch, first: usize) -> Result<Self, Error> {
        let columns = batch.columns()[first..].iter();
        let texts = columns.map(|column| cast(column, &DataType::Utf8)).collect::<Result<_, _>>();
        texts.map(Self).map_err(|error| Error::of_query("place_map", &error.into()))
    }

    fn at(&self, column: usize, row: usize) -> Option<String> {
        let column = &self.0[column];
        (!column.is_null(row)).then(|| column.as_string::<i32>().value(row).to_owned())
    }
}

impl Mapped {
    /// The keys above as one text; keys hold letters and digits alone.
    fn above_key(&self) -> Option<String> {
        self.above.iter().any(|key| !key.is_empty()).then(|| self.above.join("/"))
    }
}

impl Meaning {
    fn of(found: Found<'_>) -> Self {
        Self {
            code: found.code.map(str::to_owned),
            name: found.name.map(str::to_owned),
            how: found.how.as_str(),
            confidence: found.confidence,
        }
    }
}

impl Kept {
    /// Last night's map of a list; meanings only under the same mark.
    async fn read(run: &Run<'_>, name: &str, mark: i64) -> Result<Self, Error> {
        let Some(last) = run.state.last("place_map", name) else { return Ok(Self::default()) };
        session::register_parquet(&run.ctx, "place_map_last", &last).await?;
        let sql = "SELECT confidence, table_mark, level, place_key, above_key, code, name, how,\n\
                   CAST(first_seen AS VARCHAR) AS first_seen FROM place_map_last";
        let mut kept = HashMap::new();
        for batch in session::collect(&run.ctx, "place_map_last", sql).await? {
            let likeness = batch.column(0).as_primitive::<Float64Type>();
            let marks = batch.column(1).as_primitive::<Int64Type>();
            let texts = Texts::of(&batch, 2)?;
            for row in 0..batch.num_rows() {
                let text = |at| texts.at(at, row).unwrap_or_default();
                let how = How::ALL.into_iter().map(How::as_str).find(|how| *how == text(5));
                let meaning = how.filter(|_| marks.value(row) == mark).map(|how| Meaning {
                    code: texts.at(3, row),
                    name: texts.at(4, row),
                    how,
                    confidence: likeness.value(row),
                });
                kept.insert((text(0), text(1), text(2)), (meaning, text(6)));
            }
        }
        Ok(Self(kept))
    }

    fn of(&self, one: &Mapped) -> (Option<&Meaning>, Option<&str>) {
        let above = one.above_key().unwrap_or_default();
        let key = (one.level.to_owned(), one.place_key.clone(), above);
        let found = self.0.get(&key);
        (found.and_then(|(meaning, _)| meaning.as_ref()), found.map(|(_, seen)| seen.as_str()))
    }
}

/// `place_map`: the texts of all lists, by list, level and key.
pub(crate) fn place_map(map: &[Mapped]) -> Result<Table, Error> {
    tables::table("place_map", columns(map))
}

fn columns(map: &[Mapped]) -> Vec<(&'static str, ArrayRef)> {
    let texts = |value: fn(&Mapped) -> Option<&str>| -> ArrayRef {
        Arc::new(map.iter().map(value).collect::<StringArray>())
    };
    let above: StringArray = map.iter().map(Mapped::above_key).collect();
    let rows: Int64Array = map.iter().map(|one| Some(one.rows)).collect();
    let confidence: Float64Array = map.iter().map(|one| Some(one.meaning.confidence)).collect();
    vec![
        ("source_id", texts(|one| Some(&one.source_id))),
        ("level", texts(|one| Some(one.level))),
        ("text", texts(|one| Some(&one.text))),
        ("parent", texts(|one| one.parent.as_deref())),
        ("place_key", texts(|one| Some(&one.place_key))),
        ("above_key", Arc::new(above)),
        ("rows", Arc::new(rows)),
        ("code", texts(|one| one.meaning.code.as_deref())),
        ("name", texts(|one| one.meaning.name.as_deref())),
        ("how", texts(|one| Some(one.meaning.how))),
        ("confidence", Arc::new(confidence)),
        ("first_seen", tables::days(map.iter().map(|one| Some(one.first_seen.as_str())))),
    ]
}
