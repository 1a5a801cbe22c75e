//! Names, dates and ids a second on one core: `just bench-kernels`.
//!
//! The names are those of `sample-data` (invented, as departments write them), the dates and ids made here in the mixture
//! of forms that departments send. Aims: names parsed and keyed ≥ 1 million a second, dates ≥ 3, ids ≥ 5.

use std::path::Path;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use milaan_kernels::date::{self, Date, Layout};
use milaan_kernels::{aadhaar, cnic, name, phone, verhoeff};

fn main() {
    divan::main();
}

const ROWS: usize = 20_000;

/// Runs one kernel over all rows.
fn over<R>(bencher: Bencher<'_, '_>, rows: &[String], kernel: impl Fn(&str) -> R) {
    bencher.counter(ItemsCount::new(rows.len())).bench_local(|| {
        for row in rows {
            black_box(kernel(black_box(row)));
        }
    });
}

/// The cells of a column of the sample's rice cards.
fn column(header: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample-data/people-hub/ration");
    let mut cells = Vec::with_capacity(ROWS);
    for file in ["guntur", "krishna", "prakasam", "west_godavari"] {
        let path = folder.join(format!("rice_cards_{file}.csv"));
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut lines = text.lines().map(|line| line.split(';').collect::<Vec<_>>());
        let place = lines.next().and_then(|names| names.iter().position(|name| *name == header));
        let found = lines.filter_map(|cells| cells.get(place?).map(|cell| (*cell).to_owned()));
        cells.extend(found.filter(|cell| !cell.is_empty()));
    }
    assert!(!cells.is_empty(), "sample-data has no column {header}");
    cells.into_iter().cycle().take(ROWS).collect()
}

#[divan::bench]
fn names_parsed_and_keyed(bencher: Bencher<'_, '_>) {
    over(bencher, &column("Member Name"), name::keys);
}

/// The worst case: no token ever seen before.
#[divan::bench]
fn names_never_seen(bencher: Bencher<'_, '_>) {
    const SYLLABLES: [&str; 8] = ["ra", "mu", "lak", "shmi", "ven", "ka", "sri", "ni"];
    let token = |number: usize| -> String {
        (0..6).map(|place| SYLLABLES[number >> (3 * place) & 7]).take(2 + number % 3 + 2).collect()
    };
    let rows: Vec<String> = (0..ROWS)
        .map(|row| format!("{} {} Reddy", token(row * 7919), token(row * 104_729 + 1)))
        .collect();
    over(bencher, &rows, name::keys);
}

#[divan::bench]
fn names_standard(bencher: Bencher<'_, '_>) {
    over(bencher, &column("Member Name"), name::standard);
}

#[divan::bench]
fn names_in_telugu_parsed_and_keyed(bencher: Bencher<'_, '_>) {
    let names = ["కె. లక్ష్మి", "వెంకటేశ్వర రావు", "శ్రీమతి పద్మావతి", "రామకృష్ణా రెడ్డి", "షేక్ మస్తాన్ బీ"];
    let rows: Vec<String> = names.iter().cycle().take(ROWS).map(|n| (*n).to_owned()).collect();
    over(bencher, &rows, name::keys);
}

#[divan::bench]
fn dates(bencher: Bencher<'_, '_>) {
    let rows: Vec<String> = days()
        .enumerate()
        .map(|(row, day)| {
            let (year, month, of_month) = day.ymd();
            match row % 5 {
                0 | 1 => format!("{of_month:02}-{month:02}-{year}"),
                2 => format!("{of_month}/{month}/{year}"),
                3 => day.to_string(),
                _ => format!("{of_month:02}-{}-{:02}", MONTHS[month as usize - 1], year % 100),
            }
        })
        .collect();
    over(bencher, &rows, |text| date::date(text, Layout::DayFirst));
}

#[divan::bench]
fn birth_dates(bencher: Bencher<'_, '_>) {
    let rows: Vec<String> = days()
        .enumerate()
        .map(|(row, day)| {
            let (year, month, of_month) = day.ymd();
            match row % 4 {
                0 | 1 => format!("{of_month:02}/{month:02}/{year}"),
                2 => format!("01-01-{year}"),
                _ => year.to_string(),
            }
        })
        .collect();
    let as_of = Date::from_days(17_409);
    over(bencher, &rows, |text| date::birth_date(text, Layout::DayFirst, as_of));
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days of the last century's second half, spread.
fn days() -> impl Iterator<Item = Date> {
    (0..ROWS).map(|row| Date::from_days((row as i32 * 7919) % 18_000 - 7_000))
}

#[divan::bench]
fn ids_aadhaar(bencher: Bencher<'_, '_>) {
    let rows: Vec<String> = (0..ROWS)
        .map(|row| {
            let body = format!("{}", 23_412_341_234 + row as u64 * 1_009);
            let digits = format!("{body}{}", verhoeff::check_digit(&body).unwrap_or('0'));
            match row % 3 {
                0 => format!("{} {} {}", &digits[..4], &digits[4..8], &digits[8..]),
                _ => digits,
            }
        })
        .collect();
    over(bencher, &rows, aadhaar::normalise);
}

#[divan::bench]
fn ids_cnic(bencher: Bencher<'_, '_>) {
    let rows: Vec<String> = (0..ROWS)
        .map(|row| {
            let digits = format!("{}", 3_520_245_678_913 + row as u64 * 1_009);
            match row % 3 {
                0 => digits,
                _ => format!("{}-{}-{}", &digits[..5], &digits[5..12], &digits[12..]),
            }
        })
        .collect();
    over(bencher, &rows, cnic::normalise);
}

#[divan::bench]
fn ids_phone(bencher: Bencher<'_, '_>) {
    let rows: Vec<String> = (0..ROWS)
        .map(|row| {
            let digits = format!("{}", 9_848_012_345 + row as u64 * 1_009);
            match row % 4 {
                0 => format!("+91 {} {}", &digits[..5], &digits[5..]),
                1 => format!("0{digits}"),
                _ => digits,
            }
        })
        .collect();
    over(bencher, &rows, |text| phone::normalise("IN", text));
}
