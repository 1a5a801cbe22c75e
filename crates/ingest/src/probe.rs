//! What a file is, by its bytes first and its name second.

use std::io::Read;

use milaan_model::reading::{Format, Reading};

use crate::archive::{self, Member, Zip};
use crate::error::Error;
use crate::limits::{DumpFile, Limits};
use crate::looks::{Looks, is_binary, looks};
use crate::workbook::is_sheets_in_xml;

/// How text is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
    Zip(Member),
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) format: Format,
    pub(crate) packing: Packing,
}

/// Bytes looked at.
const HEAD_BYTES: usize = 4096;

/// Finds the format, or says what the file is instead.
pub(crate) fn probe(file: &DumpFile, reading: &Reading, limits: &Limits) -> Result<Kind, Error> {
    let mut input = crate::source::open(file)?;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let unreadable = |error| Error::unreadable(&file.path, error);
    input.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(unreadable)?;
    if head.is_empty() {
        return Err(Error::Empty { file: file.name.clone() });
    }
    let zip = match head.as_slice() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(archive::look(file, &mut input, &head, limits)?),
        _ => None,
    };
    let packing = match (head.as_slice(), &zip) {
        ([0x1f, 0x8b, ..], _) => Packing::Gzip,
        ([0x28, 0xb5, 0x2f, 0xfd, ..], _) => Packing::Zstd,
        (_, Some(Zip::One(member))) => Packing::Zip(*member),
        _ => Packing::Plain,
    };
    let expected = reading.format.or_else(|| by_name(&file.name));
    if packing != Packing::Plain {
        return match expected {
            None | Some(Format::Csv) => Ok(Kind { format: Format::Csv, packing }),
            Some(_) => {
                Err(Error::NotAWorkbook { file: file.name.clone(), looks_like: "a packed file" })
            }
        };
    }
    let found = match head.as_slice() {
        _ if let Some(Zip::Looks(looks)) = zip => looks,
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Looks::Like(Format::Xls),
        [b'P', b'A', b'R', b'1', ..] => Looks::Like(Format::Parquet),
        // BIFF 2 to 5 without a container.
        [0x09, 0 | 2 | 4 | 8, ..] if expected == Some(Format::Xls) => Looks::Like(Format::Xls),
        _ if is_sheets_in_xml(&head) => Looks::Like(Format::Xls),
        _ => looks(&head),
    };
    let refused = |looks_like| match expected {
        None | Some(Format::Csv) => Error::NotText { file: file.name.clone(), looks_like },
        Some(_) => Error::NotAWorkbook { file: file.name.clone(), looks_like },
    };
    let format = match (found, expected) {
        (Looks::Like(format), stated) => match reading.format {
            // Text that is stated to be text; a workbook that is stated to be text is not.
            Some(Format::Csv) if format != Format::Csv => return Err(refused(word(format))),
            // Programs have always called delimited text `.xls`, since Excel opens it; under other names it does not.
            None if format == Format::Csv && stated == Some(Format::Xls) && has_lines(&head) => {
                format
            }
            _ if format == Format::Csv && !matches!(stated, None | Some(Format::Csv)) => {
                return Err(refused(if is_binary(&head) { "binary data" } else { "text" }));
            }
            _ => format,
        },
        (Looks::Other(what), _) => return Err(refused(what)),
    };
    Ok(Kind { format, packing })
}

/// Whether bytes are text of more than one line.
fn has_lines(head: &[u8]) -> bool {
    let ends = |b: &u8| *b == b'\n' || *b == b'\r';
    !is_binary(head) && head.trim_ascii().iter().any(ends)
}

fn word(format: Format) -> &'static str {
    if format == Format::Parquet { "a Parquet file" } else { "a workbook" }
}

fn by_name(name: &str) -> Option<Format> {
    let (_, extension) = name.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "csv" | "tsv" | "tab" | "txt" | "psv" => Some(Format::Csv),
        "xlsx" | "xlsm" | "xltx" => Some(Format::Xlsx),
        "xls" => Some(Format::Xls),
        "xlsb" => Some(Format::Xlsb),
        "ods" => Some(Format::Ods),
        "parquet" => Some(Format::Parquet),
        _ => None,
    }
}
