//! Whom a department lists: exact counts, chosen in one pass over the households without holding them.

use crate::{
    claim::{Standing, Subject},
    dice::{Dice, Stream},
    numbers::SLOTS,
    people::Household,
    rates::Rates,
    world::{Need, World},
};

/// So many wanted of so many chances to come (selection sampling: every chance is equally likely, the count is exact).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota {
    wanted: u64,
    chances: u64,
}

impl Quota {
    pub(crate) fn new(wanted: u64, chances: u64) -> Self {
        Self { wanted, chances }
    }

    /// How many to take at this chance; never more than are wanted.
    pub(crate) fn draw(&mut self, dice: &mut Dice) -> u64 {
        if self.wanted == 0 {
            return 0;
        }
        let share = self.wanted as f64 / self.chances.max(1) as f64;
        self.chances = self.chances.saturating_sub(1);
        let count = if self.chances == 0 {
            self.wanted
        } else {
            share.floor() as u64 + u64::from(dice.chance(share.fract()))
        };
        let count = count.min(self.wanted);
        self.wanted -= count;
        count
    }

    /// How many to take of a group that comes or stays away together; the last groups are cut so that the count is exact.
    pub(crate) fn draw_group(&mut self, size: u64, dice: &mut Dice) -> u64 {
        let share = self.wanted as f64 / self.chances.max(1) as f64;
        self.chances = self.chances.saturating_sub(size);
        let needed = self.wanted.saturating_sub(self.chances);
        let count = if dice.chance(share) { size } else { needed };
        let count = count.min(size).min(self.wanted);
        self.wanted -= count;
        count
    }
}

/// The rows of one department, by kind.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) registered: Quota,
    pub(crate) relatives: Quota,
    pub(crate) strangers: Quota,
    pub(crate) duplicates: Quota,
    pub(crate) dice: Dice,
    pub(crate) need: Need,
    source: u64,
    strangers_made: u64,
}

/// How many people in the registry a plan lists.
pub(crate) fn registered_of(rows: u64, rates: &Rates) -> u64 {
    let part = |rate: f64| (rows as f64 * rate).round() as u64;
    rows - part(rates.duplicate) - part(rates.not_registered)
}

impl Plan {
    /// Plans `rows` rows, choosing among `fitting` people in the world's households.
    pub(crate) fn new(
        world: &World,
        rates: &Rates,
        rows: u64,
        (need, fitting): (Need, u64),
    ) -> Self {
        let registered = registered_of(rows, rates);
        let duplicates = (rows as f64 * rates.duplicate).round() as u64;
        let outside = rows - registered - duplicates;
        let relatives = (outside as f64 * rates.not_registered_relatives).round() as u64;
        let source = match need {
            Need::Pension { .. } => 0,
            Need::Ration => 1,
            Need::Study => 2,
        };
        Self {
            registered: Quota::new(registered, fitting),
            relatives: Quota::new(relatives, world.households),
            strangers: Quota::new(outside - relatives, world.households),
            duplicates: Quota::new(duplicates, registered),
            dice: Dice::new(world.seed, Stream::Plan, source, 0),
            need,
            source,
            strangers_made: 0,
        }
    }

    /// A household in no registry with somebody the department wants.
    pub(crate) fn stranger_household<'w>(
        &mut self,
        world: &'w World,
        village: usize,
    ) -> (Household<'w>, usize) {
        loop {
            let number = self.strangers_made * 4 + self.source;
            self.strangers_made += 1;
            let household = world.strangers(number, village);
            let wanted =
                household.members.iter().position(|person| self.need.fits(&household, person));
            if let Some(wanted) = wanted {
                return (household, wanted);
            }
        }
    }

    /// Shows each person that the department lists at this household, duplicates right after.
    pub(crate) fn people(
        &mut self,
        world: &World,
        household: &Household,
        show: &mut dyn FnMut(&Subject),
    ) {
        let fitting = household.members.iter().filter(|person| self.need.fits(household, person));
        let subject = |person, standing, copy| Subject { person, household, standing, copy };
        for person in fitting {
            if self.registered.draw(&mut self.dice) > 0 {
                show(&subject(person, Standing::Registered, 0));
                if self.duplicates.draw(&mut self.dice) > 0 {
                    show(&subject(person, Standing::Registered, 1));
                }
            }
        }
        if self.relatives.draw(&mut self.dice) > 0 {
            let person = world.unlisted_relative(household, self.need);
            debug_assert!(person.slot < SLOTS);
            show(&subject(&person, Standing::RelativeOfRegistered, 0));
        }
        for _ in 0..self.strangers.draw(&mut self.dice) {
            let (home, wanted) = self.stranger_household(world, household.village);
            let person = &home.members[wanted];
            show(&Subject { person, household: &home, standing: Standing::Stranger, copy: 0 });
        }
    }
}

/// Holds some rows back, so that a list does not follow the order of the registry and duplicates do not stand side by side.
#[derive(Debug)]
pub(crate) struct Window<T> {
    rows: Vec<T>,
    width: usize,
}

impl<T> Window<T> {
    pub(crate) fn new(width: usize) -> Self {
        Self { rows: Vec::with_capacity(width), width }
    }

    /// Takes a row; gives back another once the window is full.
    pub(crate) fn pass(&mut self, row: T, dice: &mut Dice) -> Option<T> {
        self.rows.push(row);
        (self.rows.len() > self.width).then(|| self.rows.swap_remove(dice.below(self.width)))
    }

    /// What is left.
    pub(crate) fn rest(&mut self) -> Vec<T> {
        std::mem::take(&mut self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_are_exact() {
        for (wanted, chances) in [(0, 10), (3, 10), (10, 10), (1000, 4000), (25, 10)] {
            let mut dice = Dice::new(1, Stream::Plan, 9, wanted);
            let mut quota = Quota::new(wanted, chances);
            let drawn: u64 = (0..chances).map(|_| quota.draw(&mut dice)).sum();
            assert_eq!(drawn, wanted);
        }
    }

    #[test]
    fn groups_are_cut_to_fit() {
        for wanted in 0..=40 {
            let mut dice = Dice::new(1, Stream::Plan, 8, wanted);
            let mut quota = Quota::new(wanted, 40);
            let drawn: u64 = (0..40 / 4).map(|_| quota.draw_group(4, &mut dice)).sum();
            assert_eq!(drawn, wanted);
        }
    }

    #[test]
    fn the_window_loses_nothing() {
        let mut dice = Dice::new(1, Stream::Plan, 9, 0);
        let mut window = Window::new(7);
        let mut seen: Vec<_> = (0..50).filter_map(|row| window.pass(row, &mut dice)).collect();
        seen.extend(window.rest());
        assert_ne!(seen, (0..50).collect::<Vec<_>>());
        seen.sort_unstable();
        assert_eq!(seen, (0..50).collect::<Vec<_>>());
    }
}
