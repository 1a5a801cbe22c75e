//! What a department wrote down of one person: the truth, distorted at the rates.

mod manner;
mod naming;
mod naming_urdu;

use chrono::{Datelike, NaiveDate};

pub(crate) use self::manner::{Manner, RelativeBy, Source};
use crate::{
    cases::Case,
    dice::{Dice, Stream, mix},
    names::{Name, Sex},
    order::Programme,
    people::{Household, Person, Role, in_year},
    rates::Rates,
    world::{World, agent_of},
};

/// How the registry stands to a listed person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Registered,
    RelativeOfRegistered,
    Stranger,
}

/// A person about to be listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) person: &'a Person<'a>,
    pub(crate) household: &'a Household<'a>,
    pub(crate) standing: Standing,
    /// 0 for the first row of a person in a source, then 1.
    pub(crate) copy: u64,
}

/// What one row says.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) name: String,
    /// Empty where it is missing.
    pub(crate) relative: String,
    /// Father, Husband, Head, Self or empty.
    pub(crate) relation: &'static str,
    pub(crate) sex: Sex,
    pub(crate) birth: Option<NaiveDate>,
    pub(crate) age: i64,
    /// Digits or empty.
    pub(crate) id: String,
    /// Digits or empty.
    pub(crate) mobile: String,
    /// Empty where the list has none.
    pub(crate) house_no: String,
    pub(crate) village: usize,
    pub(crate) village_name: String,
    pub(crate) district: &'static str,
    /// Account and branch code.
    pub(crate) account: (String, String),
    pub(crate) consent: &'static str,
    /// Empty: not in the registry.
    pub(crate) resident_ref: String,
    pub(crate) cases: Vec<Case>,
}

/// Writes claims for one source; the dice go on to whatever else the row needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clerk<'a> {
    pub(crate) world: &'a World,
    pub(crate) source: Source,
}

