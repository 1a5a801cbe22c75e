//! One thread's pass over part of the registry.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take};
use arrow::datatypes::DataType;

use super::column::{Cells, Class, Side};
use super::compare::Comparer;
use super::compiled::Keep;
use super::error::Error;
use super::features::{FeatureColumns, Row, Texts};
use super::keys::BatchKeys;
use super::list::{ListIndex, column_names, note_classes};
use super::room::{add, room};

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
    /// Comparisons of names, texts and seals that the bound did not save.
    pub costly_comparisons: u64,
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
        self.costly_comparisons += other.costly_comparisons;
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

/// Registry rows worked on at a time: the features of the list rows they meet stay in the processor's cache.
const CHUNK_ROWS: usize = 512;
/// List rows met at a time, but for what one registry row meets: however large blocks are, the chunk takes no more memory.
const HITS: usize = 1 << 15;

/// A registry row (of the batch) and a list row in one number, so that hits sort by both; and the numbered block of both.
type Hit = (u64, u32);

fn hit(row: u32, list_row: u32, block: u32) -> Hit {
    (u64::from(row) << 32 | u64::from(list_row), block)
}

fn rows_of(hit: Hit) -> (usize, u32) {
    ((hit.0 >> 32) as usize, hit.0 as u32)
}

/// Rows carried that are put together at a time.
const CARRIED_ROWS: usize = 1 << 14;

