//! `cell_issue`: Why a cell that reads as nothing once held a value, or stands for one.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::text;
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "cell_issue",
    args: &[("text", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "What a cell has lost that reads as nothing: CELL_ERROR (a spreadsheet's error), CELL_DITTO (as above), TEXT_WRONG_ENCODING (question marks in the place of letters). NULL for every other text",
    example: ("SELECT cell_issue('#REF!')", "CELL_ERROR"),
    eval: |rows| rows.texts(|row| text::loss(row.text(0)?).map(Cow::Borrowed)),
};
