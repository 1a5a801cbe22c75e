//! Files into one output: read side by side, written in the order they were given.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use milaan_model::reading::{FileCounts, Reading, WantedColumn};
use milaan_model::schema;

use crate::batches::{BatchSink, Part, wanted};
use crate::error::Error;
use crate::limits::{DumpFile, Limits};
use crate::output::{CsvOut, Output, ParquetOut};
use crate::reader::{self, LandedFile, Order};
use crate::reject::Reject;
use crate::table::{Cells, Flow, Sink};

/// What a landing did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Landing {
    /// The files in the order given.
    pub files: Vec<LandedFile>,
    /// Rows that could not be read.
    pub rejects: Vec<Reject>,
    /// The landed columns, lineage not among them.
    pub columns: Vec<String>,
    /// Rows written.
    pub rows: u64,
}

/// Lands files as one Parquet file with the lineage columns `file`, `sheet` and `row` in front.
pub fn land<W: Write + Send>(
    files: &[DumpFile],
    reading: &Reading,
    out: W,
) -> Result<Landing, Error> {
    land_with(files, reading, &Limits::default(), out)
}

/// [`land`] under stated limits.
pub fn land_with<W: Write + Send>(
    files: &[DumpFile],
    reading: &Reading,
    limits: &Limits,
    out: W,
) -> Result<Landing, Error> {
    let lineage = [schema::FILE, schema::SHEET, schema::ROW];
    if let Some(column) =
        reading.columns.iter().find(|column| lineage.contains(&column.header.as_str()))
    {
        return Err(Error::NameTaken { column: column.header.clone() });
    }
    let pool = pool(limits)?;
    let out = ParquetOut::new(out, true, limits.row_group_rows, &pool);
    Job { files, reading, limits, reserved: &lineage, pool: &pool }.run(out)
}

/// Lands one file as clean CSV (RFC 4180, header first), without lineage.
pub fn land_csv<W: Write>(file: &DumpFile, reading: &Reading, out: W) -> Result<Landing, Error> {
    let limits = Limits::default();
    let files = std::slice::from_ref(file);
    let pool = pool(&limits)?;
    let job = Job { files, reading, limits: &limits, reserved: &[], pool: &pool };
    something(job.run(CsvOut::new(out))?)
}

/// Lands one file as Parquet without lineage.
pub fn land_parquet<W: Write + Send>(
    file: &DumpFile,
    reading: &Reading,
    out: W,
) -> Result<Landing, Error> {
    let limits = Limits::default();
    let pool = pool(&limits)?;
    let out = ParquetOut::new(out, false, limits.row_group_rows, &pool);
    let files = std::slice::from_ref(file);
    something(Job { files, reading, limits: &limits, reserved: &[], pool: &pool }.run(out)?)
}

/// Threads for the pieces of large files and the columns of row groups.
fn pool(limits: &Limits) -> Result<rayon::ThreadPool, Error> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(limits.threads.max(1))
        .thread_name(|at| format!("ingest-{at}"))
        .build()
        .map_err(Error::write)
}

/// A landing of one file that was read to some purpose: rejects alone mean that it was not understood.
fn something(landing: Landing) -> Result<Landing, Error> {
    match landing.files.first() {
        Some(file) if landing.rows == 0 && !landing.rejects.is_empty() => Err(Error::NothingRead {
            file: file.name.clone(),
            rejected: landing.rejects.len() as u64,
        }),
        _ => Ok(landing),
    }
}

/// The first rows of a file, of a workbook those of each of its sheets that are taken: counts as far as it was read, columns,
/// cells (of the first `rows` rows in all).
#[expect(clippy::type_complexity, reason = "three plain lists")]
pub fn head(
    file: &DumpFile,
    reading: &Reading,
    rows: usize,
) -> Result<(Vec<FileCounts>, Vec<String>, Vec<Vec<Option<String>>>), Error> {
    let limits = Limits::default();
    let order = Order {
        reading,
        wanted: &reading.columns,
        limits: &limits,
        reserved: &[],
        as_written: false,
        pool: None,
        whole: false,
    };
    let mut sink = HeadSink { columns: Vec::new(), rows: Vec::new(), of_sheet: 0, most: rows };
    let landed = reader::read(file, order, &mut sink)?;
    Ok((landed.counts, sink.columns, sink.rows))
}

struct HeadSink {
    columns: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
    /// Rows of the sheet that is read.
    of_sheet: usize,
    most: usize,
}

impl Sink for HeadSink {
    fn columns(&mut self, _sheet: &str, columns: &[String]) -> Result<(), Error> {
        if self.columns.is_empty() {
            columns.clone_into(&mut self.columns);
        }
        self.of_sheet = 0;
        Ok(())
    }

    fn fixed(&self) -> Vec<WantedColumn> {
        wanted(&self.columns)
    }

    fn row(&mut self, cells: Cells<'_>) -> Result<Flow, Error> {
        self.of_sheet += 1;
        if self.rows.len() < self.most {
            self.rows.push(cells.iter().map(|cell| cell.map(str::to_owned)).collect());
        }
        Ok(if self.of_sheet >= self.most { Flow::Enough } else { Flow::More })
    }

    fn next_sheet(&mut self) -> Flow {
        Flow::More
    }

    fn reject(&mut self, _reject: Reject) -> Result<(), Error> {
        Ok(())
    }
}

/// Batches of one file that may wait to be written.
const WAITING_MAX: usize = 8;

enum Message {
    Part(Part),
    Done(Box<LandedFile>, Vec<Reject>),
    Failed(Error),
}

