//! `milaan eval`: a run judged by the truth, which nothing else reads.
//!
//! Every truth-linked record of a source in the run that is not accepted with the right resident is a miss, whatever became
//! of it. An accepted record with another resident, or one that is not in the registry at all, is a wrong match.

use std::collections::BTreeMap;
use std::path::Path;

use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::prelude::{CsvReadOptions, SessionContext};
use serde::Serialize;

use crate::error::Error;
use crate::query::register_run;
use crate::rows::{count, text, text_rows};
use crate::session::{self, Resources};

/// A share with its 95 % Wilson score interval (Wilson 1927).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Share {
    /// The share; 0 where nothing was counted.
    pub value: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

impl Share {
    /// The share `part` of `whole`.
    pub fn of(part: u64, whole: u64) -> Self {
        if whole == 0 {
            return Self { value: 0.0, low: 0.0, high: 1.0 };
        }
        let (n, z) = (whole as f64, 1.959_964_f64);
        let p = part as f64 / n;
        let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        Self { value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
    }
}

/// Precision, recall and F1 of one way of accepting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rates {
    /// Records in this group.
    pub records: u64,
    /// Records whose resident is in the registry.
    pub linked: u64,
    /// Records answered with the right resident.
    pub right: u64,
    /// Records answered with a wrong one.
    pub wrong: u64,
    /// Linked records not answered with the right resident.
    pub missed: u64,
    /// right / (right + wrong).
    pub precision: f64,
    /// right / linked.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Interval of the precision.
    pub precision_interval: [f64; 2],
    /// Interval of the recall.
    pub recall_interval: [f64; 2],
}

impl Rates {
    fn of(records: u64, linked: u64, right: u64, wrong: u64) -> Self {
        let precision = Share::of(right, right + wrong);
        let recall = Share::of(right, linked);
        let sum = precision.value + recall.value;
        Self {
            records,
            linked,
            right,
            wrong,
            missed: linked - right.min(linked),
            precision: precision.value,
            recall: recall.value,
            f1: if sum > 0.0 { 2.0 * precision.value * recall.value / sum } else { 0.0 },
            precision_interval: [precision.low, precision.high],
            recall_interval: [recall.low, recall.high],
        }
    }
}

/// A run judged.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// Records of the run that the truth knows.
    pub records: u64,
    /// Records of the run that the truth does not know; they are not judged.
    pub records_without_truth: u64,
    /// Rows of the truth, of sources in the run, that have no record there; linked ones count as missed.
    pub truth_without_record: u64,
    /// Sources of the truth that are not in the run; not judged.
    pub sources_left_out: Vec<String>,
    /// At the accepted bands.
    pub accepted: Rates,
    /// Counting also a record whose review pairs hold the right resident.
    pub with_review: Rates,
    /// By band: all records whose best pair lies in it.
    pub bands: BTreeMap<String, Rates>,
    /// By lookup outcome.
    pub lookups: BTreeMap<String, u64>,
    /// dimension → group → rates at the accepted bands.
    pub subgroups: BTreeMap<String, BTreeMap<String, Rates>>,
    /// Planted case → rates at the accepted bands.
    pub cases: BTreeMap<String, Rates>,
}

