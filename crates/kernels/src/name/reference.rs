//! The similarity of two names as it is defined: plain lists of tokens, nothing prepared, nothing skipped. Tests hold the quick
//! way to it, to the last bit.

use std::cmp::Ordering;

use super::compare::OTHER;
use super::key::{key, key_behind_sri, together};
use super::near::{
    JOINED_SLACK, NEAR_MIN, are_man_and_woman, begins_otherwise, is_heard_alike, is_skeleton_of,
    near,
};
use super::parse::{TokenRole, own};
use super::sound;

/// One token of a name with what comparing needs.
struct Token {
    text: String,
    key: String,
    role: TokenRole,
    weight: f64,
}

/// Tokens of `a` that met tokens of `b`; more than one on a side when they were joined.
struct Met {
    a: Vec<usize>,
    b: Vec<usize>,
    how: &'static str,
    score: f64,
}

/// Left-over tokens beyond this many on a side are not assigned.
const ASSIGNED_MAX: usize = 5;
const JOINED_MAX: usize = 3;

/// The own tokens of a name. Weights: a full name 1, a suffix 0.35, an initial 0.25, a weak token 0.1.
fn tokens(text: &str) -> Vec<Token> {
    own(text)
        .into_iter()
        .map(|token| Token {
            key: key(&token.text),
            weight: match token.role {
                TokenRole::Initial => 0.25,
                TokenRole::Suffix => 0.35,
                TokenRole::Weak => 0.1,
                _ => 1.0,
            },
            text: token.text,
            role: token.role,
        })
        .collect()
}

/// The meetings of two names' tokens, each token in at most one.
fn meet(a: &[Token], b: &[Token]) -> Vec<Met> {
    let mut free_a: Vec<usize> = (0..a.len()).collect();
    let mut free_b: Vec<usize> = (0..b.len()).collect();
    let mut met = Vec::with_capacity(a.len());
    take_equal(&mut free_a, &mut free_b, &mut met, |i, j| {
        (a[i].text == b[j].text).then_some(("equal", 1.0))
    });
    take_equal(&mut free_a, &mut free_b, &mut met, |i, j| {
        let same = is_full(&a[i]) && is_full(&b[j]) && !a[i].key.is_empty() && a[i].key == b[j].key;
        let (x, y) = (a[i].text.as_bytes(), b[j].text.as_bytes());
        same.then(|| ("key", if begins_otherwise(x, y, &a[i].key) { OTHER } else { 0.98 }))
    });
    if !free_a.is_empty() && !free_b.is_empty() {
        take_joined(a, b, &mut free_a, &mut free_b, &mut met, false);
        take_joined(b, a, &mut free_b, &mut free_a, &mut met, true);
        take_letters(a, b, &mut free_a, &mut free_b, &mut met, false);
        take_letters(b, a, &mut free_b, &mut free_a, &mut met, true);
        take_best(a, b, &mut free_a, &mut free_b, &mut met);
    }
    met
}

fn is_full(token: &Token) -> bool {
    token.role != TokenRole::Initial
}

