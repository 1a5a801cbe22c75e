//! What a run relies on beside the pairs themselves: that scans have a part for each thread, and that a dropped order ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::physical_plan::ExecutionPlanProperties as _;
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use milaan_kernels::secret::Keyring;
use milaan_linkage::candidates::Keep;
use tempfile::TempDir;

use super::alone::{CandidatesOrder, find};
use super::exec::Meters;
use super::numbered::{held, in_passes, numbered, scan_in_parts};
use super::spec::CandidatesSpec;
use super::table::open_sides;
use crate::session::{self, Classes, Resources, classed_schema};
use crate::stage_file::StageWriter;

const ROWS: usize = 200_000;

/// Rows that share one telephone, each with an id and a name of its own, in a file of several row groups.
fn one_telephone(folder: &TempDir, id: &str) -> String {
    rows_of(folder, id, ROWS, |row| (0, row))
}

/// So many rows, each with an id of its own and the telephone and the name of these numbers.
fn rows_of(
    folder: &TempDir,
    id: &str,
    rows: usize,
    numbers: impl Fn(usize) -> (usize, usize),
) -> String {
    // Names that do not pack well: the file is larger than a part has to be.
    let name = |of: usize| format!("{:x} rao", of.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let texts = |text: &dyn Fn(usize) -> String| -> ArrayRef {
        Arc::new((0..rows).map(|row| Some(text(row))).collect::<StringArray>())
    };
    let columns: [(&str, ArrayRef); 3] = [
        (id, texts(&|row| format!("{row:08}"))),
        ("phone", texts(&|row| format!("{}", 9_848_012_345 + numbers(row).0))),
        ("person_name", texts(&|row| name(numbers(row).1))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let path = folder.path().join(format!("{id}.parquet"));
    let schema = classed_schema(&batch.schema(), &Classes::new());
    let mut writer = StageWriter::create(&path, schema).expect("a file");
    writer.write(&batch).expect("rows");
    writer.finish().expect("an end");
    path.display().to_string()
}

/// Everybody beside everybody: 40,000 million pairs, hours of work.
fn endless(folder: &TempDir) -> CandidatesOrder {
    let sides = ["record_id", "resident_ref"].map(|id| one_telephone(folder, id));
    order_of(folder, sides)
}

/// Names compared where telephones are the same, in blocks of any size.
fn order_of(folder: &TempDir, [list, registry]: [String; 2]) -> CandidatesOrder {
    let pipelines = concat!(env!("CARGO_MANIFEST_DIR"), "/../../pipelines/people-hub");
    let pipeline = milaan_manifest::load(pipelines.as_ref()).expect("a pipeline");
    let mut model = pipeline.model.clone();
    model.blocking.retain(|rule| rule.name.as_str() == "phone");
    model.blocking[0].block_rows_max = u64::MAX;
    model.comparisons.retain(|one| one.name.as_str() == "person_name");
    let spec = CandidatesSpec {
        list,
        sources: Vec::new(),
        registry,
        weights: pipeline.weights.clone(),
        registry_rows: ROWS as u64,
        id_scheme: pipeline.id_scheme().to_owned(),
        same_records: false,
        model,
    };
    let keyring = Arc::new(Keyring::new([7; 32]));
    let to = folder.path().join("pairs.parquet");
    CandidatesOrder { spec, threads: 2, memory_bytes: 1 << 30, keyring, to }
}

#[test]
fn a_dropped_order_ends_within_a_second() {
    let folder = tempfile::tempdir().expect("a folder");
    let order = endless(&folder);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("threads");
    let found = runtime
        .block_on(async { tokio::time::timeout(Duration::from_secs(2), find(&order)).await });
    assert!(found.is_err(), "the work was to take hours");
    let dropped = Instant::now();
    // Waits for whoever still works.
    drop(runtime);
    assert!(dropped.elapsed() < Duration::from_secs(1), "{:?}", dropped.elapsed());
}

#[tokio::test]
async fn a_scan_has_a_part_for_each_thread() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = one_telephone(&folder, "record_id");
    let resources = Resources { threads: 3, memory_bytes: 1 << 30, spill: None };
    let ctx = session::open(&resources, None).expect("a session");
    session::register_parquet(&ctx, "list", path.as_ref()).await.expect("a table");
    let scan = scan_in_parts(&ctx, "list", &["person_name".to_owned()]).await.expect("a scan");
    assert_eq!(scan.output_partitioning().partition_count(), 3);
}

/// Households of 25 who share telephone and name: what is kept of them takes more than the list.
#[tokio::test]
async fn pairs_that_find_no_room_beside_the_list_are_found_in_more_passes() {
    let folder = tempfile::tempdir().expect("a folder");
    let sides = ["record_id", "resident_ref"]
        .map(|id| rows_of(&folder, id, 20_000, |row| (row / 25, row / 25)));
    let spec = order_of(&folder, sides).spec;
    let keyring = Some(Arc::new(Keyring::new([7; 32])));
    let compiled = spec.compile(Keep::Useful, keyring.clone(), Vec::new()).expect("a model");
    let compiled = Arc::new(compiled);
    let mut all = None;
    for megabytes in (8..=40).rev().step_by(2) {
        let resources = Resources { threads: 1, memory_bytes: megabytes << 20, spill: None };
        let ctx = session::open(&resources, keyring.clone()).expect("a session");
        open_sides(&ctx, &spec).await.expect("files");
        let memory = held(&ctx);
        let meters = Meters::new(&ExecutionPlanMetricsSet::new(), 0);
        let at_once = in_passes(&ctx, &compiled, usize::MAX, &meters, &memory).await;
        memory.free();
        match at_once {
            Ok((pairs, summary)) => {
                assert_eq!(summary.stats.rows, 20_000);
                all = Some((pairs.rows(), summary.pairs_by_rule));
            }
            Err(error) => {
                assert!(error.is_of_memory(), "{error}");
                let (pairs, summary) =
                    numbered(&ctx, &spec, Vec::new(), &memory).await.expect("pairs");
                assert!(summary.passes > 1, "{} passes", summary.passes);
                assert_eq!(all, Some((pairs.rows(), summary.pairs_by_rule)));
                assert_eq!(pairs.rows(), 20_000 * 25);
                return;
            }
        }
    }
    panic!("the pairs found room in 8 MB");
}