/// Groups that may fare differently, as SQL over `j` (judged) and `s` (standardised record).
const DIMENSIONS: &[(&str, &str)] = &[
    ("source", "j.source_id"),
    ("gender", "coalesce(s.gender, 'unknown')"),
    ("national_id", "CASE WHEN s.national_id_token IS NULL THEN 'absent' ELSE 'present' END"),
    ("birth_date_precision", "coalesce(s.birth_date_precision, 'none')"),
    (
        "age_band",
        "CASE WHEN s.birth_date_year IS NULL THEN 'unknown'\n\
         WHEN s.birth_date_year > 2008 THEN 'born after 2008' WHEN s.birth_date_year > 1986 THEN 'born 1987-2008'\n\
         WHEN s.birth_date_year > 1966 THEN 'born 1967-1986' ELSE 'born before 1967' END",
    ),
    (
        "name_shape",
        "CASE WHEN s.person_name_keys IS NULL THEN 'none'\n\
         WHEN array_length(s.person_name_keys) = 1 THEN 'one token' ELSE 'several tokens' END",
    ),
    (
        "script",
        "CASE WHEN s.person_name_raw IS NULL THEN 'none' WHEN regexp_like(s.person_name_raw, '[ఀ-౿]') THEN 'telugu'\n\
         WHEN regexp_like(s.person_name_raw, '[ऀ-ॿ]') THEN 'devanagari'\n\
         WHEN regexp_like(s.person_name_raw, '[؀-ۿ]') THEN 'arabic' ELSE 'latin' END",
    ),
    ("district", "coalesce(s.district_key, 'unknown')"),
];

const COUNTS: &str = "count(*), count(j.truth_ref), count(*) FILTER (WHERE j.is_right), count(*) FILTER (WHERE j.accepted AND NOT j.is_right)";

pub(crate) async fn eval(run: &Path, truth: &Path) -> Result<Evaluation, Error> {
    let resources = Resources { threads: 2, memory_bytes: 2 << 30, spill: None };
    let ctx = session::open(&resources, None)?;
    register_run(&ctx, run).await?;
    register_truth(&ctx, truth).await?;
    session::view(&ctx, "judged", JUDGED).await?;
    let all = "SELECT 'all', ";
    let accepted = rates(&ctx, &format!("{all}{COUNTS} FROM judged AS j")).await?;
    let with_review = rates(&ctx, WITH_REVIEW).await?;
    let by = |column: &str| {
        format!("SELECT coalesce(j.{column}, 'none'), {COUNTS} FROM judged AS j GROUP BY 1")
    };
    let mut subgroups = BTreeMap::new();
    if run.join("stages/records").is_dir() {
        for (name, expression) in DIMENSIONS {
            let sql = format!(
                "SELECT {expression}, {COUNTS} FROM judged AS j\n\
                 JOIN records AS s ON s.source_id = j.source_id AND s.record_id = j.record_id GROUP BY 1"
            );
            subgroups.insert((*name).to_owned(), rates(&ctx, &sql).await?);
        }
    }
    let cases = format!(
        "SELECT one_case, {COUNTS} FROM (\n\
         SELECT *, unnest(string_to_array(cases, ';')) AS one_case FROM judged WHERE cases IS NOT NULL) AS j GROUP BY 1"
    );
    let single = |sql: &'static str| {
        let ctx = ctx.clone();
        async move { session::count(&ctx, "counting", sql).await }
    };
    Ok(Evaluation {
        records: single("SELECT count(record_id) FROM judged").await?,
        records_without_truth: single(
            "SELECT count(*) FROM routing AS r WHERE NOT EXISTS (SELECT 1 FROM truth AS t WHERE\n\
             t.source_id = r.source_id AND t.file = r.file AND t.sheet = r.sheet AND t.row = r.row)",
        )
        .await?,
        truth_without_record: single("SELECT count(*) FROM judged WHERE record_id IS NULL").await?,
        sources_left_out: text_rows(&ctx, "sources", LEFT_OUT).await?.iter().map(|row| text(row, 0)).collect(),
        accepted: accepted.into_values().next().unwrap_or_else(|| Rates::of(0, 0, 0, 0)),
        with_review: with_review.into_values().next().unwrap_or_else(|| Rates::of(0, 0, 0, 0)),
        bands: rates(&ctx, &by("band")).await?,
        lookups: text_rows(&ctx, "lookups", "SELECT lookup, count(*) FROM judged GROUP BY 1")
            .await?
            .iter()
            .map(|row| (text(row, 0), count(row, 1)))
            .collect(),
        subgroups,
        cases: rates(&ctx, &cases).await?,
    })
}

