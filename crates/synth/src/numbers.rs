//! Invented numbers: unique, well-formed, nobody's on purpose.
//!
//! A number is a keyed permutation of a person's or household's place, so it is unique without a table of those given out.

use crate::{
    dice::{Dice, mix},
    order::Programme,
};

/// First number of the invented households that are in no registry; registered households stay below it.
pub(crate) const STRANGERS: u64 = 1 << 29;
/// People a household has room for, unlisted relatives included.
pub(crate) const SLOTS: u64 = 16;

const MULTIPLY: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];
const STEP: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
/// The permutation applied none to seven times.
const STEPS: [[u8; 10]; 8] = {
    let mut steps = [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]; 8];
    let mut times = 1;
    while times < 8 {
        let mut digit = 0;
        while digit < 10 {
            steps[times][digit] = STEP[steps[times - 1][digit] as usize];
            digit += 1;
        }
        times += 1;
    }
    steps
};

/// The checksum of digits whose last one stands at `first` places from the right; 0 means valid when `first` is 0.
fn checksum(digits: &str, first: usize) -> u8 {
    digits.bytes().rev().enumerate().fold(0, |sum, (place, byte)| {
        let digit = STEPS[(place + first) % 8][usize::from(byte - b'0')];
        MULTIPLY[sum as usize][digit as usize]
    })
}

/// Whether a string of digits ends in its Verhoeff check digit.
#[cfg(test)]
pub(crate) fn is_verhoeff(digits: &str) -> bool {
    checksum(digits, 0) == 0
}

/// Appends the Verhoeff check digit.
fn with_check_digit(digits: &str) -> String {
    let sum = checksum(digits, 1);
    let check = (0..10).find(|digit| MULTIPLY[sum as usize][*digit as usize] == 0).unwrap_or(0);
    format!("{digits}{check}")
}

/// A keyed one-to-one shuffle of the numbers below `size`: four Feistel rounds, walked until back in range.
#[derive(Clone, Copy, Debug)]
struct Shuffle {
    key: u64,
    size: u64,
    half: u32,
}

impl Shuffle {
    fn new(seed: u64, purpose: u64, size: u64) -> Self {
        let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
        Self { key: mix(seed ^ mix(purpose)), size, half: bits.div_ceil(2).max(1) }
    }

    fn apply(&self, number: u64) -> u64 {
        let mask = (1 << self.half) - 1;
        let mut at = number % self.size;
        loop {
            let (mut left, mut right) = (at >> self.half, at & mask);
            for round in 0..4 {
                (left, right) = (right, left ^ (mix(self.key ^ (right << 3) ^ round) & mask));
            }
            at = (left << self.half) | right;
            if at < self.size {
                return at;
            }
        }
    }
}

/// Gives out the numbers of one invented country.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    programme: Programme,
    seed: u64,
    people: Shuffle,
    phones: Shuffle,
    cards: Shuffle,
    keys: Shuffle,
}

impl Numbers {
    pub(crate) fn new(programme: Programme, seed: u64) -> Self {
        let (people, phones) = match programme {
            Programme::PeopleHub => (80_000_000_000, 4_000_000_000),
            Programme::Ehsaas => (45_000_000_000, 500_000_000),
        };
        Self {
            programme,
            seed,
            people: Shuffle::new(seed, 1, people),
            phones: Shuffle::new(seed, 2, phones),
            cards: Shuffle::new(seed, 3, 90_000_000_000),
            keys: Shuffle::new(seed, 4, 90_000_000),
        }
    }

    /// The Aadhaar-shaped number of a person: 12 digits, first 2 to 9, last the check digit.
    pub(crate) fn aadhaar(&self, person: u64) -> String {
        with_check_digit(&(20_000_000_000 + self.people.apply(person)).to_string())
    }

    /// The CNIC-shaped number of a person: the digit of the province, four of the office, seven, and one that is odd for men.
    /// The second value says that it is not (1 in 100).
    pub(crate) fn cnic(&self, person: u64, province: usize, male: bool) -> (String, bool) {
        /// Punjab, Sindh, Khyber Pakhtunkhwa, Balochistan.
        const DIGITS: [u64; 4] = [3, 4, 1, 5];
        let number = self.people.apply(person);
        let (office, rest) = (1000 + number / 50_000_000, number % 50_000_000);
        let wrong = mix(self.seed ^ mix(person)).is_multiple_of(100);
        let last = (rest % 5) * 2 + u64::from(male != wrong);
        let province = DIGITS[province % DIGITS.len()];
        (format!("{province}{office:04}{:07}{last}", rest / 5), wrong)
    }

