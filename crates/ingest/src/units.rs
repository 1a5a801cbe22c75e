//! Rows below a header that say in what its columns are measured, or number them.

use crate::fold::{fold, is_value, is_year};
use crate::row::RawRow;

/// Running numbers below the header: 1, 2, 3 … or (1), (2), (3).
pub(crate) fn is_numbering(row: &RawRow) -> bool {
    let mut last = None;
    let mut count = 0;
    for (_, cell) in row.filled() {
        let bare = cell.trim_matches(|c| matches!(c, '(' | ')' | '[' | ']' | '.'));
        let Ok(number) = bare.parse::<u32>() else { return false };
        if last.is_some_and(|last: u32| last + 1 != number) || (last.is_none() && number > 1) {
            return false;
        }
        last = Some(number);
        count += 1;
    }
    count >= 3
}

/// Words that are units, folded.
const UNITS: &[&str] = &[
    "rs",
    "inr",
    "pkr",
    "usd",
    "eur",
    "rupees",
    "lakh",
    "lakhs",
    "crore",
    "crores",
    "inlakhs",
    "rsinlakhs",
    "no",
    "nos",
    "number",
    "numbers",
    "years",
    "year",
    "yrs",
    "months",
    "days",
    "hours",
    "hrs",
    "min",
    "sec",
    "s",
    "h",
    "ms",
    "kg",
    "kgs",
    "g",
    "mg",
    "t",
    "tonnes",
    "quintal",
    "quintals",
    "m",
    "cm",
    "mm",
    "km",
    "km2",
    "m2",
    "m3",
    "ha",
    "acre",
    "acres",
    "hectare",
    "hectares",
    "litre",
    "litres",
    "l",
    "ml",
    "c",
    "f",
    "k",
    "pa",
    "hpa",
    "kpa",
    "bar",
    "kw",
    "kwh",
    "mw",
    "mwh",
    "v",
    "a",
    "hz",
    "percent",
    "degc",
    "mps",
    "kmh",
    "ddmmyyyy",
    "yyyymmdd",
    "text",
    "ppm",
    "units",
    "unit",
];

/// Whether most filled cells of a row are units, and none is a value.
pub(crate) fn is_unit_words(row: &RawRow) -> bool {
    let (mut all, mut units) = (0, 0);
    for (_, cell) in row.filled() {
        let bracketed = (cell.starts_with('(') && cell.ends_with(')'))
            || (cell.starts_with('[') && cell.ends_with(']'));
        let sign = matches!(cell, "%" | "°C" | "°" | "₹" | "$" | "€" | "£" | "-");
        if is_value(cell) && !is_year(cell) && !bracketed || cell.chars().count() > 16 {
            return false;
        }
        let word = fold(cell);
        all += 1;
        units += usize::from(bracketed || sign || UNITS.contains(&word.as_str()));
    }
    all > 0 && units * 2 > all
}
