//! The match model as named SQL steps: the one file that generates SQL for linking.
//!
//! Views expected: `list` (a source, standardised, with `record_id`) and `registry` (standardised, with `resident_ref` and
//! `household_ref`). Steps up to [`PAIRS`] find and weigh pairs; the engine writes that view to Parquet, registers the file
//! under the same name and goes on with [`crate::answers::answer_steps`], which give every record exactly one answer.

use std::fmt::Write as _;

use milaan_model::matching::{
    BlockingRule, Comparator, Comparison, LevelTest, MatchModel, Weights, bits_of_probability,
};

use crate::second::names_relatives;

/// The view of weighed pairs that is written to the links stage.
pub const PAIRS: &str = "pairs";
/// Pairs this many bits below the review weight are kept as evidence; lower ones are dropped.
const KEPT_BELOW_REVIEW_BITS: f64 = 8.0;
/// So many more are kept where nothing says who is whose relative: a given name and a surname in each other's place are two
/// disagreements to the first look, and which namesakes are a household is told by how many of its other members there are.
const KEPT_ALONE_BITS: f64 = 4.0;

/// And so many bits further, counted from nothing, two records are held to be apart.
const APART_BELOW_KEPT_BITS: f64 = 4.0;

/// How far below the review weight a pair is kept.
pub(crate) fn kept_below_review_bits(model: &MatchModel) -> f64 {
    let alone = if names_relatives(model) { 0.0 } else { KEPT_ALONE_BITS };
    KEPT_BELOW_REVIEW_BITS + alone
}

/// A pair so many bits lighter than nothing is evidence that the two are not one person, through whomever they are linked: it is
/// among the lightest that are kept.
pub fn apart_bits(model: &MatchModel) -> f64 {
    -(kept_below_review_bits(model) + APART_BELOW_KEPT_BITS)
}

/// A SQL step: a view's name and its SELECT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedQuery {
    /// The view it makes.
    pub name: String,
    /// The SELECT.
    pub sql: String,
}

/// What the steps need to know besides the model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sides<'a> {
    /// Residents in the registry, for the prior.
    pub registry_rows: u64,
    /// The scheme of the identity numbers (`aadhaar`, `cnic`), for opening sealed digits.
    pub id_scheme: &'a str,
    /// The list is the registry itself: each two records are one pair, under the smaller record id.
    pub same_records: bool,
}

/// The steps from `list` and `registry` to [`PAIRS`].
pub fn pair_steps(model: &MatchModel, weights: &Weights, sides: Sides<'_>) -> Vec<NamedQuery> {
    let mut steps = Vec::new();
    for rule in &model.blocking {
        steps.push(step(&block_view(rule), block(rule, sides.same_records)));
    }
    steps.push(step("candidates", candidates(model)));
    steps.push(step("compared", compared(model, sides.id_scheme)));
    steps.push(step("levelled", levelled(model)));
    steps.push(step("weighed", weighed(model, weights, sides.registry_rows)));
    steps.push(step(PAIRS, pairs(model)));
    steps
}

/// A query with one row a blocking rule: `rule`, `blocks` (over-full ones that some row of `list` would have searched),
/// `rows_max` (registry rows of the largest). What the candidates operator tells.
pub fn overfull_blocks(model: &MatchModel) -> NamedQuery {
    let each: Vec<String> = model
        .blocking
        .iter()
        .map(|rule| {
            let keys = key_list("r.", rule);
            format!(
                "SELECT '{name}' AS rule, count(*) AS blocks, max(block_rows) AS rows_max\n\
                 FROM (SELECT count(*) AS block_rows FROM ({registry}) AS r\n\
                 \x20     LEFT SEMI JOIN ({list}) AS l ON {join} GROUP BY {keys}) AS counted\n\
                 WHERE block_rows > {max}",
                name = rule.name,
                registry = keyed_side(rule, "registry", "resident_ref"),
                list = keyed_side(rule, "list", "record_id"),
                join = keys_agree(rule),
                max = rule.block_rows_max,
            )
        })
        .collect();
    step("overfull_blocks", format!("{}\nORDER BY rule", each.join("\nUNION ALL\n")))
}

pub(crate) fn step(name: &str, sql: String) -> NamedQuery {
    NamedQuery { name: name.to_owned(), sql }
}

