//! The shape of a value without its content, and what it passes as.

use milaan_kernels::date::{self, Layout};
use milaan_kernels::{aadhaar, cnic, gender, ifsc, number, phone, yes_no};

use crate::lost::has_lost_digits;

/// Characters of a pattern.
const LENGTH_MAX: usize = 40;

/// A kind of value, and whether a text passes as one.
type Check = (&'static str, fn(&str) -> bool);

/// What a value may pass as.
pub(super) const CHECKS: [Check; 12] = [
    ("aadhaar", |text| aadhaar::normalise(text).is_some()),
    ("cnic", |text| cnic::normalise(text).is_some()),
    ("phone_in", |text| phone::normalise("IN", text).is_some()),
    ("phone_pk", |text| phone::normalise("PK", text).is_some()),
    ("ifsc", |text| ifsc::normalise(text).is_some()),
    ("date", |text| is_date(text, Layout::DayFirst) || is_date(text, Layout::YearFirst)),
    ("date_month_first", |text| {
        is_date(text, Layout::MonthFirst) && !is_date(text, Layout::DayFirst)
    }),
    ("number", |text| number::parse(text).is_some()),
    ("gender", |text| gender::parse(text).is_some()),
    ("yes_no", |text| yes_no::parse(text).is_some()),
    ("email", |text| text.split_once('@').is_some_and(|(_, host)| host.contains('.'))),
    ("excel_precision_loss", has_lost_digits),
];

fn is_date(text: &str, layout: Layout) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 6
        && text.contains(['-', '/', '.', ' '])
        && date::date(text, layout).is_ok()
}

/// Digits as `9`, capitals as `A`, small letters as `a`, letters without case as `x`; runs of more than four of one kind
/// are counted for digits and end in `+` for letters.
pub(super) fn of(text: &str) -> String {
    let mut pattern = String::new();
    let mut chars = text.chars().map(kind).peekable();
    while let Some(kind) = chars.next() {
        let mut run = 1;
        while chars.next_if_eq(&kind).is_some() {
            run += 1;
        }
        match kind {
            '9' if run > 4 => pattern.push_str(&format!("9({run})")),
            'A' | 'a' | 'x' if run > 1 => {
                pattern.push(kind);
                pattern.push('+');
            }
            _ => (0..run.min(4)).for_each(|_| pattern.push(kind)),
        }
        if pattern.len() >= LENGTH_MAX {
            pattern.push('…');
            break;
        }
    }
    pattern
}

fn kind(c: char) -> char {
    if c.is_numeric() {
        '9'
    } else if c.is_uppercase() {
        'A'
    } else if c.is_lowercase() {
        'a'
    } else if c.is_alphabetic() || ('\u{900}'..='\u{dff}').contains(&c) {
        'x'
    } else if c.is_whitespace() {
        ' '
    } else {
        c
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (text, expected) in [
            ("234123412346", "9(12)"),
            ("01-02-1961", "99-99-9999"),
            ("Ravi Kumar", "Aa+ Aa+"),
            ("K. V. RAO", "A. A. A+"),
            ("రవి", "x+"),
            ("WAP0123456789", "A+9(10)"),
            ("", ""),
        ] {
            assert_eq!(of(text), expected, "{text}");
        }
    }

    #[test]
    fn checks() {
        let passed = |text: &str| {
            let passed = CHECKS.iter().filter(|(_, check)| check(text)).map(|(kind, _)| *kind);
            passed.collect::<Vec<_>>().join(" ")
        };
        for (text, expected) in [
            ("31/12/1961", "date"),
            ("12/31/1961", "date_month_first"),
            ("2.34E+11", "excel_precision_loss"),
            ("a@b.org", "email"),
            ("F", "gender"),
        ] {
            assert!(
                expected.split(' ').all(|kind| passed(text).contains(kind)),
                "{text}: {}",
                passed(text)
            );
        }
    }
}
