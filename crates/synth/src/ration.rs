//! The rice cards: a semicolon file a district, one line a member, ages and no birth dates, a total line at the end.

use crate::{
    Error,
    cases::Case,
    claim::{Claim, Clerk, Source, Standing, Subject},
    dice::{Dice, Stream},
    names::Sex,
    numbers::STRANGERS,
    output::{At, Folder, Shape, Table, Truth},
    people::{Household, Role},
    places::Places,
    plan::{Plan, Window},
    rates::Rates,
    world::World,
};

const HEADER: [&str; 15] = [
    "Card No",
    "Member No",
    "Member Name",
    "Relation with Head",
    "Head Name",
    "Sex",
    "Age",
    "UID",
    "Phone",
    "Village",
    "Mandal",
    "District",
    "Card Status",
    "Rice Qty (kg)",
    "Consent",
];
/// Where the numbers of second cards begin; those of replaced cards begin at half of it.
const SECOND_CARDS: u64 = STRANGERS * 8;
const SHAPE: Shape = Shape { delimiter: b';', byte_order_mark: false, windows: true };

/// One line.
#[derive(Debug)]
struct Line {
    member: u64,
    relation: &'static str,
    uid: String,
    claim: Claim,
}

/// One card with its lines.
#[derive(Debug)]
struct Card {
    number: String,
    status: &'static str,
    /// Grams for each member.
    grams: u64,
    lines: Vec<Line>,
}

/// The files of all districts being written.
#[derive(Debug)]
pub(crate) struct RationCards<'w> {
    clerk: Clerk<'w>,
    plan: Plan,
    open: Option<(usize, Table, u64)>,
    window: Window<Card>,
    dice: Dice,
    /// Lines of strangers that wait for a card.
    owed: u64,
    second_cards: u64,
    village: usize,
}

impl<'w> RationCards<'w> {
    pub(crate) fn new(world: &'w World, rates: &'w Rates, plan: Plan) -> Self {
        Self {
            clerk: Clerk { world, rates, source: Source::Ration },
            plan,
            open: None,
            window: Window::new(30),
            dice: Dice::new(world.seed, Stream::Plan, 11, 0),
            owed: 0,
            second_cards: 0,
            village: 0,
        }
    }

    /// Lists what this household has to be listed for.
    pub(crate) fn visit(
        &mut self,
        household: &Household,
        out: (&mut Folder, &mut Truth),
    ) -> Result<(), Error> {
        let (folder, truth) = out;
        self.village = household.village;
        let district = self.clerk.world.places.village(household.village).district;
        if self.open.as_ref().is_none_or(|(open, ..)| *open != district) {
            self.finish_file(truth)?;
            let name = Places::district(district);
            let path = format!("ration/rice_cards_{}.csv", name.to_lowercase().replace(' ', "_"));
            self.open = Some((district, folder.table(&path, SHAPE, &HEADER)?, 0));
        }
        let mut cards = self.cards_of(household);
        self.owed += self.plan.strangers.draw(&mut self.plan.dice);
        if self.owed >= 3 {
            cards.push(self.stranger_card());
        }
        for card in cards {
            if let Some(card) = self.window.pass(card, &mut self.dice) {
                self.write(card, truth)?;
            }
        }
        Ok(())
    }

    /// Writes what waits and the last total.
    pub(crate) fn close(mut self, truth: &mut Truth) -> Result<(), Error> {
        while self.owed > 0 {
            let card = self.stranger_card();
            self.write(card, truth)?;
        }
        self.finish_file(truth)
    }

    /// The household's card, if listed, and second cards for its duplicates.
    fn cards_of(&mut self, household: &Household) -> Vec<Card> {
        let world = self.clerk.world;
        let worth = if household.card { household.members.len() as u64 } else { 0 };
        let listed = self.plan.registered.draw_group(worth, &mut self.plan.dice) as usize;
        let (mut lines, mut cards) = (Vec::new(), Vec::new());
        for person in &household.members[..listed] {
            let subject = Subject { person, household, standing: Standing::Registered, copy: 0 };
            lines.push(line(&self.clerk, &subject, person.slot));
            if self.plan.duplicates.draw(&mut self.plan.dice) > 0 {
                let second = line(&self.clerk, &Subject { copy: 1, ..subject }, 1);
                self.second_cards += 1;
                let number = world.numbers.rice_card(SECOND_CARDS + self.second_cards);
                cards.push(self.card(number, vec![second]));
            }
        }
        if self.plan.relatives.draw(&mut self.plan.dice) > 0 {
            let person = &world.unlisted_relative(household, self.plan.need);
            let subject =
                Subject { person, household, standing: Standing::RelativeOfRegistered, copy: 0 };
            lines.push(line(&self.clerk, &subject, person.slot));
        }
        if !lines.is_empty() {
            let changed = self.dice.chance(self.clerk.rates.card_changed);
            if changed {
                for line in &mut lines {
                    line.claim.cases.push(Case::CardChanged);
                }
            }
            let number = if changed { SECOND_CARDS / 2 + household.index } else { household.index };
            cards.push(self.card(world.numbers.rice_card(number), lines));
        }
        cards
    }

