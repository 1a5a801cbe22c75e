//! Room for what grows to gigabytes. A vector that doubles holds half of its memory for nothing at times; this grows by a quarter.
//! The system moves such large pieces of memory without copying them.

/// For how many more to reserve room exactly where `more` are to be added: 0 where they fit.
pub(super) fn room(length: usize, capacity: usize, more: usize) -> usize {
    if capacity - length >= more { 0 } else { more.max(length / 4).max(16) }
}

/// Appends.
pub(super) fn add<T: Copy>(all: &mut Vec<T>, more: &[T]) {
    all.reserve_exact(room(all.len(), all.capacity(), more.len()));
    all.extend_from_slice(more);
}

/// Appends a text.
pub(super) fn add_text(all: &mut String, more: &str) {
    all.reserve_exact(room(all.len(), all.capacity(), more.len()));
    all.push_str(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_holds_a_quarter_too_much_at_most() {
        let mut all = Vec::new();
        for number in 0..100_000_u32 {
            add(&mut all, &[number]);
            let most = all.len() + (all.len() / 4).max(16);
            assert!(all.capacity() <= most, "{} {}", all.capacity(), all.len());
        }
        assert!(all.iter().copied().eq(0..100_000));
        let mut text = String::new();
        add_text(&mut text, "a");
        add_text(&mut text, "bc");
        assert_eq!(text, "abc");
    }
}