/// One thread's pass over part of the registry.
#[derive(Debug)]
pub struct Worker {
    index: Arc<ListIndex>,
    comparer: Comparer,
    kept: Kept,
    stats: Stats,
    key_classes: Vec<Class>,
    classes: Vec<Class>,
    /// Of a rule: registry row of the batch, and the hash of a key it has.
    keys: Vec<(u32, u64)>,
    /// Of a rule: registry row of the batch, and a block it belongs to.
    found: Vec<(u32, u32)>,
    /// Of the chunk: registry row of the batch, and the numbered blocks that it searches.
    met: Vec<(u32, u32)>,
    hits: Vec<Hit>,
    /// Of the last batches: the rows carried.
    fresh: Vec<RecordBatch>,
    stop: Arc<AtomicBool>,
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
            keys: Vec::new(),
            found: Vec::new(),
            met: Vec::new(),
            hits: Vec::new(),
            fresh: Vec::new(),
            stop: Arc::default(),
            index,
        }
    }

    /// A worker that gives up, with [`Error::Stopped`], within some milliseconds of this being set: a batch may meet millions of
    /// list rows.
    #[must_use]
    pub fn stopped_by(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Compares a batch of registry rows with the list. It needs the columns `Compiled::registry_columns` says, in any order.
    /// After an error the worker's pairs are void.
    pub fn probe(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let index = Arc::clone(&self.index);
        let keys = index.compiled.keys.of_batch(batch, Side::Registry)?;
        let names = column_names(&index.compiled).0;
        note_classes(&mut self.key_classes, keys.classes(), &names, Side::Registry)?;
        let columns = self.feature_columns(batch, &keys)?;
        let refs = Cells::text(batch, Side::Registry, "resident_ref")?;
        let mut kept_rows = Vec::new();
        for start in (0..batch.num_rows()).step_by(CHUNK_ROWS) {
            let rows = start..batch.num_rows().min(start + CHUNK_ROWS);
            self.gather(&index, &keys, rows);
            self.compare(&index, columns.as_ref(), &refs, &mut kept_rows)?;
        }
        self.stats.rows += batch.num_rows() as u64;
        let limit = u64::from(u32::MAX);
        let found = self.kept.resident_refs.len() as u64;
        if found >= limit {
            return Err(Error::Limit { what: "residents kept by one worker", found, limit });
        }
        self.carry(batch, kept_rows)
    }

    fn feature_columns(
        &mut self,
        batch: &RecordBatch,
        keys: &BatchKeys,
    ) -> Result<Option<FeatureColumns>, Error> {
        let compiled = &self.index.compiled;
        if compiled.keep == Keep::Nothing {
            return Ok(None);
        }
        let columns = FeatureColumns::of(compiled, batch, keys, Side::Registry)?;
        let names = column_names(compiled).1;
        note_classes(&mut self.classes, columns.classes(), &names, Side::Registry)?;
        self.comparer.set_classes(compiled, &self.classes);
        Ok(Some(columns))
    }

    /// The blocks that some registry rows search, by row. A registry row counts once in each of its blocks, and searches those
    /// that are not over-full. Rule by rule, so that its bitmap stays in the cache.
    fn gather(&mut self, index: &ListIndex, keys: &BatchKeys, rows: Range<usize>) {
        let settled = index.keys.is_settled();
        self.met.clear();
        for (rule, blocks) in index.keys.rules.iter().enumerate() {
            self.keys.clear();
            keys.of_rule(&index.compiled.keys.rules, rule, rows.clone(), &mut self.keys);
            self.stats.keys_probed += self.keys.len() as u64;
            blocks.retain_possible(&mut self.keys);
            self.stats.keys_passed += self.keys.len() as u64;
            self.found.clear();
            blocks.find(&self.keys, &mut self.found);
            self.found.sort_unstable();
            self.found.dedup();
            blocks.touch(&self.found);
            let max = index.compiled.keys.rules[rule].block_rows_max;
            let first = index.keys.first_block(rule);
            for (row, block) in &self.found {
                let counted = if settled { blocks.counted(*block) } else { blocks.count(*block) };
                if counted <= max {
                    self.met.push((*row, first + block));
                }
            }
        }
        self.met.sort_unstable();
    }

    /// The list rows met by the first of these rows, in order; how many blocks that took.
    fn expand(&mut self, index: &ListIndex, met: &[(u32, u32)]) -> usize {
        self.hits.clear();
        let mut taken = 0;
        for of_row in met.chunk_by(|a, b| a.0 == b.0) {
            for (row, block) in of_row {
                let rows = index.keys.rows(*block).iter();
                self.hits.extend(rows.map(|list_row| hit(*row, *list_row, *block)));
            }
            taken += of_row.len();
            if self.hits.len() >= HITS {
                break;
            }
        }
        self.stats.hits += self.hits.len() as u64;
        self.hits.sort_unstable();
        taken
    }

    /// Compares the pairs of the blocks gathered, each once.
    fn compare(
        &mut self,
        index: &ListIndex,
        columns: Option<&FeatureColumns>,
        refs: &Cells,
        kept_rows: &mut Vec<u32>,
    ) -> Result<(), Error> {
        let met = std::mem::take(&mut self.met);
        let mut rest = met.as_slice();
        while !rest.is_empty() {
            rest = &rest[self.expand(index, rest)..];
            let hits = std::mem::take(&mut self.hits);
            if columns.is_some() {
                index.features.touch(hits.iter().map(|hit| rows_of(*hit).1));
            }
            for of_row in hits.chunk_by(|a, b| rows_of(*a).0 == rows_of(*b).0) {
                if self.stop.load(Ordering::Relaxed) {
                    return Err(Error::Stopped);
                }
                let row = rows_of(of_row[0]).0;
                let column = "resident_ref";
                let missing = Error::KeyMissing { side: Side::Registry.name(), column };
                let reference = refs.text_at(row).ok_or(missing)?;
                let columns = columns.map(|columns| columns.row(row));
                if self.compare_row(index, columns, of_row, reference) {
                    self.kept.resident_refs.push(reference);
                    kept_rows.push(row as u32);
                }
            }
            self.hits = hits;
        }
        self.met = met;
        Ok(())
    }

    /// Compares a registry row with the list rows it meets; whether a pair was kept.
    fn compare_row(
        &mut self,
        index: &ListIndex,
        row: Option<Row<'_>>,
        hits: &[Hit],
        reference: &str,
    ) -> bool {
        let resident = self.kept.resident_refs.len() as u32;
        if let Some(row) = row {
            self.comparer.take(&index.compiled, row);
        }
        let mut any = false;
        for own in hits.chunk_by(|a, b| a.0 == b.0) {
            let list_row = rows_of(own[0]).1;
            let record_id = || index.features.record_ids.get(list_row as usize);
            if index.compiled.same_records && record_id() >= reference {
                continue;
            }
            self.stats.pairs_compared += 1;
            self.stats.pairs_by_rule[index.keys.rule_of(own[0].1)] += 1;
            let Some(row) = row else { continue };
            if self.comparer.pair(&index.compiled, &index.features, row, list_row) {
                any = true;
                self.keep(list_row, resident, own);
            }
        }
        any
    }

    /// Keeps the pair that was compared last.
    fn keep(&mut self, list_row: u32, resident: u32, hits: &[Hit]) {
        self.stats.pairs_kept += 1;
        let kept = &mut self.kept;
        add(&mut kept.list_rows, &[list_row]);
        add(&mut kept.residents, &[resident]);
        add(&mut kept.levels, self.comparer.levels());
        kept.hits.reserve_exact(room(kept.hits.len(), kept.hits.capacity(), hits.len()));
        kept.hits.extend(hits.iter().map(|hit| hit.1));
        add(&mut kept.hit_ends, &[kept.hits.len()]);
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
        self.fresh.push(batch.map_err(|error| Error::build(&error))?);
        if self.fresh.iter().map(RecordBatch::num_rows).sum::<usize>() >= CARRIED_ROWS {
            self.pack()?;
        }
        Ok(())
    }

    /// Puts the rows carried of the last batches together: what is taken of a batch has more room than it needs.
    fn pack(&mut self) -> Result<(), Error> {
        let Some(first) = self.fresh.first() else { return Ok(()) };
        let together = concat_batches(&first.schema(), &self.fresh);
        self.kept.carried.push(together.map_err(|error| Error::build(&error))?);
        self.fresh.clear();
        Ok(())
    }

    /// Bytes held by what was kept and by caches.
    pub fn memory_bytes(&self) -> usize {
        let fresh = self.fresh.iter().map(RecordBatch::get_array_memory_size).sum::<usize>();
        self.kept.memory_bytes() + fresh + self.comparer.memory_bytes()
    }

    /// What was done so far.
    pub fn stats(&self) -> Stats {
        Stats { costly_comparisons: self.comparer.costly_comparisons(), ..self.stats.clone() }
    }

    /// What was kept.
    pub fn finish(mut self) -> Result<WorkerResult, Error> {
        self.pack()?;
        Ok(WorkerResult { stats: self.stats(), kept: self.kept })
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
        let keys = index.compiled.keys.of_batch(batch, Side::Registry)?;
        let Some(columns) = self.feature_columns(batch, &keys)? else { return Ok(()) };
        let refs = Cells::text(batch, Side::Registry, "resident_ref")?;
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
                if self.comparer.pair(&index.compiled, &index.features, of_row, list_row as u32) {
                    tell(list_row, row, self.comparer.levels());
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
