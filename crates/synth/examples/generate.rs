//! Measures the generator alone: DIR PROGRAMME RESIDENTS RECORDS SEED VOCABULARY FLAT(0|1) [RATES].
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::{path::Path, time::Instant};

use milaan_synth::{Order, generate};

fn main() {
    let given: Vec<String> = std::env::args().collect();
    let order = Order {
        programme: given[2].parse().unwrap(),
        residents: given[3].parse().unwrap(),
        records: given[4].parse().unwrap(),
        seed: given[5].parse().unwrap(),
        names: given[6].parse().unwrap(),
        flat: given[7] == "1",
        rates: given.get(8).map_or_else(Default::default, |rates| rates.parse().unwrap()),
    };
    let started = Instant::now();
    let made = generate(Path::new(&given[1]), &order).unwrap();
    let wall = started.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    println!(
        "{} residents, {} records, {wall:.1} s, {:.2} M residents a minute, {peak}",
        made.residents,
        made.records,
        made.residents as f64 / wall * 60e-6
    );
}
