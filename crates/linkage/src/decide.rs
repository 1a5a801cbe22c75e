//! One answer a record, decided over arrays: what [`crate::answers`] says in SQL.
//!
//! The pairs come in the order of records and, within one, of residents; so the best of equals is the one with the first key.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, RecordBatch, StringArray,
};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema, SchemaRef};
use milaan_model::matching::MatchModel;

use crate::answers::{RELATIVE_MIN, needs_name};
use crate::candidates::column::{Cells, Side};
use crate::candidates::{ByRecord, Error, Pairs, match_probability};
use crate::households::Households;

/// A pair that is not in band `low`.
#[derive(Debug, Clone, Copy)]
struct Ranked {
    pair: u32,
    /// Bits.
    weight: f64,
    band: Band,
    is_uncontradicted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Band {
    Exact,
    High,
    Review,
}

impl Band {
    /// `None`: low.
    fn of(name: &str) -> Option<Self> {
        match name {
            "exact" => Some(Self::Exact),
            "high" => Some(Self::High),
            "review" => Some(Self::Review),
            _ => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::High => "high",
            Self::Review => "review",
        }
    }
}

impl Ranked {
    /// An id that nothing contradicts, then what nothing contradicts, then by weight.
    fn is_before(&self, other: &Self) -> bool {
        let rank = |one: &Self| (one.band == Band::Exact, one.is_uncontradicted);
        (rank(self), self.weight) > (rank(other), other.weight)
    }
}

/// What a record's pairs come to.
#[derive(Debug, Clone, Copy, Default)]
struct OfRecord {
    best: Option<Ranked>,
    second: Option<Ranked>,
    /// Its identity number is another person's.
    has_conflict: bool,
    /// The relative's place whose household is first in the order of texts.
    relative: Option<u32>,
}

/// Decides the answers of a list that is not the registry itself.
#[derive(Debug)]
pub struct Decider<'a> {
    pairs: &'a Pairs,
    model_id: String,
    margin: f64,
    needs_name: bool,
    records: Vec<OfRecord>,
    households: Option<StringArray>,
}

/// The columns of [`Decider::answer`]: those of the view `answers`.
pub fn answers_schema() -> SchemaRef {
    let field = |name: &str, kind| Field::new(name, kind, true);
    Arc::new(Schema::new(vec![
        field("record_id", DataType::Utf8),
        field("lookup", DataType::Utf8),
        field("resident_ref", DataType::Utf8),
        field("household_ref", DataType::Utf8),
        field("rule", DataType::Utf8),
        field("match_weight", DataType::Float64),
        field("match_probability", DataType::Float64),
        field("band", DataType::Utf8),
        field("id_conflict", DataType::Boolean),
        field("second_close", DataType::Boolean),
        field("model_id", DataType::Utf8),
    ]))
}

impl<'a> Decider<'a> {
    /// Nothing known yet. The residents of the pairs carry `household_ref`.
    pub fn new(model: &MatchModel, pairs: &'a Pairs) -> Self {
        let column = pairs.residents().column_by_name("household_ref");
        Self {
            pairs,
            model_id: model.id.to_string(),
            // As the SQL has it: with four decimals.
            margin: format!("{:.4}", model.bands.ambiguous_margin_bits).parse().unwrap_or(0.0),
            needs_name: needs_name(model),
            records: vec![OfRecord::default(); pairs.records().len()],
            households: column.and_then(|one| one.as_string_opt::<i32>().cloned()),
        }
    }

    fn household(&self, resident: usize) -> Option<&str> {
        let all = self.households.as_ref().filter(|all| all.is_valid(resident))?;
        Some(all.value(resident))
    }

    /// Takes weighed pairs in, from a pair on in their order; each is taken in once.
    pub fn push(&mut self, batch: &RecordBatch, first: usize) -> Result<(), Error> {
        let column = |name: &str| {
            let found = batch.column_by_name(name);
            found.ok_or_else(|| Error::ColumnMissing { side: "pairs", column: name.to_owned() })
        };
        let weights = column("match_weight")?.as_primitive::<Float64Type>();
        let bands = column("band")?.as_string::<i32>();
        let identities = column("identity")?.as_boolean();
        let contradictions = column("contradictions")?.as_primitive::<Int64Type>();
        let relatives = column("household_probability")?.as_primitive::<Float64Type>();
        for (row, pair) in (first..first + batch.num_rows()).enumerate() {
            let (record, resident) = self.pairs.places(pair);
            let (is_uncontradicted, is_relative) =
                (contradictions.value(row) == 0, relatives.value(row) >= RELATIVE_MIN);
            let ranked = Band::of(bands.value(row)).map(|band| Ranked {
                pair: pair as u32,
                weight: weights.value(row),
                band,
                is_uncontradicted,
            });
            let mut of_record = self.records[record];
            of_record.has_conflict |= identities.value(row) && (!is_uncontradicted || is_relative);
            if is_relative && let Some(household) = self.household(resident) {
                let known = of_record.relative.and_then(|known| self.household(known as usize));
                if known.is_none_or(|known| household < known) {
                    of_record.relative = Some(resident as u32);
                }
            }
            if let Some(one) = ranked {
                of_record.rank(one);
            }
            self.records[record] = of_record;
        }
        Ok(())
    }

