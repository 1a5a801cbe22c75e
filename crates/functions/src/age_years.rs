//! `age_years`: An age in completed years.

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::date::{Date, from_age};
use milaan_kernels::text;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "age_years",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Integer,
    class: ResultClass::Inherit,
    doc: "An age in completed years. NULL where the text is none",
    example: ("SELECT age_years('45 yrs')", "45"),
    eval: |rows| {
        rows.integers(|row| {
            let stated = Date::from_ymd(2000, 12, 31)?;
            Some(2000 - from_age(&text::clean(row.text(0)?)?, stated).ok()?.year)
        })
    },
};
