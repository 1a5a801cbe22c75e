//! A file of pairs for clerks: both sides masked, how far each field agrees, and nothing of weight, probability or band.
//!
//! The pairs come in the order of their ids, which are as good as random and the same for the same data. A value of the
//! registry is shown only of residents who have done eKYC, where the registry knows that (SOP 3.3).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Schema, SchemaRef};
use datafusion::prelude::SessionContext;
use milaan_linkage::second::DECISION;
use milaan_manifest::Pipeline;
use milaan_model::matching::{Comparator, Comparison};
use milaan_model::schema::classed;
use milaan_model::{Band, ColumnContract, ColumnType, OutputFormat, ReportContract, Sensitivity};
use milaan_publish::{Publication, private};

use super::ledger::{Given, Ledger, Sample};
use crate::classes;
use crate::error::Error;
use crate::query::register_run;
use crate::rows::{TextRow, count, text, text_rows};
use crate::session::{self, Resources};
use crate::state::State;

/// A file of pairs that is wanted.
#[derive(Debug, Clone)]
pub struct ExportOrder {
    /// Where runs and state are kept.
    pub out: PathBuf,
    /// The run whose pairs they are.
    pub run: PathBuf,
    /// The file; it must not be there.
    pub to: PathBuf,
    /// So many pairs of each band at random; `None`: the pairs that wait for people.
    pub sample: Option<u64>,
    /// The bands of the sample; empty: exact, high and review.
    pub bands: Vec<Band>,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// Pairs in the file.
    pub pairs: u64,
    /// Of a sample: each band with the pairs taken and the pairs it has.
    pub bands: Vec<(Band, u64, u64)>,
}

pub(crate) async fn export(pipeline: &Pipeline, order: &ExportOrder) -> Result<Exported, Error> {
    if order.to.symlink_metadata().is_ok() {
        return Err(Error::Usage {
            message: format!("`{}` is there already", order.to.display()),
            hint: Some("it may hold decisions: name another file".to_owned()),
        });
    }
    let owner = format!("`milaan review export`, process {}", std::process::id());
    let state = State::open(&order.out, pipeline.id.as_str(), &owner)?;
    let resources = Resources { threads: 2, memory_bytes: 2 << 30, spill: Some(state.spill()) };
    let ctx = session::open(&resources, None)?;
    register_run(&ctx, &order.run).await?;
    check_run(pipeline, &order.run)?;
    keep(&ctx, "reviewed", &reviewed(order.sample.is_some())).await?;
    let (taken, exported) = choose(&ctx, order).await?;
    let sheet = tell(&ctx, pipeline, &taken).await?;
    write(&state, order, &sheet)?;
    Ledger::read(state.folder())?.give(sheet.pairs.into_iter().map(|pair| pair.given).collect())?;
    Ok(exported)
}

/// The run has its stages, and is one of this pipeline.
fn check_run(pipeline: &Pipeline, run: &Path) -> Result<(), Error> {
    let refuse =
        |message: String, hint: &str| Err(Error::Usage { message, hint: Some(hint.to_owned()) });
    if !["pairs", "records", "registry"].iter().all(|name| run.join("stages").join(name).is_dir()) {
        let message = format!("`{}` keeps no stages to take pairs from", run.display());
        return refuse(message, "run the pipeline again, or name a newer run with --run");
    }
    let path = run.join("receipt.json");
    let bytes = std::fs::read(&path).map_err(Error::io("cannot read", &path))?;
    let receipt: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if receipt["pipeline"] != pipeline.id.as_str() {
        let message = format!("`{}` is no run of pipeline `{}`", run.display(), pipeline.id);
        return refuse(message, "name the run with --run, or its `out` folder with --out");
    }
    Ok(())
}

/// Keeps a query's result in memory, with the classes of its columns.
async fn keep(ctx: &SessionContext, name: &str, sql: &str) -> Result<(), Error> {
    let frame = session::plan(ctx, name, sql).await?;
    let classes = classes::by_name(frame.logical_plan());
    let schema = session::classed_schema(frame.schema().as_arrow(), &classes);
    let failed = |error| Error::of_query(name, &error);
    let batches = frame.collect().await.map_err(failed)?;
    let classed = |batch: RecordBatch| {
        let columns = batch.columns().to_vec();
        RecordBatch::try_new(Arc::clone(&schema), columns).map_err(|error| failed(error.into()))
    };
    let batches = batches.into_iter().map(classed).collect::<Result<Vec<_>, _>>()?;
    session::memory_table(ctx, name, schema, batches)
}

