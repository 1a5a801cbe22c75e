//! The candidates operator without its engine: index the list, stream the registry, keep the pairs worth keeping.
//!
//! The list is the small side. [`ListBuilder`] takes it in and [`ListBuilder::finish`] gives a [`ListIndex`], which any number of
//! [`Worker`]s share; each goes over part of the registry, batch by batch, and [`finish`] puts together what they kept. The
//! result equals the view `pairs` of the SQL twin ([`crate::sql::pair_steps`]): the same pairs, rules, levels, weights, bands.
//!
//! # Why it does not depend on the order of rows or the number of threads
//!
//! A registry row counts once in every block it belongs to, whoever sees it; counts only grow, and when all workers have ended
//! they are what they are whatever the order was. A block is over-full when its count passes the rule's limit. A worker leaves
//! a block out only if its count has passed the limit already: then it is over-full at the end too, so nothing is lost. A block
//! that is not over-full at the end was never left out. So a pair that is kept carries every block, not over-full at the end,
//! that holds both its rows, and perhaps some that are over-full at the end. [`finish`] takes those away: a pair without
//! another one falls, and each other pair is named after the first rule, in the model's order, of those that remain. Whether a pair
//! is kept by its levels depends on its two rows alone.
//!
//! # What chance may do
//!
//! Keys are 64-bit hashes with fixed seeds. Two different keys of one rule fall into one block with a chance of about (different
//! keys of the list) × (different keys of the registry) / 2^64, less than one in a million at 10 million × 1 million: that would add
//! candidates, to be compared as all others, and count the blocks as one. Values compared for equality alone are 64-bit
//! hashes too: two different ones pass for equal once in 2^64 comparisons. Everything else is compared as it is.
//!
//! # Memory
//!
//! Follows the list (by computation some 550 bytes a record of people-hub, about half of them keys, and no more while it is
//! built) and the pairs kept, never the registry.

mod birth;
pub(crate) mod column;
mod compare;
mod compiled;
mod digits;
mod error;
mod features;
mod found;
mod index;
mod keys;
mod list;
mod pairs;
mod room;
#[cfg(test)]
mod tests;
mod worker;

pub use self::compiled::{Compiled, Keep, Order};
pub use self::error::Error;
pub use self::found::{
    Found, OverfullBlocks, cross_patterns, finish, match_probability, pairs_schema,
};
pub use self::list::{ListBuilder, ListIndex};
pub use self::pairs::{ByRecord, Pairs};
pub use self::worker::{Stats, Worker, WorkerResult};
