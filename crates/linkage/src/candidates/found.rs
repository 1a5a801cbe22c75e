//! The pairs, once all workers have ended: over-full blocks settled, rules named, in order.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef};

use milaan_kernels::hash::BuildHash64;

use super::error::Error;
use super::list::ListIndex;
use super::worker::{Stats, Worker, WorkerResult};
use crate::em::PatternCount;

/// Rows of a result batch at most.
const BATCH_ROWS: usize = 8192;

/// Over-full blocks of one rule that some list row would have searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverfullBlocks {
    /// The rule.
    pub rule: String,
    /// How many.
    pub blocks: u64,
    /// Registry rows of the largest; 0 if there is none.
    pub rows_max: u64,
}

/// A pair that stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    /// Place of its list row among those in pairs, by `record_id`, and of its resident, by `resident_ref`.
    pub(super) order: (u32, u32),
    pub(super) worker: u32,
    at: u32,
    pub(super) rule: u8,
}

/// The pairs.
#[derive(Debug)]
pub struct Found {
    pub(super) index: Arc<ListIndex>,
    pub(super) results: Vec<WorkerResult>,
    pub(super) pairs: Vec<Pair>,
}

/// Settles the over-full blocks and orders the pairs. All workers' results are needed, and no worker may still run.
///
/// # Panics
/// If a worker kept 2^32 pairs or more.
pub fn finish(index: &Arc<ListIndex>, results: Vec<WorkerResult>) -> Found {
    let mut found = Found { index: Arc::clone(index), results, pairs: Vec::new() };
    let mut pairs = Vec::new();
    for (worker, result) in found.results.iter().enumerate() {
        assert!(u32::try_from(result.kept.list_rows.len()).is_ok(), "fewer than 2^32 pairs");
        for at in 0..result.kept.list_rows.len() {
            if let Some(rule) = found.rules(worker, at).next() {
                let (worker, at) = (worker as u32, at as u32);
                pairs.push(Pair { order: (0, 0), worker, at, rule: rule as u8 });
            }
        }
    }
    let records = ranks(&pairs, |pair| {
        let row = found.list_row(pair);
        (row as u64, index.features.record_ids.get(row))
    });
    let residents = ranks(&pairs, |pair| {
        let (result, resident) = found.resident(pair);
        (u64::from(pair.worker) << 32 | resident as u64, result.kept.resident_refs.get(resident))
    });
    for (pair, order) in pairs.iter_mut().zip(records.into_iter().zip(residents)) {
        pair.order = order;
    }
    pairs.sort_unstable_by_key(|pair| pair.order);
    found.pairs = pairs;
    found
}

/// For each pair the place of its text among all different rows' texts. Equal texts of different rows share a place.
fn ranks<'a>(pairs: &[Pair], row: impl Fn(&Pair) -> (u64, &'a str)) -> Vec<u32> {
    let mut rows: Vec<(&str, u64)> = Vec::new();
    let mut seen: HashMap<u64, u32, BuildHash64> = HashMap::default();
    for pair in pairs {
        let (number, text) = row(pair);
        seen.entry(number).or_insert_with(|| {
            rows.push((text, number));
            0
        });
    }
    rows.sort_unstable();
    let mut rank = 0;
    for (at, (text, number)) in rows.iter().enumerate() {
        if at > 0 && rows[at - 1].0 != *text {
            rank += 1;
        }
        seen.insert(*number, rank);
    }
    pairs.iter().map(|pair| seen.get(&row(pair).0).copied().unwrap_or_default()).collect()
}

