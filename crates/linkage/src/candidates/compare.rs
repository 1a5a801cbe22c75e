//! One pair after the other: levels of all comparisons, or the certainty that the pair will not be kept.
//!
//! Cheap comparisons come first; before each costly one the largest weight that can still be reached decides whether it is worth
//! it. The bound is lossless: a pair that could be kept is compared to the end. Seals are opened last, each at most once a row.

use std::sync::Arc;

use milaan_kernels::digits::distance;
use milaan_kernels::edit::Positions;
use milaan_kernels::name::{NameTable, PreparedName};
use milaan_kernels::secret::Opener;
use milaan_model::matching::Comparator;

use super::birth;
use super::column::Class;
use super::compiled::{Compare, Compiled, Keep};
use super::digits::{self, Digits};
use super::features::{ListFeatures, NULL, Row};

/// Bytes of names' tokens that a worker may add to the list's before it forgets them.
const NAME_BYTES_MAX: usize = 64 << 20;

/// Compares registry rows with list rows.
#[derive(Debug)]
pub(super) struct Comparer {
    /// Comparisons by cost: the cheap ones, then names and texts, then seals.
    order: Arc<[usize]>,
    /// Of the pair: a level for each comparison; 0 is null.
    levels: Vec<u8>,
    /// Of the pair: comparisons left for later and the largest weight each can have.
    later: Vec<(usize, i64)>,
    names: NameTable,
    /// Of the registry row, by comparison.
    prepared: Vec<PreparedName>,
    positions: Vec<Positions>,
    opened: Vec<Option<Digits>>,
    words: Vec<u64>,
    /// A bit for each comparison whose name or text is prepared.
    ready: u32,
    opener: Option<Opener>,
    costly_comparisons: u64,
    /// Scale of each comparison's numbers; `None`: floating point.
    scales: Vec<Option<i8>>,
}

/// What a first look at a comparison says.
enum Look {
    Level(u8),
    /// It costs more to know: the largest weight it can have, and whether it can be an identity.
    Later(i64, bool),
}

impl Comparer {
    pub(super) fn new(compiled: &Compiled, list: &ListFeatures) -> Self {
        let count = compiled.comparisons.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|at| match compiled.comparisons[*at].comparator {
            Comparator::NationalId => 3,
            Comparator::Name => 2,
            Comparator::JaroWinkler | Comparator::Levenshtein => 1,
            _ => 0,
        });
        let opener = compiled.keyring.as_ref().map(|keyring| keyring.opener(&compiled.id_scheme));
        Self {
            order: order.into(),
            levels: vec![0; count],
            later: Vec::with_capacity(count),
            names: NameTable::over(Arc::clone(&list.names)),
            prepared: vec![PreparedName::default(); count],
            positions: vec![Positions::default(); count],
            opened: vec![None; count],
            words: vec![0; compiled.width],
            ready: 0,
            opener,
            costly_comparisons: 0,
            scales: vec![None; count],
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.names.memory_bytes() + self.positions.len() * size_of::<Positions>()
    }

    pub(super) fn costly_comparisons(&self) -> u64 {
        self.costly_comparisons
    }

    /// Takes note of the classes of the registry's columns, by comparison and column.
    pub(super) fn set_classes(&mut self, compiled: &Compiled, classes: &[Class]) {
        let mut rest = classes;
        for (scale, compare) in self.scales.iter_mut().zip(&compiled.comparisons) {
            let (own, behind) = rest.split_at(compare.columns.len());
            *scale = match own[0] {
                Class::Whole => Some(0),
                Class::Decimal(scale) => Some(scale),
                _ => None,
            };
            rest = behind;
        }
    }

    /// Begins another registry row.
    pub(super) fn take(&mut self, compiled: &Compiled, row: Row<'_>) {
        if self.names.memory_bytes() > NAME_BYTES_MAX {
            self.names.forget();
        }
        self.ready = 0;
        self.opened.fill(None);
        for (at, compare) in compiled.comparisons.iter().enumerate() {
            let words = compare.at..compare.at + compare.width();
            row.words(at, compare.comparator, &mut self.words[words]);
        }
    }

