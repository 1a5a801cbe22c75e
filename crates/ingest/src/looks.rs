//! What bytes look like that are no table: named, so that a person knows what was sent.

use milaan_model::reading::Format;

/// What bytes look like.
pub(crate) enum Looks {
    Like(Format),
    Other(&'static str),
}

/// The first bytes of a file whose form they give away.
const MAGIC: &[(&[u8], &str)] = &[
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"RIFF", "an image, a sound or a film"),
    (b"OggS", "a sound or a film"),
    (b"ID3", "a sound"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ\0", "an archive"),
    (b"\x04\"M\x18", "an archive"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"ARROW1", "an Arrow file"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"{\\rtf", "a word processor's document"),
    (b"%!PS", "a PostScript document"),
];

/// Below this a piece is too short to say that it is no text.
const BINARY_BYTES_MIN: usize = 64;

/// Looks at the first bytes of a file that is neither a container nor Parquet.
pub(crate) fn looks(head: &[u8]) -> Looks {
    let start: Vec<u8> = head
        .iter()
        .copied()
        .filter(|&b| b != 0 && b < 0x80)
        .skip_while(u8::is_ascii_whitespace)
        .take(2048)
        .map(|b| b.to_ascii_lowercase())
        .collect();
    let has = |word: &[u8]| start.windows(word.len()).any(|piece| piece == word);
    if start.starts_with(b"%pdf-")
        || start[..start.len().min(1024)].windows(6).any(|p| p == b"%pdf-1")
    {
        return Looks::Other("a PDF document");
    }
    if start.starts_with(b"<") {
        let html: [&[u8]; 7] =
            [b"<html", b"<!doctype html", b"<table", b"<body", b"<head", b"<script", b"<div"];
        if html.iter().any(|tag| has(tag)) {
            return Looks::Other("an HTML page");
        }
        if start.starts_with(b"<?xml") || has(b"</") || has(b"/>") {
            return Looks::Other("an XML file");
        }
    }
    if start.starts_with(b"mime-version:") {
        return Looks::Other("a web page saved with its pictures (MHTML)");
    }
    if is_json(&start) {
        return Looks::Other("a JSON file");
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        // `ID3` and `RIFF` may begin a header; what follows in a sound or an image is no text.
        let sure = magic_is_sure(head);
        if sure {
            return Looks::Other(what);
        }
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Looks::Other("a sound or a film");
    }
    if head.get(257..262) == Some(b"ustar") {
        return Looks::Other("an archive");
    }
    if head.starts_with(b"BM") && is_binary(head) {
        return Looks::Other("an image");
    }
    Looks::Like(Format::Csv)
}

/// Whether the signature has a byte that no text has, or what follows it has.
fn magic_is_sure(head: &[u8]) -> bool {
    let first = &head[..head.len().min(32)];
    first.starts_with(b"{\\rtf")
        || first.starts_with(b"%!PS")
        || first.iter().any(|&b| b >= 0x80 || (b < 0x20 && !b"\t\n\r".contains(&b)))
}

fn is_json(start: &[u8]) -> bool {
    let mut filled = start.iter().filter(|b| !b.is_ascii_whitespace());
    matches!(
        (filled.next(), filled.next()),
        (Some(b'{'), Some(b'"')) | (Some(b'['), Some(b'{' | b'['))
    )
}

/// Whether a piece holds so many control characters that it is no text. One of them may be the delimiter.
pub(crate) fn is_binary(piece: &[u8]) -> bool {
    if piece.len() < BINARY_BYTES_MIN {
        return false;
    }
    let mut counts = [0_usize; 32];
    for &byte in piece.iter().filter(|&&b| b < 0x20 && !b"\t\n\x0b\x0c\r\x1a".contains(&b)) {
        counts[usize::from(byte)] += 1;
    }
    let nul = std::mem::take(&mut counts[0]);
    let delimiter = [0x01, 0x02, 0x1c, 0x1d, 0x1e, 0x1f].into_iter().max_by_key(|&at| counts[at]);
    if let Some(at) = delimiter {
        counts[at] = 0;
    }
    counts.iter().sum::<usize>() * 20 > piece.len() || nul * 2 > piece.len()
}
