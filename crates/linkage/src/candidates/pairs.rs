//! The pairs that stand, as numbers into the records and the residents that are in any: free of the index they were found with.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, RecordBatch, StringArray, StringBuilder, UInt32Array,
};
use arrow::compute::{interleave, take};
use arrow::datatypes::Schema;
use arrow::error::ArrowError;
use milaan_kernels::hash::hash64;

use super::compiled::Compiled;
use super::error::Error;
use super::found::{Found, match_probability};

/// Pairs of a record and a resident, by (`record_id`, `resident_ref`).
#[derive(Debug)]
pub struct Pairs {
    compiled: Arc<Compiled>,
    /// Different records, in order.
    records: StringArray,
    /// Different residents by `resident_ref`, and the columns carried.
    residents: RecordBatch,
    /// Places of record and resident in the two.
    pairs: Vec<(u32, u32)>,
    rules: Vec<u8>,
    levels: Vec<u8>,
}

impl Found {
    /// The pairs by number. Of rows that share a `resident_ref` the first counts.
    pub fn into_pairs(self) -> Result<Pairs, Error> {
        let build = |error| Error::build(&error);
        let compiled = Arc::clone(self.index.compiled());
        let residents = self.pairs.iter().map(|pair| pair.order.1 as usize + 1).max().unwrap_or(0);
        // The first row of each resident, among those of all workers laid end to end.
        let mut rows = vec![u32::MAX; residents];
        let mut starts = vec![0];
        for result in &self.results {
            starts.push(starts[starts.len() - 1] + result.kept.resident_refs.len());
        }
        let mut records = StringBuilder::new();
        let mut levels = Vec::with_capacity(self.pairs.len() * compiled.comparisons.len());
        let mut known = 0;
        for pair in &self.pairs {
            if pair.order.0 == known {
                records.append_value(self.index.features.record_ids.get(self.list_row(pair)));
                known += 1;
            }
            let row = (starts[pair.worker as usize] + self.resident(pair).1) as u32;
            let first = &mut rows[pair.order.1 as usize];
            *first = row.min(*first);
            levels.extend_from_slice(self.levels(pair));
        }
        let records = records.finish();
        let refs = rows.iter().map(|row| {
            let worker = part_of(&starts, *row as usize);
            self.results[worker].kept.resident_refs.get(*row as usize - starts[worker])
        });
        let refs: ArrayRef = Arc::new(StringArray::from_iter_values(refs));
        let rules = self.pairs.iter().map(|pair| pair.rule).collect();
        let pairs = self.pairs.iter().map(|pair| pair.order).collect();
        let mut parts = Vec::new();
        let Self { results, index, .. } = self;
        drop(index);
        parts.extend(results.into_iter().flat_map(|result| result.kept.carried));
        let mut columns = vec![("resident_ref", refs, true)];
        let carried = gather(parts, &rows).map_err(build)?;
        for (name, column) in compiled.carried.iter().zip(carried) {
            columns.push((name, column, true));
        }
        let residents = RecordBatch::try_from_iter_with_nullable(columns).map_err(build)?;
        Ok(Pairs { compiled, records, residents, pairs, rules, levels })
    }
}

