//! Which place of a table a text means: by its folded name, the place above it, and the date.
//!
//! A name alone is often shared (a mandal of one name in two districts) and districts are split (Andhra Pradesh's 13 became 26
//! on 4 April 2022, `domain.md` 3, Others): so a place counts as below another when its parent is that one, or was made of it.
//! What is not sure is left open: two places of one name, a parent that contradicts, two spellings equally near.
//!
//! ```
//! use milaan_kernels::gazetteer::{Gazetteer, How, Place};
//! let place = |level, code, name, parent| Place { level, code, name, parent, ..Place::default() };
//! let places = Gazetteer::new(&[
//!     place("district", "510", "Krishna", ""),
//!     place("mandal", "5001", "Nandigama", "510"),
//! ], &[]);
//! let found = places.find("mandal", "Nandigamma", "KRISHNA", "2026-10-31").unwrap();
//! assert_eq!((found.code, found.how), (Some("5001"), How::Name));
//! assert_eq!(places.find("mandal", "Nandigaon", "Krishna", "2026-10-31").unwrap().how, How::Near);
//! assert_eq!(places.find("mandal", "Vuyyuru", "Krishna", "2026-10-31").unwrap().how, How::Unknown);
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{edit, place};

/// A place of a table; empty texts where nothing is known.
#[derive(Debug, Clone, Default)]
pub struct Place<'a> {
    /// Its level (`district`, `mandal` …).
    pub level: &'a str,
    /// Its code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The code of the place above it.
    pub parent: &'a str,
    /// Its other names.
    pub also: Vec<&'a str>,
    /// The codes of the places it was made of.
    pub formerly: Vec<&'a str>,
    /// Its first day (ISO).
    pub valid_from: &'a str,
    /// Its last day (ISO).
    pub valid_to: &'a str,
}

/// What somebody settled: a text of a level (below a text, or anywhere where that is empty) is this code, or none.
#[derive(Debug, Clone, Default)]
pub struct Settled<'a> {
    /// The level.
    pub level: &'a str,
    /// The text.
    pub text: &'a str,
    /// The text one level up, or empty.
    pub above: &'a str,
    /// The code, or empty.
    pub code: &'a str,
}

/// How a text was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// Somebody settled it.
    Settled,
    /// By its name, and the place above where that is known.
    Name,
    /// By its name, which was in force at another time.
    OtherTime,
    /// By a name that is nearly the same.
    Near,
    /// Several places have the name.
    Ambiguous,
    /// A place has the name, but below another.
    ParentDiffers,
    /// No place has it.
    Unknown,
}

impl How {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            How::Settled => "settled",
            How::Name => "name",
            How::OtherTime => "other_time",
            How::Near => "near",
            How::Ambiguous => "ambiguous",
            How::ParentDiffers => "parent_differs",
            How::Unknown => "unknown",
        }
    }
}

/// What a text means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found<'a> {
    /// The code; `None` where it is not sure.
    pub code: Option<&'a str>,
    /// The name in the table.
    pub name: Option<&'a str>,
    /// How it was found.
    pub how: How,
    /// From 0 to 1: 1 for a name, the likeness of the keys for a near one.
    pub confidence: f64,
}

/// Nearer than this by Jaro–Winkler on the keys, and by so much nearer than the second.
const NEAR_MIN: f64 = 0.90;
const LEAD_MIN: f64 = 0.03;
/// Shorter keys are near by chance.
const NEAR_LETTERS_MIN: usize = 5;

/// A table of places, ready for looking up.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    places: Vec<Row>,
    /// Level and key → places.
    by_key: HashMap<(String, String), Vec<usize>>,
    /// Level, first letter of the key → keys.
    by_letter: BTreeMap<(String, char), BTreeSet<String>>,
    /// Level, key, key above → code.
    settled: HashMap<(String, String, String), String>,
}

#[derive(Debug, Clone)]
struct Row {
    code: String,
    name: String,
    parent: String,
    formerly: Vec<String>,
    valid_from: String,
    valid_to: String,
}

impl Gazetteer {
    /// From a table and what was settled; a later settlement goes before.
    pub fn new(places: &[Place<'_>], settled: &[Settled<'_>]) -> Gazetteer {
        let mut made = Gazetteer::default();
        for (at, one) in places.iter().enumerate() {
            for key in
                std::iter::once(&one.name).chain(&one.also).filter_map(|name| place::key(name))
            {
                let level = one.level.to_owned();
                let letter = key.chars().next().unwrap_or_default();
                made.by_letter.entry((level.clone(), letter)).or_default().insert(key.clone());
                let holders = made.by_key.entry((level, key)).or_default();
                if holders.last() != Some(&at) {
                    holders.push(at);
                }
            }
            made.places.push(Row {
                code: one.code.to_owned(),
                name: one.name.to_owned(),
                parent: one.parent.to_owned(),
                formerly: one.formerly.iter().map(|code| (*code).to_owned()).collect(),
                valid_from: one.valid_from.to_owned(),
                valid_to: one.valid_to.to_owned(),
            });
        }
        for one in settled {
            let Some(key) = place::key(one.text) else { continue };
            let above = place::key(one.above).unwrap_or_default();
            made.settled.insert((one.level.to_owned(), key, above), one.code.to_owned());
        }
        made
    }

