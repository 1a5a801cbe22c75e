//! What of a row is compared: a few fixed words for each comparison, in one piece of memory a row, so that a pair touches one or
//! two lines of it.
//!
//! Values that are only held to be equal or not become 64-bit hashes: two different ones are taken for equal with a chance of
//! 2^-64 a comparison. Names and texts are numbers of arenas, where each different one stands once.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use milaan_kernels::edit;
use milaan_kernels::hash::{BuildHash64, hash64};
use milaan_kernels::name::{NameTable, NameWord, PreparedName};
use milaan_model::matching::Comparator;

use super::birth;
use super::column::{Cells, Class, Side};
use super::compiled::{Compare, Compiled};
use super::digits::{self, Opened};
use super::error::Error;
use super::index::near;
use super::keys::BatchKeys;
use super::room::{add, add_text, room};

/// Words that a name has at most (`kernels::name` counts no more of its tokens).
const NAME_WORDS_MAX: usize = 16;
/// Bytes that an entry of a hash table of fingerprints takes, its place in the table with it.
const ENTRY_BYTES: usize = 29;

/// A name, a text or a number that is NULL.
pub(super) const NULL: u64 = 1 << 63;

/// The columns of a batch that comparisons read.
#[derive(Debug)]
pub(super) struct FeatureColumns {
    columns: Vec<Vec<Cells>>,
}

/// One row of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    columns: &'a FeatureColumns,
    row: usize,
}

impl FeatureColumns {
    /// Of a batch whose keys are hashed already: what is only held to be equal or not is not hashed again.
    pub(super) fn of(
        compiled: &Compiled,
        batch: &RecordBatch,
        keys: &BatchKeys,
        side: Side,
    ) -> Result<Self, Error> {
        let of_compare = |compare: &Compare| -> Result<Vec<Cells>, Error> {
            let each = compare.columns.iter().enumerate();
            each.map(|(place, column)| {
                let cells = cells(compare.comparator, place, batch, side, column)?;
                let hashed = match (compare.comparator, place) {
                    (Comparator::Exact | Comparator::Place, _) | (Comparator::NationalId, 0) => {
                        keys.hashed(&compiled.keys, column)
                    }
                    _ => None,
                };
                Ok(hashed.unwrap_or(cells))
            })
            .collect()
        };
        let columns = compiled.comparisons.iter().map(of_compare).collect::<Result<_, _>>()?;
        Ok(Self { columns })
    }

    pub(super) fn row(&self, row: usize) -> Row<'_> {
        Row { columns: self, row }
    }

    /// The class of each column, by comparison.
    pub(super) fn classes(&self) -> impl Iterator<Item = Class> + '_ {
        self.columns.iter().flatten().map(Cells::class)
    }
}

fn cells(
    comparator: Comparator,
    place: usize,
    batch: &RecordBatch,
    side: Side,
    column: &str,
) -> Result<Cells, Error> {
    let numbers = [Class::Whole, Class::Float, Class::Decimal(0)];
    match (comparator, place) {
        (Comparator::Exact, _) => Cells::of(batch, side, column),
        (Comparator::Numeric, _) => Cells::of_class(batch, side, column, &numbers, "a number"),
        (Comparator::BirthDate, 0 | 3) => {
            Cells::of_class(batch, side, column, &[Class::Date], "a date")
        }
        (Comparator::BirthDate, 2) => {
            Cells::of_class(batch, side, column, &[Class::Whole], "a whole number")
        }
        (Comparator::NationalId, 1) => {
            Cells::of_class(batch, side, column, &[Class::Bytes], "bytes")
        }
        _ => Cells::text(batch, side, column),
    }
}

