//! Plain edit similarities, for lists whose names need no folding: Jaro–Winkler and Levenshtein, as `strsim` has them.
//!
//! [`Positions`] knows where each letter of one text stands, so that many others are compared with it quickly; what it
//! gives equals the plain functions to the last bit.
//!
//! Invariant: both are symmetric; Jaro–Winkler lies in [0, 1] and is 1 on equal texts.
//!
//! ```
//! use milaan_kernels::edit::{Positions, jaro_winkler, levenshtein};
//! assert_eq!(levenshtein("ramu", "raju"), 1);
//! assert!((jaro_winkler("lakshmi", "laxmi") - 0.832).abs() < 0.001);
//! let mut positions = Positions::default();
//! positions.set("laxmi");
//! assert_eq!(positions.jaro_winkler("lakshmi"), jaro_winkler("lakshmi", "laxmi"));
//! ```

/// Jaro–Winkler similarity in [0, 1] over characters (Winkler 1990, prefix scale 0.1).
pub fn jaro_winkler(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

/// Levenshtein distance: the fewest insertions, deletions and substitutions of characters.
pub fn levenshtein(a: &str, b: &str) -> usize {
    strsim::levenshtein(a, b)
}

/// Texts up to this many bytes, ASCII only, are compared with one bit a place; longer and other ones by `strsim`.
const PLACES: usize = 64;

/// Which letters a text has: a bit for each kind of byte, some kinds sharing one.
pub fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |bits, byte| bits | 1 << (byte & 63))
}

/// Where each letter of a text stands. Set again and again, it allocates only for longer texts than before.
#[derive(Debug, Clone)]
pub struct Positions {
    text: String,
    places: [u64; 128],
    letters: u64,
    /// ASCII and short enough for a bit a place.
    quick: bool,
}

impl Default for Positions {
    fn default() -> Self {
        Self { text: String::new(), places: [0; 128], letters: 0, quick: true }
    }
}

impl Positions {
    /// Takes another text.
    pub fn set(&mut self, text: &str) {
        if self.quick {
            for byte in self.text.bytes() {
                self.places[usize::from(byte)] = 0;
            }
        }
        self.text.clear();
        self.text.push_str(text);
        self.letters = letters(text);
        self.quick = text.len() <= PLACES && text.is_ascii();
        if self.quick {
            for (place, byte) in text.bytes().enumerate() {
                self.places[usize::from(byte)] |= 1 << place;
            }
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn is_quick_with(&self, a: &str) -> bool {
        self.quick && a.len() <= PLACES && a.is_ascii()
    }

    /// [`jaro_winkler`] of `a` and this text.
    pub fn jaro_winkler(&self, a: &str) -> f64 {
        if !self.is_quick_with(a) {
            return jaro_winkler(a, &self.text);
        }
        let jaro = self.jaro(a.as_bytes());
        self.with_prefix(jaro, a)
    }

    /// No less than [`jaro_winkler`] of `a`, whose [`letters`] are given, and this text; far cheaper. A letter that the other text
    /// lacks cannot match, all others are taken to match in order, and the common prefix is the real one.
    pub fn jaro_winkler_most(&self, a: &str, letters_a: u64) -> f64 {
        if !self.is_quick_with(a) || a.is_empty() || self.text.is_empty() {
            return 1.0;
        }
        let lacking = |own: u64, other: u64| (own & !other).count_ones() as usize;
        let left_a = a.len() - lacking(letters_a, self.letters).min(a.len());
        let left_b = self.text.len() - lacking(self.letters, letters_a).min(self.text.len());
        let matches = left_a.min(left_b);
        if matches == 0 {
            return 0.0;
        }
        let matches = matches as f64;
        let jaro = (matches / a.len() as f64 + matches / self.text.len() as f64 + 1.0) / 3.0;
        // A hair above, so that rounding never makes the bound too low.
        self.with_prefix(jaro, a) + 1e-9
    }

    fn with_prefix(&self, jaro: f64, a: &str) -> f64 {
        if jaro <= 0.7 {
            return jaro;
        }
        let same = a.bytes().take(4).zip(self.text.bytes()).take_while(|(a, b)| a == b).count();
        jaro + 0.1 * same as f64 * (1.0 - jaro)
    }

    /// Jaro's similarity, with a set of places where `strsim` has flags: each letter of `a` in turn takes the first free
    /// equal letter within reach.
    fn jaro(&self, a: &[u8]) -> f64 {
        let b = self.text.as_bytes();
        if a.is_empty() || b.is_empty() {
            return if a.len() == b.len() { 1.0 } else { 0.0 };
        }
        let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
        let (mut taken, mut matched) = (0_u64, 0_u64);
        for (place, byte) in a.iter().enumerate() {
            let first = place.saturating_sub(reach);
            if first >= PLACES {
                break;
            }
            let beyond = place + reach + 1;
            let within = if beyond >= PLACES { u64::MAX } else { (1 << beyond) - 1 };
            let free = self.places[usize::from(*byte)] & within & (u64::MAX << first) & !taken;
            taken |= free & free.wrapping_neg();
            matched |= u64::from(free != 0) << place;
        }
        let matches = matched.count_ones();
        if matches == 0 {
            return 0.0;
        }
        let (mut out_of_order, mut theirs) = (0_u32, taken);
        while matched != 0 {
            let (i, j) = (matched.trailing_zeros(), theirs.trailing_zeros());
            out_of_order += u32::from(a[i as usize] != b[j as usize]);
            matched &= matched - 1;
            theirs &= theirs - 1;
        }
        let (matches, in_order) = (f64::from(matches), f64::from(matches - out_of_order / 2));
        (matches / a.len() as f64 + matches / b.len() as f64 + in_order / matches) / 3.0
    }

    /// [`levenshtein`] of `a` and this text (Myers 1999, in Hyyrö's form: a column a step).
    pub fn levenshtein(&self, a: &str) -> usize {
        if !self.is_quick_with(a) || self.text.is_empty() {
            return levenshtein(a, &self.text);
        }
        let last = 1_u64 << (self.text.len() - 1);
        let (mut up, mut down, mut distance) = (u64::MAX, 0_u64, self.text.len());
        for byte in a.bytes() {
            let equal = self.places[usize::from(byte)];
            let diagonal = (((equal & up).wrapping_add(up)) ^ up) | equal | down;
            let (right, left) = (down | !(diagonal | up), up & diagonal);
            distance += usize::from(right & last != 0);
            distance -= usize::from(left & last != 0);
            let right = right << 1 | 1;
            up = (left << 1) | !(diagonal | right);
            down = right & diagonal;
        }
        distance
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "[abk]{0,9}|[a-z ]{0,14}|[ab]{58,70}|[a-d]{30,64}|.{0,12}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn positions_give_what_strsim_gives(a in TEXT, b in TEXT, before in TEXT) {
            let mut positions = Positions::default();
            positions.set(&before);
            positions.set(&b);
            let expected = jaro_winkler(&a, &b);
            prop_assert_eq!(positions.jaro_winkler(&a).to_bits(), expected.to_bits());
            prop_assert!(positions.jaro_winkler_most(&a, letters(&a)) >= expected);
            prop_assert_eq!(positions.levenshtein(&a), levenshtein(&a, &b));
        }
    }
}