/// Every pair that may be given out, with its id and the band the machine gives it: accepted ones by their band, those that wait
/// as `review`, the others that are `low`. What people decided before is no pair of a sample.
fn reviewed(sample: bool) -> String {
    let unless = if sample {
        format!(
            "AND NOT coalesce(array_element(p.evidence, -1)['comparison'] = '{DECISION}', false)"
        )
    } else {
        "AND band = 'review'".to_owned()
    };
    format!(
        "SELECT case_key('pair', concat_ws('/', p.source_id, p.record_id, p.resident_ref, l.fingerprint, r.fingerprint)) AS pair_id,\n\
         p.*, l.fingerprint AS record_print, r.fingerprint AS resident_print\n\
         FROM (\n\
         SELECT p.source_id, p.record_id, p.resident_ref, p.evidence, a.model_id,\n\
         CASE WHEN s.same_as_registry THEN p.band\n\
              WHEN a.lookup = 'found' AND p.resident_ref = a.resident_ref THEN p.band\n\
              WHEN a.lookup = 'ambiguous' AND (p.band <> 'low' OR p.contradictions > 0) THEN 'review'\n\
              WHEN p.band = 'low' THEN 'low' END AS band\n\
         FROM pairs AS p\n\
         JOIN answers AS a ON a.source_id = p.source_id AND a.record_id = p.record_id\n\
         JOIN source_list AS s ON s.source_id = p.source_id\n\
         ) AS p\n\
         JOIN records AS l ON l.source_id = p.source_id AND l.record_id = p.record_id\n\
         JOIN registry AS r ON r.resident_ref = p.resident_ref\n\
         WHERE band IS NOT NULL {unless}"
    )
}

/// Puts the chosen pairs into the table `chosen`; the band and size of each pair's sample, by its id.
async fn choose(
    ctx: &SessionContext,
    order: &ExportOrder,
) -> Result<(BTreeMap<String, Sample>, Exported), Error> {
    let Some(wanted) = order.sample else {
        session::view(ctx, "chosen", "SELECT * FROM reviewed").await?;
        let pairs = session::count(ctx, "pairs", "SELECT count(*) FROM chosen").await?;
        return Ok((BTreeMap::new(), Exported { pairs, bands: Vec::new() }));
    };
    let default = [Band::Exact, Band::High, Band::Review];
    let bands = if order.bands.is_empty() { &default } else { order.bands.as_slice() };
    let bands: BTreeSet<Band> = bands.iter().copied().collect();
    let named: Vec<String> = bands.iter().map(|band| format!("'{band}'")).collect();
    let chosen = format!(
        "SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY band) AS of_band,\n\
         row_number() OVER (PARTITION BY band ORDER BY case_key('sample', pair_id)) AS place FROM reviewed\n\
         WHERE band IN ({})) WHERE place <= {wanted}",
        named.join(", ")
    );
    keep(ctx, "chosen", &chosen).await?;
    let rows = text_rows(ctx, "sample", "SELECT pair_id, band, of_band FROM chosen").await?;
    let mut taken = BTreeMap::new();
    for row in &rows {
        let Ok(band) = text(row, 1).parse::<Band>() else { continue };
        taken.insert(text(row, 0), Sample { band, pairs: count(row, 2) });
    }
    let of_band = |band: Band| {
        let mut of = taken.values().filter(move |sample| sample.band == band);
        let pairs = of.next().map_or(0, |sample| sample.pairs);
        (band, of.count() as u64 + u64::from(pairs > 0), pairs)
    };
    let exported =
        Exported { pairs: rows.len() as u64, bands: bands.into_iter().map(of_band).collect() };
    Ok((taken, exported))
}

/// The file before it is written.
struct Sheet {
    /// Its columns between [`LINEAGE`] and [`TO_FILL`], and what they mean.
    columns: Vec<(String, &'static str)>,
    pairs: Vec<Pair>,
}

/// A pair as it is given out.
struct Pair {
    given: Given,
    /// [`LINEAGE`], then the columns of its [`Sheet`].
    cells: TextRow,
}

/// A field that is shown: its comparison, its column, and how the record's side and the registry's are read and masked.
struct Field<'a> {
    comparison: &'a Comparison,
    column: &'a str,
    shown: [String; 2],
}

/// What stands before the fields.
const LINEAGE: [(&str, &str); 6] = [
    ("pair_id", "the pair"),
    ("list", "the list that the record stands in"),
    ("list_file", "its file"),
    ("list_sheet", "its sheet; empty where the format has none"),
    ("list_row", "the row as a person sees it"),
    ("resident_ref", "the candidate, by the registry's own key"),
];
/// What a clerk fills in.
const TO_FILL: [(&str, &str); 4] = [
    ("decision", "SAME, DIFFERENT or UNSURE"),
    ("decided_by", "who decided"),
    ("decided_on", "the day, as 2026-11-23"),
    ("note", "anything to be remembered; it stays in the private state"),
];

