//! One file, whatever its format, into a sink.

use milaan_model::reading::{FileCounts, Format, Reading, WantedColumn};

use crate::error::Error;
use crate::limits::{DumpFile, Limits};
use crate::probe::probe;
use crate::source::{Hashed, Stamp, read_error};
use crate::table::{Sink, Task};
use crate::{parquet_in, text, workbook};

/// What was read of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LandedFile {
    /// Path relative to the data folder.
    pub name: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// One entry for delimited text and Parquet, one a sheet for workbooks.
    pub counts: Vec<FileCounts>,
}

/// How a file is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) reading: &'a Reading,
    pub(crate) wanted: &'a [WantedColumn],
    pub(crate) limits: &'a Limits,
    pub(crate) reserved: &'a [&'a str],
    /// Whether quoted blanks at the ends of a cell are kept.
    pub(crate) as_written: bool,
    /// Where pieces of a large text file are read; `None`: one record after the other.
    pub(crate) pool: Option<&'a rayon::ThreadPool>,
    /// Whether the whole file is read, and so hashed.
    pub(crate) whole: bool,
}

impl<'a> Order<'a> {
    /// What the tables of a file are to become.
    fn task(self, file: &'a DumpFile) -> Task<'a> {
        Task {
            file: &file.name,
            sheet: "",
            reading: self.reading,
            wanted: self.wanted,
            limits: self.limits,
            reserved: self.reserved,
            as_written: self.as_written,
            delimiter: None,
        }
    }
}

/// Reads a file into `sink`.
pub(crate) fn read(
    file: &DumpFile,
    order: Order<'_>,
    sink: &mut dyn Sink,
) -> Result<LandedFile, Error> {
    let Order { reading, limits, pool, whole, .. } = order;
    let stamp = Stamp::of(file)?;
    let mut kind = probe(file, reading, limits)?;
    let unlocked =
        if kind.format == Format::Xls { workbook::unlocked(file, reading)? } else { None };
    // What was locked is read instead; the file's own bytes are hashed.
    let opened =
        unlocked.as_ref().map(|path| DumpFile { path: path.to_path_buf(), ..file.clone() });
    let content = opened.as_ref().unwrap_or(file);
    if opened.is_some() {
        kind = probe(content, &Reading { format: None, ..reading.clone() }, limits)
            .map_err(|error| error.of(file))?;
        if matches!(kind.format, Format::Csv | Format::Parquet) {
            return Err(Error::NotAWorkbook { file: file.name.clone(), looks_like: "text" });
        }
    }
    tracing::debug!(file = file.name, format = kind.format.as_str(), "reading");
    let task = order.task(file);
    let (counts, sum) = match kind.format {
        Format::Csv => {
            let (counts, sum) = text::read(file, kind.packing, task, pool, whole, sink)?;
            (vec![counts], sum)
        }
        Format::Parquet => (vec![parquet_in::read(file, task, sink)?], None),
        Format::Xlsx | Format::Xls | Format::Xlsb | Format::Ods => {
            let counts = workbook::read(content, kind.format, task, sink);
            (counts.map_err(|error| error.of(file))?, None)
        }
    };
    let (sha256, bytes) = match sum {
        Some(sum) => sum,
        None if whole => {
            Hashed::open(file)?.finish().map_err(|error| read_error(file, limits, error))?
        }
        None => {
            return Ok(LandedFile {
                name: file.name.clone(),
                sha256: String::new(),
                bytes: 0,
                counts,
            });
        }
    };
    stamp.unchanged(file, bytes)?;
    if counts.iter().any(|counts| counts.rows_rejected > 0) {
        let rejected: u64 = counts.iter().map(|counts| counts.rows_rejected).sum();
        tracing::warn!(file = file.name, rejected, "rows rejected");
    }
    Ok(LandedFile { name: file.name.clone(), sha256, bytes, counts })
}
