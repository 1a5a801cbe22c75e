//! The pairs as they leave: weight, chance, band, and what each comparison gave.

use std::f64::consts::LN_2;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use super::coding::Coding;
use super::mixture::Fitted;
use super::own::OwnName;
use super::pairs::SecondLook;
use super::pins::{DECISION, Pin};
use super::{HOUSEHOLD, MOVED, OWN_NAME, RIVALS, ways};
use crate::candidates::{Error, match_probability, pairs_schema};

/// The level of a given name that is the other side's surname, and the other way about.
const SWAPPED: &str = "swapped";

/// The columns of [`SecondLook::batches`]: those of the operator and `household_probability`, the chance that the two are of one
/// household and not one person (0 where the model knows no households).
pub fn second_schema() -> SchemaRef {
    let mut fields: Vec<Arc<Field>> = pairs_schema().fields().iter().cloned().collect();
    fields.push(Arc::new(Field::new("household_probability", DataType::Float64, true)));
    Arc::new(Schema::new(fields))
}

/// A pair weighed.
#[derive(Debug, Clone, Copy)]
struct Weighed {
    /// Bits.
    weight: f64,
    household: f64,
    identity: bool,
    contradictions: i64,
    pin: Option<Pin>,
    is_torn: bool,
}

impl Weighed {
    /// With what reviewers decided: it settles what contradicted, and whose number it is. Of two people it is not said that they
    /// are not of one household.
    fn decided(self) -> Self {
        let Some(pin) = self.pin.filter(|pin| *pin != Pin::Unsure) else { return self };
        let weight = pin.weight(self.weight);
        if pin.is_out() {
            Self { weight, identity: false, contradictions: 0, ..self }
        } else {
            Self { weight, household: 0.0, contradictions: 0, ..self }
        }
    }

    fn band(&self, look: &SecondLook) -> &'static str {
        match self.pin {
            Some(Pin::Same) => return "exact",
            Some(Pin::Different | Pin::Another) => return "low",
            Some(Pin::Unsure) => return "review",
            None => {}
        }
        match (self.identity, self.contradictions) {
            (true, 0) if self.weight >= look.accept => "exact",
            (true, _) => "review",
            (false, 2..) => "low",
            (false, 1) if self.weight >= look.accept => "review",
            (false, 1) => "low",
            _ if self.weight >= look.accept => "high",
            _ if self.weight >= look.review || self.is_torn => "review",
            _ => "low",
        }
    }
}

