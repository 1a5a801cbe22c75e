//! One report on its way out.

use arrow::array::RecordBatch;
use arrow::datatypes::Schema;
use milaan_model::{OutputFormat, ReportContract};
use serde::Serialize;

use crate::columns::Columns;
use crate::csv_file::CsvFile;
use crate::error::{At, Error};
use crate::jsonl_file::{self, JsonlFile};
pub use crate::outgoing::FileReceipt;
use crate::outgoing::OutgoingFile;
use crate::parquet_file::ParquetFile;
use crate::publication::Reports;
use crate::rows::RowChecks;
use crate::xlsx_file::XlsxFile;

/// A report that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportReceipt {
    /// The report's name.
    pub name: String,
    /// The version of its contract.
    pub version: u32,
    /// Its rows.
    pub rows: u64,
    /// Its files, Parquet first.
    pub files: Vec<FileReceipt>,
}

/// Where the files of a report or change-set go, below the run's folder.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// What receipts call it.
    pub(crate) name: String,
    /// Path of its files without their endings.
    pub(crate) stem: String,
}

/// Writes one report; every row is checked against the contract first.
#[derive(Debug)]
pub struct ReportWriter {
    reports: Reports,
    contract: ReportContract,
    columns: Columns,
    checks: RowChecks,
    parquet: ParquetFile,
    csv: Option<CsvFile>,
    xlsx: Option<XlsxFile>,
    jsonl: Option<JsonlFile>,
    place: Place,
    /// Rows are missing: a write has failed.
    failed: bool,
}

impl ReportWriter {
    pub(crate) fn new(
        reports: Reports,
        contract: &ReportContract,
        schema: &Schema,
        place: Place,
    ) -> Result<Self, Error> {
        let columns = Columns::new(contract, schema)?;
        let checks = RowChecks::new(contract)?;
        let file = |ending: &str| {
            OutgoingFile::create(reports.folder(), &format!("{}.{ending}", place.stem))
        };
        let wants = |format| contract.formats.contains(&format);
        let parquet = ParquetFile::create(file("parquet")?, contract, columns.schema())?;
        let csv = wants(OutputFormat::Csv)
            .then(|| CsvFile::create(file("csv")?, contract))
            .transpose()?;
        let xlsx = wants(OutputFormat::Xlsx)
            .then(|| XlsxFile::create(file("xlsx")?, contract))
            .transpose()?;
        let jsonl = wants(OutputFormat::Jsonl)
            .then(|| Ok::<_, Error>(JsonlFile::create(file("jsonl")?, contract)))
            .transpose()?;
        let contract = contract.clone();
        let failed = false;
        Ok(Self { reports, contract, columns, checks, parquet, csv, xlsx, jsonl, place, failed })
    }

    /// Writes the next rows, in the order of the key.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let written = self.write_checked(batch);
        self.failed |= written.is_err();
        written
    }

    fn write_checked(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let columns = self.columns.cast(batch, self.checks.rows())?;
        self.checks.check(&columns)?;
        if let Some(csv) = &mut self.csv {
            csv.write(&columns)?;
        }
        if let Some(xlsx) = &mut self.xlsx {
            xlsx.write(&columns)?;
        }
        if let Some(jsonl) = &mut self.jsonl {
            jsonl.write(&columns)?;
        }
        let batch = self.columns.batch(columns)?;
        self.parquet.write(batch)
    }

    /// Completes the files. A writer dropped without this, or one that refused rows, leaves no file and
    /// keeps the run from being published as done.
    pub fn finish(self) -> Result<ReportReceipt, Error> {
        if self.failed {
            return Err(Error::Unfinished { report: self.contract.name.to_string() });
        }
        let mut files = vec![self.parquet.finish()?];
        if let Some(csv) = self.csv {
            files.push(csv.finish()?);
        }
        if let Some(xlsx) = self.xlsx {
            files.push(xlsx.finish()?);
        }
        if let Some(jsonl) = self.jsonl {
            files.push(jsonl.finish()?);
            files.push(write_schema(&self.reports, &self.contract, &self.place)?);
        }
        let receipt = ReportReceipt {
            name: self.place.name,
            version: self.contract.version,
            rows: self.checks.rows(),
            files,
        };
        tracing::debug!(report = receipt.name, rows = receipt.rows, "report written");
        self.reports.finished(self.contract, receipt.clone());
        Ok(receipt)
    }
}

/// The JSON Schema of the lines, beside them.
fn write_schema(
    reports: &Reports,
    contract: &ReportContract,
    place: &Place,
) -> Result<FileReceipt, Error> {
    let relative = format!("{}.schema.json", place.stem);
    let mut file = OutgoingFile::create(reports.folder(), &relative)?;
    let text = format!("{:#}\n", jsonl_file::schema(contract));
    let path = file.path().to_owned();
    std::io::Write::write_all(&mut file, text.as_bytes()).at("write", &path)?;
    file.finish()
}

/// Refuses a schema that is not what a contract promises, before there is a row.
pub fn check_contract(contract: &ReportContract, schema: &Schema) -> Result<(), Error> {
    Columns::new(contract, schema).map(drop)
}

#[cfg(test)]
pub(crate) mod testing {
    use milaan_model::{ColumnContract, ColumnType, ReportContract, Sensitivity};

    /// A column that promises nothing.
    pub(crate) fn column(name: &str, kind: ColumnType) -> ColumnContract {
        ColumnContract {
            name: name.to_owned(),
            kind,
            class: Sensitivity::Internal,
            required: false,
            meaning: format!("the {name}"),
            values: Vec::new(),
        }
    }

    /// The report `routing`, Parquet only, for internal readers.
    pub(crate) fn contract(columns: Vec<ColumnContract>, key: &[&str]) -> ReportContract {
        ReportContract {
            name: "routing".parse().expect("a name"),
            version: 1,
            title: "Routing".to_owned(),
            grain: "one row per record".to_owned(),
            clearance: Sensitivity::Internal,
            columns,
            key: key.iter().map(|&name| name.to_owned()).collect(),
            formats: Vec::new(),
            rows_max: None,
            sheets_by: None,
        }
    }
}

#[cfg(test)]
mod tests;