fn take_equal(
    free_a: &mut Vec<usize>,
    free_b: &mut Vec<usize>,
    met: &mut Vec<Met>,
    equal: impl Fn(usize, usize) -> Option<(&'static str, f64)>,
) {
    free_a.retain(|i| {
        let mut found = free_b.iter().enumerate().map(|(at, j)| (at, equal(*i, *j)));
        let Some((place, (how, score))) = found.find_map(|(at, how)| Some((at, how?))) else {
            return true;
        };
        let j = free_b.remove(place);
        met.push(Met { a: vec![*i], b: vec![j], how, score });
        false
    });
}

/// One token of `whole` that is two or three neighbouring tokens of `parts` written together.
fn take_joined(
    whole: &[Token],
    parts: &[Token],
    free_whole: &mut Vec<usize>,
    free_parts: &mut Vec<usize>,
    met: &mut Vec<Met>,
    turned: bool,
) {
    free_whole.retain(|i| {
        if !is_full(&whole[*i]) {
            return true;
        }
        let Some((range, how, score)) = joined(&whole[*i], parts, free_parts) else { return true };
        let taken: Vec<usize> = free_parts.drain(range).collect();
        let (a, b) = if turned { (taken, vec![*i]) } else { (vec![*i], taken) };
        met.push(Met { a, b, how, score });
        false
    });
}

/// One token of `whole` that is the initials of `parts` run together.
fn take_letters(
    whole: &[Token],
    parts: &[Token],
    free_whole: &mut Vec<usize>,
    free_parts: &mut Vec<usize>,
    met: &mut Vec<Met>,
    turned: bool,
) {
    free_whole.retain(|i| {
        let letters: Vec<String> = whole[*i].text.chars().map(String::from).collect();
        if !whole[*i].text.is_ascii() || !(2..=6).contains(&letters.len()) {
            return true;
        }
        let found = (0..free_parts.len()).find(|start| {
            let here = free_parts.get(*start..*start + letters.len()).unwrap_or_default();
            here.len() == letters.len()
                && here.windows(2).all(|pair| pair[0] + 1 == pair[1])
                && here.iter().zip(&letters).all(|(place, letter)| {
                    !is_full(&parts[*place]) && parts[*place].text == *letter
                })
        });
        let Some(start) = found else { return true };
        let taken: Vec<usize> = free_parts.drain(start..start + letters.len()).collect();
        let (a, b) = if turned { (taken, vec![*i]) } else { (vec![*i], taken) };
        met.push(Met { a, b, how: "joined", score: 0.98 });
        false
    });
}

fn joined(
    whole: &Token,
    parts: &[Token],
    free: &[usize],
) -> Option<(std::ops::Range<usize>, &'static str, f64)> {
    for count in 2..=JOINED_MAX.min(free.len()) {
        for start in 0..=free.len() - count {
            let places = &free[start..start + count];
            let neighbours = places.windows(2).all(|pair| pair[0] + 1 == pair[1]);
            if !neighbours || !places.iter().all(|place| is_full(&parts[*place])) {
                continue;
            }
            let keys = places.iter().map(|place| parts[*place].key.as_str());
            if !may_be_made_of(&whole.key, keys) {
                continue;
            }
            let written = together(places.iter().map(|place| parts[*place].text.as_str()));
            let together = key(&written);
            let score = match &together {
                together if *together == whole.key => 0.98,
                together if is_heard_alike(together, &whole.key) => 0.9,
                together if is_glued_title(&whole.text, together) => 0.9,
                together if is_skeleton_of(together, &whole.key) => 0.9,
                together => near(together, &whole.key),
            };
            if score >= 0.9 {
                return Some((start..start + count, "joined", score));
            }
        }
    }
    None
}

/// But for one consonant, the whole's consonants are those of the parts, and it is about as long as they are together.
fn may_be_made_of<'a>(whole: &str, parts: impl Iterator<Item = &'a str>) -> bool {
    // Letters by their low five bits, lengths up to 255: as the sketches have them.
    let letter = |byte: u8| byte & 31;
    let vowels = *b"aeiou";
    let (mut letters, mut length) = (Vec::new(), 0);
    for part in parts {
        letters.extend(part.bytes().map(letter));
        length += part.len().min(255);
    }
    let mut lacking: Vec<u8> = whole.bytes().map(letter).collect();
    lacking.retain(|one| !letters.contains(one) && !vowels.map(letter).contains(one));
    lacking.sort_unstable();
    lacking.dedup();
    lacking.len() <= 1 && length.abs_diff(whole.len().min(255)) <= JOINED_SLACK as usize
}

/// The assignment of the left-over tokens with the largest total weight of scores.
fn take_best(
    a: &[Token],
    b: &[Token],
    free_a: &mut Vec<usize>,
    free_b: &mut Vec<usize>,
    met: &mut Vec<Met>,
) {
    let (rows, columns) = (free_a.len().min(ASSIGNED_MAX), free_b.len().min(ASSIGNED_MAX));
    let mut table = [[("", 0.0_f64); ASSIGNED_MAX]; ASSIGNED_MAX];
    for (row, i) in free_a.iter().take(rows).enumerate() {
        for (column, j) in free_b.iter().take(columns).enumerate() {
            table[row][column] = token_score(&a[*i], &b[*j]);
        }
    }
    let gain = |row: usize, column: usize| {
        table[row][column].1 * a[free_a[row]].weight.min(b[free_b[column]].weight)
    };
    let mut best = (0.0, [None; ASSIGNED_MAX]);
    assign(0, rows, columns, &gain, (0.0, [None; ASSIGNED_MAX]), &mut best);
    for (row, column) in
        best.1.iter().enumerate().filter_map(|(row, column)| column.map(|c| (row, c)))
    {
        let (how, score) = table[row][column];
        met.push(Met { a: vec![free_a[row]], b: vec![free_b[column]], how, score });
    }
    let met_a: Vec<usize> = met.iter().flat_map(|m| m.a.iter().copied()).collect();
    let met_b: Vec<usize> = met.iter().flat_map(|m| m.b.iter().copied()).collect();
    free_a.retain(|i| !met_a.contains(i));
    free_b.retain(|j| !met_b.contains(j));
}

