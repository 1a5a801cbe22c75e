//! Pipeline folders, right and broken. Each broken one differs from the right one in one place, and each table row says
//! what an analyst reads then: `file:line: message | hint`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod expect;
mod fixture;
mod folders;
mod matching;
mod reports;
mod sources;
mod tables;
