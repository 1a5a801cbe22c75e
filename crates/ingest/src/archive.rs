//! Zip files, by their central directory: which workbook they are, or the one file they pack.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Take};
use std::path::PathBuf;

use milaan_model::reading::Format;

use crate::claims;
use crate::error::Error;
use crate::limits::{DumpFile, Limits};
use crate::looks::Looks;

/// A zip file that unpacks to so much …
const BOMB_BYTES_MIN: u64 = 256 << 20;
/// … and to so many times its size holds no list: XML of cells packs to a twentieth.
const BOMB_RATIO_MIN: u64 = 200;

/// So much more than its directory says a part may hold: careless writers are no attackers.
const LIE_BYTES_MAX: u64 = 16 << 20;

/// A member of a zip file that is read as it is unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    /// Where its bytes begin in the zip file.
    pub(crate) offset: u64,
    /// How many there are, packed.
    pub(crate) packed: u64,
    /// How many there are said to be, unpacked.
    pub(crate) unpacked: u64,
    pub(crate) crc: u32,
    /// Whether they are deflated; stored otherwise.
    pub(crate) deflated: bool,
}

/// The members of a zip file, each to be had as it unpacks.
pub(crate) struct Members {
    path: PathBuf,
    entries: Vec<Entry>,
}

impl Members {
    /// Reads the directory of a zip file; `None` if it has none.
    pub(crate) fn open(file: &DumpFile) -> Result<Option<Self>, Error> {
        let mut input = crate::source::open(file)?;
        let entries = entries(&mut input).map_err(|error| Error::unreadable(&file.path, error))?;
        Ok(entries.map(|entries| Self { path: file.path.clone(), entries }))
    }

    /// Whether there is a member of this name: `/` between folders, case aside.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// A member as it unpacks, its length and sum looked at when it ends; `None`: there is none of this name, or it is
    /// packed in a rare way.
    pub(crate) fn member(&self, name: &str) -> io::Result<Option<Unpacked<Take<File>>>> {
        let Some(entry) = self.entry(name) else { return Ok(None) };
        let mut input = File::open(&self.path)?;
        let Some(member) = member(&mut input, entry) else { return Ok(None) };
        input.seek(SeekFrom::Start(member.offset))?;
        Ok(Some(Unpacked::new(input.take(member.packed), member)))
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        let same = |entry: &&Entry| entry.name.replace('\\', "/").eq_ignore_ascii_case(name);
        // As readers that keep a table of names: the last one of a name counts.
        self.entries.iter().rev().find(same)
    }
}

/// A member's bytes as they unpack; the length and sum that the directory says are looked at when it ends.
pub(crate) struct Unpacked<R: Read> {
    input: Packed<BufReader<R>>,
    sum: flate2::Crc,
    member: Member,
}

enum Packed<R: BufRead> {
    Stored(R),
    Deflated(flate2::bufread::DeflateDecoder<R>),
}

impl<R: Read> Unpacked<R> {
    /// `packed`: the member's own bytes and no more.
    pub(crate) fn new(packed: R, member: Member) -> Self {
        let packed = BufReader::with_capacity(64 << 10, packed);
        let input = if member.deflated {
            Packed::Deflated(flate2::bufread::DeflateDecoder::new(packed))
        } else {
            Packed::Stored(packed)
        };
        Self { input, sum: flate2::Crc::new(), member }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = match &mut self.input {
            Packed::Stored(input) => input.read(into)?,
            Packed::Deflated(input) => input.read(into)?,
        };
        self.sum.update(&into[..count]);
        let whole =
            self.sum.amount() == self.member.unpacked as u32 && self.sum.sum() == self.member.crc;
        if count == 0 && !into.is_empty() && !whole {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the packed file is damaged"));
        }
        Ok(count)
    }
}

/// A member's flag.
const ENCRYPTED: u64 = 1;
/// Ways to pack a member.
const STORED: u64 = 0;
const DEFLATED: u64 = 8;

/// What a zip file is.
pub(crate) enum Zip {
    Looks(Looks),
    /// One packed file and nothing else.
    One(Member),
}

/// A line of the central directory.
struct Entry {
    name: String,
    packed: u64,
    unpacked: u64,
    crc: u32,
    method: u64,
    flags: u64,
    offset: u64,
}

