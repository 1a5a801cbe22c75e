//! A file as a stream of bytes that is hashed as it passes, and unpacked if it is packed.

use std::cell::RefCell;
use std::fmt::Write;
use std::fs::File;
use std::io::{self, Read};
use std::rc::Rc;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use crate::archive::{Member, Unpacked};
use crate::error::Error;
use crate::limits::{DumpFile, Limits};
use crate::probe::Packing;

/// Opens a dump.
pub(crate) fn open(file: &DumpFile) -> Result<File, Error> {
    let opened = File::open(&file.path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::Missing { file: file.name.clone() },
        _ => Error::unreadable(&file.path, error),
    })?;
    let is_dir = opened.metadata().map_err(|error| Error::unreadable(&file.path, error))?.is_dir();
    if is_dir {
        return Err(Error::unreadable(&file.path, io::Error::from(io::ErrorKind::IsADirectory)));
    }
    Ok(opened)
}

/// What the system says of a file, to notice that it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
}

impl Stamp {
    /// Looks at the path, so that a file replaced by another is noticed as well.
    pub(crate) fn of(file: &DumpFile) -> Result<Self, Error> {
        let data = std::fs::metadata(&file.path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::Missing { file: file.name.clone() },
            _ => Error::unreadable(&file.path, error),
        })?;
        Ok(Self { length: data.len(), modified: data.modified().ok() })
    }

    /// Refuses a file that is not what it was, or of which another number of bytes was read.
    pub(crate) fn unchanged(&self, file: &DumpFile, bytes: u64) -> Result<(), Error> {
        let now = Self::of(file).ok();
        if now.as_ref() == Some(self) && bytes == self.length {
            Ok(())
        } else {
            Err(Error::Changed { file: file.name.clone() })
        }
    }
}

struct Tally {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Tally {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.hash.update(&into[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

/// A file that is hashed while it is read.
#[derive(Clone)]
pub(crate) struct Hashed(Rc<RefCell<Tally>>);

impl Hashed {
    pub(crate) fn open(file: &DumpFile) -> Result<Self, Error> {
        Ok(Self(Rc::new(RefCell::new(Tally { file: open(file)?, hash: Sha256::new(), bytes: 0 }))))
    }

    /// Reads what is left; the hash of the whole and its length.
    pub(crate) fn finish(self) -> io::Result<(String, u64)> {
        let mut tally = self.0.borrow_mut();
        let mut rest = vec![0; 256 << 10];
        while tally.read(&mut rest)? > 0 {}
        let digest = std::mem::take(&mut tally.hash).finalize();
        let mut hex = String::with_capacity(64);
        for byte in &digest {
            // Writing to a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Ok((hex, tally.bytes))
    }
}

impl Read for Hashed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(into)
    }
}

/// The unpacked bytes of a file, no more than the limit.
pub(crate) fn unpacked(
    file: &DumpFile,
    input: Hashed,
    packing: Packing,
    limits: &Limits,
) -> Result<Box<dyn Read>, Error> {
    let unpacked: Box<dyn Read> = match packing {
        Packing::Plain => return Ok(Box::new(input)),
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(io::BufReader::new(input))),
        Packing::Zip(member) => zip_member(file, input, member)?,
        Packing::Zstd => Box::new(
            zstd::stream::read::Decoder::new(input)
                .map_err(|error| Error::unreadable(&file.path, error))?,
        ),
    };
    Ok(Box::new(Capped { input: unpacked, left: limits.unpacked_bytes_max }))
}

/// A member of a zip file; its length and sum are looked at when it ends.
fn zip_member(file: &DumpFile, input: Hashed, member: Member) -> Result<Box<dyn Read>, Error> {
    let mut input = input;
    io::copy(&mut input.by_ref().take(member.offset), &mut io::sink())
        .map_err(|error| Error::unreadable(&file.path, error))?;
    Ok(Box::new(Unpacked::new(input.take(member.packed), member)))
}

/// Reads until the piece is full or the file ends; how many bytes came.
pub(crate) fn fill_from(input: &mut impl Read, into: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match input.read(&mut into[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The mark of an error that means [`Error::TooLarge`].
#[derive(Debug, thiserror::Error)]
#[error("more bytes than allowed when unpacked")]
pub(crate) struct TooMuch;

struct Capped<R> {
    input: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(into)?;
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| io::Error::other(TooMuch))?;
        Ok(count)
    }
}

/// A read error as ours.
pub(crate) fn read_error(file: &DumpFile, limits: &Limits, error: io::Error) -> Error {
    if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<TooMuch>) {
        let limit = limits.unpacked_bytes_max;
        Error::TooLarge { file: file.name.clone(), what: "bytes when unpacked", limit }
    } else {
        Error::unreadable(&file.path, error)
    }
}
