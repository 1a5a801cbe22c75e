//! Blocks of a blocking rule in SQL: over standardised rows, by the rule's keys as its file has them (`column`, or `column[]` where
//! each element of a list is a key).

/// A key of a rule: its column, and whether each element of it is a key.
pub(crate) fn key(written: &str) -> (&str, bool) {
    written.strip_suffix("[]").map_or((written, false), |column| (column, true))
}

/// How many rows of a view each block has: `k0`, `k1` …, `block_rows`.
pub(crate) fn sizes(keys: &[String], view: &str) -> String {
    let raw: Vec<String> = keys
        .iter()
        .enumerate()
        .map(|(at, written)| format!("\"{}\" AS k{at}", key(written).0.replace('"', "\"\"")))
        .collect();
    let sql = exploded(keys, format!("SELECT {} FROM {view}", raw.join(", ")), &[]);
    let names: Vec<String> = (0..keys.len()).map(|at| format!("k{at}")).collect();
    let names = names.join(", ");
    format!("SELECT {names}, count(*) AS block_rows FROM ({sql}) AS keyed GROUP BY {names}")
}

/// One row for each combination of the lists' elements; two lists in one SELECT would be unnested side by side. Rows that lack a
/// key are in no block.
pub(crate) fn exploded(keys: &[String], mut sql: String, carried: &[&str]) -> String {
    for (at, written) in keys.iter().enumerate() {
        if key(written).1 {
            let mut columns: Vec<String> = carried.iter().map(|name| (*name).to_owned()).collect();
            columns.extend((0..keys.len()).map(|other| {
                if other == at { format!("unnest(k{at}) AS k{at}") } else { format!("k{other}") }
            }));
            sql = format!("SELECT {} FROM ({sql}) AS lists_{at}", columns.join(", "));
        }
    }
    let present: Vec<String> = (0..keys.len()).map(|at| format!("k{at} IS NOT NULL")).collect();
    format!("SELECT * FROM ({sql}) AS exploded WHERE {}", present.join(" AND "))
}
