//! Invented places: parts of the country with districts, mandals and villages; names of mandals and villages are composed,
//! as many as the population needs.

mod composer;

use std::collections::HashSet;

use self::composer::Composer;
use crate::{
    dice::{Dice, Stream},
    latin,
    order::Programme,
    urdu,
};

/// A part of the country: a district of Andhra Pradesh before the split of 2022 with those it became, or a province of Pakistan
/// with some of its districts. The weight is its share of the mandals.
#[derive(Debug)]
struct Part {
    name: &'static str,
    weight: usize,
    districts: &'static [&'static str],
}

const fn part(name: &'static str, weight: usize, districts: &'static [&'static str]) -> Part {
    Part { name, weight, districts }
}

/// The thirteen districts of Andhra Pradesh until April 2022 and the twenty-six of today. A small population has the first four.
const ANDHRA: [Part; 13] = [
    part("Guntur", 1, &["Guntur", "Palnadu", "Bapatla"]),
    part("Prakasam", 1, &["Prakasam"]),
    part("Krishna", 1, &["Krishna", "NTR"]),
    part("West Godavari", 1, &["West Godavari", "Eluru"]),
    part("Srikakulam", 1, &["Srikakulam"]),
    part("Vizianagaram", 1, &["Vizianagaram", "Parvathipuram Manyam"]),
    part("Visakhapatnam", 1, &["Visakhapatnam", "Anakapalli", "Alluri Sitharama Raju"]),
    part("East Godavari", 1, &["East Godavari", "Kakinada", "Konaseema"]),
    part("Nellore", 1, &["Nellore"]),
    part("Chittoor", 1, &["Chittoor", "Tirupati"]),
    part("Kadapa", 1, &["YSR Kadapa", "Annamayya"]),
    part("Anantapur", 1, &["Anantapur", "Sri Sathya Sai"]),
    part("Kurnool", 1, &["Kurnool", "Nandyal"]),
];
/// Parts of a small population of Andhra Pradesh, and from how many residents on it has all.
const FEW_PARTS: usize = 4;
const MANY_RESIDENTS: u64 = 200_000;
/// The provinces of Pakistan; weights as their populations stand to each other.
const PAKISTAN: [Part; 4] = [
    part(
        "Punjab",
        8,
        &["Multan", "Bahawalpur", "Rahim Yar Khan", "Sargodha", "Faisalabad", "Muzaffargarh"],
    ),
    part("Sindh", 4, &["Sukkur", "Larkana", "Dadu", "Badin", "Tharparkar"]),
    part("Khyber Pakhtunkhwa", 3, &["Peshawar", "Mardan", "Swat", "Kohat", "Bannu"]),
    part("Balochistan", 1, &["Quetta", "Khuzdar", "Kech", "Sibi"]),
];
/// Mandals of a small population.
const MANDALS_MIN: usize = 16;
/// Villages of a small population.
const VILLAGES_MIN: usize = 60;
/// Residents a village (AP: 4.9 crore people, some 17,000 villages and the towns; assumed smaller so that names repeat).
const RESIDENTS_PER_VILLAGE: u64 = 800;

/// One village with those above it.
#[derive(Clone, Debug)]
pub(crate) struct Village {
    /// Latin name.
    pub(crate) name: String,
    /// The name in the country's own script.
    pub(crate) native: String,
    /// Phonetic code.
    code: String,
    /// Its mandal (in Pakistan its tehsil).
    pub(crate) mandal: usize,
    /// The old district, or the province.
    pub(crate) part: usize,
    /// The district of today.
    pub(crate) district: &'static str,
}

/// All places of one population, small enough to hold at any size (62,500 villages for 50 million people).
#[derive(Clone, Debug)]
pub(crate) struct Places {
    programme: Programme,
    parts: &'static [Part],
    mandals: Vec<String>,
    villages: Vec<Village>,
}

impl Places {
    /// Composes the places that a population needs.
    pub(crate) fn new(programme: Programme, seed: u64, residents: u64) -> Self {
        let parts: &[Part] = match programme {
            Programme::PeopleHub if residents < MANY_RESIDENTS => &ANDHRA[..FEW_PARTS],
            Programme::PeopleHub => &ANDHRA,
            Programme::Ehsaas => &PAKISTAN,
        };
        let villages = VILLAGES_MIN.max((residents / RESIDENTS_PER_VILLAGE) as usize);
        let mandals = MANDALS_MIN.max(villages / 20).max(parts.len() * 3);
        let mut dice = Dice::new(seed, Stream::Place, 0, 0);
        let mut known = HashSet::new();
        let composer = Composer::new(programme);
        let owners = owners(parts, mandals);
        let names = owners
            .iter()
            .map(|(part, _)| composer.compose(*part, &mut dice, &mut known).name)
            .collect();
        let mut made = Vec::with_capacity(villages);
        for village in 0..villages {
            let mandal = village * mandals / villages;
            if made.last().is_none_or(|last: &Village| last.mandal != mandal) {
                known.clear();
            }
            let (part, district) = owners[mandal];
            let composed = composer.compose(part, &mut dice, &mut known);
            made.push(Village { mandal, part, district, ..composed });
        }
        Self { programme, parts, mandals: names, villages: made }
    }

    /// A village by its place in the registry.
    pub(crate) fn village(&self, village: usize) -> &Village {
        &self.villages[village]
    }

    /// The number of villages.
    pub(crate) fn villages(&self) -> usize {
        self.villages.len()
    }

    /// The name of a village's mandal.
    pub(crate) fn mandal(&self, village: &Village) -> &str {
        &self.mandals[village.mandal]
    }

    /// The name of an old district or a province.
    pub(crate) fn part(&self, part: usize) -> &'static str {
        self.parts[part].name
    }

    /// The number of old districts or provinces.
    pub(crate) fn parts(&self) -> usize {
        self.parts.len()
    }

    /// The first village of a part, or the number of villages.
    pub(crate) fn first_of(&self, part: usize) -> usize {
        self.villages.partition_point(|village| village.part < part)
    }

    /// A village's name as another clerk spells it.
    pub(crate) fn variant(&self, village: usize, dice: &mut Dice) -> String {
        let Village { name, code, .. } = &self.villages[village];
        match self.programme {
            Programme::PeopleHub => latin::variant(code, name, false, dice),
            Programme::Ehsaas => urdu::variant(name, name, dice),
        }
    }

    /// Another village near by: mostly of the same mandal, always of the same part.
    pub(crate) fn near(&self, village: usize, dice: &mut Dice) -> usize {
        let here = &self.villages[village];
        let same_mandal = dice.chance(0.6);
        let fits = |other: &Village| {
            if same_mandal { other.mandal == here.mandal } else { other.part == here.part }
        };
        let first = self.villages.partition_point(|other| {
            if same_mandal { other.mandal < here.mandal } else { other.part < here.part }
        });
        let count = self.villages[first..].partition_point(fits);
        let other = first + dice.below(count);
        if other == village { first + (other - first + 1) % count } else { other }
    }
}

