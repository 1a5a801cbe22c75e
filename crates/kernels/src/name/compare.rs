//! Which token of one name meets which token of the other.
//!
//! First equal tokens, then equal keys, then tokens that were joined or split; what is left is assigned so that the
//! total is largest. Everything here is ordered by score and place, so the result depends on nothing else. Sets of
//! tokens are bits of a number; nothing is allocated.

use std::cmp::Ordering;

use super::near::{NEAR_MIN, begins_otherwise};
use super::table::{NameTable, NameWord, TOKENS_MAX};

/// Places of tokens, a bit each.
pub(super) type Places = u32;

const _: () = assert!(TOKENS_MAX <= 32, "a bit for each token");

/// How tokens met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Equal,
    Key,
    Joined,
    Near,
    Skeleton,
    Sound,
    Initial,
    /// They did not.
    Apart,
}

impl How {
    /// The word that [`super::align`] gives.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Key => "key",
            Self::Joined => "joined",
            Self::Near => "near",
            Self::Skeleton => "skeleton",
            Self::Sound => "sound",
            Self::Initial => "initial",
            Self::Apart => "missing",
        }
    }
}

/// Tokens of `a` that met tokens of `b`; more than one on a side when they were joined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Met {
    pub(super) a: Places,
    pub(super) b: Places,
    pub(super) how: How,
    pub(super) score: f64,
    /// The smaller of the two sides' weights.
    pub(super) weight: f64,
    /// Both sides have a full name token in it.
    pub(super) of_names: bool,
}

/// Left-over tokens beyond this many on a side are not assigned.
const ASSIGNED_MAX: usize = 5;

/// The order of two names by their tokens' texts.
#[inline]
pub(super) fn order(table: &NameTable, a: &[NameWord], b: &[NameWord]) -> Ordering {
    for (x, y) in a.iter().zip(b) {
        if x.token() != y.token() {
            let heads = x.head().cmp(&y.head());
            return heads.then_with(|| table.text(x.token()).cmp(table.text(y.token())));
        }
    }
    a.len().cmp(&b.len())
}