impl<'a> Clerk<'a> {
    fn rates(&self) -> &'a Rates {
        &self.world.rates
    }

    fn manner(&self) -> Manner {
        self.source.manner(self.rates())
    }

    /// The reference of the approval of a request, or nothing; thrown apart, so that no other cell depends on it.
    pub(crate) fn approval(&self, subject: &Subject, share: f64) -> String {
        let place = subject.household.serial(subject.person) * 4 + subject.copy;
        let mut dice = Dice::new(self.world.seed, Stream::Approval, self.source as u64, place);
        if !dice.chance(share) {
            return String::new();
        }
        format!("SAN/{:02}/{:05}", 1 + dice.below(26), dice.below(100_000))
    }

    /// Whether the request is a new one, not a change; thrown apart as approvals are.
    pub(crate) fn is_new(&self, subject: &Subject) -> bool {
        let place = subject.household.serial(subject.person) * 4 + subject.copy;
        Dice::new(self.world.seed, Stream::Approval, 100 + self.source as u64, place).chance(0.8)
    }

    /// The row of one person.
    pub(crate) fn write(&self, subject: &Subject) -> (Claim, Dice) {
        let Subject { person, household, .. } = *subject;
        let place = household.serial(person) * 4 + subject.copy;
        let mut dice = Dice::new(self.world.seed, Stream::Claim, self.source as u64, place);
        let mut cases = self.standing_cases(subject);
        let native = dice.chance(self.manner().native);
        if native {
            cases.push(Case::NativeScript);
        }
        let (name, (relative, relation)) = self.names(subject, native, &mut dice, &mut cases);
        let (birth, age) = self.birth(person, &mut dice, &mut cases);
        let id = self.id(subject, &mut dice, &mut cases);
        let mobile = self.mobile(subject, &mut dice, &mut cases);
        let (village, village_name) = self.village(subject, native, &mut dice, &mut cases);
        let district = self.district(village, &mut dice, &mut cases);
        let house_no = self.house(household, &mut dice);
        let changed = dice.chance(self.rates().account_changed);
        if changed && self.manner().accounts {
            cases.push(Case::AccountChanged);
        }
        let account = self.world.numbers.account(household.serial(person), u64::from(changed));
        let id = self.agents_id(subject, id, &mut cases);
        let account = self.agents_account(subject, account, &mut cases);
        let consent = if dice.chance(self.rates().consent_missing) {
            // Consent is asked for the use of an id.
            if !id.is_empty() {
                cases.push(Case::ConsentMissing);
            }
            ""
        } else {
            ["Yes", "Form", "e-KYC"][dice.weighted(&[0.4, 0.25, 0.35])]
        };
        let registered = subject.standing == Standing::Registered;
        let resident_ref = if registered { household.resident_id(person) } else { String::new() };
        let sex = person.sex;
        let claim = Claim {
            name,
            relative,
            relation,
            sex,
            birth,
            age,
            id,
            mobile,
            house_no,
            village,
            village_name,
            district,
            account,
            consent,
            resident_ref,
            cases,
        };
        (claim, dice)
    }

    /// What stands about a person, whatever the row says.
    fn standing_cases(&self, subject: &Subject) -> Vec<Case> {
        let Subject { person, household, .. } = *subject;
        let mut cases = Vec::with_capacity(8);
        match subject.standing {
            Standing::Stranger => cases.push(Case::NotRegistered),
            Standing::RelativeOfRegistered => cases.push(Case::RelativeNotRegistered),
            Standing::Registered => cases.extend(self.registered_cases(household, person)),
        }
        let traits = [
            (subject.copy > 0, Case::Duplicate),
            (person.twin, Case::Twin),
            (person.fathers_name, Case::FathersName),
            (person.namesake, Case::Namesake),
        ];
        cases.extend(traits.into_iter().filter(|(has, _)| *has).map(|(_, case)| case));
        cases
    }

    /// What the registry has of a person that is out of the ordinary.
    fn registered_cases(
        &self,
        household: &Household,
        person: &Person,
    ) -> impl Iterator<Item = Case> + use<> {
        let world = self.world;
        let unknown = world.birth_unknown(household, person);
        let traits = [
            (person.deceased, Case::Deceased),
            (person.registry_birth.is_some() && !unknown, Case::RegistryBirthApproximate),
            (unknown, Case::RegistryBirthMissing),
            (world.score_unknown(household), Case::ScoreMissing),
            (world.ekyc_stale(household, person) && !person.deceased, Case::EkycStale),
            (person.moved_out.is_some(), Case::MovedOut),
            (household.listed_twice(person), Case::RegistryTwice),
        ];
        traits.into_iter().filter(|(has, _)| *has).map(|(_, case)| case)
    }

    /// The person's and the relative's name.
    fn names(
        &self,
        subject: &Subject,
        native: bool,
        dice: &mut Dice,
        cases: &mut Vec<Case>,
    ) -> (String, (String, &'static str)) {
        if self.world.programme == Programme::Ehsaas {
            let name = self.urdu_name(subject, native, dice, cases);
            return (name, self.urdu_relative(subject, native, dice, cases));
        }
        let name = self.person_name(subject, native, dice, cases);
        let relative = self.relative_name(subject, (&name, native), dice, cases);
        (name, relative)
    }

    /// The birth date and the age.
    fn birth(
        &self,
        person: &Person,
        dice: &mut Dice,
        cases: &mut Vec<Case>,
    ) -> (Option<NaiveDate>, i64) {
        let (rates, birth) = (self.rates(), person.birth);
        if self.manner().age_only {
            cases.push(Case::AgeOnly);
            let off = if dice.chance(rates.age_off) {
                cases.push(Case::AgeOff);
                *dice.pick(&[-2, -1, 1, 2])
            } else {
                0
            };
            let age = person.age() + off;
            return (None, if age < 0 { 1 } else { age });
        }
        let weights = [
            rates.birth_missing,
            rates.birth_first_january,
            rates.birth_swapped,
            rates.birth_year_off,
        ];
        let rest = 1.0 - weights.iter().sum::<f64>();
        let fault = dice.weighted(&[weights[0], weights[1], weights[2], weights[3], rest]);
        let swapped = NaiveDate::from_ymd_opt(birth.year(), birth.day(), birth.month());
        let (case, written) = match fault {
            0 => (Case::BirthMissing, None),
            1 => (Case::BirthFirstJanuary, NaiveDate::from_ymd_opt(birth.year(), 1, 1)),
            2 if swapped.is_some_and(|swapped| swapped != birth) => (Case::BirthSwapped, swapped),
            3 => {
                let off = if dice.chance(0.5) { -1 } else { 1 };
                (Case::BirthYearOff, Some(in_year(birth, (birth.year() + off).min(2025))))
            }
            _ => return (Some(birth), person.age()),
        };
        cases.push(case);
        (written, person.age())
    }

    fn id(&self, subject: &Subject, dice: &mut Dice, cases: &mut Vec<Case>) -> String {
        let Subject { person, household, .. } = *subject;
        if !person.has_id || dice.chance(self.rates().id_missing) {
            cases.push(Case::IdMissing);
            return String::new();
        }
        let (id, parity_wrong) = self.world.id(household, person);
        let others: Vec<_> = household
            .members
            .iter()
            .filter(|other| other.slot != person.slot && other.copy_of.is_none() && other.has_id)
            .collect();
        if !others.is_empty() && dice.chance(self.rates().id_of_relative) {
            cases.push(Case::IdOfRelative);
            return self.world.id(household, others[dice.below(others.len())]).0;
        }
        if parity_wrong {
            cases.push(Case::ParityWrong);
        }
        if !dice.chance(self.rates().id_digit_wrong) {
            return id;
        }
        let mut digits = id.into_bytes();
        let at = 1 + dice.below(digits.len() - 2);
        if dice.chance(0.5) && digits[at] != digits[at + 1] {
            digits.swap(at, at + 1);
            cases.push(Case::IdDigitsSwapped);
        } else {
            digits[at] = b'0' + (digits[at] - b'0' + 1 + dice.below(9) as u8) % 10;
            cases.push(Case::IdDigitWrong);
        }
        digits.into_iter().map(char::from).collect()
    }

    /// Dice for what was planted later than the rest of a row.
    pub(crate) fn planted(&self, subject: &Subject, what: u64) -> Dice {
        let place = subject.household.serial(subject.person) * 4 + subject.copy;
        Dice::new(self.world.seed, Stream::Planted, 16 * (1 + what) + self.source as u64, place)
    }

    /// The id as written, or the agent's own.
    fn agents_id(&self, subject: &Subject, id: String, cases: &mut Vec<Case>) -> String {
        let mut dice = self.planted(subject, 0);
        if id.is_empty()
            || subject.standing != Standing::Registered
            || !dice.chance(self.rates().id_shared)
        {
            return id;
        }
        let of_own =
            [Case::IdOfRelative, Case::ParityWrong, Case::IdDigitsSwapped, Case::IdDigitWrong];
        cases.retain(|case| !of_own.contains(case));
        cases.push(Case::IdShared);
        self.world.agents_id(subject.household)
    }

    /// The account as written, or the agent's own.
    fn agents_account(
        &self,
        subject: &Subject,
        account: (String, String),
        cases: &mut Vec<Case>,
    ) -> (String, String) {
        let mut dice = self.planted(subject, 1);
        if !self.manner().accounts
            || subject.standing != Standing::Registered
            || !dice.chance(self.rates().bank_shared)
        {
            return account;
        }
        cases.retain(|case| *case != Case::AccountChanged);
        cases.push(Case::BankShared);
        self.world.numbers.account(agent_of(subject.household), 0)
    }

    fn mobile(&self, subject: &Subject, dice: &mut Dice, cases: &mut Vec<Case>) -> String {
        let (rates, household) = (self.rates(), subject.household);
        let weights = [rates.phone_missing, rates.phone_shared, rates.phone_changed];
        let rest = 1.0 - weights.iter().sum::<f64>();
        match dice.weighted(&[weights[0], weights[1], weights[2], rest]) {
            0 => {
                cases.push(Case::PhoneMissing);
                String::new()
            }
            1 => {
                cases.push(Case::PhoneShared);
                // One volunteer serves some seventy neighbouring households.
                let area = if household.index < crate::numbers::STRANGERS {
                    household.index / 70
                } else {
                    household.village as u64
                };
                let mut volunteer = Dice::new(self.world.seed, Stream::Claim, 7, mix(area));
                self.world.numbers.other_mobile(&mut volunteer)
            }
            2 => {
                cases.push(Case::PhoneChanged);
                self.world.numbers.other_mobile(dice)
            }
            _ => self.world.numbers.mobile(household.index, subject.person.telephone),
        }
    }

    fn village(
        &self,
        subject: &Subject,
        native: bool,
        dice: &mut Dice,
        cases: &mut Vec<Case>,
    ) -> (usize, String) {
        let (places, household) = (&self.world.places, subject.household);
        let mut village = household.village;
        if moved_out(subject).is_some() {
            let serial = household.serial(subject.person);
            let mut husbands = Dice::new(self.world.seed, Stream::Relative, 9, serial);
            village = places.near(village, &mut husbands);
        }
        if dice.chance(self.rates().moved_village) {
            cases.push(Case::Moved);
            village = places.near(village, dice);
        }
        let place = places.village(village);
        if native {
            return (village, place.native.clone());
        }
        if dice.chance(self.rates().place_variant) {
            cases.push(Case::PlaceVariant);
            return (village, places.variant(village, dice));
        }
        (village, place.name.clone())
    }

    /// The district of today or, in some lists, of before the split.
    fn district(&self, village: usize, dice: &mut Dice, cases: &mut Vec<Case>) -> &'static str {
        let places = &self.world.places;
        let place = places.village(village);
        let old = places.part(place.part);
        if !dice.chance(self.manner().old_district) || old == place.district {
            return place.district;
        }
        cases.push(Case::OldDistrict);
        old
    }

    fn house(&self, household: &Household, dice: &mut Dice) -> String {
        if !self.manner().house {
            return String::new();
        }
        match (dice.chance(self.rates().house_changed), dice.chance(0.5)) {
            (false, _) => household.house_no.clone(),
            (true, true) => String::new(),
            (true, false) => format!("{}-{}", dice.between(1, 12), dice.between(1, 240)),
        }
    }

    /// By whom the list names a person: the head of the card, the father, or as the registry does.
    fn relative_of<'p>(
        &self,
        subject: &Subject<'p>,
        dice: &mut Dice,
        cases: &mut Vec<Case>,
    ) -> (&'p Name<'p>, &'static str) {
        let person = subject.person;
        let by = self.manner().relative;
        if let (Some((_, husband)), false) = (moved_out(subject), by == RelativeBy::Father) {
            return (husband, if by == RelativeBy::Head { "Head" } else { "Husband" });
        }
        match by {
            RelativeBy::Head => (&subject.household.members[0].name, "Head"),
            RelativeBy::Father => (&person.father, "Father"),
            RelativeBy::Registry
                if person.husband.is_some() && dice.chance(self.rates().relative_other) =>
            {
                cases.push(Case::RelativeOther);
                (&person.father, "Father")
            }
            RelativeBy::Registry => person.relative(),
        }
    }
}

/// The name and the husband of a daughter who moved out; lists know of it.
fn moved_out<'p>(subject: &Subject<'p>) -> Option<&'p (Name<'p>, Name<'p>)> {
    let moved = subject.person.moved_out.as_ref();
    moved.filter(|_| subject.standing == Standing::Registered)
}

/// Whether the row names the head of the card.
pub(crate) fn is_head(subject: &Subject) -> bool {
    subject.person.role == Role::Head
}
