//! The candidates operator beside its SQL twin: the same pairs, rules, levels, weights and bands, to the last bit.

use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray, UInt64Array};
use datafusion::arrow::compute::{concat_batches, nullif, take};
use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::datasource::MemTable;
use datafusion::prelude::{ParquetReadOptions, SessionConfig, SessionContext};
use milaan_engine::{CandidatesOrder, CandidatesSpec, Engine};
use milaan_functions::Secrets;
use milaan_kernels::secret::Keyring;
use milaan_linkage::answers;
use milaan_linkage::candidates::{Compiled, Keep, ListBuilder, Order, Worker, finish};
use milaan_linkage::sql::{self, Sides};
use milaan_manifest::Pipeline;

use crate::harness::Sandbox;

crate::tests!(
    a_run_has_the_pairs_of_the_sql_steps,
    a_run_has_the_answers_of_the_sql_steps,
    random_tables_give_the_pairs_of_the_sql_steps,
    the_configuration_travels_as_json,
    threads_and_memory_do_not_change_a_byte,
    explain_analyze_tells_what_was_done,
);

/// The key of invented people, as the engine has it.
const DEVELOPMENT_KEY: [u8; 32] = *b"milaan development key: no guard";

struct Twin {
    runtime: tokio::runtime::Runtime,
    pipeline: Pipeline,
    keyring: Arc<Keyring>,
}

impl Twin {
    fn new(sandbox: &Sandbox) -> Self {
        let pipeline = milaan_manifest::load(&sandbox.path("pipelines/people-hub"));
        Self {
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime"),
            pipeline: pipeline.expect("a pipeline"),
            keyring: Arc::new(Keyring::new(DEVELOPMENT_KEY)),
        }
    }

    fn session(&self) -> SessionContext {
        let mut config = SessionConfig::new()
            .with_target_partitions(2)
            .set_bool("datafusion.execution.parquet.schema_force_view_types", false)
            .set_bool("datafusion.sql_parser.map_string_types_to_utf8view", false);
        config.options_mut().extensions.insert(Secrets::new(Arc::clone(&self.keyring)));
        let ctx = SessionContext::new_with_config(config);
        milaan_functions::register(&ctx);
        ctx
    }

