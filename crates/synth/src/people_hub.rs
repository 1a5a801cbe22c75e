//! Invents Andhra Pradesh's People Hub and three departments.

use std::path::Path;

use serde_json::json;

use crate::{
    Error, Made, Order, Programme,
    claim::Source,
    output::{Folder, Truth},
    pensions::Pensions,
    plan::{Plan, registered_of},
    rates::Rates,
    ration::RationCards,
    registry::Registry,
    scholarships::Scholarships,
    world::{Need, World},
};

/// Shares of the records that go to pensions and to scholarships; the rest are ration cards.
const PENSIONS: f64 = 0.30;
const SCHOLARSHIPS: f64 = 0.25;

/// Fills `dir` with an invented registry, the departments' dumps, `truth.csv` and `invented.json`.
///
/// Files already there under the same names are replaced; others are left alone.
pub fn generate(dir: &Path, order: &Order) -> Result<Made, Error> {
    if order.programme == Programme::Ehsaas {
        return Err(Error::NotYet("the programme ehsaas"));
    }
    if order.flat {
        return Err(Error::NotYet("the flat form (--flat)"));
    }
    if order.residents == 0 {
        return Err(Error::NoResidents);
    }
    let world = World::new(order.seed, order.residents);
    let rates = Rates::sample();
    let mut folder = Folder::new(dir);
    let (residents, fitting) = write_registry(&world, &mut folder)?;
    let plans = Plans::new(&world, &rates, order.records, &fitting)?;
    let records = write_lists(&world, &rates, plans, &mut folder)?;
    let mark = json!({
        "made_by": "milaan synth", "programme": order.programme.name(), "seed": order.seed,
        "residents": residents, "records": records,
    });
    folder.write("invented.json", &format!("{mark:#}\n"))?;
    Ok(Made { residents, records, files: folder.files })
}

/// People fit for each list, counted while the registry is written.
#[derive(Debug, Default)]
struct Fitting {
    pensions: u64,
    pensions_wide: u64,
    ration: u64,
    study: u64,
}

fn write_registry(world: &World, folder: &mut Folder) -> Result<(u64, Fitting), Error> {
    let mut registry = Registry::new(folder)?;
    let mut fitting = Fitting::default();
    for index in 0..world.households {
        let household = world.household(index);
        registry.write(world, &household)?;
        let count = |need: Need| {
            household.members.iter().filter(|person| need.fits(&household, person)).count() as u64
        };
        fitting.pensions += count(Need::Pension { wide: false });
        fitting.pensions_wide += count(Need::Pension { wide: true });
        fitting.ration += count(Need::Ration);
        fitting.study += count(Need::Study);
    }
    let residents = registry.residents;
    registry.close()?;
    Ok((residents, fitting))
}

/// The three lists, planned.
#[derive(Debug)]
struct Plans {
    pensions: Plan,
    ration: Plan,
    scholarships: Plan,
    scholarship_rows: u64,
}

impl Plans {
    fn new(world: &World, rates: &Rates, records: u64, fitting: &Fitting) -> Result<Self, Error> {
        let share = |share: f64| (records as f64 * share).round() as u64;
        let (pensions, scholarships) = (share(PENSIONS), share(SCHOLARSHIPS));
        let ration = records - pensions - scholarships;
        // Crafts with a pension from 50 are listed only where the old, the widowed and the disabled are too few.
        let wide = registered_of(pensions, rates) > fitting.pensions;
        let old = if wide { fitting.pensions_wide } else { fitting.pensions };
        let plan = |source: Source, rows, need, fitting| {
            let wanted = registered_of(rows, rates);
            if wanted > fitting {
                return Err(Error::TooFewPeople { source_id: source.id(), wanted, fitting });
            }
            Ok(Plan::new(world, rates, rows, (need, fitting)))
        };
        Ok(Self {
            pensions: plan(Source::Pensions, pensions, Need::Pension { wide }, old)?,
            ration: plan(Source::Ration, ration, Need::Ration, fitting.ration)?,
            scholarships: plan(Source::Scholarships, scholarships, Need::Study, fitting.study)?,
            scholarship_rows: scholarships,
        })
    }
}

fn write_lists(
    world: &World,
    rates: &Rates,
    plans: Plans,
    folder: &mut Folder,
) -> Result<u64, Error> {
    let mut truth = Truth::new(folder)?;
    let mut pensions = Pensions::new(world, rates, plans.pensions)?;
    let mut ration = RationCards::new(world, rates, plans.ration);
    let mut scholarships =
        Scholarships::new((world, rates), plans.scholarships, plans.scholarship_rows, folder)?;
    for index in 0..world.households {
        let household = world.household(index);
        pensions.visit(&household, &mut truth)?;
        ration.visit(&household, (folder, &mut truth))?;
        scholarships.visit(&household, &mut truth)?;
    }
    pensions.close(folder, &mut truth)?;
    ration.close(&mut truth)?;
    scholarships.close(&mut truth)?;
    let records = truth.rows;
    truth.close()?;
    Ok(records)
}
