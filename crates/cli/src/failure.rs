//! How a command fails: exit code, message, causes, hints. The words of DESIGN section 5.

use milaan_engine::ErrorKind;
use milaan_manifest::Diagnostic;

/// The exit codes, in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Ran, but a check or limit failed.
    Failed = 1,
    /// Usage or pipeline files.
    Usage = 2,
    /// Environment or internal.
    Environment = 3,
}

/// One thing that went wrong.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    pub(crate) hint: Option<String>,
}

/// A failed command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Said on stderr, then the exit code.
    Problems(Exit, Vec<Problem>),
    /// The reader of stdout has gone: nothing to say.
    BrokenPipe,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>, hint: Option<String>) -> Self {
        Self::Problems(
            Exit::Usage,
            vec![Problem { message: message.into(), causes: Vec::new(), hint }],
        )
    }

    pub(crate) fn environment(message: impl Into<String>, error: &dyn std::error::Error) -> Self {
        let problem = Problem { message: message.into(), causes: chain(Some(error)), hint: None };
        Self::Problems(Exit::Environment, vec![problem])
    }

    /// Problems of the pipeline files or of dumps, each with its place.
    pub(crate) fn diagnostics(exit: Exit, found: &[Diagnostic]) -> Self {
        let problems = found
            .iter()
            .map(|one| Problem {
                message: one.message.clone(),
                causes: vec![one.position.to_string()],
                hint: one.hint.clone(),
            })
            .collect();
        Self::Problems(exit, problems)
    }
}

/// An error's causes, outermost first.
pub(crate) fn chain(error: Option<&dyn std::error::Error>) -> Vec<String> {
    std::iter::successors(error, |error| error.source()).map(ToString::to_string).collect()
}

impl From<&milaan_engine::Error> for Failure {
    fn from(error: &milaan_engine::Error) -> Self {
        let exit = match error.kind() {
            ErrorKind::Usage => Exit::Usage,
            ErrorKind::Data => Exit::Failed,
            ErrorKind::Environment => Exit::Environment,
        };
        match error {
            milaan_engine::Error::Pipeline(found) | milaan_engine::Error::Dumps(found) => {
                Self::diagnostics(exit, found)
            }
            other => Self::Problems(
                exit,
                vec![Problem {
                    message: other.to_string(),
                    causes: chain(std::error::Error::source(other)),
                    hint: other.hint(),
                }],
            ),
        }
    }
}

impl From<milaan_engine::Error> for Failure {
    fn from(error: milaan_engine::Error) -> Self {
        Self::from(&error)
    }
}
