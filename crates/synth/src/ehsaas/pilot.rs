//! Kafaalat where the provinces pay it themselves, a pilot: one semicolon file, women whom the other list has as well.

use super::{dashed_cnic, dashed_mobile, relation_word, typed};
use crate::{
    cases::Case,
    claim::{Clerk, Source, Subject},
    lists::{Cell, Draft, Layout, List, TextLayout, per_person},
    names::Sex,
    output::Shape,
    survey::dashed,
    world::Need,
};

/// Rupees a quarter.
const AMOUNT: u64 = 13_500;

pub(super) const LIST: List = List {
    source: Source::KafaalatPilot,
    need: Need::Pilot,
    wider: Need::Pilot,
    share: 0.02,
    draft: |clerk, range, plan| per_person(clerk, range, plan, line),
    key: |world, row, draft| {
        draft.key = format!("PP-{}", world.numbers.key(3, row));
        draft.cells[0] = Cell::Text(draft.key.clone());
    },
    excluded_by: None,
    same_scheme_as: Some(0),
    layout: Layout::Text(TextLayout {
        path: |_| "kafaalat_pilot/provinces_2026_q3.csv".to_owned(),
        shape: |_| Shape { delimiter: b';', byte_order_mark: false, windows: true },
        header: &HEADER,
        total: None,
        repeated: false,
    }),
};

const HEADER: [&str; 15] = [
    "Case No",
    "Name",
    "Father/Husband Name",
    "Relation",
    "Gender",
    "Date of Birth",
    "CNIC",
    "Mobile",
    "Village/Mohalla",
    "Tehsil",
    "District",
    "Province",
    "Quarter",
    "Amount (Rs)",
    "Consent",
];

fn line(clerk: &Clerk, subject: &Subject) -> Draft {
    let (mut claim, mut dice) = clerk.write(subject);
    if !subject.household.is_poor() {
        claim.cases.push(Case::NotEligible);
    }
    let places = &clerk.world.places;
    let village = places.village(claim.village);
    let male = claim.sex == Sex::Male;
    let cells = vec![
        Cell::Empty,
        Cell::text(&claim.name),
        Cell::text(&claim.relative),
        Cell::text(relation_word(claim.relation, male)),
        Cell::text(if male { "M" } else { "F" }),
        Cell::Text(claim.birth.map_or_else(String::new, dashed)),
        Cell::Text(typed(&claim.id, dashed_cnic, 0.3, &mut dice)),
        Cell::Text(typed(&claim.mobile, dashed_mobile, 0.3, &mut dice)),
        Cell::text(&claim.village_name),
        Cell::text(places.mandal(village)),
        Cell::text(claim.district),
        Cell::text(places.part(village.part)),
        Cell::text("Q3-2026"),
        Cell::Text(AMOUNT.to_string()),
        Cell::text(claim.consent),
    ];
    Draft { cells, total: AMOUNT, paid: true, key: String::new(), claim }
}
