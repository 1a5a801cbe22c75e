//! The departments and how each writes people down.

use crate::rates::Rates;

/// The lists of all programmes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    Pensions,
    Ration,
    Scholarships,
    Kafaalat,
    UtilityStores,
    Stipends,
    KafaalatPilot,
}

/// By whom a list names a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RelativeBy {
    /// As the registry: the husband, else the father.
    Registry,
    /// The head of the card.
    Head,
    Father,
}

/// How a list is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Share of rows in native script.
    pub(crate) native: f64,
    /// Share of names with the family name as an initial.
    pub(crate) initials: f64,
    /// Initials and LATE as the pension offices write them.
    pub(crate) dotted: bool,
    /// Latin names in capitals.
    pub(crate) capitals: bool,
    /// Ages and no birth dates.
    pub(crate) age_only: bool,
    pub(crate) relative: RelativeBy,
    /// Share of rows with the district of before the split.
    pub(crate) old_district: f64,
    /// It has house numbers.
    pub(crate) house: bool,
    /// It has bank accounts.
    pub(crate) accounts: bool,
}

impl Source {
    /// The id in the pipeline and in `truth.csv`.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Pensions => "pensions",
            Self::Ration => "ration_cards",
            Self::Scholarships => "scholarships",
            Self::Kafaalat => "kafaalat",
            Self::UtilityStores => "utility_stores",
            Self::Stipends => "stipends",
            Self::KafaalatPilot => "kafaalat_pilot",
        }
    }

    /// How the list is kept.
    pub(crate) fn manner(self, rates: &Rates) -> Manner {
        let plain = Manner {
            native: rates.native_elsewhere,
            initials: rates.name_initials,
            dotted: false,
            capitals: true,
            age_only: false,
            relative: RelativeBy::Registry,
            old_district: 0.0,
            house: false,
            accounts: true,
        };
        let urdu = Manner { native: rates.native_urdu, ..plain };
        match self {
            Self::Pensions => {
                Manner { initials: rates.name_initials_pensions, dotted: true, ..plain }
            }
            Self::Ration => Manner {
                age_only: true,
                relative: RelativeBy::Head,
                old_district: 1.0,
                accounts: false,
                ..plain
            },
            Self::Scholarships => Manner {
                native: rates.native_scholarships,
                capitals: false,
                relative: RelativeBy::Father,
                old_district: 0.3,
                ..plain
            },
            Self::Kafaalat => urdu,
            Self::KafaalatPilot => Manner { accounts: false, capitals: false, ..urdu },
            Self::UtilityStores => Manner { native: 0.04, age_only: true, accounts: false, ..urdu },
            Self::Stipends => Manner {
                capitals: false,
                relative: RelativeBy::Father,
                house: true,
                accounts: false,
                ..urdu
            },
        }
    }
}
