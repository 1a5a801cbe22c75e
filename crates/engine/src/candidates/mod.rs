//! The candidates operator: `SELECT … FROM candidates('pensions', 'person_v1')`.
//!
//! What finds and weighs pairs is `milaan_linkage::candidates`; here it becomes a table function ([`register`]) over an
//! `ExecutionPlan` whose whole configuration is a [`CandidatesSpec`]: Parquet places, model and weights, so that a plan can travel.
//! The key that opens sealed digits is never in it: it comes from the session of the machine that runs the plan.
//!
//! Invariant: the pairs are those of the SQL steps in `milaan_linkage::sql`, to the last bit; a test holds the two together.

mod alone;
mod exec;
mod numbered;
mod pass;
mod spec;
mod table;
#[cfg(test)]
mod tests;

pub use alone::{CandidatesOrder, CandidatesOutcome, LinkOutcome};
pub(crate) use alone::{explain_analyze, find, link};
pub(crate) use numbered::{beside, held, hold, numbered, scan_in_order, scan_in_parts};
pub(crate) use pass::all_pairs;
pub use spec::CandidatesSpec;
pub(crate) use table::{Summary, open_sides, register};