/// Looks at a zip file's members.
pub(crate) fn look(
    file: &DumpFile,
    input: &mut (impl Read + Seek),
    head: &[u8],
    limits: &Limits,
) -> Result<Zip, Error> {
    let unreadable = |error| Error::unreadable(&file.path, error);
    let Some(entries) = entries(input).map_err(unreadable)? else {
        return Ok(Zip::Looks(Looks::Other("a damaged zip file")));
    };
    let unpacked = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.unpacked));
    if unpacked > limits.unpacked_bytes_max {
        let limit = limits.unpacked_bytes_max;
        return Err(Error::TooLarge {
            file: file.name.clone(),
            what: "bytes when unpacked",
            limit,
        });
    }
    let packed = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.packed));
    if unpacked > BOMB_BYTES_MIN && unpacked / packed.max(1) > BOMB_RATIO_MIN {
        return Err(Error::Bomb { file: file.name.clone(), bytes: unpacked });
    }
    let names: Vec<String> =
        entries.iter().map(|entry| entry.name.to_ascii_lowercase().replace('\\', "/")).collect();
    let has = |part: &str| names.iter().any(|name| name.contains(part));
    let looks = if has("workbook.bin") {
        Looks::Like(Format::Xlsb)
    } else if has("xl/") || has("workbook.xml") {
        Looks::Like(Format::Xlsx)
    } else if has("content.xml") && has("mimetype") {
        let is_text = head.windows(16).any(|piece| piece == b"opendocument.tex");
        if is_text { Looks::Other("a word processor's document") } else { Looks::Like(Format::Ods) }
    } else if has("word/") {
        Looks::Other("a Word document")
    } else if has("ppt/") {
        Looks::Other("a presentation")
    } else {
        return one(file, input, &entries);
    };
    if matches!(looks, Looks::Like(_)) {
        if entries.iter().any(|entry| entry.flags & ENCRYPTED != 0) {
            return Err(Error::UnknownLock { file: file.name.clone() });
        }
        for (entry, name) in entries.iter().zip(&names) {
            // Sheets are streamed, pictures not read at all: the other parts are held in memory as a whole.
            let is_held = !name.contains("worksheets/") && !name.contains("media/");
            if is_held && entry.method == DEFLATED && exceeds(input, entry).map_err(unreadable)? {
                return Err(Error::Bomb { file: file.name.clone(), bytes: entry.unpacked });
            }
            look_at_claims(file, input, entry, name, limits)?;
        }
    }
    Ok(Zip::Looks(looks))
}

/// Looks at what a part of a workbook claims.
fn look_at_claims(
    file: &DumpFile,
    input: &mut (impl Read + Seek),
    entry: &Entry,
    name: &str,
    limits: &Limits,
) -> Result<(), Error> {
    let is_texts = name.ends_with("sharedstrings.xml");
    if !is_texts && name != "content.xml" {
        return Ok(());
    }
    let part = unpacked_part(input, entry).map_err(|error| Error::unreadable(&file.path, error))?;
    match part {
        Some(part) if is_texts => claims::shared_strings(file, part, entry.unpacked),
        Some(part) => claims::ods(file, BufReader::with_capacity(64 << 10, part), limits),
        None => Ok(()),
    }
}

/// Whether a member holds much more than the directory says.
fn exceeds(input: &mut (impl Read + Seek), entry: &Entry) -> io::Result<bool> {
    let Some(offset) = data_offset(input, entry) else { return Ok(false) };
    input.seek(SeekFrom::Start(offset))?;
    let inflated = flate2::read::DeflateDecoder::new(input.by_ref().take(entry.packed));
    // What does not inflate is the reader's to refuse.
    let most = entry.unpacked.saturating_add(LIE_BYTES_MAX);
    let bytes = io::copy(&mut inflated.take(most), &mut io::sink());
    Ok(bytes.is_ok_and(|bytes| bytes >= most))
}

/// A member as it unpacks; `None`: it is packed in a rare way, or lies elsewhere than the directory says.
fn unpacked_part<'a, R: Read + Seek>(
    input: &'a mut R,
    entry: &Entry,
) -> io::Result<Option<Box<dyn Read + 'a>>> {
    let Some(offset) = data_offset(input, entry) else { return Ok(None) };
    input.seek(SeekFrom::Start(offset))?;
    let packed = input.by_ref().take(entry.packed);
    Ok(match entry.method {
        STORED => Some(Box::new(packed)),
        DEFLATED => Some(Box::new(flate2::read::DeflateDecoder::new(packed))),
        _ => None,
    })
}

