//! An XLSX workbook but for its cells: its sheets, its texts, and which of its styles are dates.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::io::Read;

use super::book::SheetName;
use super::xml::{Ahead, Attributes, BREAKS_OFF, Bad, Token, Xml, decode};
use crate::archive::Members;
use crate::error::Error;
use crate::limits::{DumpFile, Limits};

/// Bytes of a part that says how the others are to be read; it is held.
const FRAME_BYTES_MAX: u64 = 64 << 20;

/// What a number stands for by the style of its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Look {
    #[default]
    Number,
    /// Days since the workbook's first day.
    Date,
    /// Days that passed.
    Duration,
}

/// Many texts in one.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<u32>,
}

impl Texts {
    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.all.get(start..end)
    }
}

/// An open workbook.
pub(super) struct Spreadsheet {
    members: Members,
    sheets: Vec<(SheetName, String)>,
    pub(super) looks: Vec<Look>,
    pub(super) texts: Texts,
    pub(super) is_1904: bool,
}

impl Spreadsheet {
    /// Opens a workbook; `None`: it is not made as workbooks mostly are, another reader may understand it.
    pub(super) fn open(file: &DumpFile, limits: &Limits) -> Result<Option<Self>, Error> {
        let Some(members) = Members::open(file)? else { return Ok(None) };
        let framed = frame(members).map_err(|bad| refused(file, bad))?;
        let Some((mut book, texts)) = framed else { return Ok(None) };
        if let Some(name) = texts {
            let most = limits.texts_bytes_max;
            match book
                .part(&name)
                .and_then(|part| part.map(|part| read_texts(part, most)).transpose())
            {
                Ok(Some(Some(texts))) => book.texts = texts,
                Ok(Some(None)) => {
                    let (file, limit) = (file.name.clone(), most as u64);
                    return Err(Error::TooLarge { file, what: "bytes of shared texts", limit });
                }
                Ok(None) => return Ok(None),
                Err(bad) => return Err(refused(file, bad)),
            }
        }
        Ok(Some(book))
    }

    /// The worksheets in their order.
    pub(super) fn sheets(&self) -> Vec<SheetName> {
        self.sheets.iter().map(|(sheet, _)| sheet.clone()).collect()
    }

    /// The part that holds a sheet.
    pub(super) fn sheet(&self, name: &str) -> Result<Option<Xml<Ahead>>, Bad> {
        match self.sheets.iter().find(|(sheet, _)| sheet.name == name) {
            Some((_, path)) => self.part(path),
            None => Ok(None),
        }
    }

    fn part(&self, name: &str) -> Result<Option<Xml<Ahead>>, Bad> {
        let Some(unpacked) = self.members.member(name)? else { return Ok(None) };
        Ok(Some(Xml::new(Ahead::new(unpacked)?)))
    }
}

/// An error of ours.
pub(super) fn refused(file: &DumpFile, bad: Bad) -> Error {
    match bad {
        Bad::Io(error) => Error::unreadable(&file.path, error),
        Bad::How(how) => Error::Damaged { file: file.name.clone(), how },
    }
}

/// All but the texts, and the part where those are, if there are any.
fn frame(members: Members) -> Result<Option<(Spreadsheet, Option<String>)>, Bad> {
    let part = |name: &str| {
        let part = members.member(name)?;
        Ok::<_, Bad>(part.map(|part| Xml::new(part.take(FRAME_BYTES_MAX))))
    };
    let Some(roots) = part("_rels/.rels")? else { return Ok(None) };
    let Some(root) = relations(roots)?.into_iter().find(|root| root.kind == "officeDocument")
    else {
        return Ok(None);
    };
    let path = root.target.trim_start_matches('/');
    let (folder, name) = path
        .rsplit_once('/')
        .map_or(("", path), |(_, name)| (&path[..path.len() - name.len()], name));
    let (Some(book), Some(others)) = (part(path)?, part(&format!("{folder}_rels/{name}.rels"))?)
    else {
        return Ok(None);
    };
    let place = |target: &str| place(folder, target);
    let others = relations(others)?;
    let of_kind = |kind: &str| {
        others.iter().find(|other| other.kind == kind).map(|other| place(&other.target))
    };
    let (is_1904, named) = workbook(book)?;
    let (mut sheets, mut names, mut paths) = (Vec::new(), HashSet::new(), HashSet::new());
    for (sheet, id) in named {
        let Some(other) = others.iter().find(|other| other.id == id) else { return Ok(None) };
        if other.kind == "worksheet" {
            let mut sheet = sheet;
            if !names.insert(sheet.name.clone()) {
                // A spreadsheet program would name it anew as well.
                let _ = write!(sheet.name, " ({})", sheets.len() + 1);
            }
            let path = place(&other.target);
            if !paths.insert(path.clone()) {
                return Err(Bad::How("two of its sheets are one"));
            }
            sheets.push((sheet, path));
        }
    }
    if sheets.iter().any(|(_, path)| !members.has(path)) {
        return Ok(None);
    }
    let styles = part(&of_kind("styles").unwrap_or_else(|| place("styles.xml")))?;
    let looks = styles.map(looks).transpose()?.unwrap_or_default();
    let texts = of_kind("sharedStrings").unwrap_or_else(|| place("sharedStrings.xml"));
    let texts = members.has(&texts).then_some(texts);
    let texts_none = Texts::default();
    Ok(Some((Spreadsheet { members, sheets, looks, texts: texts_none, is_1904 }, texts)))
}

