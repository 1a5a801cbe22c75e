//! Invented places: districts with mandals and villages whose names are composed, as many as the population needs.

use std::collections::HashSet;

use crate::{
    dice::{Dice, Stream},
    latin, phonetic,
};

/// Districts in the order of the registry, each in the phonetic code and in Latin letters.
const DISTRICTS: [(&str, &str); 4] = [
    ("guMTUru", "Guntur"),
    ("prakASaM", "Prakasam"),
    ("kRSNA", "Krishna"),
    ("paScimagOdAvari", "West Godavari"),
];
/// Mandals of a small population.
const MANDALS_MIN: usize = 16;
/// Villages of a small population.
const VILLAGES_MIN: usize = 60;
/// Residents a village (AP: 4.9 crore people, some 17,000 villages and the towns; assumed smaller so that names repeat).
const RESIDENTS_PER_VILLAGE: u64 = 800;

const BEFORE: &str = "pedda cinna kotta pAta";
const STEMS: &str = "
    nalla golla rAma kRSNa vEla mukku tADi ciMta gaMga maMga dEvara guMDla pOtu vaDDe erra kaMdu mAmiDi jammi rAvi
    pasumarti koMDa kanaka gauri lakSmi naMdi vEpa tumma munagala bommala pAmula cilaka nEla vIra aMka buri muppa
    yaDla nUti cEkUr ganne jonna veMka siMga uppu sOma gOpAla narasa tirumala dharma sItA paMDita kApu vellaM";
const ENDS: &str = "
    palli pAleM puraM pADu gUDeM pETa varaM parru mUDi cerla
    vAripAleM lapUDi doDDi kuduru";

/// One village with those above it.
#[derive(Clone, Debug)]
pub(crate) struct Village {
    /// Latin name.
    pub(crate) name: String,
    /// Phonetic code.
    code: String,
    /// Its mandal.
    pub(crate) mandal: usize,
    /// Its district.
    pub(crate) district: usize,
}

impl Village {
    /// The name in Telugu script.
    pub(crate) fn telugu(&self) -> String {
        phonetic::telugu(&self.code)
    }

    /// The name as another clerk spells it.
    pub(crate) fn variant(&self, dice: &mut Dice) -> String {
        latin::variant(&self.code, &self.name, false, dice)
    }
}

/// All places of one population, small enough to hold at any size (62,500 villages for 50 million people).
#[derive(Clone, Debug)]
pub(crate) struct Places {
    mandals: Vec<String>,
    villages: Vec<Village>,
}

impl Places {
    /// Composes the places that a population needs.
    pub(crate) fn new(seed: u64, residents: u64) -> Self {
        let villages = VILLAGES_MIN.max((residents / RESIDENTS_PER_VILLAGE) as usize);
        let mandals = MANDALS_MIN.max(villages / 20);
        let mut dice = Dice::new(seed, Stream::Place, 0, 0);
        let mut known = HashSet::new();
        let composer = Composer::new();
        let names = (0..mandals).map(|_| composer.compose(&mut dice, &mut known).1).collect();
        let mut made = Vec::with_capacity(villages);
        for village in 0..villages {
            let mandal = village * mandals / villages;
            if made.last().is_none_or(|last: &Village| last.mandal != mandal) {
                known.clear();
            }
            let (code, name) = composer.compose(&mut dice, &mut known);
            made.push(Village { name, code, mandal, district: mandal * DISTRICTS.len() / mandals });
        }
        Self { mandals: names, villages: made }
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

    /// The name of a district.
    pub(crate) fn district(district: usize) -> &'static str {
        DISTRICTS[district].1
    }

    /// The number of districts.
    pub(crate) fn districts() -> usize {
        DISTRICTS.len()
    }

    /// Another village near by: mostly of the same mandal, always of the same district.
    pub(crate) fn near(&self, village: usize, dice: &mut Dice) -> usize {
        let here = &self.villages[village];
        let same_mandal = dice.chance(0.6);
        let fits = |other: &Village| {
            if same_mandal { other.mandal == here.mandal } else { other.district == here.district }
        };
        let first = self.villages.partition_point(|other| {
            if same_mandal { other.mandal < here.mandal } else { other.district < here.district }
        });
        let count = self.villages[first..].partition_point(fits);
        let other = first + dice.below(count);
        if other == village { first + (other - first + 1) % count } else { other }
    }
}

/// Composes names from their parts.
struct Composer {
    before: Vec<&'static str>,
    stems: Vec<&'static str>,
    ends: Vec<&'static str>,
}

impl Composer {
    fn new() -> Self {
        let words = |list: &'static str| list.split_whitespace().collect();
        Self { before: words(BEFORE), stems: words(STEMS), ends: words(ENDS) }
    }

    /// A name not yet known: code and Latin spelling.
    fn compose(&self, dice: &mut Dice, known: &mut HashSet<String>) -> (String, String) {
        loop {
            let prefix = if dice.chance(0.15) { *dice.pick(&self.before) } else { "" };
            let code = format!("{prefix}{}{}", dice.pick(&self.stems), dice.pick(&self.ends));
            let name = latin::usual(&code);
            if known.insert(name.clone()) {
                return (code, name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn villages_are_unique_within_their_mandal_and_lie_in_order() {
        for residents in [100, 5000, 2_000_000] {
            let places = Places::new(1, residents);
            let names: HashSet<_> =
                places.villages.iter().map(|place| (place.mandal, &place.name)).collect();
            assert_eq!(names.len(), places.villages());
            assert!(places.villages.is_sorted_by_key(|place| (place.district, place.mandal)));
            assert_eq!(
                places.villages.last().map(|place| place.district),
                Some(DISTRICTS.len() - 1)
            );
        }
    }

    #[test]
    fn near_is_another_village_of_the_district() {
        let places = Places::new(1, 5000);
        let mut dice = Dice::new(1, Stream::Claim, 0, 0);
        for village in 0..places.villages() {
            let other = places.near(village, &mut dice);
            assert_ne!(other, village);
            assert_eq!(places.village(other).district, places.village(village).district);
        }
    }
}
