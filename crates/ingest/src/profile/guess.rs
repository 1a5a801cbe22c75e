//! Which semantic field a column may be: its header says so, its values say so, or nothing does.

use std::collections::HashSet;

use milaan_model::field::{self, Roles};

use super::ColumnProfile;
use crate::fold::fold;

/// A guess about a column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suspected {
    /// The semantic field.
    pub field: &'static str,
    /// The role, where the field needs one or another column has the field already.
    pub role: Option<String>,
    /// The id scheme, for a national id.
    pub scheme: Option<&'static str>,
    /// Why, in a few words, without a value.
    pub reason: String,
    /// Whether header and values agree, or the header is plain enough.
    pub sure: bool,
}

/// How a header word is to be found in a header.
#[derive(Clone, Copy)]
enum Said {
    /// The folded header has it.
    Has,
    /// The folded header is it.
    Is,
}

use Said::{Has, Is};

/// Header words, folded, the stronger first; field, role, scheme.
type Words =
    (&'static [&'static str], Said, &'static str, Option<&'static str>, Option<&'static str>);

const WORDS: &[Words] = &[
    (&["consent"], Has, "consent", None, None),
    (&["ekyc"], Has, "ekyc", None, None),
    (
        &["aadhaar", "aadhar", "adhar", "ఆధార్", "आधार", "آدھار"],
        Has,
        "national_id",
        None,
        Some("aadhaar"),
    ),
    (&["uid", "uidno", "uidnumber"], Is, "national_id", None, Some("aadhaar")),
    (&["cnic", "شناختیکارڈ"], Has, "national_id", None, Some("cnic")),
    (&["ifsc"], Has, "ifsc", None, None),
    (
        &["bankac", "accountno", "accno", "acno", "bankaccount", "iban"],
        Has,
        "bank_account",
        None,
        None,
    ),
    (
        &["mobile", "phone", "contactno", "cellno", "మొబైల్", "मोबाइल", "موبائل"],
        Has,
        "phone",
        None,
        None,
    ),
    (&["email", "mailid"], Has, "email", None, None),
    (&["rationcard", "ricecard", "rcno"], Has, "ration_card", None, None),
    (&["household", "familyid", "hhid", "familyno"], Has, "household_id", None, None),
    (&["relation", "relationship"], Is, "relation", None, None),
    (
        &[
            "father",
            "husband",
            "mother",
            "spouse",
            "guardian",
            "relativename",
            "తండ్రి",
            "पिता",
            "والد",
        ],
        Has,
        "relative_name",
        None,
        None,
    ),
    (&["dateofbirth", "birthdate", "dob", "పుట్టిన", "जन्म", "پیدائش"], Has, "birth_date", None, None),
    (&["age", "ageyears", "ageinyears", "వయస్సు", "आयु", "عمر"], Is, "age", None, None),
    (&["gender", "sex", "లింగం", "लिंग", "جنس"], Has, "gender", None, None),
    (&["surname", "lastname", "familyname"], Has, "surname", None, None),
    (&["firstname", "givenname"], Has, "given_name", None, None),
    (&["district", "జిల్లా", "जिला", "ضلع"], Has, "place", Some("district"), None),
    (&["mandal", "మండలం"], Has, "place", Some("mandal"), None),
    (&["tehsil", "taluk"], Has, "place", Some("tehsil"), None),
    (&["habitation", "hamlet"], Has, "place", Some("habitation"), None),
    (&["village", "గ్రామం", "गाँव", "گاؤں"], Has, "place", Some("village"), None),
    (&["province"], Has, "place", Some("province"), None),
    (&["pincode", "postcode", "postalcode", "zipcode", "pin"], Is, "postcode", None, None),
    (&["address", "doorno", "houseno", "చిరునామా", "पता", "پتہ"], Has, "address_line", None, None),
    (&["requesttype"], Has, "request_type", None, None),
    (&["channel"], Has, "channel", None, None),
    (&["pmt", "povertyscore"], Has, "poverty_score", None, None),
    (&["approval", "sanctionno"], Has, "approval_ref", None, None),
    (&["period", "tranche", "formonth", "financialyear"], Has, "period", None, None),
    (&["quarter", "month"], Is, "period", None, None),
    (
        &["purchasedate", "paymentdate", "paidon", "dateofpayment", "dateofpurchase"],
        Has,
        "given_on",
        None,
        None,
    ),
    (&["validfrom", "startdate", "fromdate", "sanctiondate"], Has, "valid_from", None, None),
    (&["validto", "enddate", "todate", "expirydate"], Has, "valid_to", None, None),
    (&["schemename", "scheme", "pensiontype", "programme", "cardtype"], Has, "scheme", None, None),
    (
        &["amount", "benefitrs", "stipendrs", "మొత్తం", "राशि", "رقم"],
        Has,
        "benefit_amount",
        None,
        None,
    ),
    (&["quantity", "qty"], Has, "benefit_quantity", None, None),
    (&["status"], Has, "status", None, None),
    (
        &["nameofoffice", "bankname", "branchname", "schoolname", "institutename", "collegename"],
        Has,
        "text",
        None,
        None,
    ),
    (&["name", "పేరు", "नाम", "نام"], Has, "person_name", None, None),
];

