//! What is planted, by name: the words of `truth.csv`'s column `cases`.

macro_rules! cases {
    ($($(#[$doc:meta])* $case:ident => $name:literal,)*) => {
        /// One planted difference between a department's row and the registry, or one plain fact of the row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Case { $($(#[$doc])* $case,)* }

        impl Case {
            /// The name in `truth.csv`.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$case => $name,)* }
            }
        }
    };
}

cases! {
    /// The person is in no registry and close to nobody in it.
    NotRegistered => "not_registered",
    /// The person is not in the registry, but brother, sister or child of someone there, often with the same phone and house.
    RelativeNotRegistered => "relative_not_registered",
    /// Another row of the same list of persons has the same person.
    Duplicate => "duplicate",
    /// The registry has the person as deceased.
    Deceased => "deceased",
    /// A daughter who married and moved away; the registry still has her in her father's house under her father's name.
    MovedOut => "moved_out_daughter",
    /// One of twins.
    Twin => "twin",
    /// A son who has his father's name.
    FathersName => "fathers_name",
    /// Called after what the village favours: there are namesakes.
    Namesake => "namesake_in_village",
    /// The registry lists the person twice.
    RegistryTwice => "registry_listed_twice",
    /// The same person has two benefits that no policy lets stand together.
    Overlap => "overlap",
    /// The policy does not give the benefit to such a household.
    NotEligible => "not_eligible",
    /// Another list that pays the same scheme has the same person.
    DuplicateAcross => "duplicate_across_lists",
    /// The household is split over two cards.
    HouseholdSplit => "household_split",
    /// Two households stand on one card.
    HouseholdMerged => "household_merged",
    /// The list has the district as it was before the split of 2022.
    OldDistrict => "old_district",
    /// No id.
    IdMissing => "id_missing",
    /// One digit of the id is wrong.
    IdDigitWrong => "id_digit_wrong",
    /// Two neighbouring digits of the id are swapped.
    IdDigitsSwapped => "id_digits_swapped",
    /// The id is that of another member of the household.
    IdOfRelative => "id_of_relative",
    /// The id is that of somebody else, an agent's, and stands on other people of the list too.
    IdShared => "id_shared",
    /// A word of the name is romanised otherwise.
    NameVariant => "name_variant",
    /// The family name is an initial; in Pakistan Muhammad is M. or left out.
    NameInitials => "name_initials",
    /// The family name stands last.
    OrderSwapped => "order_swapped",
    /// A typing error in the name.
    NameTypo => "name_typo",
    /// A married woman under the family name the registry does not use.
    MarriedName => "married_name",
    /// Names are in the country's own script.
    NativeScript => "native_script",
    /// No father's or husband's name.
    RelativeMissing => "relative_missing",
    /// The relative's name is romanised otherwise.
    RelativeVariant => "relative_variant",
    /// The father's name where the registry has the husband's.
    RelativeOther => "relative_other",
    /// No birth date.
    BirthMissing => "birth_missing",
    /// The birth date became 1 January.
    BirthFirstJanuary => "birth_first_january",
    /// Day and month are swapped.
    BirthSwapped => "birth_day_month_swapped",
    /// The year is off by one.
    BirthYearOff => "birth_year_off",
    /// The list states an age and no birth date.
    AgeOnly => "age_only",
    /// The stated age is off by one or two years.
    AgeOff => "age_off",
    /// The registry's own birth date is approximate: 1 January of a year that may be wrong.
    RegistryBirthApproximate => "registry_birth_approximate",
    /// The registry has no birth date.
    RegistryBirthMissing => "registry_birth_missing",
    /// The registry has no score of the household.
    ScoreMissing => "score_missing",
    /// The registry's eKYC was done years ago.
    EkycStale => "ekyc_stale",
    /// No telephone.
    PhoneMissing => "phone_missing",
    /// The telephone of a volunteer or a shop, which many rows have.
    PhoneShared => "phone_shared",
    /// A telephone the registry does not know.
    PhoneChanged => "phone_changed",
    /// The person is listed in another village.
    Moved => "moved_village",
    /// The village's name is spelt otherwise.
    PlaceVariant => "place_variant",
    /// Another bank account.
    AccountChanged => "account_changed",
    /// An agent's bank account, which other people of the list have too.
    BankShared => "bank_shared",
    /// Less was paid than the scheme gives.
    PaidShort => "paid_short",
    /// Nothing was paid of what the scheme gives.
    PaidNothing => "paid_nothing",
    /// Another number of the rice card.
    CardChanged => "card_changed",
    /// A CNIC whose last digit does not fit the sex.
    ParityWrong => "id_parity_wrong",
    /// A new or changed benefit of a registered person, approved: the registry is to learn of it.
    ApprovedChange => "approved_change",
    /// An id without the consent to use it.
    ConsentMissing => "consent_missing",
}

/// The cases of one row, sorted and joined as `truth.csv` has them.
pub(crate) fn joined(mut cases: Vec<Case>) -> String {
    cases.sort_unstable();
    cases.dedup();
    cases.into_iter().map(Case::name).collect::<Vec<_>>().join(";")
}