    /// A card of people who are in no registry, as large as owed.
    fn stranger_card(&mut self) -> Card {
        let (household, _) = self.plan.stranger_household(self.clerk.world, self.village);
        let household = &household;
        let people = household.members.iter().take(self.owed as usize);
        let lines: Vec<_> = people
            .map(|person| {
                line(
                    &self.clerk,
                    &Subject { person, household, standing: Standing::Stranger, copy: 0 },
                    person.slot,
                )
            })
            .collect();
        self.owed -= lines.len() as u64;
        self.card(self.clerk.world.numbers.rice_card(household.index), lines)
    }

    fn card(&mut self, number: String, lines: Vec<Line>) -> Card {
        let status = if self.dice.chance(0.97) { "ACTIVE" } else { "INACTIVE" };
        // The poorest households share 35 kg, the others have 5 kg each.
        let grams = if self.dice.chance(0.08) {
            35_000 / lines.len().max(1) as u64 / 10 * 10
        } else {
            5000
        };
        Card { number, status, grams, lines }
    }

    fn write(&mut self, card: Card, truth: &mut Truth) -> Result<(), Error> {
        let Some((_, table, total)) = &mut self.open else { return Ok(()) };
        let places = &self.clerk.world.places;
        for line in card.lines {
            let claim = line.claim;
            let village = places.village(claim.village);
            let cells = [
                card.number.as_str(),
                &line.member.to_string(),
                &claim.name,
                line.relation,
                &claim.relative,
                if claim.sex == Sex::Male { "MALE" } else { "FEMALE" },
                &claim.age.to_string(),
                &line.uid,
                &claim.mobile,
                &claim.village_name,
                places.mandal(village),
                Places::district(village.district),
                card.status,
                &kilograms(card.grams),
                claim.consent,
            ];
            let row = table.write(cells)?;
            *total += card.grams;
            truth.tell(Source::Ration, At { file: table.relative(), sheet: "", row }, claim)?;
        }
        Ok(())
    }

    fn finish_file(&mut self, truth: &mut Truth) -> Result<(), Error> {
        for card in self.window.rest() {
            self.write(card, truth)?;
        }
        let Some((_, mut table, total)) = self.open.take() else { return Ok(()) };
        let mut cells = vec![String::new(); HEADER.len()];
        "Total".clone_into(&mut cells[0]);
        cells[13] = kilograms(total);
        table.write(cells)?;
        table.close()
    }
}

fn line(clerk: &Clerk, subject: &Subject, member: u64) -> Line {
    let (claim, mut dice) = clerk.write(subject);
    let spaced = claim.id.len() == 12 && dice.chance(0.15);
    let uid = if spaced { in_fours(&claim.id) } else { claim.id.clone() };
    let male = subject.person.sex == Sex::Male;
    let relation = match (subject.person.role, male) {
        (Role::Head, _) => "SELF",
        (Role::Wife, _) => "WIFE",
        (Role::Child, true) => "SON",
        (Role::Child, false) => "DAUGHTER",
        (Role::Parent, true) => "FATHER",
        (Role::Parent, false) => "MOTHER",
        (Role::Sibling, true) => "BROTHER",
        (Role::Sibling, false) => "SISTER",
    };
    Line { member, relation, uid, claim }
}

/// 1234 5678 9012.
pub(crate) fn in_fours(digits: &str) -> String {
    let fours: Vec<String> = digits
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    fours.join(" ")
}

fn kilograms(grams: u64) -> String {
    format!("{}.{:02}", grams / 1000, grams % 1000 / 10)
}
