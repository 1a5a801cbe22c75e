//! One outgoing file: private, and counted and hashed as it is written.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::error::{At, Error};
use crate::private;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileReceipt {
    /// Path relative to the run's folder, `/` between parts.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A file that is being written; dropped before it is finished, it is taken away.
pub(crate) struct OutgoingFile {
    relative: String,
    path: PathBuf,
    file: File,
    hash: Sha256,
    bytes: u64,
    finished: bool,
}

impl OutgoingFile {
    /// Creates it, 0600, below the run's folder.
    pub(crate) fn create(folder: &Path, relative: &str) -> Result<Self, Error> {
        let path = folder.join(relative);
        let file = private::create_file(&path)?;
        Ok(Self {
            relative: relative.to_owned(),
            path,
            file,
            hash: Sha256::new(),
            bytes: 0,
            finished: false,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Brings it to the disk.
    pub(crate) fn finish(mut self) -> Result<FileReceipt, Error> {
        self.file.sync_all().at("sync", &self.path)?;
        self.finished = true;
        let sha256 = hex(&std::mem::take(&mut self.hash).finalize());
        Ok(FileReceipt { path: std::mem::take(&mut self.relative), bytes: self.bytes, sha256 })
    }
}

impl Drop for OutgoingFile {
    fn drop(&mut self) {
        if !self.finished
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(path = %self.path.display(), %error, "unfinished file stays");
        }
    }
}

impl Write for OutgoingFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Size and SHA-256 of what lies on the disk now.
pub(crate) fn read_back(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_what_lies_on_the_disk() {
        let folder = tempfile::tempdir().expect("folder");
        let mut file = OutgoingFile::create(folder.path(), "abc").expect("created");
        file.write_all(b"abc").expect("written");
        let receipt = file.finish().expect("finished");
        assert_eq!(
            receipt.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let read = read_back(&folder.path().join("abc")).expect("read");
        assert_eq!(read, (receipt.bytes, receipt.sha256));
    }
}
