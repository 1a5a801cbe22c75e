//! The whole generator, read back from the files it wrote.
#![allow(clippy::unwrap_used)] // a test may fail

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use arrow::array::{Array, ArrayRef, AsArray};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::{
    Error, NameSeed, Order, Programme, RateSet, generate, generate::generate_on,
    numbers::is_verhoeff,
};

fn order(residents: u64, records: u64, seed: u64) -> Order {
    Order {
        programme: Programme::PeopleHub,
        residents,
        records,
        seed,
        flat: false,
        names: NameSeed::A,
        rates: RateSet::Sample,
    }
}

fn ehsaas(residents: u64, records: u64, seed: u64) -> Order {
    Order { programme: Programme::Ehsaas, ..order(residents, records, seed) }
}

fn bytes(files: &[PathBuf], root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    files
        .iter()
        .map(|file| (file.strip_prefix(root).unwrap().to_owned(), fs::read(file).unwrap()))
        .collect()
}

/// The cells of a line counted from 1.
fn line(root: &Path, file: &str, row: usize, delimiter: u8) -> Vec<String> {
    let text = fs::read_to_string(root.join(file)).unwrap();
    let line = text.lines().nth(row - 1).unwrap().to_owned();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .from_reader(line.as_bytes());
    reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect()
}

#[test]
fn the_same_order_makes_the_same_bytes_and_another_seed_others() {
    for order in [order(4000, 1200, 3), ehsaas(4000, 1200, 3)] {
        let made: Vec<_> = [(3, 1), (3, 3), (4, 2)]
            .into_iter()
            .map(|(seed, threads)| {
                let root = tempfile::tempdir().unwrap();
                let order = Order { seed, flat: true, ..order.clone() };
                let made = generate_on(root.path(), &order, threads).unwrap();
                bytes(&made.files, root.path())
            })
            .collect();
        assert!(made[0] == made[1]);
        let mut pairs = made[0].iter().zip(&made[2]);
        assert!(pairs.all(|(one, other)| one.0 == other.0 && one.1 != other.1));
    }
}

#[test]
fn counts_are_exact_at_any_size() {
    for (residents, records, seed) in [(1, 0, 1), (300, 100, 2), (2000, 1600, 3), (9000, 137, 4)] {
        for order in [order(residents, records, seed), ehsaas(residents, records, seed)] {
            let root = tempfile::tempdir().unwrap();
            let order = Order { rates: RateSet::Life, ..order };
            let made = generate(root.path(), &order).unwrap();
            assert_eq!((made.residents, made.records), (residents, records));
            let truth = fs::read_to_string(root.path().join("truth.csv")).unwrap();
            assert_eq!(truth.lines().count() as u64, records + 1);
            let registry = fs::read_to_string(&made.files[0]).unwrap();
            assert_eq!(registry.lines().count() as u64, residents + 1);
        }
    }
}

#[test]
fn what_cannot_be_made_is_said() {
    let root = tempfile::tempdir().unwrap();
    let fails = |order: Order| generate(root.path(), &order).unwrap_err();
    assert!(matches!(fails(order(0, 0, 1)), Error::NoResidents));
    assert!(matches!(fails(order(50, 5000, 1)), Error::TooFewPeople { .. }));
    assert!("people-hub".parse::<Programme>().is_ok() && "hub".parse::<Programme>().is_err());
    assert!("B".parse::<NameSeed>().is_ok() && "C".parse::<NameSeed>().is_err());
    assert!("life".parse::<RateSet>().is_ok() && "death".parse::<RateSet>().is_err());
}

/// How often each case is planted, of the rows that a filter takes.
fn planted(root: &Path, takes: impl Fn(&str) -> bool) -> HashMap<String, f64> {
    let (mut counts, mut rows) = (HashMap::new(), 0.0);
    for truth in csv::Reader::from_path(root.join("truth.csv")).unwrap().records() {
        let truth = truth.unwrap();
        if !takes(&truth[0]) {
            continue;
        }
        rows += 1.0;
        for case in truth[5].split(';') {
            *counts.entry(case.to_owned()).or_insert(0.0) += 1.0;
        }
    }
    for count in counts.values_mut() {
        *count /= rows;
    }
    counts
}

