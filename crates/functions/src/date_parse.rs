//! `date_parse`: A calendar date.

use crate::birth;
use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{date, text};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "date_parse",
    args: &[("text", Kind::Text), ("layout", Kind::Text)],
    variadic: false,
    returns: Kind::Date,
    class: ResultClass::Inherit,
    doc: "A calendar date. NULL where the text is none",
    example: ("SELECT date_parse('31/8/2017', 'dmy')", "2017-08-31"),
    eval: |rows| {
        rows.dates(|row| {
            let text = text::clean(row.text(0)?)?;
            date::date(&text, birth::layout(row.text(1))).ok().map(date::Date::days)
        })
    },
};