/// Values of so great a share pass a check: then the column is it.
const PASSED_MIN: f64 = 0.8;
/// Values of a lesser share pass a check: then the header is not to be trusted.
const DOUBT_MAX: f64 = 0.5;

/// Guesses all columns, so that no two have one field and role.
pub(super) fn suspect(columns: &mut [ColumnProfile], rows: u64) {
    let mut taken: HashSet<String> = HashSet::new();
    for (at, column) in columns.iter_mut().enumerate() {
        let mut guess =
            by_header(column).or_else(|| by_values(column)).unwrap_or_else(|| plain(column, rows));
        settle_role(&mut guess, &column.name, at, &mut taken);
        column.suspected = guess;
    }
}

fn by_header(column: &ColumnProfile) -> Option<Suspected> {
    let folded = fold(&column.name);
    let (words, _, field, role, scheme) = WORDS.iter().find(|(words, said, ..)| {
        words.iter().map(|word| fold(word)).any(|word| match said {
            Has => folded.contains(&word),
            Is => folded == word,
        })
    })?;
    let said = words.iter().find(|word| folded.contains(&fold(word))).unwrap_or(&words[0]);
    let check = match (*field, *scheme) {
        ("national_id", Some(scheme)) => Some(vec![scheme]),
        ("phone", _) => Some(vec!["phone_in", "phone_pk"]),
        ("ifsc", _) => Some(vec!["ifsc"]),
        ("birth_date" | "given_on" | "valid_from" | "valid_to", _) => {
            Some(vec!["date", "date_month_first"])
        }
        ("gender", _) => Some(vec!["gender"]),
        ("age" | "benefit_amount" | "benefit_quantity" | "poverty_score", _) => {
            Some(vec!["number"])
        }
        _ => None,
    };
    let passed = check
        .filter(|_| column.looked > 0)
        .map(|kinds| kinds.into_iter().map(|kind| column.passed(kind)).fold(0.0, f64::max));
    let agree = match passed {
        Some(share) => format!(", {} of its values agree", percent(share)),
        None => String::new(),
    };
    Some(Suspected {
        field,
        role: role.map(str::to_owned),
        scheme: *scheme,
        reason: format!("the header says `{said}`{agree}"),
        sure: passed.is_none_or(|share| share >= DOUBT_MAX),
    })
}

fn by_values(column: &ColumnProfile) -> Option<Suspected> {
    let checks = [
        ("aadhaar", "national_id", Some("aadhaar")),
        ("cnic", "national_id", Some("cnic")),
        ("ifsc", "ifsc", None),
        ("email", "email", None),
        ("phone_in", "phone", None),
        ("gender", "gender", None),
    ];
    let (check, field, scheme) = checks
        .into_iter()
        .find(|(check, ..)| column.looked > 0 && column.passed(check) >= PASSED_MIN)?;
    let share = percent(column.passed(check));
    let reason = format!("{share} of its values pass as {check}, the header says nothing");
    Some(Suspected { field, role: None, scheme, reason, sure: false })
}

/// A column about which nothing is known.
fn plain(column: &ColumnProfile, rows: u64) -> Suspected {
    let folded = fold(&column.name);
    let is_id = ["id", "no", "number", "code", "key", "reference", "ref"]
        .iter()
        .any(|word| folded == *word || folded.ends_with(word));
    let unique = column.filled == rows && column.distinct == rows && rows > 1;
    let (field, reason) = if is_id && (unique || column.distinct * 2 > column.filled) {
        ("identifier", "the header ends like a number's or an id's, and its values differ")
    } else if column.looked > 0 && column.passed("number") >= PASSED_MIN {
        ("number", "its values are numbers")
    } else if column.looked == 0 {
        ("text", "nothing is filled")
    } else {
        ("text", "nothing speaks for a field")
    };
    Suspected { field, role: None, scheme: None, reason: reason.to_owned(), sure: false }
}

/// Gives a role where the field needs one, or where another column has field and role already.
fn settle_role(guess: &mut Suspected, header: &str, at: usize, taken: &mut HashSet<String>) {
    let word = slug(header, at);
    let base = |guess: &Suspected| {
        let known = field::find(guess.field);
        known.map_or_else(String::new, |known| field::base_name(known, guess.role.as_deref()))
    };
    let roles = field::find(guess.field).map(|known| known.roles);
    if guess.role.is_none() && matches!(roles, Some(Roles::Required)) {
        guess.role = Some(word.clone());
    }
    if taken.insert(base(guess)) {
        return;
    }
    guess.sure = false;
    guess.reason.push_str("; another column has the field already");
    if matches!(roles, Some(Roles::OneOf(_))) {
        guess.field = "text";
        guess.scheme = None;
    }
    guess.role = Some(word.clone());
    let mut count = 1;
    while !taken.insert(base(guess)) {
        count += 1;
        guess.role = Some(format!("{word}_{count}"));
    }
}

/// A header as a role.
fn slug(header: &str, at: usize) -> String {
    let mut word = String::new();
    for c in header.chars() {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if !word.is_empty() && !word.ends_with('_') {
            word.push('_');
        }
    }
    word.truncate(24);
    let word = word.trim_matches('_');
    if word.starts_with(|c: char| c.is_ascii_lowercase()) && word.len() > 1 {
        word.to_owned()
    } else {
        format!("column_{}", at + 1)
    }
}

/// A share for people.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0).floor())
}