impl<'a> Row<'a> {
    fn cells(self, comparison: usize, place: usize) -> &'a Cells {
        &self.columns.columns[comparison][place]
    }

    /// The text of a comparison's first column.
    pub(super) fn text(self, comparison: usize) -> Option<&'a str> {
        self.cells(comparison, 0).text_at(self.row)
    }

    /// The sealed digits of a comparison of identity numbers.
    pub(super) fn sealed(self, comparison: usize) -> Option<&'a [u8]> {
        self.cells(comparison, 1).bytes_at(self.row)
    }

    /// The words of one comparison, but for names and texts, of which this says only whether they are NULL.
    pub(super) fn words(self, comparison: usize, comparator: Comparator, words: &mut [u64]) {
        let cells = |place| self.cells(comparison, place);
        let row = self.row;
        match comparator {
            Comparator::Exact => words[0] = cells(0).hash_at(row),
            Comparator::Name => words[0] = if self.text(comparison).is_some() { 0 } else { NULL },
            Comparator::JaroWinkler | Comparator::Levenshtein => {
                words[1] = if self.text(comparison).is_some() { 0 } else { NULL };
            }
            Comparator::Numeric => {
                let float = || cells(0).float_at(row).map(|number| (number + 0.0).to_bits());
                let whole = cells(0).whole_at(row).map(|number| number as u64);
                words[0] = whole.or_else(float).unwrap_or(NULL);
            }
            Comparator::BirthDate => {
                let year = cells(2).whole_at(row);
                let day = cells(0).whole_at(row).or_else(|| cells(3).whole_at(row));
                let born = birth::pack(day, cells(1).text_at(row), year);
                words.copy_from_slice(&born);
            }
            Comparator::Digits => {
                let number = self.text(comparison).map_or(digits::UNKNOWN, digits::pack);
                words.copy_from_slice(&number);
            }
            Comparator::NationalId => {
                words[0] = cells(0).hash_at(row);
                words[1] = self.sealed(comparison).map_or(0, sealed_word);
            }
            Comparator::Place => {
                for (place, word) in words.iter_mut().enumerate() {
                    *word = cells(place).hash_at(row);
                }
            }
        }
    }
}

/// A seal's hash, and below it its length as far as it fits in a byte: never 0.
fn sealed_word(sealed: &[u8]) -> u64 {
    hash64(16, sealed) << 8 | (sealed.len().min(254) as u64 + 1)
}

/// Texts one behind the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    ends: Vec<usize>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        add_text(&mut self.bytes, text);
        add(&mut self.ends, &[self.bytes.len()]);
    }

    pub(super) fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>()
    }
}

/// The sealed digits of the list, opened when first asked for.
#[derive(Debug, Default)]
pub(super) struct Seals {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    pub(super) opened: Vec<Opened>,
}

impl Seals {
    fn push(&mut self, sealed: &[u8]) {
        add(&mut self.bytes, sealed);
        add(&mut self.ends, &[self.bytes.len()]);
        self.opened.reserve_exact(room(self.opened.len(), self.opened.capacity(), 1));
        self.opened.push(Opened::default());
    }

    pub(super) fn get(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start..self.ends[row]]
    }
}

/// The features of the list.
#[derive(Debug, Default)]
pub(super) struct ListFeatures {
    width: usize,
    words: Vec<u64>,
    pub(super) record_ids: Texts,
    pub(super) names: Arc<NameTable>,
    pub(super) name_arena: Vec<NameWord>,
    texts: String,
    /// By comparison; empty but for identity numbers.
    pub(super) seals: Vec<Seals>,
    /// Numbers that do not fit their words, by row and comparison.
    long: HashMap<(u32, usize), Box<str>>,
    pub(super) classes: Vec<Class>,
}

impl ListFeatures {
    #[inline]
    pub(super) fn words(&self, row: u32) -> &[u64] {
        let start = row as usize * self.width;
        &self.words[start..start + self.width]
    }

    fn shrink_to_fit(&mut self) {
        self.words.shrink_to_fit();
        self.name_arena.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.record_ids.bytes.shrink_to_fit();
        self.record_ids.ends.shrink_to_fit();
        for seals in &mut self.seals {
            seals.bytes.shrink_to_fit();
            seals.ends.shrink_to_fit();
            seals.opened.shrink_to_fit();
        }
    }

    /// Reads the first words of some rows before they are compared.
    pub(super) fn touch(&self, rows: impl Iterator<Item = u32>) {
        let Some(last) = self.width.checked_sub(1) else { return };
        near(rows.map(|row| {
            let start = row as usize * self.width;
            self.words[start] ^ self.words[start + last / 2] ^ self.words[start + last]
        }));
    }

    /// A text by its second feature word.
    pub(super) fn text(&self, word: u64) -> &str {
        let start = (word >> 32) as usize;
        &self.texts[start..start + word as u32 as usize]
    }

