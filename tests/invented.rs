//! Lists of quite another kind, invented here, with the one-line model: trained without labels and judged by who was made of whom.

use crate::peers::{Trial, f1};

crate::tests!(
    circumstances_that_say_each_other_make_nobody_one_person,
    families_that_outnumber_doubles_are_not_one_person,
);

/// Numbers that look random and are the same each time (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    /// So many times of a hundred.
    fn often(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    /// A word with a letter lost, doubled or changed.
    fn misspelt(&mut self, word: &str) -> String {
        let at = 1 + self.below(word.len() - 2);
        let (before, after) = word.split_at(at);
        match self.below(3) {
            0 => format!("{before}{}", &after[1..]),
            1 => format!("{before}{}{after}", &after[..1]),
            _ => format!("{before}{}{}", self.one(&["a", "e", "i", "n", "r"]), &after[1..]),
        }
    }
}

const GIVEN: [&str; 40] = [
    "Ramesh", "Suresh", "Lakshmi", "Srinivas", "Padma", "Anitha", "Kiran", "Mahesh", "Sita",
    "Gopal", "Ravi", "Swathi", "Divya", "Sandhya", "Prasad", "Kavitha", "Rajesh", "Bhavani",
    "Durga", "Manjula", "Geetha", "Sunitha", "Aruna", "Vijaya", "Satish", "Pavan", "Charan",
    "Deepika", "Mounika", "Rohith", "Arjun", "Bhanu", "Dinesh", "Ganesh", "Jyothi", "Lavanya",
    "Nikhil", "Ramya", "Tarun", "Salma",
];
const FAMILIES: [&str; 20] = [
    "Reddy",
    "Naidu",
    "Chowdary",
    "Yadav",
    "Varma",
    "Bandi",
    "Kolli",
    "Mekala",
    "Pothula",
    "Vemula",
    "Chinta",
    "Dasari",
    "Shaik",
    "Nalluri",
    "Tadikonda",
    "Boddu",
    "Kakarla",
    "Bollineni",
    "Gadde",
    "Jasti",
];
const VILLAGES: [&str; 10] = [
    "Kolakaluru",
    "Pedaravuru",
    "Nelapadu",
    "Burripalem",
    "Katevaram",
    "Nandivelugu",
    "Duggirala",
    "Chintalapudi",
    "Emani",
    "Morampudi",
];

#[derive(Clone)]
struct Pupil {
    name: [String; 2],
    mother: String,
    born: [usize; 3],
    sex: &'static str,
    village: &'static str,
    school: String,
    phone: String,
}

impl Pupil {
    fn row(&self, number: String) -> Vec<String> {
        let [year, month, day] = self.born;
        vec![
            number,
            self.name.join(" "),
            self.mother.clone(),
            format!("{year}-{month:02}-{day:02}"),
            self.sex.to_owned(),
            self.school.clone(),
            self.village.to_owned(),
            self.phone.clone(),
        ]
    }

    /// A brother or sister, of another age.
    fn sibling(&self, dice: &mut Dice) -> Self {
        let mut other = self.clone();
        while other.name == self.name {
            dice.one(&GIVEN).clone_into(&mut other.name[0]);
        }
        other.born = [self.born[0] + 1 + dice.below(3), 1 + dice.below(12), 1 + dice.below(28)];
        other.sex = dice.one(&["M", "F"]);
        other
    }

    /// As somebody else writes it.
    fn written_again(&self, dice: &mut Dice) -> Self {
        let mut other = self.clone();
        for part in &mut other.name {
            if dice.often(20) {
                *part = dice.misspelt(part);
            }
        }
        if dice.often(20) {
            other.name.reverse();
        }
        if dice.often(25) {
            other.mother = dice.misspelt(&other.mother);
        }
        if dice.often(10) {
            other.born[2] = 1 + dice.below(28);
        }
        if dice.often(40) {
            other.phone = format!("8{}", dice.digits(9));
        }
        other
    }
}

fn family(dice: &mut Dice) -> Vec<Pupil> {
    let (name, village) = (dice.one(&FAMILIES), dice.one(&VILLAGES));
    let first = Pupil {
        name: [dice.one(&GIVEN).to_owned(), name.to_owned()],
        mother: format!("{} {}", dice.one(&GIVEN), dice.one(&["Devi", "Kumari", name])),
        born: [2006 + dice.below(7), 1 + dice.below(12), 1 + dice.below(28)],
        sex: dice.one(&["M", "F"]),
        village,
        school: format!("{} {village}", dice.one(&["ZPHS", "MPPS"])),
        phone: format!("9{}", dice.digits(9)),
    };
    let mut pupils = vec![first];
    while dice.often(40) && pupils.len() < 3 {
        let sibling = pupils[0].sibling(dice);
        pupils.push(sibling);
    }
    pupils
}

