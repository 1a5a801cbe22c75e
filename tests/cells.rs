//! `truth/cells.tsv`: cells as departments write them, each with what it should be read as. The answers were written down before
//! the readers saw the cells; `!CODE` is a cell that must not be understood, and what `issues` says of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::prelude::SessionContext;
use milaan_functions::Tables;
use milaan_kernels::words::Words;

use crate::docs::session;
use crate::harness::root;

crate::tests!(cells_are_read_as_written_down);

/// A kind of cell: its reading and its issue, of the text `t`.
const KINDS: &[(&str, &str, &str)] = &[
    ("name", "name_standard(t)", "name_issue(t)"),
    ("relative", "relative_standard(NULL, t)", "NULL"),
    (
        "birth",
        "concat_ws(' ', coalesce(CAST(birth_date(t, 'dmy', DATE '2026-10-31') AS VARCHAR), \
         CAST(birth_year(t, NULL, 'dmy', DATE '2026-10-31') AS VARCHAR)), \
         birth_date_precision(t, NULL, 'dmy', DATE '2026-10-31'))",
        "birth_date_issue(t, 'dmy', DATE '2026-10-31')",
    ),
    ("age", "age_years(t)", "age_issue(t)"),
    ("aadhaar", "id_mask('aadhaar', t)", "id_issue('aadhaar', t)"),
    ("cnic", "id_mask('cnic', t)", "id_issue('cnic', t)"),
    ("phone_in", "phone_normalise('IN', t)", "phone_issue('IN', t)"),
    ("phone_pk", "phone_normalise('PK', t)", "phone_issue('PK', t)"),
    ("money", "amount_parse(t)", "amount_issue(t)"),
    ("quantity", "quantity_parse(t)", "quantity_issue(t)"),
    ("gender", "gender_parse(t)", "gender_issue(t)"),
    ("yes_no", "yes_no_parse(t)", "yes_no_issue(t)"),
    ("status", "status_meaning(t)", "NULL"),
    ("benefit", "benefit_state(t)", "NULL"),
    ("consent", "consent_parse(t)", "NULL"),
    ("place", "CASE WHEN place_key(t) = place_key(e) THEN e END", "NULL"),
    ("period", "period_parse(t, 'dmy', 4)", "period_issue(t, 'dmy', 4)"),
    ("ifsc", "ifsc_normalise(t)", "ifsc_issue(t)"),
    ("bank", "nullif(mask_bank(t), 'XXXXXXXX')", "bank_issue(t)"),
    ("cell", "text_clean(t)", "cell_issue(t)"),
];

fn cells_are_read_as_written_down() {
    let list = std::fs::read_to_string(root().join("tests/truth/cells.tsv")).expect("the cells");
    let mut of_kind: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in list.lines() {
        let mut parts = line.split('\t');
        let mut next = || parts.next().unwrap_or_default();
        of_kind.entry(next()).or_default().push((next(), next()));
    }
    assert!(of_kind.keys().all(|kind| KINDS.iter().any(|one| one.0 == *kind)));
    let mut wrong = Vec::new();
    for (kind, value, issue) in KINDS {
        let cells = of_kind.remove(kind).expect("cells of each kind");
        for (got, (text, expected)) in read(&cells, value, issue).iter().zip(cells) {
            if got != expected {
                wrong.push(format!("{kind} {text:?}: {got:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A session with the words of people-hub, as a run has them.
pub(crate) fn session_with_words() -> SessionContext {
    let ctx = session();
    let pipeline = milaan_manifest::load(&root().join("pipelines/people-hub")).expect("a pipeline");
    let words = pipeline.words.iter().map(|table| {
        let pairs = table.pairs.iter().map(|(meaning, word)| (meaning.as_str(), word.as_str()));
        (table.kind.clone(), Words::new(pairs))
    });
    let state = ctx.state_ref();
    state.write().config_mut().options_mut().extensions.insert(Tables::new(words.collect()));
    ctx
}

/// What each cell is read as, with the words of people-hub.
fn read(cells: &[(&str, &str)], value: &str, issue: &str) -> Vec<String> {
    let column = |texts: Vec<&str>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
    let texts = column(cells.iter().map(|cell| cell.0).collect());
    let expected = column(cells.iter().map(|cell| cell.1).collect());
    let batch = RecordBatch::try_from_iter([("t", texts), ("e", expected)]).expect("a batch");
    let ctx = session_with_words();
    ctx.register_batch("cells", batch).expect("a table");
    let sql = format!(
        "SELECT coalesce(nullif(CAST({value} AS VARCHAR), ''), concat('!', {issue})) FROM cells"
    );
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let batches = runtime.block_on(async { ctx.sql(&sql).await.expect("SQL").collect().await });
    let batches = batches.unwrap_or_else(|error| panic!("{sql}: {error}"));
    let found = batches.iter().flat_map(|batch| {
        (0..batch.num_rows()).map(|row| array_value_to_string(batch.column(0), row).expect("text"))
    });
    found.map(|text| if text == "!" { String::new() } else { text }).collect()
}
