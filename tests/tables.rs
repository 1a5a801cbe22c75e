//! A pipeline's own tables: words that departments use, places with their codes, and what an analyst corrects.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{Sandbox, count, ehsaas_run, query};

crate::tests!(
    words_and_places_of_a_pipeline,
    without_a_place_table_there_is_no_code,
    villages_of_a_table_that_was_dropped_in,
    places_of_pakistan
);

fn words_and_places_of_a_pipeline() {
    let sandbox = Sandbox::with_data();
    let name = "data/scholarships/scholarships_2026.csv";
    let text = sandbox.read(name);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let with = |line: &str, from: &str, to: &str| line.replacen(from, to, 1);
    let at = |district: &str| {
        let found = lines.iter().position(|line| line.contains(&format!(",{district},")));
        found.unwrap_or_else(|| panic!("no record of {district}"))
    };
    let (near, settled, unknown) = (at("Guntur"), at("Krishna"), at("Prakasam"));
    lines[near] = with(&lines[near], ",Guntur,", ",Gunntooor,");
    lines[settled] = with(&lines[settled], ",Krishna,", ",KRSN Dt,");
    lines[unknown] = with(&lines[unknown], ",Prakasam,", ",Timbuktu,");
    sandbox.write(name, &(lines.join("\r\n") + "\r\n"));
    let corrections = "pipelines/people-hub/places/corrections.csv";
    let more = sandbox.read(corrections) + "district,KRSN,,510\n";
    sandbox.write(corrections, &more);
    sandbox
        .write("pipelines/people-hub/words/gender.toml", "version = 1\n[words]\nO = [\"male\"]\n");
    sandbox.run(&[]).expect(0);

    let of = |text: &str| {
        let sql = format!("SELECT code, how, rows FROM place_map WHERE text = '{text}'");
        let rows = query(&sandbox, &sql);
        let row = rows.first().unwrap_or_else(|| panic!("no row of {text}"));
        format!("{} {} {}", row["code"], row["how"], row["rows"]).replace('"', "")
    };
    assert_eq!(of("KRSN Dt"), "510 settled 1");
    assert_eq!(of("Timbuktu"), "null unknown 1");
    assert!(of("Gunntooor").starts_with("506 n"), "{}", of("Gunntooor"));
    let codes = "SELECT count(*) FROM records WHERE district IS NOT NULL AND district_code IS NULL";
    assert_eq!(count(&sandbox, codes), 1);
    let male = "SELECT count(*) FROM records WHERE gender = 'O' AND lower(gender_raw) = 'male'";
    assert!(count(&sandbox, male) > 0, "a word of the pipeline goes before the built-in one");
    let since = "SELECT count(*) FROM place_crosswalk WHERE code = '749' AND formerly = '510' AND since = DATE '2022-04-04'";
    assert_eq!(count(&sandbox, since), 1);
}

fn without_a_place_table_there_is_no_code() {
    let sandbox = Sandbox::with_data();
    for name in ["districts", "corrections"] {
        let path = sandbox.path(&format!("pipelines/people-hub/places/{name}.csv"));
        std::fs::remove_file(path).expect(name);
    }
    sandbox.run(&[]).expect(0);
    assert_eq!(count(&sandbox, "SELECT count(*) FROM records WHERE district_code IS NOT NULL"), 0);
    assert_eq!(count(&sandbox, "SELECT count(*) FROM place_map"), 0);
}

