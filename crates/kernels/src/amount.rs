//! Money in hundredths (paise), exact: `Rs. 2,750.00`, `2,75,000/-`, `₹ 1.5 lakh`, `(500)`.
//!
//! Invariant: no float on the way; what does not fit is `None`, never rounded beyond the hundredth.
//!
//! ```
//! use milaan_kernels::amount;
//! assert_eq!(amount::parse("Rs. 2,750.00"), Some(275_000));
//! assert_eq!(amount::parse("₹2,75,000/-"), Some(27_500_000));
//! ```

use crate::words::Words;
use crate::{number, text};

pub(crate) mod spoken;

const CURRENCIES: &[&str] = &[
    "rupees", "rupee", "inr", "pkr", "rs.", "rs", "re.", "₹", "₨", "రూ.", "రూ", "रु.", "रु", "روپے",
];
const UNITS: &[(&str, i128)] = &[
    ("crores", 10_000_000),
    ("crore", 10_000_000),
    ("lakhs", 100_000),
    ("lakh", 100_000),
    ("lacs", 100_000),
    ("lac", 100_000),
    ("thousand", 1_000),
    ("hundred", 100),
];

/// Hundredths from which on a number is no amount: a lakh crore (10¹²), more than a state spends in a year. An account number in the
/// wrong column is, and sums of such do not fit the reports.
const BEYOND: u64 = 100_000_000_000_000;

/// The amount in hundredths; `None` for empty text, placeholders, other words, scientific notation, and a lakh crore or more.
///
/// Currency signs and words in front or behind, `/-`, "only", lakh and crore, Indian and western grouping and digits of
/// every script are understood, thousand and hundred too; parentheses or a minus make it negative. Several parts (`1 lakh 50 thousand`) and
/// English words (`two thousand`) are one amount. Further decimals round half away from zero; what is something and would round to
/// nothing is `None`.
pub fn parse(text: &str) -> Option<i64> {
    parse_by(text, &|_| None)
}

/// A number, its currency, and lakh or crore.
fn plain(text: &str) -> Option<i64> {
    let cleaned = text::clean(text)?.to_lowercase();
    let (inner, bare) = inside(&cleaned);
    let (bare, factor) = UNITS
        .iter()
        .find_map(|(unit, factor)| bare.strip_suffix(unit).map(|rest| (rest.trim_end(), *factor)))
        .unwrap_or((bare, 1));
    hundredths(bare, (factor, 1), inner)
}

/// [`parse`], and where that finds no amount, by the words of a table: each means the factor of the number it stands in front
/// of or behind (`lakh`: 100000, `quintal`: 100, `gram`: 0.001, `rs`: 1). Several numbers are one amount where each stands for
/// less than one of the unit before it: `1 lakh 50 thousand`, `1 kg 500 g`. So is a number with the same in parentheses, and an
/// amount in English words.
pub fn parse_with(text: &str, words: &Words) -> Option<i64> {
    parse_by(text, &|word| words.meaning(word))
}

/// [`parse_with`], with the factor of a word from anywhere.
pub(crate) fn parse_by<'w>(text: &str, meaning: &dyn Fn(&str) -> Option<&'w str>) -> Option<i64> {
    let amount = plain(text).or_else(|| {
        let cleaned = text::clean(text)?.to_lowercase();
        if let Some((front, again)) = cleaned.strip_suffix(')').and_then(|all| all.split_once('('))
            && !front.trim().is_empty()
        {
            let read = one(front, meaning)?;
            return (one(again, meaning) == Some(read)).then_some(read);
        }
        one(&cleaned, meaning)
    });
    amount.filter(|amount| amount.unsigned_abs() < BEYOND)
}

/// An amount in lower case that may be of several parts.
fn one<'w>(cleaned: &str, meaning: &dyn Fn(&str) -> Option<&'w str>) -> Option<i64> {
    let (inner, bare) = inside(cleaned);
    let scaled = || hundredths(bare, (1, 1), inner).or_else(|| with_unit(bare, inner, meaning));
    scaled().or_else(|| sum(bare, meaning)).or_else(|| spoken::number(bare)?.checked_mul(100))
}