impl Pairs {
    /// The pairs of several passes as those of one. `None`: there was no pass.
    pub fn together(mut passes: Vec<Self>) -> Result<Option<Self>, Error> {
        if passes.len() < 2 {
            return Ok(passes.pop());
        }
        let build = |error| Error::build(&error);
        // A pass that found nothing carries no columns.
        passes.sort_by_key(|one| one.rows() == 0);
        passes.truncate(passes.iter().filter(|one| one.rows() > 0).count().max(1));
        let compiled = Arc::clone(&passes[0].compiled);
        let refs: Vec<&dyn Array> =
            passes.iter().map(|one| one.residents.column(0).as_ref()).collect();
        let refs = arrow::compute::concat(&refs).map_err(build)?;
        let (rows, of_resident) = in_order(refs.as_string::<i32>());
        drop(refs);
        let schema = passes[0].residents.schema();
        let of_passes: Vec<usize> = passes.iter().map(|one| one.residents.num_rows()).collect();
        let empty = || RecordBatch::new_empty(Arc::new(Schema::empty()));
        let residents = passes.iter_mut().map(|one| std::mem::replace(&mut one.residents, empty()));
        let residents = gather(residents.collect(), rows.values()).map_err(build)?;
        let residents = RecordBatch::try_new(schema, residents).map_err(build)?;
        let records: Vec<&dyn Array> =
            passes.iter().map(|one| &one.records as &dyn Array).collect();
        let records = arrow::compute::concat(&records).map_err(build)?;
        let (rows, of_record) = in_order(records.as_string::<i32>());
        let records = take(&records, &rows, None).map_err(build)?.as_string::<i32>().clone();
        let width = compiled.comparisons.len();
        let mut order = Vec::new();
        let mut starts = (0, 0);
        for (pass, one) in passes.iter().enumerate() {
            let numbered = one.pairs.iter().enumerate().map(|(at, (record, resident))| {
                let record = of_record[starts.0 + *record as usize];
                ((record, of_resident[starts.1 + *resident as usize]), pass, at)
            });
            order.extend(numbered);
            starts = (starts.0 + one.records.len(), starts.1 + of_passes[pass]);
        }
        order.sort_unstable();
        let mut levels = Vec::with_capacity(order.len() * width);
        for (_, pass, at) in &order {
            levels.extend_from_slice(passes[*pass].levels(*at));
        }
        let rules = order.iter().map(|(_, pass, at)| passes[*pass].rules[*at]).collect();
        let pairs = order.iter().map(|(pair, ..)| *pair).collect();
        Ok(Some(Self { compiled, records, residents, pairs, rules, levels }))
    }

    /// Bytes held.
    pub fn memory_bytes(&self) -> usize {
        self.records.get_array_memory_size()
            + self.residents.get_array_memory_size()
            + self.pairs.capacity() * size_of::<(u32, u32)>()
            + self.rules.capacity()
            + self.levels.capacity()
    }

    /// Lets all carried columns go but this one, if residents carry it; the bytes that are free now.
    pub fn carry_only(&mut self, column: &str) -> usize {
        let before = self.memory_bytes();
        let schema = self.residents.schema();
        let kept = [Some(0), schema.index_of(column).ok()].into_iter().flatten();
        if let Ok(residents) = self.residents.project(&kept.collect::<Vec<_>>()) {
            self.residents = residents;
        }
        before.saturating_sub(self.memory_bytes())
    }

    /// Number of pairs.
    pub fn rows(&self) -> usize {
        self.pairs.len()
    }

    /// The records that are in a pair, each once, in order.
    pub fn records(&self) -> &StringArray {
        &self.records
    }

    /// The residents that are in a pair, each once, by `resident_ref`: it, and the columns carried.
    pub fn residents(&self) -> &RecordBatch {
        &self.residents
    }

    /// A pair's places in [`Self::records`] and [`Self::residents`].
    pub fn places(&self, pair: usize) -> (usize, usize) {
        let (record, resident) = self.pairs[pair];
        (record as usize, resident as usize)
    }

    /// The first pair of a place in [`Self::records`]; the end for the place behind the last.
    pub fn first_of(&self, place: usize) -> usize {
        self.pairs.partition_point(|(record, _)| (*record as usize) < place)
    }

    /// The name of the rule a pair was found by.
    pub fn rule(&self, pair: usize) -> &str {
        &self.compiled.keys.rules[usize::from(self.rules[pair])].name
    }

    /// A pair's levels, one a comparison; 0 is null.
    pub(crate) fn levels(&self, pair: usize) -> &[u8] {
        let width = self.compiled.comparisons.len();
        &self.levels[pair * width..(pair + 1) * width]
    }

    /// The chance that a pair is one person, as the weights file has it, and how many of its levels contradict.
    pub(crate) fn first_opinion(&self, pair: usize) -> (f64, i64) {
        let levels = self.levels(pair);
        (match_probability(self.compiled.weight_bits(levels)), self.compiled.identity(levels).1)
    }