pub(super) fn batch(
    look: &SecondLook,
    fitted: &Fitted,
    names: Vec<ArrayRef>,
    pairs: Range<usize>,
) -> Result<RecordBatch, Error> {
    let build = |error| Error::build(&error);
    let mut steps = Steps::default();
    let weighed: Vec<Weighed> = pairs
        .map(|pair| {
            let seen = fitted.see(&look.observed, pair);
            steps.add(look, fitted, pair);
            let codes = look.observed.codes(pair);
            let weighed = Weighed {
                weight: rounded(fitted.weight(&look.observed, pair)),
                household: seen.household_chance(),
                identity: look.is_identity(codes),
                contradictions: contradictions(look, codes),
                pin: fitted.pins.get(pair),
                is_torn: fitted.torn.binary_search(&pair).is_ok(),
            };
            let decided = weighed.decided();
            if let Some(pin) = weighed.pin {
                steps.push(DECISION, pin.as_str(), decided.weight - weighed.weight);
                steps.lengthen();
            }
            decided
        })
        .collect();
    let numbers = |of: &dyn Fn(&Weighed) -> f64| -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(weighed.iter().map(of)))
    };
    let mut columns = names;
    columns.push(numbers(&|one| one.weight));
    columns.push(numbers(&|one| match_probability(one.weight)));
    let bands = weighed.iter().map(|one| one.band(look));
    columns.push(Arc::new(StringArray::from_iter_values(bands)));
    let identities: Vec<bool> = weighed.iter().map(|one| one.identity).collect();
    columns.push(Arc::new(BooleanArray::from(identities)));
    columns
        .push(Arc::new(Int64Array::from_iter_values(weighed.iter().map(|one| one.contradictions))));
    columns.push(steps.finish().map_err(build)?);
    columns.push(numbers(&|one| one.household));
    let schema = second_schema();
    let columns = columns
        .iter()
        .zip(schema.fields())
        .map(|(column, field)| arrow::compute::cast(column, field.data_type()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(build)?;
    RecordBatch::try_new(schema, columns).map_err(build)
}

/// Levels that contradict; a name with an own token on both sides does not, however little the rest of it is alike (a woman
/// under her husband's family name, a family name cut to its first syllable). A token a slip of the pen away is enough where the
/// birth date agrees: brothers and sisters are often called so, but not born on one day. Another relative contradicts where
/// nothing agrees that few share, for namesakes live in one village and are of one age; a father beside a husband is no other
/// relative.
pub(super) fn contradictions(look: &SecondLook, codes: &[u8]) -> i64 {
    let own = look.own_name(codes);
    let each = || look.codings.iter().zip(codes).enumerate();
    let born_alike = |(coding, code): (&Coding, &u8)| {
        coding.parts(*code).is_some_and(|(level, _)| coding.born_alike[level])
    };
    let met = own.meets() || own == OwnName::Near && each().any(|(_, one)| born_alike(one));
    let each = each();
    let counted = each.filter(|(at, (coding, code))| {
        let contradicts = coding
            .parts(**code)
            .is_some_and(|(level, way)| coding.contradicts[level] && !coding.is_swapped(way));
        contradicts && !(met && look.own == Some(*at))
    });
    counted.count() as i64 + i64::from(is_namesake(look, codes))
}

fn is_namesake(look: &SecondLook, codes: &[u8]) -> bool {
    let each = || {
        let levels = look.codings.iter().zip(codes);
        levels.filter_map(|(coding, code)| Some((coding, coding.parts(*code)?)))
    };
    let another = each().any(|(one, (level, way))| {
        one.is_relative && level + 1 == one.levels.len() && !ways::are_two_relatives(way)
    });
    another && !each().any(|(one, (level, _))| one.says_who(level))
}

/// Four decimals, as weights are written.
fn rounded(bits: f64) -> f64 {
    let rounded = (bits * 1e4).round() / 1e4;
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[derive(Default)]
struct Steps {
    comparisons: Vec<String>,
    levels: Vec<String>,
    weights: Vec<f64>,
    counts: Vec<usize>,
}

impl Steps {
    fn push(&mut self, comparison: &str, level: &str, weight: f64) {
        self.comparisons.push(comparison.to_owned());
        self.levels.push(level.to_owned());
        self.weights.push(rounded(weight));
    }

    fn add(&mut self, look: &SecondLook, fitted: &Fitted, pair: usize) {
        let before = self.weights.len();
        let (codes, ln_u) = (look.observed.codes(pair), look.observed.ln_u(pair));
        for (at, coding) in look.codings.iter().enumerate() {
            let Some((level, variant)) = coding.parts(codes[at]) else {
                self.push(&coding.name, "null", 0.0);
                continue;
            };
            let shares = &fitted.person.ln_shares[at];
            let ln_m = shares[usize::from(codes[at])];
            let (ln_u, custom) =
                (f64::from(ln_u[at]), fitted.ln_customs[at][usize::from(codes[at])]);
            let level_name =
                if coding.is_swapped(variant) { SWAPPED } else { &coding.levels[level] };
            if look.own == Some(at) {
                // The level's share is that of all its variants; what the own name adds stands by itself.
                let all = (0..coding.variants)
                    .map(|one| shares[usize::from(coding.code(level, one))].exp());
                let of_level = all.sum::<f64>().ln();
                self.push(&coding.name, level_name, (of_level - ln_u) / LN_2);
                let own = super::own::OwnName::ALL[variant].as_str();
                self.push(OWN_NAME, own, (ln_m - of_level - custom) / LN_2);
            } else {
                self.push(&coding.name, level_name, (ln_m - ln_u - custom) / LN_2);
            }
        }
        let seen = fitted.see(&look.observed, pair);
        if fitted.moved.is_some() {
            let level = if seen.person - seen.stayed >= LN_2 { "likely" } else { "unlikely" };
            self.push(MOVED, level, (seen.person - seen.stayed) / LN_2);
        }
        if fitted.household.is_some() {
            let level = if seen.household_chance() >= 0.5 { "likely" } else { "unlikely" };
            self.push(HOUSEHOLD, level, (seen.stranger - seen.others()) / LN_2);
        }
        if !fitted.ln_rivals.is_empty() {
            let rivals = fitted.rivals(pair);
            let level = if rivals > 0.0 { "likely" } else { "unlikely" };
            self.push(RIVALS, level, -rivals / LN_2);
        }
        self.counts.push(self.weights.len() - before);
    }

    /// The step just pushed is one more of the last pair.
    fn lengthen(&mut self) {
        if let Some(count) = self.counts.last_mut() {
            *count += 1;
        }
    }

    fn finish(self) -> Result<ArrayRef, arrow::error::ArrowError> {
        let schema = pairs_schema();
        let DataType::List(item) = schema.field(schema.index_of("evidence")?).data_type() else {
            return Err(arrow::error::ArrowError::SchemaError("evidence is no list".to_owned()));
        };
        let DataType::Struct(fields) = item.data_type() else {
            return Err(arrow::error::ArrowError::SchemaError(
                "evidence is no list of structs".to_owned(),
            ));
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from(self.comparisons)),
            Arc::new(StringArray::from(self.levels)),
            Arc::new(Float64Array::from(self.weights)),
        ];
        let steps = StructArray::try_new(fields.clone(), columns, None)?;
        let ends = OffsetBuffer::from_lengths(self.counts);
        Ok(Arc::new(ListArray::try_new(Arc::clone(item), ends, Arc::new(steps), None)?))
    }
}
