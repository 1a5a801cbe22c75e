//! Plain edit similarities, for lists whose names need no folding: Jaro–Winkler and Levenshtein by `strsim`.
//!
//! Invariant: both are symmetric; Jaro–Winkler lies in [0, 1] and is 1 on equal texts.
//!
//! ```
//! use milaan_kernels::edit::{jaro_winkler, levenshtein};
//! assert_eq!(levenshtein("ramu", "raju"), 1);
//! assert!((jaro_winkler("lakshmi", "laxmi") - 0.832).abs() < 0.001);
//! ```

/// Jaro–Winkler similarity in [0, 1] over characters (Winkler 1990, prefix scale 0.1).
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

/// Levenshtein distance: the fewest insertions, deletions and substitutions of characters.
pub fn levenshtein(a: &str, b: &str) -> usize {
    strsim::levenshtein(a, b)
}
