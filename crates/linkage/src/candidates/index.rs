//! The list by blocking key: for each rule, key hash → rows of the list.
//!
//! A small bitmap, made to stay in the processor's cache, turns most keys of the registry away. What passes is looked up in the
//! sorted hashes through a directory of their first bits: a key costs one or two lines of memory. Each block counts the registry
//! rows that had its key.
//!
//! An index of millions of records is far larger than any cache. So keys are not looked up one by one, each waiting for memory and
//! for the branch that hangs on it: of some thousand keys all lines are read first, without a branch, and many reads wait together.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use super::error::Error;
use super::room::add;

/// Entries are gathered in this many parts by the first bits of their hash, so that sorting needs little memory besides.
const PARTS: usize = 256;

/// Gathers the keys of one rule.
#[derive(Debug)]
pub(super) struct RuleBuilder {
    /// Hash (high half, low half) and list row: 12 bytes an entry.
    parts: Vec<Vec<[u32; 3]>>,
}

impl RuleBuilder {
    pub(super) fn new() -> Self {
        Self { parts: vec![Vec::new(); PARTS] }
    }

    pub(super) fn push(&mut self, hash: u64, row: u32) {
        let entry = [(hash >> 32) as u32, hash as u32, row];
        add(&mut self.parts[(hash >> 56) as usize], &[entry]);
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.parts.iter().map(|part| part.capacity() * 12).sum()
    }

    pub(super) fn finish(self) -> Result<RuleIndex, Error> {
        let entries: usize = self.parts.iter().map(Vec::len).sum();
        let limit = u64::from(u32::MAX);
        if entries as u64 >= limit {
            return Err(Error::Limit {
                what: "keys of the list in one rule",
                found: entries as u64,
                limit,
            });
        }
        let mut index = RuleIndex { rows: Vec::with_capacity(entries), ..RuleIndex::default() };
        for mut part in self.parts {
            part.sort_unstable();
            part.dedup();
            for [high, low, row] in part {
                let hash = u64::from(high) << 32 | u64::from(low);
                if index.hashes.last() != Some(&hash) {
                    index.hashes.push(hash);
                    index.starts.push(index.rows.len() as u32);
                }
                index.rows.push(row);
            }
        }
        index.starts.push(index.rows.len() as u32);
        index.rows.shrink_to_fit();
        index.hashes.shrink_to_fit();
        index.starts.shrink_to_fit();
        index.complete();
        Ok(index)
    }
}

/// The blocks of one rule.
#[derive(Debug, Default)]
pub(super) struct RuleIndex {
    filter: Vec<u64>,
    /// Block at which the hashes with these first bits begin.
    directory: Vec<u32>,
    shift: u32,
    hashes: Vec<u64>,
    starts: Vec<u32>,
    rows: Vec<u32>,
    met: Vec<AtomicU32>,
}

/// Reads words for nothing but that they are near when they are asked for: many reads at once wait for memory hardly longer than one.
pub(super) fn near(words: impl Iterator<Item = u64>) {
    std::hint::black_box(words.fold(0, |read, word| read ^ word));
}

/// Three bits of a 64-bit word.
fn filter_bits(hash: u64) -> u64 {
    1 << (hash >> 34 & 63) | 1 << (hash >> 40 & 63) | 1 << (hash >> 46 & 63)
}

impl RuleIndex {
    fn complete(&mut self) {
        let blocks = self.hashes.len();
        self.met = (0..blocks).map(|_| AtomicU32::new(0)).collect();
        // 11 to 21 bits a key: 1 in 100 to 1 in 20 of absent keys pass.
        self.filter = vec![0; (blocks / 6).next_power_of_two()];
        let words = self.filter.len() - 1;
        for hash in &self.hashes {
            self.filter[*hash as usize & words] |= filter_bits(*hash);
        }
        // Some 2 to 4 blocks a place: they lie in one line of memory, or two.
        let bits = blocks.div_ceil(4).next_power_of_two().trailing_zeros().max(1);
        self.shift = 64 - bits;
        self.directory = Vec::with_capacity((1 << bits) + 1);
        for (block, hash) in self.hashes.iter().enumerate() {
            let bucket = (hash >> self.shift) as usize;
            while self.directory.len() <= bucket {
                self.directory.push(block as u32);
            }
        }
        self.directory.resize((1 << bits) + 1, blocks as u32);
    }

