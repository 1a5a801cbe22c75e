//! `registry/people_hub.csv`.

use crate::{
    dice::Dice,
    lists::RegistryLayout,
    survey::{Entry, dashed, sex_word},
};

pub(super) const LAYOUT: RegistryLayout =
    RegistryLayout { path: "registry/people_hub.csv", header: &HEADER, cells };

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

fn cells(entry: &Entry, dice: &mut Dice) -> Vec<String> {
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
    vec![
        entry.resident_id.clone(),
        entry.household_id.clone(),
        entry.name.clone(),
        entry.relative.clone(),
        entry.relation.to_owned(),
        sex_word(person.sex).to_owned(),
        dashed(entry.birth),
        status.to_owned(),
        entry.id.clone(),
        entry.mobile.clone(),
        household.house_no.clone(),
        village.name.clone(),
        world.places.mandal(village).to_owned(),
        village.district.to_owned(),
        entry.card.clone(),
        ["Yes", "No", ""][dice.weighted(&[0.8, 0.15, 0.05])].to_owned(),
        account,
        branch,
        if person.deceased { "DECEASED" } else { "ALIVE" }.to_owned(),
        dashed(entry.surveyed),
    ]
}
