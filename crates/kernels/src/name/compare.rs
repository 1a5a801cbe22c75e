//! Which token of one name meets which token of the other.
//!
//! First equal tokens, then equal keys, then tokens that were joined or split; what is left is assigned so that the
//! total is largest. Everything here is ordered by score and place, so the result depends on nothing else. Sets of
//! tokens are bits of a number; nothing is allocated.

use std::cmp::Ordering;

use super::near::NEAR_MIN;
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
    fn words(&self) -> &[NameWord];
    fn count(&self) -> usize;
    fn join(&mut self, table: &mut NameTable);
}

impl Side for PreparedName {
    fn words(&self) -> &[NameWord] {
        self.words()
    }

    fn count(&self) -> usize {
        self.token_count()
    }

    fn join(&mut self, table: &mut NameTable) {
        table.join(self);
    }
}

/// A name as [`NameTable::pack`] wrote it.
impl Side for &[NameWord] {
    fn words(&self) -> &[NameWord] {
        self
    }

    fn count(&self) -> usize {
        self.len().div_ceil(2)
    }

    fn join(&mut self, _table: &mut NameTable) {}
}

/// Left-over tokens beyond this many on a side are not assigned.
const ASSIGNED_MAX: usize = 5;

/// The order of two names by their tokens' texts.
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
    let mut free = take_equal(table, &a.words()[..a.count()], &b.words()[..b.count()], tell);
    if free.0 == 0 || free.1 == 0 {
        return free;
    }
    if may_join(a.words(), free.0, b.words(), free.1) {
        b.join(table);
        take_joined(table, a.words(), &mut free.0, (b.words(), b.count()), &mut free.1, tell);
    }
    if may_join(b.words(), free.1, a.words(), free.0) {
        a.join(table);
        let mut turned = |m: Met| tell(Met { a: m.b, b: m.a, ..m });
        take_joined(
            table,
            b.words(),
            &mut free.1,
            (a.words(), a.count()),
            &mut free.0,
            &mut turned,
        );
    }
    take_best(table, a.words(), b.words(), &mut free, tell);
    free
}

/// The places in a set, in order.
pub(super) fn places(mut set: Places) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        (place < Places::BITS).then_some(place as usize)
    })
}

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

fn full(words: &[NameWord], free: Places) -> Places {
    places(free).filter(|place| is_full(words[*place])).fold(0, |set, place| set | 1 << place)
}

/// Whether one side has a full token left and the other two full neighbours.
fn may_join(whole: &[NameWord], free: Places, parts: &[NameWord], free_parts: Places) -> bool {
    let parts = full(parts, free_parts);
    parts & (parts >> 1) != 0 && full(whole, free) != 0
}

/// One token of `whole` that is two or three neighbouring tokens of `parts` written together.
fn take_joined(
    table: &mut NameTable,
    whole: &[NameWord],
    free_whole: &mut Places,
    (parts, count): (&[NameWord], usize),
    free_parts: &mut Places,
    tell: &mut impl FnMut(Met),
) {
    for i in places(full(whole, *free_whole)) {
        let free = full(parts, *free_parts);
        let two = free & (free >> 1);
        let three = two & (free >> 2);
        let windows = places(two)
            .map(|place| (0b11 << place, parts[count + place][0]))
            .chain(places(three).map(|place| (0b111 << place, parts[count + place][1])));
        for (taken, together) in windows {
            let score = joined(table, together, key_of(whole[i]));
            if score >= JOINED_MIN {
                *free_whole &= !(1 << i);
                *free_parts &= !taken;
                tell(met((whole, parts), (1 << i, taken), "joined", score));
                break;
            }
        }
    }
}

const JOINED_MIN: f64 = 0.9;

fn joined(table: &mut NameTable, together: u32, whole: u32) -> f64 {
    match together {
        NONE => 0.0,
        same if same == whole => 0.98,
        _ => table.near(together, whole, JOINED_MIN),
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
    let (rows, columns) = (first_places(free.0), first_places(free.1));
    let mut scores: Scores = [[("", 0.0); ASSIGNED_MAX]; ASSIGNED_MAX];
    let mut gains = [[0.0; ASSIGNED_MAX]; ASSIGNED_MAX];
    let mut any = false;
    for (row, i) in places(free.0).take(ASSIGNED_MAX).enumerate() {
        for (column, j) in places(free.1).take(ASSIGNED_MAX).enumerate() {
            let (how, score) = score(table, a[i], b[j]);
            scores[row][column] = (how, score);
            gains[row][column] = score * weight(a[i]).min(weight(b[j]));
            any |= score > 0.0;
        }
    }
    if !any {
        return;
    }
    let mut best = (0.0, [0; ASSIGNED_MAX]);
    let size = (free.0.count_ones() as usize, free.1.count_ones() as usize);
    let size = (size.0.min(ASSIGNED_MAX), size.1.min(ASSIGNED_MAX));
    assign(0, size, &gains, (0.0, [0; ASSIGNED_MAX]), &mut best);
    for (row, column) in best.1.iter().enumerate().filter(|(_, column)| **column > 0) {
        let column = usize::from(*column) - 1;
        let (i, j) = (1 << rows[row], 1 << columns[column]);
        let (how, score) = scores[row][column];
        free.0 &= !i;
        free.1 &= !j;
        tell(met((a, b), (i, j), how, score));
    }
}

fn first_places(set: Places) -> [usize; ASSIGNED_MAX] {
    let mut first = [0; ASSIGNED_MAX];
    for (to, place) in first.iter_mut().zip(places(set)) {
        *to = place;
    }
    first
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
fn score(table: &mut NameTable, a: NameWord, b: NameWord) -> (&'static str, f64) {
    let (x, y) = (key_of(a), key_of(b));
    match (is_full(a), is_full(b)) {
        (true, true) if table.is_titled(x, y) || table.is_titled(y, x) => ("joined", 0.9),
        (true, true) if table.is_skeleton(x, y) => ("skeleton", 0.9),
        (true, true) => match table.near(x, y, NEAR_MIN) {
            similarity if similarity >= NEAR_MIN => ("near", similarity),
            _ => ("", 0.0),
        },
        (false, false) => initials(table.text(a[0]), table.text(b[0])),
        (false, true) => initial(table.text(a[0]), table.text(b[0])),
        (true, false) => initial(table.text(b[0]), table.text(a[0])),
    }
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
