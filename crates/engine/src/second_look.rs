//! The second look at the pairs of a run (`milaan_linkage::second`): joins what it needs to them, and writes them weighed.

use std::fmt::Write as _;

use datafusion::arrow::datatypes::DataType;
use futures::StreamExt as _;
use milaan_linkage::second::{self, Counted, Fitted, Scope, SecondLook, second_schema};
use milaan_model::matching::{Comparator, MatchModel, Weights};

use crate::error::Error;
use crate::session;

/// The view of pairs as the operator found them, by the record names of the view `list`.
pub(crate) const FOUND: &str = "pairs_found";
/// The table of pairs as they are seen at the second look.
pub(crate) const WEIGHED: &str = "pairs_weighed";

/// Weighs the pairs of the view [`FOUND`] again, into the table [`WEIGHED`]. Needs the views `list` and `registry`.
pub(crate) async fn look(
    ctx: &datafusion::prelude::SessionContext,
    model: &MatchModel,
    weights: &Weights,
    scope: Scope,
) -> Result<Fitted, Error> {
    let what = "second look";
    let registry = session::plan(ctx, what, "SELECT * FROM registry LIMIT 0").await?;
    let schema = registry.schema().as_arrow().clone();
    let is = |name: &str, fits: fn(&DataType) -> bool| {
        schema.field_with_name(name).is_ok_and(|field| fits(field.data_type()))
    };
    let text =
        |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8);
    let counted = second::counted(model, &|name| is(name, text));
    let mut look = SecondLook::new(model, weights, scope, &counted);
    let own = look.wants_own_names();
    let lists: Vec<bool> = ["person_name_keys", "relative_name_keys"]
        .map(|name| own && is(name, |kind| matches!(kind, DataType::List(_))))
        .to_vec();
    let sql = seen(model, &counted, &lists);
    let frame = session::plan(ctx, what, &sql).await?;
    let failed = |error| Error::of_query(what, &error);
    let mut stream = frame.execute_stream().await.map_err(failed)?;
    while let Some(batch) = stream.next().await {
        look.push(&batch.map_err(failed)?).map_err(Error::Linking)?;
    }
    let mut rows = session::plan(ctx, what, &counting(&counted))
        .await?
        .execute_stream()
        .await
        .map_err(failed)?;
    while let Some(batch) = rows.next().await {
        look.count(&batch.map_err(failed)?).map_err(Error::Linking)?;
    }
    let fitted = look.fit();
    let batches = look.batches(&fitted).collect::<Result<Vec<_>, _>>().map_err(Error::Linking)?;
    session::memory_table(ctx, WEIGHED, second_schema(), batches)?;
    Ok(fitted)
}

/// The pairs with what the second look reads, in order.
fn seen(model: &MatchModel, counted: &[Vec<Counted>], lists: &[bool]) -> String {
    let mut columns = String::from(
        "p.record_id, p.resident_ref, p.rule, p.match_probability, p.contradictions, p.evidence",
    );
    for ((column, name), there) in
        [("person_name_keys", "own"), ("relative_name_keys", "relative")].iter().zip(lists)
    {
        if *there {
            let _ = write!(columns, ",\n  l.{column} AS l_{name}, r.{column} AS r_{name}");
        }
    }
    for (at, ways) in counted.iter().enumerate() {
        for (way, one) in ways.iter().enumerate() {
            let agreed = |side| match one.agree.as_str() {
                "true" => key(side, one),
                agree => format!("CASE WHEN {agree} THEN {} END", key(side, one)),
            };
            let _ = write!(columns, ",\n  {} AS v{at}_{way}", agreed("r."));
            if one.either_side {
                let _ = write!(columns, ",\n  {} AS w{at}_{way}", agreed("l."));
            }
        }
    }
    for (at, comparison) in model.comparisons.iter().enumerate() {
        if let (Comparator::BirthDate, Some(base)) =
            (comparison.comparator, comparison.columns.first())
        {
            let _ = write!(
                columns,
                ",\n  coalesce(l.\"{base}_precision\" = 'day' AND r.\"{base}_precision\" = 'day', false) AS d{at}"
            );
        }
    }
    format!(
        "SELECT {columns}\nFROM {FOUND} AS p\nJOIN list AS l ON l.record_id = p.record_id\n\
         JOIN registry AS r ON r.resident_ref = p.resident_ref\n\
         ORDER BY p.record_id, p.resident_ref"
    )
}

/// What is counted, of every row of the registry.
fn counting(counted: &[Vec<Counted>]) -> String {
    let mut columns = Vec::new();
    for (at, ways) in counted.iter().enumerate() {
        let each = ways.iter().enumerate();
        columns.extend(each.map(|(way, one)| format!("{} AS v{at}_{way}", key("", one))));
    }
    if columns.is_empty() {
        return "SELECT 1 AS nothing WHERE false".to_owned();
    }
    format!("SELECT {} FROM registry", columns.join(", "))
}

/// One text for all columns counted together.
fn key(side: &str, counted: &Counted) -> String {
    let column = |name: &String| format!("CAST({side}\"{name}\" AS VARCHAR)");
    match counted.columns.as_slice() {
        [one] => column(one),
        several => {
            let each: Vec<String> =
                several[1..].iter().map(|name| format!("coalesce({}, '')", column(name))).collect();
            // NULL where the first is: concat would pass over it.
            format!("{} || chr(31) || {}", column(&several[0]), each.join(" || chr(31) || "))
        }
    }
}
