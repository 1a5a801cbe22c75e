//! The `.slt` files: one a function, over literals; one a report, over the sample run. `just bless` writes their results.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use libtest_mimic::{Failed, Trial};
use sqllogictest::{AsyncDB, DBOutput, DefaultColumnType, Runner};

use crate::docs::session;
use crate::harness::{root, sample_run};

pub(crate) fn trials() -> Vec<Trial> {
    let folder = root().join("tests/slt");
    let mut files = Vec::new();
    for kind in ["functions", "reports"] {
        for entry in std::fs::read_dir(folder.join(kind)).expect("slt files") {
            files.push(entry.expect("an entry").path());
        }
    }
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&folder).expect("below").with_extension("");
            Trial::test(format!("slt::{}", name.display()), move || run(&path))
        })
        .collect()
}

fn run(path: &Path) -> Result<(), Failed> {
    let runtime = tokio::runtime::Runtime::new()?;
    let over_a_run = path.parent().is_some_and(|folder| folder.ends_with("reports"));
    let ctx = runtime.block_on(async {
        let ctx = session();
        if over_a_run {
            register_sample(&ctx).await;
        }
        Arc::new(ctx)
    });
    let path = path.to_owned();
    runtime.block_on(async {
        let mut runner = Runner::new(|| {
            let ctx = Arc::clone(&ctx);
            async move { Ok(Database { ctx }) }
        });
        if std::env::var_os("MILAAN_BLESS").is_some() {
            let settled = runner
                .update_test_file(
                    &path,
                    " ",
                    sqllogictest::default_validator,
                    sqllogictest::default_normalizer,
                    sqllogictest::default_column_validator,
                )
                .await;
            return settled.map_err(|error| Failed::from(error.to_string()));
        }
        runner.run_file_async(&path).await.map_err(|error| Failed::from(error.to_string()))
    })
}

async fn register_sample(ctx: &SessionContext) {
    let run = sample_run().path("out/latest");
    let register = async |name: &str, path: PathBuf| {
        let mut url = path.canonicalize().expect("a path").display().to_string();
        if path.is_dir() {
            url.push('/');
        }
        ctx.register_parquet(name, url, ParquetReadOptions::default()).await.expect("a table");
    };
    for entry in std::fs::read_dir(run.join("stages")).expect("stages") {
        let entry = entry.expect("an entry");
        register(&entry.file_name().to_string_lossy(), entry.path()).await;
    }
    for entry in std::fs::read_dir(run.join("reports")).expect("reports") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "parquet") {
            register(&path.file_stem().expect("a name").to_string_lossy(), path.clone()).await;
        }
    }
}

struct Database {
    ctx: Arc<SessionContext>,
}

#[async_trait::async_trait]
impl AsyncDB for Database {
    type Error = datafusion::error::DataFusionError;
    type ColumnType = DefaultColumnType;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Self::Error> {
        let batches = self.ctx.sql(sql).await?.collect().await?;
        let options = FormatOptions::default().with_null("NULL");
        let mut rows = Vec::new();
        let mut width = 0;
        for batch in &batches {
            width = batch.num_columns();
            let columns = batch
                .columns()
                .iter()
                .map(|column| ArrayFormatter::try_new(column.as_ref(), &options))
                .collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch.num_rows() {
                rows.push(
                    columns
                        .iter()
                        .map(|column| {
                            let text = column.value(row).to_string();
                            if text.is_empty() { "(empty)".to_owned() } else { text }
                        })
                        .collect(),
                );
            }
        }
        Ok(DBOutput::Rows { types: vec![DefaultColumnType::Any; width], rows })
    }

    async fn shutdown(&mut self) {}

    fn engine_name(&self) -> &'static str {
        "datafusion"
    }
}