    fn sides(&self, registry_rows: u64, same_records: bool) -> Sides<'_> {
        Sides { registry_rows, id_scheme: self.pipeline.id_scheme(), same_records }
    }

    fn query(&self, ctx: &SessionContext, sql: &str) -> RecordBatch {
        self.runtime.block_on(async {
            let frame = ctx.sql(sql).await.expect(sql);
            let schema = Arc::new(frame.schema().as_arrow().clone());
            concat_batches(&schema, &frame.collect().await.expect(sql)).expect("one schema")
        })
    }

    fn parquet(&self, path: &Path) -> RecordBatch {
        self.parquet_by(path, "SELECT * FROM file")
    }

    fn parquet_by(&self, path: &Path, sql: &str) -> RecordBatch {
        let ctx = self.session();
        let path = path.display();
        self.runtime
            .block_on(ctx.register_parquet("file", path.to_string(), ParquetReadOptions::default()))
            .expect("a Parquet file");
        self.query(&ctx, sql)
    }

    /// The pairs by the SQL steps.
    fn by_sql(&self, list: &RecordBatch, registry: &RecordBatch, same_records: bool) -> String {
        let ctx = self.session();
        for (name, batch) in [("list", list), ("registry", registry)] {
            let table = MemTable::try_new(batch.schema(), vec![vec![batch.clone()]]);
            ctx.register_table(name, Arc::new(table.expect("a table"))).expect("a table");
        }
        let sides = self.sides(registry.num_rows() as u64, same_records);
        for step in sql::pair_steps(&self.pipeline.model, &self.pipeline.weights, sides) {
            let view = self.runtime.block_on(ctx.sql(&step.sql)).expect(&step.name).into_view();
            ctx.register_table(&step.name, view).expect(&step.name);
        }
        let pairs =
            shown(&self.query(&ctx, "SELECT * FROM pairs ORDER BY record_id, resident_ref"));
        let overfull = self.query(&ctx, &sql::overfull_blocks(&self.pipeline.model).sql);
        let overfull =
            format!("{}", pretty_format_batches(std::slice::from_ref(&overfull)).expect("a table"));
        let counts: Vec<Vec<&str>> = overfull
            .lines()
            .filter(|line| line.starts_with("| ") && !line.contains("rows_max"))
            .map(|line| line.split('|').map(str::trim).collect())
            .collect();
        let mut told: Vec<String> = counts
            .iter()
            .filter(|cells| cells[2] != "0")
            .map(|cells| format!("{} {} {}", cells[1], cells[2], cells[3]))
            .collect();
        told.sort();
        format!("{pairs}\n{}", told.join("\n"))
    }

    /// The pairs by the operator, its registry cut in pieces for three workers.
    fn by_operator(
        &self,
        list: &RecordBatch,
        registry: &RecordBatch,
        same_records: bool,
        piece: usize,
    ) -> String {
        let order = Order {
            sides: self.sides(registry.num_rows() as u64, same_records),
            keep: Keep::Useful,
            keyring: Some(Arc::clone(&self.keyring)),
            carried: Vec::new(),
        };
        let compiled = Compiled::new(&self.pipeline.model, &self.pipeline.weights, order);
        let mut builder = ListBuilder::new(Arc::new(compiled.expect("a model")));
        builder.push(list).expect("the list");
        let index = Arc::new(builder.finish().expect("an index"));
        let mut workers: Vec<Worker> = (0..3).map(|_| Worker::new(Arc::clone(&index))).collect();
        let mut from = 0;
        while from < registry.num_rows() {
            let rows = piece.min(registry.num_rows() - from);
            workers[from % 3].probe(&registry.slice(from, rows)).expect("a batch");
            from += rows;
        }
        let finished = workers.into_iter().map(|worker| worker.finish().expect("finished"));
        let found = finish(&index, finished.collect());
        let batches: Vec<RecordBatch> = found.batches().map(|one| one.expect("pairs")).collect();
        let schema = milaan_linkage::candidates::pairs_schema();
        let pairs = shown(&concat_batches(&schema, &batches).expect("one schema"));
        let mut told: Vec<String> = found
            .overfull_blocks()
            .iter()
            .filter(|one| one.blocks > 0)
            .map(|one| format!("{} {} {}", one.rule, one.blocks, one.rows_max))
            .collect();
        told.sort();
        format!("{pairs}\n{}", told.join("\n"))
    }
}

fn shown(batch: &RecordBatch) -> String {
    pretty_format_batches(std::slice::from_ref(batch)).expect("a table").to_string()
}

fn a_run_has_the_pairs_of_the_sql_steps() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&["--progress", "none"]).expect(0);
    let twin = Twin::new(&sandbox);
    let stages = sandbox.path("out/latest/stages");
    let registry = twin.parquet(&stages.join("registry/registry.parquet"));
    let mut order = order_of(&sandbox);
    order.spec.registry_rows = registry.num_rows() as u64;
    Engine::new(2).expect("threads").candidates(&order).expect("pairs");
    let mut pairs = 0;
    for source in &twin.pipeline.sources {
        let file = format!("{}.parquet", source.id);
        let list = twin.parquet(&stages.join("records").join(&file));
        // They are of all departments, each in the order of its records and residents.
        let of_source = format!(
            "SELECT * REPLACE (substr(record_id, strpos(record_id, '/') + 1) AS record_id) FROM file\n\
             WHERE record_id LIKE '{}/%' ORDER BY record_id, resident_ref",
            source.id
        );
        let found = twin.parquet_by(&order.to, &of_source);
        let by_sql = twin.by_sql(&list, &registry, false);
        assert!(by_sql.starts_with(&shown(&found)), "{}", source.id);
        pairs += found.num_rows();
    }
    assert!(pairs > 300, "{pairs}");
}

