//! Yes and no by a pipeline's words, else by the built-in ones.

use milaan_kernels::words::Words;
use milaan_kernels::yes_no;

/// Whether a text says yes.
pub(crate) fn read(text: &str, words: Option<&Words>) -> Option<bool> {
    match words.and_then(|words| words.meaning(text)) {
        Some(meaning) => Some(meaning == "yes"),
        None => yes_no::parse(text),
    }
}
