//! Digits of ids: how far two numbers are apart, and what a cell that should hold digits really holds.
//!
//! One wrong digit and one swap of neighbours are what fingers do; such pairs are candidates, never corrections
//! (`domain.md` 3: a number with one wrong digit has 11.6 valid neighbours on average).
//!
//! ```
//! use milaan_kernels::digits::{DigitDistance, distance};
//! assert_eq!(distance("234123412346", "234123412364"), DigitDistance::Swapped);
//! ```

use crate::{script, text};

/// How far two numbers of one length are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigitDistance {
    /// The same characters.
    Equal,
    /// One place differs.
    OneWrong,
    /// Two neighbours are swapped.
    Swapped,
    /// Anything else, different lengths included.
    Far,
}

/// The distance of two normalised numbers. Symmetric. Two empty texts are [`DigitDistance::Equal`]: callers leave
/// unknown numbers out.
pub fn distance(a: &str, b: &str) -> DigitDistance {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return DigitDistance::Far;
    }
    let mut places = (0..a.len()).filter(|place| a[*place] != b[*place]);
    match (places.next(), places.next(), places.next()) {
        (None, ..) => DigitDistance::Equal,
        (Some(_), None, _) => DigitDistance::OneWrong,
        (Some(i), Some(j), None) if i + 1 == j && a[i] == b[j] && a[j] == b[i] => {
            DigitDistance::Swapped
        }
        _ => DigitDistance::Far,
    }
}

/// What a cell for a number or code holds.
pub(crate) enum Cell {
    /// Nothing, or a placeholder for nothing.
    Nothing,
    /// Letters and digits, upper case, without separators.
    Code(String),
    /// A spreadsheet rounded it: digits are gone for good.
    Rounded,
}

/// A spreadsheet keeps 15 significant digits (`domain.md` 3).
const SPREADSHEET_DIGITS: usize = 15;

/// Reads a cell: native digits as 0-9, separators dropped, the `.0` of a number cell dropped, `2.34E+11` refused unless
/// all its digits are there, and numbers a spreadsheet cannot hold refused when they come as a number (`.0`).
pub(crate) fn cell(text: &str) -> Cell {
    match spaced_digits(text).or_else(|| spaced_code(text)) {
        Some(code) => Cell::Code(code),
        None => read_cell(text),
    }
}

/// Whether a cell holds letters, digits and signs of which the short ways make a code: nothing is wrong with it.
pub(crate) fn is_spaced(text: &str) -> bool {
    let is_sign = |b: u8| matches!(b, b' ' | b'-' | b'/' | b'(' | b')' | b'\'' | b',');
    let mut digits = 0;
    let known = text.bytes().all(|byte| {
        digits += usize::from(byte.is_ascii_digit());
        byte.is_ascii_alphanumeric() || is_sign(byte)
    });
    known && digits > 0
}

/// The short way for codes: ASCII letters, at least one digit, and signs that no rule of [`read_cell`] looks at.
fn spaced_code(text: &str) -> Option<String> {
    let is_sign = |b: u8| matches!(b, b' ' | b'-' | b'/' | b'(' | b')' | b'\'' | b',');
    let mut code = String::with_capacity(text.len());
    let mut digits = 0;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            digits += usize::from(byte.is_ascii_digit());
            code.push(char::from(byte.to_ascii_uppercase()));
        } else if !is_sign(byte) {
            return None;
        }
    }
    (digits > 0).then_some(code)
}

/// The short way for most cells: digits, and nothing else but signs that no rule of [`read_cell`] looks at.
fn spaced_digits(text: &str) -> Option<String> {
    let is_sign = |b: &u8| matches!(b, b' ' | b'-' | b'/' | b'+' | b'(' | b')' | b'\'' | b',');
    let bytes = text.as_bytes();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    if digits == 0 || !bytes.iter().all(|b| b.is_ascii_digit() || is_sign(b)) {
        return None;
    }
    if digits == bytes.len() {
        return Some(text.to_owned());
    }
    let mut kept = String::with_capacity(digits);
    kept.extend(bytes.iter().filter(|b| b.is_ascii_digit()).map(|b| char::from(*b)));
    Some(kept)
}

fn read_cell(text: &str) -> Cell {
    let Some(cleaned) = text::cleaned(text) else { return Cell::Nothing };
    let plain = script::ascii_digits(&cleaned);
    if let Some(cell) = scientific(&plain) {
        return cell;
    }
    let whole = number_cell(&plain);
    if whole.is_some_and(|digits| digits.len() > SPREADSHEET_DIGITS) {
        return Cell::Rounded;
    }
    let kept = whole.unwrap_or(&plain).chars().filter(|c| c.is_alphanumeric());
    let code: String = kept.flat_map(char::to_uppercase).filter(|c| c.is_alphanumeric()).collect();
    // `N_A` and `(#)` hold nothing either, once their separators are gone.
    if text::clean(&code).is_some() { Cell::Code(code) } else { Cell::Nothing }
}

