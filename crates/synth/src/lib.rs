//! Invented registries of residents and departmental dumps, with the truth, seeded.
//!
//! Its one job: [`generate`] fills a folder with a survey registry, the lists of three departments as departments really send
//! them, `truth.csv` that says who each row is, and `invented.json`, the mark of invented people; with [`Order::flat`] also
//! `flat/{registry,list,truth}.parquet` for other tools.
//!
//! What must hold: the same [`Order`] makes the same bytes on any number of processors; every household is a pure function of
//! (seed, index), so that nothing but the words and the villages is held in memory; every row of a department has one row in
//! `truth.csv`; the vocabularies A and B share no family name and no given name.
//!
//! How a row comes about: [`rates`] says how often things go wrong; `world` makes households (with `family`, `names`, `places`,
//! `numbers`); `range` cuts them into pieces that `parallel` hands to all processors and takes back in order. `survey` writes
//! the registry, `plan` chooses whom a department lists, `claim` distorts, `lists` lays the rows out. What differs between the
//! programmes stands in `people_hub` and `ehsaas`. Names of Andhra are written once in a phonetic code from which `phonetic`
//! makes Telugu script and `latin` the usual and the other romanisations; those of Pakistan in Latin and the letters of `urdu`.
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
