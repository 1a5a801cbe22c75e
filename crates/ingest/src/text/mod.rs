//! Delimited text: encoding and dialect are found on the first piece, then records stream into a table.

mod aligned;
mod candidates;
pub(crate) mod decode;
pub(crate) mod delimiter;
pub(crate) mod dialect;
mod mend;
mod met;
mod pieces;
pub(crate) mod records;
mod scan;
mod spool;
mod unwrap;

use std::io::{Cursor, Read};

use milaan_model::reading::FileCounts;

use crate::error::Error;
use crate::limits::DumpFile;
use crate::looks::{Looks, is_binary, looks};
use crate::probe::Packing;
use crate::row::RawRow;
use crate::source::{self, Hashed};
use crate::table::{Flow, Sink, Table, Task};
use decode::{Coding, Decoded};
use met::Met;
use pieces::{Pieces, Rest};
use records::{Dialect, Records};
use spool::Spool;
use unwrap::Unwrapped;

/// Bytes on which encoding and dialect are found.
const SAMPLE_BYTES: usize = 256 << 10;

/// Reads a text file into `sink`. The file's hash and length come back with the counts; when the sink had enough, the
/// rest of the file is read for its hash alone if `whole`.
pub(crate) fn read(
    file: &DumpFile,
    packing: Packing,
    task: Task<'_>,
    pool: Option<&rayon::ThreadPool>,
    whole: bool,
    sink: &mut dyn Sink,
) -> Result<(FileCounts, Option<(String, u64)>), Error> {
    let hashed = Hashed::open(file)?;
    let failed = |error| source::read_error(file, task.limits, error);
    let mut input = source::unpacked(file, hashed.clone(), packing, task.limits)?;
    let mut sample = Vec::new();
    input.by_ref().take(SAMPLE_BYTES as u64).read_to_end(&mut sample).map_err(failed)?;
    refuse_other(file, packing, &sample)?;
    let coding = decode::coding(task.reading.encoding.as_deref(), &sample)?;
    let (dialect, form) = find_dialect(&sample, coding, &task);
    let written = match form {
        Form::Spool(_) | Form::Aligned(_) => " ".to_owned(),
        _ => dialect.delimiter.written(),
    };
    let task = Task { delimiter: Some(&written), ..task };
    let bytes = Cursor::new(sample).chain(input);
    let mut bytes: Box<dyn Read> = Box::new(bytes);
    bytes.read_exact(&mut vec![0; coding.mark]).map_err(failed)?;
    let text: Box<dyn Read> = match coding.ahead {
        Some(encoding) => Box::new(Decoded::new(bytes, encoding)),
        None => bytes,
    };
    let told = form.told();
    let text: Box<dyn Read> = match form {
        Form::Plain => text,
        Form::Wrapped => Box::new(Unwrapped::new(text)),
        Form::Spool(places) | Form::Aligned(places) => Box::new(Spool::new(text, places)),
    };
    let (table, met) = into_table(text, &dialect, task, pool, &failed, sink)?;
    let Some(mut counts) = table.finish(sink)? else {
        return Err(Error::Empty { file: file.name.clone() });
    };
    counts.found.extend(found(packing, coding, &dialect, &met));
    if let Some(told) = told {
        counts.found.push((told.to_owned(), "yes".to_owned()));
    }
    let sum = if whole { Some(hashed.finish().map_err(failed)?) } else { None };
    Ok((counts, sum))
}

/// Reads the records: the first ones in turn, until the table's layout is known, the others in pieces.
fn into_table<'a>(
    text: Box<dyn Read>,
    dialect: &Dialect,
    task: Task<'a>,
    pool: Option<&rayon::ThreadPool>,
    failed: &dyn Fn(std::io::Error) -> Error,
    sink: &mut dyn Sink,
) -> Result<(Table<'a>, Met), Error> {
    let most = task.limits.record_bytes_max;
    let mut records = Records::new(text, dialect.clone(), most);
    let mut table = Table::new(task);
    let mut row = RawRow::default();
    let mut met = Met::default();
    // Lone CRs do not show where a piece may end.
    let mut pool = pool.filter(|_| !dialect.lone_cr);
    while records.next(&mut row).map_err(failed)? {
        if table.push(&row, sink)? == Flow::Enough {
            break;
        }
        let Some(pool) = pool.filter(|_| table.settled().is_some()).and_then(|_| pool.take())
        else {
            continue;
        };
        let Some(body) = table.settled() else { continue };
        let line = records.line();
        let (bytes, Some(input), above) = records.into_rest() else { return Ok((table, met)) };
        met.add(&above);
        let pieces = Pieces { dialect, limits: task.limits, pool, body, sink, met: &mut met };
        match pieces.read(Rest { bytes, input, line }, failed)? {
            None => return Ok((table, met)),
            Some(Rest { bytes, input, line }) => {
                records = Records::after(bytes, input, line, dialect.clone(), most);
            }
        }
    }
    met.add(&records.met);
    Ok((table, met))
}

