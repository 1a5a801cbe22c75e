//! Retention: the stages of old runs go, their reports stay.

use std::cmp::Reverse;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{At, Error};
use crate::private::{self, Kind};

/// Removes the `stages/` of all runs but the newest `keep_nights`, and never of the run that `latest` points at.
/// Returns the folders removed, by name.
///
/// A run's age is that of its receipt, which is written last and never again.
pub fn prune(out: &Path, keep_nights: usize) -> Result<Vec<PathBuf>, Error> {
    let runs = out.join("runs");
    if !runs.is_dir() {
        return Ok(Vec::new());
    }
    let latest = fs::read_link(out.join("latest")).ok();
    let latest = latest.as_deref().and_then(Path::file_name);
    let mut published: Vec<(Reverse<SystemTime>, PathBuf)> = Vec::new();
    for entry in private::entries(&runs)? {
        let receipt = entry.path.join("receipt.json");
        if entry.kind == Kind::Folder && !is_hidden(&entry.path) && receipt.is_file() {
            let written = fs::metadata(&receipt).and_then(|metadata| metadata.modified());
            published.push((Reverse(written.at("look at", &receipt)?), entry.path));
        }
    }
    published.sort();
    let mut removed = Vec::new();
    for (_, run) in published.into_iter().skip(keep_nights) {
        let stages = run.join("stages");
        if run.file_name() != latest && stages.is_dir() {
            fs::remove_dir_all(&stages).at("remove", &stages)?;
            removed.push(stages);
        }
    }
    removed.sort();
    Ok(removed)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::time::Duration;

    #[test]
    fn keeps_the_newest_and_the_one_that_is_read() {
        let out = tempfile::tempdir().expect("folder");
        for (age, run) in ["night-4", "night-3", "night-2", "night-1"].iter().enumerate() {
            let folder = out.path().join("runs").join(run);
            private::create_dir_all(&folder.join("stages/links")).expect("stages");
            let receipt = private::create_file(&folder.join("receipt.json")).expect("receipt");
            let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 - age as u64);
            receipt.set_modified(written).expect("time");
        }
        private::create_dir_all(&out.path().join("runs/.preparing-x/stages")).expect("preparing");
        symlink("runs/night-2", out.path().join("latest")).expect("latest");

        let removed = prune(out.path(), 1).expect("pruned");
        let runs = out.path().join("runs");
        assert_eq!(removed, [runs.join("night-1/stages"), runs.join("night-3/stages")]);
        assert!(runs.join("night-1/receipt.json").is_file());
        assert!(runs.join("night-2/stages/links").is_dir());
        assert!(runs.join(".preparing-x/stages").is_dir());
        assert_eq!(prune(out.path(), 1).expect("again"), Vec::<PathBuf>::new());
    }

    #[test]
    fn nothing_published_yet() {
        let out = tempfile::tempdir().expect("folder");
        assert!(prune(out.path(), 3).expect("nothing").is_empty());
    }
}
