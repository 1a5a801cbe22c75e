//! One thread's pass over part of the registry.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::DataType;

use super::column::{Cells, Class, Side};
use super::compare::{Comparer, Levels};
use super::compiled::Keep;
use super::error::Error;
use super::features::{FeatureColumns, Texts};
use super::list::{ListIndex, column_names, note_classes};

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    /// Registry rows seen.
    pub rows: u64,
    /// Keys looked up.
    pub keys_probed: u64,
    /// Keys that passed the bitmap.
    pub keys_passed: u64,
    /// List rows found by a key, before a pair found by several is taken once. Blocks known to be over-full by then are left out.
    pub hits: u64,
    /// Pairs found, each once.
    pub pairs_compared: u64,
    /// Pairs kept before all over-full blocks were known.
    pub pairs_kept: u64,
    /// Pairs found, by the first rule that found them. Exact on an index that [`ListIndex::settle`] was called on; else pairs of
    /// blocks that turned out over-full later are among them.
    pub pairs_by_rule: Vec<u64>,
}

impl Stats {
    /// Adds another's.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.keys_probed += other.keys_probed;
        self.keys_passed += other.keys_passed;
        self.hits += other.hits;
        self.pairs_compared += other.pairs_compared;
        self.pairs_kept += other.pairs_kept;
        self.pairs_by_rule.resize(self.pairs_by_rule.len().max(other.pairs_by_rule.len()), 0);
        for (sum, one) in self.pairs_by_rule.iter_mut().zip(&other.pairs_by_rule) {
            *sum += one;
        }
    }
}

/// Pairs kept, with every block that found them: which of them counts is known when all workers have ended.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) list_rows: Vec<u32>,
    pub(super) residents: Vec<u32>,
    /// End of each pair's blocks.
    hit_ends: Vec<usize>,
    hits: Vec<u32>,
    /// Levels, as many a pair as the model has comparisons.
    levels: Vec<u8>,
    pub(super) resident_refs: Texts,
    pub(super) carried: Vec<RecordBatch>,
}

impl Kept {
    pub(super) fn blocks(&self, pair: usize) -> &[u32] {
        let start = if pair == 0 { 0 } else { self.hit_ends[pair - 1] };
        &self.hits[start..self.hit_ends[pair]]
    }

    pub(super) fn levels(&self, pair: usize, comparisons: usize) -> &[u8] {
        &self.levels[pair * comparisons..(pair + 1) * comparisons]
    }

    fn memory_bytes(&self) -> usize {
        (self.list_rows.capacity() + self.residents.capacity() + self.hits.capacity()) * 4
            + self.hit_ends.capacity() * size_of::<usize>()
            + self.levels.capacity()
            + self.resident_refs.memory_bytes()
            + self.carried.iter().map(RecordBatch::get_array_memory_size).sum::<usize>()
    }
}

/// What one worker kept.
#[derive(Debug)]
pub struct WorkerResult {
    pub(super) kept: Kept,
    pub(super) stats: Stats,
}

/// One thread's pass over part of the registry.
#[derive(Debug)]
pub struct Worker {
    index: Arc<ListIndex>,
    comparer: Comparer,
    kept: Kept,
    stats: Stats,
    key_classes: Vec<Class>,
    classes: Vec<Class>,
    /// Of the batch: registry row and numbered block, in the order of rows, by rule.
    found: Vec<Vec<(u32, u32)>>,
    passed: Vec<(u32, u64)>,
    /// Of the row: list row and numbered block.
    hits: Vec<(u32, u32)>,
}

impl Worker {
    /// A worker on an index.
    pub fn new(index: Arc<ListIndex>) -> Self {
        let compiled = Arc::clone(&index.compiled);
        let rules = compiled.keys.rules.len();
        Self {
            comparer: Comparer::new(&compiled, &index.features),
            kept: Kept::default(),
            stats: Stats { pairs_by_rule: vec![0; rules], ..Stats::default() },
            key_classes: index.key_classes.clone(),
            classes: index.features.classes.clone(),
            found: vec![Vec::new(); rules],
            passed: Vec::new(),
            hits: Vec::new(),
            index,
        }
    }

