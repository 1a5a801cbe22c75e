//! From weighed pairs to one answer a record, as named SQL steps: what [`crate::decide`] does over arrays is held to them.

use milaan_model::matching::{Comparator, MatchModel};

use crate::sql::{NamedQuery, quoted, step};

/// The view with one answer a record.
pub const ANSWERS: &str = "answers";
/// Its columns besides `record_id`.
pub const OTHER_COLUMNS: &str = "lookup, resident_ref, household_ref, rule, match_weight, match_probability, band, id_conflict, second_close, model_id";

/// The steps from `list`, `registry` and [`PAIRS`](crate::sql::PAIRS) to [`ANSWERS`]: every record of `list` exactly once.
pub fn answer_steps(model: &MatchModel) -> Vec<NamedQuery> {
    let margin = model.bands.ambiguous_margin_bits;
    vec![
        step("ranked", ranked()),
        step("best", best()),
        step("conflicts", conflicts()),
        step("household_of", household_of(model)),
        step("decided", decided(margin, needs_name(model))),
        step(ANSWERS, answers(model)),
    ]
}

/// The steps to [`ANSWERS`] for a list that is the registry itself: each record is its own resident. Who is there twice
/// stands in [`PAIRS`](crate::sql::PAIRS) and in the clusters made of them.
pub fn own_answer_steps(model: &MatchModel) -> Vec<NamedQuery> {
    let none = |kind: &str, name: &str| format!("CAST(NULL AS {kind}) AS {name}");
    let columns = [
        "r.resident_ref AS record_id, 'found' AS lookup, r.resident_ref, r.household_ref"
            .to_owned(),
        none("VARCHAR", "rule"),
        none("DOUBLE", "match_weight"),
        none("DOUBLE", "match_probability"),
        none("VARCHAR", "band"),
        format!("false AS id_conflict, false AS second_close, '{}' AS model_id", model.id),
    ];
    vec![step(ANSWERS, format!("SELECT {}\nFROM registry AS r", columns.join(", ")))]
}

/// Candidates in order: an id that nothing contradicts, then what nothing contradicts, then by weight. The resident's key
/// settles ties, so that the answer does not depend on the order of rows.
fn ranked() -> String {
    "SELECT *, row_number() OVER (\n\
     \x20   PARTITION BY record_id\n\
     \x20   ORDER BY (band = 'exact') DESC, (contradictions = 0) DESC, match_weight DESC, resident_ref) AS place\n\
     FROM pairs\n\
     WHERE band <> 'low'"
        .to_owned()
}

fn best() -> String {
    "SELECT b.record_id, b.resident_ref, b.rule, b.match_weight, b.match_probability, b.band,\n\
     \x20 s.match_weight AS second_weight, s.band AS second_band\n\
     FROM ranked AS b\n\
     LEFT JOIN ranked AS s ON s.record_id = b.record_id AND s.place = 2 AND s.contradictions = 0\n\
     WHERE b.place = 1"
        .to_owned()
}

/// Records whose identity number is that of a resident who is another person: something contradicts, or the two are rather
/// two members of one household.
fn conflicts() -> String {
    format!(
        "SELECT record_id, count(*) AS conflicts\nFROM pairs\n\
         WHERE identity AND (contradictions > 0 OR household_probability >= {RELATIVE_MIN})\nGROUP BY record_id"
    )
}

/// From this chance on, two that are of one household are taken for relatives.
pub(crate) const RELATIVE_MIN: f64 = 0.5;

/// The registry household of a record: by a household key both sides have, else by a relative found as a candidate.
fn household_of(model: &MatchModel) -> String {
    let mut found: Vec<String> = model
        .household_keys
        .iter()
        .map(|key| {
            let key = quoted(key);
            format!(
                "SELECT l.record_id, min(r.household_ref) AS household_ref, 0 AS way\n\
                 FROM list AS l JOIN registry AS r ON l.{key} = r.{key}\n\
                 GROUP BY l.record_id"
            )
        })
        .collect();
    found.push(format!(
        "SELECT p.record_id, min(r.household_ref) AS household_ref, 1 AS way\n\
         FROM pairs AS p JOIN registry AS r ON p.resident_ref = r.resident_ref\n\
         WHERE p.household_probability >= {RELATIVE_MIN}\n\
         GROUP BY p.record_id"
    ));
    format!(
        "SELECT record_id, first_value(household_ref ORDER BY way, household_ref) AS household_ref\n\
         FROM (\n{}\n) AS ways\nWHERE household_ref IS NOT NULL\nGROUP BY record_id",
        found.join("\nUNION ALL\n")
    )
}

/// Whether a record without name and identity number is not checkable, whatever else of it is in the registry: so it is in a
/// programme, which has such numbers. In a list without them the rest may well do.
pub(crate) fn needs_name(model: &MatchModel) -> bool {
    model.comparisons.iter().any(|one| one.comparator == Comparator::NationalId)
}

fn decided(margin: f64, needs_name: bool) -> String {
    let unless = if needs_name { "" } else { " AND b.record_id IS NULL" };
    format!(
        "SELECT l.record_id, b.resident_ref, b.rule, b.match_weight, b.match_probability, b.band, h.household_ref,\n\
         \x20 coalesce(c.conflicts, 0) > 0 AS id_conflict,\n\
         \x20 coalesce(b.second_weight > b.match_weight - {margin:.4}\n\
         \x20   AND NOT (b.band = 'exact' AND b.second_band <> 'exact'), false) AS second_close,\n\
         \x20 l.person_name IS NULL AND l.national_id_token IS NULL{unless} AS nothing_to_compare\n\
         FROM list AS l\n\
         LEFT JOIN best AS b ON b.record_id = l.record_id\n\
         LEFT JOIN conflicts AS c ON c.record_id = l.record_id\n\
         LEFT JOIN household_of AS h ON h.record_id = l.record_id"
    )
}

fn answers(model: &MatchModel) -> String {
    format!(
        "SELECT d.record_id, d.lookup,\n\
         \x20 CASE WHEN d.lookup = 'found' THEN d.resident_ref END AS resident_ref,\n\
         \x20 CASE WHEN d.lookup = 'found' THEN r.household_ref\n\
         \x20      WHEN d.lookup = 'household_found' THEN d.household_ref END AS household_ref,\n\
         \x20 d.rule, d.match_weight, d.match_probability,\n\
         \x20 CASE WHEN d.lookup = 'ambiguous' THEN 'review' ELSE d.band END AS band,\n\
         \x20 d.id_conflict, d.second_close, '{model_id}' AS model_id\n\
         FROM (\n\
         \x20 SELECT *,\n\
         \x20   CASE WHEN nothing_to_compare THEN 'not_checkable'\n\
         \x20        WHEN id_conflict THEN 'ambiguous'\n\
         \x20        WHEN band IN ('exact', 'high') AND NOT second_close THEN 'found'\n\
         \x20        WHEN band IS NOT NULL THEN 'ambiguous'\n\
         \x20        WHEN household_ref IS NOT NULL THEN 'household_found'\n\
         \x20        ELSE 'not_found' END AS lookup\n\
         \x20 FROM decided\n\
         ) AS d\n\
         LEFT JOIN registry AS r ON r.resident_ref = d.resident_ref",
        model_id = model.id
    )
}