impl Found {
    /// The rules by which a pair stands, in the model's order: those whose block with both rows is not over-full.
    fn rules(&self, worker: usize, at: usize) -> impl Iterator<Item = usize> + '_ {
        let blocks = self.results[worker].kept.blocks(at);
        blocks.iter().filter_map(|block| {
            let rule = self.index.keys.rule_of(*block);
            let max = self.index.compiled.keys.rules[rule].block_rows_max;
            (self.index.keys.counted(*block) <= max).then_some(rule)
        })
    }

    pub(super) fn list_row(&self, pair: &Pair) -> usize {
        self.results[pair.worker as usize].kept.list_rows[pair.at as usize] as usize
    }

    pub(super) fn resident(&self, pair: &Pair) -> (&WorkerResult, usize) {
        let result = &self.results[pair.worker as usize];
        (result, result.kept.residents[pair.at as usize] as usize)
    }

    pub(super) fn levels(&self, pair: &Pair) -> &[u8] {
        let count = self.index.compiled.comparisons.len();
        self.results[pair.worker as usize].kept.levels(pair.at as usize, count)
    }

    /// Number of pairs.
    pub fn rows(&self) -> u64 {
        self.pairs.len() as u64
    }

    /// The pairs as the view `pairs` has them, by (record_id, resident_ref), in batches of at most 8192 rows.
    pub fn batches(&self) -> impl Iterator<Item = Result<RecordBatch, Error>> + '_ {
        self.pairs.chunks(BATCH_ROWS).map(|pairs| self.batch(pairs))
    }

    fn batch(&self, pairs: &[Pair]) -> Result<RecordBatch, Error> {
        let compiled = &self.index.compiled;
        let texts = |text: &dyn Fn(&Pair) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(pairs.iter().map(text)))
        };
        let units: Vec<i64> = pairs.iter().map(|pair| compiled.weight(self.levels(pair))).collect();
        let weights: Vec<f64> =
            pairs.iter().map(|pair| compiled.weight_bits(self.levels(pair))).collect();
        let judged: Vec<(bool, i64)> =
            pairs.iter().map(|pair| compiled.identity(self.levels(pair))).collect();
        let bands = units.iter().zip(&judged).map(|(weight, (identity, contradictions))| {
            compiled.band(*weight, *identity, *contradictions)
        });
        let ids = &self.index.features.record_ids;
        let columns: Vec<ArrayRef> = vec![
            texts(&|pair| ids.get(self.list_row(pair)).to_owned()),
            texts(&|pair| {
                let (result, resident) = self.resident(pair);
                result.kept.resident_refs.get(resident).to_owned()
            }),
            texts(&|pair| compiled.keys.rules[usize::from(pair.rule)].name.clone()),
            Arc::new(Float64Array::from_iter_values(weights.iter().copied())),
            Arc::new(Float64Array::from_iter_values(
                weights.iter().copied().map(match_probability),
            )),
            Arc::new(StringArray::from_iter_values(bands)),
            Arc::new(BooleanArray::from(judged.iter().map(|one| one.0).collect::<Vec<_>>())),
            Arc::new(Int64Array::from_iter_values(judged.iter().map(|one| one.1))),
            self.evidence(pairs)?,
        ];
        RecordBatch::try_new(pairs_schema(), columns).map_err(|error| Error::build(&error))
    }

    fn evidence(&self, pairs: &[Pair]) -> Result<ArrayRef, Error> {
        let comparisons = &self.index.compiled.comparisons;
        let levels_of = |pair| comparisons.iter().zip(self.levels(pair));
        let all: Vec<_> = pairs.iter().flat_map(levels_of).collect();
        let each = || all.iter().map(|(one, level)| (*one, **level));
        let names = each().map(|(one, _)| one.name.as_str());
        let levels = each().map(|(one, level)| one.levels[usize::from(level)].as_str());
        let weights = each().map(|(one, level)| one.bits[usize::from(level)]);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(names)),
            Arc::new(StringArray::from_iter_values(levels)),
            Arc::new(Float64Array::from_iter_values(weights)),
        ];
        let build = |error| Error::build(&error);
        let steps = StructArray::try_new(evidence_fields(), columns, None).map_err(build)?;
        let ends = OffsetBuffer::from_repeated_length(comparisons.len(), pairs.len());
        let lists = ListArray::try_new(evidence_item(), ends, Arc::new(steps), None);
        Ok(Arc::new(lists.map_err(build)?))
    }

    /// One row a rule, in the model's order.
    pub fn overfull_blocks(&self) -> Vec<OverfullBlocks> {
        let rules = self.index.compiled.keys.rules.iter().zip(&self.index.keys.rules);
        rules
            .map(|(plan, rule)| {
                let counts = (0..rule.blocks() as u32).map(|block| rule.counted(block));
                let (mut blocks, mut rows_max) = (0, 0);
                for count in counts.filter(|count| *count > plan.block_rows_max) {
                    blocks += 1;
                    rows_max = count.max(rows_max);
                }
                OverfullBlocks { rule: plan.name.clone(), blocks, rows_max }
            })
            .collect()
    }

    /// List rows met through each rule's blocks that are not over-full, in the model's order: pairs before those found by several
    /// rules are taken once.
    pub fn hits_by_rule(&self) -> Vec<u64> {
        let rules = self.index.compiled.keys.rules.iter().zip(&self.index.keys.rules);
        rules
            .map(|(plan, rule)| {
                let of_block = |block| match rule.counted(block) {
                    count if count <= plan.block_rows_max => count * rule.rows(block).len() as u64,
                    _ => 0,
                };
                (0..rule.blocks() as u32).map(of_block).sum()
            })
            .collect()
    }

    /// Pairs by the rule they were taken by, in the model's order.
    pub fn pairs_by_rule(&self) -> Vec<u64> {
        let mut counts = vec![0; self.index.compiled.keys.rules.len()];
        for pair in &self.pairs {
            counts[usize::from(pair.rule)] += 1;
        }
        counts
    }

    /// How often each pattern of levels occurs among the pairs that a rule finds, whichever rule took them; by pattern. Of all
    /// compared pairs with [`super::Keep::All`], else of those kept.
    pub fn patterns(&self, rule: usize) -> Vec<PatternCount> {
        let of_rule = self.pairs.iter().filter(|pair| {
            self.rules(pair.worker as usize, pair.at as usize).any(|found| found == rule)
        });
        counted(of_rule.map(|pair| self.levels(pair)))
    }

    /// What all workers did.
    pub fn stats(&self) -> Stats {
        let mut sum = Stats::default();
        self.results.iter().for_each(|result| sum.add(&result.stats));
        sum
    }
}

