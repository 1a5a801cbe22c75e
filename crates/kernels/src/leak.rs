//! Personal identifiers in clear, found in the bytes of a file that is about to leave.
//!
//! Source: `domain.md` A18 (clause 3.7: Aadhaar, phone and bank details are never published). The scanner is strict: a hit
//! fails a run, and letters beside a number do not protect it. Tokens are written without digits for its sake.
//!
//! Invariants: a run of digits is taken whole, so a part of a longer number is no hit; digits beside a decimal point are a
//! number's; a run inside a hash (exactly 64 lower-case hexadecimal characters) is the hash's.
//!
//! ```
//! use milaan_kernels::leak;
//! let leaks = leak::scan(b"id,2341 2341 2346,9848012345");
//! assert_eq!(leaks.iter().map(|leak| (leak.kind, leak.offset)).collect::<Vec<_>>(), [("aadhaar", 3), ("mobile", 18)]);
//! assert!(!leak::looks_personal("XXXX-XXXX-2346, 12.50"));
//! ```

use crate::verhoeff;

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

/// Every identifier in `text`, by offset: Verhoeff-valid Aadhaar numbers (plain, or 4-4-4 by single spaces or dashes),
/// CNICs (5-7-1 or plain), Indian and Pakistani mobiles (with +91, 91, 0, 00 / +92, 92, 0, 00, and `03XX-XXXXXXX`), and
/// accounts of 9-18 digits within 40 bytes of an IFSC.
pub fn scan(text: &[u8]) -> Vec<Leak> {
    let mut found = Vec::new();
    let mut bank = Bank::default();
    let mut place = 0;
    while let Some(ahead) = text[place..].iter().position(u8::is_ascii_digit) {
        let start = place + ahead;
        let end = run_end(text, start);
        look(text, start, end, &mut bank, &mut found);
        place = end;
    }
    found.sort_by_key(|leak: &Leak| leak.offset);
    found
}

/// Whether [`scan`] finds anything.
pub fn looks_personal(text: &str) -> bool {
    !scan(text.as_bytes()).is_empty()
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

fn look(text: &[u8], start: usize, end: usize, bank: &mut Bank, found: &mut Vec<Leak>) {
    if let Some(ifsc_end) = ifsc(text, start) {
        if let Some((account, account_end)) = bank.account.take()
            && account_end + BANK_BYTES >= start - 4
        {
            found.push(Leak { kind: "bank", offset: account });
        }
        bank.ifsc_end = Some(ifsc_end);
        if end <= ifsc_end {
            return;
        }
    }
    let length = end - start;
    let candidate = matches!(length, 4 | 5) || (9..=18).contains(&length) || length == 2;
    if !candidate || is_decimal(text, start, end) {
        return;
    }
    let kind = if length < 9 { grouped(text, start, end) } else { plain(&text[start..end]) };
    let is_account = (9..=18).contains(&length);
    if (kind.is_none() && !is_account) || is_in_hash(text, start, end) {
        return;
    }
    if let Some(kind) = kind {
        found.push(Leak { kind, offset: start });
    }
    if is_account {
        if bank.ifsc_end.is_some_and(|ifsc_end| ifsc_end <= start && start <= ifsc_end + BANK_BYTES)
        {
            found.push(Leak { kind: "bank", offset: start });
        } else {
            bank.account = Some((start, end));
        }
    }
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

/// What a run of 9 or more digits by itself is.
fn plain(digits: &[u8]) -> Option<&'static str> {
    let national = without_front(digits);
    match digits.len() {
        12 if is_aadhaar(digits) => Some("aadhaar"),
        13 if matches!(digits[0], b'1'..=b'8') => Some("cnic"),
        _ if is_mobile(digits, national) => Some("mobile"),
        _ => None,
    }
}

fn is_aadhaar(digits: &[u8]) -> bool {
    matches!(digits[0], b'2'..=b'9') && verhoeff::valid_bytes(digits)
}

/// The ten digits of a mobile number and its country code, if any, without 00 or 0 in front.
fn without_front(digits: &[u8]) -> Option<(&[u8], &[u8])> {
    let (front, national) = digits.split_at_checked(digits.len().checked_sub(10)?)?;
    Some((front.strip_prefix(b"00").unwrap_or(front), national))
}

fn is_mobile(digits: &[u8], national: Option<(&[u8], &[u8])>) -> bool {
    let Some((front, national)) = national else { return false };
    match national[0] {
        b'6'..=b'9' => matches!(front, b"" | b"0" | b"91" | b"091" | b"910") && digits.len() != 13,
        b'3' => matches!(front, b"0" | b"92" | b"092" | b"920"),
        _ => false,
    }
}

/// Digits in groups by single spaces or dashes, read from their first group.
fn grouped(text: &[u8], start: usize, end: usize) -> Option<&'static str> {
    let second = next_group(text, end)?;
    match (end - start, second.1 - second.0) {
        (4, 4) => {
            let third = next_group(text, second.1).filter(|third| third.1 - third.0 == 4)?;
            let mut digits = [0; 12];
            digits[..4].copy_from_slice(&text[start..end]);
            digits[4..8].copy_from_slice(&text[second.0..second.1]);
            digits[8..].copy_from_slice(&text[third.0..third.1]);
            (is_aadhaar(&digits) && !is_decimal(text, third.0, third.1)).then_some("aadhaar")
        }
        (4, 7) if text[start..].starts_with(b"03") => Some("mobile"),
        (2, 10) if text[start..].starts_with(b"92") && text[second.0] == b'3' => Some("mobile"),
        (5, 7) if matches!(text[start], b'1'..=b'8') => {
            let third = next_group(text, second.1)?;
            (third.1 - third.0 == 1).then_some("cnic")
        }
        _ => None,
    }
}

