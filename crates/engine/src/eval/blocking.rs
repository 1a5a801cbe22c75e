//! Blocking recall: which true pairs share the keys of which rule, from the standardised stages and the rules in the receipt.
//!
//! True pairs alone are looked at, never a block of candidates; of more than [`TRUE_PAIRS_MAX`] a sample. Only where a rule has
//! over-full blocks (the receipt says so) is the registry counted, by the keys of those pairs, since such a block was not searched.

use std::fmt::Write as _;
use std::path::Path;

use datafusion::prelude::SessionContext;
use serde::Serialize;

use super::rates::Share;
use super::truth::RunReceipt;
use crate::blocks;
use crate::error::Error;
use crate::receipt::BlockingReceipt;
use crate::rows::{count, text_rows};
use crate::session;

/// Of more true pairs than this so many are looked at: those whose case keys come first, as good as drawn by lot. A recall of 0.995
/// is known to 0.0002 then (95 %).
const TRUE_PAIRS_MAX: u64 = 500_000;

/// The table of true pairs with `rule_no`, the first rule that finds the pair, or NULL.
pub(super) const FOUND_BY: &str = "found_by";

/// What one rule finds of the true pairs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleRecall {
    /// The rule.
    pub rule: String,
    /// Its keys.
    pub keys: Vec<String>,
    /// True pairs that share its keys in a block that was searched.
    pub found: u64,
    /// Their share of all true pairs.
    pub recall: Share,
    /// True pairs that no earlier rule finds.
    pub first: u64,
    /// Their share of all true pairs.
    pub first_share: f64,
    /// True pairs that share its keys only in blocks too large to search.
    pub overfull: u64,
}

/// What the rules find of the true pairs, together and one by one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlockingRecall {
    /// True pairs looked at, with those of which a side is not in the run.
    pub true_pairs: u64,
    /// True pairs there are: more, where a sample of them was looked at.
    pub of_true_pairs: u64,
    /// Those that some rule finds.
    pub found: u64,
    /// Their share.
    pub recall: Share,
    /// The rules, in order.
    pub rules: Vec<RuleRecall>,
}

/// Judges the rules; `None` where the receipt does not tell them. Makes the table [`FOUND_BY`].
pub(super) async fn judge(
    ctx: &SessionContext,
    receipt: &RunReceipt,
) -> Result<Option<BlockingRecall>, Error> {
    let Some(model) = &receipt.model else { return Ok(None) };
    let rules: Vec<Rule<'_>> = model
        .blocking
        .iter()
        .enumerate()
        .map(|(at, rule)| Rule { at, rule, has_overfull: receipt.has_overfull_blocks(&rule.name) })
        .collect();
    let linked = "SELECT count(*) FROM outcomes WHERE linked";
    let of_true_pairs = session::count(ctx, "true pairs", linked).await?;
    // Every rule reads them: they are joined once.
    let folder =
        tempfile::tempdir().map_err(Error::io("no temporary folder in", Path::new("TMPDIR")))?;
    let path = folder.path().join("keyed_pairs.parquet");
    let keyed = keyed_pairs(&rules, of_true_pairs > TRUE_PAIRS_MAX);
    session::write(ctx, "keyed_pairs", &keyed, &path, &session::Classes::new()).await?;
    session::register_parquet(ctx, "keyed_pairs", &path).await?;
    for rule in rules.iter().filter(|rule| rule.has_overfull) {
        session::view(ctx, &format!("shared_{}", rule.at), &rule.shared_blocks()).await?;
        session::view(ctx, &format!("overfull_{}", rule.at), &rule.overfull_blocks()).await?;
        session::view(ctx, &format!("searched_{}", rule.at), &rule.searched_pairs()).await?;
    }
    session::view(ctx, "sharing", &sharing(&rules)).await?;
    session::table(ctx, FOUND_BY, &found_by(&rules)).await?;
    let rows = text_rows(ctx, "blocking recall", &counts(&rules)).await?;
    let row = rows.first().cloned().unwrap_or_default();
    let true_pairs = count(&row, 0);
    let rules = rules.iter().map(|rule| {
        let at = 2 + 3 * rule.at;
        let (found, overfull, first) = (count(&row, at), count(&row, at + 1), count(&row, at + 2));
        RuleRecall {
            rule: rule.rule.name.clone(),
            keys: rule.rule.keys.clone(),
            found,
            recall: Share::of(found, true_pairs),
            first,
            first_share: Share::of(first, true_pairs).value,
            overfull,
        }
    });
    let rules = rules.collect();
    let found = count(&row, 1);
    let recall = Share::of(found, true_pairs);
    Ok(Some(BlockingRecall { true_pairs, of_true_pairs, found, recall, rules }))
}

struct Rule<'a> {
    at: usize,
    rule: &'a BlockingReceipt,
    has_overfull: bool,
}

fn side(prefix: &str, column: &str) -> String {
    format!("\"{}\"", format!("{prefix}_{column}").replace('"', "\"\""))
}

