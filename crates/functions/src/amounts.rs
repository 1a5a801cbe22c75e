//! Amounts by a pipeline's words, else by the built-in ones.

use milaan_kernels::amount;
use milaan_kernels::words::Words;

/// The amount in hundredths.
pub(crate) fn read(
    text: &str,
    words: Option<&Words>,
    built_in: impl Fn(&str) -> Option<i64>,
) -> Option<i64> {
    let stated = words.and_then(|words| amount::parse_with(text, words));
    stated.or_else(|| built_in(text))
}
