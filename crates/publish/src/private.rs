//! Files and folders that nobody else may read, whatever the umask.
//!
//! The mode is asked for when a thing is created, so that there is no moment at which others could open it, and set
//! again on what was created, because the umask may have taken bits away.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::{At, Error};

/// Permission bits of a private file.
pub const FILE_MODE: u32 = 0o600;
/// Permission bits of a private folder.
pub const FOLDER_MODE: u32 = 0o700;

/// Makes a folder and those above it that are missing; every folder it makes is 0700, others stay as they are.
pub fn create_dir_all(path: &Path) -> Result<(), Error> {
    let missing: Vec<&Path> = path
        .ancestors()
        .take_while(|part| !part.as_os_str().is_empty() && !part.is_dir())
        .collect();
    for folder in missing.into_iter().rev() {
        match DirBuilder::new().mode(FOLDER_MODE).create(folder) {
            Ok(()) => set_mode(folder, FOLDER_MODE)?,
            // Somebody was quicker; what they made is theirs.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
            Err(error) => return Err(Error::io("create folder", folder, error)),
        }
    }
    Ok(())
}

/// Creates a file, 0600; one that exists already is an error.
pub fn create_file(path: &Path) -> Result<File, Error> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)
        .at("create", path)?;
    file.set_permissions(Permissions::from_mode(FILE_MODE)).at("set permissions of", path)?;
    Ok(file)
}

/// Creates a file, 0600, with these bytes, on the disk when this returns; one that exists already is an error.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = create_file(path)?;
    file.write_all(bytes).at("write", path)?;
    file.sync_all().at("sync", path)
}

/// Puts a file, 0600, with these bytes in the place of whatever was there: readers see the old bytes or the new ones.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let folder = folder_of(path);
    let mut file = tempfile::Builder::new()
        .prefix(".replacing-")
        .permissions(Permissions::from_mode(FILE_MODE))
        .tempfile_in(&folder)
        .at("create a file in", &folder)?;
    file.as_file()
        .set_permissions(Permissions::from_mode(FILE_MODE))
        .at("set permissions of", path)?;
    file.write_all(bytes).at("write", path)?;
    file.as_file().sync_all().at("sync", path)?;
    file.persist(path).map_err(|error| Error::io("replace", path, error.error))?;
    sync_folder(&folder)
}

/// Makes everything below a folder, and the folder, private: for files that a library wrote under the umask.
pub fn tighten(folder: &Path) -> Result<(), Error> {
    set_mode(folder, FOLDER_MODE)?;
    for entry in entries(folder)? {
        match entry.kind {
            Kind::Folder => tighten(&entry.path)?,
            Kind::File => set_mode(&entry.path, FILE_MODE)?,
            Kind::Other => return Err(Error::NotAFile { path: entry.path }),
        }
    }
    Ok(())
}

/// Refuses a folder in which anything may be read by others.
pub(crate) fn check(folder: &Path) -> Result<(), Error> {
    check_mode(folder, FOLDER_MODE)?;
    for entry in entries(folder)? {
        match entry.kind {
            Kind::Folder => check(&entry.path)?,
            Kind::File => check_mode(&entry.path, FILE_MODE)?,
            Kind::Other => return Err(Error::NotAFile { path: entry.path }),
        }
    }
    Ok(())
}

/// Brings every file below a folder, and the folders' entries, to the disk.
pub(crate) fn sync_all(folder: &Path) -> Result<(), Error> {
    for entry in entries(folder)? {
        match entry.kind {
            Kind::Folder => sync_all(&entry.path)?,
            Kind::File => {
                File::open(&entry.path).and_then(|file| file.sync_all()).at("sync", &entry.path)?;
            }
            Kind::Other => return Err(Error::NotAFile { path: entry.path }),
        }
    }
    sync_folder(folder)
}

/// Brings a folder's entries to the disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|file| file.sync_all()).at("sync folder", folder)
}

