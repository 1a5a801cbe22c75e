//! The files written: delimited lines, and the truth.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use csv::{Terminator, WriterBuilder};

use crate::{Error, claim::Source};

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

    /// Where it lies.
    pub(crate) fn root(&self) -> &Path {
        &self.root
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
        let mut file = BufWriter::with_capacity(1 << 18, File::create(&path).map_err(fail)?);
        if shape.byte_order_mark {
            file.write_all("\u{feff}".as_bytes()).map_err(fail)?;
        }
        let mut table = Table { file, path, relative: relative.to_owned(), line: 0 };
        table.write(shape, header)?;
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

/// Delimited lines in memory. No cell has a line break, so a record is a line.
#[derive(Debug)]
pub(crate) struct Lines(csv::Writer<Vec<u8>>);

impl Lines {
    pub(crate) fn new(shape: Shape) -> Self {
        let end = if shape.windows { Terminator::CRLF } else { Terminator::Any(b'\n') };
        let writer = WriterBuilder::new()
            .delimiter(shape.delimiter)
            .terminator(end)
            .flexible(true)
            .from_writer(Vec::new());
        Self(writer)
    }

    pub(crate) fn write<I, T>(&mut self, cells: I) -> Result<(), Error>
    where
        I: IntoIterator<Item = T>,
        T: AsRef<[u8]>,
    {
        self.0.write_record(cells).map_err(Error::Line)
    }

    pub(crate) fn finish(self) -> Result<Vec<u8>, Error> {
        self.0.into_inner().map_err(|error| Error::Line(error.into_error().into()))
    }
}

/// A delimited file being written.
#[derive(Debug)]
pub(crate) struct Table {
    file: BufWriter<File>,
    path: PathBuf,
    relative: String,
    /// Lines written.
    pub(crate) line: u64,
}

impl Table {
    /// Writes one line.
    pub(crate) fn write<T: AsRef<[u8]>>(&mut self, shape: Shape, cells: &[T]) -> Result<(), Error> {
        let mut lines = Lines::new(shape);
        lines.write(cells)?;
        self.append(&lines.finish()?, 1)
    }

    /// Writes lines made elsewhere.
    pub(crate) fn append(&mut self, lines: &[u8], count: u64) -> Result<(), Error> {
        self.line += count;
        let path = &self.path;
        self.file.write_all(lines).map_err(|source| Error::Write { path: path.clone(), source })
    }

    /// The path relative to the folder.
    pub(crate) fn relative(&self) -> &str {
        &self.relative
    }

    /// Writes what is buffered.
    pub(crate) fn close(mut self) -> Result<(), Error> {
        self.file.flush().map_err(|source| Error::Write { path: self.path.clone(), source })
    }
}

/// What the truth says of one row.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Empty: not in the registry.
    pub(crate) resident_ref: String,
    /// What was planted, joined.
    pub(crate) cases: String,
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
    lines: Lines,
    /// Rows told.
    pub(crate) rows: u64,
}

impl Truth {
    pub(crate) fn new(folder: &mut Folder) -> Result<Self, Error> {
        let header = ["source_id", "file", "sheet", "row", "resident_ref", "cases"];
        let table = folder.table("truth.csv", Shape::PLAIN, &header)?;
        Ok(Self { table, lines: Lines::new(Shape::PLAIN), rows: 0 })
    }

    /// Tells of one row.
    pub(crate) fn tell(&mut self, source: Source, at: At, told: &Told) -> Result<(), Error> {
        let row = at.row.to_string();
        let cells = [source.id(), at.file, at.sheet, &row, &told.resident_ref, &told.cases];
        self.lines.write(cells)?;
        self.rows += 1;
        if self.rows.is_multiple_of(10_000) { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        let lines = std::mem::replace(&mut self.lines, Lines::new(Shape::PLAIN));
        let count = self.rows - (self.table.line - 1);
        self.table.append(&lines.finish()?, count)
    }

    pub(crate) fn close(mut self) -> Result<(), Error> {
        self.flush()?;
        self.table.close()
    }
}