/// The floors of the table in the documentation of `rates`.
#[test]
fn life_is_as_hard_as_promised() {
    let root = tempfile::tempdir().unwrap();
    generate(root.path(), &Order { rates: RateSet::Life, ..order(40_000, 14_000, 5) }).unwrap();
    let all = planted(root.path(), |_| true);
    let dated = planted(root.path(), |source| source != "ration_cards");
    let above = |shares: &HashMap<String, f64>, cases: &[&str], floor: f64| {
        let share: f64 = cases.iter().filter_map(|case| shares.get(*case)).sum();
        assert!(share >= floor * 0.97, "{cases:?}: {share} of at least {floor}");
    };
    above(&all, &["id_missing"], 0.35);
    above(&all, &["id_digit_wrong", "id_digits_swapped"], 0.03);
    above(&all, &["id_of_relative"], 0.01);
    above(&all, &["name_variant"], 0.30);
    above(&all, &["name_initials"], 0.15);
    above(&all, &["order_swapped"], 0.10);
    above(&all, &["name_typo"], 0.06);
    above(&all, &["relative_missing"], 0.20);
    above(&all, &["phone_missing"], 0.30);
    above(&all, &["phone_shared"], 0.15);
    above(&all, &["phone_changed"], 0.15);
    above(&all, &["moved_village"], 0.06);
    above(&all, &["native_script"], 0.10);
    above(&all, &["not_registered", "relative_not_registered"], 0.20);
    above(&all, &["relative_not_registered"], 0.05);
    above(&all, &["duplicate"], 0.03);
    above(&all, &["age_only"], 0.12);
    above(&dated, &["birth_missing"], 0.05);
    above(&dated, &["birth_first_january"], 0.12);
    above(&dated, &["birth_day_month_swapped"], 0.02);
    above(&dated, &["birth_year_off"], 0.03);
    let rare = ["moved_out_daughter", "twin", "fathers_name", "namesake_in_village", "overlap"];
    let rare = rare.iter().chain(&["registry_listed_twice", "household_split"]);
    for case in rare.chain(&["household_merged", "old_district", "deceased"]) {
        above(&all, &[case], 0.0002);
    }
}

/// The rows of a flat file, a missing value being None.
fn flat(root: &Path, name: &str) -> Vec<Vec<Option<String>>> {
    let file = fs::File::open(root.join(format!("flat/{name}.parquet"))).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let value = |column: &ArrayRef| {
                let column = column.as_string::<i32>();
                column.is_valid(row).then(|| column.value(row).to_owned())
            };
            rows.push(batch.columns().iter().map(value).collect());
        }
    }
    rows
}

#[test]
fn the_flat_form_has_every_row_once() {
    for order in [order(3000, 1000, 7), ehsaas(3000, 1000, 7)] {
        let root = tempfile::tempdir().unwrap();
        let order = Order { flat: true, rates: RateSet::Life, names: NameSeed::B, ..order };
        generate(root.path(), &order).unwrap();
        let [registry, list, truth] =
            ["registry", "list", "truth"].map(|name| flat(root.path(), name));
        assert_eq!((registry.len(), list.len(), truth.len()), (3000, 1000, 1000));
        let known: HashSet<_> = registry.iter().map(|row| row[0].clone()).collect();
        let keys: HashSet<_> = list.iter().map(|row| row[0].clone()).collect();
        assert_eq!((known.len(), keys.len()), (3000, 1000));
        assert!(list.iter().zip(&truth).all(|(row, truth)| row[0] == truth[0]));
        assert!(truth.iter().all(|truth| truth[1].is_none() || known.contains(&truth[1])));
        assert!(registry.iter().chain(&list).flatten().flatten().all(|value| !value.is_empty()));
        let dates = registry.iter().map(|row| &row[5]).chain(list.iter().map(|row| &row[4]));
        assert!(dates.flatten().all(|date| date.len() == 10 && date.as_bytes()[4] == b'-'));
    }
}

/// The registry by resident id.
fn registry(root: &Path) -> HashMap<String, Vec<String>> {
    let mut reader = csv::Reader::from_path(root.join("registry/people_hub.csv")).unwrap();
    reader
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        .map(|cells| (cells[0].clone(), cells))
        .collect()
}

/// Checks that a row of the truth points at the right row of a delimited list; says whether it carries the registry's id.
fn check_row(root: &Path, truth: &csv::StringRecord, known: Option<&Vec<String>>) -> bool {
    let planted: HashSet<&str> = truth[5].split(';').collect();
    let unlisted =
        planted.contains("not_registered") || planted.contains("relative_not_registered");
    assert_eq!(truth[4].is_empty(), unlisted);
    assert_eq!(known.is_none(), unlisted);
    let row: usize = truth[3].parse().unwrap();
    let (delimiter, prefix, id) = match &truth[0] {
        "ration_cards" => (b';', "WAP", 7),
        "scholarships" => (b',', "SC26-", 5),
        _ => {
            assert!(row > 4 && ["Guntur", "Krishna"].contains(&&truth[2]));
            return false;
        }
    };
    let cells = line(root, &truth[1], row, delimiter);
    assert!(cells[0].starts_with(prefix), "{} {row}", &truth[1]);
    let script =
        |cell: &String| cell.contains(|letter: char| ('\u{c00}'..='\u{c7f}').contains(&letter));
    assert_eq!(cells.iter().any(script), planted.contains("native_script"));
    let written = cells[id].replace(' ', "");
    let broken = planted.iter().any(|case| case.starts_with("id_digit"));
    assert_eq!(written.is_empty(), planted.contains("id_missing"));
    assert_eq!(!written.is_empty() && !is_verhoeff(&written), broken);
    let of_another = ["id_of_relative", "id_shared"].iter().any(|case| planted.contains(case));
    let faulty = broken || written.is_empty() || of_another;
    let Some(known) = known.filter(|_| !faulty) else { return false };
    assert_eq!(written, known[8]);
    true
}

