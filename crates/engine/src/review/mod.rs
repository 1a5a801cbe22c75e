//! `milaan review`: pairs for clerks, and what they decided.
//!
//! [`export`] writes a CSV of pairs, masked and without score or band: those that wait for people, or a random sample of each band,
//! from which the share of wrong matches is estimated ([`estimate`]). [`import`] checks the file that comes back and keeps its
//! decisions. The next run holds the decided pairs ([`standing`]), as long as neither side's data change.
//!
//! A pair's id is made of its two keys and of the fingerprints of both rows: other data, another pair.
//!
//! ```text
//! <out>/state/<pipeline>/review/exported.jsonl    pairs that were given out, with what linking had seen of them
//!                              /decisions.jsonl   decisions in the order they came; the newest of a pair counts
//! ```

pub(crate) mod estimate;
mod export;
mod import;
mod ledger;
pub(crate) mod standing;

pub use estimate::{BandEstimate, FalseMatches};
pub(crate) use export::export;
pub use export::{ExportOrder, Exported};
pub(crate) use import::import;
pub use import::{ImportOrder, Imported};
pub(crate) use ledger::{Label, labels};
pub use standing::DecisionsReceipt;
pub(crate) use standing::settle;
