//! `lineage.jsonl`: the run as OpenLineage events (spec 2-0-2), one START and one COMPLETE or FAIL.
//!
//! Datasets are files: dumps by their path below the data folder, outputs by theirs below the run's. Columns are not told of here:
//! their classes stand in `datapackage.json`.

use milaan_publish::{ReportReceipt, Verdict};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::receipt::{FileReceipt, SourceReceipt};

const PRODUCER: &str = concat!("urn:milaan:v", env!("CARGO_PKG_VERSION"));
const EVENT: &str = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/// What both events say of the run.
#[derive(Debug)]
pub(crate) struct Lineage<'a> {
    /// Names the run.
    pub(crate) run_id: &'a str,
    /// The pipeline's id: the job.
    pub(crate) pipeline: &'a str,
    /// RFC 3339.
    pub(crate) started: &'a str,
    /// RFC 3339.
    pub(crate) finished: &'a str,
    pub(crate) inputs: &'a [SourceReceipt],
    pub(crate) outputs: &'a [ReportReceipt],
    pub(crate) verdict: Verdict,
}

impl Lineage<'_> {
    /// The two events, in order.
    pub(crate) fn events(&self) -> Vec<Value> {
        let end = if self.verdict == Verdict::Failed { "FAIL" } else { "COMPLETE" };
        let inputs: Vec<Value> =
            self.inputs.iter().flat_map(|source| &source.files).map(input).collect();
        let outputs: Vec<Value> = self.outputs.iter().flat_map(outputs).collect();
        vec![
            self.event("START", self.started, json!(inputs), json!([])),
            self.event(end, self.finished, json!(inputs), json!(outputs)),
        ]
    }

    fn event(&self, kind: &str, time: &str, inputs: Value, outputs: Value) -> Value {
        json!({
            "eventType": kind,
            "eventTime": time,
            "producer": PRODUCER,
            "schemaURL": EVENT,
            "run": {
                "runId": uuid(self.run_id),
                "facets": {
                    "nominalTime": facet("1-0-1/NominalTimeRunFacet", json!({ "nominalStartTime": self.started })),
                    "processing_engine": facet(
                        "1-1-1/ProcessingEngineRunFacet",
                        json!({ "name": "DataFusion", "version": datafusion::DATAFUSION_VERSION }),
                    ),
                },
            },
            "job": {
                "namespace": "milaan",
                "name": self.pipeline,
                "facets": {
                    "jobType": facet(
                        "2-0-4/JobTypeJobFacet",
                        json!({ "processingType": "BATCH", "integration": "MILAAN", "jobType": "JOB" }),
                    ),
                },
            },
            "inputs": inputs,
            "outputs": outputs,
        })
    }
}

fn input(file: &FileReceipt) -> Value {
    let name = if file.sheet.is_empty() {
        file.file.clone()
    } else {
        format!("{}#{}", file.file, file.sheet)
    };
    json!({
        "namespace": "file",
        "name": name,
        "facets": { "version": facet("1-0-1/DatasetVersionDatasetFacet", json!({ "datasetVersion": file.sha256 })) },
        "inputFacets": {
            "inputStatistics": facet(
                "1-0-0/InputStatisticsInputDatasetFacet",
                json!({ "rowCount": file.rows_read, "size": file.bytes, "fileCount": 1 }),
            ),
        },
    })
}

fn outputs(report: &ReportReceipt) -> impl Iterator<Item = Value> {
    report.files.iter().map(|file| {
        json!({
            "namespace": "file",
            "name": file.path,
            "facets": { "version": facet("1-0-1/DatasetVersionDatasetFacet", json!({ "datasetVersion": file.sha256 })) },
            "outputFacets": {
                "outputStatistics": facet(
                    "1-0-2/OutputStatisticsOutputDatasetFacet",
                    json!({ "rowCount": report.rows, "size": file.bytes, "fileCount": 1 }),
                ),
            },
        })
    })
}

/// A facet with the two members each must have; `schema` is `<version>/<name>`.
fn facet(schema: &str, mut body: Value) -> Value {
    let name = schema.rsplit('/').next().unwrap_or_default();
    body["_producer"] = json!(PRODUCER);
    body["_schemaURL"] =
        json!(format!("https://openlineage.io/spec/facets/{schema}.json#/$defs/{name}"));
    body
}

/// A UUID (version 8: of our own making) from the run's id, so that both events name one run: the first of a stream of them
/// whose digits nobody, and no leak scan, can take for a number of a person.
fn uuid(run_id: &str) -> String {
    let mut digest = Sha256::digest(run_id);
    loop {
        let mut bytes: [u8; 16] = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes[6] = (bytes[6] & 0x0f) | 0x80;
        bytes[8] = (bytes[8] & 0x3f) | 0x80;
        let hex = crate::hashes::hex(&bytes);
        // Without its hyphens too: a number may be written in groups.
        let digits = |run: &str| run.chars().all(|one| one.is_ascii_digit());
        if !hex.as_bytes().windows(6).any(|run| std::str::from_utf8(run).is_ok_and(digits)) {
            let [a, b, c, d, e] = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
            return format!("{a}-{b}-{c}-{d}-{e}");
        }
        digest = Sha256::digest(digest);
    }
}
