//! Where a place is looked for: below the places that the texts above it name.

use std::collections::BTreeSet;

use super::{DEPTHS, Gazetteer, level_at};

/// Below which places.
#[derive(Debug)]
pub(super) enum Scope<'a> {
    /// Nothing is known of what is above.
    Anywhere,
    /// Below one of these.
    Below {
        depth: u8,
        /// Those of the name, and those made of them: a list may be older than a split.
        units: BTreeSet<usize>,
        /// What they were made of, and since when (empty where nobody knows): the line of a table may be older than the split.
        older: Vec<(usize, &'a str)>,
    },
    /// The texts above contradict one another.
    Nowhere,
}

impl<'a> Scope<'a> {
    /// From keys of the levels above, the nearest first; the largest is looked up first, and the next one within it. A key that no
    /// place has says nothing.
    pub(super) fn of(places: &'a Gazetteer, above: &[(&str, &str)], day: &str) -> Scope<'a> {
        let mut scope = Scope::Anywhere;
        for (at, (level, key)) in above.iter().enumerate().rev() {
            let Some(level) = level_at(level).filter(|_| !key.is_empty()) else { continue };
            let next = above.get(at + 1).map_or("", |(_, key)| *key);
            let units: Vec<usize> = if let Some(units) = places.settled(level, key, next) {
                units.to_vec()
            } else if let Some(rows) = places.by_key[level].get(*key) {
                let held = rows.iter().filter(|row| scope.holds(places, **row));
                let units: Vec<usize> = held.map(|row| places.rows[*row].unit).collect();
                if units.is_empty() {
                    return Scope::Nowhere;
                }
                units
            } else {
                let near = places.near(level, key, &scope, day);
                near.map(|(row, _)| places.rows[row].unit).into_iter().collect()
            };
            if !units.is_empty() {
                scope = Scope::below(places, DEPTHS[level], &units);
            }
        }
        scope
    }

    fn below(places: &'a Gazetteer, depth: u8, named: &[usize]) -> Scope<'a> {
        let became = named.iter().flat_map(|unit| &places.units[*unit].became);
        let units = named.iter().copied().chain(became.map(|(unit, _)| *unit)).collect();
        let formerly = named.iter().flat_map(|unit| &places.units[*unit].formerly);
        let older = formerly.map(|(unit, since)| (*unit, since.as_str())).collect();
        Scope::Below { depth, units, older }
    }

    /// Whether a row is below, as far as its parents are known.
    pub(super) fn holds(&self, places: &Gazetteer, row: usize) -> bool {
        let (depth, units, older) = match self {
            Scope::Anywhere => return true,
            Scope::Nowhere => return false,
            Scope::Below { depth, units, older } => (*depth, units, older),
        };
        let row = &places.rows[row];
        if row.parents.is_empty() || DEPTHS[places.units[row.unit].level] <= depth {
            return true;
        }
        row.parents.iter().any(|parent| {
            let unit = &places.units[*parent];
            let is_of_table_before = || {
                older.iter().any(|(old, since)| old == parent && row.valid_from.as_str() < *since)
            };
            match DEPTHS[unit.level].cmp(&depth) {
                std::cmp::Ordering::Equal => units.contains(parent) || is_of_table_before(),
                // The table goes deeper: what is above the parent decides.
                std::cmp::Ordering::Greater => unit.rows.iter().any(|row| self.holds(places, *row)),
                // The table leaves a level out: the named places have to be below the parent.
                std::cmp::Ordering::Less => units.iter().any(|named| {
                    let rows = places.units[*named].rows.iter().map(|row| &places.rows[*row]);
                    rows.clone().any(|row| row.parents.is_empty() || row.parents.contains(parent))
                }),
            }
        })
    }

    /// The rows of a level that are directly below, where that is all that can be; `None`: anything may be.
    pub(super) fn rows_below(&self, places: &Gazetteer, level: usize) -> Option<Vec<usize>> {
        let (depth, units, older) = match self {
            Scope::Anywhere => return None,
            Scope::Nowhere => return Some(Vec::new()),
            Scope::Below { depth, units, older } => (*depth, units, older),
        };
        if depth + 1 != DEPTHS[level] || !places.is_tree[level] {
            return None;
        }
        let mut rows: Vec<usize> = units
            .iter()
            .chain(older.iter().map(|(unit, _)| unit))
            .flat_map(|unit| &places.units[*unit].below)
            .copied()
            .filter(|row| places.units[places.rows[*row].unit].level == level)
            .collect();
        rows.sort_unstable();
        rows.dedup();
        Some(rows)
    }
}
