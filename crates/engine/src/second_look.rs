//! The second look at the pairs of a run (`milaan_linkage::second`): joins what it needs to them, and writes them weighed.

use std::fmt::Write as _;
use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::datasource::MemTable;
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
    let mut look = SecondLook::new(model, weights, scope);
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
    let fitted = look.fit();
    let batches = look.batches(&fitted).collect::<Result<Vec<_>, _>>().map_err(Error::Linking)?;
    let table = MemTable::try_new(second_schema(), vec![batches]).map_err(failed)?;
    let _ = ctx.deregister_table(WEIGHED);
    ctx.register_table(WEIGHED, Arc::new(table)).map_err(failed)?;
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
    let mut joins = String::new();
    for (at, ways) in counted.iter().enumerate() {
        let mut frequency = String::new();
        for (way, one) in ways.iter().enumerate() {
            let name = format!("c{at}_{way}");
            let counts = format!(
                "(SELECT {key} AS k, count(*) AS n FROM registry WHERE \"{first}\" IS NOT NULL GROUP BY 1)",
                key = key("", one),
                first = one.columns[0]
            );
            let _ =
                write!(joins, "\nLEFT JOIN {counts} AS {name} ON {name}.k = {}", key("r.", one));
            let mut count = format!("{name}.n");
            if one.either_side {
                let _ = write!(
                    joins,
                    "\nLEFT JOIN {counts} AS {name}l ON {name}l.k = {}",
                    key("l.", one)
                );
                count = format!("greatest(coalesce({name}.n, 0), coalesce({name}l.n, 0))");
            }
            let _ = write!(frequency, " WHEN {} THEN {count}", one.agree);
        }
        if !frequency.is_empty() {
            let _ = write!(columns, ",\n  CASE{frequency} END AS f{at}");
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
         JOIN registry AS r ON r.resident_ref = p.resident_ref{joins}\n\
         ORDER BY p.record_id, p.resident_ref"
    )
}

/// One text for all columns counted together.
fn key(side: &str, counted: &Counted) -> String {
    let column = |name: &String| format!("{side}\"{name}\"");
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
