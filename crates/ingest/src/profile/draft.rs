//! A first source file for a dump, with a comment on each guess and `# ?` where somebody has to look.

use std::fmt::Write;

use milaan_model::reading::FileCounts;

use super::{ColumnProfile, Profile};
use crate::fold::fold;

/// A source file to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The source's id, from the dump's name: the file is `sources/<id>.toml`.
    pub id: String,
    /// The text of the file.
    pub toml: String,
}

/// Writes a source file for a profiled dump. `path` is where the dump lies below the data folder, `/` between the parts.
pub fn draft(profile: &Profile, path: &str) -> Draft {
    let stem = path.rsplit('/').next().unwrap_or(path);
    let stem = stem.split('.').next().unwrap_or(stem);
    let id = name(stem);
    let mut toml = String::new();
    // Writing to a `String` cannot fail.
    let _ = write(&mut toml, profile, path, stem, &id);
    Draft { id, toml }
}

fn write(
    toml: &mut String,
    profile: &Profile,
    path: &str,
    stem: &str,
    id: &str,
) -> std::fmt::Result {
    let counts = profile.file.counts.first();
    writeln!(
        toml,
        "# Written by `milaan new source`. Lines with `# ?` are guesses that somebody has to confirm."
    )?;
    writeln!(toml, "id = \"{id}\"")?;
    writeln!(toml, "title = {} # ?", quoted(&stem.replace(['_', '-'], " ")))?;
    writeln!(toml, "department = \"to be filled in\" # ?")?;
    writeln!(
        toml,
        "mode = \"full\" # ? full: the whole list each time | delta: only what changed"
    )?;
    writeln!(toml, "on_missing = \"fail\" # fail | use_last | skip")?;
    writeln!(toml, "\n[files]")?;
    writeln!(toml, "paths = [{}]", quoted(&without_globs(path)))?;
    if let Some(counts) = counts {
        let found: Vec<String> = counts
            .found
            .iter()
            .filter(|(what, _)| !what.starts_with("sheets"))
            .map(|(what, value)| format!("{what} {}", value.escape_debug()))
            .collect();
        writeln!(toml, "# found: {}", found.join(", "))?;
        match counts.header_row {
            Some(row) => writeln!(toml, "# found: header in row {row}")?,
            None => writeln!(toml, "no_header = true # ? columns are named by their place")?,
        }
        sheets(toml, &profile.file.counts, counts)?;
    }
    let Some((key, remark)) = key(profile) else {
        return writeln!(toml, "# ? the dump has no columns");
    };
    writeln!(toml, "\n[record]\nkey = [{}] # {remark}", quoted(&key.name))?;
    writeln!(toml, "# unique_persons = true # ? a person twice in this list is a duplicate case")?;
    writeln!(toml, "\n[columns]")?;
    let mut written = std::collections::HashSet::new();
    for column in &profile.columns {
        // Headers that differ in case and signs alone are one to a reader.
        if written.insert(fold(&column.name)) {
            write_column(toml, column, profile.rows, std::ptr::eq(column, key))?;
        } else {
            writeln!(toml, "# ? {} is named like another column", comment(&column.name))?;
        }
    }
    Ok(())
}

/// The sheets that were looked at, each with its records, and those that were not.
fn sheets(toml: &mut String, all: &[FileCounts], first: &FileCounts) -> std::fmt::Result {
    if first.sheet.is_empty() {
        return Ok(());
    }
    let names: Vec<String> =
        all.iter().map(|counts| quoted(&without_globs(&counts.sheet))).collect();
    let names = names.join(", ");
    writeln!(
        toml,
        "# sheets = [{names}] # looked at; without it all sheets with these columns are taken"
    )?;
    for counts in all.iter().filter(|_| all.len() > 1) {
        let sheet = comment(&counts.sheet);
        let header =
            counts.header_row.map_or_else(|| "none".to_owned(), |row| format!("row {row}"));
        writeln!(toml, "# found: sheet {sheet}: {} records, header {header}", counts.rows_landed)?;
    }
    if first.found.iter().any(|(what, _)| what == "sheets_not_compared") {
        writeln!(
            toml,
            "# ? only the main sheet was looked at: its headers are not found again by name, so other sheets like it are not known"
        )?;
    }
    for (what, said) in [
        ("sheets_passed_over", "they lack some of these columns, or hold nothing"),
        ("sheets_hidden", "hidden: taken only by their full name"),
    ] {
        if let Some((_, names)) = first.found.iter().find(|(key, _)| key == what) {
            writeln!(toml, "# ? not taken: {} ({said})", comment(names))?;
        }
    }
    Ok(())
}

fn write_column(
    toml: &mut String,
    column: &ColumnProfile,
    rows: u64,
    is_key: bool,
) -> std::fmt::Result {
    let guess = &column.suspected;
    write!(toml, "{} = {{ field = \"{}\"", quoted(&column.name), guess.field)?;
    if let Some(role) = &guess.role {
        write!(toml, ", role = \"{role}\"")?;
    }
    if let Some(scheme) = guess.scheme {
        write!(toml, ", scheme = \"{scheme}\"")?;
    }
    let is_date = matches!(guess.field, "birth_date" | "given_on" | "valid_from" | "valid_to");
    if is_date && column.passed("date_month_first") > 0.0 && column.passed("date") < 0.5 {
        write!(toml, ", layout = \"mdy\"")?;
    }
    if column.filled == 0 && !is_key {
        write!(toml, ", required = false")?;
    }
    let doubt = if guess.sure { "" } else { "? " };
    let filled = super::guess::percent(column.filled as f64 / rows.max(1) as f64);
    writeln!(toml, " }} # {doubt}{}; {filled} filled", comment(&guess.reason))
}

/// The column that tells records apart best: filled and unique, an identifier rather than another, the first of such.
fn key(profile: &Profile) -> Option<(&ColumnProfile, String)> {
    // Numbers of lines are others next month.
    let serial = |column: &ColumnProfile| {
        ["sno", "slno", "srno", "serialno", "serialnumber", "sl", "sr", "rowno"]
            .contains(&fold(&column.name).as_str())
    };
    let rank = |column: &&ColumnProfile| {
        let unique = column.distinct == column.filled && column.filled == profile.rows;
        let field = match column.suspected.field {
            _ if serial(column) => 0,
            "identifier" | "ration_card" => 3,
            "national_id" | "household_id" | "person_name" | "phone" => 1,
            _ => 2,
        };
        (unique && profile.rows > 0, field, column.distinct)
    };
    let mut best = profile.columns.first()?;
    for column in &profile.columns {
        if rank(&column) > rank(&best) {
            best = column;
        }
    }
    let remark = if rank(&best).0 {
        "unique in this dump".to_owned()
    } else {
        format!("? no column is unique: {} values in {} rows", best.distinct, profile.rows)
    };
    Some((best, remark))
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Text that stays on a comment's line.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A path as a pattern of itself.
fn without_globs(path: &str) -> String {
    let mut pattern = String::new();
    for c in path.chars() {
        if matches!(c, '[' | ']' | '{' | '}' | '*' | '?') {
            pattern.push('[');
            pattern.push(c);
            pattern.push(']');
        } else {
            pattern.push(c);
        }
    }
    pattern
}

/// An id from a file's name.
fn name(stem: &str) -> String {
    let mut word = String::new();
    for c in stem.chars() {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    let word = word.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let word = word[..word.len().min(24)].trim_end_matches('_');
    if word.is_empty() { "dump".to_owned() } else { word.to_owned() }
}
