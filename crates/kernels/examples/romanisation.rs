//! How well romanising and `name::key` bring native words together with the Latin spellings people write.
//!
//! `just romanisation` prints the table; with `--misses` every pair whose keys differ, for looking into. The lists are
//! read from `../shared/data` (Dakshina: Telugu and Hindi words with attested romanisations and counts; CMU: first names)
//! and are not part of the project. Rules were made on the train parts; the dev parts were only measured.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use milaan_kernels::name;

/// One word, one attested spelling of it, and how many people wrote it so.
struct Attested {
    native: String,
    latin: String,
    count: u64,
}

/// A list and where its columns stand.
struct List {
    name: &'static str,
    path: &'static str,
    native: usize,
    latin: usize,
    /// The least share of attestations whose keys agree, a little under what is reached.
    #[cfg_attr(not(test), allow(dead_code, reason = "the floors are for the tests"))]
    floor: f64,
}

const LISTS: &[List] = &[
    List {
        name: "te train",
        path: "dakshina-te-train-dev/te.translit.sampled.train.tsv",
        native: 0,
        latin: 1,
        floor: 0.935,
    },
    List {
        name: "te dev",
        path: "dakshina-te-train-dev/te.translit.sampled.dev.tsv",
        native: 0,
        latin: 1,
        floor: 0.935,
    },
    List {
        name: "hi train",
        path: "dakshina-hi-train-dev/hi.translit.sampled.train.tsv",
        native: 1,
        latin: 0,
        floor: 0.875,
    },
    List {
        name: "hi dev",
        path: "dakshina-hi-train-dev/hi.translit.sampled.dev.tsv",
        native: 1,
        latin: 0,
        floor: 0.875,
    },
    List { name: "cmu", path: "cmu-indian-names/names.tsv", native: 1, latin: 0, floor: 0.965 },
];

fn main() -> io::Result<()> {
    let misses = std::env::args().any(|arg| arg == "--misses");
    let mut out = io::stdout().lock();
    if !misses {
        writeln!(
            out,
            "{:9} {:>7} {:>9} {:>12} {:>12}",
            "list", "words", "agree", "pairs", "share a key"
        )?;
    }
    for list in LISTS {
        let Some(rows) = read(list) else {
            return writeln!(out, "skipped: no ../shared");
        };
        if misses {
            for (row, native, latin) in missed(&rows) {
                let Attested { native: word, latin: spelling, count } = row;
                writeln!(out, "{}\t{word}\t{spelling}\t{count}\t{native}\t{latin}", list.name)?;
            }
        } else {
            let words = Words::of(&rows);
            writeln!(
                out,
                "{:9} {:7} {:8.2}% {:11.5}% {:11.2}%",
                list.name,
                words.total,
                100.0 * agreement(&rows),
                100.0 * words.colliding_pairs(),
                100.0 * words.sharing(),
            )?;
        }
    }
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

/// The rows of a list; `None` when it is not there.
fn read(list: &List) -> Option<Vec<Attested>> {
    let text = std::fs::read_to_string(folder().join(list.path)).ok()?;
    let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let (native, latin) = (cells.get(list.native)?.trim(), cells.get(list.latin)?.trim());
        let readable = !native.is_ascii() && latin.is_ascii() && !latin.is_empty();
        let count = cells.get(2).and_then(|count| count.trim().parse().ok()).unwrap_or(1);
        readable.then(|| Attested { native: native.to_owned(), latin: latin.to_owned(), count })
    });
    Some(rows.collect())
}

fn missed(rows: &[Attested]) -> impl Iterator<Item = (&Attested, String, String)> {
    rows.iter()
        .map(|row| (row, name::key(&row.native), name::key(&row.latin)))
        .filter(|(_, native, latin)| native != latin)
}

/// The share of attestations whose key is the native word's.
fn agreement(rows: &[Attested]) -> f64 {
    let total: u64 = rows.iter().map(|row| row.count).sum();
    let missed: u64 = missed(rows).map(|(row, ..)| row.count).sum();
    1.0 - missed as f64 / total as f64
}

/// How many different words there are to a key.
struct Words {
    total: usize,
    of_key: HashMap<String, usize>,
}

impl Words {
    fn of(rows: &[Attested]) -> Words {
        let words: HashSet<&str> = rows.iter().map(|row| row.native.as_str()).collect();
        let mut of_key = HashMap::new();
        for word in &words {
            *of_key.entry(name::key(word)).or_default() += 1;
        }
        Words { total: words.len(), of_key }
    }

    /// The share of all pairs of two different words that have one key: what a random pair's chance is.
    fn colliding_pairs(&self) -> f64 {
        let pairs = |n: usize| (n * n.saturating_sub(1) / 2) as f64;
        self.of_key.values().map(|n| pairs(*n)).sum::<f64>() / pairs(self.total)
    }

    /// The share of words whose key another word has too: much stricter.
    fn sharing(&self) -> f64 {
        let shared: usize = self.of_key.values().filter(|n| **n > 1).sum();
        shared as f64 / self.total as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The issue asks for 90 % of Telugu and 85 % of Hindi, and for fewer than 0.1 % of random pairs.
    const COLLIDING_MAX: f64 = 0.0002;

    #[test]
    fn people_spell_as_we_do() -> io::Result<()> {
        for list in LISTS {
            let Some(rows) = read(list) else {
                return writeln!(io::stderr(), "skipped: no ../shared");
            };
            let (agreed, colliding) = (agreement(&rows), Words::of(&rows).colliding_pairs());
            assert!(agreed >= list.floor, "{}: {agreed:.4} agree", list.name);
            assert!(colliding < COLLIDING_MAX, "{}: {colliding:.6} collide", list.name);
        }
        Ok(())
    }
}