type Assignment = (f64, [Option<usize>; ASSIGNED_MAX]);

fn assign(
    row: usize,
    rows: usize,
    columns: usize,
    gain: &impl Fn(usize, usize) -> f64,
    now: Assignment,
    best: &mut Assignment,
) {
    if row == rows {
        if now.0 > best.0 {
            *best = now;
        }
        return;
    }
    for column in 0..columns {
        let more = gain(row, column);
        if more > 0.0 && !now.1.contains(&Some(column)) {
            let mut next = now;
            next.0 += more;
            next.1[row] = Some(column);
            assign(row + 1, rows, columns, gain, next, best);
        }
    }
    assign(row + 1, rows, columns, gain, now, best);
}

/// How two tokens that are not equal compare, and by what; 0 when they do not meet.
fn token_score(a: &Token, b: &Token) -> (&'static str, f64) {
    match (is_full(a), is_full(b)) {
        (true, true) if !a.key.is_empty() && sound::key(&a.text) == sound::key(&b.text) => {
            ("sound", 0.9)
        }
        (true, true) if is_glued_title(&a.text, &b.key) || is_glued_title(&b.text, &a.key) => {
            ("joined", 0.9)
        }
        (true, true) if is_skeleton_of(&a.key, &b.key) => ("skeleton", 0.9),
        (true, true) => match near(&a.key, &b.key) {
            similarity if similarity >= NEAR_MIN => ("near", similarity),
            _ => ("", 0.0),
        },
        (false, false) => initials(&a.text, &b.text),
        (false, true) => initial(&a.text, b),
        (true, false) => initial(&b.text, a),
    }
}

/// Srilakshmi and Lakshmi: a Sri in front was taken for a title in one of them.
fn is_glued_title(glued: &str, bare: &str) -> bool {
    key_behind_sri(glued).as_deref() == Some(bare)
}

/// An initial and a full token: `k` and Kolli, `ch` and Chukka, `kv` and the K of Kolli.
fn initial(initial: &str, full: &Token) -> (&'static str, f64) {
    if full.text.starts_with(initial) {
        ("initial", 0.85)
    } else if initial.len() > 1
        && full.text.chars().next().is_some_and(|first| initial.contains(first))
    {
        ("initial", 0.7)
    } else {
        ("", 0.0)
    }
}

/// Two runs of initials: `kv` and `k`.
fn initials(a: &str, b: &str) -> (&'static str, f64) {
    let shared = a.chars().any(|letter| b.contains(letter));
    if shared { ("initial", 0.8) } else { ("", 0.0) }
}

/// What an unmatched token costs when the other name has nothing left to contradict it: lists drop tokens freely.
const MISSING: f64 = 0.25;
/// Without a full name token in common, initials and light tokens carry a name no further than this.
const LIGHT_MAX: f64 = 0.6;

pub(super) fn similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (tokens(a), tokens(b));
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    // One order for both directions keeps the result symmetric to the last bit.
    match order(&a, &b) {
        Ordering::Equal => 1.0,
        Ordering::Less => score(&a, &b, &meet(&a, &b)),
        Ordering::Greater => score(&b, &a, &meet(&b, &a)),
    }
}

fn order(a: &[Token], b: &[Token]) -> Ordering {
    a.iter().map(|token| &token.text).cmp(b.iter().map(|token| &token.text))
}

