//! How well `name::similarity` tells variants of one person's name from the names of others, against plain methods.
//!
//! `just names` prints the table and, with `--freeze`, writes `tests/truth/names.results.csv`. The pairs are in
//! `tests/truth/names.csv`, which says where they come from. Each method gives a score; its threshold is set so that a
//! stated number of the false pairs pass, then the true pairs that pass are counted. The plain methods are given every
//! help: names already romanised and freed of titles and relatives by us, and tokens met in the best order.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use milaan_kernels::name;
use rphonetic::{DoubleMetaphone, Encoder, Soundex};

/// A labelled pair.
struct Pair {
    left: String,
    right: String,
    same: bool,
    kind: String,
    language: String,
    sampled: bool,
}

type Score = Box<dyn Fn(&str, &str) -> f64>;

/// False pairs that may pass, in hundredths of all.
const FALSE_SHARES: &[f64] = &[0.0, 0.01, 0.02, 0.05, 0.10];
/// At or above this the linkage takes two names for one.
const SAME_MIN: f64 = 0.8;

fn main() -> io::Result<()> {
    let pairs = pairs()?;
    if std::env::args().any(|arg| arg == "--freeze") {
        return std::fs::write(truth("names.results.csv"), results(&pairs));
    }
    let mut out = io::stdout().lock();
    for (title, part) in [
        ("all", pairs.iter().collect::<Vec<_>>()),
        ("written", pairs.iter().filter(|pair| !pair.sampled).collect()),
        ("sampled", pairs.iter().filter(|pair| pair.sampled).collect()),
    ] {
        table(&mut out, title, &part)?;
    }
    kinds(&mut out, &pairs)
}

/// Every method by its name; ours first.
fn methods() -> Vec<(&'static str, Score)> {
    let soundex = Soundex::default();
    let metaphone = DoubleMetaphone::default();
    vec![
        ("name_similarity", Box::new(name::similarity)),
        ("name_key, shared tokens", Box::new(|a, b| bag(a, b, &|x, y| code(x, y, name::key)))),
        ("Jaro-Winkler, tokens", Box::new(|a, b| bag(a, b, &strsim::jaro_winkler))),
        ("Jaro-Winkler, whole", Box::new(|a, b| strsim::jaro_winkler(&plain(a), &plain(b)))),
        ("Jaro-Winkler, raw", Box::new(strsim::jaro_winkler)),
        (
            "Soundex, tokens",
            Box::new(move |a, b| bag(a, b, &|x, y| code(x, y, |t| soundex.encode(&letters(t))))),
        ),
        (
            "Double Metaphone, tokens",
            Box::new(move |a, b| bag(a, b, &|x, y| code(x, y, |t| metaphone.encode(&letters(t))))),
        ),
    ]
}

fn code(a: &str, b: &str, encode: impl Fn(&str) -> String) -> f64 {
    f64::from(u8::from(encode(a) == encode(b)))
}

fn letters(token: &str) -> String {
    token.chars().filter(char::is_ascii_alphabetic).collect()
}

fn plain(text: &str) -> String {
    name::standard(text).unwrap_or_default()
}