/// What lies in a folder, by name.
pub(crate) fn entries(folder: &Path) -> Result<Vec<Entry>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).at("read folder", folder)? {
        let entry = entry.at("read folder", folder)?;
        let path = entry.path();
        let file_type = entry.file_type().at("look at", &path)?;
        let kind = if file_type.is_dir() {
            Kind::Folder
        } else if file_type.is_file() {
            Kind::File
        } else {
            Kind::Other
        };
        found.push(Entry { path, kind });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Something in a folder.
pub(crate) struct Entry {
    pub(crate) path: PathBuf,
    pub(crate) kind: Kind,
}

/// What it is; links are not followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Other,
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(path, Permissions::from_mode(mode)).at("set permissions of", path)
}

fn check_mode(path: &Path, expected: u32) -> Result<(), Error> {
    let mode = fs::symlink_metadata(path).at("look at", path)?.permissions().mode() & 0o7777;
    if mode == expected {
        Ok(())
    } else {
        Err(Error::NotPrivate { path: path.to_owned(), mode, expected })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Set for the child process of [`modes_hold_under_any_umask`]: the folder it works in.
    const CHILD: &str = "MILAAN_PRIVATE_TEST_FOLDER";

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("exists").permissions().mode() & 0o7777
    }

    fn make_one_of_each(folder: &Path) {
        create_dir_all(&folder.join("a/b")).expect("folders");
        create_file(&folder.join("a/b/created")).expect("created");
        write_file(&folder.join("a/b/written"), b"x").expect("written");
        replace_file(&folder.join("a/b/replaced"), b"x").expect("replaced");
        replace_file(&folder.join("a/b/replaced"), b"y").expect("replaced again");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test's child is told its folder")]
    fn modes_hold_under_any_umask() {
        if let Some(folder) = std::env::var_os(CHILD) {
            return make_one_of_each(Path::new(&folder));
        }
        let exe = std::env::current_exe().expect("this test's executable");
        for umask in ["000", "022", "077", "777"] {
            let folder = tempfile::tempdir().expect("folder");
            // The umask belongs to the whole process, so each is tried in one of its own.
            let output = Command::new("sh")
                .args(["-c", "umask $0; exec \"$@\"", umask])
                .arg(&exe)
                .args(["--exact", "private::tests::modes_hold_under_any_umask"])
                .env(CHILD, folder.path())
                .output()
                .expect("sh runs");
            assert!(
                output.status.success(),
                "{umask}: {}",
                String::from_utf8_lossy(&output.stdout)
            );
            for folder_made in ["a", "a/b"] {
                assert_eq!(
                    mode(&folder.path().join(folder_made)),
                    FOLDER_MODE,
                    "{umask} {folder_made}"
                );
            }
            for file in ["created", "written", "replaced"] {
                assert_eq!(
                    mode(&folder.path().join("a/b").join(file)),
                    FILE_MODE,
                    "{umask} {file}"
                );
            }
        }
    }

    #[test]
    fn create_file_never_overwrites_and_names_the_path() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("x");
        create_file(&path).expect("first");
        let error = create_file(&path).expect_err("second");
        assert_eq!(error.to_string(), format!("cannot create {}", path.display()));
    }

    #[test]
    fn replace_leaves_nothing_else_behind() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("x");
        replace_file(&path, b"one").expect("one");
        replace_file(&path, b"two").expect("two");
        assert_eq!(fs::read(&path).expect("read"), b"two");
        assert_eq!(entries(folder.path()).expect("entries").len(), 1);
    }

    #[test]
    fn check_finds_what_others_may_read_and_tighten_mends_it() {
        let folder = tempfile::tempdir().expect("folder");
        set_mode(folder.path(), FOLDER_MODE).expect("mode");
        write_file(&folder.path().join("x"), b"x").expect("file");
        check(folder.path()).expect("private");
        set_mode(&folder.path().join("x"), 0o640).expect("mode");
        let error = check(folder.path()).expect_err("readable by the group");
        assert!(matches!(error, Error::NotPrivate { mode: 0o640, expected: FILE_MODE, .. }));
        tighten(folder.path()).expect("tightened");
        check(folder.path()).expect("private again");
    }

    #[test]
    fn existing_folders_keep_their_mode() {
        let folder = tempfile::tempdir().expect("folder");
        set_mode(folder.path(), 0o755).expect("mode");
        create_dir_all(&folder.path().join("inner")).expect("inner");
        assert_eq!(mode(folder.path()), 0o755);
    }
}