    /// The levels of the pair compared last, one a comparison; whole only if it is to be kept.
    pub(super) fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// Compares the registry row taken and a list row; whether the pair is to be kept.
    pub(super) fn pair(
        &mut self,
        compiled: &Compiled,
        list: &ListFeatures,
        row: Row<'_>,
        list_row: u32,
    ) -> bool {
        let all = compiled.keep != Keep::Useful;
        let words = list.words(list_row);
        let (mut sum, mut rest) = (compiled.prior, 0);
        let mut identity = false;
        let mut may_be_identity = 0_u32;
        let order = Arc::clone(&self.order);
        self.later.clear();
        for at in order.iter() {
            let compare = &compiled.comparisons[*at];
            match self.look(*at, compare, &words[compare.at..]) {
                Look::Level(level) => {
                    self.levels[*at] = level;
                    sum += compare.weights[usize::from(level)];
                    identity |= compare.is_identity(level);
                }
                Look::Later(most, may_be) => {
                    may_be_identity |= u32::from(may_be) << self.later.len();
                    self.later.push((*at, most));
                    rest += most;
                }
            }
        }
        for done in 0..self.later.len() {
            let (at, most) = self.later[done];
            let kept_anyhow = all || identity || may_be_identity >> done != 0;
            if !kept_anyhow && sum + rest < compiled.kept {
                return false;
            }
            rest -= most;
            let compare = &compiled.comparisons[at];
            let others = (!kept_anyhow).then_some(sum + rest);
            let least = others.and_then(|others| compare.least_useful(others, compiled.kept));
            let Some(level) = self.costly(compare, list, row, (list_row, at), least) else {
                return false;
            };
            self.levels[at] = level;
            sum += compare.weights[usize::from(level)];
            identity |= compare.is_identity(level);
        }
        all || identity || sum >= compiled.kept
    }

    fn look(&self, at: usize, compare: &Compare, list: &[u64]) -> Look {
        let own = &self.words[compare.at..];
        let word = |word: usize| Look::Level(compare.words[word]);
        let later = || Look::Later(compare.most, compare.identity != 0);
        match compare.comparator {
            Comparator::Exact if list[0] == 0 || own[0] == 0 => Look::Level(0),
            Comparator::Exact => word(usize::from(list[0] != own[0])),
            Comparator::Name if list[0] == NULL || own[0] == NULL => Look::Level(0),
            Comparator::Name => later(),
            Comparator::JaroWinkler | Comparator::Levenshtein
                if list[1] == NULL || own[1] == NULL =>
            {
                Look::Level(0)
            }
            Comparator::JaroWinkler | Comparator::Levenshtein => later(),
            Comparator::Numeric if list[0] == NULL || own[0] == NULL => Look::Level(0),
            Comparator::Numeric => {
                Look::Level(compare.number_level(apart(list[0], own[0], self.scales[at])))
            }
            Comparator::BirthDate => {
                birth::compare([list[0], list[1]], [own[0], own[1]]).map_or(Look::Level(0), word)
            }
            Comparator::Digits => {
                let (a, b) = ([list[0], list[1]], [own[0], own[1]]);
                match (a, b) {
                    (digits::UNKNOWN, _) | (_, digits::UNKNOWN) => Look::Level(0),
                    (digits::LONG, digits::LONG) => later(),
                    _ => word(digits::word(digits::distance(a, b))),
                }
            }
            Comparator::Place => place(compare, list, own),
            Comparator::NationalId => identity_number(compare, list, own),
        }
    }

