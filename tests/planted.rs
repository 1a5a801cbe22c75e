//! Hard cases planted among invented people: who must not be taken for whom.

use crate::harness::{Sandbox, query};

crate::tests!(
    a_namesake_of_another_father_is_not_accepted,
    the_husband_is_not_accepted_for_the_wife,
    two_people_with_one_aadhaar_are_an_id_conflict,
    an_id_on_everybody_is_an_id_on_many,
    a_household_of_everybody_does_not_explode,
    an_id_beside_a_name_one_letter_away_is_an_id_conflict,
    twins_stay_two,
    of_two_residents_equally_near_neither_is_taken,
);

const REGISTRY: &str = "data/registry/people_hub.csv";
const LIST: &str = "data/scholarships/scholarships_2026.csv";

/// A resident: key, household, name, relative and relation, gender, birth, Aadhaar, phone, card.
struct Resident(
    &'static str,
    &'static str,
    &'static str,
    [&'static str; 2],
    &'static str,
    &'static str,
    [&'static str; 3],
);
/// A record: key, name, father, birth, gender, Aadhaar, phone.
struct Record(
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    [&'static str; 2],
);

/// The small set with some people more, all of one village of it; run.
fn run_with(residents: &[Resident], records: &[Record]) -> Sandbox {
    let sandbox = Sandbox::with_data();
    let registry = sandbox.read(REGISTRY);
    let columns: Vec<&str> = registry.lines().nth(1).expect("a resident").split(',').collect();
    let place = columns[11..14].join(",");
    let mut registry = registry.trim_end().to_owned();
    for Resident(key, household, name, [relative, relation], gender, born, [id, phone, card]) in
        residents
    {
        registry += &format!(
            "\n{key},{household},{name},{relative},{relation},{gender},{born},verified,{id},{phone},9-9,{place},{card},Yes,,,ALIVE,03-06-2026,03-06-2026"
        );
    }
    sandbox.write(REGISTRY, &(registry + "\n"));
    let mut list = sandbox.read(LIST).trim_end().to_owned();
    for Record(key, name, father, born, gender, [id, phone]) in records {
        list += &format!(
            "\n{key},{name},{father},{born},{gender},{id},{phone},Govt School,School,{place},3500,,,10-08-2026,Yes"
        );
    }
    sandbox.write(LIST, &(list + "\n"));
    sandbox.run(&[]).expect(0);
    sandbox
}

/// Lookup, resident and reasons of a record.
fn answer(sandbox: &Sandbox, name: &str) -> (String, String, String) {
    let sql = format!(
        "SELECT a.lookup, coalesce(a.resident_ref, '') AS resident, coalesce(array_to_string(a.reasons, ';'), '') AS reasons\n\
         FROM routing AS a WHERE a.source_id = 'scholarships' AND a.record_id = '{name}'"
    );
    let rows = query(sandbox, &sql);
    let text = |name: &str| rows[0][name].as_str().unwrap_or_default().to_owned();
    (text("lookup"), text("resident"), text("reasons"))
}

fn a_namesake_of_another_father_is_not_accepted() {
    let sandbox = run_with(
        &[Resident(
            "R-900001-1",
            "H-900001",
            "Vempati Sravanthi",
            ["Vempati Appalanaidu", "Father"],
            "Female",
            "11-03-2008",
            ["", "9848011111", "WAP99900000001"],
        )],
        &[Record(
            "SC26-90000001",
            "Vempati Sravanthi",
            "Vempati Koteswara Rao",
            "2008",
            "Female",
            ["", "9848022222"],
        )],
    );
    let (lookup, resident, _) = answer(&sandbox, "SC26-90000001");
    assert_ne!(lookup, "found", "{resident}");
}

fn the_husband_is_not_accepted_for_the_wife() {
    let sandbox = run_with(
        &[Resident(
            "R-900002-1",
            "H-900002",
            "Pilli Satyanarayana",
            ["Pilli Appa Rao", "Father"],
            "Male",
            "01-01-1985",
            ["", "9848033333", "WAP99900000002"],
        )],
        &[Record(
            "SC26-90000002",
            "Pilli Satyavathi",
            "Pilli Satyanarayana",
            "1985",
            "Female",
            ["", "9848033333"],
        )],
    );
    let (lookup, resident, _) = answer(&sandbox, "SC26-90000002");
    assert_ne!(lookup, "found", "{resident}");
}

fn two_people_with_one_aadhaar_are_an_id_conflict() {
    let sandbox = run_with(
        &[Resident(
            "R-900003-1",
            "H-900003",
            "Gorle Ramana",
            ["Gorle Sanyasi", "Father"],
            "Male",
            "12-05-1979",
            ["999941057058", "9848044444", "WAP99900000003"],
        )],
        &[Record(
            "SC26-90000003",
            "Shaik Meharunnisa",
            "Shaik Khasim",
            "17/09/2010",
            "Female",
            ["999941057058", "9848055555"],
        )],
    );
    let (lookup, resident, reasons) = answer(&sandbox, "SC26-90000003");
    assert_eq!((lookup.as_str(), resident.as_str()), ("ambiguous", ""));
    assert!(reasons.contains("ID_CONFLICT"), "{reasons}");
}

/// A dump with one value in a column, the same in each row.
fn write_everywhere(sandbox: &Sandbox, file: &str, columns: &[(&str, &str)]) {
    let text = sandbox.read(file);
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = rows.headers().expect("a header").clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("written");
    for row in rows.records() {
        let row = row.expect("a row");
        let cells = header.iter().zip(&row).map(|(name, cell)| {
            columns.iter().find(|(column, _)| *column == name).map_or(cell, |(_, value)| *value)
        });
        writer.write_record(cells).expect("written");
    }
    let written = writer.into_inner().expect("written");
    sandbox.write(file, &String::from_utf8(written).expect("UTF-8"));
}

/// The clerk's own number, written for everybody on both sides.
fn an_id_on_everybody_is_an_id_on_many() {
    let sandbox = Sandbox::with_data();
    for file in [REGISTRY, LIST] {
        write_everywhere(&sandbox, file, &[("Aadhaar", "999941057058")]);
    }
    sandbox.run(&[]).expect(0);
    let rows = "SELECT count(*) AS n FROM records WHERE source_id = 'scholarships' AND national_id_token IS NOT NULL";
    let shared = "SELECT count(*) AS n, count(DISTINCT case_id) AS cases, min(holders) AS holders FROM findings WHERE finding = 'ID_SHARED' AND source_id = 'scholarships'";
    let (rows, shared) = (query(&sandbox, rows), query(&sandbox, shared));
    assert!(rows[0]["n"].as_u64() > Some(40), "{rows:?}");
    assert_eq!((&shared[0]["n"], &shared[0]["cases"]), (&rows[0]["n"], &1.into()));
    assert!(shared[0]["holders"].as_u64() >= Some(2), "{shared:?}");
    // Nobody is who he is by that number.
    let twins = "SELECT count(*) AS n FROM registry_twins AS t JOIN registry AS r ON r.resident_ref = t.resident_ref GROUP BY r.person_name_key HAVING count(*) < 2";
    let twins = query(&sandbox, twins);
    assert!(twins.is_empty(), "{twins:?}");
}

/// A registry whose household was lost: what a household may not have twice is not laid out for each two of all its people.
fn a_household_of_everybody_does_not_explode() {
    let sandbox = Sandbox::with_data();
    write_everywhere(&sandbox, REGISTRY, &[("Household Id", "H-1"), ("Rice Card", "")]);
    sandbox.run(&[]).expect(0);
    let paid = "SELECT scheme, count(*) AS n FROM benefits WHERE lookup = 'found' AND paid GROUP BY scheme ORDER BY n DESC";
    let overlaps = "SELECT count(*) AS n, count(DISTINCT record_b) AS seconds FROM overlaps WHERE holder = 'household'";
    let (paid, overlaps) = (query(&sandbox, paid), query(&sandbox, overlaps));
    assert!(paid[0]["n"].as_u64() > Some(100), "{paid:?}");
    assert!(overlaps[0]["seconds"].as_u64() <= Some(30 * paid.len() as u64), "{overlaps:?}");
}

/// Brothers are called so: an id and a father in common do not make another name the same.
fn an_id_beside_a_name_one_letter_away_is_an_id_conflict() {
    let with = |birth| {
        run_with(
            &[Resident(
                "R-900007-1",
                "H-900007",
                "Naseem",
                ["Syed Akbar", "Father"],
                "Male",
                "03-01-1998",
                ["999941057058", "9848077777", "WAP99900000007"],
            )],
            &[Record(
                "SC26-90000007",
                "Naeem",
                "Syed Akbar",
                birth,
                "Male",
                ["999941057058", "9848077777"],
            )],
        )
    };
    // A brother under his number; and himself, with a letter lost.
    let himself = answer(&with("03/01/1998"), "SC26-90000007");
    assert_eq!((himself.0.as_str(), himself.1.as_str()), ("found", "R-900007-1"));
    let sandbox = with("11/09/1999");
    let (lookup, resident, reasons) = answer(&sandbox, "SC26-90000007");
    assert_eq!((lookup.as_str(), resident.as_str()), ("ambiguous", ""));
    assert!(reasons.contains("ID_CONFLICT"), "{reasons}");
    let said = query(
        &sandbox,
        "SELECT array_to_string(evidence, ' ') AS said FROM findings\n\
         WHERE finding = 'ID_CONFLICT' AND record_id = 'SC26-90000007'",
    );
    assert_eq!(
        said[0]["said"],
        "SAME_ID BIRTH_DATE_NEAR_YEAR HOUSEHOLD_LIKELY OWN_NAME_NEAR PERSON_NAME_DIFFERENT"
    );
}

fn twins_stay_two() {
    let twin = |key, name| {
        Resident(
            key,
            "H-900004",
            name,
            ["Yerra Sanyasi Rao", "Father"],
            "Male",
            "17-06-2011",
            ["", "9848066666", "WAP99900000004"],
        )
    };
    let record = |key, name| {
        Record(key, name, "Yerra Sanyasi Rao", "17/06/2011", "Male", ["", "9848066666"])
    };
    let sandbox = run_with(
        &[twin("R-900004-1", "Yerra Ramu"), twin("R-900004-2", "Yerra Lakshmana")],
        &[record("SC26-90000004", "Yerra Ramu"), record("SC26-90000005", "Yerra Lakshmana")],
    );
    for (key, wanted) in [("SC26-90000004", "R-900004-1"), ("SC26-90000005", "R-900004-2")] {
        let (lookup, resident, _) = answer(&sandbox, key);
        assert_eq!((lookup.as_str(), resident.as_str()), ("found", wanted));
    }
    let cases =
        query(&sandbox, "SELECT record_id FROM duplicates WHERE resident_ref LIKE 'R-900004-%'");
    assert!(cases.is_empty(), "{cases:?}");
}

/// Two of one name, father, village and year; nothing in the record tells one from the other.
fn of_two_residents_equally_near_neither_is_taken() {
    let namesake = |key, household, phone, card| {
        Resident(
            key,
            household,
            "Boddu Chandrakala",
            ["Boddu Tirupathi", "Father"],
            "Female",
            "2009",
            ["", phone, card],
        )
    };
    let sandbox = run_with(
        &[
            namesake("R-900005-1", "H-900005", "9848066661", "WAP99900000005"),
            namesake("R-900006-1", "H-900006", "9848066662", "WAP99900000006"),
        ],
        &[Record(
            "SC26-90000005",
            "Boddu Chandrakala",
            "Boddu Tirupathi",
            "2009",
            "Female",
            ["", ""],
        )],
    );
    let (lookup, resident, reasons) = answer(&sandbox, "SC26-90000005");
    assert_eq!((lookup.as_str(), resident.as_str()), ("ambiguous", ""), "{reasons}");
    assert!(reasons.contains("SECOND_CANDIDATE_CLOSE"), "{reasons}");
}
