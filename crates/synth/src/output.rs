//! The files written: tables that know their line numbers, and the truth.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use csv::{Terminator, WriterBuilder};

use crate::{
    Error,
    cases::joined,
    claim::{Claim, Source},
};

/// The folder that is being filled.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Files written so far.
    pub(crate) files: Vec<PathBuf>,
}

impl Folder {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), files: Vec::new() }
    }

    /// The path of a file about to be written, its folder made.
    pub(crate) fn path(&mut self, relative: &str) -> Result<PathBuf, Error> {
        let path = self.root.join(relative);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .map_err(|source| Error::Folder { path: folder.to_owned(), source })?;
        }
        self.files.push(path.clone());
        Ok(path)
    }

    /// Opens a table and writes its header.
    pub(crate) fn table(
        &mut self,
        relative: &str,
        shape: Shape,
        header: &[&str],
    ) -> Result<Table, Error> {
        let path = self.path(relative)?;
        let fail = |source| Error::Write { path: path.clone(), source };
        let mut file = BufWriter::new(File::create(&path).map_err(fail)?);
        if shape.byte_order_mark {
            file.write_all("\u{feff}".as_bytes()).map_err(fail)?;
        }
        let end = if shape.windows { Terminator::CRLF } else { Terminator::Any(b'\n') };
        let writer = WriterBuilder::new()
            .delimiter(shape.delimiter)
            .terminator(end)
            .flexible(true)
            .from_writer(file);
        let mut table = Table { writer, path, relative: relative.to_owned(), line: 0 };
        table.write(header)?;
        Ok(table)
    }

    /// Writes a small file whole.
    pub(crate) fn write(&mut self, relative: &str, text: &str) -> Result<(), Error> {
        let path = self.path(relative)?;
        fs::write(&path, text).map_err(|source| Error::Write { path, source })
    }
}

/// How a delimited file is laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) delimiter: u8,
    pub(crate) byte_order_mark: bool,
    /// Lines end in CR LF.
    pub(crate) windows: bool,
}

impl Shape {
    /// RFC 4180 but for the plain line feed.
    pub(crate) const PLAIN: Self = Self { delimiter: b',', byte_order_mark: false, windows: false };
}

/// A delimited file being written. No cell has a line break, so a record is a line.
#[derive(Debug)]
pub(crate) struct Table {
    writer: csv::Writer<BufWriter<File>>,
    path: PathBuf,
    relative: String,
    line: u64,
}

impl Table {
    /// Writes one line and returns its number, from 1.
    pub(crate) fn write<I, T>(&mut self, cells: I) -> Result<u64, Error>
    where
        I: IntoIterator<Item = T>,
        T: AsRef<[u8]>,
    {
        let fail = |source: csv::Error| Error::Table { path: self.path.clone(), source };
        self.writer.write_record(cells).map_err(fail)?;
        self.line += 1;
        Ok(self.line)
    }

    /// The path relative to the folder.
    pub(crate) fn relative(&self) -> &str {
        &self.relative
    }

    /// Writes what is buffered.
    pub(crate) fn close(mut self) -> Result<(), Error> {
        self.writer.flush().map_err(|source| Error::Write { path: self.path.clone(), source })
    }
}

/// Where a row stands, as a person sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub(crate) file: &'a str,
    /// Empty in delimited files.
    pub(crate) sheet: &'a str,
    pub(crate) row: u64,
}

/// `truth.csv`.
#[derive(Debug)]
pub(crate) struct Truth {
    table: Table,
    /// Rows told.
    pub(crate) rows: u64,
}

impl Truth {
    pub(crate) fn new(folder: &mut Folder) -> Result<Self, Error> {
        let header = ["source_id", "file", "sheet", "row", "resident_ref", "cases"];
        Ok(Self { table: folder.table("truth.csv", Shape::PLAIN, &header)?, rows: 0 })
    }

    /// Tells of one row.
    pub(crate) fn tell(&mut self, source: Source, at: At, claim: Claim) -> Result<(), Error> {
        let row = at.row.to_string();
        let cases = joined(claim.cases);
        self.table.write([source.id(), at.file, at.sheet, &row, &claim.resident_ref, &cases])?;
        self.rows += 1;
        Ok(())
    }

    pub(crate) fn close(self) -> Result<(), Error> {
        self.table.close()
    }
}
