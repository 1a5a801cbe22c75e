//! A problem in a pipeline folder, said so that an analyst can mend it.

use std::cell::RefCell;
use std::fmt;
use std::path::PathBuf;

/// A place in a file of the pipeline folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The file as it was opened.
    pub file: PathBuf,
    /// Line, from 1; 0: the file as a whole.
    pub line: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}", self.file.display())
        } else {
            write!(f, "{}:{}", self.file.display(), self.line)
        }
    }
}

/// One problem: where, what, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{position}: {message}")]
pub struct Diagnostic {
    /// Where.
    pub position: Position,
    /// What is wrong; one clause, lower case.
    pub message: String,
    /// What to do, for example `did you mean …`.
    pub hint: Option<String>,
}

/// The problems found so far. Reading goes on after each, so that one pass reports all of them.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: RefCell<Vec<Diagnostic>>,
}

impl Problems {
    /// Notes a problem.
    pub(crate) fn push(&self, position: Position, message: String, hint: Option<String>) {
        self.found.borrow_mut().push(Diagnostic { position, message, hint });
    }

    /// Notes a problem of a file as a whole.
    pub(crate) fn push_file(&self, file: impl Into<PathBuf>, message: &str, hint: Option<String>) {
        self.push(Position { file: file.into(), line: 0 }, message.to_owned(), hint);
    }

    /// What was read, if nothing was wrong; else all problems, by file and line.
    pub(crate) fn settle<T>(self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        let mut found = self.found.into_inner();
        found.sort();
        found.dedup();
        match value {
            Some(value) if found.is_empty() => Ok(value),
            _ => {
                debug_assert!(!found.is_empty(), "nothing was read, and nothing was said");
                Err(found)
            }
        }
    }
}
