//! Queries beside one another: each after those whose result it reads, a few at a time.

use std::collections::BTreeSet;

use datafusion::prelude::SessionContext;
use futures::future::BoxFuture;
use tokio::task::JoinSet;

use crate::error::Error;

/// Two queries share the memory of the session; with less than this for each they would starve one another.
const MEMORY_BYTES_EACH: u64 = 1 << 30;
/// More at a time than this gain nothing: what they compute is parallel already.
const AT_ONCE_MAX: usize = 4;

/// How many queries run beside one another.
pub(crate) fn at_once(threads: usize, memory_bytes: u64) -> usize {
    let by_memory = usize::try_from(memory_bytes / MEMORY_BYTES_EACH).unwrap_or(AT_ONCE_MAX);
    threads.min(by_memory).clamp(1, AT_ONCE_MAX)
}

/// A query: what it makes, what it reads, and the work.
pub(crate) struct Job<'a, T> {
    /// The table it makes, if others may read it.
    pub(crate) makes: Option<&'a str>,
    /// Names of tables, whether they are made here or not.
    pub(crate) reads: BTreeSet<String>,
    pub(crate) work: BoxFuture<'static, Result<T, Error>>,
}

/// The tables that a query reads. A query that cannot be parsed reads none: planning it will say what is wrong.
pub(crate) fn reads(ctx: &SessionContext, sql: &str) -> BTreeSet<String> {
    let state = ctx.state();
    let dialect = state.config().options().sql_parser.dialect;
    state
        .sql_to_statement(sql, &dialect)
        .and_then(|statement| state.resolve_table_references(&statement))
        .map(|tables| tables.iter().map(|table| table.table().to_owned()).collect())
        .unwrap_or_default()
}

/// Runs the jobs on the runtime's threads; the results stand in their order. The first error ends it.
///
/// # Errors
/// That of the first job to fail; jobs that read one another in a circle ([`Error::Counts`]; a pipeline's tables cannot).
pub(crate) async fn run_all<T: Send + 'static>(
    jobs: Vec<Job<'_, T>>,
    at_once: usize,
    mut done: impl FnMut(&T),
) -> Result<Vec<T>, Error> {
    let mut results: Vec<Option<T>> = jobs.iter().map(|_| None).collect();
    let makes: Vec<Option<&str>> = jobs.iter().map(|job| job.makes).collect();
    let mut waiting: Vec<(usize, Job<'_, T>)> = jobs.into_iter().enumerate().collect();
    let mut unmade: BTreeSet<&str> = makes.iter().flatten().copied().collect();
    // Dropped on an error, it stops what still runs.
    let mut running = JoinSet::new();
    loop {
        while running.len() < at_once {
            let is_free =
                |job: &Job<'_, T>| !job.reads.iter().any(|table| unmade.contains(table.as_str()));
            let Some(next) = waiting.iter().position(|(_, job)| is_free(job)) else { break };
            let (at, Job { work, .. }) = waiting.remove(next);
            running.spawn(async move { (at, work.await) });
        }
        let Some(ended) = running.join_next().await else { break };
        let (at, result) = match ended {
            Ok(ended) => ended,
            Err(broken) => match broken.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => return Err(Error::Counts("a query was stopped".to_owned())),
            },
        };
        let result = result?;
        done(&result);
        results[at] = Some(result);
        if let Some(made) = makes[at] {
            unmade.remove(made);
        }
    }
    let results: Option<Vec<T>> = results.into_iter().collect();
    results.ok_or_else(|| Error::Counts("tables that read one another in a circle".to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures::FutureExt as _;

    use super::*;

    fn job(
        makes: &'static str,
        reads: &[&str],
        said: &Arc<Mutex<Vec<String>>>,
    ) -> Job<'static, &'static str> {
        let said = Arc::clone(said);
        let say = move |what: &str| said.lock().expect("said").push(format!("{makes} {what}"));
        let work = async move {
            say("begins");
            tokio::task::yield_now().await;
            say("ends");
            if makes == "bad" { Err(Error::Counts("bad".to_owned())) } else { Ok(makes) }
        };
        let reads = reads.iter().map(|&name| name.to_owned()).collect();
        Job { makes: Some(makes), reads, work: work.boxed() }
    }

    #[tokio::test]
    async fn each_after_those_it_reads_and_results_in_order() {
        let said = Arc::default();
        let jobs = vec![
            job("c", &["b", "registry"], &said),
            job("a", &[], &said),
            job("b", &["a"], &said),
        ];
        assert_eq!(run_all(jobs, 2, |_| ()).await.expect("done"), ["c", "a", "b"]);
        let expected = ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"];
        assert_eq!(*said.lock().expect("said"), expected);
    }

    #[tokio::test]
    async fn so_many_at_a_time() {
        for (at_once, expected) in [(1, "a begins, a ends, b begins"), (2, "a begins, b begins")] {
            let said = Arc::default();
            let jobs = vec![job("a", &[], &said), job("b", &[], &said)];
            run_all(jobs, at_once, |_| ()).await.expect("done");
            assert!(said.lock().expect("said").join(", ").starts_with(expected), "{at_once}");
        }
    }

    #[tokio::test]
    async fn errors_and_circles() {
        let said = Arc::default();
        let error =
            run_all(vec![job("bad", &[], &said), job("a", &["bad"], &said)], 2, |_| ()).await;
        assert!(matches!(error, Err(Error::Counts(text)) if text == "bad"));
        assert!(
            run_all(vec![job("a", &["b"], &said), job("b", &["a"], &said)], 2, |_| ())
                .await
                .is_err()
        );
    }

    #[test]
    fn tables_read() {
        let ctx = SessionContext::new();
        let sql = "WITH x AS (SELECT 1 FROM a) SELECT * FROM x, b WHERE EXISTS (SELECT 1 FROM c)";
        assert_eq!(reads(&ctx, sql).into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(reads(&ctx, "SELEC").is_empty());
    }

    #[test]
    fn memory_for_each() {
        for (threads, memory, expected) in
            [(2, 4 << 30, 2), (2, 512 << 20, 1), (16, 64 << 30, 4), (1, 4 << 30, 1)]
        {
            assert_eq!(at_once(threads, memory), expected);
        }
    }
}
