//! What the next night needs, private: landed copies, record fingerprints, cases; under one lock a pipeline.
//!
//! Each run prepares a whole new generation beside the current one. A generation becomes current only after its run was
//! published; a run that failed or died leaves the last one in force.
//!
//! ```text
//! <out>/state/<pipeline>/version            what wrote it
//!                       /lock               held while a run is under way
//!                       /installation.key   the key, where none is given from outside
//!                       /current            run id of the generation in force
//!                       /generations/<run>/{landed,fingerprints,standardised,place_map,cases,sent,answered,shared,history}/*
//!                       /review/*.jsonl     pairs given to clerks, and what they decided
//!                       /spill              DataFusion's temporary files
//! ```

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use milaan_publish::private;

use crate::error::Error;

/// Version of the layout above.
const STATE_VERSION: &str = "milaan state 1";

/// A pipeline's state, locked.
#[derive(Debug)]
pub(crate) struct State {
    folder: PathBuf,
    current: Option<String>,
    _lock: File,
}

impl State {
    /// Opens and locks a pipeline's state, making it where there is none. The lock is the operating system's, so a dead
    /// owner's is free at once.
    pub(crate) fn open(out: &Path, pipeline: &str, owner: &str) -> Result<Self, Error> {
        let folder = folder(out, pipeline);
        private::create_dir_all(&folder)?;
        let lock = lock(&folder.join("lock"), owner)?;
        check_version(&folder.join("version"))?;
        clear_folder(&folder.join("spill"))?;
        private::create_dir_all(&folder.join("spill"))?;
        let mut state = Self { folder, current: None, _lock: lock };
        state.current = state.find_current(out)?;
        state.sweep()?;
        Ok(state)
    }

    /// Holds the key to the one that the state was kept under: with another, every token would be new and every person gone.
    /// What the development key kept is dropped when a real one comes.
    pub(crate) fn check_key(&mut self, key_id: &str, is_development: bool) -> Result<(), Error> {
        let path = self.folder.join("key-id");
        let mark = if is_development { "development" } else { key_id };
        match std::fs::read_to_string(&path) {
            Ok(found) if found.trim() == mark => return Ok(()),
            Ok(found) if found.trim() == "development" => {
                self.current = None;
                self.sweep()?;
            }
            Ok(found) => {
                return Err(Error::Key {
                    message: format!("the state was kept under key {}, this run has {mark}", found.trim()),
                    hint: "give the key of before (MILAAN_KEY_FILE, MILAAN_KEY), or start with another `--out`".to_owned(),
                });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("cannot read", &path)(error)),
        }
        Ok(private::replace_file(&path, mark.as_bytes())?)
    }

    /// The pipeline's state folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where DataFusion may spill.
    pub(crate) fn spill(&self) -> PathBuf {
        self.folder.join("spill")
    }

    /// A file of the generation in force, if it is there.
    pub(crate) fn last(&self, part: &str, name: &str) -> Option<PathBuf> {
        let path = self.generation(self.current.as_deref()?).join(part).join(name);
        path.is_file().then_some(path)
    }

    /// A file of the generation that a run prepares; its folder is made.
    pub(crate) fn next(&self, run_id: &str, part: &str, name: &str) -> Result<PathBuf, Error> {
        let folder = self.generation(run_id).join(part);
        private::create_dir_all(&folder)?;
        Ok(folder.join(name))
    }

    /// Puts a run's generation in force and removes the others.
    pub(crate) fn commit(&mut self, run_id: &str) -> Result<(), Error> {
        private::replace_file(&self.folder.join("current"), run_id.as_bytes())?;
        self.current = Some(run_id.to_owned());
        self.sweep()
    }

    /// Removes what a run prepared.
    pub(crate) fn discard(&self, run_id: &str) {
        let _ = std::fs::remove_dir_all(self.generation(run_id));
    }

    fn generation(&self, run_id: &str) -> PathBuf {
        self.folder.join("generations").join(run_id)
    }

    /// The current generation. A run that died between publishing and committing left a generation whose run is what `latest`
    /// points at: it is adopted.
    fn find_current(&self, out: &Path) -> Result<Option<String>, Error> {
        let path = self.folder.join("current");
        let current = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text.trim().to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::io("cannot read", &path)(error)),
        };
        let latest = std::fs::read_link(out.join("latest"))
            .ok()
            .and_then(|link| link.file_name().map(|name| name.to_string_lossy().into_owned()));
        let adopted = latest.filter(|run_id| self.generation(run_id).is_dir());
        Ok(adopted.or(current).filter(|run_id| self.generation(run_id).is_dir()))
    }

    fn sweep(&self) -> Result<(), Error> {
        let folder = self.folder.join("generations");
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(Error::io("cannot list", &folder)(error)),
        };
        for entry in entries.flatten() {
            if Some(entry.file_name().to_string_lossy().as_ref()) != self.current.as_deref() {
                let path = entry.path();
                std::fs::remove_dir_all(&path).map_err(Error::io("cannot remove", &path))?;
            }
        }
        Ok(())
    }
}

/// A pipeline's state folder.
pub(crate) fn folder(out: &Path, pipeline: &str) -> PathBuf {
    out.join("state").join(pipeline)
}

fn lock(path: &Path, owner: &str) -> Result<File, Error> {
    // Never replaced: a second file under the name would be a second lock.
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(private::FILE_MODE)
        .open(path)
        .map_err(Error::io("cannot open lock", path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut owner = String::new();
            let _ = file.read_to_string(&mut owner);
            return Err(Error::Locked { owner: owner.trim().to_owned() });
        }
        Err(TryLockError::Error(error)) => return Err(Error::io("cannot lock", path)(error)),
    }
    let write = |file: &mut File| -> std::io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{owner}")
    };
    write(&mut file).map_err(Error::io("cannot write lock", path))?;
    Ok(file)
}

fn check_version(path: &Path) -> Result<(), Error> {
    match std::fs::read_to_string(path) {
        Ok(found) if found.trim() == STATE_VERSION => Ok(()),
        Ok(found) => {
            Err(Error::StateVersion { path: path.to_owned(), found: found.trim().to_owned() })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Ok(private::replace_file(path, STATE_VERSION.as_bytes())?)
        }
        Err(error) => Err(Error::io("cannot read", path)(error)),
    }
}

fn clear_folder(path: &Path) -> Result<(), Error> {
    match std::fs::remove_dir_all(path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io("cannot clear", path)(error)),
    }
}
