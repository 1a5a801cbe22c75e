//! The identity numbers that stand on several rows of the registry, with how many: the view `registry_ids_shared`.
//!
//! Few do, and a table of all of a state's numbers takes gigabytes. So the one column is read twice: first a bitmap says of each
//! number's hash whether it was there before, then those that were, or that share a bit with another, are counted, and no others.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray as _, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::prelude::SessionContext;
use futures::StreamExt as _;
use milaan_kernels::hash::hash64;
use milaan_model::Sensitivity;
use milaan_model::schema::classed;

use crate::error::Error;
use crate::run::Run;
use crate::{session, tables};

/// Its name.
pub(crate) const VIEW: &str = "registry_ids_shared";
const NUMBERS: &str = "SELECT national_id_token FROM registry WHERE national_id_token IS NOT NULL";
/// Bits of a bitmap for each row, at least: of the numbers that stand once one in so many shares its bit with another.
const BITS_A_ROW: u64 = 16;

/// Its columns; the number has the class that it has in the view `registry`.
pub(crate) async fn schema(ctx: &SessionContext) -> Result<SchemaRef, Error> {
    let numbers = session::plan(ctx, VIEW, NUMBERS).await?;
    let number: Field = numbers.schema().field(0).as_ref().clone();
    let residents = classed("residents", DataType::Int64, false, Sensitivity::Internal);
    let number = number.with_data_type(DataType::Utf8);
    Ok(Arc::new(Schema::new(vec![number, residents])))
}

/// Writes it below the run's stages, from the view `registry` that linking made.
pub(crate) async fn write(run: &Run<'_>) -> Result<(), Error> {
    let rows = session::count(&run.ctx, VIEW, "SELECT count(*) FROM registry").await?;
    let shared = shared(&run.ctx, rows).await?;
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(shared.keys())),
        Arc::new(Int64Array::from_iter_values(shared.values().copied())),
    ];
    let batch = RecordBatch::try_new(schema(&run.ctx).await?, columns);
    let batch = batch.map_err(|_| Error::Counts(format!("`{VIEW}`: its columns do not fit")))?;
    tables::write(&run.stages_folder().join(VIEW).join(format!("{VIEW}.parquet")), &batch)
}

/// The numbers on several rows of the view `registry`, in order, and how many rows those are.
async fn shared(ctx: &SessionContext, rows: u64) -> Result<BTreeMap<Box<str>, i64>, Error> {
    let bits = (rows * BITS_A_ROW).next_power_of_two().max(64);
    let memory = MemoryConsumer::new(VIEW).register(&ctx.runtime_env().memory_pool);
    memory.try_grow(bits as usize / 4).map_err(|error| Error::of_query(VIEW, &error))?;
    let place = |number: &str| {
        let bit = hash64(21, number.as_bytes()) & (bits - 1);
        ((bit / 64) as usize, 1_u64 << (bit % 64))
    };
    let none = || vec![0_u64; bits as usize / 64];
    let (mut seen, mut again) = (none(), none());
    each(ctx, |number| {
        let (word, bit) = place(number);
        again[word] |= seen[word] & bit;
        seen[word] |= bit;
    })
    .await?;
    drop(seen);
    let mut counts: BTreeMap<Box<str>, i64> = BTreeMap::new();
    each(ctx, |number| {
        let (word, bit) = place(number);
        if again[word] & bit == 0 {
            return;
        }
        match counts.get_mut(number) {
            Some(count) => *count += 1,
            None => drop(counts.insert(number.into(), 1)),
        }
    })
    .await?;
    counts.retain(|_, count| *count > 1);
    Ok(counts)
}

async fn each(ctx: &SessionContext, mut tell: impl FnMut(&str)) -> Result<(), Error> {
    let mut numbers = session::stream(ctx, VIEW, NUMBERS).await?;
    while let Some(batch) = numbers.next().await {
        let batch = batch.map_err(|error| Error::of_query(VIEW, &error))?;
        let texts = batch.column(0).as_string_opt::<i32>();
        let texts = texts.ok_or_else(|| Error::Counts(format!("`{VIEW}`: numbers are no text")))?;
        texts.iter().flatten().for_each(&mut tell);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn those_on_several_rows_with_how_many() {
        // So few bits that many share one.
        for rows in [1, 4, 1000] {
            let ctx = SessionContext::new();
            let all = "SELECT arrow_cast(number, 'Utf8') AS national_id_token FROM (\n\
                SELECT concat('n', value % 900) AS number FROM range(1000)\n\
                UNION ALL SELECT NULL FROM range(3) UNION ALL SELECT 'n7' FROM range(2)) AS rows";
            session::view(&ctx, "registry", all).await.expect("a view");
            let found = shared(&ctx, rows).await.expect("numbers");
            assert_eq!(found.len(), 100, "{rows}");
            assert_eq!(found["n7"], 4);
            assert!(found.iter().all(|(number, count)| *count == 2 || &**number == "n7"));
        }
    }

    #[tokio::test]
    async fn none_in_an_empty_registry() {
        let ctx = SessionContext::new();
        let none = "SELECT arrow_cast(NULL, 'Utf8') AS national_id_token WHERE false";
        session::view(&ctx, "registry", none).await.expect("a view");
        assert!(shared(&ctx, 0).await.expect("numbers").is_empty());
    }
}