/// Refuses what is no text: what a packed file packs, and bytes that nobody has typed.
fn refuse_other(file: &DumpFile, packing: Packing, sample: &[u8]) -> Result<(), Error> {
    let not_text = |looks_like| Err(Error::NotText { file: file.name.clone(), looks_like });
    if packing != Packing::Plain {
        if sample.starts_with(b"PK\x03\x04") || sample.starts_with(b"\xd0\xcf\x11\xe0") {
            return not_text("a packed workbook or archive: unpack it first");
        }
        if let Looks::Other(what) = looks(sample) {
            return not_text(what);
        }
    }
    if decode::is_wide(sample) || !is_binary(sample) { Ok(()) } else { not_text("binary data") }
}

/// What has to be done to a text's lines before they are records.
enum Form {
    Plain,
    /// Each line is wrapped into quotes as a whole.
    Wrapped,
    /// Columns of fixed width, with spaces between them at these places, below a line of dashes.
    Spool(Vec<usize>),
    /// The same without a line that says so.
    Aligned(Vec<usize>),
}

impl Form {
    /// As the receipt says it.
    fn told(&self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Wrapped => Some("lines_unwrapped"),
            Self::Spool(_) => Some("columns_by_dashes"),
            Self::Aligned(_) => Some("columns_by_place"),
        }
    }
}

/// The dialect, and what has to be done to the lines.
fn find_dialect(sample: &[u8], coding: Coding, task: &Task<'_>) -> (Dialect, Form) {
    let body = &sample[coding.mark.min(sample.len())..];
    let decoded;
    let text = match coding.ahead {
        Some(encoding) => {
            decoded = encoding.decode_without_bom_handling(body).0;
            decoded.as_bytes()
        }
        None => body,
    };
    // The last line may be cut off.
    let whole = if sample.len() < SAMPLE_BYTES {
        text.len()
    } else {
        text.iter().rposition(|&b| b == b'\n' || b == b'\r').map_or(text.len(), |end| end + 1)
    };
    let text = &text[..whole];
    let stated = task.reading.delimiter.is_some() || task.reading.quote.is_some();
    if let Some(places) = spool::columns(text).filter(|_| !stated) {
        return (by_place(), Form::Spool(places));
    }
    if stated || !unwrap::is_wrapped(text) {
        let dialect = dialect::sniff(text, task.reading);
        let is_loose = dialect.width.is_none() || dialect.delimiter.is_blank();
        let places = if is_loose && !stated { aligned::columns(text) } else { None };
        return match places {
            Some(places) => (by_place(), Form::Aligned(places)),
            None => (dialect, Form::Plain),
        };
    }
    let mut bare = Vec::new();
    // Reading from memory cannot fail.
    let _ = Unwrapped::new(text).read_to_end(&mut bare);
    (dialect::sniff(&bare, task.reading), Form::Wrapped)
}

/// How columns of fixed width are divided once their places are known.
fn by_place() -> Dialect {
    let delimiter = delimiter::Delimiter::Byte(spool::DIVIDER);
    Dialect { delimiter, quote: None, escape: None, lone_cr: false, width: None }
}

/// What was found, for the receipt.
fn found(packing: Packing, coding: Coding, dialect: &Dialect, met: &Met) -> Vec<(String, String)> {
    let mut found = vec![("format", "csv".to_owned())];
    match packing {
        Packing::Plain => {}
        Packing::Gzip => found.push(("packing", "gzip".to_owned())),
        Packing::Zip(_) => found.push(("packing", "zip".to_owned())),
        Packing::Zstd => found.push(("packing", "zstd".to_owned())),
    }
    let encoding = match coding.ahead {
        Some(encoding) => encoding.name().to_ascii_lowercase(),
        None if met.windows_1252 == 0 => "utf-8".to_owned(),
        None if !met.utf8 => "windows-1252".to_owned(),
        None => format!(
            "utf-8, windows-1252 in {} cells from row {}",
            met.windows_1252, met.windows_1252_first
        ),
    };
    found.push(("encoding", encoding));
    if coding.mark > 0 {
        found.push(("byte_order_mark", "yes".to_owned()));
    }
    found.push(("delimiter", dialect.delimiter.word()));
    if let Some(quote) = dialect.quote.filter(|&quote| quote != b'"') {
        found.push(("quote", char::from(quote).to_string()));
    }
    if let Some(escape) = dialect.escape {
        found.push(("escape", char::from(escape).to_string()));
    }
    let ending = match (met.lf, met.crlf, met.cr) {
        (0, 0, 0) => "none",
        (_, 0, 0) => "lf",
        (0, _, 0) => "crlf",
        (0, 0, _) => "cr",
        _ => "mixed",
    };
    found.push(("line_ending", ending.to_owned()));
    if met.nul_bytes > 0 {
        found.push(("nul_bytes", met.nul_bytes.to_string()));
    }
    if met.mended > 0 {
        let first = met.mended_first;
        found.push(("lines_mended", format!("in {} rows from row {first}", met.mended)));
    }
    found.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
