//! `name_mismatch`: How two names differ: format, variant, minor or contradiction.

use std::borrow::Cow;

use crate::shell::{Kind, ResultClass, SqlFunction};
use milaan_kernels::name;
use milaan_model::MismatchKind;

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "name_mismatch",
    args: &[
        ("dump_name", Kind::Text),
        ("registry_name", Kind::Text),
        ("dump_raw", Kind::Text),
        ("registry_raw", Kind::Text),
    ],
    variadic: false,
    returns: Kind::Text,
    class: ResultClass::Comparison,
    doc: "How two names differ: format, variant, minor or contradiction. NULL where they are written alike or either is NULL",
    example: ("SELECT name_mismatch('laxmi', 'lakshmi', 'LAXMI', 'Lakshmi')", "variant"),
    eval: |rows| {
        rows.texts(|row| {
            let (dump, registry) = (row.text(0)?, row.text(1)?);
            let written_alike = match (row.text(2), row.text(3)) {
                (Some(a), Some(b)) => is_alike(a.trim(), b.trim()),
                _ => dump == registry,
            };
            // Likeness is dear, and most names are written alike.
            if written_alike {
                return None;
            }
            let kind = if dump == registry {
                MismatchKind::Format
            } else {
                match name::similarity(dump, registry) {
                    likeness if likeness >= 0.97 => MismatchKind::Variant,
                    likeness if likeness >= 0.72 => MismatchKind::Minor,
                    _ => MismatchKind::Contradiction,
                }
            };
            Some(Cow::Borrowed(kind.as_str()))
        })
    },
};

fn is_alike(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.to_lowercase() == b.to_lowercase()
}
