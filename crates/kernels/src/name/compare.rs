//! Which token of one name meets which token of the other.
//!
//! First equal tokens, then equal keys, then tokens that were joined or split; what is left is assigned so that the
//! total is largest. Everything here is ordered by score and place, so the result depends on nothing else. Sets of
//! tokens are bits of a number; nothing is allocated.

use std::cmp::Ordering;

use super::near::{NEAR_MIN, Sketch};
use super::table::{
    NONE, NameTable, NameWord, PreparedName, TOKENS_MAX, is_full, is_name, key_of, weight,
};

/// Places of tokens, a bit each.
pub(super) type Places = u32;

const _: () = assert!(TOKENS_MAX <= 32, "a bit for each token");

/// Tokens of `a` that met tokens of `b`; more than one on a side when they were joined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Met {
    pub(super) a: Places,
    pub(super) b: Places,
    pub(super) how: &'static str,
    pub(super) score: f64,
    /// The smaller of the two sides' weights.
    pub(super) weight: f64,
    /// Both sides have a full name token in it.
    pub(super) of_names: bool,
}

/// A prepared name whose joined keys can be asked for.
pub(super) trait Side {
    fn tokens(&self) -> &[NameWord];
    /// The key of two or three neighbours, from a place on, written together.
    fn joined(&mut self, table: &mut NameTable, first: usize, count: usize) -> u32;
}

impl Side for PreparedName {
    #[inline]
    fn tokens(&self) -> &[NameWord] {
        &self.words()[..self.token_count()]
    }

    #[inline]
    fn joined(&mut self, table: &mut NameTable, first: usize, count: usize) -> u32 {
        table.joined(self, first, count)
    }
}

/// A name as [`NameTable::pack`] wrote it.
impl Side for &[NameWord] {
    #[inline]
    fn tokens(&self) -> &[NameWord] {
        &self[..self.len().div_ceil(2)]
    }

    #[inline]
    fn joined(&mut self, _table: &mut NameTable, first: usize, count: usize) -> u32 {
        self[self.len().div_ceil(2) + first][count - 2]
    }
}

/// Left-over tokens beyond this many on a side are not assigned.
const ASSIGNED_MAX: usize = 5;

/// The order of two names by their tokens' texts.
#[inline]
pub(super) fn order(table: &NameTable, a: &[NameWord], b: &[NameWord]) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        if x[0] != y[0] {
            let heads = table.head(x[0]).cmp(&table.head(y[0]));
            return heads.then_with(|| table.text(x[0]).cmp(table.text(y[0])));
        }
    }
    a.len().cmp(&b.len())
}

/// Tells the meetings of two names' tokens, each token in at most one; what is left of each side.
pub(super) fn meet<A: Side, B: Side>(
    table: &mut NameTable,
    a: &mut A,
    b: &mut B,
    tell: &mut impl FnMut(Met),
) -> (Places, Places) {
    let mut free = take_equal(table, a.tokens(), b.tokens(), tell);
    if free.0 == 0 || free.1 == 0 {
        return free;
    }
    take_joined(table, a.tokens(), &mut free.0, b, &mut free.1, tell);
    let mut turned = |m: Met| tell(Met { a: m.b, b: m.a, ..m });
    take_joined(table, b.tokens(), &mut free.1, a, &mut free.0, &mut turned);
    take_best(table, a.tokens(), b.tokens(), &mut free, tell);
    free
}

/// The places in a set, in order.
#[inline]
pub(super) fn places(mut set: Places) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (place < Places::BITS).then_some(place as usize)
    })
}

#[inline]
fn met(
    (a, b): (&[NameWord], &[NameWord]),
    (of_a, of_b): (Places, Places),
    how: &'static str,
    score: f64,
) -> Met {
    let sum = |words: &[NameWord], set| places(set).map(|place| weight(words[place])).sum::<f64>();
    let named = |words: &[NameWord], set| places(set).any(|place| is_name(words[place]));
    Met {
        a: of_a,
        b: of_b,
        how,
        score,
        weight: sum(a, of_a).min(sum(b, of_b)),
        of_names: named(a, of_a) && named(b, of_b),
    }
}