    /// The number of a household's first, second or third telephone.
    pub(crate) fn mobile(&self, household: u64, telephone: u64) -> String {
        let number = self.phones.apply(household * 3 + telephone % 3);
        match self.programme {
            Programme::PeopleHub => (6_000_000_000 + number).to_string(),
            Programme::Ehsaas => format!("03{number:09}"),
        }
    }

    /// A telephone number outside the scheme: a new SIM, a volunteer's.
    pub(crate) fn other_mobile(&self, dice: &mut Dice) -> String {
        match self.programme {
            Programme::PeopleHub => {
                format!("{}{:09}", dice.between(6, 9), dice.below(1_000_000_000))
            }
            Programme::Ehsaas => format!("03{:09}", dice.below(500_000_000)),
        }
    }

    /// The number of a household's rice card.
    pub(crate) fn rice_card(&self, household: u64) -> String {
        format!("WAP{:011}", 10_000_000_000 + self.cards.apply(household))
    }

    /// A department's own key, eight digits, for its n-th row.
    pub(crate) fn key(&self, source: u64, row: u64) -> u64 {
        10_000_000 + self.keys.apply(row * 4 + source)
    }

    /// A person's n-th bank account and the code of its branch.
    pub(crate) fn account(&self, person: u64, nth: u64) -> (String, String) {
        const BANKS: [(&str, u32); 6] =
            [("SBIN", 11), ("UBIN", 15), ("CNRB", 13), ("BARB", 14), ("IDIB", 11), ("KVBL", 16)];
        let chance = mix(mix(self.seed ^ 0xacc0) ^ (person * 8 + nth));
        let (bank, digits) = BANKS[(chance % 6) as usize];
        let lowest = 10_u64.pow(digits - 1);
        let account = lowest + mix(chance) % (9 * lowest);
        (account.to_string(), format!("{bank}0{:06}", 800_000 + (chance >> 20) % 20_000))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn check_digits_agree_with_known_ones() {
        for (digits, expected) in
            [("236", "2363"), ("12345", "123451"), ("123456789012", "1234567890120")]
        {
            assert_eq!(with_check_digit(digits), expected);
            assert!(is_verhoeff(expected));
        }
        assert!(!is_verhoeff("1234567890121"));
    }

    #[test]
    fn numbers_are_well_formed_and_unique() {
        let numbers = Numbers::new(Programme::PeopleHub, 5);
        let mut seen = HashSet::new();
        for person in (0..20_000).chain(STRANGERS * SLOTS..STRANGERS * SLOTS + 1000) {
            let id = numbers.aadhaar(person);
            assert!(id.len() == 12 && id.as_bytes()[0] >= b'2' && is_verhoeff(&id));
            assert!(seen.insert(id));
            let (account, ifsc) = numbers.account(person, 0);
            assert!(
                (11..=16).contains(&account.len())
                    && ifsc.len() == 11
                    && ifsc.as_bytes()[4] == b'0'
            );
        }
        let phones: HashSet<_> = (0..9000).map(|n| numbers.mobile(n / 3, n % 3)).collect();
        assert_eq!(phones.len(), 9000);
        assert!(phones.iter().all(|phone| phone.len() == 10 && phone.as_bytes()[0] >= b'6'));
        assert_eq!(numbers.rice_card(9).len(), 14);
    }

    #[test]
    fn cnics_are_well_formed_and_unique() {
        let numbers = Numbers::new(Programme::Ehsaas, 5);
        let (mut seen, mut odd) = (HashSet::new(), 0);
        for person in (0..20_000).chain(STRANGERS * SLOTS..STRANGERS * SLOTS + 1000) {
            let male = person % 2 == 0;
            let (id, wrong) = numbers.cnic(person, person as usize % 4, male);
            assert!(id.len() == 13 && b"1345".contains(&id.as_bytes()[0]), "{id}");
            assert_eq!((id.as_bytes()[12] % 2 == 1) == male, !wrong);
            odd += u64::from(wrong);
            assert!(seen.insert(id));
            assert!(numbers.mobile(person, 1).len() == 11);
        }
        assert!((100..350).contains(&odd));
    }
}
