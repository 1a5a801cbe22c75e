//! `id_gender_issue`: Whether an identity number says another gender than the record: a soft sign.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::{cnic, gender};
use milaan_model::Sensitivity;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "id_gender_issue",
    args: &[("scheme", Kind::Text), ("text", Kind::Text), ("gender", Kind::Text)],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Fixed(Sensitivity::Internal),
    doc: "ID_GENDER_DIFFERS where the last digit of a CNIC (odd: a man's, even: a woman's) contradicts the gender stated: a soft sign, never a reason by itself. NULL otherwise, and for other schemes",
    example: ("SELECT id_gender_issue('cnic', '35202-4567891-3', 'Female')", "ID_GENDER_DIFFERS"),
    eval: |rows| {
        let words = rows.words("gender");
        rows.texts(|row| {
            let (scheme, text, stated) = (row.text(0)?, row.text(1)?, row.text(2)?);
            if scheme != "cnic" {
                return None;
            }
            let by_number = match cnic::gender(text)? {
                'M' => "M",
                _ => "F",
            };
            let by_word = words.and_then(|words| words.meaning(stated));
            let stated = by_word.or_else(|| gender::parse(stated))?;
            (stated != "O" && stated != by_number).then_some(Cow::Borrowed("ID_GENDER_DIFFERS"))
        })
    },
};