const JUDGED: &str = "SELECT t.source_id, t.resident_ref AS truth_ref, t.cases, r.record_id, r.lookup, r.band,\n\
    coalesce(r.lookup = 'found', false) AS accepted,\n\
    coalesce(r.lookup = 'found' AND r.resident_ref = t.resident_ref, false) AS is_right\n\
    FROM truth AS t\n\
    LEFT JOIN routing AS r ON r.source_id = t.source_id AND r.file = t.file AND r.sheet = t.sheet AND r.row = t.row\n\
    WHERE t.source_id IN (SELECT source_id FROM routing)";

const WITH_REVIEW: &str = "SELECT 'all', count(*), count(truth_ref), count(*) FILTER (WHERE hit), count(*) FILTER (WHERE proposed AND NOT hit)\n\
    FROM (\n\
    SELECT j.source_id, j.record_id, j.truth_ref,\n\
      count(m.resident_ref) > 0 AS proposed,\n\
      coalesce(bool_or(m.resident_ref = j.truth_ref), false) AS hit\n\
    FROM judged AS j\n\
    LEFT JOIN matches AS m ON m.source_id = j.source_id AND m.record_id = j.record_id\n\
    WHERE j.record_id IS NOT NULL\n\
    GROUP BY j.source_id, j.record_id, j.truth_ref\n\
    UNION ALL\n\
    SELECT source_id, record_id, truth_ref, false, false FROM judged WHERE record_id IS NULL) AS proposals";

const LEFT_OUT: &str = "SELECT DISTINCT source_id FROM truth WHERE source_id NOT IN (SELECT source_id FROM routing) ORDER BY 1";

/// Runs a query of (group, records, linked, right, wrong).
async fn rates(ctx: &SessionContext, sql: &str) -> Result<BTreeMap<String, Rates>, Error> {
    let rows = text_rows(ctx, "judging", sql).await?;
    Ok(rows
        .iter()
        .map(|row| {
            (text(row, 0), Rates::of(count(row, 1), count(row, 2), count(row, 3), count(row, 4)))
        })
        .collect())
}

/// The columns of a truth file, in order.
const TRUTH_COLUMNS: [&str; 6] = ["source_id", "file", "sheet", "row", "resident_ref", "cases"];

fn check_truth_columns(path: &Path) -> Result<(), Error> {
    use std::io::BufRead as _;
    let file = std::fs::File::open(path).map_err(Error::io("cannot open truth", path))?;
    let mut header = String::new();
    std::io::BufReader::new(file)
        .read_line(&mut header)
        .map_err(Error::io("cannot read truth", path))?;
    if header.trim().trim_start_matches('\u{feff}').split(',').eq(TRUTH_COLUMNS) {
        return Ok(());
    }
    Err(Error::Usage {
        message: format!("`{}` is no truth file", path.display()),
        hint: Some(format!("its header has to be {}", TRUTH_COLUMNS.join(","))),
    })
}

async fn register_truth(ctx: &SessionContext, path: &Path) -> Result<(), Error> {
    check_truth_columns(path)?;
    let absolute = path.canonicalize().map_err(Error::io("cannot find truth", path))?;
    let schema = Schema::new(
        TRUTH_COLUMNS
            .iter()
            .map(|name| Field::new(*name, DataType::Utf8, true))
            .collect::<Vec<_>>(),
    );
    let options = CsvReadOptions::new().schema(&schema).has_header(true);
    ctx.register_csv("truth_file", absolute.display().to_string(), options)
        .await
        .map_err(|error| Error::of_query("truth", &error))?;
    let sql = "SELECT source_id, file, coalesce(sheet, '') AS sheet, CAST(row AS BIGINT) AS row,\n\
        nullif(resident_ref, '') AS resident_ref, nullif(cases, '') AS cases FROM truth_file";
    session::view(ctx, "truth", sql).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson() {
        let share = Share::of(90, 100);
        assert!((share.low - 0.8256).abs() < 0.0005 && (share.high - 0.9448).abs() < 0.0005);
    }
}
