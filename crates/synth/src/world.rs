//! The invented population, household by household.
//!
//! A household is a pure function of (seed, index): nothing is stored but the words and the villages, so a population of any
//! size streams, and any household can be made again when a department needs it.

use chrono::{Days, NaiveDate};

use crate::{
    dice::{Dice, Stream, mix},
    family::Builder,
    names::{Community, Name, Sex, Vocabulary, Word},
    numbers::{Numbers, SLOTS, STRANGERS},
    order::{Order, Programme, RateSet},
    people::{Household, Person, Role, age, day},
    places::Places,
    rates::Rates,
};

/// Shares of households of 1, 2, … 8 members (assumed; mean 3.7, as AP's 1.48 crore households of 4.9 crore suggest).
const SIZES: [f64; 8] = [0.06, 0.15, 0.22, 0.30, 0.14, 0.07, 0.04, 0.02];
/// Shares of households of 1, 2, … 10 members in Pakistan (assumed; mean 6, its census of 2017 has 6.4).
const SIZES_PAKISTAN: [f64; 10] = [0.02, 0.05, 0.08, 0.12, 0.16, 0.17, 0.15, 0.11, 0.08, 0.06];
/// Share of words the registry itself does not spell in the usual way (assumed).
const REGISTRY_VARIANTS: f64 = 0.12;

/// Whom a department looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// 60 and more, widows from 40, disabled people; `wide` adds the crafts with a pension from 50.
    Pension { wide: bool },
    /// Members of households with a card.
    Ration,
    /// From 8 to 24, and old people in whose name somebody studies.
    Study,
    /// Women who are or were married, and women who head a household; `poor`: of poor households, and a few of others.
    Cash { poor: bool },
    /// Grown people, of whom one a household buys at a reduced price.
    Shop,
    /// From 4 to 22.
    Stipend,
    /// Whom the cash is for, where a province pays it itself.
    Pilot,
}

impl Need {
    /// Whether a person is one of them.
    pub(crate) fn fits(self, household: &Household, person: &Person) -> bool {
        let age = person.age();
        if person.copy_of.is_some() {
            return false;
        }
        match self {
            Self::Pension { wide } => {
                age >= if wide { 50 } else { 60 }
                    || person.disabled
                    || (person.widowed && age >= 40)
            }
            Self::Ration => household.card,
            Self::Study => ((8..=24).contains(&age) && person.husband.is_none()) || person.overlap,
            Self::Pilot => Self::Cash { poor: true }.fits(household, person),
            Self::Cash { poor } => {
                let asked = person.husband.is_some() || person.role == Role::Head;
                // One household in sixteen that is not poor draws cash all the same.
                let drawn = !poor || household.is_poor() || mix(household.index).is_multiple_of(16);
                person.sex == Sex::Female && asked && drawn
            }
            Self::Shop => age >= 18,
            Self::Stipend => (4..=22).contains(&age) && person.husband.is_none(),
        }
    }

    /// Its number, which keeps the dice of the lists apart.
    pub(crate) fn number(self) -> u64 {
        match self {
            Self::Pension { .. } | Self::Cash { .. } => 0,
            Self::Ration | Self::Shop => 1,
            Self::Study | Self::Stipend => 2,
            Self::Pilot => 3,
        }
    }

    /// People of school or college age are looked for.
    fn is_young(self) -> bool {
        matches!(self, Self::Study | Self::Stipend)
    }
}

/// The whole invented population.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) programme: Programme,
    pub(crate) seed: u64,
    pub(crate) rates: Rates,
    pub(crate) numbers: Numbers,
    pub(crate) places: Places,
    pub(crate) households: u64,
    vocabulary: Vocabulary,
    last_size: u64,
}

