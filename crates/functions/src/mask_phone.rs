//! `mask_phone`: The last four digits of a telephone number.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::phone;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "mask_phone",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "The last four digits of a telephone number: with its calling code (+92…), or a mobile number of India. NULL for NULL",
    example: ("SELECT mask_phone('+923001234567')", "XXXXXX4567"),
    eval: |rows| rows.texts(|row| Some(Cow::Owned(masked(row.text(0)?)))),
};

/// A number that [`phone::normalise`] gave says its country; another is read as India's.
fn masked(text: &str) -> String {
    let country = match text {
        _ if text.starts_with("+92") => "PK",
        _ if text.starts_with('+') && !text.starts_with("+91") => "",
        _ => "IN",
    };
    phone::mask(country, text)
}