/// Equal tokens, then equal keys.
fn take_equal(
    table: &NameTable,
    a: &[NameWord],
    b: &[NameWord],
    tell: &mut impl FnMut(Met),
) -> (Places, Places) {
    let (mut free_a, mut free_b) = ((1 << a.len()) - 1, (1 << b.len()) - 1);
    for (i, word) in a.iter().enumerate() {
        if let Some(j) = places(free_b).find(|j| b[*j][0] == word[0]) {
            free_a &= !(1 << i);
            free_b &= !(1 << j);
            tell(met((a, b), (1 << i, 1 << j), "equal", 1.0));
        }
    }
    if free_b == 0 {
        return (free_a, free_b);
    }
    for i in places(free_a) {
        let same = |j: &usize| is_full(b[*j]) && key_of(b[*j]) == key_of(a[i]);
        if is_full(a[i])
            && let Some(j) = places(free_b).find(same)
            && !table.has_no_key(key_of(a[i]))
        {
            free_a &= !(1 << i);
            free_b &= !(1 << j);
            tell(met((a, b), (1 << i, 1 << j), "key", 0.98));
        }
    }
    (free_a, free_b)
}

#[inline]
fn full(words: &[NameWord], free: Places) -> Places {
    places(free).filter(|place| is_full(words[*place])).fold(0, |set, place| set | 1 << place)
}

/// One token of `whole` that is two or three neighbouring tokens of `parts` written together.
fn take_joined<P: Side>(
    table: &mut NameTable,
    whole: &[NameWord],
    free_whole: &mut Places,
    parts: &mut P,
    free_parts: &mut Places,
    tell: &mut impl FnMut(Met),
) {
    let mut free = full(parts.tokens(), *free_parts);
    if free & (free >> 1) == 0 {
        return;
    }
    for i in places(full(whole, *free_whole)) {
        let two = free & (free >> 1);
        let three = two & (free >> 2);
        let windows = places(two).map(|p| (p, 2)).chain(places(three).map(|p| (p, 3)));
        for (first, count) in windows {
            let score = joined(table, parts, (first, count), key_of(whole[i]));
            if score >= JOINED_MIN {
                let taken = ((1 << count) - 1) << first;
                *free_whole &= !(1 << i);
                *free_parts &= !taken;
                free &= !taken;
                tell(met((whole, parts.tokens()), (1 << i, taken), "joined", score));
                break;
            }
        }
    }
}

const JOINED_MIN: f64 = 0.9;

/// How near some neighbours written together are to a whole token; 0 where it is less than needed. Most are told from their
/// first letter, before anything is written together.
fn joined<P: Side>(
    table: &mut NameTable,
    parts: &mut P,
    (first, count): (usize, usize),
    whole: u32,
) -> f64 {
    let head = parts.tokens()[first];
    let sketch = table.sketch(whole);
    if table.begins_alike(head[0])
        && !sketch.may_be_near_one_like(table.sketch(key_of(head)), JOINED_MIN)
    {
        return 0.0;
    }
    match parts.joined(table, first, count) {
        NONE => 0.0,
        same if same == whole => 0.98,
        together if table.sketch(together).may_be_near(sketch, JOINED_MIN) => {
            table.near(together, whole)
        }
        _ => 0.0,
    }
}

