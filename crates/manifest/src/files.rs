//! The only file access of this crate: texts of the pipeline folder, and what lies in it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::diagnostic::Problems;

/// A file of the pipeline that was read.
#[derive(Debug)]
pub(crate) struct TextFile {
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// What it says.
    pub(crate) text: String,
}

/// Reads files and remembers which.
#[derive(Debug)]
pub(crate) struct Files<'a> {
    problems: &'a Problems,
    read: RefCell<BTreeSet<PathBuf>>,
}

impl<'a> Files<'a> {
    /// Nothing read yet.
    pub(crate) fn new(problems: &'a Problems) -> Self {
        Self { problems, read: RefCell::default() }
    }

    /// The text of a file that is there; unreadable: a problem.
    pub(crate) fn text(&self, path: &Path) -> Option<TextFile> {
        let text = fs::read(path).map_err(|error| error.to_string()).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
        });
        match text {
            Ok(text) => {
                self.read.borrow_mut().insert(path.to_owned());
                Some(TextFile { path: path.to_owned(), text })
            }
            Err(why) => {
                self.problems.push_file(path, &format!("the file cannot be read: {why}"), None);
                None
            }
        }
    }

    /// The files with this extension in a folder, sorted; hidden ones are left alone. No folder: none.
    pub(crate) fn list(&self, folder: &Path, extension: &str) -> Vec<PathBuf> {
        if !folder.exists() {
            return Vec::new();
        }
        match entries(folder) {
            Ok(paths) => paths
                .into_iter()
                .filter(|path| path.extension().is_some_and(|found| found == extension))
                .filter(|path| !stem(path).starts_with('.') && path.is_file())
                .collect(),
            Err(error) => {
                self.problems.push_file(
                    folder,
                    &format!("the folder cannot be read: {error}"),
                    None,
                );
                Vec::new()
            }
        }
    }

    /// All files read so far, sorted.
    pub(crate) fn read_so_far(&self) -> Vec<PathBuf> {
        self.read.borrow().iter().cloned().collect()
    }
}

/// A file's name without its last extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A path stated in a file of `folder`. `a/..` is taken away where `a` is no symbolic link, so that messages are short.
pub(crate) fn resolve(folder: &Path, stated: &str) -> PathBuf {
    let mut path = folder.to_owned();
    for part in Path::new(stated).components() {
        let can_go_up = matches!(path.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if can_go_up && !path.is_symlink() => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

/// Folders with a `pipeline.toml` in and beside this one, for a hint.
pub(crate) fn pipelines_near(folder: &Path) -> Vec<PathBuf> {
    let parent = match folder.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => folder,
    };
    let mut found: Vec<_> = [folder, parent]
        .into_iter()
        .flat_map(|place| entries(place).unwrap_or_default())
        .chain([parent.to_owned()])
        .filter(|path| path.join("pipeline.toml").is_file())
        .map(|path| path.strip_prefix("./").map(Path::to_owned).unwrap_or(path))
        .collect();
    found.dedup();
    found
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    Ok(paths)
}
