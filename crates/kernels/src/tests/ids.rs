//! A million random and mutated numbers, read by the kernels and by rules written down a second time: on lists of digits,
//! with the published tables, one condition after the other.

use crate::{aadhaar, cnic, ifsc, phone};

const NUMBERS: usize = 1_000_000;

/// Verhoeff's tables as published; the kernel computes its own.
const D: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];
const P: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

fn check(digits: &[u8]) -> u8 {
    let reversed = digits.iter().rev().enumerate();
    reversed.fold(0, |c, (i, n)| D[usize::from(c)][usize::from(P[i % 8][usize::from(*n)])])
}

type Read = Result<String, &'static str>;

fn show(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// One digit over and over, or each one more or one less than the one before, 9 and 0 being neighbours.
fn is_typed_to_fill(digits: &[u8]) -> bool {
    let step = |by: i8| {
        (1..digits.len()).all(|i| (digits[i - 1] as i8 + by).rem_euclid(10) == digits[i] as i8)
    };
    digits.len() > 2 && (step(0) || step(1) || step(-1))
}

fn plain_aadhaar(digits: &[u8]) -> Read {
    if is_typed_to_fill(digits) {
        return Err("ID_PLACEHOLDER");
    }
    if digits.len() == 16 {
        return Err("ID_IS_VID");
    }
    if digits.len() != 12 {
        return Err("ID_LENGTH");
    }
    if digits[0] < 2 {
        return Err("ID_FIRST_DIGIT");
    }
    if check(digits) == 0 { Ok(show(digits)) } else { Err("ID_INVALID_CHECKSUM") }
}

fn plain_cnic(digits: &[u8]) -> Read {
    if is_typed_to_fill(digits) {
        return Err("ID_PLACEHOLDER");
    }
    if digits.len() == 11 {
        return Err("ID_OLD_NIC");
    }
    if digits.len() != 13 {
        return Err("ID_LENGTH");
    }
    if digits[0] == 0 || digits[0] == 9 {
        return Err("ID_PROVINCE");
    }
    if digits[5..].iter().all(|digit| *digit == digits[5]) {
        return Err("ID_PLACEHOLDER");
    }
    Ok(show(digits))
}

fn plain_phone(digits: &[u8]) -> Read {
    if is_typed_to_fill(digits) {
        return Err("PHONE_PLACEHOLDER");
    }
    if digits.len() < 10 {
        return Err("PHONE_INVALID");
    }
    let (front, number) = digits.split_at(digits.len() - 10);
    let mut front = front.to_vec();
    while front.first() == Some(&0) {
        front.remove(0);
    }
    if front.starts_with(&[9, 1]) {
        front.drain(..2);
    }
    if !(front.is_empty() || front == [0]) || number[0] < 6 {
        return Err("PHONE_INVALID");
    }
    if is_typed_to_fill(number) || is_typed_to_fill(&number[1..]) {
        return Err("PHONE_PLACEHOLDER");
    }
    Ok(format!("+91{}", show(number)))
}

/// Numbers that are the same on every machine (Steele, Lea, Flood: SplitMix).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides as u64) as usize
    }

    /// Digits: random, with a good check digit, or of the kind that fills a box; then perhaps spoilt.
    fn digits(&mut self, length: usize) -> Vec<u8> {
        let mut digits: Vec<u8> = (0..length).map(|_| self.below(10) as u8).collect();
        match self.below(20) {
            0 => digits = vec![self.below(10) as u8; length],
            1 => {
                let (first, step) = (self.below(10), [1, 9][self.below(2)]);
                digits = (0..length).map(|i| ((first + i * step) % 10) as u8).collect();
            }
            2..12 if length > 1 => {
                digits[0] = digits[0].max(2);
                let last = (0..10).find(|last| {
                    digits[length - 1] = *last;
                    check(&digits) == 0
                });
                assert!(last.is_some(), "every number has a check digit");
            }
            _ => {}
        }
        let place = self.below(digits.len());
        match self.below(10) {
            0 => digits[place] = self.below(10) as u8,
            1 if place > 0 => digits.swap(place, place - 1),
            2 => digits.insert(place, self.below(10) as u8),
            3 if digits.len() > 1 => drop(digits.remove(place)),
            _ => {}
        }
        digits
    }

    /// The digits as somebody writes them.
    fn written(&mut self, digits: &[u8]) -> String {
        let mark = ["", "", " ", "-", "  "][self.below(5)];
        let zero = ['0', '0', '0', '౦', '०', '۰'][self.below(6)];
        let mut text = String::from(["", "", " ", "'"][self.below(4)]);
        for (place, digit) in digits.iter().enumerate() {
            if place > 0 && self.below(4) == 0 {
                text.push_str(mark);
            }
            text.extend(char::from_u32(u32::from(zero) + u32::from(*digit)));
        }
        text.push_str(["", "", " ", "\u{a0}"][self.below(4)]);
        text
    }
}

