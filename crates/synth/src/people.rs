//! The vocabulary of the invented population: households and who lives in them.

use chrono::{Datelike, NaiveDate};

use crate::{
    names::{Community, Name, Sex, Word},
    numbers::SLOTS,
};

/// The day the dumps describe.
pub(crate) const AS_ON: (i32, u32, u32) = (2026, 10, 31);

/// A date that is known to exist.
pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// Completed years on the day the dumps describe.
pub(crate) fn age(birth: NaiveDate) -> i64 {
    let (year, month, date) = AS_ON;
    day(year, month, date).years_since(birth).map_or(0, i64::from)
}

/// A person's place in the household, seen from its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Head,
    Wife,
    Child,
    Parent,
    Sibling,
}

/// One invented person.
#[derive(Clone, Debug)]
pub(crate) struct Person<'w> {
    /// Place in the household, from 1; relatives unknown to the registry have 12 and more.
    pub(crate) slot: u64,
    pub(crate) name: Name<'w>,
    /// A married woman's other family name: her father's where the registry has the husband's, or the other way round.
    pub(crate) other_family: Option<&'w Word>,
    pub(crate) father: Name<'w>,
    /// Of women ever married.
    pub(crate) husband: Option<Name<'w>>,
    pub(crate) sex: Sex,
    pub(crate) birth: NaiveDate,
    pub(crate) role: Role,
    pub(crate) widowed: bool,
    pub(crate) disabled: bool,
    pub(crate) deceased: bool,
    /// Has been given an id.
    pub(crate) has_id: bool,
    /// Which of the household's telephones is hers.
    pub(crate) telephone: u64,
    /// The registry wrote this instead of the birth date.
    pub(crate) registry_birth: Option<NaiveDate>,
    /// This is the registry's second row of the member of this slot; no list is made from it.
    pub(crate) copy_of: Option<u64>,
    /// A daughter who moved out: the name she has now and the man she married.
    pub(crate) moved_out: Option<(Name<'w>, Name<'w>)>,
    /// Somebody studies in this old person's name.
    pub(crate) overlap: bool,
    pub(crate) twin: bool,
    pub(crate) fathers_name: bool,
    pub(crate) namesake: bool,
}

impl<'w> Person<'w> {
    /// The relative by whom the person is known: the husband, else the father.
    pub(crate) fn relative(&self) -> (&Name<'w>, &'static str) {
        match &self.husband {
            Some(husband) => (husband, "Husband"),
            None => (&self.father, "Father"),
        }
    }

    pub(crate) fn age(&self) -> i64 {
        age(self.birth)
    }
}

/// One invented household.
#[derive(Clone, Debug)]
pub(crate) struct Household<'w> {
    /// Place in the registry, or from `STRANGERS` on.
    pub(crate) index: u64,
    pub(crate) village: usize,
    /// The part of the country: the old district, or the province.
    pub(crate) part: usize,
    pub(crate) community: Community,
    pub(crate) house_no: String,
    /// Score by proxy means test, 0 (poorest) to 100, in tenths (Pakistan).
    pub(crate) pmt_tenths: u64,
    /// It has a rice card.
    pub(crate) card: bool,
    pub(crate) members: Vec<Person<'w>>,
}

impl Household<'_> {
    /// Poor enough for cash: the survey of 2021-22 drew the line at 32.
    pub(crate) fn is_poor(&self) -> bool {
        self.pmt_tenths <= 320
    }

    /// The registry's key of the household.
    pub(crate) fn household_id(&self) -> String {
        format!("H-{:06}", self.index + 1)
    }

    /// The registry's key of a member.
    pub(crate) fn resident_id(&self, person: &Person) -> String {
        format!("R-{:06}-{}", self.index + 1, person.slot)
    }

    /// A person's number among all people.
    pub(crate) fn serial(&self, person: &Person) -> u64 {
        self.index * SLOTS + person.copy_of.unwrap_or(person.slot)
    }

    /// Whether the registry has a second row of this member.
    pub(crate) fn listed_twice(&self, person: &Person) -> bool {
        self.members.iter().any(|member| member.copy_of == Some(person.slot))
    }
}

/// The same day in another year.
pub(crate) fn in_year(date: NaiveDate, year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, date.month(), date.day()).unwrap_or_else(|| day(year, 3, 1))
}
