//! The survey registry's dump.

use chrono::{Days, NaiveDate};

use crate::{
    Error,
    dice::{Dice, Stream},
    names::{Name, Sex},
    output::{Folder, Shape, Table},
    people::{Household, Person, day},
    places::Places,
    world::World,
};

const HEADER: [&str; 20] = [
    "Resident Id",
    "Household Id",
    "Name",
    "Relative Name",
    "Relation",
    "Gender",
    "Date of Birth",
    "DOB Status",
    "Aadhaar",
    "Mobile",
    "House No",
    "Village",
    "Mandal",
    "District",
    "Rice Card",
    "eKYC",
    "Bank Account",
    "IFSC",
    "Status",
    "Survey Date",
];

/// `registry/people_hub.csv` being written.
#[derive(Debug)]
pub(crate) struct Registry {
    table: Table,
    /// Residents written.
    pub(crate) residents: u64,
}

impl Registry {
    pub(crate) fn new(folder: &mut Folder) -> Result<Self, Error> {
        Ok(Self {
            table: folder.table("registry/people_hub.csv", Shape::PLAIN, &HEADER)?,
            residents: 0,
        })
    }

    /// Writes a household's members.
    pub(crate) fn write(&mut self, world: &World, household: &Household) -> Result<(), Error> {
        let mut dice = Dice::new(world.seed, Stream::Registry, 0, household.index);
        let village = world.places.village(household.village);
        let card_known = household.card && dice.chance(0.945);
        let card =
            if card_known { world.numbers.rice_card(household.index) } else { String::new() };
        let surveyed = day(2026, 4, 1) + Days::new(dice.below(170) as u64);
        let household_id = household.household_id();
        for person in &household.members {
            let serial = household.serial(person);
            let (relative, relation) = person.relative();
            let (account, branch) = account(world, person, serial, &mut dice);
            let id = if person.has_id { world.numbers.aadhaar(serial) } else { String::new() };
            let telephone =
                dice.chance(0.8).then(|| world.numbers.mobile(household.index, person.telephone));
            let status = if person.registry_birth.is_some() {
                "approximate"
            } else if dice.chance(0.6) {
                "verified"
            } else {
                "declared"
            };
            self.table.write([
                household.resident_id(person).as_str(),
                &household_id,
                &written(world, household, &person.name),
                &written(world, household, relative),
                relation,
                if person.sex == Sex::Male { "Male" } else { "Female" },
                &dashed(person.registry_birth.unwrap_or(person.birth)),
                status,
                &id,
                &telephone.unwrap_or_default(),
                &household.house_no,
                &village.name,
                world.places.mandal(village),
                Places::district(village.district),
                &card,
                ["Yes", "No", ""][dice.weighted(&[0.8, 0.15, 0.05])],
                &account,
                &branch,
                if person.deceased { "DECEASED" } else { "ALIVE" },
                &dashed(surveyed),
            ])?;
            self.residents += 1;
        }
        Ok(())
    }

    pub(crate) fn close(self) -> Result<(), Error> {
        self.table.close()
    }
}

/// Three of four grown-ups have an account known to the registry.
fn account(world: &World, person: &Person, serial: u64, dice: &mut Dice) -> (String, String) {
    if person.age() >= 10 && dice.chance(0.75) {
        world.numbers.account(serial, 0)
    } else {
        Default::default()
    }
}

/// Family name first, as the registry spells it.
fn written(world: &World, household: &Household, name: &Name) -> String {
    let words = std::iter::once(&name.family).chain(&name.given);
    words.map(|word| world.spelling(household, word)).collect::<Vec<_>>().join(" ")
}

/// dd-mm-yyyy.
pub(crate) fn dashed(date: NaiveDate) -> String {
    date.format("%d-%m-%Y").to_string()
}