/// Where a target lies that is named in a folder.
fn place(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    let from = if target.starts_with('/') { "" } else { folder };
    for part in from.split('/').chain(target.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// What a part says of another.
struct Relation {
    id: String,
    /// The last word of its type.
    kind: String,
    target: String,
}

fn relations(mut part: Xml<impl Read>) -> Result<Vec<Relation>, Bad> {
    let mut relations = Vec::new();
    loop {
        match part.next()? {
            Token::Start { name: b"Relationship", attributes, .. } => {
                let text = |name: &[u8]| Ok::<_, Bad>(attributes.text(name)?.unwrap_or_default());
                let kind = text(b"Type")?.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation { id: text(b"Id")?, kind, target: text(b"Target")? });
            }
            Token::End(b"Relationships") => return Ok(relations),
            Token::Eof => return Err(BREAKS_OFF),
            _ => {}
        }
    }
}

/// Whether dates count from 1904, and the sheets with their relations.
fn workbook(mut part: Xml<impl Read>) -> Result<(bool, Vec<(SheetName, String)>), Bad> {
    let (mut is_1904, mut sheets) = (false, Vec::new());
    loop {
        match part.next()? {
            Token::Start { name: b"sheet", attributes, .. } => {
                let name = attributes.text(b"name")?.unwrap_or_default();
                let hidden = matches!(attributes.get(b"state"), Some(b"hidden" | b"veryHidden"));
                let is_id = |(key, _): &(&[u8], &[u8])| *key == b"id" || key.ends_with(b":id");
                let id = attributes.clone().find(is_id).map(|(_, value)| value);
                let id = String::from_utf8_lossy(id.unwrap_or_default()).into_owned();
                sheets.push((SheetName { name, visible: !hidden }, id));
            }
            Token::Start { name: b"workbookPr", attributes, .. } => {
                if let Some(value) = attributes.get(b"date1904") {
                    is_1904 = matches!(value, b"1" | b"true");
                }
            }
            Token::End(b"workbook") => return Ok((is_1904, sheets)),
            Token::Eof => return Err(BREAKS_OFF),
            _ => {}
        }
    }
}

/// What the numbers of each style stand for.
fn looks(mut part: Xml<impl Read>) -> Result<Vec<Look>, Bad> {
    let (mut formats, mut looks) = (HashMap::new(), Vec::new());
    let (mut in_formats, mut in_cells) = (false, false);
    let number = |attributes: &Attributes<'_>| attributes.get(b"numFmtId").map(<[u8]>::to_vec);
    loop {
        match part.next()? {
            Token::Start { name: b"numFmts", is_empty, .. } => in_formats = !is_empty,
            Token::End(b"numFmts") => in_formats = false,
            Token::Start { name: b"cellXfs", is_empty, .. } => in_cells = !is_empty,
            Token::End(b"cellXfs") => in_cells = false,
            Token::Start { name: b"numFmt", attributes, .. } if in_formats => {
                let code = attributes.text(b"formatCode")?;
                if let (Some(id), Some(code)) = (number(&attributes), code) {
                    formats.insert(id, by_code(&code));
                }
            }
            Token::Start { name: b"xf", attributes, .. } if in_cells => {
                let id = number(&attributes).unwrap_or_default();
                looks.push(formats.get(&id).copied().unwrap_or_else(|| built_in(&id)));
            }
            Token::End(b"styleSheet") => return Ok(looks),
            Token::Eof => return Err(BREAKS_OFF),
            _ => {}
        }
    }
}

/// The number formats that need no definition (ECMA-376 part 1, 18.8.30).
fn built_in(id: &[u8]) -> Look {
    let id: u32 = std::str::from_utf8(id).ok().and_then(|id| id.parse().ok()).unwrap_or_default();
    match id {
        46 => Look::Duration,
        14..=22 | 27..=36 | 45 | 47 | 50..=58 => Look::Date,
        _ => Look::Number,
    }
}

/// What a number format shows, by its first section: a letter of a date that is neither quoted nor escaped, or hours,
/// minutes or seconds in brackets.
fn by_code(code: &str) -> Look {
    let mut rest = code.chars();
    while let Some(c) = rest.next() {
        match c.to_ascii_lowercase() {
            '\\' | '_' | '*' => drop(rest.next()),
            '"' => drop(rest.by_ref().find(|c| *c == '"')),
            ';' => break,
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                let unit = |unit: char| !inside.is_empty() && inside.chars().all(|c| c == unit);
                if ['h', 'm', 's'].into_iter().any(unit) {
                    return Look::Duration;
                }
            }
            'd' | 'm' | 'h' | 'y' | 's' => return Look::Date,
            // AM/PM, A/P.
            'a' if rest.as_str().starts_with(['/', 'm', 'M', 'p', 'P']) => return Look::Date,
            _ => {}
        }
    }
    Look::Number
}

