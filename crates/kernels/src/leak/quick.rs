//! A quick look before the exact one: whether a text can hold an identifier at all.
//!
//! Every identifier has nine digits or more with nothing but separators between them. A stretch of digits and separators with fewer
//! is none; nor is the one number with a point that most rows have (`0.9993923811`), nor digits within a hash: the exact search
//! passes both over. A test holds this to the exact search.

use super::{DIGITS_MIN, holds_other_digits, is_in_hash};

/// Bytes looked at before anybody asks whether there was something among them.
const BLOCK_BYTES: usize = 64;

/// For each byte, what it adds to the digits of its stretch, and whether the stretch goes on (all ones) or ends (0).
const STEPS: [(u8, u8); 256] = steps();

/// More than a hash, or a bank's code, has beside a number.
const AROUND_BYTES: usize = 80;

/// A stretch with so many digits holds more than any identifier: counted no further, so that the count cannot wrap.
const COUNTED_MAX: u8 = 100;

const fn steps() -> [(u8, u8); 256] {
    let mut steps = [(0, 0); 256];
    let mut byte = 0;
    while byte < 256 {
        steps[byte] = match byte as u8 {
            b'0'..=b'9' => (1, 0xff),
            // Parts of a longer separator, or of a letter.
            b' ' | b'-' | b'.' | b'/' | b'_' | 0x80.. => (0, 0xff),
            _ => (0, 0),
        };
        byte += 1;
    }
    steps
}

/// `false` only where [`super::scan`] finds nothing, in the text as a whole or in any part of it that begins and ends beside a byte
/// which is neither a digit nor a separator.
pub fn may_hold(text: &[u8]) -> bool {
    if text.is_ascii() {
        return stretches(text);
    }
    match std::str::from_utf8(text) {
        Ok(valid) if !holds_other_digits(valid) => stretches(text),
        _ => true,
    }
}

fn stretches(text: &[u8]) -> bool {
    let (mut digits, mut passed) = (0_u8, 0);
    for (block, bytes) in text.chunks(BLOCK_BYTES).enumerate() {
        let mut most = 0;
        for byte in bytes {
            let (add, goes_on) = STEPS[usize::from(*byte)];
            digits = (digits + add) & goes_on;
            most = most.max(digits);
        }
        digits = digits.min(COUNTED_MAX);
        if usize::from(most) < DIGITS_MIN {
            continue;
        }
        let start = block * BLOCK_BYTES;
        for at in start..start + bytes.len() {
            // A stretch is looked at once, from its first digits on.
            if at >= passed && text[at].is_ascii_digit() {
                let stretch = stretch(text, at);
                passed = stretch.end;
                if holds(text, stretch) {
                    return true;
                }
            }
        }
    }
    false
}

/// The digits and separators around a place.
fn stretch(text: &[u8], at: usize) -> std::ops::Range<usize> {
    let goes_on = |byte: &&u8| STEPS[usize::from(**byte)].1 != 0;
    let before = text[..at].iter().rev().take_while(goes_on).count();
    let behind = text[at..].iter().take_while(goes_on).count();
    at - before..at + behind
}

fn holds(text: &[u8], stretch: std::ops::Range<usize>) -> bool {
    let within = &text[stretch.clone()];
    if within.iter().filter(|byte| byte.is_ascii_digit()).count() < DIGITS_MIN
        || is_number(text, &stretch)
    {
        return false;
    }
    // A plain run may be an account, and its bank anywhere near.
    if within.split(|byte| !byte.is_ascii_digit()).any(|run| run.len() >= DIGITS_MIN) {
        let all_digits = within.iter().all(u8::is_ascii_digit);
        return !(all_digits && is_in_hash(text, stretch.start, stretch.end));
    }
    // What groups are (`SC26-10001274`) the exact search knows; it looks no further than this around them.
    let from = stretch.start.saturating_sub(AROUND_BYTES);
    let to = text.len().min(stretch.end + AROUND_BYTES);
    !super::search(&text[from..to]).is_empty()
}

/// A number with one point, no more than eight digits in front of it, and nothing beside it: `-12.234123412346`. A plus may be a
/// telephone's.
fn is_number(text: &[u8], stretch: &std::ops::Range<usize>) -> bool {
    let within = &text[stretch.clone()];
    let (signed, within) = match within.strip_prefix(b"-") {
        Some(within) => (true, within),
        None => (false, within),
    };
    let Some(point) = within.iter().position(|byte| *byte == b'.') else { return false };
    let (whole, behind) = (&within[..point], &within[point + 1..]);
    let all_digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let plus = stretch.start > 0 && text[stretch.start - 1] == b'+';
    whole.len() < DIGITS_MIN && all_digits(whole) && all_digits(behind) && (signed || !plus)
}
