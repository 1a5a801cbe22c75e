//! Personal identifiers in clear, found in the bytes of a file that is about to leave.
//!
//! Source: `domain.md` A18 (clause 3.7: Aadhaar, phone and bank details are never published). The scanner is strict: a hit
//! fails a run, and letters beside a number do not protect it. Tokens are written without digits for its sake.
//!
//! Invariants: a run of digits is taken whole, so a part of a longer number is no hit; digits beside a decimal point are a
//! number's, but for an Aadhaar number with only zeros behind it (a column read as floats); a run inside a hash (exactly
//! 64 lower-case hexadecimal characters) is the hash's; digits of other scripts are digits. Groups: `grouped`.
//!
//! ```
//! use milaan_kernels::leak;
//! let leaks = leak::scan(b"id,2341 2341 2346,9848012345");
//! assert_eq!(leaks.iter().map(|leak| (leak.kind, leak.offset)).collect::<Vec<_>>(), [("aadhaar", 3), ("mobile", 18)]);
//! assert!(!leak::looks_personal("XXXX-XXXX-2346, 12.50"));
//! ```

mod grouped;
mod quick;
#[cfg(test)]
mod tests;

use crate::{script, verhoeff};
use grouped::Before;
pub use quick::may_hold;

/// One identifier found. It carries where, never what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Leak {
    /// `aadhaar`, `cnic`, `mobile` or `bank`.
    pub kind: &'static str,
    /// The byte its first digit (with a country code in front: that one's) is at.
    pub offset: usize,
}

/// An account this near to an IFSC is a bank detail.
const BANK_BYTES: usize = 40;

/// A plain number of 13 digits in here is a time in milliseconds, 2001 to 2039.
const EPOCH_MILLIS: std::ops::Range<&[u8]> = b"1000000000000"..b"2200000000000";

/// Every identifier in `text`, by offset: Verhoeff-valid Aadhaar numbers, CNICs (5-7-1 or plain), Indian and Pakistani
/// mobiles (with +91, 91, 0, 00 / +92, 92, 0, 00), each plain or in groups, and accounts of 9-18 digits within 40 bytes
/// of an IFSC.
pub fn scan(text: &[u8]) -> Vec<Leak> {
    if text.is_ascii() {
        return search(text);
    }
    match std::str::from_utf8(text) {
        Ok(valid) if holds_other_digits(valid) => folded(valid),
        _ => search(text),
    }
}

fn holds_other_digits(text: &str) -> bool {
    let mut rest = text;
    while let Some(ahead) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let mut chars = rest[ahead..].chars();
        if chars.next().is_some_and(char::is_numeric) {
            return true;
        }
        rest = chars.as_str();
    }
    false
}

/// Searches with every script's digits as ASCII, and gives the places in the text as it was.
fn folded(text: &str) -> Vec<Leak> {
    let ascii = script::ascii_digits(text);
    let mut found = search(ascii.as_bytes());
    let mut places = ascii.char_indices().zip(text.char_indices()).peekable();
    for leak in &mut found {
        // Two leaks may share an offset, so the place found stays.
        while places.next_if(|((at, _), _)| *at < leak.offset).is_some() {}
        if let Some((_, (place, _))) = places.peek() {
            leak.offset = *place;
        }
    }
    found
}

fn search(text: &[u8]) -> Vec<Leak> {
    let mut search = Search { text, bank: Bank::default(), before: None, found: Vec::new() };
    let mut place = 0;
    while let Some(ahead) = text[place..].iter().position(u8::is_ascii_digit) {
        let start = place + ahead;
        place = search.look(start, run_end(text, start));
    }
    search.found.sort_by_key(|leak: &Leak| leak.offset);
    search.found
}

/// The shortest identifier, a bank account's, has so many digits.
const DIGITS_MIN: usize = 9;

/// Whether [`scan`] finds anything.
pub fn looks_personal(text: &str) -> bool {
    let may = !text.is_ascii() || text.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN;
    may && !scan(text.as_bytes()).is_empty()
}

/// The last IFSC's end, and the last account, for each to find the other.
#[derive(Default)]
struct Bank {
    ifsc_end: Option<usize>,
    account: Option<(usize, usize)>,
}

