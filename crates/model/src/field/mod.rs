//! Semantic fields: the one word about a column from which everything else follows.
//!
//! A field says how its text is standardised (which SQL function makes which canonical column), which issue code a value
//! that is not understood gets, how sensitive it is and how it is masked. Each field is one file in this folder and one
//! line in [`FIELDS`]; nothing downstream asks for a column by a department's name.
//!
//! Canonical columns of a field are named `<field><suffix>`, with a role `<role>_<field><suffix>`; a field whose roles are
//! fixed ([`Roles::OneOf`], the levels of a place) is named by its role alone: `village`, `village_key`.

use crate::outcome::words;

mod address_line;
mod age;
mod approval_ref;
mod bank_account;
mod benefit_amount;
mod benefit_quantity;
mod benefit_unit;
mod birth_date;
mod birth_proof;
mod channel;
mod code;
mod consent;
mod ekyc;
mod ekyc_on;
mod email;
mod gender;
mod given_name;
mod given_on;
mod household_id;
mod identifier;
mod ifsc;
mod national_id;
mod number;
mod period;
mod person_name;
mod phone;
mod place;
mod postcode;
mod poverty_score;
mod ration_card;
mod recorded_on;
mod relation;
mod relative_name;
mod request_type;
mod scheme;
mod status;
mod surname;
mod text;
mod valid_from;
mod valid_to;

words! {
    /// How sensitive a value is (DESIGN section 7), from least to most.
    Sensitivity {
        /// May be shown to anybody.
        Public = "public",
        /// For people who work with the lists: lineage, codes, masked values.
        Internal = "internal",
        /// Names, birth dates, phones, addresses, socio-economic data.
        Restricted = "restricted",
        /// National ids and bank accounts.
        Secret = "secret",
    }
}

/// Which roles a field may have in a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Roles {
    /// None or any name; without a role the field describes the person of the record.
    Optional,
    /// Always a free name: the field is general (`text`, `code`, `number`, `identifier`).
    Required,
    /// One of these; the role names the canonical columns.
    OneOf(&'static [&'static str]),
}

/// An argument of a standardising function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arg {
    /// The landed text of the column.
    Raw,
    /// The landed text of another field of the same source (typed NULL where the source lacks it).
    Other(&'static str),
    /// The id scheme stated at the column (`aadhaar`, `cnic`).
    Scheme,
    /// The pattern of the code stated at the column (left out where none is).
    Pattern,
    /// The pipeline's country (`IN`, `PK`).
    Country,
    /// The date layout stated at the column or source (`dmy`, `mdy`, `ymd`).
    Layout,
    /// The month in which the pipeline's financial year begins.
    YearStarts,
    /// The date at which ages were stated: the source's `as_of`, else the run's.
    AsOf,
    /// The role of the column.
    Role,
    /// The `place_key` of the landed text.
    PlaceKey,
    /// The `place_key`s of the levels above in the same source, the nearest first (typed NULL where it has none).
    AboveKey,
}

/// A call of a registered SQL function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// SQL function name.
    pub function: &'static str,
    /// Its arguments, in order.
    pub args: &'static [Arg],
}

/// The type of a canonical column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CanonicalType {
    /// UTF-8 text.
    Text,
    /// List of UTF-8 texts.
    TextList,
    /// Bytes.
    Bytes,
    /// 32-bit integer.
    Integer,
    /// 64-bit floating point.
    Number,
    /// Decimal(18, 2).
    Decimal,
    /// Calendar date.
    Date,
    /// true or false.
    Boolean,
}

/// One canonical column that a field gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canonical {
    /// Appended to the field's (or role's) name.
    pub suffix: &'static str,
    /// Its type.
    pub kind: CanonicalType,
    /// Its sensitivity.
    pub class: Sensitivity,
    /// The function that makes it from the landed text.
    pub call: Call,
}

impl Canonical {
    /// The canonical column's name for a field named `base` (see [`base_name`]).
    pub fn column(&self, base: &str) -> String {
        format!("{base}{}", self.suffix)
    }
}