/// Tokens met greedily, best first; twice the sum of scores over the tokens of both.
fn bag(a: &str, b: &str, score: &dyn Fn(&str, &str) -> f64) -> f64 {
    let (a, b) = (plain(a), plain(b));
    let (a, mut b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    let tokens = (a.len() + b.len()) as f64;
    let mut met = 0.0;
    for token in a {
        let scored = b.iter().enumerate().map(|(place, other)| (place, score(token, other)));
        if let Some((place, best)) = scored.max_by(|x, y| x.1.total_cmp(&y.1)) {
            b.remove(place);
            met += best;
        }
    }
    2.0 * met / tokens
}

fn table(out: &mut impl Write, title: &str, pairs: &[&Pair]) -> io::Result<()> {
    let falses = pairs.iter().filter(|pair| !pair.same).count();
    let trues = pairs.len() - falses;
    writeln!(out, "{title}: true pairs caught of {trues}, at false pairs caught of {falses}")?;
    write!(out, "  {:26}", "method")?;
    for share in FALSE_SHARES {
        write!(out, " {:>5}", allowed(*share, falses))?;
    }
    writeln!(out)?;
    for (method, score) in methods() {
        write!(out, "  {method:26}")?;
        for caught in caught(pairs, &score) {
            write!(out, " {:4.0}%", 100.0 * caught as f64 / trues as f64)?;
        }
        writeln!(out)?;
    }
    for (method, score) in methods().into_iter().filter(|(method, _)| is_code(method)) {
        own_point(out, method, &score, pairs)?;
    }
    writeln!(out)
}

/// Whether a method only says equal or not of two tokens.
fn is_code(method: &str) -> bool {
    ["name_key", "Soundex", "Double"].iter().any(|code| method.starts_with(code))
}

/// Codes have one threshold of their own: every token's code met. How many they catch there, and how many we do.
fn own_point(out: &mut impl Write, method: &str, score: &Score, pairs: &[&Pair]) -> io::Result<()> {
    let passed = |same: bool| {
        pairs.iter().filter(|p| p.same == same && score(&p.left, &p.right) >= 1.0).count()
    };
    let (falses, trues) = (passed(false), passed(true));
    let ours = caught_at(pairs, &(Box::new(name::similarity) as Score), falses);
    writeln!(
        out,
        "  {method}, all tokens: {falses} false, {trues} true; name_similarity there {ours}"
    )
}

fn allowed(share: f64, falses: usize) -> usize {
    (share * falses as f64).round() as usize
}

/// The true pairs a method catches when its threshold lets through each share of false ones at most.
fn caught(pairs: &[&Pair], score: &Score) -> Vec<usize> {
    let falses = pairs.iter().filter(|pair| !pair.same).count();
    let shares = FALSE_SHARES.iter();
    shares.map(|share| caught_at(pairs, score, allowed(*share, falses))).collect()
}

/// The true pairs a method catches when at most so many false ones may pass.
fn caught_at(pairs: &[&Pair], score: &Score, falses_max: usize) -> usize {
    let scored = |same: bool| {
        let mut scores: Vec<f64> = pairs
            .iter()
            .filter(|pair| pair.same == same)
            .map(|pair| score(&pair.left, &pair.right))
            .collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        scores
    };
    let (trues, falses) = (scored(true), scored(false));
    // The best false pair that must not pass any more.
    let bar = falses.get(falses_max).copied().unwrap_or(0.0);
    trues.iter().filter(|score| **score > bar).count()
}

/// What each kind of pair gives at the threshold in use.
fn kinds(out: &mut impl Write, pairs: &[Pair]) -> io::Result<()> {
    let mut names: Vec<(bool, &str, &str)> =
        pairs.iter().map(|p| (p.same, p.kind.as_str(), p.language.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    writeln!(out, "name_similarity >= {SAME_MIN}, by kind")?;
    for (same, kind, language) in names {
        let part: Vec<&Pair> = pairs
            .iter()
            .filter(|p| p.same == same && p.kind == kind && p.language == language)
            .collect();
        let passed =
            part.iter().filter(|p| name::similarity(&p.left, &p.right) >= SAME_MIN).count();
        let word = if same { "same" } else { "different" };
        writeln!(out, "  {word:10} {kind:12} {language:6} {passed:3} of {:3}", part.len())?;
    }
    Ok(())
}

fn truth(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/truth").join(file)
}

/// The labelled pairs; no cell holds a comma or a quote.
fn pairs() -> io::Result<Vec<Pair>> {
    let text = std::fs::read_to_string(truth("names.csv"))?;
    let rows = text.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.map(|cells| match cells.as_slice() {
        [left, right, same @ ("yes" | "no"), kind, language, _script, origin] => Ok(Pair {
            left: (*left).to_owned(),
            right: (*right).to_owned(),
            same: *same == "yes",
            kind: (*kind).to_owned(),
            language: (*language).to_owned(),
            sampled: origin.starts_with("sampled"),
        }),
        _ => Err(io::Error::other(format!("names.csv: {} cells in a row", cells.len()))),
    })
    .collect()
}

/// The frozen results: each pair, its label, the score to three decimals and whether the keys are equal.
fn results(pairs: &[Pair]) -> String {
    let mut text = "left,right,same,similarity,key\n".to_owned();
    for Pair { left, right, same, .. } in pairs {
        let same = if *same { "yes" } else { "no" };
        let score = name::similarity(left, right);
        let keys = (name::key_text(left), name::key_text(right));
        let key = if keys.0 == keys.1 { "equal" } else { "other" };
        let _ = writeln!(text, "{left},{right},{same},{score:.3},{key}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_long_and_has_every_language() -> io::Result<()> {
        let pairs = pairs()?;
        assert!(pairs.len() >= 400);
        for language in ["te", "hi", "ur", "mixed"] {
            assert!(pairs.iter().any(|p| p.same && p.language == language), "{language}");
            assert!(pairs.iter().any(|p| !p.same && p.language == language), "{language}");
        }
        let sampled = pairs.iter().filter(|pair| pair.sampled).count();
        assert!(sampled * 5 >= pairs.len() * 2 && sampled * 5 <= pairs.len() * 3);
        Ok(())
    }

    /// After a change that is meant: `just names --freeze`, and look at the difference.
    #[test]
    fn results_are_the_frozen_ones() -> io::Result<()> {
        let frozen = std::fs::read_to_string(truth("names.results.csv"))?;
        let now = results(&pairs()?);
        for (was, is) in frozen.lines().zip(now.lines()) {
            assert_eq!(is, was);
        }
        assert_eq!(now.lines().count(), frozen.lines().count());
        Ok(())
    }

    /// By 25 points of the true pairs wherever two to ten false pairs in a hundred may pass, and by a quarter more
    /// at the point of a code's own.
    #[test]
    fn better_than_plain_methods() -> io::Result<()> {
        let pairs = pairs()?;
        let all: Vec<&Pair> = pairs.iter().collect();
        let trues = all.iter().filter(|pair| pair.same).count();
        let mut methods = methods().into_iter();
        let ours = methods.next().map(|(_, score)| caught(&all, &score)).unwrap_or_default();
        for (method, score) in methods.filter(|(method, _)| !method.starts_with("name_")) {
            for (place, theirs) in caught(&all, &score).into_iter().enumerate().skip(2) {
                let margin = (ours[place] as f64 - theirs as f64) / trues as f64;
                assert!(margin >= 0.25, "{method} at {}: {margin:.3}", FALSE_SHARES[place]);
            }
            if !is_code(method) {
                continue;
            }
            let passed = |same: bool| {
                let all = all.iter().filter(|pair| pair.same == same);
                all.filter(|pair| score(&pair.left, &pair.right) >= 1.0).count()
            };
            let similarity: Score = Box::new(name::similarity);
            let there = caught_at(&all, &similarity, passed(false));
            assert!(there as f64 >= 1.25 * passed(true) as f64, "{method}: {there}");
        }
        Ok(())
    }
}
