//! Encodings: by statement, by byte order mark, by the pattern of NULs that UTF-16 leaves.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::error::Error;

/// Which way a file's bytes become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coding {
    /// Decoded ahead of the records; `None`: record by record, as UTF-8 or else Windows-1252.
    pub(crate) ahead: Option<&'static Encoding>,
    /// Bytes of a byte order mark.
    pub(crate) mark: usize,
}

/// Chooses by what is stated and what the first bytes show.
pub(crate) fn coding(stated: Option<&str>, head: &[u8]) -> Result<Coding, Error> {
    let marked = Encoding::for_bom(head);
    let mark = marked.map_or(0, |(_, length)| length);
    let found = match stated {
        Some(label) => Some(
            Encoding::for_label(label.as_bytes())
                .ok_or_else(|| Error::UnknownEncoding { label: label.to_owned() })?,
        ),
        None => marked.map(|(encoding, _)| encoding).or_else(|| unmarked_utf16(head)),
    };
    // A mark of another encoding than the stated one is text.
    let mut mark = if marked.map(|(encoding, _)| encoding) == found { mark } else { 0 };
    // A program that adds a mark to a text that has one.
    while found == Some(UTF_8) && mark > 0 && head[mark..].starts_with(&head[..3]) {
        mark += 3;
    }
    Ok(Coding { ahead: found.filter(|&encoding| encoding != UTF_8), mark })
}

/// Whether bytes are UTF-16, marked or not.
pub(crate) fn is_wide(head: &[u8]) -> bool {
    Encoding::for_bom(head).is_some_and(|(encoding, _)| encoding != UTF_8)
        || unmarked_utf16(head).is_some()
}

/// UTF-16 without a mark has NULs at every other place; in a script other than Latin, only beside its digits, spaces and
/// line ends.
fn unmarked_utf16(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(4096) & !1];
    let nul = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (first, second, half) = (nul(0), nul(1), head.len() / 2);
    let (encoding, high, low) =
        if second > first { (UTF_16LE, second, first) } else { (UTF_16BE, first, second) };
    if half < 4 || low * 20 >= half {
        return None;
    }
    let is_text = || {
        let (text, _, broken) = encoding.decode(head);
        !broken && text.contains(['\n', '\r'])
    };
    (high * 2 > half || (high * 20 > half && low * 20 < high && is_text())).then_some(encoding)
}

/// Bytes of another encoding as UTF-8.
pub(crate) struct Decoded<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    text: Vec<u8>,
    text_at: usize,
    ended: bool,
    flushed: bool,
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(input: R, encoding: &'static Encoding) -> Self {
        Self {
            input,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: Vec::new(),
            raw_at: 0,
            text: Vec::new(),
            text_at: 0,
            ended: false,
            flushed: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.raw_at == self.raw.len() && !self.ended {
            self.raw.resize(64 << 10, 0);
            let count = loop {
                match self.input.read(&mut self.raw) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.raw.truncate(count);
            self.raw_at = 0;
            self.ended = count == 0;
        }
        self.text.resize(256 << 10, 0);
        let (result, read, written, _) =
            self.decoder.decode_to_utf8(&self.raw[self.raw_at..], &mut self.text, self.ended);
        self.raw_at += read;
        self.text.truncate(written);
        self.text_at = 0;
        self.flushed = self.ended && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.text_at == self.text.len() {
            if self.flushed {
                return Ok(0);
            }
            self.fill()?;
        }
        let count = into.len().min(self.text.len() - self.text_at);
        into[..count].copy_from_slice(&self.text[self.text_at..self.text_at + count]);
        self.text_at += count;
        Ok(count)
    }
}