    /// What a text of a level means, below a text one level up (may be empty), on a day (ISO). `None` for empty text and
    /// placeholders for nothing.
    pub fn find(&self, level: &str, text: &str, above: &str, day: &str) -> Option<Found<'_>> {
        let key = place::key(text)?;
        Some(self.find_key(level, &key, &place::key(above).unwrap_or_default(), day))
    }

    /// [`Gazetteer::find`] by keys as [`place::key`] gives them; an empty key above is none.
    pub fn find_key(&self, level: &str, key: &str, above: &str, day: &str) -> Found<'_> {
        if let Some(found) = self.settled(level, key, above) {
            return found;
        }
        let parents = self.parents(level, above);
        let held = self.by_key.get(&(level.to_owned(), key.to_owned()));
        let found = match held {
            Some(holders) => self.among(holders, parents.as_ref(), day),
            None => self.near(level, key, parents.as_ref(), day),
        };
        found.unwrap_or(Found { code: None, name: None, how: How::Unknown, confidence: 0.0 })
    }

    fn settled(&self, level: &str, key: &str, above: &str) -> Option<Found<'_>> {
        let of =
            |above: &str| self.settled.get(&(level.to_owned(), key.to_owned(), above.to_owned()));
        let code = of(above).or_else(|| of(""))?;
        let place = self.places.iter().find(|place| place.code == *code);
        Some(Found {
            code: (!code.is_empty()).then_some(code.as_str()),
            name: place.map(|place| place.name.as_str()),
            how: How::Settled,
            confidence: 1.0,
        })
    }

    /// The codes that a place above may have: those of its name, and of the places made of them. `None`: it is not known.
    fn parents(&self, level: &str, above: &str) -> Option<BTreeSet<&str>> {
        let levels: &[&str] = match level {
            "district" => &["province"],
            "mandal" | "tehsil" => &["district"],
            "village" => &["mandal", "tehsil"],
            _ => &["village"],
        };
        let named: BTreeSet<&str> = levels
            .iter()
            .filter_map(|level| self.by_key.get(&((*level).to_owned(), above.to_owned())))
            .flatten()
            .map(|at| self.places[*at].code.as_str())
            .collect();
        if above.is_empty() || named.is_empty() {
            return None;
        }
        let made_of = self
            .places
            .iter()
            .filter(|place| place.formerly.iter().any(|code| named.contains(code.as_str())));
        let made_of: BTreeSet<&str> = made_of.map(|place| place.code.as_str()).collect();
        Some(named.into_iter().chain(made_of).collect())
    }

    /// The one place among those of a name.
    fn among(
        &self,
        holders: &[usize],
        parents: Option<&BTreeSet<&str>>,
        day: &str,
    ) -> Option<Found<'_>> {
        let below = |at: &&usize| self.is_below(**at, parents);
        let here: Vec<&usize> = holders.iter().filter(below).collect();
        let now: Vec<&usize> = here.iter().copied().filter(|at| self.is_valid(**at, day)).collect();
        let (mut codes, how) =
            if now.is_empty() { (here.clone(), How::OtherTime) } else { (now, How::Name) };
        codes.dedup_by_key(|at| &self.places[**at].code);
        let open = |how, at: Option<&&usize>| Found {
            code: None,
            name: at.map(|at| self.places[**at].name.as_str()),
            how,
            confidence: 0.0,
        };
        match codes.as_slice() {
            [] => holders.first().map(|at| open(How::ParentDiffers, Some(&at))),
            [at] => Some(self.found(**at, how, if how == How::Name { 1.0 } else { 0.9 })),
            [first, ..] => Some(open(How::Ambiguous, Some(first))),
        }
    }

    /// The place whose name is nearest, if it is near and alone.
    fn near(
        &self,
        level: &str,
        key: &str,
        parents: Option<&BTreeSet<&str>>,
        day: &str,
    ) -> Option<Found<'_>> {
        if key.len() < NEAR_LETTERS_MIN {
            return None;
        }
        let letter = key.chars().next()?;
        let keys = self.by_letter.get(&(level.to_owned(), letter))?;
        let mut best: Option<(f64, usize)> = None;
        let mut second = 0.0_f64;
        for known in keys {
            let likeness = edit::jaro_winkler(key, known);
            if likeness < NEAR_MIN - LEAD_MIN {
                continue;
            }
            let holders = self.by_key.get(&(level.to_owned(), known.clone())).into_iter().flatten();
            for at in holders.filter(|at| self.is_below(**at, parents) && self.is_valid(**at, day))
            {
                match best {
                    Some((most, held)) if self.places[held].code == self.places[*at].code => {
                        best = Some((most.max(likeness), held));
                    }
                    Some((most, _)) if likeness <= most => second = second.max(likeness),
                    _ => {
                        second = best.map_or(second, |(most, _)| most);
                        best = Some((likeness, *at));
                    }
                }
            }
        }
        let (likeness, at) = best.filter(|(likeness, _)| *likeness >= NEAR_MIN)?;
        (likeness - second >= LEAD_MIN).then(|| self.found(at, How::Near, likeness))
    }

    fn found(&self, at: usize, how: How, confidence: f64) -> Found<'_> {
        let Row { code, name, .. } = &self.places[at];
        Found { code: Some(code), name: Some(name), how, confidence }
    }

    fn is_below(&self, at: usize, parents: Option<&BTreeSet<&str>>) -> bool {
        let parent = self.places[at].parent.as_str();
        parent.is_empty() || parents.is_none_or(|parents| parents.contains(parent))
    }

    fn is_valid(&self, at: usize, day: &str) -> bool {
        let Row { valid_from, valid_to, .. } = &self.places[at];
        (valid_from.is_empty() || valid_from.as_str() <= day)
            && (valid_to.is_empty() || day <= valid_to.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn andhra() -> Gazetteer {
        let place =
            |level, code, name, parent| Place { level, code, name, parent, ..Place::default() };
        let mut places = vec![
            place("district", "510", "Krishna", ""),
            place("district", "506", "Guntur", ""),
            place("mandal", "1", "Nandigama", "749"),
            place("mandal", "2", "Kondapuram", "506"),
            place("mandal", "3", "Kondapuram", "510"),
            place("mandal", "4", "Vinukonda", "506"),
            place("mandal", "5", "Machilipatnam", "510"),
        ];
        places.push(Place {
            formerly: vec!["510"],
            valid_from: "2022-04-04",
            also: vec!["NTR Vijayawada"],
            ..place("district", "749", "NTR", "")
        });
        let settled = [
            Settled { level: "mandal", text: "Bandar", above: "", code: "5" },
            Settled { level: "mandal", text: "Vinukonda", above: "Krishna", code: "" },
        ];
        Gazetteer::new(&places, &settled)
    }

    #[test]
    fn places() {
        let places = andhra();
        for (level, text, above, day, code, how) in [
            ("district", "Krishna Dist.", "", "2026-01-01", Some("510"), "name"),
            ("district", "కృష్ణా", "", "2026-01-01", Some("510"), "name"),
            ("district", "NTR", "", "2026-01-01", Some("749"), "name"),
            ("district", "NTR", "", "2020-01-01", Some("749"), "other_time"),
            ("district", "N.T.R. Vijayawada", "", "2026-01-01", Some("749"), "name"),
            ("mandal", "Nandigama", "NTR", "2026-01-01", Some("1"), "name"),
            // The list still says the district of before the split.
            ("mandal", "Nandigama", "Krishna", "2026-01-01", Some("1"), "name"),
            ("mandal", "Nandigama", "Guntur", "2026-01-01", None, "parent_differs"),
            ("mandal", "Nandigama", "Atlantis", "2026-01-01", Some("1"), "name"),
            ("mandal", "Kondapuram", "", "2026-01-01", None, "ambiguous"),
            ("mandal", "Kondapuram", "Guntur", "2026-01-01", Some("2"), "name"),
            ("mandal", "Machilipatanam", "Krishna", "2026-01-01", Some("5"), "near"),
            ("mandal", "Machilipatanam", "Guntur", "2026-01-01", None, "unknown"),
            ("mandal", "Bandar", "Krishna", "2026-01-01", Some("5"), "settled"),
            ("mandal", "Vinukonda", "Krishna", "2026-01-01", None, "settled"),
            ("mandal", "Vinukonda", "Guntur", "2026-01-01", Some("4"), "name"),
            ("village", "Guntur", "", "2026-01-01", None, "unknown"),
        ] {
            let found =
                places.find(level, text, above, day).map(|found| (found.code, found.how.as_str()));
            assert_eq!(found, Some((code, how)), "{level} {text} below {above} on {day}");
        }
        assert_eq!(places.find("mandal", "NA", "", "2026-01-01"), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in ".*|[a-z]{4,9}", above in ".*|Krishna|Guntur") {
            let places = andhra();
            for level in ["district", "mandal", "village"] {
                let found = places.find(level, &text, &above, "2026-01-01");
                let sure = found.is_none_or(|found| (0.0..=1.0).contains(&found.confidence));
                prop_assert!(sure);
            }
        }
    }
}
