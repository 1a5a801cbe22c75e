//! Which place of a table a text means: by its folded name, the places above it, and the date.
//!
//! A name alone is often shared (a mandal of one name in two districts, a village of one name in thirty mandals), so a place is
//! looked up within those above it, from the largest down. Districts are split (Andhra Pradesh's 13 became 26 on 4 April 2022,
//! `domain.md` 3, Others): a place counts as below another when its parent is that one, or was made of it, or is what that one
//! was made of and the table's line is older than the split.
//! What is not sure is left open: two places of one name, a parent that contradicts, two spellings equally near.
//!
//! ```
//! use milaan_kernels::gazetteer::{Gazetteer, How, Place};
//! let place = |level, code, name, parent| Place { level, code, name, parent, ..Place::default() };
//! let places = Gazetteer::new(&[
//!     place("district", "510", "Krishna", ""),
//!     place("mandal", "5001", "Nandigama", "510"),
//! ], &[]);
//! let found = places.find("mandal", "Nandigamma", &[("district", "KRISHNA")], "2026-10-31").unwrap();
//! assert_eq!((found.code, found.how), (Some("5001"), How::Name));
//! assert_eq!(places.find("mandal", "Nandigana", &[], "2026-10-31").unwrap().how, How::Near);
//! assert_eq!(places.find("mandal", "Vuyyuru", &[], "2026-10-31").unwrap().how, How::Unknown);
//! ```

mod scope;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::{edit, place};
use scope::Scope;

/// The levels of place, from the largest.
pub const LEVELS: [&str; 6] = ["province", "district", "mandal", "tehsil", "village", "habitation"];
/// Raised whenever a text may mean another place than it did, so that what was kept of before is worked out anew.
pub const RULES: u32 = 3;
/// How deep each of them is: mandal and tehsil are the same.
const DEPTHS: [u8; 6] = [0, 1, 2, 2, 3, 4];

/// A place of a table; empty texts where nothing is known.
#[derive(Debug, Clone, Default)]
pub struct Place<'a> {
    /// Its level, one of [`LEVELS`]; others are left out.
    pub level: &'a str,
    /// Its code, unique in its level at a time.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The code of the place above it, or its name where it has no code.
    pub parent: &'a str,
    /// Its other names.
    pub also: Vec<&'a str>,
    /// The codes (or names) of the places it was made of.
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
    /// The code (the name, where the place has none), or empty.
    pub code: &'a str,
}

/// How a text was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// Somebody settled it.
    Settled,
    /// By its name, and the places above where those are known.
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
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Settled,
        Self::Name,
        Self::OtherTime,
        Self::Near,
        Self::Ambiguous,
        Self::ParentDiffers,
        Self::Unknown,
    ];

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
    /// The code; `None` where it is not sure, or the table has none.
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
/// One wrong letter for so many: -puram and -varam end the names of other villages.
const LETTERS_AN_EDIT: usize = 6;

/// A table of places, ready for looking up.
#[derive(Debug, Clone, Default)]
pub struct Gazetteer {
    /// The lines of the table.
    rows: Vec<Row>,
    /// The places, each with its lines: one place has several when its parent or name changed.
    units: Vec<Unit>,
    /// By level: key → rows.
    by_key: [HashMap<String, Vec<usize>>; LEVELS.len()],
    /// By level: first letter of a key → the keys.
    by_letter: [HashMap<char, Vec<Key>>; LEVELS.len()],
    /// By level: whether every row has a parent, and of the depth just above.
    is_tree: [bool; LEVELS.len()],
    /// Level, key, key above → the place, or nothing.
    settled: HashMap<(usize, String, String), Vec<usize>>,
    /// The days on which what is valid changes, sorted.
    changes: Vec<String>,
}

#[derive(Debug, Clone)]
struct Row {
    unit: usize,
    name: String,
    keys: Vec<Key>,
    parents: Vec<usize>,
    valid_from: String,
    valid_to: String,
}

/// A folded name, and which letters it has: most names are told apart by those alone.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    text: String,
    letters: u64,
}