/// From the pairs that the second look weighed to the answers, decided over arrays: what the SQL steps say of the same pairs.
fn a_run_has_the_answers_of_the_sql_steps() {
    let sandbox = Sandbox::with_sample();
    sandbox.run(&["--progress", "none"]).expect(0);
    let twin = Twin::new(&sandbox);
    let ctx = twin.session();
    let stages = sandbox.path("out/latest/stages");
    for (view, stage) in
        [("pairs", "pairs"), ("list", "records"), ("registry", "registry"), ("given", "answers")]
    {
        let folder = format!("{}/", stages.join(stage).display());
        twin.runtime
            .block_on(ctx.register_parquet(
                format!("{view}_stage"),
                folder,
                ParquetReadOptions::default(),
            ))
            .expect(stage);
        let named = match view {
            "registry" => "*".to_owned(),
            _ => "* REPLACE (concat(source_id, '/', record_id) AS record_id)".to_owned(),
        };
        let sql = format!("SELECT {named} FROM {view}_stage");
        let table = twin.runtime.block_on(ctx.sql(&sql)).expect(view).into_view();
        ctx.register_table(view, table).expect(view);
    }
    for step in answers::answer_steps(&twin.pipeline.model) {
        let view = twin.runtime.block_on(ctx.sql(&step.sql)).expect(&step.name).into_view();
        ctx.register_table(&step.name, view).expect(&step.name);
    }
    let columns = format!("record_id, {}", answers::OTHER_COLUMNS);
    let [given, by_sql] = ["given", answers::ANSWERS]
        .map(|view| twin.query(&ctx, &format!("SELECT {columns} FROM {view} ORDER BY record_id")));
    assert!(given.num_rows() > 3_000, "{} answers", given.num_rows());
    assert_eq!(shown(&given), shown(&by_sql));
}

/// A stream of numbers that is the same on every machine (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }
}

/// Some rows of a table, some of them several times, with cells made NULL and one column the same in all, and keys of their own.
fn mixed(rows: &RecordBatch, count: usize, dice: &mut Dice) -> RecordBatch {
    let picked: UInt64Array =
        (0..count).map(|_| Some(dice.below(rows.num_rows()) as u64)).collect();
    let giant = ["mandal_key", "phone", "village_key"][dice.below(3)];
    let schema = rows.schema();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, column)| {
            let name = field.name().as_str();
            if name == "record_id" || name == "resident_ref" {
                let keys = (0..count).map(|row| format!("{row:04}"));
                return Arc::new(StringArray::from_iter_values(keys)) as ArrayRef;
            }
            if name == giant {
                return Arc::new(StringArray::from_iter_values((0..count).map(|_| "+911")));
            }
            let column = take(column, &picked, None).expect("rows");
            let lost: BooleanArray = (0..count).map(|_| Some(dice.below(10) == 0)).collect();
            nullif(&column, &lost).expect("NULLs")
        })
        .collect();
    RecordBatch::try_new(schema, columns).expect("columns")
}

fn random_tables_give_the_pairs_of_the_sql_steps() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&["--progress", "none"]).expect(0);
    let twin = Twin::new(&sandbox);
    let stages = sandbox.path("out/latest/stages");
    let registry = twin.parquet(&stages.join("registry/registry.parquet"));
    let list = twin.parquet(&stages.join("records/ration_cards.parquet"));
    for seed in 0..6 {
        let mut dice = Dice(seed);
        let (records, residents) = (dice.below(90), 20 + dice.below(120));
        let (list, registry) =
            (mixed(&list, records, &mut dice), mixed(&registry, residents, &mut dice));
        let piece = 1 + dice.below(40);
        assert_eq!(
            twin.by_operator(&list, &registry, false, piece),
            twin.by_sql(&list, &registry, false),
            "seed {seed}"
        );
        let own = twin.by_operator(&registry, &registry, true, piece);
        assert_eq!(own, twin.by_sql(&registry, &registry, true), "seed {seed}, one list");
    }
}

