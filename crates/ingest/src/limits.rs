//! What a dump may cost: every bound in one place.

use std::path::PathBuf;

/// A file to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DumpFile {
    /// Absolute path.
    pub path: PathBuf,
    /// Path relative to the data folder, `/` between the parts: the lineage column `file`.
    pub name: String,
}

/// Bounds of one landing. [`Limits::default`] suits lists of up to some ten million people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Files read at a time.
    pub threads: usize,
    /// Bytes after unpacking, of a `.gz` or `.zst` file or of a workbook's members together.
    pub unpacked_bytes_max: u64,
    /// Bytes of one text record; longer ones are rejected.
    pub record_bytes_max: usize,
    /// Bytes of the texts that an XLSX workbook's cells share; they are held.
    pub texts_bytes_max: usize,
    /// Cells of a sheet in a format that is read whole (XLS, ODS).
    pub cells_max: u64,
    /// Rejected rows of one file; with more than that the file was not understood.
    pub rejects_max: u64,
    /// Skipped lines of one file (blank ones mostly).
    pub skipped_max: u64,
    /// Bytes of the pieces in which a large text file is read; a longer line ends the reading in pieces.
    pub piece_bytes: usize,
    /// Rows of a Parquet row group.
    pub row_group_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            unpacked_bytes_max: 16 << 30,
            record_bytes_max: 8 << 20,
            texts_bytes_max: 2 << 30,
            cells_max: 50_000_000,
            rejects_max: 200_000,
            skipped_max: 2_000_000,
            piece_bytes: 2 << 20,
            row_group_rows: 131_072,
        }
    }
}
