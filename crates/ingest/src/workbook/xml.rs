//! XML as tags and text, one after the other: what the parts of a workbook need, in memory that does not grow with them.
//!
//! Elements' names are given without their prefix; names of end tags are not held against those of start tags. No entity
//! is known but the five of XML itself and characters by number: a part that defines others is refused.

use std::io::{self, Chain, Cursor, Read};
use std::sync::mpsc::{Receiver, sync_channel};

use encoding_rs::Encoding;

use crate::source::fill_from;
use crate::text::decode::Decoded;

/// Bytes read at a time.
const BLOCK_BYTES: usize = 64 << 10;
/// Blocks that may wait for their reader.
const BLOCKS_MAX: usize = 16;
/// Bytes of one tag or text.
const TOKEN_BYTES_MAX: usize = 64 << 20;
/// Bytes in which a part says how it is written.
const DECLARED_BYTES: usize = 256;

/// Why a part cannot be read.
#[derive(Debug)]
pub(super) enum Bad {
    Io(io::Error),
    /// One clause.
    How(&'static str),
}

impl From<io::Error> for Bad {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Bytes that another thread reads ahead.
pub(super) struct Ahead {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
}

impl Ahead {
    pub(super) fn new(mut input: impl Read + Send + 'static) -> io::Result<Self> {
        let (sender, blocks) = sync_channel(BLOCKS_MAX);
        std::thread::Builder::new().name("unpack".to_owned()).spawn(move || {
            loop {
                let mut block = vec![0; BLOCK_BYTES];
                let filled = fill_from(&mut input, &mut block).map(|count| block.truncate(count));
                let ends = filled.is_err() || block.len() < BLOCK_BYTES;
                if sender.send(filled.map(|()| block)).is_err() || ends {
                    return;
                }
            }
        })?;
        Ok(Self { blocks, block: Vec::new(), at: 0 })
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() {
            // The other side has nothing more to say.
            let Ok(block) = self.blocks.recv() else { return Ok(0) };
            self.block = block?;
            self.at = 0;
        }
        let count = into.len().min(self.block.len() - self.at);
        into[..count].copy_from_slice(&self.block[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

/// A tag, or what stands between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `is_empty`: its end tag is left out.
    Start {
        name: &'a [u8],
        attributes: Attributes<'a>,
        is_empty: bool,
    },
    End(&'a [u8]),
    /// As it is written: see [`decode`].
    Text(&'a [u8]),
    /// Text that means itself.
    Data(&'a [u8]),
    /// There is no more.
    Eof,
}

/// A start tag's attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// The value of the attribute with this name, prefix included.
    pub(super) fn get(&self, name: &[u8]) -> Option<&'a [u8]> {
        self.clone().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// [`Self::get`] as text.
    pub(super) fn text(&self, name: &[u8]) -> Result<Option<String>, Bad> {
        self.get(name).map(decoded).transpose()
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    /// Ends where no attribute is made out.
    fn next(&mut self) -> Option<Self::Item> {
        let equals = self.0.iter().position(|&b| b == b'=')?;
        let key = self.0[..equals].trim_ascii();
        let rest = self.0[equals + 1..].trim_ascii_start();
        let (&quote, rest) = rest.split_first().filter(|(b, _)| matches!(**b, b'"' | b'\''))?;
        let end = rest.iter().position(|&b| b == quote)?;
        self.0 = &rest[end + 1..];
        Some((key, &rest[..end]))
    }
}

/// A part's bytes: UTF-8, or made so from the encoding that its first bytes state.
enum Input<R> {
    Plain(R),
    Decoded(Box<Decoded<Chain<Cursor<Vec<u8>>, R>>>),
    /// Never read.
    Taken,
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(into),
            Self::Decoded(input) => input.read(into),
            Self::Taken => Ok(0),
        }
    }
}

/// Reads a part.
pub(super) struct Xml<R> {
    input: Input<R>,
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    is_begun: bool,
}

impl<R: Read> Xml<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            input: Input::Plain(input),
            buffer: vec![0; 2 * BLOCK_BYTES],
            at: 0,
            end: 0,
            is_begun: false,
        }
    }

    /// The next tag or text; comments and instructions are passed over.
    pub(super) fn next(&mut self) -> Result<Token<'_>, Bad> {
        loop {
            if self.at == self.end && !self.more()? {
                return Ok(Token::Eof);
            }
            if self.buffer[self.at] != b'<' {
                let length = self.find(0, b'<')?.unwrap_or(self.end - self.at);
                return Ok(Token::Text(self.take(length)));
            }
            match self.byte(1)? {
                b'/' => {
                    let length = self.until(2, b">")?;
                    let tag = self.take(length);
                    return Ok(Token::End(local(tag[2..length - 1].trim_ascii())));
                }
                b'?' => {
                    let length = self.until(2, b"?>")?;
                    self.at += length;
                }
                b'!' => {
                    let length = match (self.byte(2)?, self.byte(3)?) {
                        (b'-', b'-') => self.until(4, b"-->")?,
                        (b'[', _) => {
                            let length = self.until(9, b"]]>")?;
                            return Ok(Token::Data(&self.take(length)[9..length - 3]));
                        }
                        _ => self.doctype()?,
                    };
                    self.at += length;
                }
                _ => {
                    let length = self.start()?;
                    let tag = self.take(length);
                    let inside = &tag[1..length - 1];
                    let is_empty = inside.last() == Some(&b'/');
                    let inside = &inside[..inside.len() - usize::from(is_empty)];
                    let ends = inside.iter().position(u8::is_ascii_whitespace);
                    let (name, attributes) = inside.split_at(ends.unwrap_or(inside.len()));
                    let attributes = Attributes(attributes);
                    return Ok(Token::Start { name: local(name), attributes, is_empty });
                }
            }
        }
    }

