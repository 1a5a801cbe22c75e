//! What a file is, by its bytes first and its name second.

use std::io::{Read, Seek, SeekFrom};

use milaan_model::reading::{Format, Reading};

use crate::error::Error;
use crate::limits::{DumpFile, Limits};

/// How text is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Gzip,
    Zstd,
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
    let packing = match head.as_slice() {
        [0x1f, 0x8b, ..] => Packing::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Packing::Zstd,
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
        [b'P', b'K', 3 | 5, 4 | 6, ..] => zip_format(file, &mut input, &head, limits)?,
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => Looks::Like(Format::Xls),
        [b'P', b'A', b'R', b'1', ..] => Looks::Like(Format::Parquet),
        // BIFF 2 to 5 without a container.
        [0x09, 0 | 2 | 4 | 8, ..] if expected == Some(Format::Xls) => Looks::Like(Format::Xls),
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
            _ if format == Format::Csv && !matches!(stated, None | Some(Format::Csv)) => {
                return Err(refused("text"));
            }
            _ => format,
        },
        (Looks::Other(what), _) => return Err(refused(what)),
    };
    Ok(Kind { format, packing })
}

/// What bytes look like.
enum Looks {
    Like(Format),
    Other(&'static str),
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

/// Bytes that are neither a container nor Parquet.
fn looks(head: &[u8]) -> Looks {
    let start: Vec<u8> = head
        .iter()
        .copied()
        .filter(|&b| b != 0 && b < 0x80)
        .skip_while(u8::is_ascii_whitespace)
        .take(512)
        .map(|b| b.to_ascii_lowercase())
        .collect();
    let has = |word: &[u8]| start.windows(word.len()).any(|piece| piece == word);
    if start.starts_with(b"%pdf") {
        return Looks::Other("a PDF document");
    }
    if start.starts_with(b"<") {
        if has(b"<html")
            || has(b"<!doctype html")
            || has(b"<table")
            || has(b"<body")
            || has(b"<head")
        {
            return Looks::Other("an HTML page");
        }
        if start.starts_with(b"<?xml") {
            return Looks::Other(if has(b"excel") || has(b"spreadsheet") {
                "an Excel 2003 XML file"
            } else {
                "an XML file"
            });
        }
    }
    match head {
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => {
            return Looks::Other("an image");
        }
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xbc, 0xaf, ..] | [b'B', b'Z', b'h', ..] => {
            return Looks::Other("an archive");
        }
        [0x7f, b'E', b'L', b'F', ..] | [b'M', b'Z', 0x90, 0, ..] => {
            return Looks::Other("a program");
        }
        _ => {}
    }
    Looks::Like(Format::Csv)
}

/// Which workbook a zip file is, by its members' names.
fn zip_format(
    file: &DumpFile,
    input: &mut (impl Read + Seek),
    head: &[u8],
    limits: &Limits,
) -> Result<Looks, Error> {
    if head.windows(46).any(|piece| piece == b"application/vnd.oasis.opendocument.spreadsheet") {
        return Ok(Looks::Like(Format::Ods));
    }
    let Some(members) = members(input).map_err(|error| Error::unreadable(&file.path, error))?
    else {
        return Ok(Looks::Other("a damaged zip file"));
    };
    let unpacked: u64 = members.iter().map(|(_, size)| size).sum();
    if unpacked > limits.unpacked_bytes_max {
        let limit = limits.unpacked_bytes_max;
        return Err(Error::TooLarge {
            file: file.name.clone(),
            what: "bytes when unpacked",
            limit,
        });
    }
    let has = |part: &str| {
        members.iter().any(|(name, _)| name.to_ascii_lowercase().replace('\\', "/").contains(part))
    };
    Ok(if has("workbook.bin") {
        Looks::Like(Format::Xlsb)
    } else if has("xl/") || has("workbook.xml") {
        Looks::Like(Format::Xlsx)
    } else if has("content.xml") && has("mimetype") {
        Looks::Like(Format::Ods)
    } else if has("word/") {
        Looks::Other("a Word document")
    } else if has("ppt/") {
        Looks::Other("a presentation")
    } else {
        Looks::Other("a zip file")
    })
}

/// Names and unpacked sizes from a zip file's central directory; `None` if there is none.
fn members(input: &mut (impl Read + Seek)) -> std::io::Result<Option<Vec<(String, u64)>>> {
    let length = input.seek(SeekFrom::End(0))?;
    let tail_from = length.saturating_sub(66_000);
    input.seek(SeekFrom::Start(tail_from))?;
    let mut tail = Vec::new();
    input.take(66_000).read_to_end(&mut tail)?;
    let Some(end) = tail.windows(4).rposition(|piece| piece == b"PK\x05\x06") else {
        return Ok(None);
    };
    let (Some(size), Some(offset)) = (number(&tail, end + 12, 4), number(&tail, end + 16, 4))
    else {
        return Ok(None);
    };
    input.seek(SeekFrom::Start(offset))?;
    let mut directory = Vec::new();
    input.take(size.min(16 << 20)).read_to_end(&mut directory)?;
    let mut members = Vec::new();
    let mut at = 0;
    while directory.get(at..at + 4) == Some(b"PK\x01\x02") {
        let field = |offset, width| number(&directory, at + offset, width);
        let (Some(unpacked), Some(name), Some(extra), Some(comment)) =
            (field(24, 4), field(28, 2), field(30, 2), field(32, 2))
        else {
            break;
        };
        let name_end = at + 46 + name as usize;
        let Some(bytes) = directory.get(at + 46..name_end) else { break };
        members.push((String::from_utf8_lossy(bytes).into_owned(), unpacked));
        at = name_end + (extra + comment) as usize;
    }
    Ok(Some(members))
}

/// A little-endian number.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let piece = bytes.get(at..at + width)?;
    Some(piece.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
}