type Scores = [[(&'static str, f64); ASSIGNED_MAX]; ASSIGNED_MAX];
/// Gain so far, and for each row its column + 1.
type Assignment = (f64, [u8; ASSIGNED_MAX]);

/// The assignment of the left-over tokens with the largest total weight of scores.
fn take_best(
    table: &mut NameTable,
    a: &[NameWord],
    b: &[NameWord],
    free: &mut (Places, Places),
    tell: &mut impl FnMut(Met),
) {
    let (rows, columns) = (Left::of(table, a, free.0), Left::of(table, b, free.1));
    let mut scores: Scores = [[("", 0.0); ASSIGNED_MAX]; ASSIGNED_MAX];
    let mut gains = [[0.0; ASSIGNED_MAX]; ASSIGNED_MAX];
    let mut any = false;
    for row in 0..rows.count {
        for column in 0..columns.count {
            let (x, y) = (rows.tokens[row], columns.tokens[column]);
            let found = score(table, x, y);
            if found.1 > 0.0 {
                scores[row][column] = found;
                gains[row][column] = found.1 * weight(x.word).min(weight(y.word));
                any = true;
            }
        }
    }
    if !any {
        return;
    }
    let mut best = (0.0, [0; ASSIGNED_MAX]);
    assign(0, (rows.count, columns.count), &gains, (0.0, [0; ASSIGNED_MAX]), &mut best);
    for (row, column) in best.1.iter().enumerate().filter(|(_, column)| **column > 0) {
        let column = usize::from(*column) - 1;
        let (i, j) = (1 << rows.tokens[row].place, 1 << columns.tokens[column].place);
        let (how, score) = scores[row][column];
        free.0 &= !i;
        free.1 &= !j;
        tell(met((a, b), (i, j), how, score));
    }
}

/// A token that is left, with what is known of its key.
#[derive(Debug, Clone, Copy, Default)]
struct LeftToken {
    place: u32,
    word: NameWord,
    sketch: Sketch,
}

#[derive(Debug, Default)]
struct Left {
    tokens: [LeftToken; ASSIGNED_MAX],
    count: usize,
}

impl Left {
    fn of(table: &NameTable, words: &[NameWord], free: Places) -> Self {
        let mut left = Self::default();
        for place in places(free).take(ASSIGNED_MAX) {
            let word = words[place];
            let sketch = table.sketch(key_of(word));
            left.tokens[left.count] = LeftToken { place: place as u32, word, sketch };
            left.count += 1;
        }
        left
    }
}

fn assign(
    row: usize,
    size: (usize, usize),
    gains: &[[f64; ASSIGNED_MAX]; ASSIGNED_MAX],
    now: Assignment,
    best: &mut Assignment,
) {
    if row == size.0 {
        if now.0 > best.0 {
            *best = now;
        }
        return;
    }
    for column in 0..size.1 {
        let more = gains[row][column];
        let label = column as u8 + 1;
        if more > 0.0 && !now.1[..row].contains(&label) {
            let mut next = now;
            next.0 += more;
            next.1[row] = label;
            assign(row + 1, size, gains, next, best);
        }
    }
    assign(row + 1, size, gains, now, best);
}

/// How two tokens that are not equal compare, and by what; 0 when they do not meet.
#[inline]
fn score(table: &mut NameTable, a: LeftToken, b: LeftToken) -> (&'static str, f64) {
    let text = |token: LeftToken| table.text(token.word[0]);
    match (is_full(a.word), is_full(b.word)) {
        (true, true) => {}
        (false, false) => return initials(text(a), text(b)),
        (false, true) => return initial(text(a), text(b)),
        (true, false) => return initial(text(b), text(a)),
    }
    let (x, y) = (key_of(a.word), key_of(b.word));
    let titled = a.sketch.may_be_titled(b.sketch) && table.is_titled(x, y)
        || b.sketch.may_be_titled(a.sketch) && table.is_titled(y, x);
    if titled {
        return ("joined", 0.9);
    }
    if a.sketch.may_be_skeleton_of(b.sketch) && table.is_skeleton(x, y) {
        return ("skeleton", 0.9);
    }
    if a.sketch.may_be_near(b.sketch, NEAR_MIN) {
        let similarity = table.near(x, y);
        if similarity >= NEAR_MIN {
            return ("near", similarity);
        }
    }
    ("", 0.0)
}

/// An initial and a full token: `k` and Kolli, `ch` and Chukka, `kv` and the K of Kolli.
fn initial(initial: &str, full: &str) -> (&'static str, f64) {
    if full.starts_with(initial) {
        ("initial", 0.85)
    } else if initial.len() > 1 && full.chars().next().is_some_and(|first| initial.contains(first))
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
