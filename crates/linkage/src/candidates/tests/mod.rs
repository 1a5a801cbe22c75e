//! The operator against its definition, over small random tables.

mod people;
mod reference;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use arrow::array::{AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use milaan_model::matching::MatchModel;
use proptest::prelude::*;

use self::people::{Person, batch, keyring, model, named, person, weights};
use self::reference::{Row, expected, level, value};
use super::{
    Compiled, Error, Found, Keep, ListBuilder, Order, Pairs, Worker, cross_patterns, finish,
};
use crate::sql::{Sides, apart_bits, kept_below_review_bits};

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
        workers.into_iter().map(|worker| worker.finish().expect("a registry")).collect()
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
        let numbered = found.into_pairs().expect("pairs by number");
        let names = numbered.names(0..numbered.rows()).expect("names");
        let texts = names.each_ref().map(AsArray::as_string::<i32>);
        for (at, row) in expected.rows.iter().enumerate() {
            let found = texts.map(|one| one.value(at));
            prop_assert_eq!(found, [row.0.as_str(), row.1.as_str(), row.2.as_str()]);
        }
        let carried = numbered.residents();
        prop_assert_eq!(carried.num_rows(), residents.len());
        if !residents.is_empty() {
            let column = cast(carried.column(1), &DataType::Utf8).expect("texts");
            for (at, resident) in residents.iter().enumerate() {
                prop_assert_eq!(column.as_string::<i32>().value(at), format!("of {resident}"));
            }
        }
    }

    #[test]
    fn passes_together_are_one(
        list in prop::collection::vec(person(), 0..14),
        registry in prop::collection::vec(person(), 0..30),
        middle in 0..14_usize,
    ) {
        let (list, registry) = (named(list, "p"), named(registry, "r"));
        let pairs = |list: &[Person]| {
            found(list, &registry, (Keep::Useful, false), (2, 7, false), false).into_pairs().expect("pairs")
        };
        let (one, other) = list.split_at(middle.min(list.len()));
        let together = Pairs::together(vec![pairs(other), pairs(one)]).expect("pairs").expect("some");
        let all = pairs(&list);
        prop_assert_eq!(together.rows(), all.rows());
        prop_assert_eq!(together.names(0..all.rows()).expect("names"), all.names(0..all.rows()).expect("names"));
        prop_assert_eq!(together.records(), all.records());
        let (by_record, whole) = (all.by_record(), 0..all.rows());
        for pair in whole {
            prop_assert_eq!(together.levels(pair), all.levels(pair));
            let record = all.records().value(all.places(pair).0);
            let place = by_record.place(record).expect("a place");
            prop_assert!(by_record.pairs(place).contains(&(pair as u32)));
        }
        prop_assert_eq!(by_record.place("nobody"), None);
        if all.rows() > 0 {
            prop_assert_eq!(together.residents(), all.residents());
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

/// One batch, one block, tens of millions of pairs: whoever stops the worker does not wait for them.
#[test]
fn more_is_kept_where_no_relatives_are_named() {
    let alone = model();
    let with_households = MatchModel { household_keys: vec!["phone".to_owned()], ..model() };
    for (model, kept, apart) in [(alone, 12.0, -16.0), (with_households, 8.0, -12.0)] {
        assert!((kept_below_review_bits(&model) - kept).abs() < 1e-9);
        assert!((apart_bits(&model) - apart).abs() < 1e-9);
    }
}

#[test]
fn a_worker_stops_within_a_batch() {
    const ROWS: usize = 8_000;
    let mut model = model();
    model.blocking.truncate(1);
    model.blocking[0].keys.truncate(1);
    model.blocking[0].keys[0].column = "phone".to_owned();
    model.blocking[0].keys[0].each = false;
    model.blocking[0].block_rows_max = u64::MAX;
    let sides = Sides { registry_rows: ROWS as u64, id_scheme: "aadhaar", same_records: false };
    let order = Order { sides, keep: Keep::All, keyring: Some(keyring()), carried: Vec::new() };
    let compiled = Compiled::new(&model, &weights(&model), order).expect("a model");
    let people = |key: &str, id: &str| {
        let name = Some("k venkata rao".to_owned());
        let phone = Some("+919876543210".to_owned());
        let person = Person { name, phone, ..Person::default() };
        batch(&named(vec![person; ROWS], key), id, false)
    };
    let mut builder = ListBuilder::new(Arc::new(compiled));
    builder.push(&people("p", "record_id")).expect("a list");
    let stop = Arc::new(AtomicBool::new(false));
    let index = Arc::new(builder.finish().expect("an index"));
    let mut worker = Worker::new(index).stopped_by(Arc::clone(&stop));
    let registry = people("r", "resident_ref");
    let (result, took) = std::thread::scope(|scope| {
        let probing = scope.spawn(|| worker.probe(&registry));
        std::thread::sleep(Duration::from_millis(20));
        stop.store(true, Ordering::Relaxed);
        let from = Instant::now();
        (probing.join().expect("no panic"), from.elapsed())
    });
    assert_eq!(result, Err(Error::Stopped));
    assert!(took < Duration::from_secs(1), "{took:?}");
}
