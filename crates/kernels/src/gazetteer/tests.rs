//! Places by name, by what is above, by date.

use proptest::prelude::*;

use super::*;

fn place<'a>(level: &'a str, code: &'a str, name: &'a str, parent: &'a str) -> Place<'a> {
    Place { level, code, name, parent, ..Place::default() }
}

fn andhra() -> Gazetteer {
    let ntr = Place {
        formerly: vec!["510"],
        valid_from: "2022-04-04",
        also: vec!["NTR Vijayawada"],
        ..place("district", "749", "NTR", "")
    };
    let palnadu = Place {
        formerly: vec!["506"],
        valid_from: "2022-04-04",
        ..place("district", "751", "Palnadu", "")
    };
    let places = vec![
        place("district", "510", "Krishna", ""),
        place("district", "506", "Guntur", ""),
        ntr,
        palnadu,
        // As the table of today has it.
        Place { valid_from: "2022-04-04", ..place("mandal", "1", "Nandigama", "749") },
        Place { valid_from: "2022-04-04", ..place("mandal", "5", "Machilipatnam", "510") },
        // As the table of before the split has it.
        place("mandal", "2", "Kondapuram", "506"),
        place("mandal", "3", "Kondapuram", "510"),
        place("mandal", "4", "Vinukonda", "506"),
        // The same code at another level is another place.
        place("village", "4", "Ramapuram", "2"),
        place("village", "5", "Ramapuram", "3"),
        place("village", "6", "Ramapuram", "4"),
        place("village", "7", "Ganugapadu", "4"),
        place("village", "8", "Tiruvuru", "Nandigama"),
    ];
    let settled = [
        Settled { level: "mandal", text: "Bandar", above: "", code: "5" },
        Settled { level: "mandal", text: "Vinukonda", above: "Krishna", code: "" },
        Settled { level: "village", text: "Old Colony", above: "Vinukonda", code: "7" },
    ];
    Gazetteer::new(&places, &settled)
}

const NOW: &str = "2026-01-01";

#[test]
fn districts() {
    let places = andhra();
    for (text, day, code, how) in [
        ("Krishna Dist.", NOW, Some("510"), "name"),
        ("కృష్ణా", NOW, Some("510"), "name"),
        ("NTR", NOW, Some("749"), "name"),
        ("NTR", "2022-04-04", Some("749"), "name"),
        ("NTR", "2022-04-03", Some("749"), "other_time"),
        ("N.T.R. Vijayawada", NOW, Some("749"), "name"),
        ("Timbuktu", NOW, None, "unknown"),
    ] {
        let found = places.find("district", text, &[], day);
        assert_eq!(found.map(|one| (one.code, one.how.as_str())), Some((code, how)), "{text}");
    }
}

#[test]
fn mandals_in_districts() {
    let places = andhra();
    for (text, above, code, how) in [
        ("Nandigama", "NTR", Some("1"), "name"),
        // The list still says the district of before the split.
        ("Nandigama", "Krishna", Some("1"), "name"),
        ("Nandigama", "Guntur", None, "parent_differs"),
        ("Nandigama", "Atlantis", Some("1"), "name"),
        // The table's line is older than the split, the list is not.
        ("Vinukonda", "Palnadu", Some("4"), "name"),
        ("Vinukonda", "Guntur", Some("4"), "name"),
        ("Vinukonda", "NTR", None, "parent_differs"),
        // The table's line says that it stayed in Krishna when NTR was made.
        ("Machilipatnam", "NTR", None, "parent_differs"),
        ("Kondapuram", "", None, "ambiguous"),
        ("Kondapuram", "Guntur", Some("2"), "name"),
        ("Machilipatanam", "Krishna", Some("5"), "near"),
        ("Machilipatanam", "Guntur", None, "unknown"),
        ("Bandar", "Krishna", Some("5"), "settled"),
        ("Vinukonda", "Krishna", None, "settled"),
    ] {
        let found = places.find("mandal", text, &[("district", above)], NOW);
        let found = found.map(|one| (one.code, one.how.as_str()));
        assert_eq!(found, Some((code, how)), "{text} below {above}");
    }
}

#[test]
fn villages_in_mandals_in_districts() {
    let places = andhra();
    for (text, mandal, district, code, how) in [
        ("Ramapuram", "Vinukonda", "Guntur", Some("6"), "name"),
        ("Ramapuram", "Vinukonda", "", Some("6"), "name"),
        // Two mandals of one name: the district says which.
        ("Ramapuram", "Kondapuram", "Guntur", Some("4"), "name"),
        ("Ramapuram", "Kondapuram", "Krishna", Some("5"), "name"),
        ("Ramapuram", "Kondapuram", "", None, "ambiguous"),
        // The mandal is written wrong, or is not in the table: then the district alone.
        ("Ramapuram", "Vinukondda", "Palnadu", Some("6"), "name"),
        ("Ramapuram", "Vinuconda Town", "Krishna", Some("5"), "name"),
        ("Ramapuram", "", "", None, "ambiguous"),
        ("Ramapuram", "Nandigama", "NTR", None, "parent_differs"),
        // Mandal and district contradict one another.
        ("Ganugapadu", "Vinukonda", "NTR", None, "parent_differs"),
        ("Ganugapaddu", "Vinukonda", "Palnadu", Some("7"), "name"),
        ("Ganugapada", "Vinukonda", "Palnadu", Some("7"), "near"),
        ("Ganugapada", "Kondapuram", "Guntur", None, "unknown"),
        ("Ramavaram", "Vinukonda", "Palnadu", None, "unknown"),
        ("Old Colony", "Vinukonda", "Palnadu", Some("7"), "settled"),
        ("Old Colony", "Kondapuram", "Guntur", None, "unknown"),
        ("Tiruvooru", "Nandigama", "NTR", Some("8"), "name"),
    ] {
        let found =
            places.find("village", text, &[("mandal", mandal), ("district", district)], NOW);
        let found = found.map(|one| (one.code, one.how.as_str()));
        assert_eq!(found, Some((code, how)), "{text} below {mandal}, {district}");
    }
    assert_eq!(places.find("village", "NA", &[], NOW), None);
}

