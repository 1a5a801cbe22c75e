//! How a run tells what it is doing: the engine is silent, whoever calls it listens.

use crate::receipt::StageReceipt;

/// Listens to a run. All methods do nothing unless overridden.
pub trait Observer: Send + Sync {
    /// A stage begins; `steps` are the parts it will report, where known.
    fn stage_started(&self, stage: &str, steps: Option<u64>) {
        let _ = (stage, steps);
    }

    /// A part of a stage is done: a source, a report.
    fn step_done(&self, stage: &str, step: &str) {
        let _ = (stage, step);
    }

    /// A stage has ended.
    fn stage_finished(&self, receipt: &StageReceipt) {
        let _ = receipt;
    }

    /// Something people must know; never a personal value.
    fn notice(&self, text: &str) {
        let _ = text;
    }
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}