impl World {
    /// Counts the households that make up the residents; the last one is cut to fit.
    pub(crate) fn new(order: &Order) -> Self {
        let Order { programme, seed, residents, .. } = *order;
        let (mut households, mut people, mut last_size) = (0, 0, 0);
        while people < residents {
            let size = size(programme, &mut dice_of(seed, households)) as u64;
            last_size = size.min(residents - people);
            people += last_size;
            households += 1;
        }
        Self {
            programme,
            seed,
            rates: match order.rates {
                RateSet::Sample => Rates::sample(),
                RateSet::Life => Rates::life(),
            },
            numbers: Numbers::new(programme, seed),
            places: Places::new(programme, seed, residents),
            households,
            vocabulary: Vocabulary::new(programme, order.names),
            last_size,
        }
    }

    /// A registered household. Neighbours in the registry live in one village.
    pub(crate) fn household(&self, index: u64) -> Household<'_> {
        let village = (index * self.places.villages() as u64 / self.households) as usize;
        let mut household = self.build(index, village);
        if index + 1 == self.households {
            household.members.truncate(self.last_size as usize);
        }
        household
    }

    /// The first household of a village, or the number of households.
    pub(crate) fn first_household(&self, village: usize) -> u64 {
        (village as u64 * self.households).div_ceil(self.places.villages() as u64)
    }

    /// A household that no registry has.
    pub(crate) fn strangers(&self, number: u64, village: usize) -> Household<'_> {
        self.build(STRANGERS + number, village)
    }

    fn build(&self, index: u64, village: usize) -> Household<'_> {
        let mut dice = dice_of(self.seed, index);
        let size = size(self.programme, &mut dice);
        let part = self.places.village(village).part;
        let community = community(self.programme, part, dice.unit());
        let house_no = format!("{}-{}", dice.between(1, 12), dice.between(1, 240));
        let card = dice.chance(0.9);
        let local = |nth| Dice::new(self.seed, Stream::Place, village as u64 + 1, nth);
        let words = (&self.vocabulary, &self.rates);
        let pmt_tenths = pmt_tenths(self.seed, index, size);
        let members = Builder::new(words, community, &local, &mut dice).household(size);
        Household { index, village, part, community, house_no, pmt_tenths, card, members }
    }

    /// A person's id, and whether its last digit contradicts the sex.
    pub(crate) fn id(&self, household: &Household, person: &Person) -> (String, bool) {
        let serial = household.serial(person);
        match self.programme {
            Programme::PeopleHub => (self.numbers.aadhaar(serial), false),
            Programme::Ehsaas => self.numbers.cnic(serial, household.part, person.sex == Sex::Male),
        }
    }

    /// Whether the registry has no birth date of a person.
    pub(crate) fn birth_unknown(&self, household: &Household, person: &Person) -> bool {
        self.planted(0, household.serial(person), self.rates.registry_birth_missing)
    }

    /// Whether the registry has no score of a household.
    pub(crate) fn score_unknown(&self, household: &Household) -> bool {
        self.programme == Programme::Ehsaas
            && self.planted(1, household.index, self.rates.score_missing)
    }

    /// Whether a person's eKYC was done years ago.
    pub(crate) fn ekyc_stale(&self, household: &Household, person: &Person) -> bool {
        self.planted(2, household.serial(person), self.rates.ekyc_stale)
    }

    fn planted(&self, what: u64, index: u64, rate: f64) -> bool {
        Dice::new(self.seed, Stream::Planted, what, index).chance(rate)
    }

    /// The id of the agent around a household.
    pub(crate) fn agents_id(&self, household: &Household) -> String {
        let agent = agent_of(household);
        match self.programme {
            Programme::PeopleHub => self.numbers.aadhaar(agent),
            Programme::Ehsaas => self.numbers.cnic(agent, household.part, true).0,
        }
    }

    /// A brother, sister or child of registered people whom the registry does not have, of the kind a department looks for.
    pub(crate) fn unlisted_relative(&self, household: &Household<'_>, need: Need) -> Person<'_> {
        let part = need.number();
        let dice = &mut Dice::new(self.seed, Stream::Relative, part, household.index);
        // Made anew, so that its names live as long as the world.
        let family = self.build(household.index, household.village);
        let near = match need {
            Need::Pension { .. } => family.members.iter().min_by_key(|member| member.birth),
            Need::Ration => family.members.get(dice.below(household.members.len())),
            _ => family.members.iter().find(|member| need.fits(household, member)),
        };
        let head = &family.members[0];
        let near = near.unwrap_or(head);
        let study = need.is_young() && !need.fits(household, near);
        let (birth, father, role) = if study {
            let days = dice.between(9 * 365, 21 * 365) as u64;
            (day(2026, 10, 1) - Days::new(days), man_of(&family), Role::Child)
        } else {
            let role = if near.role == Role::Child { Role::Child } else { Role::Sibling };
            (sibling_birth(near.birth, need, dice), near.father.clone(), role)
        };
        let male = !matches!(need, Need::Cash { .. } | Need::Pilot) && dice.chance(0.5);
        let sex = if male { Sex::Male } else { Sex::Female };
        let shared = near.name.given.last().copied();
        let shared = shared.filter(|_| near.name.given.len() > 1 && near.name.family.is_telugu());
        let mut given = self.vocabulary.given((family.community, sex, birth), shared, dice);
        let has = |word: &Word| {
            let mut words = family.members.iter().flat_map(|member| &member.name.given);
            words.any(|other| other.code == word.code)
        };
        while has(given[0]) {
            given = self.vocabulary.given((family.community, sex, birth), shared, dice);
        }
        let old_enough = age(birth) >= 60;
        Person {
            slot: 12 + part,
            name: Name { family: father.family, given, shown: near.name.shown },
            other_family: None,
            father,
            husband: None,
            sex,
            birth,
            role,
            widowed: false,
            disabled: matches!(need, Need::Pension { .. }) && !old_enough,
            deceased: false,
            has_id: dice.chance(0.95),
            telephone: 0,
            registry_birth: None,
            copy_of: None,
            moved_out: None,
            overlap: false,
            twin: false,
            fathers_name: false,
            namesake: false,
        }
    }

    /// How the registry spells a word in a household: the same wherever the word occurs there.
    pub(crate) fn spelling(&self, household: &Household, word: &Word) -> String {
        self.spelling_salted(household, 0, word)
    }

    /// The same by another surveyor.
    pub(crate) fn spelling_salted(&self, household: &Household, salt: u64, word: &Word) -> String {
        let throw = word.salted(self.seed ^ mix(household.index ^ salt));
        if (throw % 10_000) as f64 >= REGISTRY_VARIANTS * 10_000.0 {
            return word.latin.clone();
        }
        word.variant(&word.latin, &mut Dice::new(self.seed, Stream::Spelling, 0, throw))
    }
}

