//! The subsidy of the utility stores: one file a province, each of its own shape; ages and no birth dates; quantities in
//! kilograms and litres.

use chrono::Days;

use super::{dashed_cnic, dashed_mobile, relation_word, typed};
use crate::{
    cases::Case,
    claim::{Clerk, Source, Subject},
    lists::{Cell, Draft, Layout, List, TextLayout, Total, per_person},
    names::Sex,
    output::Shape,
    people::day,
    survey::dashed,
    world::Need,
};

pub(super) const LIST: List = List {
    source: Source::UtilityStores,
    need: Need::Shop,
    wider: Need::Shop,
    share: 0.0,
    draft: |clerk, range, plan| per_person(clerk, range, plan, line),
    key: |world, row, draft| {
        draft.key = format!("US{}", world.numbers.key(1, row));
        draft.cells[0] = Cell::Text(draft.key.clone());
    },
    // The subsidy does not stand beside the stipend of the same month, September.
    excluded_by: Some((0, |_, purchase| purchase.cells[16].holds("-09-"))),
    same_scheme_as: None,
    layout: Layout::Text(TextLayout {
        path: |name| {
            format!("utility_stores/subsidy_{}.csv", name.to_lowercase().replace(' ', "_"))
        },
        shape,
        header: &HEADER,
        total: Some(Total { column: 17, written: |rupees| rupees.to_string() }),
        repeated: false,
    }),
};

const HEADER: [&str; 19] = [
    "Receipt No",
    "Shopper Name",
    "S/O D/O W/O",
    "Relation",
    "Gender",
    "Age",
    "CNIC No",
    "Cell No",
    "Village/Mohalla",
    "Tehsil",
    "District",
    "Province",
    "Store Code",
    "Item",
    "Quantity",
    "Unit",
    "Purchase Date",
    "Subsidy (Rs)",
    "Consent",
];
/// What is sold: item, quantities, unit, rupees of subsidy for each unit.
const ITEMS: [(&str, &[u64], &str, u64); 5] = [
    ("Wheat Flour", &[10, 20, 40], "kg", 25),
    ("Sugar", &[2, 3, 5], "kg", 21),
    ("Ghee", &[1, 2, 5], "kg", 90),
    ("Cooking Oil", &[1, 3, 5], "litre", 85),
    ("Pulses", &[1, 2, 4], "kg", 40),
];

/// Punjab: commas and a byte order mark; Sindh: tabs; Khyber Pakhtunkhwa: commas; Balochistan: semicolons.
fn shape(province: usize) -> Shape {
    let delimiter = [b',', b'\t', b',', b';'][province % 4];
    Shape { delimiter, byte_order_mark: province == 0, windows: province != 2 }
}

fn line(clerk: &Clerk, subject: &Subject) -> Draft {
    let (mut claim, mut dice) = clerk.write(subject);
    // Whoever buys twice is no duplicate: the list is of purchases, not of persons.
    claim.cases.retain(|case| *case != Case::Duplicate);
    let places = &clerk.world.places;
    let village = places.village(claim.village);
    let male = claim.sex == Sex::Male;
    let (item, quantities, unit, rupees) = *dice.pick(&ITEMS);
    let quantity = *dice.pick(quantities);
    let bought = day(2026, 9, 1) + Days::new(dice.below(60) as u64);
    let store = format!("USC-{:02}-{:03}", village.part + 1, village.mandal % 900 + 100);
    let cells = vec![
        Cell::Empty,
        Cell::text(&claim.name),
        Cell::text(&claim.relative),
        Cell::text(relation_word(claim.relation, male)),
        Cell::text(if male { "MALE" } else { "FEMALE" }),
        Cell::Text(claim.age.to_string()),
        Cell::Text(typed(&claim.id, dashed_cnic, 0.5, &mut dice)),
        Cell::Text(typed(&claim.mobile, dashed_mobile, 0.5, &mut dice)),
        Cell::text(&claim.village_name),
        Cell::text(places.mandal(village)),
        Cell::text(claim.district),
        Cell::text(places.part(village.part)),
        Cell::Text(store),
        Cell::text(item),
        Cell::Text(format!("{quantity}.00")),
        Cell::text(unit),
        Cell::Text(dashed(bought)),
        Cell::Text((quantity * rupees).to_string()),
        Cell::text(claim.consent),
    ];
    Draft { cells, total: quantity * rupees, paid: true, key: String::new(), claim }
}
