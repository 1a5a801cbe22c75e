//! A stage's output as a typed thing: a folder of Parquet files that the next stage scans.
//!
//! The type says which stage wrote it, so that stages cannot be called in the wrong order.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};

/// Dumps as text with lineage.
#[derive(Debug)]
pub enum Landed {}
/// Canonical columns beside the raw text; secrets as tokens.
#[derive(Debug)]
pub enum Standardised {}
/// Weighed pairs and one answer a record.
#[derive(Debug)]
pub enum Links {}

/// What a stage wrote.
#[derive(Debug)]
pub struct Dataset<Stage> {
    folder: PathBuf,
    rows: u64,
    stage: PhantomData<fn() -> Stage>,
}

impl<Stage> Dataset<Stage> {
    pub(crate) fn new(folder: &Path, rows: u64) -> Self {
        Self { folder: folder.to_owned(), rows, stage: PhantomData }
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Rows over all its sources.
    pub fn rows(&self) -> u64 {
        self.rows
    }
}