/// Tells the meetings of two names' tokens, each token in at most one; what is left of each side.
#[inline]
pub(super) fn meet(
    table: &mut NameTable,
    a: &[NameWord],
    b: &[NameWord],
    tell: &mut impl FnMut(Met),
) -> (Places, Places) {
    let mut free = take_equal(table, a, b, tell);
    if free.0 == 0 || free.1 == 0 {
        return free;
    }
    take_joined(table, (a, &mut free.0), (b, &mut free.1), tell);
    let mut turned = |m: Met| tell(Met { a: m.b, b: m.a, ..m });
    take_joined(table, (b, &mut free.1), (a, &mut free.0), &mut turned);
    take_letters(table, (a, &mut free.0), (b, &mut free.1), tell);
    let mut turned = |m: Met| tell(Met { a: m.b, b: m.a, ..m });
    take_letters(table, (b, &mut free.1), (a, &mut free.0), &mut turned);
    take_best(table, a, b, &mut free, tell);
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
    how: How,
    score: f64,
) -> Met {
    let sum = |words: &[NameWord], set| places(set).map(|place| words[place].weight()).sum::<f64>();
    let named = |words: &[NameWord], set| places(set).any(|place| words[place].is_name());
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
#[inline]
fn take_equal(
    table: &NameTable,
    a: &[NameWord],
    b: &[NameWord],
    tell: &mut impl FnMut(Met),
) -> (Places, Places) {
    let (mut free_a, mut free_b) = ((1 << a.len()) - 1, (1 << b.len()) - 1);
    for (i, word) in a.iter().enumerate() {
        if let Some(j) = places(free_b).find(|j| b[*j].token() == word.token()) {
            free_a &= !(1 << i);
            free_b &= !(1 << j);
            tell(met((a, b), (1 << i, 1 << j), How::Equal, 1.0));
        }
    }
    if free_a == 0 || free_b == 0 {
        return (free_a, free_b);
    }
    for i in places(free_a) {
        let same = |j: &usize| b[*j].is_full() && b[*j].key() == a[i].key();
        if a[i].is_full()
            && let Some(j) = places(free_b).find(same)
            && !a[i].sketch().is_empty()
        {
            free_a &= !(1 << i);
            free_b &= !(1 << j);
            let score = if is_other(table, a[i], b[j]) { OTHER } else { 0.98 };
            tell(met((a, b), (1 << i, 1 << j), How::Key, score));
        }
    }
    (free_a, free_b)
}

/// Two names of one key: Zafar, Jafar.
pub(super) const OTHER: f64 = 0.94;

#[inline]
fn is_other(table: &NameTable, a: NameWord, b: NameWord) -> bool {
    let [x, y] = [a, b].map(|word| word.head().to_be_bytes());
    x[..2] != y[..2] && begins_otherwise(&x, &y, table.key_text(a.key()))
}

#[inline]
fn full(words: &[NameWord], free: Places) -> Places {
    places(free).filter(|place| words[*place].is_full()).fold(0, |set, place| set | 1 << place)
}

/// One token of `whole` that is two or three neighbouring tokens of `parts` written together; each with the places that are free.
fn take_joined(
    table: &mut NameTable,
    (whole, free_whole): (&[NameWord], &mut Places),
    (parts, free_parts): (&[NameWord], &mut Places),
    tell: &mut impl FnMut(Met),
) {
    let mut free = full(parts, *free_parts);
    if free & (free >> 1) == 0 {
        return;
    }
    for i in places(full(whole, *free_whole)) {
        let two = free & (free >> 1);
        let three = two & (free >> 2);
        let windows = places(two).map(|p| (p, 2)).chain(places(three).map(|p| (p, 3)));
        for (first, count) in windows {
            let score = joined(table, &parts[first..first + count], whole[i]);
            if score >= JOINED_MIN {
                let taken = ((1 << count) - 1) << first;
                *free_whole &= !(1 << i);
                *free_parts &= !taken;
                free &= !taken;
                tell(met((whole, parts), (1 << i, taken), How::Joined, score));
                break;
            }
        }
    }
}

const JOINED_MIN: f64 = 0.9;

/// One token of `whole` that is the initials of `parts` run together, letter by letter: `kvsr` and `k v s r`.
#[inline]
fn take_letters(
    table: &NameTable,
    (whole, free_whole): (&[NameWord], &mut Places),
    (parts, free_parts): (&[NameWord], &mut Places),
    tell: &mut impl FnMut(Met),
) {
    let text = |word: &NameWord| table.text(word.token());
    let is_letter = |place: &usize| !parts[*place].is_full() && text(&parts[*place]).len() == 1;
    let mut free = places(*free_parts).filter(is_letter).fold(0, |set, place| set | 1 << place);
    if free & (free >> 1) == 0 {
        return;
    }
    for i in places(*free_whole) {
        let letters = text(&whole[i]);
        if !(2..=LETTERS_MAX).contains(&letters.len()) || !letters.is_ascii() {
            continue;
        }
        let is_here = |first: &usize| {
            let here = parts.get(*first..*first + letters.len());
            let taken: Places = ((1 << letters.len()) - 1) << first;
            let mut pairs = here.into_iter().flatten().zip(letters.split_terminator("").skip(1));
            here.is_some() && free & taken == taken && pairs.all(|(part, one)| text(part) == one)
        };
        if let Some(first) = places(free).find(is_here) {
            let taken = ((1 << letters.len()) - 1) << first;
            *free_whole &= !(1 << i);
            *free_parts &= !taken;
            free &= !taken;
            tell(met((whole, parts), (1 << i, taken), How::Joined, 0.98));
        }
    }
}

/// More initials than this nobody runs together.
const LETTERS_MAX: usize = 6;

/// How near some neighbours written together are to a whole token; 0 where it is less than needed. Most are told from their
/// letters, before anything is written together.
fn joined(table: &mut NameTable, parts: &[NameWord], whole: NameWord) -> f64 {
    let (head, sketch) = (parts[0].sketch(), whole.sketch());
    let fits = || sketch.may_be_made_of(parts.iter().map(|part| part.sketch()));
    let begins = || !head.begins_alike() || sketch.may_be_near_one_like(head, JOINED_MIN);
    if !(sketch.is_titled() || begins()) || !fits() {
        return 0.0;
    }
    let together = table.joined(parts);
    if together == whole.key() {
        return 0.98;
    }
    let is_alike = table.is_heard_alike(together, whole.key())
        || table.is_titled(whole, together)
        || table.sketch(together).may_be_skeleton_of(sketch)
            && table.is_skeleton(together, whole.key());
    if is_alike {
        JOINED_MIN
    } else if table.sketch(together).may_be_near(sketch, JOINED_MIN) {
        table.near(together, whole.key())
    } else {
        0.0
    }
}

type Scores = [[(How, f64); ASSIGNED_MAX]; ASSIGNED_MAX];
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
    let (rows, columns) = (Left::of(a, free.0), Left::of(b, free.1));
    if rows.count == 1 && columns.count == 1 {
        let (how, score) = score(table, a[rows.places[0]], b[columns.places[0]]);
        if score > 0.0 {
            tell(met((a, b), *free, how, score));
            *free = (0, 0);
        }
        return;
    }
    let mut scores: Scores = [[(How::Apart, 0.0); ASSIGNED_MAX]; ASSIGNED_MAX];
    let mut gains = [[0.0; ASSIGNED_MAX]; ASSIGNED_MAX];
    let mut any = false;
    for row in 0..rows.count {
        for column in 0..columns.count {
            let (x, y) = (a[rows.places[row]], b[columns.places[column]]);
            let found = score(table, x, y);
            if found.1 > 0.0 {
                scores[row][column] = found;
                gains[row][column] = found.1 * x.weight().min(y.weight());
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
        let (i, j) = (1 << rows.places[row], 1 << columns.places[column]);
        let (how, score) = scores[row][column];
        free.0 &= !i;
        free.1 &= !j;
        tell(met((a, b), (i, j), how, score));
    }
}

/// Places of the tokens that are left.
#[derive(Debug, Default)]
struct Left {
    places: [usize; ASSIGNED_MAX],
    count: usize,
}

impl Left {
    #[inline]
    fn of(words: &[NameWord], free: Places) -> Self {
        let mut left = Self::default();
        for place in places(free).take(ASSIGNED_MAX.min(words.len())) {
            left.places[left.count] = place;
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
fn score(table: &mut NameTable, a: NameWord, b: NameWord) -> (How, f64) {
    let text = |word: NameWord| table.text(word.token());
    match (a.is_full(), b.is_full()) {
        (true, true) => {}
        (false, false) => return initials(text(a), text(b)),
        (false, true) => return initial(text(a), text(b)),
        (true, false) => return initial(text(b), text(a)),
    }
    let (x, y) = (a.key(), b.key());
    let (sketch_a, sketch_b) = (a.sketch(), b.sketch());
    if a.sound == b.sound && !sketch_a.is_empty() {
        return (How::Sound, 0.9);
    }
    if table.is_titled(a, y) || table.is_titled(b, x) {
        return (How::Joined, 0.9);
    }
    if sketch_a.may_be_skeleton_of(sketch_b) && table.is_skeleton(x, y) {
        return (How::Skeleton, 0.9);
    }
    if sketch_a.may_be_near(sketch_b, NEAR_MIN) {
        let similarity = table.near(x, y);
        if similarity >= NEAR_MIN {
            return (How::Near, similarity);
        }
    }
    (How::Apart, 0.0)
}

/// An initial and a full token: `k` and Kolli, `ch` and Chukka, `kv` and the K of Kolli.
fn initial(initial: &str, full: &str) -> (How, f64) {
    if full.starts_with(initial) {
        (How::Initial, 0.85)
    } else if initial.len() > 1 && full.chars().next().is_some_and(|first| initial.contains(first))
    {
        (How::Initial, 0.7)
    } else {
        (How::Apart, 0.0)
    }
}

/// Two runs of initials: `kv` and `k`.
fn initials(a: &str, b: &str) -> (How, f64) {
    let shared = a.chars().any(|letter| b.contains(letter));
    if shared { (How::Initial, 0.8) } else { (How::Apart, 0.0) }
}
