//! How often each thing goes wrong. Every rate names its source, or says "assumed".
//!
//! [`Rates::life`] is as hard as departmental lists are said to be and the default; [`Rates::sample`] is gentler, for the
//! committed samples. A rate is per row of a department unless it says otherwise. Rates of what an id, a phone or a
//! relative's name looks like count of those rows that have one, so `life` sets them above the shares wanted of all rows:
//! of all rows it plants at least
//!
//! | planted | of all rows | source |
//! |---|---|---|
//! | id missing | 35 % | assumed; seeding of 2015-2017 left lists between a tenth and a half unseeded |
//! | id with one wrong or two swapped digits | 3 % | assumed; BISP found 5.4 % of CNICs invalid in April 2020 |
//! | id of another member of the household | 1 % | assumed |
//! | romanisation variant | 30 % | assumed |
//! | initials for the family name | 15 % | assumed; customary in Andhra Pradesh |
//! | order swapped | 10 % | assumed |
//! | typing error | 6 % | assumed; studies of keyed names find 2 to 10 % |
//! | relative's name missing, variant | 20 %, 30 % of the rest | assumed |
//! | birth date missing | 5 % | assumed |
//! | age only or 1 January | 12 % | assumed; UIDAI writes 1 January where only the age is known |
//! | day and month swapped | 2 % | assumed |
//! | year off by one | 3 % | assumed |
//! | phone missing, shared, changed | 30 %, 15 %, 15 % | assumed; a volunteer of AP serves some 70 households |
//! | moved village | 6 % | assumed |
//! | native script | 10 % | assumed |
//! | married name | 4 % of women ever married | assumed |
//! | not in the registry, a quarter of them close relatives | 20 % | assumed; NSER has 84 % of households (World Bank) |
//! | duplicates within a source | 3 % | assumed |

/// Probabilities of the planted differences, each per row of a department unless it says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// No id, of those who were given one. Assumed.
    pub id_missing: f64,
    /// One wrong digit, or two neighbours swapped (half each), of the ids written. Assumed.
    pub id_digit_wrong: f64,
    /// The id of another member of the household, of the ids written. Assumed.
    pub id_of_relative: f64,
    /// Another romanisation of a word of the name. Assumed.
    pub name_variant: f64,
    /// The family name shortened to its initial, in lists whose custom is to write it out. Assumed.
    pub name_initials: f64,
    /// The same in the pension list, where initials are the custom (K.LAKSHMI DEVI). Assumed.
    pub name_initials_pensions: f64,
    /// Family name last. Assumed.
    pub order_swapped: f64,
    /// A typing error in the name. Assumed.
    pub name_typo: f64,
    /// A married woman under her other family name; per woman ever married. Assumed.
    pub married_name: f64,
    /// Rows in native script of the scholarships, whose form asks for it. Assumed.
    pub native_scholarships: f64,
    /// Rows in native script of every other list of Andhra Pradesh. Assumed.
    pub native_elsewhere: f64,
    /// Rows in Urdu script of the lists of Pakistan. Assumed.
    pub native_urdu: f64,
    /// No father's or husband's name. Assumed.
    pub relative_missing: f64,
    /// Another romanisation of the relative's name, of the names written. Assumed.
    pub relative_variant: f64,
    /// The father instead of the husband; per woman ever married. Assumed.
    pub relative_other: f64,
    /// No birth date. Assumed.
    pub birth_missing: f64,
    /// 1 January of the right year. Assumed.
    pub birth_first_january: f64,
    /// Day and month swapped; only two of five dates can be. Assumed.
    pub birth_swapped: f64,
    /// The year off by one. Assumed.
    pub birth_year_off: f64,
    /// A stated age off by one or two years. Assumed.
    pub age_off: f64,
    /// No telephone. Assumed.
    pub phone_missing: f64,
    /// The telephone of a volunteer or shop. Assumed.
    pub phone_shared: f64,
    /// Another telephone than the registry's. Assumed.
    pub phone_changed: f64,
    /// Listed in another village of the district. Assumed.
    pub moved_village: f64,
    /// The village spelt otherwise. Assumed.
    pub place_variant: f64,
    /// No house number, or another, where a list has house numbers. Assumed.
    pub house_changed: f64,
    /// Another bank account than the registry's. Assumed.
    pub account_changed: f64,
    /// Another card number than the registry's; per card. Assumed.
    pub card_changed: f64,
    /// Cards that leave the grandparents to a card of their own; per card with grandparents. Assumed; the Chief Minister
    /// of AP spoke of families splitting to qualify in August 2025.
    pub household_split: f64,
    /// Cards that hold the neighbours as well; per card. Assumed.
    pub household_merged: f64,
    /// Grown daughters who moved out but whom the registry still has at home; per daughter of 18 to 30. Assumed.
    pub moved_out: f64,
    /// Old people who also appear as students (somebody uses their name); per person of 60 and more. Assumed.
    pub overlap: f64,
    /// Residents listed twice in the registry; per household of four and more. Assumed.
    pub registry_twice: f64,
    /// People called after what their village favours. Assumed.
    pub namesake: f64,
    /// Sons who have their father's name. Assumed.
    pub fathers_name: f64,
    /// No consent on record. Assumed.
    pub consent_missing: f64,
    /// Rows of people who are not in the registry. Assumed.
    pub not_registered: f64,
    /// The share of these who are close relatives of registered people. Assumed.
    pub not_registered_relatives: f64,
    /// Second rows of a person the same list has already. Assumed.
    pub duplicate: f64,
    /// The id of an agent on several people, of the ids written. Assumed.
    pub id_shared: f64,
    /// The bank account of an agent on several people, where a list has accounts. Assumed.
    pub bank_shared: f64,
    /// No birth date in the registry; per resident. Assumed.
    pub registry_birth_missing: f64,
    /// No score in the registry (Pakistan); per household. Assumed.
    pub score_missing: f64,
    /// An eKYC of more than two years ago; per resident. Assumed.
    pub ekyc_stale: f64,
    /// Less or nothing paid of what a scheme gives; per row of a pension or cash list. Assumed.
    pub paid_less: f64,
    /// Lines with more cells than the header beside the rows of a delimited list, which no reader can take; per row. Assumed.
    pub line_broken: f64,
}

