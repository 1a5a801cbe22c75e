//! `milaan profile`: what a dump holds, column by column, without showing a value.

use std::path::PathBuf;

use clap::Args;
use milaan_ingest::{ColumnProfile, Profile};
use serde_json::{Value, json};

use super::land::{dump, refused};
use crate::failure::Failure;
use crate::ui;

/// Arguments of `milaan profile`.
#[derive(Debug, Args)]
pub(crate) struct ProfileArgs {
    /// The dump
    file: PathBuf,
    /// The sheet of a workbook [default: its main sheet]
    #[arg(long)]
    sheet: Option<String>,
    /// The environment variable that holds a workbook's password
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,
    /// JSON instead of a table
    #[arg(long)]
    json: bool,
}

pub(crate) fn profile(args: &ProfileArgs) -> Result<(), Failure> {
    let (file, reading) = dump(&args.file, args.sheet.as_deref(), args.password_env.as_deref());
    let profile = milaan_ingest::profile(&file, &reading).map_err(|error| refused(&error))?;
    if args.json {
        return ui::data(&format!("{:#}\n", to_json(&profile)));
    }
    ui::data(&table(&profile))
}

fn to_json(profile: &Profile) -> Value {
    let columns: Vec<Value> = profile.columns.iter().map(column_json).collect();
    let counts: Vec<Value> = profile
        .file
        .counts
        .iter()
        .map(|counts| {
            let found: serde_json::Map<String, Value> =
                counts.found.iter().map(|(what, value)| (what.clone(), json!(value))).collect();
            json!({
                "sheet": counts.sheet,
                "rows_read": counts.rows_read,
                "rows_landed": counts.rows_landed,
                "rows_rejected": counts.rows_rejected,
                "rows_skipped": counts.skipped.len(),
                "header_row": counts.header_row,
                "found": found,
            })
        })
        .collect();
    json!({
        "file": profile.file.name,
        "sha256": profile.file.sha256,
        "bytes": profile.file.bytes,
        "rows": profile.rows,
        "tables": counts,
        "columns": columns,
    })
}

fn column_json(column: &ColumnProfile) -> Value {
    let patterns: Vec<Value> = column
        .patterns
        .iter()
        .map(|(pattern, values)| json!({"pattern": pattern, "values": values}))
        .collect();
    let checks: serde_json::Map<String, Value> =
        column.checks.iter().map(|(kind, passed)| ((*kind).to_owned(), json!(passed))).collect();
    let guess = &column.suspected;
    json!({
        "name": column.name,
        "filled": column.filled,
        "distinct": column.distinct,
        "distinct_is_least": column.distinct_is_least,
        "length_min": column.length_min,
        "length_max": column.length_max,
        "looked": column.looked,
        "patterns": patterns,
        "checks": checks,
        "suspected": {
            "field": guess.field,
            "role": guess.role,
            "scheme": guess.scheme,
            "reason": guess.reason,
            "sure": guess.sure,
        },
    })
}

fn table(profile: &Profile) -> String {
    let mut text = format!("{}: {} records\n", profile.file.name, profile.rows);
    for counts in &profile.file.counts {
        let found: Vec<String> =
            counts.found.iter().map(|(what, value)| format!("{what} {value}")).collect();
        text.push_str(&format!("  {}\n", found.join(", ")));
    }
    let head = ["column", "filled", "distinct", "length", "pattern", "passes as", "field", "why"];
    let mut lines = vec![head.map(str::to_owned)];
    for column in &profile.columns {
        let filled = 100 * column.filled / profile.rows.max(1);
        let checks = column
            .checks
            .iter()
            .map(|(kind, passed)| format!("{kind} {} %", 100 * passed / column.looked.max(1)));
        let guess = &column.suspected;
        let role = guess.role.as_ref().map_or(String::new(), |role| format!(":{role}"));
        let doubt = if guess.sure { "" } else { "?" };
        lines.push([
            column.name.clone(),
            format!("{filled} %"),
            format!("{}{}", if column.distinct_is_least { ">" } else { "" }, column.distinct),
            format!("{}-{}", column.length_min, column.length_max),
            column.patterns.first().map_or(String::new(), |(pattern, _)| pattern.clone()),
            checks.collect::<Vec<_>>().join(", "),
            format!("{}{role}{doubt}", guess.field),
            guess.reason.clone(),
        ]);
    }
    text.push_str(&aligned(&lines));
    text
}

/// Columns as wide as their widest cell.
fn aligned(lines: &[[String; 8]]) -> String {
    let wide = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..8).map(wide).collect();
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
