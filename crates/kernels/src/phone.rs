//! Mobile numbers of India and Pakistan as E.164, which DCI's Person asks for; of other countries any telephone number.
//!
//! Source: `domain.md` 3, Others: ten digits, first 6-9 (India); `03XX-XXXXXXX` (Pakistan). A shared mobile is common
//! (a volunteer's, a shop's), so an equal number is weak evidence.
//!
//! Calling codes and the lengths of national numbers: ITU-T E.164 and its national numbering plans.
//!
//! Invariant: what [`normalise`] gives for a country that is known here begins with its calling code and has a length that its
//! numbers have.
//!
//! ```
//! use milaan_kernels::phone;
//! assert_eq!(phone::normalise("IN", "098480 12345").as_deref(), Some("+919848012345"));
//! assert_eq!(phone::normalise("PK", "0300-4567891").as_deref(), Some("+923004567891"));
//! assert_eq!(phone::mask("IN", "9848012345"), "XXXXXX2345");
//! ```

use crate::digits::{Cell, cell, is_digits, is_filler};

/// `+91…` for "IN", `+92…` for "PK", with or without +, 00, country code or 0 in front, digits of any script. Of several
/// numbers in a cell (`a / b`) the first good one. Any other country: its calling code and its national number, or `+` and the
/// digits as they stand where the calling code is not known here. `None` when empty or when [`issue`] has something to say.
/// Idempotent.
pub fn normalise(country: &str, text: &str) -> Option<String> {
    read(country, text).unwrap_or(None)
}

/// Why a text is no mobile number of the country; `None` when it is one, or is empty or a placeholder for nothing.
///
/// * `EXCEL_PRECISION_LOSS`: scientific notation with digits missing
/// * `PHONE_PLACEHOLDER`: one digit repeated, or counting up or down (9876543210)
/// * `PHONE_INVALID`: everything else; for India and Pakistan landlines too
///
/// And where [`normalise`] gives a number all the same:
///
/// * `PHONE_SEVERAL`: another good number stands beside it and is not kept
pub fn issue(country: &str, text: &str) -> Option<&'static str> {
    if country == "IN" && is_plain_mobile(text) {
        return None;
    }
    match read(country, text) {
        Err(code) => Some(code),
        Ok(Some(first)) if text.len() >= SEVERAL_DIGITS && has_several(text) => {
            let mut others = listed(country, text).chain(apart(country, text));
            others.any(|other| other != first).then_some("PHONE_SEVERAL")
        }
        Ok(_) => None,
    }
}

/// Two numbers have so many digits, one with all that may stand in front of it has not.
const SEVERAL_DIGITS: usize = 15;

fn has_several(text: &str) -> bool {
    text.chars().filter(|c| c.is_numeric()).count() >= SEVERAL_DIGITS
}

/// `XXXXXX1234` for a mobile number; anything else shows nothing (`XXXXXXXXXX`), empty stays empty. A masked number stays.
pub fn mask(country: &str, text: &str) -> String {
    if let Ok(Some(number)) = read(country, text) {
        return format!("XXXXXX{}", &number[number.len() - 4..]);
    }
    match cell(text) {
        Cell::Nothing => String::new(),
        Cell::Code(code)
            if code
                .strip_prefix("XXXXXX")
                .is_some_and(|rest| rest.len() == 4 && is_digits(rest)) =>
        {
            code
        }
        _ => "XXXXXXXXXX".to_owned(),
    }
}

fn read(country: &str, text: &str) -> Result<Option<String>, &'static str> {
    if country == "IN" && is_plain_mobile(text) {
        return Ok(Some(["+91", text].concat()));
    }
    let whole = one(country, text);
    if whole.is_ok() {
        return whole;
    }
    let first = listed(country, text).chain(apart(country, text)).next();
    first.map_or(whole, |number| Ok(Some(number)))
}

/// The good numbers of a list with signs between them.
fn listed(country: &str, text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(['/', ',', ';', '&', '|']).flat_map(|part| part.split(" or "));
    parts.filter(|part| !part.is_empty()).filter_map(move |part| one(country, part).ok()?)
}

/// The good numbers of a list with blanks between them.
fn apart(country: &str, text: &str) -> impl Iterator<Item = String> {
    side_by_side(text).filter_map(move |part| one(country, part).ok()?)
}

/// Numbers with nothing but blanks between them; none where a group of digits is less than a number.
fn side_by_side(text: &str) -> impl Iterator<Item = &str> {
    let digits = |part: &str| part.chars().filter(|c| c.is_numeric()).count();
    let whole = text.split_whitespace().all(|part| matches!(digits(part), 0 | NATIONAL_DIGITS..));
    text.split_whitespace().filter(move |_| whole)
}