/// What a plan carries is all of it, to the last bit.
fn the_configuration_travels_as_json() {
    let pipeline = milaan_manifest::load(&crate::harness::root().join("pipelines/people-hub"));
    let pipeline = pipeline.expect("a pipeline");
    let spec = CandidatesSpec {
        list: "/stages/records/pensions.parquet".to_owned(),
        sources: vec!["pensions".to_owned()],
        registry: "s3://bucket/stages/registry/".to_owned(),
        id_scheme: pipeline.id_scheme().to_owned(),
        model: pipeline.model,
        weights: pipeline.weights,
        registry_rows: u64::MAX,
        same_records: false,
    };
    let bytes = spec.encode().expect("JSON");
    assert_eq!(CandidatesSpec::decode(&bytes).expect("a configuration"), spec);
    assert!(CandidatesSpec::decode(&bytes[1..]).is_err());
}

/// The candidates of the sample's run, to be found again.
fn order_of(sandbox: &Sandbox) -> CandidatesOrder {
    let twin = Twin::new(sandbox);
    let stages = sandbox.path("out/latest").canonicalize().expect("a run").join("stages");
    let sources = twin.pipeline.sources.iter().map(|one| one.id.to_string()).collect();
    let spec = CandidatesSpec {
        list: stages.join("records").display().to_string(),
        sources,
        registry: stages.join("registry").display().to_string(),
        id_scheme: twin.pipeline.id_scheme().to_owned(),
        model: twin.pipeline.model,
        weights: twin.pipeline.weights,
        registry_rows: 5_000,
        same_records: false,
    };
    CandidatesOrder {
        spec,
        threads: 1,
        memory_bytes: 1 << 30,
        keyring: twin.keyring,
        to: sandbox.path("pairs.parquet"),
    }
}

fn threads_and_memory_do_not_change_a_byte() {
    let sandbox = Sandbox::with_sample();
    sandbox.run(&["--progress", "none"]).expect(0);
    let mut order = order_of(&sandbox);
    let mut find = |threads: usize, memory_bytes: u64| {
        (order.threads, order.memory_bytes) = (threads, memory_bytes);
        let engine = Engine::new(threads).expect("threads");
        let found = engine.candidates(&order).expect("pairs");
        let bytes = std::fs::read(&order.to).expect("a file");
        std::fs::remove_file(&order.to).expect("a file");
        (found.passes, bytes)
    };
    let (passes, bytes) = find(1, 1 << 30);
    assert!(passes == 1 && bytes.len() > 10_000, "{passes} passes, {} bytes", bytes.len());
    for threads in [2, 8] {
        assert!(find(threads, 1 << 30) == (1, bytes.clone()), "{threads} threads");
    }
    for threads in [1, 2] {
        let (passes, small) = find(threads, SCARCE);
        assert!(passes > 1, "{passes} pass");
        assert!(small == bytes, "{threads} threads, {passes} passes");
    }
}

/// Memory for part of the sample's lists at a time.
const SCARCE: u64 = 6144 << 10;

fn explain_analyze_tells_what_was_done() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&["--progress", "none"]).expect(0);
    let plan = Engine::new(2).expect("threads").candidates_plan(&order_of(&sandbox));
    let plan = plan.expect("a plan");
    let measured = |name: &str| {
        let from = plan.find("CandidatesExec").expect("the operator");
        let at = from + plan[from..].find(&format!("{name}=")).expect(name) + name.len() + 1;
        plan[at..].chars().take_while(char::is_ascii_digit).collect::<String>()
    };
    assert_eq!((measured("passes").as_str(), measured("registry_rows").as_str()), ("1", "600"));
    for name in ["keys_probed", "hits", "pairs_compared", "pairs_kept", "costly_comparisons"] {
        assert_ne!(measured(name), "0", "{name}: {plan}");
    }
    for name in ["index_time", "probe_time", "finish_time", "index_bytes"] {
        assert!(!measured(name).is_empty(), "{name}: {plan}");
    }
}
