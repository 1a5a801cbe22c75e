//! Builds one household: couples with children, three generations, widows, people alone; twins; sons named after grandfathers.

use chrono::{Days, NaiveDate};

use crate::{
    dice::Dice,
    names::{Community, Name, Sex, Vocabulary, Word},
    people::{Person, Role, age, day, in_year},
    rates::Rates,
};

/// Days of a year, for births.
const YEAR: i64 = 365;
/// Births that are twins (assumed; South Asia has about 1 in 100 deliveries).
const TWINS: f64 = 0.012;
/// Households of the four families that a village is mostly of (assumed; villages of one caste and few family names are usual).
const LOCAL_FAMILIES: f64 = 0.4;
/// First sons who carry the paternal grandfather's given name (assumed; a custom of the region).
const GRANDFATHERS_NAME: f64 = 0.12;
/// Wives whom the registry has under the husband's family name (assumed).
const HUSBANDS_FAMILY: f64 = 0.7;
/// Registry births that are 1 January of a guessed year (assumed; UIDAI calls them approximate).
const APPROXIMATE: f64 = 0.08;
/// Families of Pakistan whose men write their clan (assumed; it is no rule there).
const SHOWN_CLANS: f64 = 0.4;

/// Builds the members of one household from its dice.
pub(crate) struct Builder<'w, 'd> {
    vocabulary: &'w Vocabulary,
    rates: &'w Rates,
    community: Community,
    dice: &'d mut Dice,
    family: &'w Word,
    /// The family's word stands in its men's names.
    shown: bool,
    /// The word that the men share.
    title: Option<&'w Word>,
    /// Throws what is common in this village.
    local: &'d dyn Fn(u64) -> Dice,
    /// The given names drawn last are what the village favours.
    favoured: bool,
    members: Vec<Person<'w>>,
}

impl<'w, 'd> Builder<'w, 'd> {
    /// Draws what the family shares. `local` throws what is common in this village.
    pub(crate) fn new(
        (vocabulary, rates): (&'w Vocabulary, &'w Rates),
        community: Community,
        local: &'d dyn Fn(u64) -> Dice,
        dice: &'d mut Dice,
    ) -> Self {
        let family = if dice.chance(LOCAL_FAMILIES) {
            vocabulary.family(community, &mut local(dice.below(4) as u64))
        } else {
            vocabulary.family(community, dice)
        };
        let titled = match community {
            Community::Hindu => 0.4,
            Community::Muslim | Community::Christian => 0.0,
            _ => 0.45,
        };
        let title = dice.chance(titled).then(|| vocabulary.title(community, dice));
        let shown = community.has_family_names() || dice.chance(SHOWN_CLANS);
        Self {
            vocabulary,
            rates,
            community,
            dice,
            family,
            shown,
            title,
            local,
            favoured: false,
            members: Vec::new(),
        }
    }