/// Reads a number of each length by both and compares normal form and issue.
fn hold(
    seed: u64,
    lengths: &[usize],
    kernel: impl Fn(&str) -> Read,
    plain: impl Fn(&[u8]) -> Read,
) {
    let mut dice = Dice(seed);
    let mut good = 0;
    for _ in 0..NUMBERS {
        let length = lengths[dice.below(lengths.len())];
        let digits = dice.digits(length);
        let text = dice.written(&digits);
        let expected = plain(&digits);
        good += usize::from(expected.is_ok());
        assert_eq!(kernel(&text), expected, "{text}");
    }
    assert!(good > NUMBERS / 20 && good < NUMBERS, "{good} good numbers say little");
}

fn read(normal: Option<String>, issue: Option<&'static str>) -> Read {
    match (normal, issue) {
        (Some(normal), None) => Ok(normal),
        (None, Some(issue)) => Err(issue),
        (normal, issue) => unreachable!("{normal:?} and {issue:?}"),
    }
}

#[test]
fn aadhaar_as_by_the_published_tables() {
    hold(
        1,
        &[12, 12, 12, 12, 16, 11, 4],
        |text| read(aadhaar::normalise(text), aadhaar::issue(text)),
        plain_aadhaar,
    );
}

#[test]
fn cnic_as_by_the_rules_again() {
    hold(2, &[13, 13, 13, 11, 12], |t| read(cnic::normalise(t), cnic::issue(t)), plain_cnic);
}

#[test]
fn phone_as_by_the_rules_again() {
    let kernel = |text: &str| {
        // An area code by itself makes a landline; `phone` has its tests.
        let front = text.trim().split([' ', '-']).next().unwrap_or_default();
        let area = front.starts_with('0') && matches!(front.len(), 3 | 4);
        let text = if area { text.replace([' ', '-'], "") } else { text.to_owned() };
        // So do the area codes of `phone` before a landline's number: left out here.
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let with_zero = digits.len() == 11 && digits.starts_with('0');
        let issue = phone::issue("IN", &text);
        if with_zero && digits[1..].starts_with('8') && issue == Some("PHONE_INVALID") {
            return plain_phone(&digits.bytes().map(|b| b - b'0').collect::<Vec<_>>());
        }
        read(phone::normalise("IN", &text), issue)
    };
    hold(3, &[10, 10, 11, 12, 13, 9], kernel, plain_phone);
}

#[test]
fn ifsc_as_by_the_rule_again() {
    let mut dice = Dice(4);
    let letters: Vec<char> = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".chars().collect();
    for _ in 0..NUMBERS {
        let mut code: Vec<char> = (0..4).map(|_| letters[dice.below(26)]).collect();
        code.push(['0', '0', '0', 'O', '1'][dice.below(5)]);
        code.extend((0..6).map(|_| letters[dice.below(36)]));
        match dice.below(8) {
            0 => drop(code.pop()),
            1 => code[dice.below(11)] = letters[dice.below(36)],
            _ => {}
        }
        let is_well =
            code.len() == 11 && code[..4].iter().all(char::is_ascii_uppercase) && code[4] == '0';
        let text: String = code.iter().collect();
        let normal = ifsc::normalise(&text);
        assert_eq!(normal.as_deref(), is_well.then_some(text.as_str()), "{text}");
        assert_eq!(ifsc::issue(&text).is_none(), is_well, "{text}");
    }
}
