//! Queries beside one another: each after those whose result it reads, a few at a time, and alone where memory does not hold several.

use std::collections::BTreeSet;
use std::sync::Arc;

use datafusion::prelude::SessionContext;
use futures::future::BoxFuture;
use tokio::sync::RwLock;
use tokio::task::JoinSet;

use crate::error::Error;
use crate::session;

/// Two queries share the memory of the session; with less than this for each they would starve one another.
const MEMORY_BYTES_EACH: u64 = 1 << 30;
/// And with less than this for each record of the lists: of 6.4 million two queries took more than 6 GB (docs/benchmarks.md).
const MEMORY_BYTES_A_RECORD: u64 = 512;
/// More at a time than this gain nothing: what they compute is parallel already.
const AT_ONCE_MAX: usize = 4;

/// How many queries over so many records of the lists run beside one another.
pub(crate) fn at_once(threads: usize, memory_bytes: u64, records: u64) -> usize {
    let each = MEMORY_BYTES_EACH.max(records.saturating_mul(MEMORY_BYTES_A_RECORD));
    let by_memory = usize::try_from(memory_bytes / each).unwrap_or(AT_ONCE_MAX);
    threads.min(by_memory).clamp(1, AT_ONCE_MAX)
}

/// Queries take turns: several beside one another, or one that asked for it alone.
#[derive(Debug, Clone)]
pub(crate) struct Turns {
    turn: Arc<RwLock<()>>,
    at_once: usize,
}

impl Turns {
    /// For so many at a time.
    pub(crate) fn new(at_once: usize) -> Self {
        Self { turn: Arc::default(), at_once }
    }

    /// A query's work. Where memory does not hold it beside others, once more alone; where it does not hold what the query's joins
    /// look up, once more with joins that sort and spill.
    ///
    /// # Errors
    /// Those of the work; that memory is exhausted, of the last attempt only.
    pub(crate) async fn within_memory<T, W: Future<Output = Result<T, Error>>>(
        self,
        ctx: SessionContext,
        work: impl Fn(SessionContext) -> W,
    ) -> Result<T, Error> {
        let beside = self.turn.read().await;
        let error = match work(ctx.clone()).await {
            Err(error) if error.is_of_memory() => error,
            done => return done,
        };
        drop(beside);
        let _alone = self.turn.write().await;
        if self.at_once > 1 {
            tracing::warn!(%error, "once more, alone");
            match work(ctx.clone()).await {
                Err(error) if error.is_of_memory() => {}
                done => return done,
            }
        }
        tracing::warn!(%error, "once more with joins that sort and spill");
        work(session::sorting(&ctx)).await
    }
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
        for (threads, memory, records, expected) in [
            (2, 4 << 30, 200_000, 2),
            (2, 512 << 20, 200_000, 1),
            (16, 64 << 30, 200_000, 4),
            (1, 4 << 30, 200_000, 1),
            (2, 6_000_000_000, 6_400_000, 1),
            (2, 6_000_000_000, 2_000_000, 2),
        ] {
            assert_eq!(at_once(threads, memory, records), expected);
        }
    }

    /// How many are at work, and of each attempt how many were when it began.
    #[derive(Default)]
    struct Seen {
        at_work: usize,
        attempts: Vec<(&'static str, usize)>,
    }

    async fn attempt(seen: Arc<Mutex<Seen>>, name: &'static str, fails: bool) -> Result<(), Error> {
        {
            let mut seen = seen.lock().expect("seen");
            seen.at_work += 1;
            let at_work = seen.at_work;
            seen.attempts.push((name, at_work));
        }
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        seen.lock().expect("seen").at_work -= 1;
        let exhausted = datafusion::error::DataFusionError::ResourcesExhausted(String::new());
        if fails { Err(Error::of_query(name, &exhausted)) } else { Ok(()) }
    }

    #[tokio::test]
    async fn what_memory_does_not_hold_is_tried_alone_and_then_sorted() {
        for (at_once, expected) in [(2, 3), (1, 2)] {
            let seen = Arc::<Mutex<Seen>>::default();
            let turns = Turns::new(at_once);
            let job = |name: &'static str, fails: bool| {
                let (seen, turns) = (Arc::clone(&seen), turns.clone());
                let work = move |ctx: SessionContext| {
                    let sorts = !ctx.copied_config().options().optimizer.prefer_hash_join;
                    attempt(Arc::clone(&seen), name, fails && !sorts)
                };
                let work = turns.within_memory(SessionContext::new(), work);
                Job { makes: None, reads: BTreeSet::new(), work: work.boxed() }
            };
            let jobs = vec![job("large", true), job("small", false), job("small", false)];
            run_all(jobs, at_once, |()| ()).await.expect("done");
            let seen = seen.lock().expect("seen");
            let large: Vec<_> = seen.attempts.iter().filter(|one| one.0 == "large").collect();
            assert_eq!(large.len(), expected, "{:?}", seen.attempts);
            assert!(large[1..].iter().all(|(_, at_work)| *at_work == 1), "{:?}", seen.attempts);
        }
    }
}