    /// The text that stands between `before` and `after`, tags written in just this way, if all that comes next; it is taken.
    pub(super) fn between(&mut self, before: &[u8], after: &[u8]) -> Option<&[u8]> {
        let ahead = self.buffer[self.at..self.end].strip_prefix(before)?;
        let length = ahead.iter().position(|&b| b == b'<')?;
        if !ahead[length..].starts_with(after) {
            return None;
        }
        let start = self.at + before.len();
        self.at = start + length + after.len();
        Some(&self.buffer[start..start + length])
    }

    /// Passes over what stands in an element whose start tag has been read.
    pub(super) fn skip(&mut self) -> Result<(), Bad> {
        let mut depth = 1_u32;
        while depth > 0 {
            match self.next()? {
                Token::Start { is_empty: false, .. } => depth += 1,
                Token::End(_) => depth -= 1,
                Token::Eof => return Err(BREAKS_OFF),
                _ => {}
            }
        }
        Ok(())
    }

    fn take(&mut self, length: usize) -> &[u8] {
        self.at += length;
        &self.buffer[self.at - length..self.at]
    }

    /// A byte of the tag that begins here.
    fn byte(&mut self, offset: usize) -> Result<u8, Bad> {
        while self.end - self.at <= offset {
            if !self.more()? {
                return Err(BREAKS_OFF);
            }
        }
        Ok(self.buffer[self.at + offset])
    }

