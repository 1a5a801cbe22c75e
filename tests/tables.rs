//! A pipeline's own tables: words that departments use, places with their codes, and what an analyst corrects.

use crate::harness::{Sandbox, count, query};

crate::tests!(words_and_places_of_a_pipeline, without_a_place_table_there_is_no_code);

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
