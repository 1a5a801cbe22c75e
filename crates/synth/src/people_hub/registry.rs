//! `registry/people_hub.csv`.

use std::borrow::Cow;

use crate::{
    dice::Dice,
    lists::RegistryLayout,
    survey::{Entry, dashed, ekyc, sex_word},
};

pub(super) const LAYOUT: RegistryLayout =
    RegistryLayout { path: "registry/people_hub.csv", header: &HEADER, cells };

const HEADER: [&str; 21] = [
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
    "eKYC Date",
];

fn cells<'e>(entry: &'e Entry<'_>, dice: &mut Dice) -> Vec<Cow<'e, str>> {
    let Entry { world, household, person, .. } = entry;
    let village = world.places.village(household.village);
    // Three of four grown-ups have an account known to the registry.
    let (account, branch) = if person.age() >= 10 && dice.chance(0.75) {
        world.numbers.account(household.serial(person), 0)
    } else {
        Default::default()
    };
    let status = if person.registry_birth.is_some() {
        "approximate"
    } else if dice.chance(0.6) {
        "verified"
    } else {
        "declared"
    };
    let status = if entry.birth.is_some() { status } else { "" };
    let drawn = ["Yes", "No", ""][dice.weighted(&[0.8, 0.15, 0.05])];
    let (ekyc, ekyc_on) = ekyc(entry, drawn);
    vec![
        Cow::from(&entry.resident_id),
        Cow::from(&entry.household_id),
        Cow::from(&entry.name),
        Cow::from(&entry.relative),
        Cow::from(entry.relation),
        Cow::from(sex_word(person.sex)),
        Cow::from(entry.birth.map_or_else(String::new, dashed)),
        Cow::from(status),
        Cow::from(&entry.id),
        Cow::from(&entry.mobile),
        Cow::from(&household.house_no),
        Cow::from(&village.name),
        Cow::from(world.places.mandal(village)),
        Cow::from(village.district),
        Cow::from(&entry.card),
        Cow::from(ekyc),
        Cow::from(account),
        Cow::from(branch),
        Cow::from(if person.deceased { "DECEASED" } else { "ALIVE" }),
        Cow::from(dashed(entry.surveyed)),
        Cow::from(ekyc_on),
    ]
}
