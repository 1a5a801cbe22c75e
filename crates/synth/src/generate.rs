//! Fills a folder: the registry first, then the lists, the truth and the mark of invented people.

use std::{num::NonZero, path::Path, thread};

use serde_json::json;

use crate::{
    Error, Made, Order, Programme, ehsaas,
    flat::{self, FlatFile},
    lists::{List, Plans, Programmed, Sink},
    output::{Folder, Shape, Truth},
    parallel::in_order,
    people_hub,
    range::Range,
    survey::survey,
    world::World,
};

/// Fills `dir` with an invented registry, the departments' dumps, `truth.csv` and `invented.json`, on all processors.
///
/// Files already there under the same names are replaced; others are left alone.
pub fn generate(dir: &Path, order: &Order) -> Result<Made, Error> {
    generate_on(dir, order, thread::available_parallelism().map_or(1, NonZero::get))
}

/// The same on so many threads; the bytes do not depend on it.
pub(crate) fn generate_on(dir: &Path, order: &Order, threads: usize) -> Result<Made, Error> {
    if order.residents == 0 {
        return Err(Error::NoResidents);
    }
    let programmed: &'static Programmed = match order.programme {
        Programme::PeopleHub => &people_hub::PROGRAMME,
        Programme::Ehsaas => &ehsaas::PROGRAMME,
    };
    let world = World::new(order);
    let ranges = Range::all(&world);
    let job = Job { world: &world, ranges: &ranges, programmed, flat: order.flat, threads };
    let mut folder = Folder::new(dir);
    let (residents, fitting) = job.write_registry(&mut folder)?;
    let plans = Plans::new((&world, &ranges), programmed, order.records, &fitting)?;
    let records = job.write_lists(&plans, &mut folder)?;
    let mark = json!({
        "made_by": "milaan synth", "programme": order.programme.name(), "seed": order.seed,
        "residents": residents, "records": records,
    });
    folder.write("invented.json", &format!("{mark:#}\n"))?;
    Ok(Made { residents, records, files: folder.files })
}

/// What is to be written.
struct Job<'w> {
    world: &'w World,
    ranges: &'w [Range],
    programmed: &'static Programmed,
    flat: bool,
    threads: usize,
}

impl Job<'_> {
    /// Writes the registry; returns its residents and the people fit for each list, range by range.
    fn write_registry(&self, folder: &mut Folder) -> Result<(u64, Vec<Vec<u64>>), Error> {
        let layout = &self.programmed.registry;
        let mut table = folder.table(layout.path, Shape::PLAIN, layout.header)?;
        let mut flat =
            if self.flat { Some(FlatFile::new(folder, "registry", flat::REGISTRY)?) } else { None };
        let (mut residents, mut fitting) = (0, Vec::with_capacity(self.ranges.len()));
        in_order(
            (self.ranges.len(), self.threads),
            |number| survey(self.world, &self.ranges[number], self.programmed, self.flat),
            |surveyed| {
                table.append(&surveyed.lines, surveyed.residents)?;
                residents += surveyed.residents;
                fitting.push(surveyed.fitting);
                match (&mut flat, surveyed.flat) {
                    (Some(file), Some(batch)) => file.write(&batch),
                    _ => Ok(()),
                }
            },
        )?;
        table.close()?;
        flat.map_or(Ok(()), FlatFile::close)?;
        Ok((residents, fitting))
    }

    /// Writes the lists and the truth; returns the records.
    fn write_lists(&self, plans: &Plans, folder: &mut Folder) -> Result<u64, Error> {
        let mut truth = Truth::new(folder)?;
        let lists: &'static [List] = self.programmed.lists;
        let mut sinks: Vec<_> = lists.iter().map(Sink::new).collect();
        let mut flat = if self.flat {
            let list = FlatFile::new(folder, "list", flat::LIST)?;
            Some((list, FlatFile::new(folder, "truth", flat::TRUTH)?))
        } else {
            None
        };
        in_order(
            (self.ranges.len(), self.threads),
            |number| plans.portion(self.world, self.programmed, &self.ranges[number], self.flat),
            |portions| {
                for (sink, mut portion) in sinks.iter_mut().zip(portions) {
                    if let (Some((list, truth)), Some(rows)) = (&mut flat, portion.flat.take()) {
                        list.write(&rows.0)?;
                        truth.write(&rows.1)?;
                    }
                    sink.take(self.world, portion, (folder, &mut truth))?;
                }
                Ok(())
            },
        )?;
        for sink in sinks {
            sink.close(folder)?;
        }
        if let Some((list, truth)) = flat {
            list.close()?;
            truth.close()?;
        }
        let records = truth.rows;
        truth.close()?;
        Ok(records)
    }
}
