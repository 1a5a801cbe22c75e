//! Record linkage: blocking, comparison levels, match weights and one answer a record.
//!
//! Pairs are found and weighed in two ways that give the same: [`candidates`], plain functions over Arrow arrays that index the
//! list and stream the registry, and the plain-SQL reference, a match model as a list of named SQL steps over the views `list`
//! and `registry` ([`sql::pair_steps`]). What follows from the pairs too: [`decide`] over arrays, [`answers::answer_steps`] in SQL. m and u are estimated on
//! pattern counts ([`em`]). The engine runs all of it; nothing here opens a file or knows DataFusion.
//!
//! Invariant: a step is a SELECT over views named before it; no step holds a value of a person.
//!
//! ```
//! use milaan_linkage::sql::NamedQuery;
//! let step = NamedQuery { name: "candidates".into(), sql: "SELECT 1".into() };
//! assert_eq!(step.name, "candidates");
//! ```

pub mod answers;
pub mod candidates;
pub mod clusters;
pub mod decide;
pub mod em;
pub mod households;
pub mod pooled;
pub mod second;
pub mod sql;