fn block_view(rule: &BlockingRule) -> String {
    format!("block_{}", rule.name.as_str().replace('-', "_"))
}

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

fn key_list(prefix: &str, rule: &BlockingRule) -> String {
    (0..rule.keys.len()).map(|at| format!("{prefix}k{at}")).collect::<Vec<_>>().join(", ")
}

/// One side of a rule: the row's name and its keys, each row once under the same keys. Lists are taken apart one within the
/// other, so that several of them give every combination: two `unnest` in one SELECT would go through both in step.
fn keyed_side(rule: &BlockingRule, view: &str, row_name: &str) -> String {
    let present: Vec<String> =
        rule.keys.iter().map(|key| format!("{} IS NOT NULL", quoted(&key.column))).collect();
    let columns: Vec<String> = rule
        .keys
        .iter()
        .enumerate()
        .map(|(at, key)| format!("{} AS k{at}", quoted(&key.column)))
        .collect();
    let mut side = format!(
        "SELECT {row_name}, {} FROM {view} WHERE {}",
        columns.join(", "),
        present.join(" AND ")
    );
    let lists = || rule.keys.iter().enumerate().filter(|(_, key)| key.each);
    for (list, _) in lists() {
        let columns: Vec<String> = (0..rule.keys.len())
            .map(|at| if at == list { format!("unnest(k{at}) AS k{at}") } else { format!("k{at}") })
            .collect();
        side = format!("SELECT {row_name}, {} FROM ({side}) AS list_{list}", columns.join(", "));
    }
    if lists().next().is_some() {
        side = format!("SELECT DISTINCT {row_name}, {} FROM ({side}) AS each", key_list("", rule));
    }
    side
}

/// With `same_records` the two sides are one list: a record is not its own pair, and two records are one pair.
const ONE_OF_TWO: &str = "l.record_id < r.resident_ref";
fn keys_agree(rule: &BlockingRule) -> String {
    let equal: Vec<String> = (0..rule.keys.len()).map(|at| format!("l.k{at} = r.k{at}")).collect();
    equal.join(" AND ")
}

fn block(rule: &BlockingRule, same_records: bool) -> String {
    let keys = key_list("", rule);
    format!(
        "SELECT DISTINCT l.record_id, r.resident_ref\n\
         FROM ({list}) AS l\n\
         JOIN (SELECT *, count(*) OVER (PARTITION BY {keys}) AS block_rows\n      FROM ({registry}) AS keyed) AS r\n\
         ON {join}{once}\n\
         WHERE r.block_rows <= {max}",
        list = keyed_side(rule, "list", "record_id"),
        registry = keyed_side(rule, "registry", "resident_ref"),
        join = keys_agree(rule),
        once = if same_records { format!(" AND {ONE_OF_TWO}") } else { String::new() },
        max = rule.block_rows_max,
    )
}

fn candidates(model: &MatchModel) -> String {
    let each: Vec<String> = model
        .blocking
        .iter()
        .enumerate()
        .map(|(at, rule)| {
            format!("SELECT record_id, resident_ref, {at} AS rule_no FROM {}", block_view(rule))
        })
        .collect();
    let mut names = String::from("CASE min(rule_no)");
    for (at, rule) in model.blocking.iter().enumerate() {
        let _ = write!(names, " WHEN {at} THEN '{}'", rule.name);
    }
    names.push_str(" END");
    format!(
        "SELECT record_id, resident_ref, {names} AS rule\nFROM (\n{}\n) AS found\nGROUP BY record_id, resident_ref",
        each.join("\nUNION ALL\n")
    )
}

