//! The operator against its definition, over small random tables.

mod people;
mod reference;

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use proptest::prelude::*;

use self::people::{Person, batch, keyring, model, named, person, weights};
use self::reference::{Row, expected, level, value};
use super::{Compiled, Found, Keep, ListBuilder, Order, Worker, cross_patterns, finish};
use crate::sql::Sides;

fn compiled(registry_rows: u64, keep: Keep, same_records: bool) -> Arc<Compiled> {
    let model = model();
    let sides = Sides { registry_rows, id_scheme: "aadhaar", same_records };
    let carried = vec!["household_ref".to_owned()];
    let order = Order { sides, keep, keyring: Some(keyring()), carried };
    Arc::new(Compiled::new(&model, &weights(&model), order).expect("a model"))
}

/// Cuts a batch at a few places.
fn cut(batch: &RecordBatch, size: usize) -> Vec<RecordBatch> {
    let rows = batch.num_rows();
    (0..rows).step_by(size).map(|at| batch.slice(at, size.min(rows - at))).collect()
}

fn found(
    list: &[Person],
    registry: &[Person],
    order: (Keep, bool),
    shape: (usize, usize, bool),
    settled: bool,
) -> Found {
    let (workers, size, view) = shape;
    let compiled = compiled(registry.len() as u64, order.0, order.1);
    let mut builder = ListBuilder::new(compiled);
    for batch in cut(&batch(list, "record_id", !view), size) {
        builder.push(&batch).expect("a list");
    }
    let index = Arc::new(builder.finish().expect("an index"));
    let batches = cut(&batch(registry, "resident_ref", view), size);
    let pass = || -> Vec<_> {
        let mut workers: Vec<Worker> =
            (0..workers).map(|_| Worker::new(Arc::clone(&index))).collect();
        std::thread::scope(|scope| {
            for (at, worker) in workers.iter_mut().enumerate() {
                let own = batches.iter().skip(at).step_by(shape.0);
                scope.spawn(move || own.for_each(|batch| worker.probe(batch).expect("a registry")));
            }
        });
        workers.into_iter().map(Worker::finish).collect()
    };
    let mut results = pass();
    if settled {
        index.settle();
        results = pass();
    }
    finish(&index, results)
}

fn rows_of(found: &Found) -> Vec<Row> {
    let mut rows = Vec::new();
    for batch in found.batches() {
        let batch = batch.expect("pairs");
        let text =
            |at: usize, row: usize| batch.column(at).as_string::<i32>().value(row).to_owned();
        let number = |at: usize, row: usize| {
            batch.column(at).as_primitive::<Float64Type>().value(row).to_bits()
        };
        for row in 0..batch.num_rows() {
            let evidence = batch.column(8).as_list::<i32>().value(row);
            let levels = evidence.as_struct().column(1).as_string::<i32>().clone();
            let level = |name: Option<&str>| match name.expect("a level") {
                "null" => 0,
                name => name[1..].parse::<u8>().expect("a number") + 1,
            };
            rows.push((
                text(0, row),
                text(1, row),
                text(2, row),
                number(3, row),
                number(4, row),
                text(5, row),
                batch.column(6).as_boolean().value(row),
                batch.column(7).as_primitive::<Int64Type>().value(row),
                levels.iter().map(level).collect(),
            ));
        }
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn the_operator_does_what_it_says(
        list in prop::collection::vec(person(), 0..14),
        registry in prop::collection::vec(person(), 0..30),
        (workers, size, view) in (1..4_usize, 1..40_usize, any::<bool>()),
        (all, same, settled) in (any::<bool>(), any::<bool>(), any::<bool>()),
    ) {
        let keep = if all { Keep::All } else { Keep::Useful };
        let (list, registry) = (named(list, "p"), named(registry, if same { "p" } else { "r" }));
        let expected = expected(&list, &registry, keep, same);
        let found = found(&list, &registry, (keep, same), (workers, size, view), settled);
        prop_assert_eq!(&rows_of(&found), &expected.rows);
        let overfull = found.overfull_blocks().into_iter().map(|one| (one.rule, one.blocks, one.rows_max));
        prop_assert_eq!(overfull.collect::<Vec<_>>(), expected.overfull);
        for (rule, patterns) in expected.patterns.iter().enumerate() {
            prop_assert_eq!(&found.patterns(rule), patterns);
        }
        let mut residents: Vec<&String> = expected.rows.iter().map(|row| &row.1).collect();
        residents.sort();
        residents.dedup();
        let carried = found.residents().expect("residents");
        prop_assert_eq!(carried.num_rows(), residents.len());
        if !residents.is_empty() {
            let column = cast(carried.column(1), &DataType::Utf8).expect("texts");
            for (at, resident) in residents.iter().enumerate() {
                prop_assert_eq!(column.as_string::<i32>().value(at), format!("of {resident}"));
            }
        }
    }

    #[test]
    fn all_pairs_have_the_levels_of_their_values(
        list in prop::collection::vec(person(), 0..6),
        registry in prop::collection::vec(person(), 0..6),
    ) {
        let (list, registry) = (named(list, "p"), named(registry, "r"));
        let model = model();
        let mut expected: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        for (l, r) in list.iter().flat_map(|l| registry.iter().map(move |r| (l, r))) {
            let levels = model.comparisons.iter().map(|one| level(one, value(one, l, r)));
            *expected.entry(levels.collect()).or_default() += 1;
        }
        let mut builder = ListBuilder::new(compiled(9, Keep::All, false));
        builder.push(&batch(&list, "record_id", false)).expect("a list");
        let index = Arc::new(builder.finish().expect("an index"));
        let found = cross_patterns(&index, &[batch(&registry, "resident_ref", true)]).expect("pairs");
        let found: BTreeMap<Vec<u8>, u64> = found.into_iter().map(|one| (one.levels, one.pairs)).collect();
        prop_assert_eq!(found, expected);
    }
}