    /// Where the pairs of each record are.
    pub fn by_record(&self) -> ByRecord {
        let mut starts: Vec<u32> = Vec::with_capacity(self.records.len() + 1);
        for (at, (record, _)) in self.pairs.iter().enumerate() {
            if *record as usize == starts.len() {
                starts.push(at as u32);
            }
        }
        starts.push(self.pairs.len() as u32);
        let mut slots = vec![0; (self.records.len() * 2).next_power_of_two()];
        let last = slots.len() - 1;
        for place in 0..self.records.len() {
            let mut slot = slot(self.records.value(place)) & last;
            while slots[slot] != 0 {
                slot = (slot + 1) & last;
            }
            slots[slot] = place as u32 + 1;
        }
        ByRecord { records: self.records.clone(), slots, starts }
    }

    /// Some pairs' columns `record_id`, `resident_ref` and `rule`.
    pub(crate) fn names(&self, pairs: Range<usize>) -> Result<[ArrayRef; 3], Error> {
        let of = |place: fn(&(u32, u32)) -> u32| {
            UInt32Array::from_iter_values(self.pairs[pairs.clone()].iter().map(place))
        };
        let build = |error| Error::build(&error);
        let rules = pairs.clone().map(|pair| self.rule(pair));
        Ok([
            take(&self.records, &of(|pair| pair.0), None).map_err(build)?,
            take(self.residents.column(0), &of(|pair| pair.1), None).map_err(build)?,
            Arc::new(StringArray::from_iter_values(rules)),
        ])
    }
}

/// Which of the parts laid end to end a row is in, by where they start.
fn part_of(starts: &[usize], row: usize) -> usize {
    starts.partition_point(|start| *start <= row) - 1
}

/// Some rows of all parts laid end to end, column by column: each column of the parts is freed as soon as it is copied.
fn gather(parts: Vec<RecordBatch>, rows: &[u32]) -> Result<Vec<ArrayRef>, ArrowError> {
    let mut starts = vec![0];
    let mut columns: Vec<Vec<ArrayRef>> = Vec::new();
    for part in parts {
        starts.push(starts[starts.len() - 1] + part.num_rows());
        let (_, of_part, _) = part.into_parts();
        columns.resize_with(of_part.len(), Vec::new);
        for (column, one) in columns.iter_mut().zip(of_part) {
            column.push(one);
        }
    }
    let place = |row: &u32| {
        let row = *row as usize;
        let part = part_of(&starts, row);
        (part, row - starts[part])
    };
    let places: Vec<(usize, usize)> = rows.iter().map(place).collect();
    let gathered = |column: Vec<ArrayRef>| {
        let parts: Vec<&dyn Array> = column.iter().map(AsRef::as_ref).collect();
        interleave(&parts, &places)
    };
    columns.into_iter().map(gathered).collect()
}

/// Places of different texts, in order: the rows to take, and for each row its place among them.
fn in_order(texts: &StringArray) -> (UInt32Array, Vec<u32>) {
    let mut rows: Vec<u32> = (0..texts.len() as u32).collect();
    rows.sort_by(|a, b| texts.value(*a as usize).cmp(texts.value(*b as usize)));
    let mut places = vec![0; rows.len()];
    let mut firsts: Vec<u32> = Vec::new();
    for row in rows {
        let text = texts.value(row as usize);
        if firsts.last().is_none_or(|before| texts.value(*before as usize) != text) {
            firsts.push(row);
        }
        places[row as usize] = firsts.len() as u32 - 1;
    }
    (UInt32Array::from(firsts), places)
}

/// The pairs of each record, by its id.
#[derive(Debug)]
pub struct ByRecord {
    records: StringArray,
    /// Place + 1 of a record at its slot or behind it; 0: free. Half of them are free.
    slots: Vec<u32>,
    starts: Vec<u32>,
}

fn slot(record_id: &str) -> usize {
    hash64(18, record_id.as_bytes()) as usize
}

impl ByRecord {
    /// The record's place in [`Pairs::records`]; `None`: it is in no pair.
    pub fn place(&self, record_id: &str) -> Option<usize> {
        let last = self.slots.len() - 1;
        let mut slot = slot(record_id) & last;
        while let Some(place) = (self.slots[slot] as usize).checked_sub(1) {
            if self.records.value(place) == record_id {
                return Some(place);
            }
            slot = (slot + 1) & last;
        }
        None
    }

    /// The pairs of a place.
    pub fn pairs(&self, place: usize) -> Range<u32> {
        self.starts[place]..self.starts[place + 1]
    }
}