    /// Leaves those of the keys (with their rows) that may have a block.
    pub(super) fn retain_possible(&self, keys: &mut Vec<(u32, u64)>) {
        let words = self.filter.len() - 1;
        near(keys.iter().map(|(_, hash)| self.filter[*hash as usize & words]));
        keys.retain(|(_, hash)| self.may_have(*hash));
    }

    /// The blocks of those keys that have one, each with the key's row.
    pub(super) fn find(&self, keys: &[(u32, u64)], found: &mut Vec<(u32, u32)>) {
        let first = |hash: u64| self.directory[(hash >> self.shift) as usize];
        near(keys.iter().map(|(_, hash)| u64::from(first(*hash))));
        // The last directory entries may point behind the last block.
        let last = self.hashes.len().saturating_sub(1);
        if !self.hashes.is_empty() {
            near(keys.iter().map(|(_, hash)| self.hashes[(first(*hash) as usize).min(last)]));
        }
        let each = keys.iter().map(|(row, hash)| (*row, self.block(*hash)));
        found.extend(each.filter_map(|(row, block)| Some((row, block?))));
    }

    /// Reads what [`RuleIndex::count`] and [`RuleIndex::rows`] will ask of these blocks.
    pub(super) fn touch(&self, blocks: &[(u32, u32)]) {
        near(
            blocks
                .iter()
                .map(|(_, block)| u64::from(self.met[*block as usize].load(Ordering::Relaxed))),
        );
        near(blocks.iter().map(|(_, block)| u64::from(self.starts[*block as usize])));
        near(
            blocks
                .iter()
                .map(|(_, block)| u64::from(self.rows[self.starts[*block as usize] as usize])),
        );
    }

    /// Whether the key may have a block.
    fn may_have(&self, hash: u64) -> bool {
        let bits = filter_bits(hash);
        self.filter[hash as usize & (self.filter.len() - 1)] & bits == bits
    }

    /// The block of a key.
    fn block(&self, hash: u64) -> Option<u32> {
        let bucket = (hash >> self.shift) as usize;
        let (first, end) = (self.directory[bucket], self.directory[bucket + 1]);
        (first..end).find(|block| self.hashes[*block as usize] == hash)
    }

    pub(super) fn blocks(&self) -> usize {
        self.hashes.len()
    }

    pub(super) fn keys(&self) -> usize {
        self.rows.len()
    }

    /// The list rows of a block, in order.
    pub(super) fn rows(&self, block: u32) -> &[u32] {
        let block = block as usize;
        &self.rows[self.starts[block] as usize..self.starts[block + 1] as usize]
    }

    /// Counts one registry row more; the count with it.
    pub(super) fn count(&self, block: u32) -> u64 {
        u64::from(self.met[block as usize].fetch_add(1, Ordering::Relaxed)) + 1
    }

    /// Registry rows counted so far.
    pub(super) fn counted(&self, block: u32) -> u64 {
        u64::from(self.met[block as usize].load(Ordering::Relaxed))
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.filter.capacity() * 8
            + self.hashes.capacity() * 8
            + (self.directory.capacity()
                + self.starts.capacity()
                + self.rows.capacity()
                + self.met.capacity())
                * 4
    }
}