/// Reads what is shown of the chosen pairs, by id.
async fn tell(
    ctx: &SessionContext,
    pipeline: &Pipeline,
    samples: &BTreeMap<String, Sample>,
) -> Result<Sheet, Error> {
    let fields = fields(ctx, pipeline).await?;
    let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let mut columns =
        of(&["c.pair_id", "c.source_id", "l.file", "l.sheet", "l.row", "c.resident_ref"]);
    columns.extend(fields.iter().flat_map(|field| field.shown.iter().cloned()));
    let sql = format!(
        "SELECT {}, c.record_id, c.record_print, c.resident_print, c.model_id FROM chosen AS c\n\
         JOIN records AS l ON l.source_id = c.source_id AND l.record_id = c.record_id\n\
         JOIN registry AS r ON r.resident_ref = c.resident_ref ORDER BY c.pair_id",
        columns.join(", ")
    );
    let what = "pairs for review";
    let plan = session::plan(ctx, what, &sql).await?;
    classes::refuse_above(what, plan.logical_plan(), |_| Sensitivity::Internal)?;
    let mut levels = levels(ctx).await?;
    let rows = text_rows(ctx, what, &sql).await?;
    let width = LINEAGE.len() + 2 * fields.len();
    let pair = |row: &TextRow| {
        let pair_id = text(row, 0);
        let of_pair = levels.remove(&pair_id).unwrap_or_default();
        let mut cells: TextRow = row[..LINEAGE.len()].to_vec();
        for (at, field) in fields.iter().enumerate() {
            let of_field = LINEAGE.len() + 2 * at;
            cells.extend(row[of_field..of_field + 2].iter().cloned());
            if is_last(&fields, at) {
                cells.push(of_pair.get(field.comparison.name.as_str()).cloned());
            }
        }
        let given = Given {
            source_id: text(row, 1),
            record_id: text(row, width),
            resident_ref: text(row, 5),
            record: text(row, width + 1),
            resident: text(row, width + 2),
            model_id: text(row, width + 3),
            levels: of_pair,
            sample: samples.get(&pair_id).copied(),
            pair_id,
        };
        Pair { given, cells }
    };
    Ok(Sheet { pairs: rows.iter().map(pair).collect(), columns: columns_of(&fields) })
}

fn columns_of(fields: &[Field<'_>]) -> Vec<(String, &'static str)> {
    let mut columns = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        columns.push((format!("{}_here", field.column), "in the list, masked"));
        columns.push((format!("{}_there", field.column), "in the registry, masked"));
        if is_last(fields, at) {
            columns.push((field.comparison.name.to_string(), "how far the two agree"));
        }
    }
    columns
}

/// Whether a field is the last of its comparison, behind which the level stands.
fn is_last(fields: &[Field<'_>], at: usize) -> bool {
    let next = fields.get(at + 1);
    next.is_none_or(|next| next.comparison.name != fields[at].comparison.name)
}

/// The levels of the chosen pairs, by pair and comparison.
async fn levels(ctx: &SessionContext) -> Result<BTreeMap<String, BTreeMap<String, String>>, Error> {
    let sql = "SELECT pair_id, one['comparison'], one['level']\n\
        FROM (SELECT pair_id, unnest(evidence) AS one FROM chosen) AS flat";
    let mut levels: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for row in text_rows(ctx, "evidence", sql).await? {
        levels.entry(text(&row, 0)).or_default().insert(text(&row, 1), text(&row, 2));
    }
    Ok(levels)
}

/// What the model compares and both sides have.
async fn fields<'a>(ctx: &SessionContext, pipeline: &'a Pipeline) -> Result<Vec<Field<'a>>, Error> {
    let schema = async |side: &str| -> Result<SchemaRef, Error> {
        let frame = session::plan(ctx, side, &format!("SELECT * FROM {side} LIMIT 0")).await?;
        Ok(Arc::new(frame.schema().as_arrow().clone()))
    };
    let (list, registry) = (schema("records").await?, schema("registry").await?);
    let knows_ekyc = pipeline.registry.columns.iter().any(|column| column.base() == "ekyc");
    let mut fields = Vec::new();
    for comparison in &pipeline.model.comparisons {
        for column in &comparison.columns {
            let here = shown(comparison, column, ("l", &list));
            let there = shown(comparison, column, ("r", &registry));
            if let (Some(here), Some(there)) = (here, there) {
                let there = if knows_ekyc {
                    format!("CASE WHEN coalesce(r.ekyc, false) THEN {there} END")
                } else {
                    there
                };
                let named = |cell: String, side| format!("{cell} AS \"{column}_{side}\"");
                let shown = [named(here, "here"), named(there, "there")];
                fields.push(Field { comparison, column, shown });
            }
        }
    }
    Ok(fields)
}

