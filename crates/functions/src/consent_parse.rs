//! `consent_parse`: Whether consent was given: yes, or the way it was given (form, e-KYC).

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{consent, text};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "consent_parse",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Boolean,
    class: ResultClass::Inherit,
    doc: "Whether consent was given: yes, or the way it was given (form, e-KYC). NULL where nothing is stated",
    example: ("SELECT consent_parse('e-KYC')", "true"),
    eval: |rows| rows.booleans(|row| Some(consent::given(&text::clean(row.text(0)?)?))),
};