    pub(super) fn long(&self, row: u32, comparison: usize) -> &str {
        self.long.get(&(row, comparison)).map_or("", |text| text)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let seals: usize = self
            .seals
            .iter()
            .map(|seals| {
                seals.bytes.capacity()
                    + seals.ends.capacity() * size_of::<usize>()
                    + seals.opened.capacity() * size_of::<Opened>()
            })
            .sum();
        self.words.capacity() * 8
            + self.record_ids.memory_bytes()
            + self.names.memory_bytes()
            + self.name_arena.capacity() * size_of::<NameWord>()
            + self.texts.capacity()
            + seals
            + self.long.len() * 64
    }
}

/// A text by two hashes of it: that any two of ten million different ones share both has a chance of 2^-82. The texts themselves
/// would take more memory than all else that is known of them.
type Fingerprint = [u64; 2];

fn fingerprint(text: &str) -> Fingerprint {
    [hash64(17, text.as_bytes()), hash64(18, text.as_bytes())]
}

/// Takes the features of the list in.
#[derive(Debug, Default)]
pub(super) struct FeatureBuilder {
    features: ListFeatures,
    names: NameTable,
    name: PreparedName,
    name_places: HashMap<Fingerprint, u64, BuildHash64>,
    text_starts: HashMap<Fingerprint, u32, BuildHash64>,
}

impl FeatureBuilder {
    pub(super) fn new(compiled: &Compiled) -> Self {
        let seals = compiled.comparisons.iter().map(|_| Seals::default()).collect();
        let features = ListFeatures { width: compiled.width, seals, ..ListFeatures::default() };
        Self { features, ..Self::default() }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.features.memory_bytes()
            + self.names.memory_bytes()
            + (self.name_places.capacity() + self.text_starts.capacity()) * ENTRY_BYTES
    }

    pub(super) fn push_id(&mut self, record_id: &str) {
        self.features.record_ids.push(record_id);
    }

    pub(super) fn classes(&mut self) -> &mut Vec<Class> {
        &mut self.features.classes
    }

    /// Adds a row; its id is pushed already.
    pub(super) fn push(&mut self, compiled: &Compiled, row: Row<'_>) {
        let number = self.features.record_ids.len() as u32 - 1;
        let words = &mut self.features.words;
        let start = words.len();
        words.reserve_exact(room(start, words.capacity(), compiled.width));
        words.resize(start + compiled.width, 0);
        for (at, compare) in compiled.comparisons.iter().enumerate() {
            let place = start + compare.at;
            let words = place..place + compare.width();
            row.words(at, compare.comparator, &mut self.features.words[words.clone()]);
            match (compare.comparator, row.text(at)) {
                (Comparator::Name, Some(text)) => {
                    self.features.words[place] = self.name(text);
                }
                (Comparator::JaroWinkler | Comparator::Levenshtein, Some(text)) => {
                    let begin = u64::from(self.text(text));
                    self.features.words[place] = edit::letters(text);
                    self.features.words[place + 1] = begin << 32 | text.len() as u64;
                }
                (Comparator::Digits, Some(text)) if self.features.words[words] == digits::LONG => {
                    self.features.long.insert((number, at), text.into());
                }
                (Comparator::NationalId, _) => {
                    self.features.seals[at].push(row.sealed(at).unwrap_or_default());
                }
                _ => {}
            }
        }
    }

    fn name(&mut self, text: &str) -> u64 {
        let known = fingerprint(text);
        if let Some(place) = self.name_places.get(&known) {
            return *place;
        }
        self.names.prepare(text, &mut self.name);
        let arena = &mut self.features.name_arena;
        arena.reserve_exact(room(arena.len(), arena.capacity(), NAME_WORDS_MAX));
        let place = NameTable::pack(&self.name, arena);
        self.name_places.insert(known, place);
        place
    }

    fn text(&mut self, text: &str) -> u32 {
        let known = fingerprint(text);
        if let Some(start) = self.text_starts.get(&known) {
            return *start;
        }
        let texts = &mut self.features.texts;
        let start = texts.len() as u32;
        add_text(texts, text);
        self.text_starts.insert(known, start);
        start
    }

    pub(super) fn finish(self) -> Result<ListFeatures, Error> {
        let mut features = self.features;
        let limit = u64::from(u32::MAX >> 1);
        for (what, found) in [
            ("bytes of different texts in the list", features.texts.len() as u64),
            ("words of different names in the list", features.name_arena.len() as u64),
        ] {
            if found > limit {
                return Err(Error::Limit { what, found, limit });
            }
        }
        features.shrink_to_fit();
        features.names = Arc::new(self.names);
        Ok(features)
    }
}