#[derive(Debug, Clone)]
struct Unit {
    level: usize,
    code: String,
    rows: Vec<usize>,
    /// The rows below it.
    below: Vec<usize>,
    /// The places made of it, and since when.
    became: Vec<(usize, String)>,
    /// The places it was made of, and since when.
    formerly: Vec<(usize, String)>,
}

impl Gazetteer {
    /// From a table and what was settled; a later settlement goes before.
    pub fn new(places: &[Place<'_>], settled: &[Settled<'_>]) -> Gazetteer {
        let mut made = Gazetteer::default();
        let mut named: HashMap<(usize, String), Vec<usize>> = HashMap::new();
        let mut taken = Vec::with_capacity(places.len());
        for one in places {
            let Some(level) = level_at(one.level) else { continue };
            // A place without a code is known by its name and the text of its parent.
            let word = if one.code.is_empty() {
                [one.name, one.parent].join("\u{1f}")
            } else {
                one.code.to_owned()
            };
            let known = named.entry((level, word)).or_default();
            let unit = known.first().copied().unwrap_or_else(|| {
                made.units.push(Unit {
                    level,
                    code: one.code.to_owned(),
                    rows: Vec::new(),
                    below: Vec::new(),
                    became: Vec::new(),
                    formerly: Vec::new(),
                });
                known.push(made.units.len() - 1);
                made.units.len() - 1
            });
            made.add_row(one, unit, level);
            taken.push(one);
        }
        made.join(&taken, &named);
        for one in settled {
            let Some((level, key)) = level_at(one.level).zip(place::key(one.text)) else {
                continue;
            };
            let mut units = made.named(&named, level, one.code);
            units.truncate(1);
            if one.code.is_empty() || !units.is_empty() {
                let above = place::key(one.above).unwrap_or_default();
                made.settled.insert((level, key, above), units);
            }
        }
        let from = made.rows.iter().map(|row| row.valid_from.clone());
        let after = made.rows.iter().map(|row| format!("{}+", row.valid_to));
        made.changes = from.chain(after).filter(|day| day.len() > 1).collect();
        made.changes.sort_unstable();
        made.changes.dedup();
        made
    }

    fn add_row(&mut self, one: &Place<'_>, unit: usize, level: usize) {
        let at = self.rows.len();
        let mut keys: Vec<Key> = Vec::new();
        for key in std::iter::once(&one.name).chain(&one.also).filter_map(|name| place::key(name)) {
            let key = Key::new(key);
            if keys.contains(&key) {
                continue;
            }
            let letter = key.text.chars().next().unwrap_or_default();
            let rows = self.by_key[level].entry(key.text.clone()).or_default();
            if rows.is_empty() {
                self.by_letter[level].entry(letter).or_default().push(key.clone());
            }
            rows.push(at);
            keys.push(key);
        }
        self.units[unit].rows.push(at);
        self.rows.push(Row {
            unit,
            name: one.name.to_owned(),
            keys,
            parents: Vec::new(),
            valid_from: one.valid_from.to_owned(),
            valid_to: one.valid_to.to_owned(),
        });
    }

