//! Digit distances as words.

use milaan_kernels::digits::{DigitDistance, distance};

/// The word for how two numbers compare.
pub(crate) fn word(a: &str, b: &str) -> &'static str {
    match distance(a, b) {
        DigitDistance::Equal => "equal",
        DigitDistance::OneWrong => "one_digit",
        DigitDistance::Swapped => "swapped",
        DigitDistance::Far => "different",
    }
}
