//! The Verhoeff check digit, which ends every Aadhaar number.
//!
//! Source: the scheme works in the dihedral group D5 with a permutation of period 8 (`domain.md`, section 3); both
//! tables are computed here from their definitions, and the tests hold them to known numbers. A widely read tutorial
//! page computes a sum of products instead and gives 3 for `123456789012`: that is wrong, it is 0.
//!
//! Invariant: every one-digit error and every swap of neighbours is caught.
//!
//! ```
//! use milaan_kernels::verhoeff;
//! assert_eq!(verhoeff::check_digit("236"), Some('3'));
//! assert!(verhoeff::valid("2363"));
//! ```

/// Multiplication in D5: 0-4 are rotations, 5-9 reflections.
const PRODUCT: [[u8; 10]; 10] = {
    let mut table = [[0; 10]; 10];
    let mut a = 0;
    while a < 10 {
        let mut b = 0;
        while b < 10 {
            let (x, y) = (a % 5, b % 5);
            table[a][b] = match (a < 5, b < 5) {
                (true, true) => (x + y) % 5,
                (true, false) => 5 + (x + y) % 5,
                (false, true) => 5 + (x + 5 - y) % 5,
                (false, false) => (x + 5 - y) % 5,
            } as u8;
            b += 1;
        }
        a += 1;
    }
    table
};

/// The permutation and its powers 0 to 7.
const PERMUTED: [[u8; 10]; 8] = {
    let step: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut table = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]; 8];
    let mut power = 1;
    while power < 8 {
        let mut digit = 0;
        while digit < 10 {
            table[power][digit] = step[table[power - 1][digit] as usize] as u8;
            digit += 1;
        }
        power += 1;
    }
    table
};

/// The check digit to write behind `digits`; `None` when `digits` is empty or holds anything but 0-9.
pub fn check_digit(digits: &str) -> Option<char> {
    let sum = checksum(digits, 1)?;
    // The inverse: a rotation by the rest of five; a reflection is its own inverse.
    let inverse = if sum < 5 { (5 - sum) % 5 } else { sum };
    Some(char::from(b'0' + inverse))
}

/// Whether `digits`, its last being the check digit, is well formed. `false` when empty or not all 0-9.
pub fn valid(digits: &str) -> bool {
    checksum(digits, 0) == Some(0)
}

/// The same for bytes known to be ASCII digits.
pub(crate) fn valid_bytes(digits: &[u8]) -> bool {
    sum(digits, 0) == 0
}

fn checksum(digits: &str, first_position: usize) -> Option<u8> {
    let bytes = digits.as_bytes();
    let readable = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
    readable.then(|| sum(bytes, first_position))
}

fn sum(digits: &[u8], first_position: usize) -> u8 {
    digits.iter().rev().zip(first_position..).fold(0, |sum, (byte, position)| {
        let digit = usize::from(byte.wrapping_sub(b'0') % 10);
        PRODUCT[usize::from(sum)][usize::from(PERMUTED[position % 8][digit])]
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_numbers() {
        for (digits, check) in
            [("236", '3'), ("12345", '1'), ("123456789012", '0'), ("142857", '0')]
        {
            assert_eq!(check_digit(digits), Some(check), "{digits}");
        }
        for number in ["234123412346", "999941057058", "298765432101", "876543210988"] {
            assert!(valid(number), "{number}");
        }
        assert!(!valid("1234567890123"));
        for unreadable in ["", "23a", "౧౨౩"] {
            assert_eq!((check_digit(unreadable), valid(unreadable)), (None, false), "{unreadable}");
        }
    }

    proptest! {
        #[test]
        fn catches_every_wrong_digit_and_swap(body in "[0-9]{11}", place in 0_usize..12, wrong in 1_u8..10) {
            let number = format!("{body}{}", check_digit(&body).unwrap_or('x'));
            prop_assert!(valid(&number));
            let mut bytes = number.clone().into_bytes();
            bytes[place] = b'0' + (bytes[place] - b'0' + wrong) % 10;
            prop_assert!(!valid_bytes(&bytes));

            let mut bytes = number.into_bytes();
            let other = (place + 1) % 12;
            if place < other && bytes[place] != bytes[other] {
                bytes.swap(place, other);
                prop_assert!(!valid_bytes(&bytes));
            }
        }

        #[test]
        fn never_panics(text in ".*") {
            let _ = (check_digit(&text), valid(&text));
        }
    }
}
