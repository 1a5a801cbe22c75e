//! `registry/nser.csv`.

use std::borrow::Cow;

use super::{dashed_cnic, dashed_mobile, relation_word, tenths};
use crate::{
    dice::Dice,
    lists::RegistryLayout,
    names::Sex,
    survey::{Entry, dashed, ekyc, sex_word},
};

pub(super) const LAYOUT: RegistryLayout =
    RegistryLayout { path: "registry/nser.csv", header: &HEADER, cells };

const HEADER: [&str; 19] = [
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
    "Verified On",
];

fn cells<'e>(entry: &'e Entry<'_>, dice: &mut Dice) -> Vec<Cow<'e, str>> {
    let Entry { world, household, person, .. } = entry;
    let village = world.places.village(household.village);
    let score =
        if world.score_unknown(household) { String::new() } else { tenths(household.pmt_tenths) };
    let drawn = ["Yes", "No", ""][dice.weighted(&[0.8, 0.15, 0.05])];
    let (verified, verified_on) = ekyc(entry, drawn);
    vec![
        Cow::from(&entry.resident_id),
        Cow::from(&entry.household_id),
        Cow::from(&entry.name),
        Cow::from(&entry.relative),
        Cow::from(relation_word(entry.relation, person.sex == Sex::Male)),
        Cow::from(sex_word(person.sex)),
        Cow::from(entry.birth.map_or_else(String::new, dashed)),
        Cow::from(dashed_cnic(&entry.id)),
        Cow::from(dashed_mobile(&entry.mobile)),
        Cow::from(&household.house_no),
        Cow::from(&village.name),
        Cow::from(world.places.mandal(village)),
        Cow::from(village.district),
        Cow::from(world.places.part(village.part)),
        Cow::from(score),
        Cow::from(verified),
        Cow::from(if person.deceased { "DECEASED" } else { "ALIVE" }),
        Cow::from(dashed(entry.surveyed)),
        Cow::from(verified_on),
    ]
}
