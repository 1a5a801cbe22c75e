//! What the period functions share: reading a row's text, layout and year.

use milaan_kernels::period::{self, Period};
use milaan_kernels::text;

use crate::birth;
use crate::shell::{Kind, Row};

/// Their arguments.
pub(crate) const ARGS: &[(&str, Kind)] =
    &[("text", Kind::Text), ("layout", Kind::Text), ("year_starts", Kind::Integer)];

/// The month in which the financial year begins; 1 where none is stated.
pub(crate) fn year_starts(row: Row<'_>) -> u32 {
    row.integer(2).and_then(|month| u32::try_from(month).ok()).unwrap_or(1).clamp(1, 12)
}

/// The period in (text, layout, year_starts); `None` where there is no text.
pub(crate) fn of(row: Row<'_>) -> Option<Result<Period, &'static str>> {
    let text = text::clean(row.text(0)?)?;
    Some(period::parse(&text, birth::layout(row.text(1)), year_starts(row)))
}
