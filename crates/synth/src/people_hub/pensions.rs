//! The pensions: one workbook, a sheet for each pair of old districts, mixed cell types; every second sheet has its columns in
//! another order.

use chrono::{Datelike, NaiveDate};

use super::in_fours;
use crate::{
    cases::Case,
    claim::{Clerk, Source, Standing, Subject},
    dice::Dice,
    lists::{BookLayout, Cell, Draft, Layout, List, per_person},
    names::Sex,
    people::Person,
    survey::dashed,
    world::Need,
};

pub(super) const LIST: List = List {
    source: Source::Pensions,
    need: Need::Pension { wide: false },
    // Crafts with a pension from 50 are listed only where the old, the widowed and the disabled are too few.
    wider: Need::Pension { wide: true },
    share: 0.30,
    draft: |clerk, range, plan| per_person(clerk, range, plan, line),
    key: |world, row, draft| {
        draft.key = format!("PN{}", world.numbers.key(0, row));
        draft.cells[1] = Cell::Text(draft.key.clone());
    },
    excluded_by: None,
    same_scheme_as: None,
    layout: Layout::Book(BookLayout {
        stem: "pensions/pensions_2026_10",
        columns: &COLUMNS,
        orders: &ORDERS,
        parts_a_sheet: 2,
        title: |name| {
            [
                format!("Social Security Pensions - {name} and adjoining districts"),
                "as on 31-10-2026".to_owned(),
            ]
        },
        amount: 14,
    }),
};

#[rustfmt::skip]
const COLUMNS: [&str; 22] = [
    "S.No", "Pension ID", "Pensioner Name", "Father/Husband Name", "Relation", "Gender", "Date of Birth", "Age",
    "Aadhaar No", "Mobile No", "Village", "Mandal", "District", "Pension Type", "Amount", "Bank A/c No", "IFSC", "Status",
    "Consent", "Channel", "Request Type", "Approval Ref",
];
/// The order of the columns, sheet by sheet.
const ORDERS: [&[usize]; 2] = [
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21],
    &[0, 1, 8, 2, 5, 7, 6, 3, 4, 12, 11, 10, 9, 13, 15, 16, 14, 17, 18, 20, 19, 21],
];

fn line(clerk: &Clerk, subject: &Subject) -> Draft {
    let (mut claim, mut dice) = clerk.write(subject);
    let (kind, amount) = pension(subject.person, subject.copy);
    if kind != pension(subject.person, 0).0 {
        claim.cases.push(Case::Overlap);
    }
    let withheld = kind == "Old Age"
        && subject.standing == Standing::Registered
        && clerk.planted(subject, 2).chance(clerk.world.rates.paid_less);
    if withheld {
        claim.cases.push(Case::PaidNothing);
    }
    let amount = if withheld { 0 } else { amount };
    let approval = clerk.approval(subject, 0.7);
    if !approval.is_empty() && subject.standing == Standing::Registered {
        claim.cases.push(Case::ApprovedChange);
    }
    let places = &clerk.world.places;
    let village = places.village(claim.village);
    let relation = match claim.relation {
        "Husband" => "W/o",
        "Father" if claim.sex == Sex::Male => "S/o",
        "Father" => "D/o",
        _ => "",
    };
    let channel = ["MeeSeva", "Department", "MeeKosam", "PeopleFirst"]
        [dice.weighted(&[0.45, 0.35, 0.12, 0.08])];
    let cells = vec![
        Cell::Serial,
        Cell::Empty,
        Cell::text(&claim.name),
        Cell::text(&claim.relative),
        Cell::text(relation),
        Cell::text(if claim.sex == Sex::Male { "M" } else { "F" }),
        date(claim.birth, &mut dice),
        Cell::Number(claim.age as f64),
        digits(&claim.id, dice.chance(0.2)),
        digits(&claim.mobile, dice.chance(0.1)),
        Cell::text(&claim.village_name),
        Cell::text(places.mandal(village)),
        Cell::text(claim.district),
        Cell::text(kind),
        Cell::Number(amount as f64),
        Cell::text(&claim.account.0),
        Cell::text(&claim.account.1),
        Cell::text(if dice.chance(0.98) && !withheld { "ACTIVE" } else { "HOLD" }),
        Cell::text(claim.consent),
        Cell::text(channel),
        Cell::text(if dice.chance(0.8) { "New" } else { "Modification" }),
        Cell::text(&approval),
    ];
    let paid = matches!(&cells[17], Cell::Text(status) if status == "ACTIVE");
    Draft { cells, total: amount, paid, key: String::new(), claim }
}

/// The kind of pension and its amount. A second row of somebody old who has another pension is an old age pension: no policy
/// lets the two stand together.
fn pension(person: &Person, copy: u64) -> (&'static str, u64) {
    match person.age() {
        60.. if copy > 0 => ("Old Age", 4000),
        _ if person.disabled => ("Disabled", 6000),
        40.. if person.widowed && person.sex == Sex::Female => ("Widow", 4000),
        60.. => ("Old Age", 4000),
        age => (["Weaver", "Toddy Tapper", "Fisherman"][(age % 3) as usize], 4000),
    }
}

/// A number cell, or text where the clerk typed it so (in groups of four, for an id).
fn digits(value: &str, as_text: bool) -> Cell {
    match value.parse() {
        Ok(number) if !as_text => Cell::Number(number),
        _ if value.len() == 12 => Cell::Text(in_fours(value)),
        _ => Cell::text(value),
    }
}

/// A real date, dd-mm-yyyy or d/m/yyyy.
pub(crate) fn date(birth: Option<NaiveDate>, dice: &mut Dice) -> Cell {
    let Some(birth) = birth else { return Cell::Empty };
    match dice.weighted(&[0.5, 0.3, 0.2]) {
        0 if birth.year() >= 1900 => Cell::Date(birth),
        0 | 1 => Cell::Text(dashed(birth)),
        _ => Cell::Text(format!("{}/{}/{}", birth.day(), birth.month(), birth.year())),
    }
}