    /// Where a byte stands, counted from here.
    fn find(&mut self, mut from: usize, byte: u8) -> Result<Option<usize>, Bad> {
        loop {
            let ahead = &self.buffer[(self.at + from).min(self.end)..self.end];
            if let Some(found) = memchr::memchr(byte, ahead) {
                return Ok(Some(from + found));
            }
            from = from.max(self.end - self.at);
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    /// How long the markup is that ends in `mark`, the last byte of which is its only `>`; `mark` begins no sooner than `least`.
    fn until(&mut self, least: usize, mark: &[u8]) -> Result<usize, Bad> {
        let mut from = least;
        loop {
            let Some(found) = self.find(from, b'>')? else { return Err(BREAKS_OFF) };
            let begins = (found + 1).checked_sub(mark.len()).filter(|begins| *begins >= least);
            if begins.is_some_and(|at| self.buffer[self.at + at..].starts_with(mark)) {
                return Ok(found + 1);
            }
            from = found + 1;
        }
    }

    /// How long the start tag is that begins here: a `>` between quotes does not end it.
    fn start(&mut self) -> Result<usize, Bad> {
        let (mut offset, mut quote) = (1, 0);
        loop {
            for (at, &byte) in self.buffer[self.at + offset..self.end].iter().enumerate() {
                match byte {
                    _ if quote != 0 => quote = if byte == quote { 0 } else { quote },
                    b'"' | b'\'' => quote = byte,
                    b'>' => return Ok(offset + at + 1),
                    _ => {}
                }
            }
            offset = self.end - self.at;
            if !self.more()? {
                return Err(BREAKS_OFF);
            }
        }
    }

    /// How long a document type is; one with definitions in it is refused.
    fn doctype(&mut self) -> Result<usize, Bad> {
        let length = self.until(2, b">")?;
        if self.buffer[self.at..self.at + length].contains(&b'[') {
            return Err(Bad::How("it defines words of its own, as no spreadsheet program does"));
        }
        Ok(length)
    }

    /// Reads on; `false` at the end.
    fn more(&mut self) -> Result<bool, Bad> {
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.end, 0);
            self.end -= self.at;
            self.at = 0;
        }
        if self.end == self.buffer.len() {
            if self.end >= TOKEN_BYTES_MAX {
                return Err(Bad::How("one of its texts or tags has no end"));
            }
            self.buffer.resize(self.end * 2, 0);
        }
        if !std::mem::replace(&mut self.is_begun, true) {
            self.end = fill_from(&mut self.input, &mut self.buffer[..DECLARED_BYTES])?;
            if let Some(encoding) = declared(&self.buffer[..self.end])? {
                let head = Cursor::new(self.buffer[..self.end].to_vec());
                self.end = 0;
                if let Input::Plain(rest) = std::mem::replace(&mut self.input, Input::Taken) {
                    let decoded = Decoded::new(head.chain(rest), encoding);
                    self.input = Input::Decoded(Box::new(decoded));
                }
            } else if self.end > 0 {
                return Ok(true);
            }
        }
        let count = self.input.read(&mut self.buffer[self.end..])?;
        self.end += count;
        Ok(count > 0)
    }
}

/// The encoding of a part that is not UTF-8: by its mark, by the zero bytes of its first sign, or as its declaration says.
fn declared(head: &[u8]) -> Result<Option<&'static Encoding>, Bad> {
    let unknown = Bad::How("one of its parts is written in an encoding that is not known");
    match head {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => return Ok(Some(encoding_rs::UTF_16LE)),
        [0xfe, 0xff, ..] | [0, b'<', ..] => return Ok(Some(encoding_rs::UTF_16BE)),
        [0, ..] | [_, 0, ..] => return Err(unknown),
        _ => {}
    }
    let Some(said) = head.strip_prefix(b"<?xml") else { return Ok(None) };
    let said = &said[..said.iter().position(|&b| b == b'?').unwrap_or(0)];
    let Some(label) = Attributes(said).get(b"encoding") else { return Ok(None) };
    let encoding = Encoding::for_label(label).ok_or(unknown)?;
    // What is read as ASCII cannot be UTF-16, whatever it says.
    let is_wide = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
    Ok(Some(encoding).filter(|encoding| *encoding != encoding_rs::UTF_8 && !is_wide))
}

pub(super) const BREAKS_OFF: Bad = Bad::How("one of its parts breaks off");

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    name.iter().rposition(|&b| b == b':').map_or(name, |colon| &name[colon + 1..])
}

/// Appends text as it is meant: entities resolved, line ends as `\n`.
pub(super) fn decode(raw: &[u8], into: &mut String) -> Result<(), Bad> {
    let text = std::str::from_utf8(raw).map_err(|_| Bad::How("its text is not UTF-8"))?;
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'&', b'\r', rest.as_bytes()) {
        into.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if text.as_bytes()[text.len() - rest.len() - 1] == b'\r' {
            into.push('\n');
            rest = rest.strip_prefix('\n').unwrap_or(rest);
            continue;
        }
        let unknown = Bad::How("it has an entity that XML does not know");
        let Some((name, after)) = rest.split_once(';') else { return Err(unknown) };
        let Some(meant) = entity(name) else { return Err(unknown) };
        into.push(meant);
        rest = after;
    }
    into.push_str(rest);
    Ok(())
}

