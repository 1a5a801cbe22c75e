//! The rice cards: a semicolon file an old district, one line a member, ages and no birth dates, a total line at the end.

use super::in_fours;
use crate::{
    cases::Case,
    claim::{Clerk, Source, Standing, Subject},
    dice::Dice,
    lists::{Cell, Draft, Layout, List, TextLayout, Total, shuffled},
    names::Sex,
    numbers::{SLOTS, STRANGERS},
    output::Shape,
    people::{Household, Role},
    plan::Plan,
    range::Range,
    world::Need,
};

pub(super) const LIST: List = List {
    source: Source::Ration,
    need: Need::Ration,
    wider: Need::Ration,
    share: 0.0,
    draft,
    key: |_, _, _| {},
    excluded_by: None,
    same_scheme_as: None,
    layout: Layout::Text(TextLayout {
        path: |name| format!("ration/rice_cards_{}.csv", name.to_lowercase().replace(' ', "_")),
        shape: |_| Shape { delimiter: b';', byte_order_mark: false, windows: true },
        header: &HEADER,
        total: Some(Total { column: 13, written: kilograms }),
        repeated: false,
    }),
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
/// Member numbers of neighbours on a card begin here.
const NEIGHBOURS: u64 = 20;

/// A member's line.
type Line = (u64, Draft);

/// Drafts the cards of a range.
struct Office<'w, 'c> {
    clerk: &'c Clerk<'w>,
    plan: Plan,
    dice: Dice,
    cards: Vec<Vec<Draft>>,
    /// Lines of strangers that wait for a card.
    owed: u64,
    /// The card that the next household shares.
    shared: Option<u64>,
}

fn draft(clerk: &Clerk, range: &Range, plan: Plan) -> Vec<Draft> {
    let dice = range.dice(clerk.world, 10 + clerk.source as u64);
    let mut office = Office { clerk, plan, dice, cards: Vec::new(), owed: 0, shared: None };
    let mut village = 0;
    for household in range.households(clerk.world) {
        village = household.village;
        office.visit(&household);
        office.owed += office.plan.strangers.draw(&mut office.plan.dice);
        if office.owed >= 3 {
            office.stranger_card(village);
        }
    }
    while office.owed > 0 {
        office.stranger_card(village);
    }
    shuffled(office.cards, 30, &mut office.dice).into_iter().flatten().collect()
}

impl Office<'_, '_> {
    /// The household's card, if listed, and other cards: of duplicates, of daughters who left, of the grandparents.
    fn visit(&mut self, household: &Household) {
        let (clerk, need) = (*self.clerk, self.plan.need);
        let fitting: Vec<_> =
            household.members.iter().filter(|person| need.fits(household, person)).collect();
        let (size, shared) = (fitting.len() as u64, self.shared.take());
        let listed = match shared {
            Some(_) => self.plan.registered.take_group(size),
            None => self.plan.registered.draw_group(size, &mut self.plan.dice),
        };
        let split = self.dice.chance(clerk.world.rates.household_split);
        let (mut lines, mut elders) = (Vec::new(), Vec::new());
        for person in &fitting[..listed as usize] {
            let subject = Subject { person, household, standing: Standing::Registered, copy: 0 };
            if self.plan.duplicates.draw(&mut self.plan.dice) > 0 {
                let second = line(&clerk, &Subject { copy: 1, ..subject });
                self.card(second_card(household, person.slot), vec![(1, second)]);
            }
            let mut own = line(&clerk, &subject);
            if person.moved_out.is_some() {
                own.cells[3] = Cell::text("WIFE");
                self.card(second_card(household, person.slot), vec![(2, own)]);
            } else if split && person.role == Role::Parent {
                own.claim.cases.push(Case::HouseholdSplit);
                elders.push((person.slot, own));
            } else {
                lines.push((person.slot, own));
            }
        }
        if !elders.is_empty() {
            self.card(second_card(household, SLOTS - 1), elders);
        }
        if self.plan.relatives.draw(&mut self.plan.dice) > 0 {
            let person = &clerk.world.unlisted_relative(household, need);
            let standing = Standing::RelativeOfRegistered;
            lines.push((
                person.slot,
                line(&clerk, &Subject { person, household, standing, copy: 0 }),
            ));
        }
        if !lines.is_empty() {
            self.own_card((household, shared), lines);
        }
    }

    /// The card a household shares: its own number, another one, or the `shared` one of the neighbours before.
    fn own_card(&mut self, (household, shared): (&Household, Option<u64>), mut lines: Vec<Line>) {
        let rates = &self.clerk.world.rates;
        let (changed, merged) =
            (self.dice.chance(rates.card_changed), self.dice.chance(rates.household_merged));
        let (case, number) = match shared {
            Some(card) => (Case::HouseholdMerged, card),
            None if changed => (Case::CardChanged, SECOND_CARDS / 2 + household.index),
            None => {
                self.shared = merged.then_some(household.index);
                return self.card(household.index, lines);
            }
        };
        for (member, line) in &mut lines {
            line.claim.cases.push(case);
            *member += if case == Case::HouseholdMerged { NEIGHBOURS } else { 0 };
        }
        self.card(number, lines);
    }

    /// A card of people who are in no registry, as large as owed.
    fn stranger_card(&mut self, village: usize) {
        let (household, _) = self.plan.stranger_household(self.clerk.world, village);
        let household = &household;
        let people = household.members.iter().filter(|person| person.copy_of.is_none());
        let lines: Vec<_> = people
            .take(self.owed as usize)
            .map(|person| {
                let standing = Standing::Stranger;
                (person.slot, line(self.clerk, &Subject { person, household, standing, copy: 0 }))
            })
            .collect();
        self.owed -= lines.len() as u64;
        self.card(household.index, lines);
    }

    fn card(&mut self, number: u64, lines: Vec<Line>) {
        let number = self.clerk.world.numbers.rice_card(number);
        let status = if self.dice.chance(0.97) { "ACTIVE" } else { "INACTIVE" };
        // The poorest households share 35 kg, the others have 5 kg each.
        let grams = if self.dice.chance(0.08) {
            35_000 / lines.len().max(1) as u64 / 10 * 10
        } else {
            5000
        };
        let drafts = lines.into_iter().map(|(member, mut draft)| {
            draft.cells[0] = Cell::Text(number.clone());
            draft.cells[1] = Cell::Text(member.to_string());
            draft.cells[12] = Cell::text(status);
            draft.cells[13] = Cell::Text(kilograms(grams));
            draft.total = grams;
            draft.key = format!("{number}/{member}");
            draft
        });
        self.cards.push(drafts.collect());
    }
}

/// The number of a card of its own for one of the household.
fn second_card(household: &Household, slot: u64) -> u64 {
    SECOND_CARDS + household.index * SLOTS + slot
}

/// A line without card, member number, status and quantity.
fn line(clerk: &Clerk, subject: &Subject) -> Draft {
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
    let places = &clerk.world.places;
    let cells = vec![
        Cell::Empty,
        Cell::Empty,
        Cell::text(&claim.name),
        Cell::text(relation),
        Cell::text(&claim.relative),
        Cell::text(if male { "MALE" } else { "FEMALE" }),
        Cell::Text(claim.age.to_string()),
        Cell::Text(uid),
        Cell::text(&claim.mobile),
        Cell::text(&claim.village_name),
        Cell::text(places.mandal(places.village(claim.village))),
        Cell::text(claim.district),
        Cell::Empty,
        Cell::Empty,
        Cell::text(claim.consent),
    ];
    Draft { cells, total: 0, paid: true, key: String::new(), claim }
}

fn kilograms(grams: u64) -> String {
    format!("{}.{:02}", grams / 1000, grams % 1000 / 10)
}