impl Rates {
    /// As hard as life: no share of all rows is below the table above.
    pub fn life() -> Self {
        Self {
            id_missing: 0.335,
            id_digit_wrong: 0.050,
            id_of_relative: 0.018,
            name_variant: 0.32,
            name_initials: 0.16,
            name_initials_pensions: 0.45,
            order_swapped: 0.11,
            name_typo: 0.066,
            married_name: 0.042,
            native_scholarships: 0.12,
            native_elsewhere: 0.10,
            native_urdu: 0.15,
            relative_missing: 0.23,
            relative_variant: 0.35,
            relative_other: 0.04,
            birth_missing: 0.055,
            birth_first_january: 0.125,
            birth_swapped: 0.060,
            birth_year_off: 0.032,
            age_off: 0.07,
            phone_missing: 0.31,
            phone_shared: 0.155,
            phone_changed: 0.155,
            moved_village: 0.063,
            place_variant: 0.05,
            house_changed: 0.25,
            account_changed: 0.15,
            card_changed: 0.15,
            household_split: 0.06,
            household_merged: 0.02,
            moved_out: 0.15,
            overlap: 0.006,
            registry_twice: 0.008,
            namesake: 0.06,
            fathers_name: 0.02,
            consent_missing: 0.03,
            not_registered: 0.205,
            not_registered_relatives: 0.26,
            duplicate: 0.031,
            // None of what the matcher reads: published figures were measured without.
            id_shared: 0.0,
            bank_shared: 0.01,
            registry_birth_missing: 0.0,
            score_missing: 0.0,
            ekyc_stale: 0.04,
            paid_less: 0.02,
            line_broken: 0.0002,
        }
    }

    /// The rates of the committed samples: gentle enough for a first pipeline.
    pub fn sample() -> Self {
        Self {
            id_missing: 0.20,
            id_digit_wrong: 0.02,
            id_of_relative: 0.005,
            name_variant: 0.20,
            name_initials: 0.15,
            name_initials_pensions: 0.60,
            order_swapped: 0.06,
            name_typo: 0.03,
            married_name: 0.02,
            native_scholarships: 0.90,
            native_elsewhere: 0.0,
            native_urdu: 0.15,
            relative_missing: 0.10,
            relative_variant: 0.20,
            relative_other: 0.02,
            birth_missing: 0.03,
            birth_first_january: 0.08,
            birth_swapped: 0.01,
            birth_year_off: 0.02,
            age_off: 0.05,
            phone_missing: 0.25,
            phone_shared: 0.10,
            phone_changed: 0.10,
            moved_village: 0.04,
            place_variant: 0.05,
            house_changed: 0.10,
            account_changed: 0.10,
            card_changed: 0.10,
            household_split: 0.01,
            household_merged: 0.02,
            moved_out: 0.02,
            overlap: 0.005,
            registry_twice: 0.002,
            namesake: 0.02,
            fathers_name: 0.005,
            consent_missing: 0.02,
            not_registered: 0.15,
            not_registered_relatives: 0.25,
            duplicate: 0.02,
            id_shared: 0.006,
            bank_shared: 0.015,
            registry_birth_missing: 0.01,
            score_missing: 0.03,
            ekyc_stale: 0.04,
            paid_less: 0.03,
            line_broken: 0.003,
        }
    }
}