/// The SQL value of a comparison between `l` and `r`; NULL where a side is missing.
fn comparison_value(comparison: &Comparison, id_scheme: &str) -> String {
    let base = comparison.columns.first().map_or("", String::as_str);
    let both = |suffix: &str| {
        let column = quoted(&format!("{base}{suffix}"));
        (format!("l.{column}"), format!("r.{column}"))
    };
    match comparison.comparator {
        Comparator::Exact => {
            let (l, r) = both("");
            format!("CASE WHEN {l} = {r} THEN 'equal' WHEN {l} <> {r} THEN 'different' END")
        }
        Comparator::Name => call("name_similarity", &both("")),
        Comparator::Digits => call("digits_compare", &both("")),
        Comparator::JaroWinkler => call("jaro_winkler", &both("")),
        Comparator::Levenshtein => call("edit_distance", &both("")),
        Comparator::Numeric => {
            let (l, r) = both("");
            format!("abs({l} - {r})")
        }
        Comparator::BirthDate => {
            let [day, latest, precision, year] = ["", "_latest", "_precision", "_year"].map(both);
            format!(
                "birth_date_compare(coalesce({}, {}), {}, {}, coalesce({}, {}), {}, {})",
                day.0, latest.0, precision.0, year.0, day.1, latest.1, precision.1, year.1
            )
        }
        Comparator::NationalId => {
            let (token_l, token_r) = both("_token");
            let (sealed_l, sealed_r) = both("_sealed");
            format!("id_compare({token_l}, {sealed_l}, {token_r}, {sealed_r}, '{id_scheme}')")
        }
        Comparator::Place => place_value(&comparison.columns),
    }
}

fn call(function: &str, sides: &(String, String)) -> String {
    format!("{function}({}, {})", sides.0, sides.1)
}

/// The first place level, from the smallest, on which both sides agree. A smaller place counts only where the next larger one
/// does not differ: village names repeat.
fn place_value(columns: &[String]) -> String {
    let key = |side: &str, column: &str| format!("{side}.{}", quoted(&format!("{column}_key")));
    let mut sql = String::from("CASE");
    for (at, column) in columns.iter().enumerate() {
        let _ = write!(sql, " WHEN {} = {}", key("l", column), key("r", column));
        if let Some(larger) = columns.get(at + 1) {
            let _ = write!(sql, " AND coalesce({} = {}, true)", key("l", larger), key("r", larger));
        }
        let _ = write!(sql, " THEN '{column}'");
    }
    let known: Vec<String> = columns
        .iter()
        .map(|column| {
            format!("({} IS NOT NULL AND {} IS NOT NULL)", key("l", column), key("r", column))
        })
        .collect();
    let _ = write!(sql, " WHEN {} THEN 'different' END", known.join(" OR "));
    sql
}

fn compared(model: &MatchModel, id_scheme: &str) -> String {
    let values: Vec<String> = model
        .comparisons
        .iter()
        .map(|comparison| {
            format!("  {} AS {}", comparison_value(comparison, id_scheme), value_column(comparison))
        })
        .collect();
    format!(
        "SELECT c.record_id, c.resident_ref, c.rule,\n{}\n\
         FROM candidates AS c\n\
         JOIN list AS l ON l.record_id = c.record_id\n\
         JOIN registry AS r ON r.resident_ref = c.resident_ref",
        values.join(",\n")
    )
}

fn value_column(comparison: &Comparison) -> String {
    quoted(&format!("{}_value", comparison.name))
}

/// The column of `levelled` that holds a comparison's level.
fn level_column(comparison: &Comparison) -> String {
    quoted(&format!("{}_level", comparison.name))
}

fn levelled(model: &MatchModel) -> String {
    let levels: Vec<String> = model
        .comparisons
        .iter()
        .map(|comparison| {
            let value = value_column(comparison);
            let mut sql = format!("  CASE WHEN {value} IS NULL THEN 'null'");
            for level in &comparison.levels {
                let _ = match &level.test {
                    LevelTest::Is(words) => {
                        let words: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
                        write!(sql, " WHEN {value} IN ({}) THEN '{}'", words.join(", "), level.name)
                    }
                    LevelTest::AtLeast(least) => {
                        write!(sql, " WHEN {value} >= {least} THEN '{}'", level.name)
                    }
                    LevelTest::AtMost(most) => {
                        write!(sql, " WHEN {value} <= {most} THEN '{}'", level.name)
                    }
                    LevelTest::Else => write!(sql, " ELSE '{}'", level.name),
                };
            }
            let _ = write!(sql, " END AS {}", level_column(comparison));
            sql
        })
        .collect();
    format!("SELECT record_id, resident_ref, rule,\n{}\nFROM compared", levels.join(",\n"))
}

