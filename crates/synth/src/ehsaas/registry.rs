//! `registry/nser.csv`.

use std::borrow::Cow;

use super::{dashed_cnic, dashed_mobile, relation_word, tenths};
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

fn cells<'e>(entry: &'e Entry<'_>, dice: &mut Dice) -> Vec<Cow<'e, str>> {
    let Entry { world, household, person, .. } = entry;
    let village = world.places.village(household.village);
    vec![
        Cow::from(&entry.resident_id),
        Cow::from(&entry.household_id),
        Cow::from(&entry.name),
        Cow::from(&entry.relative),
        Cow::from(relation_word(entry.relation, person.sex == Sex::Male)),
        Cow::from(sex_word(person.sex)),
        Cow::from(dashed(entry.birth)),
        Cow::from(dashed_cnic(&entry.id)),
        Cow::from(dashed_mobile(&entry.mobile)),
        Cow::from(&household.house_no),
        Cow::from(&village.name),
        Cow::from(world.places.mandal(village)),
        Cow::from(village.district),
        Cow::from(world.places.part(village.part)),
        Cow::from(tenths(household.pmt_tenths)),
        Cow::from(["Yes", "No", ""][dice.weighted(&[0.8, 0.15, 0.05])]),
        Cow::from(if person.deceased { "DECEASED" } else { "ALIVE" }),
        Cow::from(dashed(entry.surveyed)),
    ]
}
