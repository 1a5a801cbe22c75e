//! Numbers of up to 15 characters in 16 bytes, and how far two of them are apart, as `kernels::digits` says it.

use std::sync::atomic::{AtomicU64, Ordering};

use milaan_kernels::digits::DigitDistance;

/// The characters, and in the last byte their number + 1.
pub(super) type Digits = [u64; 2];

/// No number.
pub(super) const UNKNOWN: Digits = [0, 0];
/// A number that does not fit: its text is to be compared.
pub(super) const LONG: Digits = [0, 0xff << 56];

const FITS: usize = 15;

pub(super) fn pack(text: &str) -> Digits {
    if text.len() > FITS {
        return LONG;
    }
    let mut bytes = [0; 16];
    bytes[..text.len()].copy_from_slice(text.as_bytes());
    bytes[FITS] = text.len() as u8 + 1;
    let number = u128::from_le_bytes(bytes);
    [number as u64, (number >> 64) as u64]
}

/// A number that is opened when it is first asked for, in 8 bytes: up to 14 digits. Whatever else it turns out to be is opened
/// each time.
#[derive(Debug, Default)]
pub(super) struct Opened(AtomicU64);

impl Opened {
    const UNKNOWN: u64 = u64::MAX;
    const OTHER: u64 = u64::MAX - 1;

    pub(super) fn get_or_open(&self, open: impl FnOnce() -> Digits) -> Digits {
        match self.0.load(Ordering::Relaxed) {
            0 | Self::OTHER => {
                let opened = open();
                self.0.store(squeeze(opened), Ordering::Relaxed);
                opened
            }
            Self::UNKNOWN => UNKNOWN,
            squeezed => widen(squeezed),
        }
    }
}

/// The digits as half bytes behind one another, and in the last half byte their number + 1: never 0.
fn squeeze(digits: Digits) -> u64 {
    if digits == UNKNOWN {
        return Opened::UNKNOWN;
    }
    let bytes = digits.map(u64::to_le_bytes);
    let bytes = bytes.as_flattened();
    // In a long one this is no length.
    let length = usize::from(bytes[FITS]).wrapping_sub(1);
    match bytes.get(..length) {
        Some(text) if length < FITS && text.iter().all(u8::is_ascii_digit) => {
            let halves = text.iter().rev().fold(0, |all, byte| all << 4 | u64::from(byte - b'0'));
            (length as u64 + 1) << 60 | halves
        }
        _ => Opened::OTHER,
    }
}

fn widen(squeezed: u64) -> Digits {
    let length = (squeezed >> 60) as usize - 1;
    let mut bytes = [0; 16];
    for (place, byte) in bytes[..length].iter_mut().enumerate() {
        *byte = b'0' + (squeezed >> (4 * place) & 0xf) as u8;
    }
    bytes[FITS] = length as u8 + 1;
    let number = u128::from_le_bytes(bytes);
    [number as u64, (number >> 64) as u64]
}

/// The distance of two known numbers that fit.
pub(super) fn distance(a: Digits, b: Digits) -> DigitDistance {
    let join = |digits: Digits| u128::from(digits[1]) << 64 | u128::from(digits[0]);
    let (a, b) = (join(a), join(b));
    let apart = a ^ b;
    if apart == 0 {
        return DigitDistance::Equal;
    }
    if apart >> 120 != 0 {
        return DigitDistance::Far;
    }
    // The highest bit of each byte that is not 0.
    let low = u128::from_ne_bytes([0x7f; 16]);
    let differing = (((apart & low) + low) | apart) & !low;
    match differing.count_ones() {
        1 => DigitDistance::OneWrong,
        2 => {
            let first = differing.trailing_zeros() / 8 * 8;
            let next = 128 - differing.leading_zeros();
            let pair = |number: u128| (number >> first) as u16;
            let swapped = next == first + 16 && pair(a) == pair(b).swap_bytes();
            if swapped { DigitDistance::Swapped } else { DigitDistance::Far }
        }
        _ => DigitDistance::Far,
    }
}

/// The place of a distance in the words of `Comparator::Digits`.
pub(super) fn word(distance: DigitDistance) -> usize {
    match distance {
        DigitDistance::Equal => 0,
        DigitDistance::OneWrong => 1,
        DigitDistance::Swapped => 2,
        DigitDistance::Far => 3,
    }
}

#[cfg(test)]
mod tests {
    use milaan_kernels::digits;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_not_empty() {
        assert_ne!(pack(""), UNKNOWN);
        assert_eq!(pack("1234567890123456"), LONG);
        assert_eq!(distance(pack(""), pack("")), DigitDistance::Equal);
    }

    #[test]
    fn what_was_opened_is_what_was_there() {
        for number in [pack("432100001234"), pack("0"), pack(""), pack("12345678901234"), UNKNOWN] {
            let opened = Opened::default();
            assert_eq!(opened.get_or_open(|| number), number);
            assert_eq!(opened.get_or_open(|| LONG), number, "it is not opened twice");
        }
        for number in [pack("123456789012345"), pack("12-34"), LONG] {
            let opened = Opened::default();
            assert_eq!(opened.get_or_open(|| number), number);
            assert_eq!(opened.get_or_open(|| number), number);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn packed_numbers_are_as_far_apart(a in "[0-2]{0,4}|[0-1]{12,15}|.{0,3}", b in "[0-2]{0,4}|[0-1]{12,15}|.{0,3}") {
            prop_assert_eq!(distance(pack(&a), pack(&b)), digits::distance(&a, &b));
            let mut swapped: Vec<char> = a.chars().collect();
            if swapped.len() > 1 {
                let last = swapped.len() - 1;
                swapped.swap(last, last - 1);
            }
            let swapped: String = swapped.into_iter().collect();
            if a.is_ascii() {
                prop_assert_eq!(distance(pack(&a), pack(&swapped)), digits::distance(&a, &swapped));
            }
        }
    }
}