#[test]
fn truth_points_at_real_rows_and_the_sample_is_small() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let made = generate(root, &Order { flat: false, ..order(5000, 4000, 1) }).unwrap();
    let size: u64 = made.files.iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(size < 3_000_000, "{size} bytes");

    let residents = registry(root);
    assert_eq!(residents.len(), 5000);
    let (mut places, mut sources, mut cases) = (HashSet::new(), HashMap::new(), HashMap::new());
    let (mut outside, mut same_id) = (0, 0);
    for truth in csv::Reader::from_path(root.join("truth.csv")).unwrap().records() {
        let truth = truth.unwrap();
        assert!(places.insert([1, 2, 3].map(|cell| truth[cell].to_owned())));
        *sources.entry(truth[0].to_owned()).or_insert(0) += 1;
        outside += usize::from(truth[4].is_empty());
        for case in truth[5].split(';') {
            *cases.entry(case.to_owned()).or_insert(0) += 1;
        }
        same_id += usize::from(check_row(root, &truth, residents.get(&truth[4])));
    }
    assert_eq!(
        (sources["pensions"], sources["ration_cards"], sources["scholarships"]),
        (1200, 1800, 1000)
    );
    assert_eq!(outside, 600);
    assert_eq!((cases["relative_not_registered"], cases["duplicate"]), (151, 80));
    assert!(same_id > 1500 && cases.len() > 28, "{same_id} {cases:?}");
}

#[test]
fn registry_values_are_well_formed() {
    let root = tempfile::tempdir().unwrap();
    generate(root.path(), &order(4000, 10, 6)).unwrap();
    let (mut ids, mut no_phone, mut again) = (HashSet::new(), 0, 0);
    for cells in registry(root.path()).into_values() {
        assert!(cells[0].starts_with("R-") && cells[1].starts_with("H-"));
        assert!(cells[8].is_empty() || (cells[8].len() == 12 && is_verhoeff(&cells[8])));
        again += usize::from(!cells[8].is_empty() && !ids.insert(cells[8].clone()));
        assert!(cells[9].is_empty() || (cells[9].len() == 10 && cells[9].as_bytes()[0] >= b'6'));
        no_phone += usize::from(cells[9].is_empty());
        assert!(cells[7] != "approximate" || cells[6].starts_with("01-01-"));
        assert!(cells[14].is_empty() || cells[14].starts_with("WAP"));
        assert!(cells[2].split(' ').count() >= 2);
    }
    assert!((600..1000).contains(&no_phone));
    // Only those whom the registry lists twice share an id.
    assert!(again < 8, "{again}");
}

#[test]
fn ehsaas_is_well_formed_and_its_sample_is_small() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let made = generate(root, &ehsaas(5000, 2500, 1)).unwrap();
    let size: u64 = made.files.iter().map(|file| fs::metadata(file).unwrap().len()).sum();
    assert!(size < 3_000_000, "{size} bytes");
    let (mut ids, mut again, mut unscored) = (HashSet::new(), 0, 0);
    for record in csv::Reader::from_path(root.join("registry/nser.csv")).unwrap().records() {
        let cells = record.unwrap();
        let cnic = cells[7].to_owned();
        assert!(cnic.is_empty() || cnic.len() == 15, "{cnic}");
        again += usize::from(!cnic.is_empty() && !ids.insert(cnic));
        assert!(cells[8].is_empty() || (cells[8].len() == 12 && cells[8].starts_with("03")));
        unscored += usize::from(cells[14].is_empty());
        assert!(cells[14].is_empty() || cells[14].parse::<f64>().unwrap() <= 100.0);
        assert_eq!(cells[15] == *"Yes", !cells[18].is_empty(), "an eKYC has its day");
    }
    assert!((50..300).contains(&unscored), "{unscored}");
    // Only those whom the registry lists twice share an id.
    assert!(again < 8, "{again}");
    let truth = fs::read_to_string(root.join("truth.csv")).unwrap();
    for source in ["kafaalat,", "utility_stores,", "stipends,"] {
        assert!(truth.lines().filter(|line| line.starts_with(source)).count() > 600);
    }
    let cash = planted(root, |source| source == "kafaalat");
    assert!((0.01..0.2).contains(&cash["not_eligible"]), "{cash:?}");
    let everywhere = planted(root, |_| true);
    assert!(everywhere.contains_key("id_shared"), "{everywhere:?}");
    for case in ["bank_shared", "paid_short", "duplicate_across_lists"] {
        assert!(cash.contains_key(case), "{case}: {cash:?}");
    }
    for case in ["household_split", "household_merged", "ekyc_stale", "registry_birth_missing"] {
        assert!(cash.contains_key(case), "{case}: {cash:?}");
    }
    let stipends = fs::read_to_string(root.join("stipends/education_2026.csv")).unwrap();
    assert_eq!(stipends.lines().filter(|line| line.starts_with("Form No")).count(), 2);
    assert!(stipends.contains(|letter: char| ('\u{600}'..='\u{6ff}').contains(&letter)));
}