/// The rules' indexes, made by so many threads; each takes the next rule.
fn finished(builders: Vec<RuleBuilder>, threads: usize) -> Vec<Result<RuleIndex, Error>> {
    if threads < 2 {
        return builders.into_iter().map(RuleBuilder::finish).collect();
    }
    let count = builders.len();
    let waiting = Mutex::new(builders.into_iter().enumerate());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let done = Mutex::new(Vec::with_capacity(count));
    std::thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            scope.spawn(|| {
                while let Some((place, builder)) = next() {
                    let rule = builder.finish();
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((place, rule));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, rule)| rule).collect()
}

/// The blocks of all rules, numbered through in the rules' order.
#[derive(Debug, Default)]
pub(super) struct KeyIndex {
    pub(super) rules: Vec<RuleIndex>,
    /// First block of each rule, and the end.
    firsts: Vec<u32>,
    /// The registry was counted before: counts stand, and over-full blocks are known.
    settled: AtomicBool,
}

impl KeyIndex {
    pub(super) fn of(builders: Vec<RuleBuilder>, threads: usize) -> Result<Self, Error> {
        let mut index = Self { firsts: vec![0], ..Self::default() };
        let mut end = 0_u64;
        for rule in finished(builders, threads) {
            let rule = rule?;
            end += rule.blocks() as u64;
            let limit = u64::from(u32::MAX);
            let first = u32::try_from(end).map_err(|_| Error::Limit {
                what: "blocks of the list",
                found: end,
                limit,
            })?;
            index.firsts.push(first);
            index.rules.push(rule);
        }
        Ok(index)
    }

    pub(super) fn first_block(&self, rule: usize) -> u32 {
        self.firsts[rule]
    }

    /// The rule of a numbered block.
    pub(super) fn rule_of(&self, block: u32) -> usize {
        self.firsts.partition_point(|first| *first <= block) - 1
    }

    /// The list rows of a numbered block, in order.
    pub(super) fn rows(&self, block: u32) -> &[u32] {
        let rule = self.rule_of(block);
        self.rules[rule].rows(block - self.firsts[rule])
    }

    /// Registry rows counted in a numbered block.
    pub(super) fn counted(&self, block: u32) -> u64 {
        let rule = self.rule_of(block);
        self.rules[rule].counted(block - self.firsts[rule])
    }

    pub(super) fn settle(&self) {
        self.settled.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled.load(Ordering::Relaxed)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.rules.iter().map(RuleIndex::memory_bytes).sum()
    }
}

#[cfg(test)]
mod tests {
    use milaan_kernels::hash::hash64;

    use super::*;

    #[test]
    fn what_went_in_is_found_and_nothing_else() {
        for keys in [0_u32, 1, 2, 3, 1000] {
            let mut builder = RuleBuilder::new();
            for row in 0..keys * 2 {
                let hash = hash64(3, &(row % keys.max(1)).to_le_bytes());
                builder.push(hash, row);
                builder.push(hash, row);
            }
            let index = builder.finish().expect("few keys");
            assert_eq!((index.blocks(), index.keys()), (keys as usize, keys as usize * 2));
            let mut passed = 0;
            for key in 0..keys + 1000 {
                let hash = hash64(3, &key.to_le_bytes());
                let block = index.block(hash);
                assert_eq!(block.is_some(), key < keys);
                passed += u32::from(index.may_have(hash) && key >= keys);
                if let Some(block) = block {
                    assert!(index.may_have(hash));
                    assert_eq!(index.rows(block), [key, key + keys]);
                    assert_eq!((index.count(block), index.counted(block)), (1, 1));
                }
            }
            assert!(passed < 100, "{passed} of 1000 absent keys passed the filter of {keys}");
        }
    }

    #[test]
    fn blocks_are_numbered_through() {
        let builders = [2_u64, 0, 3].map(|keys| {
            let mut builder = RuleBuilder::new();
            (0..keys).for_each(|key| builder.push(key << 60, 0));
            builder
        });
        let index = KeyIndex::of(builders.into(), 2).expect("few keys");
        let rules: Vec<usize> = (0..5).map(|block| index.rule_of(block)).collect();
        assert_eq!(rules, [0, 0, 2, 2, 2]);
        assert_eq!(index.first_block(2), 2);
    }
}
