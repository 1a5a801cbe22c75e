//! The quick pass over text files: most hold nothing that could be an identifier, and need not be taken apart.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use milaan_kernels::leak::may_hold;

use super::is_text;

/// Read at once; a longer line is looked at the slow way.
const BLOCK_BYTES: usize = 1 << 20;

/// Whether a file is text in which nothing can be found; `visit` sees every block of whole lines, and may have its doubts. `false`
/// says nothing: the exact search has to look.
pub(super) fn is_quiet(path: &Path, visit: impl Fn(&[u8]) -> bool) -> bool {
    let Ok(mut file) = File::open(path) else { return false };
    let mut buffer = vec![0; BLOCK_BYTES];
    let mut kept = 0;
    loop {
        let Ok(read) = file.read(&mut buffer[kept..]) else { return false };
        let end = kept + read;
        let lines = match memchr::memrchr(b'\n', &buffer[..end]) {
            // Behind the last line's end there may be a line without one.
            _ if read == 0 => end,
            Some(last) => last + 1,
            None if end == BLOCK_BYTES => return false,
            None => 0,
        };
        let block = &buffer[..lines];
        if !is_text(block) || may_hold(block) || !visit(block) {
            return false;
        }
        if read == 0 {
            return true;
        }
        buffer.copy_within(lines..end, 0);
        kept = end - lines;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leak::{Findings, scan_file};

    fn finds(name: &str, text: &str) -> bool {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        let mut found = Vec::new();
        scan_file(&path, None, &mut Findings::new(name, &mut found));
        let exact = !found.is_empty();
        assert!(!(exact && is_quiet(&path, |_| true) && !text.contains(['"', '\\'])), "{name}");
        exact
    }

    #[test]
    fn wherever_it_stands() {
        let line = "pensions,PN10109581,2026-11-23,0.9993923811\n";
        let many = line.repeat((2 * BLOCK_BYTES + 1_000) / line.len());
        for (name, text, expected) in [
            ("a.csv", many.clone(), false),
            ("a.csv", format!("{many}x,9848012345"), true),
            ("a.csv", format!("{many}x,9848012345,y\n{many}"), true),
            ("a.csv", format!("x,{}9848012345", "y".repeat(2 * BLOCK_BYTES)), true),
            ("a.csv", "x,\"98480\"12345\n".to_owned(), true),
            ("a.csv", "x,\"98480, \"\"12345\"\"\"\n".to_owned(), false),
            ("a.csv", "x\0\n".to_owned(), true),
            ("a.jsonl", "{\"a\":\"98480 12345\"}\n".to_owned(), true),
            ("a.jsonl", "{\"a\":\"\\u0039848012345\"}\n".to_owned(), true),
            ("a.jsonl", "{\"a\":\"2341\\/2341\\/2346\"}\n".to_owned(), true),
            ("a.jsonl", "{\"a\":9848012345,\"b\":0.12345678901}\n".to_owned(), false),
            ("a.jsonl", "{\"a\":1\n".to_owned(), true),
            ("a.jsonl", "{\"a\":1}\n\n".to_owned(), true),
            ("a.jsonl", "{\"a\":1}".to_owned(), false),
        ] {
            assert_eq!(finds(name, &text), expected, "{}", &text[..text.len().min(60)]);
        }
    }
}
