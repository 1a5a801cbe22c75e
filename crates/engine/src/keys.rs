//! The key of an installation: where it comes from, and when the development key may stand in.
//!
//! Order: the key the caller gives (from the environment or a file, read by the command line); else `installation.key` in the
//! pipeline's private state folder; else, where the data are marked as invented (`invented.json`, written by `milaan synth`)
//! and no state is kept under another key, the development key; else a new random key is written to the state folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use milaan_kernels::secret::Keyring;
use milaan_publish::private;

use crate::error::Error;

/// The mark that the people in a data folder are invented.
pub const INVENTED_MARK: &str = "invented.json";
/// The key file's name in the state folder.
pub(crate) const KEY_FILE: &str = "installation.key";
/// Serves invented people alone: it is in the source code and protects nothing.
const DEVELOPMENT_KEY: [u8; 32] = *b"milaan development key: no guard";

/// Where a key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum KeySource {
    /// As the module says.
    #[default]
    Installation,
    /// 64 hexadecimal digits, from the caller's environment.
    Hex(String),
    /// A file only its owner may read, holding 64 hexadecimal digits.
    File(PathBuf),
}

/// A key in use.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) is_development: bool,
    pub(crate) is_new: bool,
}

/// Finds the key for a run.
pub(crate) fn find(source: &KeySource, state: &Path, data: &Path) -> Result<Key, Error> {
    let own = |bytes, is_new| Key {
        keyring: Arc::new(Keyring::new(bytes)),
        is_development: false,
        is_new,
    };
    match source {
        KeySource::Hex(text) => Ok(own(parse(text, "MILAAN_KEY")?, false)),
        KeySource::File(path) => Ok(own(read(path)?, false)),
        KeySource::Installation => {
            let path = state.join(KEY_FILE);
            if path.exists() {
                return Ok(own(read(&path)?, false));
            }
            if data.join(INVENTED_MARK).is_file() {
                let keyring = Arc::new(Keyring::new(DEVELOPMENT_KEY));
                return Ok(Key { keyring, is_development: true, is_new: false });
            }
            let mut bytes = [0_u8; 32];
            getrandom::fill(&mut bytes).map_err(|_| Error::Key {
                message: "the system gave no random bytes for a new key".to_owned(),
                hint: "write 64 hexadecimal digits to a 0600 file and set MILAAN_KEY_FILE"
                    .to_owned(),
            })?;
            let text = crate::hashes::hex(&bytes);
            private::create_dir_all(state)?;
            private::replace_file(&path, text.as_bytes())?;
            Ok(own(bytes, true))
        }
    }
}

fn read(path: &Path) -> Result<[u8; 32], Error> {
    check_mode(path)?;
    let text = std::fs::read_to_string(path).map_err(Error::io("cannot read key file", path))?;
    parse(text.trim(), &path.display().to_string())
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = std::fs::metadata(path).map_err(Error::io("cannot read key file", path))?;
    let others = metadata.permissions().mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    Err(Error::Key {
        message: format!("key file `{}` can be read by others", path.display()),
        hint: format!("chmod 600 {}", path.display()),
    })
}

#[cfg(not(unix))]
fn check_mode(_path: &Path) -> Result<(), Error> {
    Ok(())
}

fn parse(text: &str, from: &str) -> Result<[u8; 32], Error> {
    let bad = || Error::Key {
        message: format!("the key in {from} is not 64 hexadecimal digits"),
        hint: "make one with `openssl rand -hex 32`".to_owned(),
    };
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return Err(bad());
    }
    let mut bytes = [0_u8; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).map_err(|_| bad())?;
    }
    Ok(bytes)
}
