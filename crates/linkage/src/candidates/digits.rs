//! Numbers of up to 15 characters in 16 bytes, and how far two of them are apart, as `kernels::digits` says it.

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
