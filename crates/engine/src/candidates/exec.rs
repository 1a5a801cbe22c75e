//! The physical operator: two inputs, one output partition, metrics.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{
    Count, ExecutionPlanMetricsSet, Gauge, MetricBuilder, MetricsSet, Time,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use milaan_functions::Secrets;
use milaan_linkage::candidates::{Found, Keep, ListIndex, pairs_schema};

use super::pass::{Pass, linking};
use super::spec::CandidatesSpec;
use super::table::Summary;

/// The operator.
#[derive(Debug, Clone)]
pub(super) struct CandidatesExec {
    spec: Arc<CandidatesSpec>,
    list: Arc<dyn ExecutionPlan>,
    registry: Arc<dyn ExecutionPlan>,
    summary: Arc<Mutex<Summary>>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl CandidatesExec {
    /// Over a list and a registry that give the columns the model asks for.
    pub(super) fn new(
        spec: Arc<CandidatesSpec>,
        list: Arc<dyn ExecutionPlan>,
        registry: Arc<dyn ExecutionPlan>,
        summary: Arc<Mutex<Summary>>,
    ) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(pairs_schema()),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Self {
            spec,
            list,
            registry,
            summary,
            properties: Arc::new(properties),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }
}

impl DisplayAs for CandidatesExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "CandidatesExec: model={}, rules={}, comparisons={}",
            self.spec.model.id,
            self.spec.model.blocking.len(),
            self.spec.model.comparisons.len()
        )
    }
}

impl ExecutionPlan for CandidatesExec {
    fn name(&self) -> &'static str {
        "CandidatesExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.list, &self.registry]
    }

    /// The registry's partitions are the workers: they are made by its scan, and nobody need add others.
    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false, true]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let (Some(registry), Some(list), None) = (children.pop(), children.pop(), children.pop())
        else {
            return Err(DataFusionError::Internal("candidates has two inputs".to_owned()));
        };
        Ok(Arc::new(Self {
            list,
            registry,
            metrics: ExecutionPlanMetricsSet::new(),
            ..(*self).clone()
        }))
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        use datafusion::physical_plan::ChildrenPropertiesMode;
        self.replace_children(
            children,
            ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute),
        )
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let keyring = context
            .session_config()
            .options()
            .extensions
            .get::<Secrets>()
            .and_then(Secrets::keyring);
        let compiled = self
            .spec
            .compile(Keep::Useful, keyring, Vec::new())
            .map_err(|error| DataFusionError::External(Box::new(error)))?;
        let meters = Meters::new(&self.metrics, partition);
        let pass =
            Pass::new(Arc::new(compiled), &self.list, &self.registry, &context, meters.clone())?;
        let summary = Arc::clone(&self.summary);
        *summary.lock().unwrap_or_else(PoisonError::into_inner) = Summary::default();
        let passes = stream::try_unfold((pass, summary), |(mut pass, summary)| async move {
            let Some(found) = pass.next().await? else { return Ok(None) };
            summary.lock().unwrap_or_else(PoisonError::into_inner).add(&found);
            Ok::<_, DataFusionError>(Some((found, (pass, summary))))
        });
        let batches = passes
            .map_ok(move |found| {
                let batches: Vec<_> = found
                    .batches()
                    .map(|batch| batch.map_err(linking))
                    .inspect(|batch| {
                        meters.output_rows.add(batch.as_ref().map_or(0, RecordBatch::num_rows));
                    })
                    .collect();
                stream::iter(batches)
            })
            .try_flatten();
        Ok(Box::pin(RecordBatchStreamAdapter::new(pairs_schema(), batches.boxed())))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}

/// What `EXPLAIN ANALYZE` shows.
#[derive(Debug, Clone)]
pub(crate) struct Meters {
    passes: Count,
    list_rows: Count,
    registry_rows: Count,
    keys_probed: Count,
    hits: Count,
    pairs_compared: Count,
    costly_comparisons: Count,
    pairs_kept: Count,
    pub(super) output_rows: Count,
    index_bytes: Gauge,
    index_time: Time,
    probe_time: Time,
    finish_time: Time,
}

impl Meters {
    pub(crate) fn new(metrics: &ExecutionPlanMetricsSet, partition: usize) -> Self {
        let count = |name: &'static str| MetricBuilder::new(metrics).counter(name, partition);
        let time = |name: &'static str| MetricBuilder::new(metrics).subset_time(name, partition);
        Self {
            passes: count("passes"),
            list_rows: count("list_rows"),
            registry_rows: count("registry_rows"),
            keys_probed: count("keys_probed"),
            hits: count("hits"),
            pairs_compared: count("pairs_compared"),
            costly_comparisons: count("costly_comparisons"),
            pairs_kept: count("pairs_kept"),
            output_rows: MetricBuilder::new(metrics).output_rows(partition),
            index_bytes: MetricBuilder::new(metrics).gauge("index_bytes", partition),
            index_time: time("index_time"),
            probe_time: time("probe_time"),
            finish_time: time("finish_time"),
        }
    }

    pub(super) fn indexed(&self, index: &ListIndex, took: Duration) {
        self.index_bytes.set_max(index.memory_bytes());
        self.index_time.add_duration(took);
    }

    /// Bytes of the largest index of a pass so far.
    pub(super) fn index_bytes(&self) -> usize {
        self.index_bytes.value()
    }

    pub(super) fn probed(&self, took: Duration) {
        self.probe_time.add_duration(took);
    }

    pub(super) fn passed(&self, index: &ListIndex, found: &Found, took: Duration) {
        let stats = found.stats();
        self.passes.add(1);
        self.list_rows.add(index.rows());
        self.registry_rows.add(stats.rows as usize);
        self.keys_probed.add(stats.keys_probed as usize);
        self.hits.add(stats.hits as usize);
        self.pairs_compared.add(stats.pairs_compared as usize);
        self.costly_comparisons.add(stats.costly_comparisons as usize);
        self.pairs_kept.add(stats.pairs_kept as usize);
        self.finish_time.add_duration(took);
    }
}