/// A side's column as a clerk may see it; `None`: it is not there, or nothing to be shown.
fn shown(
    comparison: &Comparison,
    column: &str,
    (side, schema): (&str, &SchemaRef),
) -> Option<String> {
    let kind =
        |name: &str| schema.field_with_name(name).ok().map(|field| field.data_type().clone());
    let value = format!("{side}.\"{column}\"");
    let masked = format!("{column}_masked");
    if kind(&masked).is_some() {
        return Some(format!("{side}.\"{masked}\""));
    }
    let is = |field: &str| column == field || column.ends_with(&format!("_{field}"));
    Some(match kind(column)? {
        DataType::List(_) | DataType::LargeList(_) => return None,
        DataType::Date32 if kind(&format!("{column}_precision")).is_some() => {
            format!("coalesce(mask_date({value}), {side}.\"{column}_precision\")")
        }
        DataType::Date32 => format!("mask_date({value})"),
        _ if ["person_name", "relative_name", "given_name", "surname"].into_iter().any(is) => {
            format!("mask_name({value})")
        }
        _ if is("phone") => format!("mask_phone({value})"),
        _ if comparison.comparator == Comparator::Place => value,
        _ => format!("mask_text(CAST({value} AS VARCHAR))"),
    })
}

/// Writes the file by way of a publication of its own: held to a contract, made safe for spreadsheets, scanned for identifiers.
fn write(state: &State, order: &ExportOrder, sheet: &Sheet) -> Result<(), Error> {
    let contract = contract(sheet)?;
    let batch = rows(&contract, &sheet.pairs)?;
    let publication = Publication::begin(&state.spill(), "review")?;
    let mut writer = publication.reports().report(&contract, &batch.schema())?;
    writer.write(&batch)?;
    writer.finish()?;
    publication.scan(1).map_err(Error::Leaks)?;
    let path = publication.folder().join("reports/review.csv");
    let bytes = std::fs::read(&path).map_err(Error::io("cannot read", &path))?;
    Ok(private::write_file(&order.to, &bytes)?)
}

/// Masked is still personal: the file is restricted.
fn contract(sheet: &Sheet) -> Result<ReportContract, Error> {
    let column = |(name, meaning): (&str, &str)| ColumnContract {
        name: name.to_owned(),
        kind: if name == "list_row" { ColumnType::Integer } else { ColumnType::Text },
        class: Sensitivity::Restricted,
        required: name == "pair_id",
        meaning: meaning.to_owned(),
        values: Vec::new(),
    };
    let shown = sheet.columns.iter().map(|(name, meaning)| (name.as_str(), *meaning));
    let columns = LINEAGE.into_iter().chain(shown).chain(TO_FILL).map(column);
    let name = "review".parse().map_err(|_| Error::Counts("the name of a file".to_owned()))?;
    Ok(ReportContract {
        name,
        version: 1,
        title: "Pairs to be decided, masked and without the machine's opinion".to_owned(),
        grain: "record x resident".to_owned(),
        clearance: Sensitivity::Restricted,
        columns: columns.collect(),
        key: vec!["pair_id".to_owned()],
        formats: vec![OutputFormat::Csv],
        rows_max: None,
        sheets_by: None,
    })
}

fn rows(contract: &ReportContract, pairs: &[Pair]) -> Result<RecordBatch, Error> {
    let (mut fields, mut columns): (Vec<_>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
    for (at, column) in contract.columns.iter().enumerate() {
        let cells = pairs.iter().map(|pair| pair.cells.get(at).and_then(Option::as_deref));
        let (kind, array): (_, ArrayRef) = if column.kind == ColumnType::Integer {
            let numbers = cells.map(|cell| cell.and_then(|cell| cell.parse().ok()));
            (DataType::Int64, Arc::new(numbers.collect::<Int64Array>()))
        } else {
            (DataType::Utf8, Arc::new(cells.collect::<StringArray>()))
        };
        fields.push(classed(&column.name, kind, true, column.class));
        columns.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(|_| Error::Counts("pairs for review".to_owned()))
}