    /// Compares a batch of registry rows with the list. It needs the columns `Compiled::registry_columns` says, in any order.
    /// After an error the worker's pairs are void.
    pub fn probe(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let index = Arc::clone(&self.index);
        self.find_blocks(&index, batch)?;
        let columns = self.feature_columns(batch)?;
        let refs = Cells::text(batch, Side::Registry, "resident_ref")?;
        let mut places = vec![0; self.found.len()];
        let mut kept_rows = Vec::new();
        for row in 0..batch.num_rows() {
            self.hits.clear();
            self.gather(&index, row as u32, &mut places);
            if self.hits.is_empty() {
                continue;
            }
            let reference = refs
                .text_at(row)
                .ok_or(Error::KeyMissing { side: Side::Registry.name(), column: "resident_ref" })?;
            if self.compare_row(&index, columns.as_ref(), row, reference) {
                self.kept.resident_refs.push(reference);
                kept_rows.push(row as u32);
            }
        }
        self.stats.rows += batch.num_rows() as u64;
        let limit = u64::from(u32::MAX);
        let found = self.kept.resident_refs.len() as u64;
        if found >= limit {
            return Err(Error::Limit { what: "residents kept by one worker", found, limit });
        }
        self.carry(batch, kept_rows)
    }

    /// The blocks of each row of the batch, rule by rule, so that a rule's bitmap stays in the cache.
    fn find_blocks(&mut self, index: &ListIndex, batch: &RecordBatch) -> Result<(), Error> {
        let plan = &index.compiled.keys;
        let keys = plan.of_batch(batch, Side::Registry)?;
        let names = column_names(&index.compiled).0;
        note_classes(&mut self.key_classes, keys.classes(), &names, Side::Registry)?;
        for (rule, blocks) in index.keys.rules.iter().enumerate() {
            let (passed, probed) = (&mut self.passed, &mut self.stats.keys_probed);
            passed.clear();
            for row in 0..batch.num_rows() {
                keys.each(&plan.rules, rule, row, &mut |hash| {
                    *probed += 1;
                    if blocks.may_have(hash) {
                        passed.push((row as u32, hash));
                    }
                });
            }
            self.stats.keys_passed += passed.len() as u64;
            let first = index.keys.first_block(rule);
            let found = &mut self.found[rule];
            found.clear();
            for (row, hash) in passed {
                if let Some(block) = blocks.block(*hash) {
                    found.push((*row, first + block));
                }
            }
        }
        Ok(())
    }

    fn feature_columns(&mut self, batch: &RecordBatch) -> Result<Option<FeatureColumns>, Error> {
        let compiled = &self.index.compiled;
        if compiled.keep == Keep::Nothing {
            return Ok(None);
        }
        let columns = FeatureColumns::of(compiled, batch, Side::Registry)?;
        let names = column_names(compiled).1;
        note_classes(&mut self.classes, columns.classes(), &names, Side::Registry)?;
        self.comparer.set_classes(compiled, &self.classes);
        Ok(Some(columns))
    }

    /// The list rows that a registry row meets, and where: it counts once in each of its blocks, and searches those that are not
    /// over-full.
    fn gather(&mut self, index: &ListIndex, row: u32, places: &mut [usize]) {
        let settled = index.keys.is_settled();
        for (rule, found) in self.found.iter_mut().enumerate() {
            let start = places[rule];
            let count = found[start..].iter().take_while(|(of, _)| *of == row).count();
            if count == 0 {
                continue;
            }
            places[rule] += count;
            let own = &mut found[start..start + count];
            own.sort_unstable();
            let (blocks, first) = (&index.keys.rules[rule], index.keys.first_block(rule));
            let max = index.compiled.keys.rules[rule].block_rows_max;
            let mut before = None;
            for (_, numbered) in own.iter() {
                if before.replace(*numbered) == Some(*numbered) {
                    continue;
                }
                let block = numbered - first;
                let counted = if settled { blocks.counted(block) } else { blocks.count(block) };
                if counted <= max {
                    let rows = blocks.rows(block);
                    self.hits.extend(rows.iter().map(|list_row| (*list_row, *numbered)));
                }
            }
        }
        self.stats.hits += self.hits.len() as u64;
    }

