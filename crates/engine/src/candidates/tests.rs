//! What a run relies on beside the pairs themselves: that scans have a part for each thread, and that a dropped order ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::physical_plan::ExecutionPlanProperties as _;
use milaan_kernels::secret::Keyring;
use tempfile::TempDir;

use super::alone::{CandidatesOrder, find};
use super::numbered::scan_in_parts;
use super::spec::CandidatesSpec;
use crate::session::{self, Classes, Resources, classed_schema};
use crate::stage_file::StageWriter;

const ROWS: usize = 200_000;

/// Rows that share one telephone, each with an id and a name of its own, in a file of several row groups.
fn one_telephone(folder: &TempDir, id: &str) -> String {
    // Names that do not pack well: the file is larger than a part has to be.
    let name = |row: usize| format!("{:x} rao", row.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let names: StringArray = (0..ROWS).map(|row| Some(name(row))).collect();
    let columns: [(&str, ArrayRef); 3] = [
        (id, Arc::new((0..ROWS).map(|row| Some(format!("{row:08}"))).collect::<StringArray>())),
        ("phone", Arc::new((0..ROWS).map(|_| Some("9848012345")).collect::<StringArray>())),
        ("person_name", Arc::new(names)),
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
    let pipelines = concat!(env!("CARGO_MANIFEST_DIR"), "/../../pipelines/people-hub");
    let pipeline = milaan_manifest::load(pipelines.as_ref()).expect("a pipeline");
    let mut model = pipeline.model.clone();
    model.blocking.retain(|rule| rule.name.as_str() == "phone");
    model.blocking[0].block_rows_max = u64::MAX;
    model.comparisons.retain(|one| one.name.as_str() == "person_name");
    let spec = CandidatesSpec {
        list: one_telephone(folder, "record_id"),
        sources: Vec::new(),
        registry: one_telephone(folder, "resident_ref"),
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
