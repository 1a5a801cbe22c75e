//! How often each thing goes wrong. Every rate names its source, or says "assumed".

/// Probabilities of the planted differences, each per row of a department unless it says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// No id. Assumed: seeding drives of 2015-2017 left about a fifth of the lists unseeded.
    pub id_missing: f64,
    /// One wrong digit, or two neighbours swapped (half each). Assumed; BISP found 5.4 % of CNICs invalid in 2020.
    pub id_digit_wrong: f64,
    /// The id of another member of the household. Assumed.
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
    /// Rows of a list in native script that are in Latin letters all the same. Assumed.
    pub latin_in_native_list: f64,
    /// No father's or husband's name. Assumed.
    pub relative_missing: f64,
    /// Another romanisation of the relative's name. Assumed.
    pub relative_variant: f64,
    /// The father instead of the husband; per woman ever married. Assumed.
    pub relative_other: f64,
    /// No birth date. Assumed.
    pub birth_missing: f64,
    /// 1 January of the right year. Assumed; UIDAI writes 1 January where only the age is known.
    pub birth_first_january: f64,
    /// Day and month swapped, where the day is 12 or less. Assumed.
    pub birth_swapped: f64,
    /// The year off by one. Assumed.
    pub birth_year_off: f64,
    /// A stated age off by one or two years. Assumed.
    pub age_off: f64,
    /// No telephone. Assumed.
    pub phone_missing: f64,
    /// The telephone of a volunteer or shop; a volunteer of AP serves some 70 households. Assumed.
    pub phone_shared: f64,
    /// Another telephone than the registry's. Assumed.
    pub phone_changed: f64,
    /// Listed in another village of the district. Assumed.
    pub moved_village: f64,
    /// The village spelt otherwise. Assumed.
    pub place_variant: f64,
    /// Another bank account than the registry's. Assumed.
    pub account_changed: f64,
    /// Another card number than the registry's; per card. Assumed.
    pub card_changed: f64,
    /// No consent on record. Assumed.
    pub consent_missing: f64,
    /// Rows of people who are not in the registry. Assumed; Ehsaas' survey missed about a tenth of all households.
    pub not_registered: f64,
    /// The share of these who are close relatives of registered people. Assumed.
    pub not_registered_relatives: f64,
    /// Second rows of a person the same list has already. Assumed.
    pub duplicate: f64,
}

impl Rates {
    /// The rates of the committed sample: gentle enough for a first pipeline.
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
            latin_in_native_list: 0.10,
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
            account_changed: 0.10,
            card_changed: 0.10,
            consent_missing: 0.02,
            not_registered: 0.15,
            not_registered_relatives: 0.25,
            duplicate: 0.02,
        }
    }
}