/// The digits before `.0`, `.00` … in a cell that holds nothing else.
fn number_cell(plain: &str) -> Option<&str> {
    let (whole, part) = plain.split_once('.')?;
    let is_number = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    (is_number && !part.is_empty() && part.bytes().all(|b| b == b'0')).then_some(whole)
}

/// What scientific notation holds: a code when all digits are there. `None` when it is none.
fn scientific(plain: &str) -> Option<Cell> {
    let (mantissa, exponent) = plain.split_once(['E', 'e'])?;
    let signed = exponent.strip_prefix('+');
    // A code such as 12E5 is none; a sign or a point makes it one.
    if signed.is_none() && !mantissa.contains('.') {
        return None;
    }
    let exponent = signed.unwrap_or(exponent);
    // Where spreadsheets write a comma for the point: `2,34E+11`.
    let point = |c: char| c == '.' || (c == ',' && signed.is_some());
    let (whole, part) = mantissa.split_once(point).unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 1
        || !all_digits(whole)
        || !all_digits(part)
        || exponent.is_empty()
        || !all_digits(exponent)
    {
        return None;
    }
    let complete = exponent.parse() == Ok(part.len()) && part.len() < SPREADSHEET_DIGITS;
    Some(if complete { Cell::Code(format!("{whole}{part}")) } else { Cell::Rounded })
}

/// Whether digits are what people type to fill a box: one digit repeated, or counting up or down (1234567890…).
pub(crate) fn is_filler(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    let steps = |by: u8| bytes.windows(2).all(|pair| (pair[0] - b'0' + by) % 10 == pair[1] - b'0');
    bytes.len() >= 3 && bytes.iter().all(u8::is_ascii_digit) && [0, 1, 9].into_iter().any(steps)
}

/// Whether a code is digits only and not empty.
pub(crate) fn is_digits(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn distances() {
        use DigitDistance::{Equal, Far, OneWrong, Swapped};
        for (a, b, expected) in [
            ("1234", "1234", Equal),
            ("1234", "1294", OneWrong),
            ("1234", "1324", Swapped),
            ("1234", "2134", Swapped),
            ("1234", "3214", Far),
            ("1234", "1243", Swapped),
            ("1234", "4321", Far),
            ("1234", "12345", Far),
            ("", "", Equal),
        ] {
            assert_eq!(distance(a, b), expected, "{a} / {b}");
        }
    }

    #[test]
    fn cells() {
        for (text, expected) in [
            ("", "nothing"),
            ("N/A", "nothing"),
            ("n_a", "nothing"),
            ("(#)", "nothing"),
            ("2341 2341-2346", "234123412346"),
            ("'234123412346", "234123412346"),
            ("234123412346.0", "234123412346"),
            ("౨౩౪౧", "2341"),
            ("2.34E+11", "rounded"),
            ("2,34E+11", "rounded"),
            ("2,34123412346E+11", "234123412346"),
            ("2,34E11", "234E11"),
            ("2.34123412346E+11", "234123412346"),
            ("2.3412341e11", "rounded"),
            ("1234567890123456.0", "rounded"),
            ("12E5", "12E5"),
            ("ab/12", "AB12"),
        ] {
            let shown = match cell(text) {
                Cell::Nothing => "nothing".to_owned(),
                Cell::Code(code) => code,
                Cell::Rounded => "rounded".to_owned(),
            };
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn fillers() {
        for (digits, expected) in [
            ("999999999999", true),
            ("123456789012", true),
            ("987654321098", true),
            ("098765432109", true),
            ("234123412346", false),
            ("12", false),
            ("", false),
        ] {
            assert_eq!(is_filler(digits), expected, "{digits}");
        }
    }

    proptest! {
        #[test]
        fn the_short_way_is_the_long_one(text in "[0-9 +/()',-]{0,20}|[0-9.eE+-]{0,20}|[0-9a-zA-Z /()',-]{0,14}|[0-9eE]{0,8}|[nNaA/0 ]{0,5}") {
            let show = |cell| match cell {
                Cell::Nothing => "nothing".to_owned(),
                Cell::Code(code) => code,
                Cell::Rounded => "rounded".to_owned(),
            };
            prop_assert!(!is_spaced(&text) || matches!(read_cell(&text), Cell::Code(_)));
            prop_assert_eq!(show(cell(&text)), show(read_cell(&text)));
        }

        #[test]
        fn symmetric(a in "[0-3]{0,4}|.*", b in "[0-3]{0,4}|.*") {
            prop_assert_eq!(distance(&a, &b), distance(&b, &a));
            prop_assert_eq!(distance(&a, &a), DigitDistance::Equal);
            let _ = cell(&a);
        }
    }
}
