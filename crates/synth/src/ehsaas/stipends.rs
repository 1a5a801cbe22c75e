//! The education stipends: one comma file, the child and the father by name, B-form numbers, the header once more in the middle.

use chrono::{Datelike, NaiveDate};

use super::{dashed_cnic, dashed_mobile, typed};
use crate::{
    claim::{Clerk, Source, Subject},
    dice::Dice,
    lists::{Cell, Draft, Layout, List, TextLayout, per_person},
    names::Sex,
    output::Shape,
    survey::{dashed, sex_word},
    world::Need,
};

pub(super) const LIST: List = List {
    source: Source::Stipends,
    need: Need::Stipend,
    wider: Need::Stipend,
    share: 0.30,
    draft: |clerk, range, plan| per_person(clerk, range, plan, line),
    key: |world, row, draft| {
        draft.key = format!("WT-{:08}", world.numbers.key(2, row));
        draft.cells[0] = Cell::Text(draft.key.clone());
    },
    excluded_by: None,
    same_scheme_as: None,
    layout: Layout::Text(TextLayout {
        path: |_| "stipends/education_2026.csv".to_owned(),
        shape: |_| Shape::PLAIN,
        header: &HEADER,
        total: None,
        repeated: true,
    }),
};

const HEADER: [&str; 19] = [
    "Form No",
    "Student Name",
    "Father Name",
    "Gender",
    "Date of Birth",
    "B-Form No",
    "Guardian Mobile",
    "House",
    "Village/Mohalla",
    "Tehsil",
    "District",
    "Province",
    "School",
    "Class",
    "Quarter",
    "Attendance %",
    "Stipend (Rs)",
    "Payment Status",
    "Consent",
];

fn line(clerk: &Clerk, subject: &Subject) -> Draft {
    let (claim, mut dice) = clerk.write(subject);
    let places = &clerk.world.places;
    let village = places.village(claim.village);
    let tehsil = places.mandal(village);
    let girl = claim.sex == Sex::Female;
    // Girls have more than boys, the older more than the younger.
    let (level, stipend) = match claim.age {
        ..=10 => ("Primary", if girl { 2500 } else { 2000 }),
        11..=15 => ("Middle and High", if girl { 4000 } else { 3500 }),
        _ => ("Higher Secondary", if girl { 5000 } else { 4500 }),
    };
    let kind = if girl { "Girls" } else { "Boys" };
    let attendance = dice.between(60, 100);
    let paid = attendance >= 70;
    let cells = vec![
        Cell::Empty,
        Cell::text(&claim.name),
        Cell::text(&claim.relative),
        Cell::text(sex_word(claim.sex)),
        Cell::Text(claim.birth.map_or_else(String::new, |birth| mixed(birth, &mut dice))),
        Cell::Text(typed(&claim.id, dashed_cnic, 0.2, &mut dice)),
        Cell::Text(typed(&claim.mobile, dashed_mobile, 0.2, &mut dice)),
        Cell::text(&claim.house_no),
        Cell::text(&claim.village_name),
        Cell::text(tehsil),
        Cell::text(claim.district),
        Cell::text(places.part(village.part)),
        Cell::Text(format!("Govt {kind} {level} School, {tehsil}")),
        Cell::Text((claim.age - 4).clamp(1, 12).to_string()),
        Cell::text("Q3-2026"),
        Cell::Text(attendance.to_string()),
        Cell::Text(if paid { stipend } else { 0 }.to_string()),
        Cell::text(if paid { "PAID" } else { "WITHHELD" }),
        Cell::text(claim.consent),
    ];
    Draft { cells, total: if paid { stipend } else { 0 }, paid, key: String::new(), claim }
}

/// dd-mm-yyyy, dd/mm/yyyy or dd-Mon-yyyy.
fn mixed(birth: NaiveDate, dice: &mut Dice) -> String {
    match dice.weighted(&[0.5, 0.3, 0.2]) {
        0 => dashed(birth),
        1 => format!("{:02}/{:02}/{:04}", birth.day(), birth.month(), birth.year()),
        _ => birth.format("%d-%b-%Y").to_string(),
    }
}