/// The texts that cells share; `None`: they are longer than `most` bytes.
fn read_texts(mut part: Xml<Ahead>, most: usize) -> Result<Option<Texts>, Bad> {
    let mut texts = Texts::default();
    let mut piece = String::new();
    loop {
        match part.next()? {
            Token::Start { name: b"si", is_empty, .. } => {
                if !is_empty {
                    text(&mut part, &mut piece, &mut texts.all)?;
                }
                if texts.all.len() + texts.ends.len() * size_of::<u32>() > most {
                    return Ok(None);
                }
                let end = u32::try_from(texts.all.len());
                texts.ends.push(end.map_err(|_| Bad::How("its texts are too long"))?);
            }
            Token::End(b"sst") => return Ok(Some(texts)),
            Token::Start { name: b"sst", is_empty: true, .. } => return Ok(Some(texts)),
            Token::Eof => return Err(BREAKS_OFF),
            _ => {}
        }
    }
}

/// Appends the text of an element (`si`, `is`) whose start tag has been read: its runs one behind the other, how they are
/// pronounced left out.
pub(super) fn text(
    part: &mut Xml<Ahead>,
    piece: &mut String,
    into: &mut String,
) -> Result<(), Bad> {
    let mut depth = 1_u32;
    while depth > 0 {
        match part.next()? {
            Token::Start { name: b"rPh", is_empty: false, .. } => part.skip()?,
            Token::Start { name: b"t", attributes, is_empty: false } => {
                let is_kept = attributes.get(b"xml:space") == Some(b"preserve");
                piece.clear();
                plain(part, piece)?;
                let is_space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
                into.push_str(if is_kept {
                    unescaped(piece)
                } else {
                    unescaped(piece).trim_matches(is_space)
                });
            }
            Token::Start { is_empty: false, .. } => depth += 1,
            Token::End(_) => depth -= 1,
            Token::Eof => return Err(BREAKS_OFF),
            _ => {}
        }
    }
    Ok(())
}

/// Appends what stands in an element whose start tag has been read, elements within it left out.
pub(super) fn plain(part: &mut Xml<Ahead>, into: &mut String) -> Result<(), Bad> {
    loop {
        match part.next()? {
            Token::Text(raw) => decode(raw, into)?,
            Token::Data(raw) => {
                into.push_str(
                    std::str::from_utf8(raw).map_err(|_| Bad::How("its text is not UTF-8"))?,
                );
            }
            Token::Start { is_empty: false, .. } => part.skip()?,
            Token::Start { .. } => {}
            Token::End(_) => return Ok(()),
            Token::Eof => return Err(BREAKS_OFF),
        }
    }
}

/// Resolves `_xHHHH_`, which stands for a UTF-16 unit that XML cannot write, in place.
pub(super) fn unescaped(text: &mut String) -> &str {
    if memchr::memmem::find(text.as_bytes(), b"_x").is_none() {
        return text;
    }
    let mut whole = String::with_capacity(text.len());
    let mut units: Vec<u16> = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        if let Some(unit) = unit(rest) {
            units.push(unit);
            rest = &rest[7..];
            continue;
        }
        whole.push_str(&String::from_utf16_lossy(&std::mem::take(&mut units)));
        let next =
            rest.char_indices().skip(1).find(|(_, c)| *c == '_').map_or(rest.len(), |(at, _)| at);
        whole.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    whole.push_str(&String::from_utf16_lossy(&units));
    *text = whole;
    text
}

/// The unit that a text begins with.
fn unit(text: &str) -> Option<u16> {
    let hex = text.strip_prefix("_x")?.get(..4)?;
    let is_unit =
        text.as_bytes().get(6) == Some(&b'_') && hex.bytes().all(|b| b.is_ascii_hexdigit());
    if is_unit { u16::from_str_radix(hex, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        use Look::{Date, Duration, Number};
        for (code, expected) in [
            ("General", Number),
            ("0.00E+00", Number),
            ("dd/mm/yyyy", Date),
            ("[$-F800]dddd\\,\\ mmmm", Date),
            ("[h]:mm:ss", Duration),
            ("[Red][SS]", Duration),
            ("[Red]0.0", Number),
            ("#,##0\\ \"days\"", Number),
            ("\\d0", Number),
            ("0;yyyy", Number),
            ("AM/PM", Date),
            ("_-* #,##0.00_-", Number),
            ("", Number),
        ] {
            assert_eq!(by_code(code), expected, "{code}");
        }
        assert_eq!([b"14", b"46", b"49"].map(|id| built_in(id)), [Date, Duration, Number]);
    }

    #[test]
    fn escapes() {
        for (written, meant) in [
            ("a_x000D_b", "a\rb"),
            ("_xD83D__xDCF7_", "📷"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D_!", "\u{fffd}!"),
            ("a_x00_é_x0041_", "a_x00_éA"),
            ("_", "_"),
        ] {
            assert_eq!(unescaped(&mut written.to_owned()), meant, "{written}");
        }
    }
}
