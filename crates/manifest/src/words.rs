//! A word table: what the words of a kind mean here, over the built-in ones.
//!
//! The file's name is the kind. `[words]` has a line for each meaning; a word that ends in `*` stands for all that begin so.
//! Tables of included folders come first: the last table that has a word says what it means. In one table a word means one thing.

use crate::diagnostic::Problems;
use crate::files::{TextFile, stem};
use crate::pipeline::WordTable;
use crate::suggest;
use crate::table::{Document, Table};
use crate::value::{Value, all_of};
use std::collections::BTreeMap;

const KEYS: &[&str] = &["version", "words"];

/// What words of a kind may mean.
enum Meanings {
    /// One of these.
    OneOf(&'static [&'static str]),
    /// The factor of the number beside the word.
    Factor,
}

/// The kinds of words.
const KINDS: &[(&str, Meanings)] = &[
    ("benefit", Meanings::OneOf(&["active", "held", "closed", "rejected"])),
    ("gender", Meanings::OneOf(&["M", "F", "O"])),
    ("yes_no", Meanings::OneOf(&["yes", "no"])),
    ("status", Meanings::OneOf(&["deceased", "stopped", "migrated", "active"])),
    ("money", Meanings::Factor),
    ("quantity", Meanings::Factor),
];

/// Reads a word table.
pub(crate) fn read(file: &TextFile, problems: &Problems) -> Option<WordTable> {
    let kind = stem(&file.path);
    let Some((_, meanings)) = KINDS.iter().find(|(known, _)| *known == kind) else {
        let hint = suggest::among(&kind, KINDS.iter().map(|(known, _)| *known));
        problems.push_file(
            &file.path,
            &format!("there are no words of the kind `{kind}`"),
            Some(hint),
        );
        return None;
    };
    let read = |root: &Table<'_>| read_root(root, meanings);
    let pairs = Document::read(&file.path, &file.text, problems, KEYS, read)?;
    Some(WordTable { kind, pairs })
}

fn read_root(root: &Table<'_>, meanings: &Meanings) -> Option<Vec<(String, String)>> {
    let version = root.need("version").and_then(|value| value.version());
    let lines = root.need_members("words")?;
    let mut known = BTreeMap::new();
    let lines = all_of(lines.iter().map(|line| {
        let pairs = read_line(line, meanings)?;
        for (meaning, word) in &pairs {
            let before = known.entry(word.trim().to_lowercase()).or_insert_with(|| meaning.clone());
            if before != meaning {
                let message = format!("`{word}` means `{before}` and `{meaning}`");
                line.problem(message, Some("leave it to one of the two".to_owned()));
                return None;
            }
        }
        Some(pairs)
    }))?;
    version?;
    Some(lines.into_iter().flatten().collect())
}

fn read_line(line: &Value<'_>, meanings: &Meanings) -> Option<Vec<(String, String)>> {
    let meaning = line.key();
    match meanings {
        Meanings::OneOf(known) if !known.contains(&meaning) => {
            line.unknown_word(meaning, known);
            return None;
        }
        Meanings::Factor if meaning.parse().is_ok_and(|factor: f64| factor > 0.0) => {}
        Meanings::Factor => {
            let hint = "for example 1, 100 or \"0.001\"".to_owned();
            line.problem(format!("`{meaning}` is no factor"), Some(hint));
            return None;
        }
        Meanings::OneOf(_) => {}
    }
    let words = line.texts()?;
    Some(words.into_iter().map(|word| (meaning.to_owned(), word)).collect())
}
