//! Whom a department lists: exact counts, shared out to the ranges beforehand, so that each range chooses alone.

use crate::{
    Error,
    claim::{Source, Standing, Subject},
    dice::Dice,
    people::Household,
    range::Range,
    rates::Rates,
    world::{Need, World},
};

/// Numbers of invented households that a range may use for one list.
const STRANGERS_A_RANGE: u64 = 1 << 14;

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

    /// Takes one that has to come, if any is wanted.
    pub(crate) fn take(&mut self) -> u64 {
        self.take_group(1)
    }

    /// Takes a group that has to come, or as much of it as is wanted.
    pub(crate) fn take_group(&mut self, size: u64) -> u64 {
        self.chances = self.chances.saturating_sub(size);
        let count = size.min(self.wanted);
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

/// How many people in the registry a plan lists.
pub(crate) fn registered_of(rows: u64, rates: &Rates) -> u64 {
    rows - part_of(rows, rates.duplicate) - part_of(rows, rates.not_registered)
}

fn part_of(rows: u64, rate: f64) -> u64 {
    (rows as f64 * rate).round() as u64
}

/// The share of `total` that falls to the stretch from `before` to `after` of `all`; shares of all stretches add up to it.
fn shared(total: u64, (before, after): (u64, u64), all: u64) -> u64 {
    let until = |at: u64| (u128::from(total) * u128::from(at) / u128::from(all.max(1))) as u64;
    until(after) - until(before)
}

/// The rows of one list in one range, by kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portion {
    need: Need,
    registered: Quota,
    relatives: Quota,
    strangers: Quota,
    duplicates: Quota,
    /// Rows of the list before this range.
    pub(crate) first_row: u64,
}

impl Portion {
    /// Shares the rows of a list out to the ranges; `fitting` are the people of each range who could be listed.
    pub(crate) fn of_ranges(
        (world, ranges): (&World, &[Range]),
        (source, need, rows): (Source, Need, u64),
        fitting: &[u64],
    ) -> Result<Vec<Self>, Error> {
        let registered = registered_of(rows, &world.rates);
        let all: u64 = fitting.iter().sum();
        if registered > all {
            let source_id = source.id();
            return Err(Error::TooFewPeople { source_id, wanted: registered, fitting: all });
        }
        let duplicates = part_of(rows, world.rates.duplicate);
        let outside = rows - registered - duplicates;
        let relatives = part_of(outside, world.rates.not_registered_relatives);
        let strangers = outside - relatives;
        let (mut people, mut listed, mut first_row) = (0, 0, 0);
        let portions = ranges.iter().zip(fitting).map(|(range, fitting)| {
            let homes = (range.first, range.end);
            let chosen = shared(registered, (people, people + fitting), all);
            let twice = shared(duplicates, (listed, listed + chosen), registered);
            let near = shared(relatives, homes, world.households);
            let far = shared(strangers, homes, world.households);
            let portion = Self {
                need,
                registered: Quota::new(chosen, *fitting),
                relatives: Quota::new(near, range.len()),
                strangers: Quota::new(far, range.len()),
                duplicates: Quota::new(twice, chosen),
                first_row,
            };
            people += fitting;
            listed += chosen;
            first_row += chosen + twice + near + far;
            portion
        });
        Ok(portions.collect())
    }

    /// The plan of one range, with dice of its own.
    pub(crate) fn plan(self, world: &World, range: &Range) -> Plan {
        let Self { need, registered, relatives, strangers, duplicates, .. } = self;
        let dice = range.dice(world, need.number());
        let next_stranger = range.number * STRANGERS_A_RANGE;
        Plan { registered, relatives, strangers, duplicates, dice, need, next_stranger }
    }
}

/// The rows of one list in one range while they are being chosen.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) registered: Quota,
    pub(crate) relatives: Quota,
    pub(crate) strangers: Quota,
    pub(crate) duplicates: Quota,
    pub(crate) dice: Dice,
    pub(crate) need: Need,
    next_stranger: u64,
}

impl Plan {
    /// A household in no registry with somebody the department wants.
    pub(crate) fn stranger_household<'w>(
        &mut self,
        world: &'w World,
        village: usize,
    ) -> (Household<'w>, usize) {
        loop {
            let number = self.next_stranger * 4 + self.need.number();
            self.next_stranger += 1;
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
            // Who draws two benefits that exclude one another stands in every list that may have them.
            let listed = if person.overlap {
                self.registered.take()
            } else {
                self.registered.draw(&mut self.dice)
            };
            if listed > 0 {
                show(&subject(person, Standing::Registered, 0));
                if self.duplicates.draw(&mut self.dice) > 0 {
                    show(&subject(person, Standing::Registered, 1));
                }
            }
        }
        if self.relatives.draw(&mut self.dice) > 0 {
            let person = world.unlisted_relative(household, self.need);
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
    use crate::dice::Stream;

    #[test]
    fn shares_add_up() {
        for (total, stretches) in [(7, [3, 0, 9]), (100, [40, 30, 30]), (0, [1, 1, 1])] {
            let (all, mut at) = (stretches.iter().sum(), 0);
            let mut shares = Vec::new();
            for stretch in stretches {
                shares.push(shared(total, (at, at + stretch), all));
                at += stretch;
            }
            assert_eq!(shares.iter().sum::<u64>(), total);
            assert!(
                total > all || shares.iter().zip(stretches).all(|(share, most)| *share <= most)
            );
        }
    }

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