/// A school names its village, and half a village has one of few family names: agreement in all three is what some hundred
/// records have with one another, and of a record no two rows are its person.
fn circumstances_that_say_each_other_make_nobody_one_person() {
    let mut dice = Dice(7);
    let mut pupils: Vec<Pupil> = Vec::new();
    while pupils.len() < 2000 {
        pupils.extend(family(&mut dice));
    }
    // Of four three are enrolled; who is not may have a brother who is.
    let header = ["Number", "Pupil", "Mother", "Born", "Sex", "School", "Village", "Phone"]
        .map(str::to_owned);
    let enrolled: Vec<Vec<String>> = (0..pupils.len())
        .filter(|at| at % 4 != 3)
        .map(|at| pupils[at].row(format!("E{at}")))
        .collect();
    let (mut applied, mut truth) = (Vec::new(), Vec::new());
    for at in (0..pupils.len()).filter(|at| at % 4 >= 2) {
        applied.push(pupils[at].written_again(&mut dice).row(format!("A{at}")));
        truth.push(if at % 4 == 3 { String::new() } else { format!("E{at}") });
    }
    let trial = Trial::new("school");
    for (file, rows) in [("enrolment.csv", &enrolled), ("applications.csv", &applied)] {
        let rows: Vec<&[String]> =
            std::iter::once(&header[..]).chain(rows.iter().map(Vec::as_slice)).collect();
        trial.list(file, &rows);
    }
    trial.truth("applications", "applications.csv", truth.into_iter());
    let judged = trial.judged();
    assert!(f1(&judged) >= 0.95, "{}", judged["accepted"]);
}

/// A member as the list has him: given name, surname, birth, address, phone.
type Member = [String; 5];

fn members_of_a_house(dice: &mut Dice) -> Vec<Member> {
    let surname = dice.one(&FAMILIES);
    let address = format!("{}-{} {}", 1 + dice.below(20), 1 + dice.below(300), dice.one(&VILLAGES));
    let phone = format!("9{}", dice.digits(9));
    let mut given: Vec<&str> = Vec::new();
    while given.len() < 2 + dice.below(4) {
        let name = dice.one(&GIVEN);
        if !given.contains(&name) {
            given.push(name);
        }
    }
    let of_one = |name: &&str| {
        let (year, month, day) = (1950 + dice.below(60), 1 + dice.below(12), 1 + dice.below(28));
        let born = format!("{year}-{month:02}-{day:02}");
        [(*name).to_owned(), surname.to_owned(), born, address.clone(), phone.clone()]
    };
    given.iter().map(of_one).collect()
}

/// The member a second time, as another clerk wrote him.
fn entered_again(member: &Member, dice: &mut Dice) -> Member {
    let mut other = member.clone();
    for part in &mut other[..2] {
        if dice.often(30) {
            *part = dice.misspelt(part);
        }
    }
    if dice.often(10) {
        let day = format!("{:02}", 1 + dice.below(28));
        other[2].replace_range(8.., &day);
    }
    if dice.often(25) {
        other[4] = format!("8{}", dice.digits(9));
    }
    other
}

/// Of a hundred members three are there twice, and each shares surname, address and telephone with two or three others: the most
/// common thing that pairs have in common is a house.
fn families_that_outnumber_doubles_are_not_one_person() {
    let mut dice = Dice(11);
    let mut members: Vec<(Member, usize)> = Vec::new();
    let mut person = 0;
    while members.len() < 3000 {
        for member in members_of_a_house(&mut dice) {
            if dice.often(3) {
                members.push((entered_again(&member, &mut dice), person));
            }
            members.push((member, person));
            person += 1;
        }
    }
    // Whoever is entered twice does not stand beside himself.
    members.sort_by_key(|(member, person)| (member[0].clone(), *person));
    let header =
        ["Number", "Given", "Surname", "Born", "Address", "Phone"].map(str::to_owned).to_vec();
    let row = |(at, (member, _)): (usize, &(Member, usize))| {
        std::iter::once(format!("M{at}")).chain(member.iter().cloned()).collect()
    };
    let rows: Vec<Vec<String>> =
        std::iter::once(header).chain(members.iter().enumerate().map(row)).collect();
    let trial = Trial::new("members");
    trial.list("members.csv", &rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    trial.truth("members", "members.csv", members.iter().map(|(_, person)| person.to_string()));
    let judged = trial.judged();
    assert!(f1(&judged) >= 0.9, "{}", judged["accepted"]);
}