#[test]
fn two_sides_of_a_name_are_not_near() {
    let names =
        ["Vijayawada East", "Guntur Rural", "Ward 11", "Rayadurg North", "Amalapuram South"];
    let all: Vec<Place<'_>> = names.iter().map(|name| place("mandal", name, name, "")).collect();
    let places = Gazetteer::new(&all, &[]);
    for (text, code) in [
        ("Vijayawada West", None),
        ("Vijayavadda East", Some(names[0])),
        ("Vijayawado East", Some(names[0])),
        ("Guntur Urban", None),
        ("Gunter Rural", Some(names[1])),
        ("Ward 12", None),
        ("Rayadurg South", None),
        ("Rayadurga North", Some(names[3])),
        ("Amalapuram North", None),
    ] {
        let found = places.find("mandal", text, &[], NOW).expect("a text");
        assert_eq!(found.code, code, "{text}");
    }
}

/// Pakistan's districts have no code that is sure: their names are.
#[test]
fn places_without_a_code() {
    let places = Gazetteer::new(
        &[
            place("province", "PK-PB", "Punjab", ""),
            place("province", "PK-SD", "Sindh", ""),
            place("district", "", "Lahore", "PK-PB"),
            place("district", "", "Multan", "Punjab"),
            place("tehsil", "", "City", "Lahore"),
            place("tehsil", "", "City", "Multan"),
        ],
        &[Settled { level: "district", text: "Pindi Bhattian", above: "", code: "Lahore" }],
    );
    let find = |level, text, above: &[(&str, &str)]| {
        let found = places.find(level, text, above, NOW).expect("a text");
        (found.code, found.name, found.how.as_str())
    };
    assert_eq!(find("province", "Punjab", &[]), (Some("PK-PB"), Some("Punjab"), "name"));
    assert_eq!(
        find("district", "LAHORE", &[("province", "Punjab")]),
        (None, Some("Lahore"), "name")
    );
    assert_eq!(
        find("district", "Lahore", &[("province", "Sindh")]),
        (None, Some("Lahore"), "parent_differs")
    );
    assert_eq!(find("district", "Pindi Bhattian", &[]), (None, Some("Lahore"), "settled"));
    assert_eq!(find("tehsil", "City", &[("district", "Multan")]), (None, Some("City"), "name"));
    assert_eq!(find("tehsil", "City", &[]), (None, Some("City"), "ambiguous"));
}

#[test]
fn one_place_with_two_lines() {
    let until = Place { valid_to: "2022-04-03", ..place("mandal", "4", "Vinukonda", "506") };
    let since = Place { valid_from: "2022-04-04", ..place("mandal", "4", "Vinukonda", "751") };
    let districts =
        [place("district", "506", "Guntur", ""), place("district", "751", "Palnadu", "")];
    let all: Vec<Place<'_>> = districts.into_iter().chain([until, since]).collect();
    let places = Gazetteer::new(&all, &[]);
    for (above, day, how) in [
        ("Guntur", "2020-01-01", How::Name),
        ("Palnadu", "2020-01-01", How::OtherTime),
        ("Palnadu", NOW, How::Name),
        ("Guntur", NOW, How::OtherTime),
        ("", NOW, How::Name),
    ] {
        let found = places.find("mandal", "Vinukonda", &[("district", above)], day).expect("found");
        assert_eq!((found.code, found.how), (Some("4"), how), "{above} {day}");
    }
    let periods = ["2020-01-01", "2022-04-03", "2022-04-04", NOW].map(|day| places.period(day));
    assert_eq!(periods[0], periods[1]);
    assert!(periods[1] < periods[2]);
    assert_eq!(periods[2], periods[3]);
}

proptest! {
    #[test]
    fn never_panics(text in ".*|[a-z]{4,9}", above in ".*|Krishna|Guntur|Vinukonda") {
        let places = andhra();
        for level in LEVELS {
            let above = [("mandal", above.as_str()), ("district", above.as_str())];
            let found = places.find(level, &text, &above, "2026-01-01");
            let sure = found.is_none_or(|found| (0.0..=1.0).contains(&found.confidence));
            prop_assert!(sure);
        }
    }
}
