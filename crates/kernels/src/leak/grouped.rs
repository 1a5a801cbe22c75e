//! Numbers written in groups: `98480 12345`, `2341/2341/2346`, `35202-4567891-3`, or one digit at a time.
//!
//! Groups are joined by exactly one space, no-break space, `-`, `.`, `/`, `_` or dash (U+2010 to U+2015), read from any
//! group on and tested together. Honest data passes by the sizes: a mobile's groups have three digits or more (but for
//! a country code in front), an Aadhaar number's four or more; exactly one point makes a decimal. No mobile is a part
//! of a longer code (`8-3-678/228/1234`), or a range of amounts (`60001-75000`); no Aadhaar number is three years, or a
//! date with a serial number.

use super::{is_aadhaar, is_decimal, is_in_hash, is_mobile, plain, run_end};

/// 00, a country code of two digits and ten digits more.
const DIGITS_MAX: usize = 14;
/// A country code and four groups of three.
const GROUPS_MAX: usize = 6;

/// A run of digits in front of the one looked at.
pub(super) struct Before {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What stands in front of or behind a number in groups: a separator and how many digits.
struct Neighbour {
    separator: u8,
    digits: usize,
}

/// What the groups from this one on are, and where they end.
pub(super) fn read(
    text: &[u8],
    start: usize,
    end: usize,
    before: Option<&Before>,
) -> Option<(&'static str, usize)> {
    let (_, second, second_end) = next_group(text, end)?;
    if end - start == 1
        && second_end - second == 1
        && before.and_then(|before| joined(text, before, start)).is_none_or(|one| one.digits != 1)
        && let Some(found) = spelt(text, start)
    {
        return Some(found);
    }
    let too_short = end - start < 3 && !is_front(&text[start..end]);
    if too_short || second_end - second < 3 {
        return None;
    }
    let before = before.and_then(|before| joined(text, before, start));
    let mut number = Number::default();
    number.push(text, 0, start, end)?;
    loop {
        let (mark, group, group_end) = next_group(text, number.end)?;
        number.push(text, mark, group, group_end)?;
        if let Some(kind) = number.kind(text, before.as_ref()) {
            return Some((kind, group_end));
        }
        if group_end - group < 3 {
            return None;
        }
    }
}

/// The separator at `place` and its length in bytes; every space is one, and every dash.
fn separator(text: &[u8], place: usize) -> Option<(u8, usize)> {
    match *text.get(place)? {
        mark @ (b' ' | b'-' | b'.' | b'/' | b'_') => Some((mark, 1)),
        0xc2 if text.get(place + 1) == Some(&0xa0) => Some((b' ', 2)),
        0xe2 if matches!(text.get(place + 1..place + 3), Some([0x80, 0x90..=0x95])) => {
            Some((b'-', 3))
        }
        _ => None,
    }
}

/// The run of digits behind one separator.
fn next_group(text: &[u8], end: usize) -> Option<(u8, usize, usize)> {
    let (mark, length) = separator(text, end)?;
    let start = end + length;
    let group_end = run_end(text, start);
    (group_end > start).then_some((mark, start, group_end))
}

fn joined(text: &[u8], before: &Before, start: usize) -> Option<Neighbour> {
    let (separator, length) = separator(text, before.end)?;
    (before.end + length == start)
        .then_some(Neighbour { separator, digits: before.end - before.start })
}

/// Digits one by one: all of them, ten to thirteen.
fn spelt(text: &[u8], start: usize) -> Option<(&'static str, usize)> {
    let mut digits = [0; 13];
    digits[0] = text[start];
    let (mut count, mut end) = (1, start + 1);
    while let Some((_, group, group_end)) = next_group(text, end) {
        if group_end - group > 1 {
            break;
        }
        *digits.get_mut(count)? = text[group];
        (count, end) = (count + 1, group_end);
    }
    if count < 10 {
        return None;
    }
    plain(&digits[..count]).map(|kind| (kind, end))
}

/// A trunk zero or a country code by itself.
fn is_front(group: &[u8]) -> bool {
    matches!(group, b"0" | b"00" | b"91" | b"92")
}

/// Groups read so far.
#[derive(Default)]
struct Number {
    start: usize,
    end: usize,
    digits: [u8; DIGITS_MAX],
    length: usize,
    sizes: [usize; GROUPS_MAX],
    /// The separator in front of each group, 0 for the first.
    marks: [u8; GROUPS_MAX],
    groups: usize,
}

impl Number {
    /// `None` when this makes the number too long for any identifier.
    fn push(&mut self, text: &[u8], mark: u8, start: usize, end: usize) -> Option<()> {
        let length = self.length + (end - start);
        self.digits.get_mut(self.length..length)?.copy_from_slice(&text[start..end]);
        *self.sizes.get_mut(self.groups)? = end - start;
        self.marks[self.groups] = mark;
        if self.groups == 0 {
            self.start = start;
        }
        (self.end, self.length, self.groups) = (end, length, self.groups + 1);
        Some(())
    }