    /// Builds a household of this size.
    pub(crate) fn household(mut self, size: usize) -> Vec<Person<'w>> {
        match size {
            0 | 1 => self.alone(),
            2 if self.dice.chance(0.7) => self.couple(),
            _ if self.dice.chance(0.12) => self.widow_with_children(size - 1),
            4.. if self.dice.chance(0.4) => self.three_generations(size),
            _ => self.nuclear(size),
        }
        for at in 0..self.members.len() {
            self.circumstances(at);
        }
        if self.members.len() > 3 && self.dice.chance(self.rates.registry_twice) {
            self.list_twice();
        }
        self.members
    }

    /// What life and the surveyor did to a member.
    fn circumstances(&mut self, at: usize) {
        let dice = &mut *self.dice;
        let person = &mut self.members[at];
        let years = age(person.birth);
        person.disabled = dice.chance(0.025);
        person.deceased = dice.chance(if years > 60 { 0.025 } else { 0.006 });
        person.has_id = dice.chance(if years < 5 { 0.8 } else { 0.98 });
        let own = years >= 18 && dice.chance(0.45);
        person.telephone = if own { 1 + person.slot % 2 } else { 0 };
        if dice.chance(APPROXIMATE) {
            let off = if dice.chance(0.3) { dice.between(-2, 2) } else { 0 };
            person.registry_birth = Some(in_first_january(person.birth, off));
        }
        person.overlap = years >= 60 && dice.chance(self.rates.overlap);
        let daughter = person.role == Role::Child && person.sex == Sex::Female;
        if daughter && (18..=30).contains(&years) && dice.chance(self.rates.moved_out) {
            let (birth, given) =
                (person.birth - Days::new(3 * YEAR as u64), person.name.given.clone());
            let family = self.vocabulary.family(self.community, self.dice);
            let husband = Name { family, given: self.given(Sex::Male, birth), shown: self.shown };
            let name = Name { family, given, shown: self.shown };
            self.members[at].moved_out = Some((name, husband));
        }
    }

    /// Puts a second row of another member in the place of the last one.
    fn list_twice(&mut self) {
        let last = self.members.len() - 1;
        let slot = self.members[last].slot;
        let mut second = self.members[self.dice.below(last)].clone();
        second.copy_of = Some(second.slot);
        second.slot = slot;
        second.has_id &= self.dice.chance(0.5);
        second.registry_birth = second.registry_birth.or_else(|| {
            self.dice.chance(0.5).then(|| in_first_january(second.birth, self.dice.between(-1, 1)))
        });
        self.members[last] = second;
    }

    /// A birth at an age between `low` and `high` years.
    fn birth(&mut self, low: i64, high: i64) -> NaiveDate {
        let days = self.dice.between(low * YEAR, (high + 1) * YEAR).max(60) as u64;
        day(2026, 10, 1) - Days::new(days)
    }

    fn given(&mut self, sex: Sex, birth: NaiveDate) -> Vec<&'w Word> {
        if self.dice.chance(self.rates.namesake) {
            self.favoured = true;
            let who = (self.community, sex, day(1980, 1, 1));
            return self.vocabulary.given(who, None, &mut (self.local)(4 + sex as u64));
        }
        self.favoured = false;
        self.vocabulary.given((self.community, sex, birth), self.title, self.dice)
    }

    /// A man of the family, born a generation before `birth`, who need not live here.
    fn forefather(&mut self, family: &'w Word, birth: NaiveDate) -> Name<'w> {
        let earlier = birth - Days::new(self.dice.between(20 * YEAR, 38 * YEAR) as u64);
        let given = if family.code == self.family.code {
            self.given(Sex::Male, earlier)
        } else {
            self.vocabulary.given((self.community, Sex::Male, earlier), None, self.dice)
        };
        Name { family, given, shown: self.shown }
    }

    /// Adds a member with the simplest values.
    fn add(
        &mut self,
        role: Role,
        who: (Sex, NaiveDate),
        given: Vec<&'w Word>,
        father: Name<'w>,
    ) -> usize {
        self.members.push(Person {
            slot: self.members.len() as u64 + 1,
            name: Name {
                family: self.family,
                given,
                shown: self.shown && who.0 == Sex::Male || self.community.has_family_names(),
            },
            other_family: None,
            father,
            husband: None,
            sex: who.0,
            birth: who.1,
            role,
            widowed: false,
            disabled: false,
            deceased: false,
            has_id: true,
            telephone: 0,
            registry_birth: None,
            copy_of: None,
            moved_out: None,
            overlap: false,
            twin: false,
            fathers_name: false,
            namesake: false,
        });
        self.members.len() - 1
    }

    fn man(&mut self, role: Role, birth: NaiveDate, father: Option<Name<'w>>) -> usize {
        let given = self.given(Sex::Male, birth);
        let namesake = self.favoured;
        let father = father.unwrap_or_else(|| self.forefather(self.family, birth));
        let at = self.add(role, (Sex::Male, birth), given, father);
        self.members[at].namesake = namesake;
        at
    }

    /// A woman who married into the family.
    fn wife(&mut self, role: Role, birth: NaiveDate, husband: Name<'w>, widowed: bool) -> usize {
        let maiden = self.vocabulary.family(self.community, self.dice);
        let father = self.forefather(maiden, birth);
        let given = self.given(Sex::Female, birth);
        let namesake = self.favoured;
        let renamed = self.dice.chance(HUSBANDS_FAMILY);
        let at = self.add(role, (Sex::Female, birth), given, father);
        let wife = &mut self.members[at];
        wife.name.family = if renamed { husband.family } else { maiden };
        wife.other_family = Some(if renamed { maiden } else { husband.family });
        wife.husband = Some(husband);
        wife.widowed = widowed;
        wife.namesake = namesake;
        at
    }

    fn alone(&mut self) {
        if self.dice.chance(0.65) {
            let birth = self.birth(52, 86);
            let husband = self.forefather(self.family, birth);
            self.wife(Role::Head, birth, husband, true);
        } else {
            let birth = self.birth(24, 84);
            let at = self.man(Role::Head, birth, None);
            self.members[at].widowed = age(birth) > 60;
        }
    }

    /// A man and his wife; returns both.
    fn pair(&mut self, birth: NaiveDate, father: Option<Name<'w>>) -> (usize, usize) {
        let head = self.man(Role::Head, birth, father);
        let younger = Days::new(self.dice.between(0, 8 * YEAR) as u64);
        let limit = day(2026, 10, 1) - Days::new(18 * YEAR as u64);
        let name = self.members[head].name.clone();
        let wife = self.wife(Role::Wife, (birth + younger).min(limit), name, false);
        (head, wife)
    }

    fn couple(&mut self) {
        let birth = if self.dice.chance(0.7) { self.birth(55, 84) } else { self.birth(23, 50) };
        self.pair(birth, None);
    }

    fn nuclear(&mut self, size: usize) {
        let birth = self.birth(22 + 4 * (size as i64 - 2), 64);
        let (head, wife) = self.pair(birth, None);
        self.children(size - 2, (head, wife), None);
    }

    fn widow_with_children(&mut self, children: usize) {
        let birth = self.birth(30, 72);
        let husband = self.forefather(self.family, birth + Days::new(25 * YEAR as u64));
        let widow = self.wife(Role::Head, birth, husband, true);
        self.children(children, (widow, widow), None);
    }

    fn three_generations(&mut self, size: usize) {
        let birth = self.birth(23 + 3 * (size as i64 - 3), 52);
        let elder = birth - Days::new(self.dice.between(19 * YEAR, 32 * YEAR) as u64);
        let grandfather = self.forefather(self.family, birth);
        let (head, wife) = self.pair(birth, Some(grandfather.clone()));
        let both = size >= 5 && self.dice.chance(0.5);
        let younger = Days::new(self.dice.between(0, 6 * YEAR) as u64);
        self.wife(
            Role::Parent,
            (elder + younger).min(birth - Days::new(17 * YEAR as u64)),
            grandfather.clone(),
            !both,
        );
        if both {
            let father = self.forefather(self.family, elder);
            self.add(Role::Parent, (Sex::Male, elder), grandfather.given.clone(), father);
        }
        self.children(size - self.members.len(), (head, wife), Some(grandfather));
    }

    /// Children of the head, born when the mother was 18 to 36, the oldest first.
    fn children(&mut self, count: usize, parents: (usize, usize), grandfather: Option<Name<'w>>) {
        let (head, mother) = (&self.members[parents.0], &self.members[parents.1]);
        let father = head.husband.clone().unwrap_or_else(|| head.name.clone());
        let mut birth = mother.birth + Days::new(18 * YEAR as u64);
        let newest = day(2026, 8, 1);
        let mut twin = false;
        for nth in 0..count {
            if !twin {
                let wait = if nth == 0 {
                    self.dice.between(0, 6 * YEAR)
                } else {
                    self.dice.between(330, 4 * YEAR)
                };
                birth = birth + Days::new(wait as u64);
                if birth > newest {
                    birth = newest - Days::new(self.dice.between(0, 300) as u64);
                }
            }
            let son = self.dice.chance(0.52);
            let sex = if son { Sex::Male } else { Sex::Female };
            let mut given = self.given(sex, birth);
            let namesake = self.favoured;
            let after = grandfather
                .as_ref()
                .filter(|_| son && nth == 0 && self.dice.chance(GRANDFATHERS_NAME));
            let fathers = son && nth < 2 && self.dice.chance(self.rates.fathers_name);
            if let Some(elder) = after.or_else(|| fathers.then_some(&father)) {
                given.clone_from(&elder.given);
            } else {
                while self.members.iter().any(|member| same_words(&member.name.given, &given)) {
                    given =
                        self.vocabulary.given((self.community, sex, birth), self.title, self.dice);
                }
            }
            let at = self.add(Role::Child, (sex, birth), given, father.clone());
            self.members[at].namesake = namesake;
            self.members[at].fathers_name = fathers && after.is_none();
            let second = twin;
            twin = !twin && nth + 1 < count && self.dice.chance(TWINS);
            self.members[at].twin = twin || second;
        }
    }
}

fn same_words(one: &[&Word], other: &[&Word]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.code == other.code)
}

/// 1 January of the year, or of one some years off.
fn in_first_january(birth: NaiveDate, off: i64) -> NaiveDate {
    use chrono::Datelike;
    let year = (birth.year() + off as i32).min(2026);
    in_year(day(2000, 1, 1), year)
}
