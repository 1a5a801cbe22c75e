//! The scholarships: a comma file with a byte order mark, many names in Telugu script, the header once more in the middle.

use chrono::{Datelike, Days, NaiveDate};

use crate::{
    claim::{Clerk, Source, Subject},
    dice::Dice,
    lists::{Cell, Draft, Layout, List, TextLayout, per_person},
    output::Shape,
    people::day,
    survey::{dashed, sex_word},
    world::Need,
};

pub(super) const LIST: List = List {
    source: Source::Scholarships,
    need: Need::Study,
    wider: Need::Study,
    share: 0.25,
    draft: |clerk, range, plan| per_person(clerk, range, plan, line),
    key: |world, row, draft| {
        draft.key = format!("SC26-{:08}", world.numbers.key(2, row));
        draft.cells[0] = Cell::Text(draft.key.clone());
    },
    // Nobody draws an old age pension and studies.
    // Who draws an old age pension is no student; the disabled may be.
    excluded_by: Some((0, |pension, _| pension.cells[13].holds("Old Age"))),
    same_scheme_as: None,
    layout: Layout::Text(TextLayout {
        path: |_| "scholarships/scholarships_2026.csv".to_owned(),
        shape: |_| Shape { delimiter: b',', byte_order_mark: true, windows: true },
        header: &HEADER,
        total: None,
        repeated: true,
    }),
};

const HEADER: [&str; 17] = [
    "Application ID",
    "Student Name",
    "Father Name",
    "DOB",
    "Gender",
    "Aadhaar",
    "Mobile",
    "College",
    "Course",
    "Village",
    "Mandal",
    "District",
    "Scholarship Amount",
    "Account No",
    "IFSC",
    "Applied On",
    "Consent",
];

fn line(clerk: &Clerk, subject: &Subject) -> Draft {
    let (claim, mut dice) = clerk.write(subject);
    let places = &clerk.world.places;
    let mandal = places.mandal(places.village(claim.village));
    let (college, course, amount) = match claim.age {
        ..=15 => ("ZP High School", "School", 3500),
        16..=17 => {
            ("Govt Junior College", *dice.pick(&["Inter MPC", "Inter BiPC", "Inter CEC"]), 9000)
        }
        _ => (
            *dice.pick(&[
                "Govt Degree College",
                "Sri Vidya Engineering College",
                "Govt Polytechnic",
            ]),
            *dice.pick(&["B.Sc", "B.Com", "B.Tech", "Diploma", "B.A"]),
            20_000,
        ),
    };
    let birth = claim.birth.map_or_else(String::new, |birth| mixed(birth, &mut dice));
    let applied = day(2026, 6, 15) + Days::new(dice.below(90) as u64);
    let cells = vec![
        Cell::Empty,
        Cell::text(&claim.name),
        Cell::text(&claim.relative),
        Cell::Text(birth),
        Cell::text(sex_word(claim.sex)),
        Cell::text(&claim.id),
        Cell::text(&claim.mobile),
        Cell::Text(format!("{college}, {mandal}")),
        Cell::text(course),
        Cell::text(&claim.village_name),
        Cell::text(mandal),
        Cell::text(claim.district),
        Cell::Text(amount.to_string()),
        Cell::text(&claim.account.0),
        Cell::text(&claim.account.1),
        Cell::Text(dashed(applied)),
        Cell::text(claim.consent),
    ];
    Draft { cells, total: amount, paid: true, key: String::new(), claim }
}

/// dd/mm/yyyy or dd-Mon-yyyy.
fn mixed(birth: NaiveDate, dice: &mut Dice) -> String {
    if dice.chance(0.7) {
        format!("{:02}/{:02}/{:04}", birth.day(), birth.month(), birth.year())
    } else {
        birth.format("%d-%b-%Y").to_string()
    }
}
