//! SHA-256 that names what a run was made from.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use milaan_manifest::Pipeline;
use sha2::{Digest as _, Sha256};

use crate::error::Error;
use crate::land::LandedSource;

/// Names the registry's content: SHA-256 over its files' hashes, in order of their names.
pub(crate) fn snapshot(pipeline: &Pipeline, sources: &[LandedSource]) -> String {
    let mut hash = Sha256::new();
    for one in sources.iter().filter(|one| one.source.id == pipeline.registry.id) {
        let files: std::collections::BTreeMap<_, _> =
            one.receipt.files.iter().map(|file| (&file.file, &file.sha256)).collect();
        for (file, sha256) in files {
            hash.update(file);
            hash.update(sha256);
        }
    }
    hex(&hash.finalize())
}

/// SHA-256 over files' names and content.
pub(crate) fn hash_files(files: &[PathBuf]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        if let Some(name) = file.file_name() {
            hash.update(name.as_encoded_bytes());
        }
        if let Ok(bytes) = std::fs::read(file) {
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(&bytes);
        }
    }
    hex(&hash.finalize())
}

/// SHA-256 of one file.
///
/// # Errors
/// [`Error::Io`] where it cannot be read.
pub(crate) fn hash_of_file(path: &Path) -> Result<String, Error> {
    let mut file = File::open(path).map_err(Error::io("cannot open", path))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(Error::io("cannot read", path))?;
        if read == 0 {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