fn run_end(text: &[u8], start: usize) -> usize {
    start + text[start..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

struct Search<'a> {
    text: &'a [u8],
    bank: Bank,
    /// The run before this one, unless it was an identifier's.
    before: Option<Before>,
    found: Vec<Leak>,
}

impl Search<'_> {
    /// Looks at one run and the groups it starts; gives the end of what was read.
    fn look(&mut self, start: usize, end: usize) -> usize {
        let before = self.before.take();
        if self.is_ifsc(start, end) {
            return end;
        }
        if (9..=18).contains(&(end - start)) && self.is_plain(start, end) {
            return end;
        }
        if let Some((kind, last)) = grouped::read(self.text, start, end, before.as_ref()) {
            self.found.push(Leak { kind, offset: start });
            return last;
        }
        self.before = Some(Before { start, end });
        end
    }

    /// Whether the run is an IFSC's. An account in front of it is a leak.
    fn is_ifsc(&mut self, start: usize, end: usize) -> bool {
        let Some(ifsc_end) = ifsc(self.text, start) else { return false };
        if let Some((account, account_end)) = self.bank.account.take()
            && account_end + BANK_BYTES >= start - 4
        {
            self.found.push(Leak { kind: "bank", offset: account });
        }
        self.bank.ifsc_end = Some(ifsc_end);
        end <= ifsc_end
    }

    /// Whether a run of 9-18 digits is an identifier by itself. It may be an account besides.
    fn is_plain(&mut self, start: usize, end: usize) -> bool {
        let text = self.text;
        let digits = &text[start..end];
        if is_decimal(text, start, end) {
            let leaks = is_float(text, start, end) && is_aadhaar(digits);
            if leaks {
                self.found.push(Leak { kind: "aadhaar", offset: start });
            }
            return leaks;
        }
        if is_in_hash(text, start, end) {
            return false;
        }
        let kind = plain(digits);
        self.found.extend(kind.map(|kind| Leak { kind, offset: start }));
        let near = |ifsc_end| ifsc_end <= start && start <= ifsc_end + BANK_BYTES;
        if self.bank.ifsc_end.is_some_and(near) {
            self.found.push(Leak { kind: "bank", offset: start });
            return true;
        }
        self.bank.account = Some((start, end));
        kind.is_some()
    }
}

/// Twelve digits, a point and zeros, and no more: `234123412346.0`.
fn is_float(text: &[u8], start: usize, end: usize) -> bool {
    let Some(rest) = text[end..].strip_prefix(b".") else { return false };
    let zeros = rest.iter().take_while(|byte| **byte == b'0').count();
    let more = match &rest[zeros..] {
        [b'.', next, ..] | [next, ..] => next.is_ascii_digit(),
        [] => false,
    };
    let point_before = start > 0 && text[start - 1] == b'.';
    end - start == 12 && zeros > 0 && !more && !point_before
}

/// A point with digits on its far side too: `12.234123412346`, `234123412346.5`.
fn is_decimal(text: &[u8], start: usize, end: usize) -> bool {
    let digit_at =
        |place: Option<usize>| place.and_then(|p| text.get(p)).is_some_and(u8::is_ascii_digit);
    let before = start > 0 && text[start - 1] == b'.' && digit_at(start.checked_sub(2));
    let behind = text.get(end) == Some(&b'.') && digit_at(Some(end + 1));
    before || behind
}

/// Whether the run lies in exactly 64 lower-case hexadecimal characters.
fn is_in_hash(text: &[u8], start: usize, end: usize) -> bool {
    let is_hex = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let before = text[..start].iter().rev().take(64).take_while(is_hex).count();
    let behind = text[end..].iter().take(64).take_while(is_hex).count();
    before + (end - start) + behind == 64
}

/// What 9 or more digits, a run's or spelt out, are.
fn plain(digits: &[u8]) -> Option<&'static str> {
    match digits.len() {
        12 | 13 if is_aadhaar(digits) => Some("aadhaar"),
        13 if matches!(digits[0], b'1'..=b'7') && !EPOCH_MILLIS.contains(&digits) => Some("cnic"),
        _ if is_mobile(digits) => Some("mobile"),
        _ => None,
    }
}

/// Twelve digits, or thirteen with a zero in front.
fn is_aadhaar(digits: &[u8]) -> bool {
    let digits = if digits.len() == 13 { digits.strip_prefix(b"0") } else { Some(digits) };
    digits.is_some_and(|digits| {
        digits.len() == 12 && matches!(digits[0], b'2'..=b'9') && verhoeff::valid_bytes(digits)
    })
}

/// The ten digits of a mobile number and its country code, if any, without 00 or 0 in front.
fn without_front(digits: &[u8]) -> Option<(&[u8], &[u8])> {
    let (front, national) = digits.split_at_checked(digits.len().checked_sub(10)?)?;
    Some((front.strip_prefix(b"00").unwrap_or(front), national))
}

fn is_mobile(digits: &[u8]) -> bool {
    let Some((front, national)) = without_front(digits) else { return false };
    match national[0] {
        b'6'..=b'9' => matches!(front, b"" | b"0" | b"91" | b"091" | b"910") && digits.len() != 13,
        b'3' => matches!(front, b"0" | b"92" | b"092" | b"920"),
        _ => false,
    }
}

/// The end of an IFSC whose zero is at `zero`.
fn ifsc(text: &[u8], zero: usize) -> Option<usize> {
    if text[zero] != b'0' || zero < 4 {
        return None;
    }
    let code = text.get(zero - 4..zero + 7)?;
    let well_formed = code[..4].iter().all(u8::is_ascii_alphabetic)
        && code[5..].iter().all(u8::is_ascii_alphanumeric);
    let letter_before = zero > 4 && text[zero - 5].is_ascii_alphabetic();
    let more_behind = text.get(zero + 7).is_some_and(u8::is_ascii_alphanumeric);
    (well_formed && !letter_before && !more_behind).then_some(zero + 7)
}