/// The part and the district of each mandal.
fn owners(parts: &'static [Part], mandals: usize) -> Vec<(usize, &'static str)> {
    let all: usize = parts.iter().map(|part| part.weight).sum();
    let mut before = 0;
    let mut owners = Vec::with_capacity(mandals);
    for (number, part) in parts.iter().enumerate() {
        let (first, end) = (before * mandals / all, (before + part.weight) * mandals / all);
        before += part.weight;
        for mandal in 0..end - first {
            owners.push((number, part.districts[mandal * part.districts.len() / (end - first)]));
        }
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn villages_are_unique_within_their_mandal_and_lie_in_order() {
        for programme in [Programme::PeopleHub, Programme::Ehsaas] {
            for residents in [100, 5000, 2_000_000] {
                let places = Places::new(programme, 1, residents);
                let names: HashSet<_> =
                    places.villages.iter().map(|place| (place.mandal, &place.name)).collect();
                assert_eq!(names.len(), places.villages());
                assert!(places.villages.is_sorted_by_key(|place| (place.part, place.mandal)));
                let last = places.villages.last().map(|place| place.part);
                assert_eq!(last, Some(places.parts() - 1));
            }
        }
    }

    #[test]
    fn thirteen_districts_became_twenty_six() {
        let places = Places::new(Programme::PeopleHub, 1, MANY_RESIDENTS);
        let today: HashSet<_> = places.villages.iter().map(|village| village.district).collect();
        assert_eq!((places.parts(), today.len()), (13, 26));
    }

    #[test]
    fn near_is_another_village_of_the_part() {
        let places = Places::new(Programme::PeopleHub, 1, 5000);
        let mut dice = Dice::new(1, Stream::Claim, 0, 0);
        for village in 0..places.villages() {
            let other = places.near(village, &mut dice);
            assert_ne!(other, village);
            assert_eq!(places.village(other).part, places.village(village).part);
        }
    }
}