/// The tables an analyst would drop in, here of the sample's invented places: a village is known within its mandal, what was found
/// is kept for the next night, and a correction wins.
fn villages_of_a_table_that_was_dropped_in() {
    let sandbox = Sandbox::with_data();
    let districts = sandbox.read("pipelines/people-hub/places/districts.csv");
    let code_of = |name: &str| {
        let named = |line: &&str| line.split(',').nth(2) == Some(name);
        let line = districts.lines().find(named).unwrap_or_else(|| panic!("no district {name}"));
        line.split(',').nth(1).expect("a code").to_owned()
    };
    let registry = sandbox.read("data/registry/people_hub.csv");
    let mut mandals: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut villages: BTreeSet<(usize, &str)> = BTreeSet::new();
    for line in registry.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [village, mandal, district] = cells[11..14] else { panic!("columns of {line}") };
        let next = mandals.len() + 1;
        villages.insert((*mandals.entry((mandal, district)).or_insert(next), village));
    }
    let table = |name: &str, lines: Vec<String>| {
        let text = format!("level,code,name,parent\n{}\n", lines.join("\n"));
        sandbox.write(&format!("pipelines/people-hub/places/{name}.csv"), &text);
    };
    let line = |((name, district), code): (&(&str, &str), &usize)| {
        format!("mandal,{code},{name},{}", code_of(district))
    };
    table("mandals", mandals.iter().map(line).collect());
    let line =
        |(at, (mandal, name)): (usize, &(usize, &str))| format!("village,{at},{name},{mandal}");
    table("villages", villages.iter().enumerate().map(line).collect());
    sandbox.run(&["--as-of", "2026-11-01"]).expect(0);

    let share = |level: &str| {
        let of = |what: &str| {
            count(
                &sandbox,
                &format!("SELECT count(*) FROM registry WHERE {level}_{what} IS NOT NULL"),
            )
        };
        of("code") as f64 / of("key") as f64
    };
    assert!(share("district") > 0.999 && share("mandal") > 0.999, "{}", share("mandal"));
    assert!(share("village") > 0.99, "{}", share("village"));
    let shared = "SELECT count(*) FROM (SELECT text FROM place_map WHERE level = 'village' AND source_id = 'registry' \
                  GROUP BY text HAVING count(DISTINCT code) > 1) AS t";
    assert!(count(&sandbox, shared) > 0, "villages of one name in several mandals");

    let first = query(
        &sandbox,
        "SELECT text, parent, code FROM place_map WHERE level = 'village' AND how = 'near' ORDER BY rows, text LIMIT 1",
    );
    let (text, parent) =
        (first[0]["text"].as_str().expect("text"), first[0]["parent"].as_str().expect("parent"));
    let wrong = format!("level,text,parent,code\nvillage,{text},{parent},\n");
    sandbox.write("pipelines/people-hub/places/corrections.csv", &wrong);
    let map = "SELECT level, text, parent, code, how, first_seen FROM place_map WHERE how <> 'settled' ORDER BY source_id, level, place_key, above_key";
    let before = query(&sandbox, map);
    sandbox.run(&["--as-of", "2026-11-02"]).expect(0);
    let settled = query(&sandbox, "SELECT text, code FROM place_map WHERE how = 'settled'");
    assert!(settled.iter().all(|row| row["code"].is_null()) && !settled.is_empty());
    assert!(settled.iter().any(|row| row["text"] == text));
    let rest = |rows: &[serde_json::Value]| -> Vec<String> {
        rows.iter()
            .filter(|row| row["parent"] != parent || row["level"] != "village")
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(rest(&before), rest(&query(&sandbox, map)), "seen on the first night");
    sandbox.run(&["--as-of", "2026-11-03"]).expect(0);
    assert_eq!(
        settled,
        query(&sandbox, "SELECT text, code FROM place_map WHERE how = 'settled'"),
        "kept"
    );
}

/// Provinces have codes; districts and tehsils are known by name, whatever script, and have none.
fn places_of_pakistan() {
    let run = ehsaas_run();
    let without =
        "SELECT count(*) FROM registry WHERE province IS NOT NULL AND province_code IS NULL";
    assert_eq!(count(run, without), 0);
    let districts =
        "SELECT count(*) FROM place_map WHERE level = 'district' AND source_id = 'registry'";
    let named = format!("{districts} AND how = 'name' AND name IS NOT NULL AND code IS NULL");
    assert!(count(run, districts) > 0);
    assert_eq!(count(run, districts), count(run, &named));
}