fn weighed(model: &MatchModel, weights: &Weights, registry_rows: u64) -> String {
    let mut columns = Vec::new();
    for comparison in &model.comparisons {
        let level = level_column(comparison);
        let mut sql = format!("  CASE {level}");
        for known in &comparison.levels {
            let bits = weights.bits(comparison.name.as_str(), known.name.as_str()).unwrap_or(0.0);
            let _ = write!(sql, " WHEN '{}' THEN {bits:.4}", known.name);
        }
        let _ = write!(sql, " ELSE 0.0 END AS {}", weight_column(comparison));
        columns.push(sql);
    }
    format!(
        "SELECT *, {prior:.4} AS prior_weight,\n{columns},\n  {identity} AS identity,\n  {contradictions} AS contradictions\nFROM levelled",
        prior = weights.prior_bits(registry_rows),
        columns = columns.join(",\n"),
        identity = any_level(model, |level| level.identity),
        contradictions = count_levels(model, |level| level.contradicts),
    )
}

fn weight_column(comparison: &Comparison) -> String {
    quoted(&format!("{}_weight", comparison.name))
}

type LevelFilter = fn(&milaan_model::matching::Level) -> bool;

/// One boolean a comparison that has such levels: whether its level is one of them.
fn level_conditions(model: &MatchModel, wanted: LevelFilter) -> Vec<String> {
    model
        .comparisons
        .iter()
        .filter_map(|comparison| {
            let names: Vec<String> = comparison
                .levels
                .iter()
                .filter(|level| wanted(level))
                .map(|level| format!("'{}'", level.name))
                .collect();
            (!names.is_empty())
                .then(|| format!("{} IN ({})", level_column(comparison), names.join(", ")))
        })
        .collect()
}

fn any_level(model: &MatchModel, wanted: LevelFilter) -> String {
    let conditions = level_conditions(model, wanted);
    if conditions.is_empty() {
        "false".to_owned()
    } else {
        format!("({})", conditions.join(" OR "))
    }
}

fn count_levels(model: &MatchModel, wanted: LevelFilter) -> String {
    let counted: Vec<String> = level_conditions(model, wanted)
        .into_iter()
        .map(|condition| format!("CASE WHEN {condition} THEN 1 ELSE 0 END"))
        .collect();
    if counted.is_empty() { "0".to_owned() } else { format!("({})", counted.join(" + ")) }
}

/// Pairs with weight, band and evidence.
///
/// A pair with a contradiction is never accepted; by an id alone (`identity`) it is a conflict that people must see.
fn pairs(model: &MatchModel) -> String {
    let accept = bits_of_probability(model.bands.accept_probability);
    let review = bits_of_probability(model.bands.review_probability);
    let total: Vec<String> = model.comparisons.iter().map(weight_column).collect();
    let evidence: Vec<String> = model
        .comparisons
        .iter()
        .map(|comparison| {
            format!(
                "named_struct('comparison', '{}', 'level', {}, 'weight', {})",
                comparison.name,
                level_column(comparison),
                weight_column(comparison)
            )
        })
        .collect();
    format!(
        "SELECT record_id, resident_ref, rule, match_weight, match_probability(match_weight) AS match_probability,\n\
         \x20 CASE WHEN identity AND contradictions = 0 AND match_weight >= {review:.4} THEN 'exact'\n\
         \x20      WHEN identity THEN 'review'\n\
         \x20      WHEN contradictions > 1 THEN 'low'\n\
         \x20      WHEN contradictions = 1 AND match_weight >= {accept:.4} THEN 'review'\n\
         \x20      WHEN contradictions = 1 THEN 'low'\n\
         \x20      WHEN match_weight >= {accept:.4} THEN 'high'\n\
         \x20      WHEN match_weight >= {review:.4} THEN 'review'\n\
         \x20      ELSE 'low' END AS band,\n\
         \x20 identity, contradictions, evidence\n\
         FROM (\n\
         \x20 SELECT record_id, resident_ref, rule, identity, contradictions,\n\
         \x20   round(prior_weight + {total}, 4) AS match_weight,\n\
         \x20   make_array({evidence}) AS evidence\n\
         \x20 FROM weighed\n\
         ) AS summed\n\
         WHERE identity OR match_weight >= {kept:.4}",
        total = total.join(" + "),
        evidence = evidence.join(",\n      "),
        kept = review - kept_below_review_bits(model),
    )
}
