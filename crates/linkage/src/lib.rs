//! Record linkage: blocking, comparison levels, match weights and one answer a record.
//!
//! What stands here now is the plain-SQL reference: a match model becomes a list of named SQL steps over the views `list` and
//! `registry` ([`sql::pair_steps`], [`sql::answer_steps`]), and estimation of m and u on pattern counts ([`em`]).
//! The engine runs the steps; nothing here opens a file or knows DataFusion.
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
pub mod em;
pub mod patterns;
pub mod sql;
