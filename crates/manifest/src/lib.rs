//! Reads a pipeline folder: what an analyst wrote in TOML becomes a checked [`Pipeline`], or a list of all its problems,
//! each with file, line and a hint.
//!
//! ```no_run
//! match milaan_manifest::load(std::path::Path::new("pipelines/people-hub")) {
//!     Ok(pipeline) => assert!(!pipeline.sources.is_empty()),
//!     Err(problems) => for problem in problems { eprintln!("{problem}") },
//! }
//! ```
//!
//! Invariants:
//! * whoever holds a [`Pipeline`] need not check it again;
//! * one call says everything: a problem in one file or table never hides one in another;
//! * nothing here opens a dump, and only `files` touches the disk.
//!
//! | file | reads |
//! |---|---|
//! | `load` | the folder: which files there are, and what they must agree on |
//! | `settings` | `pipeline.toml` |
//! | `source` | `registry.toml`, `sources/*.toml`; their tables: `reading`, `columns`, `constants`, `expect` |
//! | `matching` | `match/*.toml`; its tables: `comparison`, `levels`; the columns it may name: `canonical`; what it leaves out: `defaults` |
//! | `weights` | `match/*.weights.toml` |
//! | `policy` | `policy/*.toml` |
//! | `words` | `words/*.toml` |
//! | `places` | `places/*.csv` |
//! | `reports` | `reports/*.sql`, `tables/*.sql`, `sync/*.sql`, `checks/*.sql`; `contract`: `reports/*.toml`, `sync/*.toml` |
//! | `recipients` | `[purposes]` and `[[recipient]]` of `pipeline.toml` |
//!
//! Under them lie `table` and `value`, the typed view of a TOML file that collects problems, and `suggest` ("did you mean").
//! A new key is one word in the `KEYS` of its file and one line that reads it: unknown keys, wrong kinds and missing values
//! are then said by themselves.

mod canonical;
mod columns;
mod comparison;
mod constants;
mod contract;
mod countries;
mod defaults;
mod diagnostic;
mod expect;
mod files;
mod levels;
mod load;
mod matching;
mod pipeline;
mod places;
mod policy;
mod reading;
mod recipients;
mod reports;
mod second_weights;
mod settings;
mod source;
mod suggest;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod weights;
mod words;

pub use diagnostic::{Diagnostic, Position};
pub use expect::{Bounds, DumpExpected, Expectations, Must, RowRule};
pub use load::{load, load_untrained};
pub use pipeline::{
    Check, Column, Limits, Mode, OnMissing, Pipeline, Place, PlaceCorrection, PolicyKind,
    PolicyTable, PolicyValue, REGISTRY_CHANGES, Recipient, Report, Source, Table, WordTable,
};
pub use source::parse_source;