    /// Joins every line to its parents and to the places it was made of.
    fn join(&mut self, places: &[&Place<'_>], named: &HashMap<(usize, String), Vec<usize>>) {
        for (at, one) in places.iter().enumerate() {
            let unit = self.rows[at].unit;
            let level = self.units[unit].level;
            // The nearest level above that knows the parent.
            let above = (0..LEVELS.len()).rev().filter(|above| DEPTHS[*above] < DEPTHS[level]);
            let parents = above
                .map(|above| self.named(named, above, one.parent))
                .find(|found| !found.is_empty());
            for parent in parents.into_iter().flatten() {
                self.units[parent].below.push(at);
                self.rows[at].parents.push(parent);
            }
            let formerly = one.formerly.iter().flat_map(|code| self.named(named, level, code));
            for before in formerly.collect::<Vec<_>>() {
                let since = one.valid_from.to_owned();
                self.units[before].became.push((unit, since.clone()));
                self.units[unit].formerly.push((before, since));
            }
        }
        self.is_tree = [true; LEVELS.len()];
        for row in &self.rows {
            let level = self.units[row.unit].level;
            let is_above = |unit: &usize| DEPTHS[self.units[*unit].level] + 1 == DEPTHS[level];
            if row.parents.is_empty() || !row.parents.iter().all(is_above) {
                self.is_tree[level] = false;
            }
        }
    }

    /// The places of a level with this code, else those with this name.
    fn named(
        &self,
        named: &HashMap<(usize, String), Vec<usize>>,
        level: usize,
        text: &str,
    ) -> Vec<usize> {
        if let Some(units) = named.get(&(level, text.to_owned())) {
            return units.clone();
        }
        let key = place::key(text);
        let rows = key.and_then(|key| self.by_key[level].get(&key)).into_iter().flatten();
        let mut units: Vec<usize> = rows.map(|row| self.rows[*row].unit).collect();
        units.dedup();
        units
    }

    /// What a text of a level means, below texts of the levels above (level and text, the nearest first; as many as are known),
    /// on a day (ISO). `None` for empty text and placeholders for nothing.
    pub fn find(
        &self,
        level: &str,
        text: &str,
        above: &[(&str, &str)],
        day: &str,
    ) -> Option<Found<'_>> {
        let key = place::key(text)?;
        let keys: Vec<(&str, String)> = above
            .iter()
            .map(|(level, text)| (*level, place::key(text).unwrap_or_default()))
            .collect();
        let above: Vec<(&str, &str)> =
            keys.iter().map(|(level, key)| (*level, key.as_str())).collect();
        Some(self.find_key(level, &key, &above, day))
    }

    /// [`Gazetteer::find`] by keys as [`place::key`] gives them; an empty key above is none.
    pub fn find_key(&self, level: &str, key: &str, above: &[(&str, &str)], day: &str) -> Found<'_> {
        let unknown = Found { code: None, name: None, how: How::Unknown, confidence: 0.0 };
        let Some(level) = level_at(level) else { return unknown };
        let nearest = above.first().map_or("", |(_, key)| *key);
        if let Some(units) = self.settled(level, key, nearest) {
            let row = units.first().and_then(|unit| self.units[*unit].rows.last());
            return Found {
                confidence: 1.0,
                how: How::Settled,
                ..row.map_or(unknown, |row| self.found(*row))
            };
        }
        let scope = Scope::of(self, above, day);
        let found = match self.by_key[level].get(key) {
            Some(rows) => self.among(rows, &scope, day),
            None => self.near(level, key, &scope, day).map(|(row, likeness)| Found {
                how: How::Near,
                confidence: likeness,
                ..self.found(row)
            }),
        };
        found.unwrap_or(unknown)
    }

    /// A number for a day: what is valid on two days of one number is the same.
    pub fn period(&self, day: &str) -> usize {
        // A last day counts until it is over.
        self.changes.partition_point(|change| match change.strip_suffix('+') {
            Some(last) => last < day,
            None => change.as_str() <= day,
        })
    }

    fn settled(&self, level: usize, key: &str, above: &str) -> Option<&[usize]> {
        if self.settled.is_empty() {
            return None;
        }
        let of = |above: &str| self.settled.get(&(level, key.to_owned(), above.to_owned()));
        of(above).or_else(|| of("")).map(Vec::as_slice)
    }

    /// The one place among those of a name.
    fn among(&self, rows: &[usize], scope: &Scope<'_>, day: &str) -> Option<Found<'_>> {
        let here: Vec<usize> = rows.iter().copied().filter(|row| scope.holds(self, *row)).collect();
        let now: Vec<usize> = here.iter().copied().filter(|row| self.is_valid(*row, day)).collect();
        let (mut found, how) =
            if now.is_empty() { (here, How::OtherTime) } else { (now, How::Name) };
        found.dedup_by_key(|row| self.rows[*row].unit);
        let open = |how, row: usize| Found { code: None, how, confidence: 0.0, ..self.found(row) };
        match found.as_slice() {
            [] => rows.first().map(|row| open(How::ParentDiffers, *row)),
            [row] => {
                let confidence = if how == How::Name { 1.0 } else { 0.9 };
                Some(Found { how, confidence, ..self.found(*row) })
            }
            [first, ..] => Some(open(How::Ambiguous, *first)),
        }
    }

    /// The row of the place whose name is nearest, if it is near and alone, and its likeness.
    fn near(&self, level: usize, key: &str, scope: &Scope<'_>, day: &str) -> Option<(usize, f64)> {
        if key.len() < NEAR_LETTERS_MIN {
            return None;
        }
        let letter = key.chars().next()?;
        let key = Key::new(key.to_owned());
        let mut near: Vec<(f64, usize)> = Vec::new();
        if let Some(rows) = scope.rows_below(self, level) {
            for row in rows {
                let keys =
                    self.rows[row].keys.iter().filter(|known| known.text.starts_with(letter));
                near.push((keys.map(|known| key.likeness(known)).fold(0.0, f64::max), row));
            }
        } else {
            for known in self.by_letter[level].get(&letter)? {
                let likeness = key.likeness(known);
                let rows = self.by_key[level].get(&known.text).filter(|_| likeness > 0.0);
                near.extend(rows.into_iter().flatten().map(|row| (likeness, *row)));
            }
        }
        let mut best: Option<(f64, usize)> = None;
        let mut second = 0.0_f64;
        for (likeness, row) in near {
            if likeness == 0.0 || !scope.holds(self, row) || !self.is_valid(row, day) {
                continue;
            }
            match best {
                Some((most, held)) if self.rows[held].unit == self.rows[row].unit => {
                    best = Some((most.max(likeness), held));
                }
                Some((most, _)) if likeness <= most => second = second.max(likeness),
                _ => {
                    second = best.map_or(second, |(most, _)| most);
                    best = Some((likeness, row));
                }
            }
        }
        let (likeness, row) = best.filter(|(likeness, _)| *likeness >= NEAR_MIN)?;
        (likeness - second >= LEAD_MIN).then_some((row, likeness))
    }

    fn found(&self, row: usize) -> Found<'_> {
        let Row { unit, name, .. } = &self.rows[row];
        let code = Some(self.units[*unit].code.as_str()).filter(|code| !code.is_empty());
        Found { code, name: Some(name), how: How::Name, confidence: 1.0 }
    }

    fn is_valid(&self, row: usize, day: &str) -> bool {
        let Row { valid_from, valid_to, .. } = &self.rows[row];
        (valid_from.is_empty() || valid_from.as_str() <= day)
            && (valid_to.is_empty() || day <= valid_to.as_str())
    }
}