impl Rule<'_> {
    fn keys(&self) -> impl Iterator<Item = (&str, bool)> {
        self.rule.keys.iter().map(|written| blocks::key(written))
    }

    /// That the two sides of a row of `keyed_pairs` share every key.
    fn shares(&self) -> String {
        let each: Vec<String> = self
            .keys()
            .map(|(column, each)| {
                let (l, r) = (side("l", column), side("r", column));
                if each { format!("array_has_any({l}, {r})") } else { format!("{l} = {r}") }
            })
            .collect();
        format!("coalesce({}, false)", each.join(" AND "))
    }

    /// The keys of registry blocks that true pairs share and that are too large, `k0`, `k1` …
    fn overfull_blocks(&self) -> String {
        let names = self.names("k");
        let keys = self.keys().enumerate();
        let raw: Vec<String> = keys
            .map(|(at, (column, _))| format!("\"{}\" AS k{at}", column.replace('"', "\"\"")))
            .collect();
        let sql = format!("SELECT {} FROM registry", raw.join(", "));
        let same: Vec<String> =
            (0..self.rule.keys.len()).map(|at| format!("s.k{at} = r.k{at}")).collect();
        format!(
            "SELECT {} FROM (SELECT DISTINCT {names} FROM shared_{}) AS s\n\
             JOIN ({}) AS r ON {} GROUP BY {} HAVING count(*) > {}",
            self.names("s.k"),
            self.at,
            blocks::exploded(&self.rule.keys, sql, &[]),
            same.join(" AND "),
            self.names("s.k"),
            self.rule.block_rows_max
        )
    }

    /// `k0, k1 …` with that in front of the number.
    fn names(&self, before: &str) -> String {
        let names: Vec<String> =
            (0..self.rule.keys.len()).map(|at| format!("{before}{at}")).collect();
        names.join(", ")
    }

    /// The blocks that a true pair shares.
    fn shared_blocks(&self) -> String {
        let shared: Vec<String> = self
            .keys()
            .enumerate()
            .map(|(at, (column, each))| {
                let (l, r) = (side("l", column), side("r", column));
                if each {
                    format!("array_intersect({l}, {r}) AS k{at}")
                } else {
                    format!("CASE WHEN {l} = {r} THEN {l} END AS k{at}")
                }
            })
            .collect();
        let sql = format!(
            "SELECT pair_no, {} FROM keyed_pairs WHERE {}",
            shared.join(", "),
            self.shares()
        );
        blocks::exploded(&self.rule.keys, sql, &["pair_no"])
    }

    /// The true pairs that share a block which is not too large.
    fn searched_pairs(&self) -> String {
        let same: Vec<String> =
            (0..self.rule.keys.len()).map(|at| format!("o.k{at} = s.k{at}")).collect();
        format!(
            "SELECT DISTINCT s.pair_no FROM shared_{at} AS s\n\
             WHERE NOT EXISTS (SELECT 1 FROM overfull_{at} AS o WHERE {same})",
            at = self.at,
            same = same.join(" AND ")
        )
    }
}

/// Each true pair, or each of a sample, with both sides' keys; NULL where a side is not in the run's stages.
fn keyed_pairs(rules: &[Rule<'_>], sampled: bool) -> String {
    let mut columns: Vec<&str> =
        rules.iter().flat_map(|rule| rule.keys().map(|(column, _)| column)).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut sql = String::from(
        "SELECT o.source_id, o.record_id, o.other_id, o.lookup, o.own, o.accepted, o.is_right,\n\
         l.record_id IS NOT NULL AND r.resident_ref IS NOT NULL AS in_stages,\n\
         concat(o.source_id, chr(31), o.record_id, chr(31), o.other_id) AS pair_no",
    );
    for column in columns {
        let quoted = format!("\"{}\"", column.replace('"', "\"\""));
        let _ = write!(
            sql,
            ",\nl.{quoted} AS {}, r.{quoted} AS {}",
            side("l", column),
            side("r", column)
        );
    }
    let lot = "case_key('true pair', concat(source_id, chr(31), record_id, chr(31), other_id))";
    let drawn =
        if sampled { format!(" ORDER BY {lot} LIMIT {TRUE_PAIRS_MAX}") } else { String::new() };
    let _ = write!(
        sql,
        "\nFROM (SELECT * FROM outcomes WHERE linked{drawn}) AS o\n\
         LEFT JOIN records AS l ON l.source_id = o.source_id AND l.record_id = o.record_id\n\
         LEFT JOIN registry AS r ON r.resident_ref = o.other_id"
    );
    sql
}

/// Each true pair with `s0`, `s1` … (found by that rule) and `o0`, `o1` … (only in blocks too large).
fn sharing(rules: &[Rule<'_>]) -> String {
    let mut sql = String::from(
        "SELECT p.source_id, p.record_id, p.other_id, p.lookup, p.own, p.accepted, p.is_right, p.in_stages",
    );
    let mut joins = String::new();
    for rule in rules {
        let (at, shares) = (rule.at, rule.shares());
        if rule.has_overfull {
            let _ = write!(
                sql,
                ",\nf{at}.pair_no IS NOT NULL AS s{at}, f{at}.pair_no IS NULL AND {shares} AS o{at}"
            );
            let _ =
                write!(joins, "\nLEFT JOIN searched_{at} AS f{at} ON f{at}.pair_no = p.pair_no");
        } else {
            let _ = write!(sql, ",\n{shares} AS s{at}, false AS o{at}");
        }
    }
    format!("{sql}\nFROM keyed_pairs AS p{joins}")
}

fn found_by(rules: &[Rule<'_>]) -> String {
    let mut first = String::from("CASE");
    for rule in rules {
        let _ = write!(first, " WHEN s{at} THEN {at}", at = rule.at);
    }
    first.push_str(" END");
    let first = if rules.is_empty() { "CAST(NULL AS BIGINT)".to_owned() } else { first };
    format!("SELECT *, {first} AS rule_no FROM sharing")
}

fn counts(rules: &[Rule<'_>]) -> String {
    let mut sql = String::from("SELECT count(*), count(rule_no)");
    for rule in rules {
        let _ = write!(
            sql,
            ",\ncount(*) FILTER (WHERE s{at}), count(*) FILTER (WHERE o{at}), count(*) FILTER (WHERE rule_no = {at})",
            at = rule.at
        );
    }
    format!("{sql}\nFROM {FOUND_BY}")
}
