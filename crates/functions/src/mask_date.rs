//! `mask_date`: The year of a date.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::date::Date;
use milaan_kernels::mask;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "mask_date",
    args: &[("date", Kind::Date)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "The year of a date. NULL for NULL",
    example: ("SELECT mask_date(DATE '1980-05-03')", "1980-**-**"),
    eval: |rows| {
        rows.texts(|row| Some(Cow::Owned(mask::date(&Date::from_days(row.date(0)?).to_string()))))
    },
};