/// Words behind a name, folded, that tell two places of it apart.
const SIDES: [&str; 6] = ["urban", "rural", "ist", "vest", "nort", "sot"];

impl Key {
    fn new(text: String) -> Self {
        let bit = |b: u8| match b {
            b'a'..=b'z' => 1_u64 << (b - b'a'),
            b'0'..=b'9' => 1_u64 << (26 + b - b'0'),
            _ => 1_u64 << 36,
        };
        let letters = text.bytes().fold(0, |letters, b| letters | bit(b));
        Self { text, letters }
    }

    /// What stands behind the name: a side, or a number.
    fn side(&self) -> &str {
        let number = self.text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let side =
            SIDES.iter().find(|side| self.text.ends_with(*side)).map_or(0, |side| side.len());
        &self.text[number.min(self.text.len() - side)..]
    }

    /// Jaro–Winkler; 0 where it is below what counts, where too many letters differ (one letter is too many in short keys), and
    /// for two sides of one name.
    fn likeness(&self, other: &Key) -> f64 {
        let (a, b) = (self.text.as_str(), other.text.as_str());
        let edits = (a.len().min(b.len()) / LETTERS_AN_EDIT).max(1);
        let lacking = |one: u64, other: u64| (one & !other).count_ones() as usize;
        if a.len().abs_diff(b.len()) > edits
            || lacking(self.letters, other.letters) > edits
            || lacking(other.letters, self.letters) > edits
            || self.side() != other.side()
        {
            return 0.0;
        }
        let likeness = edit::jaro_winkler(a, b);
        let is_near = likeness >= NEAR_MIN - LEAD_MIN && edit::levenshtein(a, b) <= edits;
        if is_near { likeness } else { 0.0 }
    }
}

fn level_at(level: &str) -> Option<usize> {
    LEVELS.iter().position(|known| *known == level)
}