/// `0866-2571234`: an area code of India, with its 0, apart from a number that has no room for it in a mobile one; and one of
/// [`AREAS`] before a number as landlines have it, however it is written. A landline and a mobile never have the same ten digits, since
/// both are called as +91 and these from abroad (National Numbering Plan of 2003).
fn is_landline(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches('(');
    if !text.starts_with('0') || text.starts_with("00") {
        return false;
    }
    let text = text.trim_end();
    let front = text.bytes().take_while(u8::is_ascii_digit).count();
    let behind = text[front..].trim_start_matches([' ', '-', '–', ')']);
    let is_apart = (3..=4).contains(&front)
        && front + behind.len() == 1 + NATIONAL_DIGITS
        && is_digits(behind);
    is_apart || (text.starts_with("08") && is_of_area(text))
}

/// Whether a number with its 0 is of one of [`AREAS`], with the digits that landlines begin with: 2, in cities with several companies
/// 3 to 6 too.
fn is_of_area(text: &str) -> bool {
    let is_sign = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '–' | ')' | '.');
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let subscriber = |code: &&str| digits[1..].strip_prefix(*code);
    let begins = |number: &str| match number.len() {
        7.. => number.starts_with(['2', '3', '4', '5', '6']),
        _ => number.starts_with('2'),
    };
    digits.len() == 1 + NATIONAL_DIGITS
        && text.chars().all(is_sign)
        && AREAS.iter().find_map(subscriber).is_some_and(begins)
}

/// Area codes of Andhra Pradesh and Telangana, without their 0. All begin with 8.
const AREAS: &[&str] = &[
    "861", "863", "866", "870", "877", "878", "883", "884", "891", "8512", "8514", "8518", "8554",
    "8556", "8562", "8564", "8571", "8572", "8592", "8594", "8624", "8626", "8644", "8647", "8672",
    "8674", "8682", "8742", "8812", "8816", "8818", "8856", "8922", "8942",
];

/// Ten digits and nothing else that are a good mobile number of India: most cells.
fn is_plain_mobile(text: &str) -> bool {
    text.len() == NATIONAL_DIGITS
        && is_digits(text)
        && text.starts_with(['6', '7', '8', '9'])
        && !is_filler(text)
        && !is_filler(&text[1..])
}

fn one(country: &str, text: &str) -> Result<Option<String>, &'static str> {
    let code = match cell(text) {
        Cell::Nothing => return Ok(None),
        Cell::Rounded => return Err("EXCEL_PRECISION_LOSS"),
        Cell::Code(code) => code,
    };
    if country == "IN" && is_landline(text) {
        return Err("PHONE_INVALID");
    }
    // "Ph: 98480 12345", "98480 12345 (R)": a label beside the number.
    let bare = code.trim_matches(|c: char| !c.is_ascii_digit());
    let code = if bare.len() < NATIONAL_DIGITS { &code } else { bare };
    if !is_digits(code) {
        return Err("PHONE_INVALID");
    }
    if is_filler(code) {
        return Err("PHONE_PLACEHOLDER");
    }
    let (prefix, first): (&str, &[char]) = match country {
        "IN" => ("91", &['6', '7', '8', '9']),
        "PK" => ("92", &['3']),
        _ => return abroad(country, code, text),
    };
    let number =
        national(code, prefix).filter(|number| number.starts_with(first)).ok_or("PHONE_INVALID")?;
    if is_filler(number) || is_filler(&number[1..]) {
        return Err("PHONE_PLACEHOLDER");
    }
    let mut international = String::with_capacity(1 + prefix.len() + number.len());
    international.push('+');
    international.push_str(prefix);
    international.push_str(number);
    Ok(Some(international))
}

/// Digits of a mobile number of India and Pakistan.
const NATIONAL_DIGITS: usize = 10;

/// Country, calling code, fewest and most digits of a national number.
const ABROAD: &[(&str, &str, usize, usize)] = &[
    ("US", "1", 10, 10),
    ("CA", "1", 10, 10),
    ("GB", "44", 9, 10),
    ("IE", "353", 7, 9),
    ("AU", "61", 9, 9),
    ("NZ", "64", 8, 10),
    ("DE", "49", 6, 11),
    ("AT", "43", 6, 13),
    ("CH", "41", 9, 9),
    ("FR", "33", 9, 9),
    ("ES", "34", 9, 9),
    ("IT", "39", 6, 11),
    ("NL", "31", 9, 9),
    ("BE", "32", 8, 9),
    ("BD", "880", 8, 10),
    ("LK", "94", 9, 9),
    ("NP", "977", 8, 10),
];

