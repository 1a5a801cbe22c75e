//! SELECTs over a landed list for its places: the texts, once each, with those of the levels above.

use std::collections::BTreeSet;

use milaan_kernels::gazetteer::LEVELS;
use milaan_model::field::Arg;

use super::{Standardiser, ident, null_text};

/// The view of [`Standardiser::place_texts`].
pub(crate) const PLACE_TEXTS: &str = "place_texts";

/// Its column of rows: no header is called so.
const PLACE_ROWS: &str = "\u{1f}rows";

impl Standardiser<'_> {
    pub(super) fn place_key(&self, raw: String) -> String {
        if self.spelled && raw != null_text() {
            format!("place_key(latin_spelling('place', {raw}))")
        } else {
            format!("place_key({raw})")
        }
    }

    /// The levels of place above another, as far as the source has them, the nearest first.
    pub(crate) fn levels_above(&self, level: &str) -> Vec<&'static str> {
        let levels: &[&str] = match level {
            "district" => &["province"],
            "mandal" | "tehsil" => &["district", "province"],
            "village" => &["mandal", "tehsil", "district", "province"],
            "habitation" => &["village", "mandal", "tehsil", "district", "province"],
            _ => &[],
        };
        let place = milaan_model::field::find("place");
        let has = |level: &&str| place.and_then(|place| self.column(place, Some(level))).is_some();
        levels.iter().copied().filter(has).collect()
    }

    pub(super) fn above_keys(&self, level: &str) -> Vec<String> {
        let Some(place) = milaan_model::field::find("place") else { return Vec::new() };
        let above = self.levels_above(level).into_iter();
        above.map(|above| self.place_key(self.raw(place, Some(above)))).collect()
    }

    /// The texts of places as they stand beside one another in the landed list, with how many rows have them: one pass over it
    /// for all levels. `None` where the pipeline has no place of any level that the list has.
    pub(crate) fn place_texts(&self) -> Option<String> {
        let place = milaan_model::field::find("place")?;
        let column = |level: &&str| self.column(place, Some(level));
        let has = |level: &&str| self.has_places(level) && column(level).is_some();
        let levels: Vec<&str> = LEVELS.into_iter().filter(has).collect();
        let above = levels.iter().flat_map(|level| self.levels_above(level));
        let columns = levels.iter().copied().chain(above).filter_map(|level| column(&level));
        let written = columns.filter(|column| column.constant.is_none());
        let headers: BTreeSet<String> = written.map(|column| ident(&column.header)).collect();
        let headers = headers.into_iter().collect::<Vec<_>>().join(", ");
        let rows = format!("count(*) AS \"{PLACE_ROWS}\" FROM landed");
        match (levels.is_empty(), headers.is_empty()) {
            (true, _) => None,
            (false, true) => Some(format!("SELECT {rows}")),
            (false, false) => Some(format!("SELECT {headers}, {rows} GROUP BY {headers}")),
        }
    }

    /// The distinct places of a level, from the view of [`Self::place_texts`]: rows, key, text, then the text one level up, then
    /// the keys of the levels above. `None` where the list has no such column, or the pipeline no place of the level.
    pub(crate) fn distinct_places(&self, level: &str) -> Option<String> {
        let place = milaan_model::field::find("place")?;
        self.column(place, Some(level)).filter(|_| self.has_places(level))?;
        let key = self.arg(&Arg::PlaceKey, place, Some(level), None);
        let raw = self.raw(place, Some(level));
        let nearest = self.levels_above(level).into_iter().next();
        let parent = nearest.map_or_else(null_text, |above| self.raw(place, Some(above)));
        let (mut given, mut named) = (String::new(), String::new());
        for (at, above) in self.above_keys(level).iter().enumerate() {
            given.push_str(&format!(", {above} AS above_{at}"));
            named.push_str(&format!(", above_{at}"));
        }
        Some(format!(
            "SELECT CAST(sum(rows) AS BIGINT) AS rows, place_key, min(text) AS text, min(parent) AS parent{named}\n\
             FROM (SELECT \"{PLACE_ROWS}\" AS rows, {key} AS place_key, {raw} AS text, {parent} AS parent{given}\n\
             FROM {PLACE_TEXTS}) AS named\n\
             WHERE place_key IS NOT NULL GROUP BY place_key{named} ORDER BY place_key{named}"
        ))
    }

    pub(super) fn has_places(&self, level: &str) -> bool {
        self.pipeline.places.iter().any(|place| place.level == level)
    }
}