    /// The level of a comparison that a first look left open; `None` when it is surely none from which the pair could be kept:
    /// its number is below `least`.
    fn costly(
        &mut self,
        compare: &Compare,
        list: &ListFeatures,
        row: Row<'_>,
        (list_row, at): (u32, usize),
        least: Option<f64>,
    ) -> Option<u8> {
        self.costly_comparisons += 1;
        let words = &list.words(list_row)[compare.at..];
        if self.ready >> at & 1 == 0 {
            self.ready |= 1 << at;
            let text = row.text(at).unwrap_or_default();
            match compare.comparator {
                Comparator::Name => self.names.prepare(text, &mut self.prepared[at]),
                Comparator::JaroWinkler | Comparator::Levenshtein => self.positions[at].set(text),
                _ => {}
            }
        }
        match compare.comparator {
            Comparator::Name => {
                let name = &self.prepared[at];
                let value = self.names.similarity(&list.name_arena, words[0], name);
                Some(compare.number_level(value))
            }
            Comparator::JaroWinkler => {
                let (text, positions) = (list.text(words[1]), &self.positions[at]);
                if least.is_some_and(|least| positions.jaro_winkler_most(text, words[0]) < least) {
                    return None;
                }
                Some(compare.number_level(positions.jaro_winkler(text)))
            }
            Comparator::Levenshtein => {
                let edits = self.positions[at].levenshtein(list.text(words[1]));
                Some(compare.number_level(edits as f64))
            }
            Comparator::NationalId => Some(compare.words[self.sealed(list, row, list_row, at)]),
            _ => {
                let (a, b) = (list.long(list_row, at), row.text(at).unwrap_or_default());
                Some(compare.words[digits::word(distance(a, b))])
            }
        }
    }

    /// The word for two seals whose tokens differ: `different` unless both open.
    fn sealed(&mut self, list: &ListFeatures, row: Row<'_>, list_row: u32, at: usize) -> usize {
        let far = digits::word(milaan_kernels::digits::DigitDistance::Far);
        let (Some(opener), Some(own)) = (&mut self.opener, row.sealed(at)) else { return far };
        let seals = &list.seals[at];
        let theirs = seals.get(list_row as usize);
        let mut open =
            |sealed: &[u8]| opener.open(sealed).map_or(digits::UNKNOWN, |text| digits::pack(&text));
        let b = *self.opened[at].get_or_insert_with(|| open(own));
        if b == digits::UNKNOWN {
            return far;
        }
        let a = seals.opened[list_row as usize].get_or_open(|| open(theirs));
        match (a, b) {
            (digits::UNKNOWN, _) => far,
            (digits::LONG, digits::LONG) => {
                let texts = opener.open(theirs).zip(opener.open(own));
                texts.map_or(far, |(a, b)| digits::word(distance(&a, &b)))
            }
            _ => digits::word(digits::distance(a, b)),
        }
    }
}

/// How far two numbers are apart; whole ones and decimals exactly.
fn apart(a: u64, b: u64, scale: Option<i8>) -> f64 {
    match scale {
        None => (f64::from_bits(a) - f64::from_bits(b)).abs(),
        Some(scale) => {
            let apart = (i128::from(a as i64) - i128::from(b as i64)).unsigned_abs();
            apart as f64 / 10_f64.powi(i32::from(scale))
        }
    }
}

/// The first place level, from the smallest, on which both sides agree, unless the next larger one differs.
fn place(compare: &Compare, list: &[u64], own: &[u64]) -> Look {
    let count = compare.columns.len();
    let known = |at: usize| list[at] != 0 && own[at] != 0;
    let agrees = |at: usize| known(at) && list[at] == own[at];
    let found = (0..count).find(|at| {
        agrees(*at) && (at + 1 == count || !known(at + 1) || list[at + 1] == own[at + 1])
    });
    match found {
        Some(at) => Look::Level(compare.words[at]),
        None if (0..count).any(known) => Look::Level(compare.words[count]),
        None => Look::Level(0),
    }
}

/// Identity numbers without opening anything: equal tokens; else different, unless both sides kept seals of one length. Seals
/// are deterministic, so different seals never hold equal digits.
fn identity_number(compare: &Compare, list: &[u64], own: &[u64]) -> Look {
    let far = compare.words.len() - 1;
    if list[0] == 0 || own[0] == 0 {
        return Look::Level(0);
    }
    if list[0] == own[0] {
        return Look::Level(compare.words[0]);
    }
    let length = |sealed: u64| sealed & 0xff;
    if list[1] == 0 || own[1] == 0 || length(list[1]) != length(own[1]) {
        return Look::Level(compare.words[far]);
    }
    let possible = if list[1] == own[1] { &compare.words[..] } else { &compare.words[1..] };
    let weights = possible.iter().map(|level| compare.weights[usize::from(*level)]);
    Look::Later(
        weights.max().unwrap_or(compare.most),
        possible.iter().any(|level| compare.is_identity(*level)),
    )
}
