//! The sectors of an OLE container (.xls): whether a chain of them has an end.
//!
//! calamine follows the chain of the directory, and those of the streams that it opens, for as long as there is a next
//! sector: one that leads back to itself would take all memory there is.

use std::io::{self, Read, Seek, SeekFrom};

/// Sector numbers from here on mean something else than a sector.
const SECTORS_END: u32 = 0xffff_fffa;
/// Streams that a workbook's cells stand in.
const STREAMS: [&str; 4] = ["Workbook", "Book", "EncryptionInfo", "EncryptedPackage"];
/// Streams of such a name that are looked at.
const STREAMS_MAX: usize = 16;
/// Bytes of a directory entry.
const ENTRY_BYTES: usize = 128;
/// A stream that is shorter stands in sectors of its own size.
const SMALL_BYTES: u32 = 4096;

/// Whether all chains that a reader follows end. A container that cannot be understood is the reader's to refuse.
pub(crate) fn ends(input: &mut (impl Read + Seek)) -> bool {
    look(input).unwrap_or(true)
}

fn look(input: &mut (impl Read + Seek)) -> io::Result<bool> {
    let mut head = [0; 512];
    let length = input.seek(SeekFrom::End(0))?;
    input.seek(SeekFrom::Start(0))?;
    input.read_exact(&mut head)?;
    let size = if head[30] == 12 { 4096 } else { 512 };
    let sectors = (length / size) as usize + 1;
    let mut sector = |id: u32| -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        input.seek(SeekFrom::Start((u64::from(id) + 1) * size))?;
        input.take(size).read_to_end(&mut bytes)?;
        Ok(bytes)
    };

    // Which sectors the table of chains stands in.
    let mut tables: Vec<u32> = words(&head[76..]).collect();
    let mut next = word(&head, 68);
    while next < SECTORS_END {
        let bytes = sector(next)?;
        tables.extend(words(&bytes));
        next = tables.pop().unwrap_or(SECTORS_END);
        if tables.len() > 2 * sectors + head.len() {
            return Ok(false);
        }
    }
    tables.retain(|id| *id < SECTORS_END);
    if tables.len() > sectors {
        return Ok(false);
    }
    let mut chains = Vec::new();
    for id in tables {
        chains.extend(words(&sector(id)?));
    }

    let mut read = |start: u32| -> io::Result<Option<Vec<u8>>> {
        let Some(ids) = chain(start, &chains) else { return Ok(None) };
        let mut bytes = Vec::new();
        for id in ids {
            bytes.append(&mut sector(id)?);
        }
        Ok(Some(bytes))
    };
    let (Some(directory), Some(small)) = (read(word(&head, 48))?, read(word(&head, 60))?) else {
        return Ok(false);
    };
    let small: Vec<u32> = words(&small).collect();
    let entries = || directory.chunks_exact(ENTRY_BYTES);
    let root = entries().next().map(|entry| word(entry, 116));
    let stream = |entry: &[u8]| {
        let table = if word(entry, 120) < SMALL_BYTES { &small } else { &chains };
        chain(word(entry, 116), table).is_some()
    };
    Ok(root.is_none_or(|start| chain(start, &chains).is_some())
        && entries().filter(|entry| is_stream(entry)).take(STREAMS_MAX).all(stream))
}

/// The sectors of a chain up to its end, or to where it leaves the table; `None`: it goes round in a circle.
fn chain(start: u32, table: &[u32]) -> Option<Vec<u32>> {
    let (mut next, mut ids) = (start, Vec::new());
    while let Some(after) = table.get(next as usize) {
        if ids.len() > table.len() {
            return None;
        }
        ids.push(next);
        next = *after;
    }
    Some(ids)
}

/// Whether a directory entry is of a stream that is read.
fn is_stream(entry: &[u8]) -> bool {
    let name: Vec<u8> = entry[..64].chunks(2).map(|unit| unit[0]).take_while(|b| *b != 0).collect();
    STREAMS.iter().any(|stream| name.eq_ignore_ascii_case(stream.as_bytes()))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word))
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|bytes| words(bytes).next()).unwrap_or(SECTORS_END)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles() {
        let mut container = cfb::CompoundFile::create(io::Cursor::new(Vec::new())).unwrap();
        for (name, bytes) in [("Workbook", 20_000), ("Book", 300)] {
            let mut stream = container.create_stream(name).unwrap();
            io::Write::write_all(&mut stream, &vec![7; bytes]).unwrap();
        }
        let whole = container.into_inner().into_inner();
        let looked = |bytes: &[u8]| ends(&mut io::Cursor::new(bytes));
        assert!(looked(&whole) && looked(&whole[..100]) && looked(b"no container"));
        let size = if whole[30] == 12 { 4096 } else { 512 };
        let table = (word(&whole, 76) as usize + 1) * size;
        let is_chained = |at: &usize| word(&whole, *at) < SECTORS_END;
        let chained: Vec<usize> = (table..table + size).step_by(4).filter(is_chained).collect();
        assert!(!chained.is_empty());
        for at in chained {
            let mut circle = whole.clone();
            circle[at..at + 4].copy_from_slice(&(((at - table) / 4) as u32).to_le_bytes());
            assert!(!looked(&circle), "{at}");
        }
    }
}
