//! Andhra Pradesh: the People Hub and three departments.

mod pensions;
mod ration;
mod registry;
mod scholarships;

use crate::{lists::Programmed, world::Need};

/// The programme.
pub(crate) const PROGRAMME: Programmed = Programmed {
    registry: registry::LAYOUT,
    needs: &[
        Need::Pension { wide: false },
        Need::Pension { wide: true },
        Need::Ration,
        Need::Study,
    ],
    lists: &[pensions::LIST, ration::LIST, scholarships::LIST],
};

/// 1234 5678 9012.
fn in_fours(digits: &str) -> String {
    let fours: Vec<String> = digits
        .as_bytes()
        .chunks(4)
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    fours.join(" ")
}
