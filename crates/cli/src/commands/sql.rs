//! `milaan sql`: DataFusion SQL over a run's stages and reports, all functions registered.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use milaan_engine::{QueryFormat, QueryOrder};
use milaan_model::Sensitivity;

use super::{ResourceArgs, engine};
use crate::failure::Failure;
use crate::ui;

/// Arguments of `milaan sql`.
#[derive(Debug, Args)]
pub(crate) struct SqlArgs {
    /// A run's folder [default: out/latest, where there is one] and a SELECT [default: statements from stdin]
    #[arg(num_args = 0..=2, value_name = "[RUN] SQL")]
    words: Vec<String>,
    /// How to write the result
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// The highest class the reader may see: public, internal, restricted
    #[arg(long, default_value = "internal", value_parser = parse_clearance)]
    clearance: Sensitivity,
    #[command(flatten)]
    resources: ResourceArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// A table for people
    Table,
    /// CSV with a header
    Csv,
    /// A JSON array
    Json,
}

pub(crate) fn sql(args: &SqlArgs) -> Result<(), Failure> {
    let latest = PathBuf::from("out/latest");
    let latest = latest.is_dir().then_some(latest);
    let (run, sql) = match args.words.as_slice() {
        [run, sql] => (Some(PathBuf::from(run)), Some(sql.clone())),
        [one] if PathBuf::from(one).is_dir() => (Some(PathBuf::from(one)), None),
        [sql] => (latest, Some(sql.clone())),
        _ => (latest, None),
    };
    let mut order = QueryOrder {
        run,
        sql: String::new(),
        format: match args.format {
            Format::Table => QueryFormat::Table,
            Format::Csv => QueryFormat::Csv,
            Format::Json => QueryFormat::Json,
        },
        clearance: args.clearance,
        threads: args.resources.thread_count(),
        memory_bytes: args.resources.memory,
    };
    let engine = engine(order.threads)?;
    if let Some(sql) = sql {
        order.sql = sql;
        return ui::data(&engine.query(&order)?);
    }
    shell(&engine, order)
}

/// Statements from stdin, each up to a `;`. On a terminal an error is said and the shell goes on.
fn shell(engine: &milaan_engine::Engine, mut order: QueryOrder) -> Result<(), Failure> {
    let stdin = std::io::stdin();
    let people = stdin.is_terminal();
    if people {
        ui::line("SELECT statements, each ended by `;`. Ctrl-D leaves.");
    }
    let mut statement = String::new();
    for line in stdin.lock().lines() {
        let line = line.map_err(|error| Failure::environment("stdin cannot be read", &error))?;
        statement.push_str(&line);
        statement.push('\n');
        if !line.trim_end().ends_with(';') {
            continue;
        }
        statement.trim().trim_end_matches(';').clone_into(&mut order.sql);
        statement.clear();
        match engine.query(&order) {
            Ok(text) => ui::data(&text)?,
            Err(error) if people => {
                ui::show_failure(&Failure::from(&error));
            }
            Err(error) => return Err(error.into()),
        }
    }
    if statement.trim().is_empty() {
        return Ok(());
    }
    statement.trim().clone_into(&mut order.sql);
    ui::data(&engine.query(&order)?)
}

fn parse_clearance(text: &str) -> Result<Sensitivity, String> {
    match text.parse::<Sensitivity>() {
        Ok(Sensitivity::Secret) => Err("secret columns are shown nowhere".to_owned()),
        Ok(class) => Ok(class),
        Err(_) => Err("write public, internal or restricted".to_owned()),
    }
}
