//! The Big List of Naughty Strings through every public kernel: no panic, and cleaners stay idempotent.

use std::io::Write;
use std::path::Path;

use crate::date::{self, Date, Layout};
use crate::{
    aadhaar, amount, bank_account, benefit, cnic, digits, edit, gazetteer, gender, identifier,
    ifsc, leak, mask, name, national_id, number, period, phone, place, quantity, script, secret,
    status, text, verhoeff, words, yes_no,
};

/// The strings, and some of our own that hurt readers of our scripts; without `../shared` only those.
fn strings() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/blns/blns.txt");
    let list = std::fs::read_to_string(path).unwrap_or_else(|_| {
        let _ = writeln!(std::io::stderr(), "skipped: no ../shared");
        String::new()
    });
    let own = [
        "",
        "\0",
        "్్్",
        "ంఃం",
        "़़",
        "ٰ",
        "ـــ",
        "'",
        "''s/o''",
        "s/o",
        "@",
        "@@",
        "1e999",
        "-.",
        "+91",
        "e+",
        "🤦🏽‍♂️",
        "\u{202e}abc",
        "ﷺ",
        "００",
        "౧౨౩",
        "yyy",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "x",
    ];
    list.lines().chain(own).map(str::to_owned).collect()
}

#[test]
fn no_kernel_panics() {
    let strings = strings();
    let as_of = Date::from_days(17_409);
    let keyring = secret::Keyring::new([7; 32]);
    for (text, other) in strings.iter().zip(strings.iter().skip(1).chain(&strings)) {
        let _ = (name::parse(text), name::relative(text), name::key(text), name::keys(text));
        let _ = (name::similarity(text, other), name::align(text, other), name::key_text(text));
        let _ = (edit::jaro_winkler(text, other), edit::levenshtein(text, other));
        let _ = (digits::distance(text, other), verhoeff::check_digit(text), verhoeff::valid(text));
        for layout in [Layout::DayFirst, Layout::MonthFirst, Layout::YearFirst] {
            let _ = (period::parse(text, layout, 4), benefit::parse(text));
            let _ = (date::date(text, layout), date::birth_date(text, layout, as_of));
        }
        let _ = (date::from_age(text, as_of), number::parse(text), amount::parse(text));
        let _ = (gender::parse(text), yes_no::parse(text), place::key(text));
        let _ = (aadhaar::issue(text), aadhaar::mask(text), cnic::issue(text), cnic::mask(text));
        let _ = (
            cnic::gender(text),
            ifsc::issue(text),
            identifier::issue(text),
            identifier::mask(text),
        );
        let _ =
            (bank_account::issue(text), bank_account::mask(text), national_id::issue(other, text));
        let _ = (phone::issue("IN", text), phone::mask("PK", text), phone::normalise(other, text));
        let _ = (mask::name(text), mask::date(text), mask::text(text), script::script_of(text));
        let _ = (script::romanise(text), script::ascii_digits(text), text::fold(text));
        let _ = secret::short_name(text, 3);
        let _ = (name::columns(text), status::parse(text), quantity::parse(text));
        let words = words::Words::new([("1", text.as_str()), (other.as_str(), "x*")]);
        let _ = (words.meaning(other), amount::parse_with(text, &words));
        let place =
            gazetteer::Place { level: "mandal", code: "1", name: text, ..Default::default() };
        let above = [("district", text.as_str())];
        let _ =
            gazetteer::Gazetteer::new(&[place], &[]).find("mandal", other, &above, "2026-10-31");
        let _ =
            (leak::scan(text.as_bytes()), leak::looks_personal(text), keyring.token(other, text));
        let sealed = keyring.seal("aadhaar", text);
        assert_eq!(keyring.open("aadhaar", &sealed).as_deref(), Some(text.as_str()));
    }
}

#[test]
fn cleaners_are_idempotent() {
    type Cleaner = fn(&str) -> Option<String>;
    let cleaners: [(&str, Cleaner); 7] = [
        ("text", text::clean),
        ("name", name::standard),
        ("aadhaar", aadhaar::normalise),
        ("cnic", cnic::normalise),
        ("ifsc", ifsc::normalise),
        ("bank account", bank_account::normalise),
        ("identifier", identifier::normalise),
    ];
    for text in strings() {
        for (cleaner, clean) in &cleaners {
            let once = clean(&text);
            assert_eq!(once.as_deref().and_then(clean), once, "{cleaner} of {text:?}");
        }
    }
}
