//! Kafaalat, the quarterly cash: one workbook, a sheet a province under a title block, CNICs as text with dashes and as numbers;
//! every second sheet has its columns in another order.

use chrono::{Datelike, NaiveDate};

use super::{dashed_cnic, dashed_mobile, relation_word, tenths, typed};
use crate::{
    cases::Case,
    claim::{Clerk, Source, Standing, Subject},
    dice::Dice,
    lists::{BookLayout, Cell, Draft, Layout, List, per_person},
    names::Sex,
    survey::dashed,
    world::Need,
};

/// Rupees a quarter.
const AMOUNT: u64 = 13_500;

pub(super) const LIST: List = List {
    source: Source::Kafaalat,
    need: Need::Cash { poor: true },
    wider: Need::Cash { poor: false },
    share: 0.27,
    draft: |clerk, range, plan| per_person(clerk, range, plan, line),
    key: |world, row, draft| {
        draft.key = format!("KF-{}", world.numbers.key(0, row));
        draft.cells[1] = Cell::Text(draft.key.clone());
    },
    excluded_by: None,
    layout: Layout::Book(BookLayout {
        stem: "kafaalat/kafaalat_2026_q3",
        columns: &COLUMNS,
        orders: &ORDERS,
        parts_a_sheet: 1,
        title: |name| {
            [
                format!("Ehsaas Kafaalat - Payment List - {name}"),
                "Quarter July to September 2026".to_owned(),
            ]
        },
        amount: 15,
    }),
};

#[rustfmt::skip]
const COLUMNS: [&str; 21] = [
    "S.No", "Beneficiary Code", "Beneficiary Name", "Father/Husband Name", "Relation", "Gender", "Date of Birth", "CNIC",
    "Mobile No", "Village/Mohalla", "Tehsil", "District", "Province", "PMT Score", "Tranche", "Amount (Rs)", "Payment Status",
    "NADRA Verified", "Consent", "Request", "Approval No",
];
/// The order of the columns, sheet by sheet.
const ORDERS: [&[usize]; 2] = [
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    &[0, 1, 7, 2, 3, 4, 6, 5, 8, 12, 11, 10, 9, 14, 15, 16, 13, 18, 17, 20, 19],
];

fn line(clerk: &Clerk, subject: &Subject) -> Draft {
    let (mut claim, mut dice) = clerk.write(subject);
    if !subject.household.is_poor() {
        claim.cases.push(Case::NotEligible);
    }
    let approval = clerk.approval(subject, 0.6);
    if !approval.is_empty() && subject.standing == Standing::Registered {
        claim.cases.push(Case::ApprovedChange);
    }
    let places = &clerk.world.places;
    let village = places.village(claim.village);
    let male = claim.sex == Sex::Male;
    let status = ["PAID", "UNPAID", "BLOCKED"][dice.weighted(&[0.94, 0.04, 0.02])];
    let amount = if status == "PAID" { AMOUNT } else { 0 };
    let cells = vec![
        Cell::Serial,
        Cell::Empty,
        Cell::text(&claim.name),
        Cell::text(&claim.relative),
        Cell::text(relation_word(claim.relation, male)),
        Cell::text(if male { "M" } else { "F" }),
        date(claim.birth, &mut dice),
        cnic(&claim.id, &mut dice),
        Cell::Text(typed(&claim.mobile, dashed_mobile, 0.15, &mut dice)),
        Cell::text(&claim.village_name),
        Cell::text(places.mandal(village)),
        Cell::text(claim.district),
        Cell::text(places.part(village.part)),
        Cell::Text(tenths(subject.household.pmt_tenths)),
        Cell::text("Q3-2026"),
        Cell::Number(amount as f64),
        Cell::text(status),
        Cell::text(if dice.chance(0.9) { "Yes" } else { "No" }),
        Cell::text(claim.consent),
        Cell::text(if clerk.is_new(subject) { "New" } else { "Modification" }),
        Cell::text(&approval),
    ];
    Draft { cells, total: amount, key: String::new(), claim }
}

/// Text with dashes, or a number where the clerk typed none.
fn cnic(digits: &str, dice: &mut Dice) -> Cell {
    match digits.parse() {
        Ok(number) if dice.chance(0.3) => Cell::Number(number),
        _ => Cell::text(&dashed_cnic(digits)),
    }
}

/// A real date, dd-mm-yyyy, or dd.mm.yyyy.
fn date(birth: Option<NaiveDate>, dice: &mut Dice) -> Cell {
    let Some(birth) = birth else { return Cell::Empty };
    match dice.weighted(&[0.5, 0.4, 0.1]) {
        0 if birth.year() >= 1900 => Cell::Date(birth),
        0 | 1 => Cell::Text(dashed(birth)),
        _ => Cell::Text(dashed(birth).replace('-', ".")),
    }
}
