//! The scholarships: a comma file with a byte order mark, names in Telugu script, the header once more in the middle.

use chrono::{Days, NaiveDate};

use crate::{
    Error,
    claim::{Claim, Clerk, Source, Subject},
    dice::{Dice, Stream},
    names::Sex,
    output::{At, Folder, Shape, Table, Truth},
    people::{Household, day},
    places::Places,
    plan::{Plan, Window},
    rates::Rates,
    registry::dashed,
    world::World,
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
const SHAPE: Shape = Shape { delimiter: b',', byte_order_mark: true, windows: true };

/// One line.
#[derive(Debug)]
struct Line {
    claim: Claim,
    birth: String,
    college: String,
    course: &'static str,
    amount: u64,
    applied: String,
}

/// `scholarships/scholarships_2026.csv` being written.
#[derive(Debug)]
pub(crate) struct Scholarships<'w> {
    clerk: Clerk<'w>,
    plan: Plan,
    table: Table,
    window: Window<Line>,
    dice: Dice,
    rows: u64,
    /// After how many rows the header is repeated.
    middle: u64,
}

impl<'w> Scholarships<'w> {
    pub(crate) fn new(
        (world, rates): (&'w World, &'w Rates),
        plan: Plan,
        rows: u64,
        folder: &mut Folder,
    ) -> Result<Self, Error> {
        Ok(Self {
            clerk: Clerk { world, rates, source: Source::Scholarships },
            plan,
            table: folder.table("scholarships/scholarships_2026.csv", SHAPE, &HEADER)?,
            window: Window::new(60),
            dice: Dice::new(world.seed, Stream::Plan, 12, 0),
            rows: 0,
            middle: rows / 2,
        })
    }

    /// Lists the students of this household.
    pub(crate) fn visit(&mut self, household: &Household, truth: &mut Truth) -> Result<(), Error> {
        let mut lines = Vec::new();
        let clerk = self.clerk;
        self.plan.people(clerk.world, household, &mut |subject| lines.push(line(&clerk, subject)));
        for line in lines {
            if let Some(line) = self.window.pass(line, &mut self.dice) {
                self.write(line, truth)?;
            }
        }
        Ok(())
    }

    /// Writes what waits.
    pub(crate) fn close(mut self, truth: &mut Truth) -> Result<(), Error> {
        for line in self.window.rest() {
            self.write(line, truth)?;
        }
        self.table.close()
    }

    fn write(&mut self, line: Line, truth: &mut Truth) -> Result<(), Error> {
        if self.rows == self.middle && self.rows > 0 {
            self.table.write(HEADER)?;
        }
        let world = self.clerk.world;
        let claim = line.claim;
        let village = world.places.village(claim.village);
        let row = self.table.write([
            format!("SC26-{:08}", world.numbers.key(2, self.rows)).as_str(),
            &claim.name,
            &claim.relative,
            &line.birth,
            if claim.sex == Sex::Male { "Male" } else { "Female" },
            &claim.id,
            &claim.mobile,
            &line.college,
            line.course,
            &claim.village_name,
            world.places.mandal(village),
            Places::district(village.district),
            &line.amount.to_string(),
            &claim.account.0,
            &claim.account.1,
            &line.applied,
            claim.consent,
        ])?;
        self.rows += 1;
        truth.tell(Source::Scholarships, At { file: self.table.relative(), sheet: "", row }, claim)
    }
}

fn line(clerk: &Clerk, subject: &Subject) -> Line {
    let (claim, mut dice) = clerk.write(subject);
    let places = &clerk.world.places;
    let mandal = places.mandal(places.village(claim.village));
    let (college, course, amount) = match claim.age {
        ..=15 => (format!("ZP High School, {mandal}"), "School", 3500),
        16..=17 => (
            format!("Govt Junior College, {mandal}"),
            *dice.pick(&["Inter MPC", "Inter BiPC", "Inter CEC"]),
            9000,
        ),
        _ => {
            let college = *dice.pick(&[
                "Govt Degree College",
                "Sri Vidya Engineering College",
                "Govt Polytechnic",
            ]);
            (
                format!("{college}, {mandal}"),
                *dice.pick(&["B.Sc", "B.Com", "B.Tech", "Diploma", "B.A"]),
                20_000,
            )
        }
    };
    let birth = claim.birth.map_or_else(String::new, |birth| mixed(birth, &mut dice));
    let applied = dashed(day(2026, 6, 15) + Days::new(dice.below(90) as u64));
    Line { claim, birth, college, course, amount, applied }
}

/// dd/mm/yyyy or dd-Mon-yyyy.
fn mixed(birth: NaiveDate, dice: &mut Dice) -> String {
    birth.format(if dice.chance(0.7) { "%d/%m/%Y" } else { "%d-%b-%Y" }).to_string()
}