/// A number of another country: 00, +, the calling code and a trunk 0 are taken off where they are.
fn abroad(country: &str, code: &str, text: &str) -> Result<Option<String>, &'static str> {
    let known = ABROAD.iter().find(|one| one.0 == country);
    let (calling, fewest, most) = known.map_or(("", 6, 15), |one| (one.1, one.2, one.3));
    let number = code.trim_start_matches('0');
    let international = text.trim_start().starts_with('+') || code.starts_with("00");
    let number = match number.strip_prefix(calling) {
        Some(rest) if international || number.len() > most => rest.trim_start_matches('0'),
        _ => number,
    };
    if number.len() < fewest || number.len() > most {
        return Err("PHONE_INVALID");
    }
    if is_filler(number) {
        return Err("PHONE_PLACEHOLDER");
    }
    Ok(Some(format!("+{calling}{number}")))
}

/// The ten national digits, whatever stands in front of them: 00, the country's code, a trunk 0.
fn national<'a>(code: &'a str, prefix: &str) -> Option<&'a str> {
    let (front, number) = code.split_at_checked(code.len().checked_sub(NATIONAL_DIGITS)?)?;
    let front = front.trim_start_matches('0');
    let front = front.strip_prefix(prefix).unwrap_or(front);
    (front.is_empty() || front == "0").then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SEVERAL: Option<&str> = Some("PHONE_SEVERAL");

    #[test]
    fn numbers() {
        for (country, text, normal, code, masked) in [
            ("IN", "9848012345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "+91 98480-12345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "919848012345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "0091 9848012345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "09848012345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "9848012345.0", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "౯౮౪౮౦౧౨౩౪౫", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "9848012345 / 9848054321", Some("+919848012345"), SEVERAL, "XXXXXX2345"),
            ("IN", "9848012345 9848054321", Some("+919848012345"), SEVERAL, "XXXXXX2345"),
            ("IN", "9848012345 or 9848054321", Some("+919848012345"), SEVERAL, "XXXXXX2345"),
            ("IN", "9848012345 / 09848012345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "9848012345, 9999999999", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "08662571234", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("IN", "(0866) 257 1234", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("IN", "08644 223344", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("IN", "08660571234", Some("+918660571234"), None, "XXXXXX1234"),
            ("IN", "5 9848012345", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("IN", "సెల్: 9848012345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "0866-2571234", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("IN", "0866-2571234 / 9848012345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "5848012345", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("IN", "Ph: 98480 12345", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "98480 12345 (R)", Some("+919848012345"), None, "XXXXXX2345"),
            ("IN", "984801234", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("IN", "9999999999", None, Some("PHONE_PLACEHOLDER"), "XXXXXXXXXX"),
            ("IN", "9876543210", None, Some("PHONE_PLACEHOLDER"), "XXXXXXXXXX"),
            ("IN", "0", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("IN", "9.84801E+09", None, Some("EXCEL_PRECISION_LOSS"), "XXXXXXXXXX"),
            ("IN", "XXXXXX2345", None, Some("PHONE_INVALID"), "XXXXXX2345"),
            ("PK", "0300-4567891", Some("+923004567891"), None, "XXXXXX7891"),
            ("PK", "3004567891", Some("+923004567891"), None, "XXXXXX7891"),
            ("PK", "+92 300 4567891", Some("+923004567891"), None, "XXXXXX7891"),
            ("PK", "+92 0300 4567891", Some("+923004567891"), None, "XXXXXX7891"),
            ("PK", "9848012345", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("PK", "03000000000", None, Some("PHONE_PLACEHOLDER"), "XXXXXXXXXX"),
            ("US", "(855) 997-0377", Some("+18559970377"), None, "XXXXXX0377"),
            ("US", "1-855-997-0377", Some("+18559970377"), None, "XXXXXX0377"),
            ("US", "997-0377", None, Some("PHONE_INVALID"), "XXXXXXXXXX"),
            ("GB", "020 7946 0018", Some("+442079460018"), None, "XXXXXX0018"),
            ("GB", "+44 (0)20 7946 0018", Some("+442079460018"), None, "XXXXXX0018"),
            ("DE", "0049 30 901820", Some("+4930901820"), None, "XXXXXX1820"),
            ("XX", "555 666 777", Some("+555666777"), None, "XXXXXX6777"),
            ("IN", "", None, None, ""),
            ("IN", "--", None, None, ""),
        ] {
            let read = (normalise(country, text), issue(country, text), mask(country, text));
            assert_eq!(
                read,
                (normal.map(str::to_owned), code, masked.to_owned()),
                "{country} {text}"
            );
        }
    }

    proptest! {
        #[test]
        fn never_panics_idempotent(text in ".*|[0-9+ /-]{0,16}") {
            for country in ["IN", "PK", "US", "GB", "DE", ""] {
                let normal = normalise(country, &text);
                let code = issue(country, &text);
                prop_assert!(normal.is_none() || code.is_none() || code == SEVERAL);
                prop_assert_eq!(normal.as_deref().and_then(|n| normalise(country, n)), normal);
                prop_assert!(mask(country, &text).chars().filter(|c| c.is_numeric()).count() <= 4);
            }
        }
    }
}