/// The agent who enters people around a household under a number of his own: his place among all people, in no registry.
pub(crate) fn agent_of(household: &Household) -> u64 {
    /// Households an agent serves.
    const SERVED: u64 = 300;
    let area = match household.index {
        registered @ 0..STRANGERS => registered / SERVED,
        _ => household.village as u64,
    };
    (STRANGERS * 4 + area) * SLOTS
}

/// The man of the house, or the father of whoever heads it.
fn man_of<'w>(family: &Household<'w>) -> Name<'w> {
    let head = &family.members[0];
    match (head.sex, &head.husband) {
        (Sex::Male, _) => head.name.clone(),
        (Sex::Female, Some(husband)) => husband.clone(),
        (Sex::Female, None) => head.father.clone(),
    }
}

fn dice_of(seed: u64, household: u64) -> Dice {
    Dice::new(seed, Stream::Household, 0, household)
}

fn size(programme: Programme, dice: &mut Dice) -> usize {
    1 + match programme {
        Programme::PeopleHub => dice.weighted(&SIZES),
        Programme::Ehsaas => dice.weighted(&SIZES_PAKISTAN),
    }
}

/// A score that large households have lower; half of all are poor (assumed: cash goes to about a third of all families).
fn pmt_tenths(seed: u64, household: u64, size: usize) -> u64 {
    let throw = mix(mix(seed ^ 0x0070_6d74) ^ household);
    let (one, other) = (throw % 480, (throw >> 32) % 320);
    (one + other).saturating_sub(size as u64 * 12)
}