    fn kind(&self, text: &[u8], before: Option<&Neighbour>) -> Option<&'static str> {
        if self.length < 10 {
            return None;
        }
        let digits = &self.digits[..self.length];
        let mut marks = self.marks.iter();
        let one_point = marks.any(|mark| *mark == b'.') && marks.all(|mark| *mark != b'.');
        let plus = self.start > 0 && text[self.start - 1] == b'+';
        let kind = match self.sizes[..self.groups] {
            [5, 7, 1] if matches!(digits[0], b'1'..=b'8') => "cnic",
            _ if is_decimal(text, self.start, self.end) => return None,
            _ if self.is_grouped(4) && is_aadhaar(digits) && !self.is_dated() => "aadhaar",
            _ if self.is_mobile(text, before) => "mobile",
            _ => return None,
        };
        let honest = (one_point && !plus) || self.is_hashed(text);
        (!honest).then_some(kind)
    }

    /// Whether every group has so many digits.
    fn is_grouped(&self, digits_min: usize) -> bool {
        self.sizes[..self.groups].iter().all(|size| *size >= digits_min)
    }

    /// Its first or last group may be the end or the start of a hash.
    fn is_hashed(&self, text: &[u8]) -> bool {
        let last = self.sizes[self.groups - 1];
        is_in_hash(text, self.start, self.start + self.sizes[0])
            || is_in_hash(text, self.end - last, self.end)
    }

    fn is_mobile(&self, text: &[u8], before: Option<&Neighbour>) -> bool {
        let digits = &self.digits[..self.length];
        let first = &digits[..self.sizes[0]];
        if !(is_front(first) || first.len() >= 3)
            || self.sizes[1..self.groups].iter().any(|size| *size < 3)
            || !is_mobile(digits)
            || self.is_band()
        {
            return false;
        }
        let behind = next_group(text, self.end)
            .map(|(separator, start, end)| Neighbour { separator, digits: end - start });
        self.stands_alone(before, self.marks[1])
            && self.stands_alone(behind.as_ref(), self.marks[self.groups - 1])
    }

    /// Whether what is beside it, by another separator than its own, is no part of the same code.
    fn stands_alone(&self, beside: Option<&Neighbour>, mark: u8) -> bool {
        beside.is_none_or(|beside| {
            let five_five = self.sizes[..self.groups] == [5, 5];
            beside.separator == b' '
                || (beside.separator != mark && (beside.digits >= 3 || five_five))
        })
    }

    /// From one round amount to another.
    fn is_band(&self) -> bool {
        let (low, high) = self.digits[..self.length].split_at(self.sizes[0]);
        self.groups == 2
            && (low.ends_with(b"000") || low.ends_with(b"001"))
            && (high.ends_with(b"000") || high.ends_with(b"999"))
    }

    /// Three years, or a date of eight digits beside a number of four.
    fn is_dated(&self) -> bool {
        let digits = &self.digits[..self.length];
        match self.sizes[..self.groups] {
            [4, 4, 4] => digits.chunks(4).all(|year| matches!(year, [b'2', b'0', ..])),
            [8, 4] => is_date(&digits[..8]),
            [4, 8] => is_date(&digits[4..]),
            _ => false,
        }
    }
}

/// `YYYYMMDD`, 2000 to 2039.
fn is_date(digits: &[u8]) -> bool {
    let month_or_day = |tens: u8, ones: u8| (tens - b'0') * 10 + (ones - b'0');
    match *digits {
        [b'2', b'0', b'0'..=b'3', _, month, month_ones, day, day_ones] => {
            (1..=12).contains(&month_or_day(month, month_ones))
                && (1..=31).contains(&month_or_day(day, day_ones))
        }
        _ => false,
    }
}
