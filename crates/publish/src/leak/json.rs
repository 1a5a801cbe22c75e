//! JSON: every key and every text. Numbers are counts, sizes, times and totals, and are passed over.

use std::fmt;
use std::path::Path;

use serde::de::IgnoredAny;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{Findings, Line, Searched, is_text, leaks_in, plain, quiet};

/// Larger documents are not ours.
const DOCUMENT_BYTES_MAX: u64 = 256 << 20;

/// One document.
pub(super) fn scan_document(path: &Path, findings: &mut Findings<'_>) -> Searched {
    let size = std::fs::metadata(path).map_err(|_| 0_u64)?.len();
    if size > DOCUMENT_BYTES_MAX {
        return Err(0);
    }
    let bytes = std::fs::read(path).map_err(|_| 0_u64)?;
    if !is_text(&bytes) {
        return Err(0);
    }
    let value: Value = serde_json::from_slice(&bytes).map_err(|_| 0_u64)?;
    scan_value(&value, findings);
    Ok(())
}

/// Whether every line is a document in which no sign is written as another (`\u0039`).
fn are_plain_documents(lines: &[u8]) -> bool {
    let is_document = |line: &[u8]| serde_json::from_slice::<IgnoredAny>(line).is_ok();
    memchr::memchr(b'\\', lines).is_none()
        && lines.split_inclusive(|byte| *byte == b'\n').all(is_document)
}

/// One document a line.
pub(super) fn scan_lines(path: &Path, findings: &mut Findings<'_>) -> Searched {
    if quiet::is_quiet(path, are_plain_documents) {
        return Ok(());
    }
    let mut texts = Line::default();
    plain::each_line(path, |line, number| {
        texts.clear();
        let mut reader = serde_json::Deserializer::from_slice(line);
        Texts(&mut texts).deserialize(&mut reader).map_err(|_| number)?;
        reader.end().map_err(|_| number)?;
        // All texts of the line at once, which is quick; where one stands is worked out when there is something.
        if leaks_in(&texts.text).is_empty() {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(line).map_err(|_| number)?;
        walk(&value, "", number, findings);
        Ok(())
    })
}

/// Gathers every key and text of a document.
struct Texts<'a>(&'a mut Line);

impl<'de> DeserializeSeed<'de> for Texts<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, document: D) -> Result<(), D::Error> {
        document.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Texts<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON document")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.push(0, text.as_bytes());
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Texts(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while members.next_key_seed(Texts(self.0))?.is_some() {
            members.next_value_seed(Texts(self.0))?;
        }
        Ok(())
    }
}

/// A document that is still to be written.
pub(crate) fn scan_value(value: &Value, findings: &mut Findings<'_>) {
    walk(value, "", 0, findings);
}

fn walk(value: &Value, at: &str, place: u64, findings: &mut Findings<'_>) {
    match value {
        Value::String(text) => {
            findings.search(text.as_bytes(), || Some(at.to_owned()), place);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{at}/{index}"), place, findings);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                let leaks = findings.search(key.as_bytes(), || Some(format!("{at}/…")), place);
                // A key that is an identifier must not come out by way of the finding.
                let below = if leaks { format!("{at}/…") } else { format!("{at}/{key}") };
                walk(member, &below, place, findings);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