/// A number and the word in front of it or behind, or both where they say the same.
fn with_unit<'w>(
    bare: &str,
    in_parentheses: bool,
    meaning: &dyn Fn(&str) -> Option<&'w str>,
) -> Option<i64> {
    let is_part = |c: char| c.is_numeric() || matches!(c, '-' | '+' | '−');
    let (first, last) = (bare.find(is_part)?, bare.rfind(char::is_numeric)?);
    let end = last + bare[last..].chars().next()?.len_utf8();
    let factor = match (bare[..first].trim(), bare.get(end..)?.trim()) {
        ("", "") => return None,
        ("", word) | (word, "") => factor_of(word, meaning)?,
        (front, behind) => match (factor(meaning(front)?)?, meaning(behind)?) {
            ((over, under), behind) if over == under => factor(behind)?,
            _ => return None,
        },
    };
    hundredths(bare.get(first..end)?, factor, in_parentheses)
}

const LAKH: i128 = 100_000;

/// Numbers with a unit each, the larger before the smaller; the last may have none, but a number below a hundred behind lakh or
/// crore. Of all but the last a whole number.
fn sum<'w>(bare: &str, meaning: &dyn Fn(&str) -> Option<&'w str>) -> Option<i64> {
    let is_number = |c: char| c.is_numeric() || matches!(c, ',' | '.');
    let (mut rest, mut total, mut above) = (bare, 0_i64, None::<(i128, i128)>);
    let mut parts = 0;
    while !rest.is_empty() {
        let start = rest.starts_with(char::is_numeric).then_some(rest)?;
        let behind = start.find(|c| !is_number(c)).unwrap_or(start.len());
        let unit_end = start[behind..].find(char::is_numeric).map_or(start.len(), |at| behind + at);
        let number = start[..behind].trim_end_matches([',', '.']);
        let unit = without_joint(&start[behind..unit_end]);
        let (over, under) = match unit {
            "" if unit_end == start.len() => (1, 1),
            unit => factor_of(unit, meaning)?,
        };
        let value = hundredths(number, (over, under), false)?;
        // "1 lakh 50" is said for 1 lakh 50 thousand.
        let is_elided = |(more, parts): (i128, i128)| more >= parts * LAKH && value < 100 * 100;
        if unit.is_empty() && above.is_some_and(is_elided) {
            return None;
        }
        let is_less = |(more, parts): (i128, i128)| {
            over * parts < more * under && i128::from(value) * parts < more * 100
        };
        let whole = unit_end == start.len() || !number.contains('.');
        if !whole || !above.is_none_or(is_less) {
            return None;
        }
        (total, above, rest) = (total.checked_add(value)?, Some((over, under)), &start[unit_end..]);
        parts += 1;
    }
    (parts > 1).then_some(total)
}

/// A unit without what joins it to the next number.
fn without_joint(unit: &str) -> &str {
    let bare = unit.trim_matches([' ', ',', '&', '+', '.']);
    bare.strip_suffix(" and").unwrap_or(bare).trim_end()
}

/// What a word stands for: by the table, else built in.
fn factor_of<'w>(word: &str, meaning: &dyn Fn(&str) -> Option<&'w str>) -> Option<(i128, i128)> {
    let built_in = || UNITS.iter().find(|(unit, _)| *unit == word).map(|(_, factor)| (*factor, 1));
    meaning(word).and_then(factor).or_else(built_in)
}

/// A decimal text as a fraction; `None` for other texts, zero, and more than nine digits.
fn factor(meaning: &str) -> Option<(i128, i128)> {
    let plain = number::plain(meaning).filter(|plain| !plain.negative)?;
    if plain.whole.len() + plain.part.len() > 9 {
        return None;
    }
    let whole: i128 = format!("{}{}", plain.whole, plain.part).parse().ok()?;
    (whole > 0).then_some((whole, 10_i128.pow(u32::try_from(plain.part.len()).ok()?)))
}

/// Whether an amount stands in parentheses, and what of it is number.
fn inside(cleaned: &str) -> (bool, &str) {
    let inner = cleaned.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    (inner.is_some(), strip(inner.unwrap_or(cleaned)))
}

fn hundredths(number: &str, factor: (i128, i128), in_parentheses: bool) -> Option<i64> {
    let plain = number::plain(number)?;
    if plain.whole.len() > 18 {
        return None;
    }
    // Three decimals beyond the factor's are enough to round by.
    let part: String = plain.part.chars().chain("0000000000".chars()).take(10).collect();
    let scaled = plain.whole.parse::<i128>().ok()? * 10_000_000_000 + part.parse::<i128>().ok()?;
    let scaled = scaled.checked_mul(factor.0)? / factor.1;
    let hundredths = i64::try_from((scaled + 50_000_000) / 100_000_000).ok()?;
    if hundredths == 0 && scaled > 0 {
        return None;
    }
    Some(if plain.negative == in_parentheses { hundredths } else { -hundredths })
}