/// The community of a household: of nine in ten of a province, its own people.
fn community(programme: Programme, part: usize, throw: f64) -> Community {
    const PEOPLES: [Community; 4] =
        [Community::Punjabi, Community::Sindhi, Community::Pashtun, Community::Baloch];
    match programme {
        Programme::PeopleHub if throw < 0.82 => Community::Hindu,
        Programme::PeopleHub if throw < 0.92 => Community::Muslim,
        Programme::PeopleHub => Community::Christian,
        Programme::Ehsaas if throw < 0.9 => PEOPLES[part % 4],
        Programme::Ehsaas => PEOPLES[(throw * 400.0) as usize % 4],
    }
}

/// A birth one to six years from a brother's or sister's; students stay students.
fn sibling_birth(near: NaiveDate, need: Need, dice: &mut Dice) -> NaiveDate {
    let days = Days::new(dice.between(400, 2200) as u64);
    let (before, after) = (near - days, near + days);
    let fits = |birth| match need {
        Need::Study => (8..=24).contains(&age(birth)),
        Need::Stipend => (4..=22).contains(&age(birth)),
        Need::Pension { .. } => true,
        Need::Ration => birth < day(2026, 1, 1),
        Need::Cash { .. } | Need::Pilot | Need::Shop => age(birth) >= 18,
    };
    let older = matches!(need, Need::Pension { .. }) || dice.chance(0.5);
    if (older && fits(before)) || !fits(after) { before } else { after }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::order::NameSeed;

    fn invented(seed: u64, residents: u64) -> World {
        World::new(&Order {
            programme: Programme::PeopleHub,
            residents,
            records: 0,
            seed,
            flat: false,
            names: NameSeed::A,
            rates: RateSet::Life,
        })
    }

    #[test]
    fn a_household_can_be_made_again_and_residents_are_counted() {
        let world = invented(4, 3000);
        let all: Vec<_> = (0..world.households).map(|index| world.household(index)).collect();
        assert_eq!(all.iter().map(|household| household.members.len()).sum::<usize>(), 3000);
        let again = invented(4, 3000);
        assert_eq!(format!("{:?}", all[77]), format!("{:?}", again.household(77)));
        let ids: HashSet<_> = all
            .iter()
            .flat_map(|home| home.members.iter().map(|person| home.resident_id(person)))
            .collect();
        assert_eq!(ids.len(), 3000);
    }

    #[test]
    fn the_shares_are_those_of_life() {
        let world = invented(9, 20_000);
        let (mut old, mut widows, mut students, mut muslims, mut fifty) = (0, 0, 0, 0, 0);
        for index in 0..world.households {
            let home = world.household(index);
            muslims += usize::from(home.community == Community::Muslim);
            for person in &home.members {
                assert!(person.birth < day(2026, 10, 31), "{person:?}");
                old += usize::from(Need::Pension { wide: false }.fits(&home, person));
                fifty += usize::from(Need::Pension { wide: true }.fits(&home, person));
                students += usize::from(Need::Study.fits(&home, person));
                widows += usize::from(person.widowed && person.sex == Sex::Female);
            }
        }
        let share = |count: usize| count as f64 / 20_000.0;
        assert!((0.13..0.24).contains(&share(old)), "pensions {}", share(old));
        assert!((0.22..0.40).contains(&share(fifty)), "from 50 {}", share(fifty));
        assert!((0.02..0.12).contains(&share(widows)), "widows {}", share(widows));
        assert!((0.18..0.35).contains(&share(students)), "students {}", share(students));
        assert!((0.07..0.13).contains(&(muslims as f64 / world.households as f64)));
    }
}