/// Where a member's bytes begin: the local header may have another name and extra fields than the directory.
fn data_offset(input: &mut (impl Read + Seek), entry: &Entry) -> Option<u64> {
    let mut local = [0; 30];
    input.seek(SeekFrom::Start(entry.offset)).and_then(|_| input.read_exact(&mut local)).ok()?;
    let lengths = number(&local, 26, 2)? + number(&local, 28, 2)?;
    local.starts_with(b"PK\x03\x04").then_some(entry.offset + 30 + lengths)
}

/// The one file that is packed, if it is one.
fn one(file: &DumpFile, input: &mut (impl Read + Seek), entries: &[Entry]) -> Result<Zip, Error> {
    let is_file = |entry: &&Entry| {
        !entry.name.ends_with(['/', '\\'])
            && !entry.name.starts_with("__MACOSX/")
            && !entry.name.ends_with(".DS_Store")
    };
    let mut files = entries.iter().filter(is_file);
    let (Some(entry), None) = (files.next(), files.next()) else {
        return Ok(Zip::Looks(Looks::Other("a zip file of several files, or of none")));
    };
    if entry.flags & ENCRYPTED != 0 {
        return Err(Error::UnknownLock { file: file.name.clone() });
    }
    if !matches!(entry.method, STORED | DEFLATED) {
        return Ok(Zip::Looks(Looks::Other("a zip file packed in a rare way")));
    }
    Ok(member(input, entry).map_or(Zip::Looks(Looks::Other("a damaged zip file")), Zip::One))
}

/// Where a member lies; `None`: it is encrypted, packed in a rare way, or lies elsewhere than the directory says.
fn member(input: &mut (impl Read + Seek), entry: &Entry) -> Option<Member> {
    if entry.flags & ENCRYPTED != 0 || !matches!(entry.method, STORED | DEFLATED) {
        return None;
    }
    let offset = data_offset(input, entry)?;
    let &Entry { packed, unpacked, crc, .. } = entry;
    Some(Member { offset, packed, unpacked, crc, deflated: entry.method == DEFLATED })
}

/// A zip file's central directory; `None` if there is none.
fn entries(input: &mut (impl Read + Seek)) -> io::Result<Option<Vec<Entry>>> {
    let length = input.seek(SeekFrom::End(0))?;
    let tail_from = length.saturating_sub(66_000);
    input.seek(SeekFrom::Start(tail_from))?;
    let mut tail = Vec::new();
    input.by_ref().take(66_000).read_to_end(&mut tail)?;
    let Some(end) = tail.windows(4).rposition(|piece| piece == b"PK\x05\x06") else {
        return Ok(None);
    };
    let (Some(size), Some(offset)) = (number(&tail, end + 12, 4), number(&tail, end + 16, 4))
    else {
        return Ok(None);
    };
    input.seek(SeekFrom::Start(offset))?;
    let mut directory = Vec::new();
    input.by_ref().take(size.min(16 << 20)).read_to_end(&mut directory)?;
    let mut entries = Vec::new();
    let mut at = 0;
    while directory.get(at..at + 4) == Some(b"PK\x01\x02") {
        let field = |offset, width| number(&directory, at + offset, width).unwrap_or_default();
        let name_end = at + 46 + field(28, 2) as usize;
        let Some(name) = directory.get(at + 46..name_end) else { break };
        entries.push(Entry {
            name: String::from_utf8_lossy(name).into_owned(),
            flags: field(8, 2),
            method: field(10, 2),
            crc: field(16, 4) as u32,
            packed: field(20, 4),
            unpacked: field(24, 4),
            offset: field(42, 4),
        });
        at = name_end + (field(30, 2) + field(32, 2)) as usize;
    }
    Ok(Some(entries))
}

/// A little-endian number.
fn number(bytes: &[u8], at: usize, width: usize) -> Option<u64> {
    let piece = bytes.get(at..at + width)?;
    Some(piece.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
}