/// Takes off what says "rupees" and "only", in front and behind.
fn strip(text: &str) -> &str {
    let mut bare = text.trim();
    loop {
        let front = CURRENCIES.iter().find_map(|currency| bare.strip_prefix(currency));
        let behind = ["/-", "/=", "only", "."]
            .iter()
            .chain(CURRENCIES)
            .find_map(|word| bare.strip_suffix(word));
        let Some(rest) = front.or(behind) else { return bare };
        bare = rest.trim();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts() {
        for (text, expected) in [
            ("2750", Some(275_000)),
            ("999999999999.99", Some(99_999_999_999_999)),
            ("1000000000000", None),
            ("-1 lakh crore", None),
            ("Rs. 2,750.00", Some(275_000)),
            ("Rs.2750/-", Some(275_000)),
            ("2,75,000/-", Some(27_500_000)),
            ("₹ 2,75,000", Some(27_500_000)),
            ("₨ 500", Some(50_000)),
            ("INR 1,500.5", Some(150_050)),
            ("1500 rupees only", Some(150_000)),
            ("1.5 lakh", Some(15_000_000)),
            ("Rs 2 Crores", Some(2_000_000_000)),
            ("౨,౭౫౦", Some(275_000)),
            ("۱۲۰۰۰", Some(1_200_000)),
            ("(500.00)", Some(-50_000)),
            ("-500", Some(-50_000)),
            ("(Rs. 500)", Some(-50_000)),
            ("0.005", Some(1)),
            ("0", Some(0)),
            ("2.75E+05", None),
            ("five", Some(500)),
            ("1 lakh 50 thousand", Some(15_000_000)),
            ("Rs. 1 lakh 500", Some(10_050_000)),
            ("1 lakh 50", None),
            ("Rs. 2 crore 50/-", None),
            ("much", None),
            ("99999999999999999999", None),
            ("Rs.", None),
            ("NIL", None),
            ("", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn by_words() {
        let words = Words::new([
            ("1", "tk"),
            ("100", "quintal*"),
            ("0.001", "gm"),
            ("1000", "hazar"),
            ("many", "x"),
        ]);
        for (text, expected) in [
            ("12", Some(1200)),
            ("Tk. 12", Some(1200)),
            ("1.234 Quintals", Some(12_340)),
            ("2 x", None),
            ("-500 gm", Some(-50)),
            ("(tk 2 hazar)", Some(-200_000)),
            ("2 hazar 3", Some(200_300)),
            ("2 hazar 3 hazar", None),
            ("2 hazar 1500", None),
            ("3 and 2 hazar", None),
            ("1.5 hazar 20", None),
            ("1 lakh 50 thousand", Some(15_000_000)),
            ("1 Lakh and 50 Thousand Only", Some(15_000_000)),
            ("Rs. 1 lakh 25 thousand 500/-", Some(12_550_000)),
            ("1 crore 20 lakhs", Some(1_200_000_000)),
            ("1 quintal 50.5", Some(15_050)),
            ("2 hazar (2000)", Some(200_000)),
            ("2 hazar (20)", None),
            ("1,50,000/- (Rupees one lakh fifty thousand only)", Some(15_000_000)),
            ("Rupees Two Thousand Seven Hundred and Fifty only", Some(275_000)),
            ("500 + 250", None),
            ("5 miles", None),
            ("quintal", None),
            ("౧౨ quintal", Some(120_000)),
        ] {
            assert_eq!(parse_with(text, &words), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn words_never_panic(text in ".*|[0-9.,()/rsk -]{0,24}", word in "[a-z]{0,3}", factor in "[0-9.]{0,12}") {
            let _ = parse_with(&text, &Words::new([(factor.as_str(), word.as_str())]));
        }

        #[test]
        fn exact_and_never_panics(paise in -1_000_000_000_000_i64..1_000_000_000_000, text in ".*|[0-9.,()/rs-]{0,24}") {
            let sign = if paise < 0 { "-" } else { "" };
            let printed = format!("{sign}{}.{:02}", paise.abs() / 100, paise.abs() % 100);
            prop_assert_eq!(parse(&printed), Some(paise));
            let _ = parse(&text);
        }
    }
}
