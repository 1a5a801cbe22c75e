//! `registry/nser.csv`.

use super::{dashed_cnic, dashed_mobile, pmt_tenths, relation_word, tenths};
use crate::{
    dice::Dice,
    lists::RegistryLayout,
    names::Sex,
    survey::{Entry, dashed, sex_word},
};

pub(super) const LAYOUT: RegistryLayout =
    RegistryLayout { path: "registry/nser.csv", header: &HEADER, cells };

const HEADER: [&str; 18] = [
    "Resident No",
    "Household No",
    "Name",
    "Father/Husband Name",
    "Relation",
    "Gender",
    "Date of Birth",
    "CNIC",
    "Mobile",
    "House",
    "Village/Mohalla",
    "Tehsil",
    "District",
    "Province",
    "PMT Score",
    "NADRA Verified",
    "Status",
    "Survey Date",
];

fn cells(entry: &Entry, dice: &mut Dice) -> Vec<String> {
    let Entry { world, household, person, .. } = entry;
    let village = world.places.village(household.village);
    vec![
        entry.resident_id.clone(),
        entry.household_id.clone(),
        entry.name.clone(),
        entry.relative.clone(),
        relation_word(entry.relation, person.sex == Sex::Male).to_owned(),
        sex_word(person.sex).to_owned(),
        dashed(entry.birth),
        dashed_cnic(&entry.id),
        dashed_mobile(&entry.mobile),
        household.house_no.clone(),
        village.name.clone(),
        world.places.mandal(village).to_owned(),
        village.district.to_owned(),
        world.places.part(village.part).to_owned(),
        tenths(pmt_tenths(world, household)),
        ["Yes", "No", ""][dice.weighted(&[0.8, 0.15, 0.05])].to_owned(),
        if person.deceased { "DECEASED" } else { "ALIVE" }.to_owned(),
        dashed(entry.surveyed),
    ]
}
