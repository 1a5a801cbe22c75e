//! `period_parse`: The one spelling of a period.

use std::borrow::Cow;

use crate::period;
use crate::shell::{Kind, ResultClass, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "period_parse",
    args: period::ARGS,
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Inherit,
    doc: "The one spelling of a period: 2026-07, 2026-Q3, 2026-H2, 2026, FY2026-27, else its first and last month or day. Quarters are the calendar's, but those of a financial year, which begins in the month year_starts. NULL where the text is no period",
    example: ("SELECT period_parse('Jul-Sep 2026', 'dmy', 4)", "2026-Q3"),
    eval: |rows| {
        rows.texts(|row| Some(Cow::Owned(period::of(row)?.ok()?.text(period::year_starts(row)))))
    },
};
