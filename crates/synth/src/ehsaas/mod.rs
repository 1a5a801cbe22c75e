//! Pakistan: the National Socio-Economic Registry and four agencies.

mod kafaalat;
mod pilot;
mod registry;
mod stipends;
mod utility_stores;

use crate::{dice::Dice, lists::Programmed, world::Need};

/// The programme.
pub(crate) const PROGRAMME: Programmed = Programmed {
    registry: registry::LAYOUT,
    needs: &[
        Need::Cash { poor: true },
        Need::Cash { poor: false },
        Need::Shop,
        Need::Stipend,
        Need::Pilot,
    ],
    lists: &[kafaalat::LIST, utility_stores::LIST, stipends::LIST, pilot::LIST],
};

/// 35202-1234567-1; what has not thirteen digits stays as it is.
fn dashed_cnic(digits: &str) -> String {
    match (digits.get(..5), digits.get(5..12), digits.get(12..)) {
        (Some(office), Some(number), Some(last)) if digits.len() == 13 => {
            format!("{office}-{number}-{last}")
        }
        _ => digits.to_owned(),
    }
}

/// 0300-1234567.
fn dashed_mobile(digits: &str) -> String {
    match (digits.get(..4), digits.get(4..)) {
        (Some(network), Some(number)) => format!("{network}-{number}"),
        _ => digits.to_owned(),
    }
}

/// 27.3.
fn tenths(value: u64) -> String {
    format!("{}.{}", value / 10, value % 10)
}

/// S/O, D/O, W/O, or empty.
fn relation_word(relation: &str, male: bool) -> &'static str {
    match relation {
        "Husband" => "W/O",
        "Father" if male => "S/O",
        "Father" => "D/O",
        _ => "",
    }
}

/// Digits as a clerk typed them: with dashes mostly, without now and then.
fn typed(digits: &str, dashed: fn(&str) -> String, plain: f64, dice: &mut Dice) -> String {
    if dice.chance(plain) { digits.to_owned() } else { dashed(digits) }
}