fn counted<'a>(patterns: impl Iterator<Item = &'a [u8]>) -> Vec<PatternCount> {
    let mut counts: BTreeMap<&[u8], u64> = BTreeMap::new();
    for pattern in patterns {
        *counts.entry(pattern).or_default() += 1;
    }
    let row = |(levels, pairs): (&[u8], u64)| PatternCount { levels: levels.to_vec(), pairs };
    counts.into_iter().map(row).collect()
}

/// How often each pattern of levels occurs among all pairs of a list row and a registry row, by pattern. The index has to be made
/// with [`super::Keep::All`].
pub fn cross_patterns(
    index: &Arc<ListIndex>,
    registry: &[RecordBatch],
) -> Result<Vec<PatternCount>, Error> {
    let mut worker = Worker::new(Arc::clone(index));
    let mut counts: HashMap<Vec<u8>, u64> = HashMap::new();
    for batch in registry {
        worker.each_pair(batch, 0..index.rows(), &mut |_, _, levels| {
            if let Some(count) = counts.get_mut(levels) {
                *count += 1;
            } else {
                counts.insert(levels.to_vec(), 1);
            }
        })?;
    }
    let mut patterns: Vec<PatternCount> =
        counts.into_iter().map(|(levels, pairs)| PatternCount { levels, pairs }).collect();
    patterns.sort_unstable_by(|a, b| a.levels.cmp(&b.levels));
    Ok(patterns)
}

/// The match probability of a match weight in bits, as SQL's `match_probability`: 2^w / (1 + 2^w).
pub fn match_probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}

fn evidence_fields() -> Fields {
    Fields::from(vec![
        Field::new("comparison", DataType::Utf8, true),
        Field::new("level", DataType::Utf8, true),
        Field::new("weight", DataType::Float64, true),
    ])
}

fn evidence_item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Struct(evidence_fields()), true))
}

/// The columns of [`Found::batches`].
pub fn pairs_schema() -> SchemaRef {
    let field = |name: &str, kind| Field::new(name, kind, true);
    Arc::new(Schema::new(vec![
        field("record_id", DataType::Utf8),
        field("resident_ref", DataType::Utf8),
        field("rule", DataType::Utf8),
        field("match_weight", DataType::Float64),
        field("match_probability", DataType::Float64),
        field("band", DataType::Utf8),
        field("identity", DataType::Boolean),
        field("contradictions", DataType::Int64),
        field("evidence", DataType::List(evidence_item())),
    ]))
}