/// A semantic field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SemanticField {
    /// The word used in source files.
    pub name: &'static str,
    /// What it is, for people.
    pub meaning: &'static str,
    /// Sensitivity of the landed text.
    pub class: Sensitivity,
    /// Allowed roles.
    pub roles: Roles,
    /// Whether the landed text stays beside the canonical value (`<name>_raw`). Never for secret fields.
    pub keeps_raw: bool,
    /// Where the source lacks the field, these fields' texts joined by a blank stand for it.
    pub made_of: &'static [&'static str],
    /// Canonical columns.
    pub canonical: &'static [Canonical],
    /// The function that says why a value was not understood (NULL: it was).
    pub issue: Option<Call>,
}

/// All semantic fields, by name.
pub const FIELDS: &[&SemanticField] = &[
    &address_line::FIELD,
    &age::FIELD,
    &approval_ref::FIELD,
    &bank_account::FIELD,
    &benefit_amount::FIELD,
    &benefit_quantity::FIELD,
    &benefit_unit::FIELD,
    &birth_date::FIELD,
    &birth_proof::FIELD,
    &channel::FIELD,
    &code::FIELD,
    &consent::FIELD,
    &ekyc::FIELD,
    &ekyc_on::FIELD,
    &email::FIELD,
    &gender::FIELD,
    &given_name::FIELD,
    &given_on::FIELD,
    &household_id::FIELD,
    &identifier::FIELD,
    &ifsc::FIELD,
    &national_id::FIELD,
    &number::FIELD,
    &period::FIELD,
    &person_name::FIELD,
    &phone::FIELD,
    &place::FIELD,
    &postcode::FIELD,
    &poverty_score::FIELD,
    &ration_card::FIELD,
    &recorded_on::FIELD,
    &relation::FIELD,
    &relative_name::FIELD,
    &request_type::FIELD,
    &scheme::FIELD,
    &status::FIELD,
    &surname::FIELD,
    &text::FIELD,
    &valid_from::FIELD,
    &valid_to::FIELD,
];

/// The field of that name, if there is one.
pub fn find(name: &str) -> Option<&'static SemanticField> {
    FIELDS.iter().copied().find(|field| field.name == name)
}

/// The base of a field's canonical column names under a role.
///
/// ```
/// # use milaan_model::field::{base_name, find};
/// assert_eq!(base_name(find("place").unwrap(), Some("village")), "village");
/// assert_eq!(base_name(find("person_name").unwrap(), Some("nominee")), "nominee_person_name");
/// ```
pub fn base_name(field: &SemanticField, role: Option<&str>) -> String {
    match (field.roles, role) {
        (Roles::OneOf(_), Some(role)) => role.to_owned(),
        (_, Some(role)) => format!("{role}_{}", field.name),
        (_, None) => field.name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn fields_are_sorted_and_unique() {
        let names: Vec<_> = FIELDS.iter().map(|field| field.name).collect();
        let sorted: BTreeSet<_> = names.iter().copied().collect();
        assert_eq!(names, sorted.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn canonical_columns_do_not_collide() {
        let mut seen = BTreeSet::new();
        for field in FIELDS {
            let bases = match field.roles {
                Roles::OneOf(roles) => roles.iter().map(|role| (*role).to_owned()).collect(),
                _ => vec![field.name.to_owned()],
            };
            for base in bases {
                for canonical in field.canonical {
                    assert!(seen.insert(canonical.column(&base)), "{base}{}", canonical.suffix);
                }
                if field.keeps_raw {
                    assert!(seen.insert(format!("{base}_raw")));
                }
            }
        }
    }

    #[test]
    fn secret_fields_keep_no_clear_text() {
        for field in FIELDS.iter().filter(|field| field.class == Sensitivity::Secret) {
            assert!(!field.keeps_raw, "{}", field.name);
            for canonical in field.canonical {
                assert!(
                    canonical.class < Sensitivity::Secret || canonical.kind == CanonicalType::Bytes,
                    "{}{}",
                    field.name,
                    canonical.suffix
                );
            }
        }
    }
}
