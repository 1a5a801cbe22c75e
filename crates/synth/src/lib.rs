//! Invented registries of residents and departmental dumps, with the truth, seeded.
//!
//! Its one job: [`generate`] fills a folder with a survey registry, the lists of three departments as departments really send
//! them, `truth.csv` that says who each row is, and `invented.json`, the mark of invented people.
//!
//! What must hold: the same [`Order`] makes the same bytes; every household is a pure function of (seed, index), so that nothing
//! but the words and the villages is held in memory; every row of a department has one row in `truth.csv`.
//!
//! How a row comes about: [`rates`] says how often things go wrong; `world` makes households (with `family`, `names`, `places`,
//! `numbers`), `registry` writes them, `plan` chooses whom a department lists, `claim` distorts, and `pensions`, `ration`,
//! `scholarships` lay the rows out. Names are written once in a phonetic code from which `phonetic` makes Telugu script and
//! `latin` the usual and the other romanisations.
//!
//! ```
//! use milaan_synth::{NameSeed, Order, Programme, RateSet, generate};
//!
//! let folder = std::env::temp_dir().join(format!("milaan-synth-doc-{}", std::process::id()));
//! let order = Order {
//!     programme: Programme::PeopleHub,
//!     residents: 600,
//!     records: 200,
//!     seed: 1,
//!     flat: false,
//!     names: NameSeed::A,
//!     rates: RateSet::Life,
//! };
//! let made = generate(&folder, &order)?;
//! assert_eq!((made.residents, made.records), (600, 200));
//! assert!(folder.join("truth.csv").exists());
//! # std::fs::remove_dir_all(folder).ok();
//! # Ok::<(), milaan_synth::Error>(())
//! ```

mod cases;
mod claim;
mod dice;
mod ehsaas;
mod family;
mod flat;
mod generate;
mod latin;
mod lists;
mod names;
mod numbers;
mod order;
mod output;
mod parallel;
mod people;
mod people_hub;
mod phonetic;
mod places;
mod plan;
mod range;
pub mod rates;
mod survey;
mod urdu;
mod world;

#[cfg(test)]
mod tests;

pub use generate::generate;
pub use order::{Error, Made, NameSeed, Order, Programme, RateSet};