/// The run of digits behind one space or dash.
fn next_group(text: &[u8], end: usize) -> Option<(usize, usize)> {
    let separated = matches!(text.get(end), Some(b' ' | b'-'));
    let group = (end + 1, run_end(text, (end + 1).min(text.len())));
    (separated && group.1 > group.0).then_some(group)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn found() {
        for (text, expected) in [
            ("234123412346", &[("aadhaar", 0)][..]),
            ("a,9999 4105 7058,b", &[("aadhaar", 2)]),
            ("9999-4105-7058.", &[("aadhaar", 0)]),
            ("No.234123412346 and x298765432101y", &[("aadhaar", 3), ("aadhaar", 21)]),
            ("35202-4567891-3", &[("cnic", 0)]),
            ("3520245678913", &[("cnic", 0)]),
            ("9848012345", &[("mobile", 0)]),
            ("+919848012345", &[("mobile", 1)]),
            ("919848012345", &[("mobile", 0)]),
            ("09848012345;00919848012345", &[("mobile", 0), ("mobile", 12)]),
            ("+91 9848012345", &[("mobile", 4)]),
            ("03004567891", &[("mobile", 0)]),
            ("0300-4567891", &[("mobile", 0)]),
            ("+923004567891", &[("mobile", 1)]),
            ("+92 3004567891", &[("mobile", 1)]),
            ("SBIN0001234,30123456789", &[("bank", 12)]),
            ("1234567890123456,HDFC0AB12C3", &[("bank", 0)]),
            ("hdfc0001234 a/c no: 301234567", &[("bank", 20)]),
        ] {
            let leaks: Vec<_> =
                scan(text.as_bytes()).into_iter().map(|leak| (leak.kind, leak.offset)).collect();
            assert_eq!(leaks, expected, "{text}");
            assert!(looks_personal(text));
        }
    }

    #[test]
    fn not_found() {
        let hash = "9848012345".to_owned() + &"a".repeat(54);
        for text in [
            "",
            "234123412347",
            "134123412346",
            "1234123412346234",
            "XXXX-XXXX-2346",
            "2017-08-31 10:20:30",
            "12.9848012345",
            "9848012345.5",
            "5848012345",
            "98480123456",
            "30123456789",
            "SBIN0001234",
            "SBIN0001234 and, a very long way behind it in the text, 30123456789",
            "XSBIN0001234,30123456789",
            "9352024567891",
            "35202-4567891",
            "aadhaar token abcdefghijklmnopabcdefghijklmnop",
            hash.as_str(),
        ] {
            assert_eq!(scan(text.as_bytes()), [], "{text}");
        }
        assert!(looks_personal(&(hash + "a")));
    }

    #[test]
    fn masks_pass() {
        let shown = [
            crate::aadhaar::mask("234123412346"),
            crate::cnic::mask("3520245678913"),
            crate::phone::mask("IN", "9848012345"),
            crate::bank_account::mask("30123456789"),
            crate::ifsc::mask("SBIN0001234"),
        ];
        assert!(!looks_personal(&shown.join(",")));
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[0-9A-Z .-]{0,60}") {
            for leak in scan(&bytes).into_iter().chain(scan(text.as_bytes())) {
                prop_assert!(leak.offset < 200);
            }
        }

        #[test]
        fn every_aadhaar_is_found(body in "[2-9][0-9]{10}", before in "[a-z,;\" ]{0,5}", after in "[a-z,;\" ]{0,5}") {
            let number = format!("{body}{}", crate::verhoeff::check_digit(&body).unwrap_or('x'));
            let spaced = format!("{} {} {}", &number[..4], &number[4..8], &number[8..]);
            for shown in [number, spaced] {
                let leaks = scan(format!("{before}{shown}{after}").as_bytes());
                prop_assert_eq!(leaks, [Leak { kind: "aadhaar", offset: before.len() }]);
            }
        }
    }
}