    /// Compares a registry row with the list rows it meets; whether a pair was kept.
    fn compare_row(
        &mut self,
        index: &ListIndex,
        columns: Option<&FeatureColumns>,
        row: usize,
        reference: &str,
    ) -> bool {
        let resident = self.kept.resident_refs.len() as u32;
        let mut hits = std::mem::take(&mut self.hits);
        hits.sort_unstable();
        let row = columns.map(|columns| columns.row(row));
        if let Some(row) = row {
            self.comparer.take(&index.compiled, row);
        }
        let mut any = false;
        for own in hits.chunk_by(|a, b| a.0 == b.0) {
            let list_row = own[0].0;
            let record_id = || index.features.record_ids.get(list_row as usize);
            if index.compiled.same_records && record_id() >= reference {
                continue;
            }
            self.stats.pairs_compared += 1;
            self.stats.pairs_by_rule[index.keys.rule_of(own[0].1)] += 1;
            let Some(row) = row else { continue };
            if let Some(levels) =
                self.comparer.pair(&index.compiled, &index.features, row, list_row)
            {
                any = true;
                self.keep(index, list_row, resident, &levels, own);
            }
        }
        self.hits = hits;
        any
    }

    fn keep(
        &mut self,
        index: &ListIndex,
        list_row: u32,
        resident: u32,
        levels: &Levels,
        hits: &[(u32, u32)],
    ) {
        self.stats.pairs_kept += 1;
        self.kept.list_rows.push(list_row);
        self.kept.residents.push(resident);
        self.kept.levels.extend_from_slice(&levels[..index.compiled.comparisons.len()]);
        self.kept.hits.extend(hits.iter().map(|hit| hit.1));
        self.kept.hit_ends.push(self.kept.hits.len());
    }

    /// Copies the carried columns of the rows in a pair.
    fn carry(&mut self, batch: &RecordBatch, rows: Vec<u32>) -> Result<(), Error> {
        let carried = &self.index.compiled.carried;
        if carried.is_empty() || rows.is_empty() {
            return Ok(());
        }
        let rows = UInt32Array::from(rows);
        let mut columns: Vec<(&str, ArrayRef, bool)> = Vec::new();
        for name in carried {
            let column = batch.column_by_name(name).ok_or_else(|| Error::ColumnMissing {
                side: Side::Registry.name(),
                column: name.clone(),
            })?;
            let taken = take(column, &rows, None).map_err(|error| Error::build(&error))?;
            columns.push((name, compact(taken), true));
        }
        let batch = RecordBatch::try_from_iter_with_nullable(columns);
        self.kept.carried.push(batch.map_err(|error| Error::build(&error))?);
        Ok(())
    }

    /// Bytes held by what was kept and by caches.
    pub fn memory_bytes(&self) -> usize {
        self.kept.memory_bytes() + self.comparer.memory_bytes()
    }

    /// What was done so far.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// What was kept.
    pub fn finish(self) -> WorkerResult {
        WorkerResult { kept: self.kept, stats: self.stats }
    }

    /// Tells the levels of every row of a batch with the list rows wanted (of two records of one list once): (list row, registry row, a level a comparison). Blocks and
    /// weights do not count; on an index made with [`Keep::Useful`] pairs too light to be kept are left out.
    pub fn each_pair(
        &mut self,
        batch: &RecordBatch,
        list_rows: std::ops::Range<usize>,
        tell: &mut dyn FnMut(usize, usize, &[u8]),
    ) -> Result<(), Error> {
        let index = Arc::clone(&self.index);
        let Some(columns) = self.feature_columns(batch)? else { return Ok(()) };
        let refs = Cells::text(batch, Side::Registry, "resident_ref")?;
        let count = index.compiled.comparisons.len();
        for row in 0..batch.num_rows() {
            let of_row = columns.row(row);
            self.comparer.take(&index.compiled, of_row);
            for list_row in list_rows.clone() {
                let record_id = index.features.record_ids.get(list_row);
                if index.compiled.same_records
                    && refs.text_at(row).is_none_or(|one| record_id >= one)
                {
                    continue;
                }
                if let Some(levels) =
                    self.comparer.pair(&index.compiled, &index.features, of_row, list_row as u32)
                {
                    tell(list_row, row, &levels[..count]);
                }
            }
        }
        Ok(())
    }
}

/// Lets go of the batch that a taken view column still points into.
fn compact(array: ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Utf8View => Arc::new(array.as_string_view().gc()),
        DataType::BinaryView => Arc::new(array.as_binary_view().gc()),
        _ => array,
    }
}
