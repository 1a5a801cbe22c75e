//! Which registry household a record names: by the household keys that both sides have.
//!
//! Keys are 64-bit hashes: two different ones are taken for one with a chance of (keys of the list) × (keys of the registry) / 2^64.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::RecordBatch;
use milaan_kernels::hash::BuildHash64;

use crate::candidates::Error;
use crate::candidates::column::{Cells, Side};

type Numbers = Vec<HashMap<u64, u32, BuildHash64>>;

/// The households of the list's keys.
#[derive(Debug)]
pub struct Households {
    keys: Arc<[String]>,
    numbers: Arc<Numbers>,
    found: Vec<Option<Box<str>>>,
}

impl Households {
    /// By these columns, which both sides have; none is known yet.
    pub fn new(keys: &[String]) -> Self {
        let numbers = vec![HashMap::default(); keys.len()];
        Self { keys: keys.into(), numbers: Arc::new(numbers), found: Vec::new() }
    }

    /// Takes note of the keys of list rows. The whole list is taken in before the registry.
    pub fn want(&mut self, list: &RecordBatch) -> Result<(), Error> {
        let numbers = Arc::make_mut(&mut self.numbers);
        for (key, numbers) in self.keys.iter().zip(numbers) {
            let cells = Cells::of(list, Side::List, key)?;
            for hash in (0..list.num_rows()).map(|row| cells.hash_at(row)).filter(|hash| *hash != 0)
            {
                numbers.entry(hash).or_insert_with(|| {
                    self.found.push(None);
                    self.found.len() as u32 - 1
                });
            }
        }
        Ok(())
    }

    /// Looks through rows of the registry, beside others.
    pub fn seeker(&self) -> Seeker {
        let (keys, numbers) = (Arc::clone(&self.keys), Arc::clone(&self.numbers));
        Seeker { keys, numbers, found: HashMap::default() }
    }

    /// Adds what a seeker found.
    pub fn add(&mut self, seeker: Seeker) {
        for (number, household) in seeker.found {
            let known = &mut self.found[number as usize];
            if known.as_ref().is_none_or(|known| household < *known) {
                *known = Some(household);
            }
        }
    }

    /// The household of each list row: by any key, the first in the order of texts. `None`: none.
    pub fn of(&self, list: &RecordBatch) -> Result<Vec<Option<&str>>, Error> {
        let mut all = vec![None; list.num_rows()];
        for (key, numbers) in self.keys.iter().zip(self.numbers.iter()) {
            let cells = Cells::of(list, Side::List, key)?;
            for (row, known) in all.iter_mut().enumerate() {
                let number = numbers.get(&cells.hash_at(row));
                let found = number.and_then(|number| self.found[*number as usize].as_deref());
                *known = match (*known, found) {
                    (Some(one), Some(other)) => Some(std::cmp::min(one, other)),
                    (one, other) => one.or(other),
                };
            }
        }
        Ok(all)
    }
}

/// One thread's pass over part of the registry.
#[derive(Debug)]
pub struct Seeker {
    keys: Arc<[String]>,
    numbers: Arc<Numbers>,
    found: HashMap<u32, Box<str>, BuildHash64>,
}

impl Seeker {
    /// Looks through rows of the registry: the batch has the household keys and `household_ref`.
    pub fn seek(&mut self, registry: &RecordBatch) -> Result<(), Error> {
        if self.numbers.iter().all(HashMap::is_empty) {
            return Ok(());
        }
        let households = Cells::text(registry, Side::Registry, "household_ref")?;
        for (key, numbers) in self.keys.iter().zip(self.numbers.iter()) {
            let cells = Cells::of(registry, Side::Registry, key)?;
            for row in 0..registry.num_rows() {
                let Some(number) = numbers.get(&cells.hash_at(row)) else { continue };
                let Some(household) = households.text_at(row) else { continue };
                let known = self.found.get(number);
                if known.is_none_or(|known| household < known.as_ref()) {
                    self.found.insert(*number, household.into());
                }
            }
        }
        Ok(())
    }
}
