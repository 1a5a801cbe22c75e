//! The population cut into ranges of neighbouring households, each of one part of the country: the unit of work.

use crate::{
    dice::{Dice, Stream},
    people::Household,
    world::World,
};

/// Households of a range: some megabytes of rows.
const HOUSEHOLDS: u64 = 2048;

/// Neighbouring households.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) number: u64,
    pub(crate) first: u64,
    pub(crate) end: u64,
    pub(crate) part: usize,
}

impl Range {
    /// Cuts the world.
    pub(crate) fn all(world: &World) -> Vec<Self> {
        let mut ranges = Vec::new();
        for part in 0..world.places.parts() {
            let border = |part| world.first_household(world.places.first_of(part));
            let (mut first, last) = (border(part), border(part + 1));
            while first < last {
                let end = (first + HOUSEHOLDS).min(last);
                ranges.push(Self { number: ranges.len() as u64, first, end, part });
                first = end;
            }
        }
        ranges
    }

    /// The number of households.
    pub(crate) fn len(&self) -> u64 {
        self.end - self.first
    }

    /// Its households.
    pub(crate) fn households<'w>(&self, world: &'w World) -> impl Iterator<Item = Household<'w>> {
        (self.first..self.end).map(|index| world.household(index))
    }

    /// Dice of this range for one purpose.
    pub(crate) fn dice(&self, world: &World, purpose: u64) -> Dice {
        Dice::new(world.seed, Stream::Plan, purpose, self.number)
    }
}