fn unmatched<'a>(
    tokens: &'a [Token],
    met: impl Iterator<Item = &'a Vec<usize>>,
) -> impl Iterator<Item = &'a Token> {
    let met: Vec<usize> = met.flatten().copied().collect();
    tokens.iter().enumerate().filter(move |(place, _)| !met.contains(place)).map(|(_, token)| token)
}

fn score(a: &[Token], b: &[Token], met: &[Met]) -> f64 {
    let (mut agreed, mut weighed, mut carried) = (0.0, 0.0, false);
    for m in met {
        let weight = weight(a, &m.a).min(weight(b, &m.b));
        agreed += weight * steepened(m.score);
        weighed += weight;
        let is_name = |tokens: &[Token], places: &[usize]| {
            places.iter().any(|p| tokens[*p].role == TokenRole::Name)
        };
        carried |= m.how != "initial" && is_name(a, &m.a) && is_name(b, &m.b);
    }
    let left = |tokens: &[Token], places: Vec<&Vec<usize>>| -> f64 {
        unmatched(tokens, places.into_iter()).map(|token| token.weight).sum()
    };
    let left_a = left(a, met.iter().map(|m| &m.a).collect());
    let left_b = left(b, met.iter().map(|m| &m.b).collect());
    let keys = |tokens: &[Token], places: Vec<&Vec<usize>>| -> Vec<String> {
        unmatched(tokens, places.into_iter()).map(|token| token.key.clone()).collect()
    };
    let keys_b = keys(b, met.iter().map(|m| &m.b).collect());
    let opposed = keys(a, met.iter().map(|m| &m.a).collect())
        .iter()
        .any(|x| keys_b.iter().any(|y| are_man_and_woman(x.as_bytes(), y.as_bytes())));
    let contradicted = left_a.min(left_b).max(f64::from(u8::from(opposed)));
    let missing = (left_a - left_b).abs();
    let total = weighed + contradicted + MISSING * missing;
    if total <= 0.0 {
        return 0.0;
    }
    let score = (agreed / total).clamp(0.0, 1.0);
    if carried { score } else { score.min(LIGHT_MAX) }
}

fn weight(tokens: &[Token], places: &[usize]) -> f64 {
    places.iter().map(|place| tokens[*place].weight).sum()
}

/// A doubtful meeting is nearly a contradiction: below 0.8 a score falls three times as fast, so that an equal family
/// name does not lift Lakshmaiah to Lakshmi.
fn steepened(score: f64) -> f64 {
    if score >= 0.8 { score } else { (score - 2.0 * (0.8 - score)).max(0.0) }
}

mod tests {
    use proptest::prelude::*;

    use super::super::{NameTable, PreparedName};

    const NAMES: &str = "((kumar|kumari|khalid|khalida|abdul|abdur|abdurrahman|rahman|ul|k|kv|v|s|kvs|vsr|ch|é|venkata|rao|venkatarao|venkatrao|laxmi|lakshmi|lakshmaiah|srilakshmi|sri|sriram|ram|hari|srihari|md|muhammad|mohammed|noormohammad|noor|saif|din|saifuddin|jafar|zafar|bibi|devi|ramu|ramulu|ramana|ramanamma|shaik|glm|ghulam|narsimha|narasimha|narsimhulu|reddy|reddi|kolli|ravi|varma|latha|swarna|swarnalatha|swarna latha|naga|nagaraju|raju)[ ]?){0,7}|.{0,12}";

    fn check(a: &str, b: &str) {
        let expected = super::similarity(a, b);
        let plain = super::super::similarity(a, b);
        assert_eq!(plain.to_bits(), expected.to_bits(), "{a} / {b}: {plain}, not {expected}");
        let (mut below, mut arena, mut name) =
            (NameTable::new(), Vec::new(), PreparedName::default());
        below.prepare(a, &mut name);
        let place = NameTable::pack(&name, &mut arena);
        let mut table = NameTable::over(std::sync::Arc::new(below));
        table.prepare(b, &mut name);
        for _ in 0..2 {
            let packed = table.similarity(&arena, place, &name);
            assert_eq!(packed.to_bits(), expected.to_bits(), "{a} / {b}: {packed}, not {expected}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(800))]
        #[test]
        fn prepared_names_compare_as_defined(a in NAMES, b in NAMES) {
            check(&a, &b);
        }
    }
}