    /// The answers of list rows, in their order: one each. The batch has `record_id`, `person_name`, `national_id_token` and the
    /// household keys.
    pub fn answer(
        &self,
        list: &RecordBatch,
        by_record: &ByRecord,
        households: &Households,
    ) -> Result<RecordBatch, Error> {
        let ids = Cells::text(list, Side::List, "record_id")?;
        let names = Cells::of(list, Side::List, "person_name")?;
        let numbers = Cells::of(list, Side::List, "national_id_token")?;
        let by_key = households.of(list)?;
        let mut answers = Answers::default();
        for (row, by_key) in by_key.into_iter().enumerate() {
            let id = ids
                .text_at(row)
                .ok_or(Error::KeyMissing { side: Side::List.name(), column: "record_id" })?;
            let of_record =
                by_record.place(id).map(|place| self.records[place]).unwrap_or_default();
            let is_empty = names.hash_at(row) == 0 && numbers.hash_at(row) == 0;
            let household =
                by_key.or_else(|| of_record.relative.and_then(|at| self.household(at as usize)));
            answers.ids.push(id);
            self.decide(&of_record, is_empty, household, &mut answers);
        }
        answers.finish(&self.model_id)
    }

    fn decide<'b>(
        &'b self,
        of_record: &OfRecord,
        is_empty: bool,
        household: Option<&'b str>,
        answers: &mut Answers<'b>,
    ) {
        let best = of_record.best;
        let is_close = of_record.is_second_close(self.margin);
        let lookup = match best {
            _ if is_empty && (self.needs_name || best.is_none()) => "not_checkable",
            _ if of_record.has_conflict => "ambiguous",
            Some(best) if best.band != Band::Review && !is_close => "found",
            Some(_) => "ambiguous",
            None if household.is_some() => "household_found",
            None => "not_found",
        };
        let resident = best.map(|best| self.pairs.places(best.pair as usize).1);
        let refs = self.pairs.residents().column(0).as_string::<i32>();
        let found = resident.filter(|_| lookup == "found");
        answers.lookups.push(lookup);
        answers.residents.push(found.map(|at| refs.value(at)));
        answers.households.push(match lookup {
            "found" => found.and_then(|at| self.household(at)),
            "household_found" => household,
            _ => None,
        });
        answers.rules.push(best.map(|best| self.pairs.rule(best.pair as usize)));
        answers.weights.push(best.map(|best| best.weight));
        let band = best.map(|best| best.band.as_str());
        answers.bands.push(if lookup == "ambiguous" { Some("review") } else { band });
        answers.conflicts.push(of_record.has_conflict);
        answers.close.push(is_close);
    }
}

impl OfRecord {
    fn rank(&mut self, one: Ranked) {
        if self.best.is_none_or(|best| one.is_before(&best)) {
            self.second = self.best.replace(one);
        } else if self.second.is_none_or(|second| one.is_before(&second)) {
            self.second = Some(one);
        }
    }

    /// Whether the second, which nothing contradicts, is within the margin of the best; an id stands against what has none.
    fn is_second_close(&self, margin: f64) -> bool {
        let second = self.second.filter(|second| second.is_uncontradicted);
        self.best.zip(second).is_some_and(|(best, second)| {
            let by_id = best.band == Band::Exact && second.band != Band::Exact;
            second.weight > best.weight - margin && !by_id
        })
    }
}

/// Columns of answers.
#[derive(Default)]
struct Answers<'a> {
    ids: Vec<&'a str>,
    lookups: Vec<&'static str>,
    residents: Vec<Option<&'a str>>,
    households: Vec<Option<&'a str>>,
    rules: Vec<Option<&'a str>>,
    weights: Vec<Option<f64>>,
    bands: Vec<Option<&'a str>>,
    conflicts: Vec<bool>,
    close: Vec<bool>,
}

impl Answers<'_> {
    fn finish(self, model_id: &str) -> Result<RecordBatch, Error> {
        let texts = |values: Vec<Option<&str>>| Arc::new(StringArray::from(values)) as ArrayRef;
        let rows = self.ids.len();
        let chances = self.weights.iter().map(|weight| weight.map(match_probability));
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(self.ids)),
            Arc::new(StringArray::from(self.lookups)),
            texts(self.residents),
            texts(self.households),
            texts(self.rules),
            Arc::new(Float64Array::from(self.weights.clone())),
            Arc::new(chances.collect::<Float64Array>()),
            texts(self.bands),
            Arc::new(BooleanArray::from(self.conflicts)),
            Arc::new(BooleanArray::from(self.close)),
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n(model_id, rows))),
        ];
        RecordBatch::try_new(answers_schema(), columns).map_err(|error| Error::build(&error))
    }
}
