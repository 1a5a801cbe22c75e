//! The survey registry's dump, range by range.

use arrow::array::RecordBatch;
use chrono::{Days, NaiveDate};

use crate::{
    Error,
    dice::{Dice, Stream},
    flat::{self, Columns},
    lists::Programmed,
    names::{Name, Sex},
    order::Programme,
    output::{Lines, Shape},
    people::{AS_ON, Household, Person, day},
    range::Range,
    world::World,
};

/// One row of the registry before it is laid out.
#[derive(Debug)]
pub(crate) struct Entry<'w> {
    pub(crate) world: &'w World,
    pub(crate) household: &'w Household<'w>,
    pub(crate) person: &'w Person<'w>,
    pub(crate) resident_id: String,
    pub(crate) household_id: String,
    pub(crate) name: String,
    pub(crate) relative: String,
    pub(crate) relation: &'static str,
    /// Nothing where the registry has none.
    pub(crate) birth: Option<NaiveDate>,
    /// Digits or empty.
    pub(crate) id: String,
    /// Digits or empty.
    pub(crate) mobile: String,
    pub(crate) card: String,
    pub(crate) surveyed: NaiveDate,
}

/// The registry's rows of one range.
#[derive(Debug)]
pub(crate) struct Surveyed {
    pub(crate) lines: Vec<u8>,
    pub(crate) residents: u64,
    /// How many people each list of the programme could have, and could have at most.
    pub(crate) fitting: Vec<u64>,
    pub(crate) flat: Option<RecordBatch>,
}

/// Surveys the households of a range.
pub(crate) fn survey(
    world: &World,
    range: &Range,
    programmed: &Programmed,
    with_flat: bool,
) -> Result<Surveyed, Error> {
    let mut lines = Lines::new(Shape::PLAIN);
    let mut columns = with_flat.then(|| Columns::new(flat::REGISTRY));
    let mut fitting = vec![0; programmed.needs.len()];
    let mut residents = 0;
    for household in range.households(world) {
        let mut dice = Dice::new(world.seed, Stream::Registry, 0, household.index);
        let card_known = household.card && dice.chance(0.945);
        let card =
            if card_known { world.numbers.rice_card(household.index) } else { String::new() };
        let surveyed = day(2026, 4, 1) + Days::new(dice.below(170) as u64);
        for person in &household.members {
            let entry = entry((world, &household, person), (&card, surveyed), &mut dice);
            let cells = (programmed.registry.cells)(&entry, &mut dice);
            lines.write(cells.iter().map(|cell| cell.as_bytes()))?;
            if let Some(columns) = &mut columns {
                flat_row(columns, &entry);
            }
            residents += 1;
            for (count, need) in fitting.iter_mut().zip(programmed.needs) {
                *count += u64::from(need.fits(&household, person));
            }
        }
    }
    let flat = columns.map(Columns::finish).transpose().map_err(Error::Columns)?;
    Ok(Surveyed { lines: lines.finish()?, residents, fitting, flat })
}

fn entry<'w>(
    (world, household, person): (&'w World, &'w Household<'w>, &'w Person<'w>),
    (card, surveyed): (&str, NaiveDate),
    dice: &mut Dice,
) -> Entry<'w> {
    let (relative, relation) = person.relative();
    let mobile = world.numbers.mobile(household.index, person.telephone);
    // A second row is another surveyor's: words are spelt anew.
    let salt = u64::from(person.copy_of.is_some()) << 40;
    let written = |name| written(world, household, salt, name);
    Entry {
        world,
        household,
        person,
        resident_id: household.resident_id(person),
        household_id: household.household_id(),
        name: written(&person.name),
        relative: written(relative),
        relation,
        birth: (!world.birth_unknown(household, person))
            .then_some(person.registry_birth.unwrap_or(person.birth)),
        id: if person.has_id { world.id(household, person).0 } else { String::new() },
        mobile: if dice.chance(0.8) { mobile } else { String::new() },
        card: card.to_owned(),
        surveyed,
    }
}

/// The name as the registry spells it: Andhra the family first, Pakistan the clan last or not at all.
fn written(world: &World, household: &Household, salt: u64, name: &Name) -> String {
    let family = name.shown.then_some(name.family);
    let (first, last) = match world.programme {
        Programme::PeopleHub => (family, None),
        Programme::Ehsaas => (None, family),
    };
    let words = first.iter().chain(&name.given).chain(last.iter());
    let words: Vec<_> = words.map(|word| world.spelling_salted(household, salt, word)).collect();
    words.join(" ")
}

fn flat_row(columns: &mut Columns, entry: &Entry) {
    let Entry { world, household, person, .. } = entry;
    let village = world.places.village(household.village);
    let (surname, given) = flat::surname_and_given(world.programme, &entry.name);
    columns.push([
        entry.resident_id.as_str(),
        &entry.household_id,
        &surname,
        &given,
        &flat::cleaned(&entry.relative),
        &entry.birth.map_or_else(String::new, flat::iso),
        flat::gender(person.sex),
        &household.house_no,
        &village.name.to_lowercase(),
        &world.places.mandal(village).to_lowercase(),
        &village.district.to_lowercase(),
        &entry.mobile,
        &entry.id,
    ]);
}

/// What the registry says of eKYC, and the day it was done. A stale one was done.
pub(crate) fn ekyc(entry: &Entry, drawn: &'static str) -> (&'static str, String) {
    let Entry { world, household, person, .. } = entry;
    let stale = world.ekyc_stale(household, person);
    let said = if stale { "Yes" } else { drawn };
    if said != "Yes" {
        return (said, String::new());
    }
    let days = if stale { (760, 1500) } else { (30, 700) };
    let mut dice = Dice::new(world.seed, Stream::Planted, 3, household.serial(person));
    let (year, month, date) = AS_ON;
    let done = day(year, month, date) - Days::new(dice.between(days.0, days.1) as u64);
    (said, dashed(done))
}

/// Male or Female.
pub(crate) fn sex_word(sex: Sex) -> &'static str {
    if sex == Sex::Male { "Male" } else { "Female" }
}

/// dd-mm-yyyy.
pub(crate) fn dashed(date: NaiveDate) -> String {
    use chrono::Datelike;
    format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
}