struct Job<'a> {
    files: &'a [DumpFile],
    reading: &'a Reading,
    limits: &'a Limits,
    /// The lineage columns; none: no lineage is written.
    reserved: &'a [&'a str],
    pool: &'a rayon::ThreadPool,
}

impl Job<'_> {
    fn run<O: Output>(&self, mut out: O) -> Result<Landing, Error> {
        let mut landing = Landing::default();
        let columns: Vec<String> =
            self.reading.columns.iter().map(|column| column.header.clone()).collect();
        if !columns.is_empty() {
            out.begin(&columns)?;
            landing.columns = columns;
        }
        // Found columns of the first file are what the others have to fill: one after the other then.
        let threads = if landing.columns.is_empty() {
            1
        } else {
            self.limits.threads.clamp(1, self.files.len().max(1))
        };
        let (senders, receivers): (Vec<_>, Vec<_>) =
            self.files.iter().map(|_| sync_channel(WAITING_MAX)).unzip();
        let queue = Queue {
            next: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            senders: senders.into_iter().map(|sender| Mutex::new(Some(sender))).collect(),
        };
        std::thread::scope(|scope| {
            for _ in 0..threads.min(self.files.len()) {
                scope.spawn(|| self.work(&queue));
            }
            let collected = receivers
                .into_iter()
                .zip(self.files)
                .try_for_each(|(receiver, file)| collect(&receiver, file, &mut landing, &mut out));
            queue.stop.store(true, Ordering::Relaxed);
            collected
        })?;
        out.finish()?;
        Ok(landing)
    }

    /// Reads files, the next one free, until there are none. Files are begun in order, so the one that is waited for is
    /// always being read.
    fn work(&self, queue: &Queue) {
        let mut fixed: Vec<WantedColumn> = Vec::new();
        loop {
            let at = queue.next.fetch_add(1, Ordering::Relaxed);
            if queue.stop.load(Ordering::Relaxed) {
                return;
            }
            let (Some(file), Some(sender)) = (self.files.get(at), queue.sender(at)) else { return };
            let wanted =
                if self.reading.columns.is_empty() { &fixed } else { &self.reading.columns };
            let outcome = catch_unwind(AssertUnwindSafe(|| self.file(file, wanted, &sender)));
            let message = match outcome {
                Ok(Ok((landed, rejects, columns))) => {
                    if fixed.is_empty() {
                        fixed = columns;
                    }
                    Message::Done(Box::new(landed), rejects)
                }
                Ok(Err(error)) => Message::Failed(error),
                Err(_) => Message::Failed(Error::unreadable(&file.path, "the reader broke off")),
            };
            // Nobody listens after another file failed.
            let _ = sender.send(message);
        }
    }

    fn file(
        &self,
        file: &DumpFile,
        wanted: &[WantedColumn],
        sender: &SyncSender<Message>,
    ) -> Result<(LandedFile, Vec<Reject>, Vec<WantedColumn>), Error> {
        let mut emit = |part| {
            if sender.send(Message::Part(part)).is_ok() { Flow::More } else { Flow::Enough }
        };
        let (reading, limits, reserved) = (self.reading, self.limits, self.reserved);
        let pool = Some(self.pool);
        // What goes into the state is compared; one clean file is what the dump says.
        let as_written = reserved.is_empty();
        let order = Order { reading, wanted, limits, reserved, as_written, pool, whole: true };
        let mut sink = BatchSink::new(&file.name, !reserved.is_empty(), &mut emit);
        let landed = reader::read(file, order, &mut sink)?;
        sink.flush()?;
        Ok((landed, std::mem::take(&mut sink.rejects), sink.fixed()))
    }
}

struct Queue {
    next: AtomicUsize,
    stop: AtomicBool,
    senders: Vec<Mutex<Option<SyncSender<Message>>>>,
}

impl Queue {
    fn sender(&self, at: usize) -> Option<SyncSender<Message>> {
        self.senders.get(at)?.lock().ok()?.take()
    }
}

/// Writes what one file gives.
fn collect<O: Output>(
    receiver: &Receiver<Message>,
    file: &DumpFile,
    landing: &mut Landing,
    out: &mut O,
) -> Result<(), Error> {
    let mut rows = 0;
    loop {
        match receiver.recv() {
            Ok(Message::Part(Part::Columns(columns))) => {
                if landing.columns.is_empty() {
                    out.begin(&columns)?;
                    landing.columns = columns;
                }
            }
            Ok(Message::Part(Part::Batch(batch))) => {
                rows += batch.num_rows() as u64;
                out.batch(&batch)?;
            }
            Ok(Message::Done(landed, mut rejects)) => {
                check(&landed, rows, rejects.len() as u64)?;
                landing.rows += rows;
                landing.rejects.append(&mut rejects);
                landing.files.push(*landed);
                return Ok(());
            }
            Ok(Message::Failed(error)) => return Err(error),
            Err(_) => return Err(Error::unreadable(&file.path, "the reader broke off")),
        }
    }
}

/// What was written is what was counted.
fn check(landed: &LandedFile, rows: u64, rejects: u64) -> Result<(), Error> {
    let sum = |part: fn(&FileCounts) -> u64| landed.counts.iter().map(part).sum::<u64>();
    if (sum(|counts| counts.rows_landed), sum(|counts| counts.rows_rejected)) == (rows, rejects) {
        return Ok(());
    }
    Err(Error::CountsDisagree {
        file: landed.name.clone(),
        sheet: String::new(),
        read: sum(|counts| counts.rows_read),
        landed: rows,
        rejected: rejects,
        skipped: sum(|counts| counts.skipped.len() as u64),
    })
}
