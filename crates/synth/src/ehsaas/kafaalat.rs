//! Kafaalat, the quarterly cash: one workbook, a sheet a province under a title block, CNICs as text with dashes and as numbers;
//! every second sheet has its columns in another order.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{dashed_cnic, dashed_mobile, relation_word, tenths, typed};
use crate::{
    cases::Case,
    claim::{Clerk, Source, Standing, Subject},
    dice::Dice,
    lists::{BookLayout, Cell, Draft, Layout, List, per_person},
    names::Sex,
    range::Range,
    survey::dashed,
    world::Need,
};

/// Rupees a quarter.
const AMOUNT: u64 = 13_500;
/// What it was before it was raised.
const AMOUNT_BEFORE: u64 = 12_000;
/// The column of the agency's own number of the family.
const FAMILY: usize = 22;

pub(super) const LIST: List = List {
    source: Source::Kafaalat,
    need: Need::Cash { poor: true },
    wider: Need::Cash { poor: false },
    share: 0.27,
    draft: |clerk, range, plan| {
        let mut drafts = per_person(clerk, range, plan, line);
        families(clerk, range, &mut drafts);
        drafts
    },
    key: |world, row, draft| {
        draft.key = format!("KF-{}", world.numbers.key(0, row));
        draft.cells[1] = Cell::Text(draft.key.clone());
    },
    excluded_by: None,
    same_scheme_as: None,
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
const COLUMNS: [&str; 23] = [
    "S.No", "Beneficiary Code", "Beneficiary Name", "Father/Husband Name", "Relation", "Gender", "Date of Birth", "CNIC",
    "Mobile No", "Village/Mohalla", "Tehsil", "District", "Province", "PMT Score", "Tranche", "Amount (Rs)", "Payment Status",
    "NADRA Verified", "Consent", "Request", "Approval No", "Account No", "Family No",
];
/// The order of the columns, sheet by sheet.
const ORDERS: [&[usize]; 2] = [
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22],
    &[0, 1, 7, 2, 3, 4, 6, 5, 8, 12, 11, 10, 9, 14, 15, 16, 13, 18, 17, 20, 19, 22, 21],
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
    let short = status == "PAID"
        && subject.household.is_poor()
        && subject.standing == Standing::Registered
        && clerk.planted(subject, 2).chance(clerk.world.rates.paid_less);
    if short {
        claim.cases.push(Case::PaidShort);
    }
    let amount = match (status, short) {
        ("PAID", true) => AMOUNT_BEFORE,
        ("PAID", false) => AMOUNT,
        _ => 0,
    };
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
        Cell::text(&claim.account.0),
        Cell::Text(format!("F-{}", clerk.world.numbers.key(3, subject.household.index))),
    ];
    Draft { cells, total: amount, paid: amount > 0, key: String::new(), claim }
}

/// Some families are entered as two, and some as one with the family listed before them: ten times as often as on a card, and at
/// most one in ten of the families that could be, since few have two women on the list.
fn families(clerk: &Clerk, range: &Range, drafts: &mut [Draft]) {
    let mut dice = range.dice(clerk.world, 30 + clerk.source as u64);
    let mut rows: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (row, draft) in drafts.iter().enumerate() {
        if let (Cell::Text(family), false) =
            (&draft.cells[FAMILY], draft.claim.resident_ref.is_empty())
        {
            rows.entry(family.clone()).or_default().push(row);
        }
    }
    let mut before: Option<String> = None;
    for (family, rows) in rows {
        let first = drafts[rows[0]].claim.resident_ref.clone();
        let others: Vec<usize> =
            rows.iter().copied().filter(|row| drafts[*row].claim.resident_ref != first).collect();
        let split = dice.chance((clerk.world.rates.household_split * 10.0).min(0.1));
        let merged = dice.chance(clerk.world.rates.household_merged);
        let mut enter = |rows: &[usize], family: &str, case: Case| {
            for row in rows {
                drafts[*row].cells[FAMILY] = Cell::Text(family.to_owned());
                drafts[*row].claim.cases.push(case);
            }
        };
        match before.take() {
            Some(before) if merged => enter(&rows, &before, Case::HouseholdMerged),
            _ if split => enter(&others, &format!("{family}-2"), Case::HouseholdSplit),
            _ => before = Some(family),
        }
    }
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
