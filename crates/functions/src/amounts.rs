//! Amounts by a pipeline's words, else by the built-in ones.

use milaan_kernels::words::Words;

/// The amount in hundredths: by the words of a table before the built-in ones, where there is a table.
pub(crate) fn read(
    text: &str,
    words: Option<&Words>,
    built_in: impl Fn(&str) -> Option<i64>,
    with_words: impl Fn(&str, &Words) -> Option<i64>,
) -> Option<i64> {
    match words {
        Some(words) => with_words(text, words),
        None => built_in(text),
    }
}
