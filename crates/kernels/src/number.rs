//! Plain numbers: quantities, scores, counts, with Indian or western grouping and digits of every script.
//!
//! ```
//! use milaan_kernels::number;
//! assert_eq!(number::parse("2,75,000.5"), Some(275000.5));
//! assert_eq!(number::parse("(12)"), Some(-12.0));
//! ```

use crate::{script, text};

/// The number a text is; `None` for empty text, placeholders, units and anything else behind or in front, and numbers
/// too large for a float. Minus, plus and parentheses give the sign; commas must stand between digits.
pub fn parse(text: &str) -> Option<f64> {
    let cleaned = text::cleaned(text)?;
    let plain = plain(&cleaned)?;
    let value: f64 = format!("{}.{}", plain.whole, plain.part)
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())?;
    Some(if plain.negative { -value } else { value })
}

/// A number's digits without grouping.
pub(crate) struct Plain {
    pub(crate) negative: bool,
    /// At least one digit.
    pub(crate) whole: String,
    /// At least one digit.
    pub(crate) part: String,
}

/// Reads sign, grouping and decimal point of a cleaned text.
pub(crate) fn plain(cleaned: &str) -> Option<Plain> {
    let digits = script::ascii_digits(cleaned);
    let inner = digits.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let text = inner.unwrap_or(&digits).trim();
    let (signed, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.trim_start();
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    let grouped = groups.iter().all(|group| is_digits(group))
        && (groups.len() == 1
            || (groups[groups.len() - 1].len() == 3
                && groups.iter().skip(1).all(|group| matches!(group.len(), 2 | 3))));
    let whole = match whole {
        "" if is_digits(part) => "0".to_owned(),
        _ if grouped => groups.concat(),
        _ => return None,
    };
    let part = if part.is_empty() { "0" } else { part };
    is_digits(part).then(|| Plain {
        negative: signed != inner.is_some(),
        whole,
        part: part.to_owned(),
    })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("12", Some(12.0)),
            ("-12.5", Some(-12.5)),
            ("(12.5)", Some(-12.5)),
            ("+3", Some(3.0)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1,234,567.25", Some(1234567.25)),
            ("2,75,000", Some(275000.0)),
            ("౧౨.౫", Some(12.5)),
            ("1,2", None),
            ("1,50", None),
            ("1.234,56", None),
            ("12 kg", None),
            ("1e5", None),
            ("NaN", None),
            ("inf", None),
            ("-", None),
            ("+", None),
            ("()", None),
            (".", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_rust_prints(value in -1e9..1e9_f64, text in ".*|[0-9.,()-]{0,12}") {
            prop_assert_eq!(parse(&format!("{value}")), Some(value));
            let _ = parse(&text);
        }
    }
}