/// [`decode`] into a text of its own.
fn decoded(raw: &[u8]) -> Result<String, Bad> {
    let mut text = String::new();
    decode(raw, &mut text)?;
    Ok(text)
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => {}
    }
    let number = name.strip_prefix('#')?;
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    char::from_u32(code.ok()?).filter(|c| *c != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A few bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn tokens(part: &str, drops: usize) -> String {
        let mut xml = Xml::new(Drops(part.as_bytes(), drops));
        let word = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mut said = String::new();
        loop {
            said += &match xml.next() {
                Ok(Token::Start { name, attributes, is_empty }) => {
                    let attributes: Vec<String> = attributes
                        .map(|(key, value)| format!(" {}={}", word(key), word(value)))
                        .collect();
                    format!(
                        "<{}{}{}>",
                        word(name),
                        attributes.concat(),
                        ["", "/"][usize::from(is_empty)]
                    )
                }
                Ok(Token::End(name)) => format!("</{}>", word(name)),
                Ok(Token::Text(text)) => word(text),
                Ok(Token::Data(text)) => format!("[{}]", word(text)),
                Ok(Token::Eof) => return said,
                Err(Bad::How(how)) => return format!("{said} {how}"),
                Err(Bad::Io(error)) => panic!("{error}"),
            };
        }
    }

    #[test]
    fn tags_and_text() {
        for (part, expected) in [
            (
                "<?xml version=\"1.0\"?><x:c r=\"A1\" t = 's' ><v>1</v></x:c >",
                "<c r=A1 t=s><v>1</v></c>",
            ),
            ("<a b='1>2'/>x<!-- <c> -- > -->y", "<a b=1>2/>xy"),
            ("<t><![CDATA[a]]b>]]></t>", "<t>[a]]b>]</t>"),
            ("<!DOCTYPE x><a/>", "<a/>"),
            (
                "<!DOCTYPE x [<!ENTITY a 'b'>]><a/>",
                " it defines words of its own, as no spreadsheet program does",
            ),
            ("<a", " one of its parts breaks off"),
            ("<a b=\"></a>", " one of its parts breaks off"),
            ("<![X]]]]>", " one of its parts breaks off"),
            ("<!-->", " one of its parts breaks off"),
            ("<a b c='1' =>x", "<a b c=1>x"),
            ("\u{0}\u{0}<a/>", " one of its parts is written in an encoding that is not known"),
            (
                "<?xml version='1.0' encoding='klingon'?><a/>",
                " one of its parts is written in an encoding that is not known",
            ),
            ("text alone", "text alone"),
            ("<>", "<>"),
            ("", ""),
        ] {
            for drops in [1, 2, 3, 1000] {
                let said = tokens(part, drops);
                assert_eq!(said, expected, "{part}");
            }
        }
    }

    #[test]
    fn encodings() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let marked = |text: &str| [&[0xff, 0xfe], wide(text).as_slice()].concat();
        for (part, expected) in [
            (b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><t>Jos\xe9</t>".to_vec(), "José"),
            (b"<?xml version='1.0' encoding='Windows-1251'?><t>\xc8</t>".to_vec(), "И"),
            ("<?xml version='1.0' encoding='utf-8'?><t>José</t>".into(), "José"),
            ("<?xml version='1.0' encoding='UTF-16'?><t>José</t>".into(), "José"),
            (wide("<?xml version='1.0'?><t>José</t>"), "José"),
            (marked("<t>José</t>"), "José"),
        ] {
            for drops in [1, 7, 1000] {
                let mut xml = Xml::new(Drops(&part, drops));
                let mut said = String::new();
                loop {
                    match xml.next().unwrap() {
                        Token::Text(raw) => decode(raw, &mut said).unwrap(),
                        Token::Eof => break,
                        _ => {}
                    }
                }
                assert_eq!(said.trim_start_matches('\u{feff}'), expected);
            }
        }
    }

    #[test]
    fn text_as_it_is_meant() {
        for (raw, expected) in [
            ("a &amp;&#65;&#x42; b\r\nc\rd", Some("a &AB b\nc\nd")),
            ("&lt;&gt;&quot;&apos;", Some("<>\"'")),
            ("&lol;", None),
            ("&#0;", None),
            ("&#xD800;", None),
            ("a & b", None),
        ] {
            assert_eq!(decoded(raw.as_bytes()).ok().as_deref(), expected, "{raw}");
        }
        assert!(decoded(b"\xff").is_err());
    }
}
