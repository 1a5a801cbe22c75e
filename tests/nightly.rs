//! Night after night: the lock, what was new, cases that keep their ids, a run that died.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::harness::{Sandbox, count, query, receipt};

crate::tests!(
    one_run_at_a_time,
    what_changed_is_counted,
    what_did_not_change_is_not_standardised_again,
    who_shares_a_key_keeps_his_place,
    cases_keep_their_ids,
    findings_keep_their_ids_when_members_leave,
    a_delta_keeps_the_rest,
    remains_of_a_dead_run_are_cleared,
    a_run_of_one_source_forgets_nothing,
    the_registry_is_laid_beside_itself,
    a_list_that_meets_nobody_is_answered,
    training_is_repeatable_and_serves,
    check_counts_pairs_on_the_last_run,
);

fn one_run_at_a_time() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let path = sandbox.path("out/state/people-hub/lock");
    let lock = std::fs::OpenOptions::new().read(true).write(true).open(path).expect("the lock");
    lock.try_lock().expect("free after a run");
    let refused = sandbox.run(&[]).expect(3);
    assert!(
        refused.stderr.contains("another run of this pipeline is under way"),
        "{}",
        refused.stderr
    );
    drop(lock);
    sandbox.run(&[]).expect(0);
}

fn what_changed_is_counted() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let name = "data/scholarships/scholarships_2026.csv";
    let text = sandbox.read(name);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replacen("SC26-", "SC27-", 1);
    lines[2].push('x');
    sandbox.write(name, &(lines.join("\r\n") + "\r\n"));
    sandbox.run(&[]).expect(0);
    let receipt = receipt(&sandbox, "out/latest");
    let inputs = receipt["inputs"].as_array().expect("inputs");
    let of =
        |id: &str| inputs.iter().find(|input| input["source_id"] == id).expect("an input").clone();
    let scholarships = of("scholarships");
    assert_eq!(scholarships["records_new"], 1, "{scholarships}");
    assert_eq!(scholarships["records_gone"], 1);
    assert_eq!(scholarships["records_changed"], 1);
    let pensions = of("pensions");
    assert_eq!(
        [&pensions["records_new"], &pensions["records_gone"], &pensions["records_changed"]],
        [0, 0, 0]
    );
}

/// What each source's standardised records are, `fresh` or `kept`, by source.
fn standardised(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let receipt = receipt(sandbox, "out/latest");
    let inputs = receipt["inputs"].as_array().expect("inputs").iter();
    let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
    inputs.map(|input| (text(&input["source_id"]), text(&input["standardised"]))).collect()
}

/// The last run's stages and reports; without the scorecard, which counts the runs before.
fn written(sandbox: &Sandbox) -> BTreeMap<PathBuf, Vec<u8>> {
    let latest = sandbox.path("out/latest").canonicalize().expect("latest");
    let mut found = BTreeMap::new();
    for folder in ["reports", "stages/records", "stages/registry", "stages/value_issues"] {
        for entry in std::fs::read_dir(latest.join(folder)).expect(folder).flatten() {
            let name = PathBuf::from(folder).join(entry.file_name());
            found.insert(name, std::fs::read(entry.path()).expect("a file"));
        }
    }
    found.retain(|name, _| {
        !name.starts_with("reports/scorecard.parquet")
            && name.extension().is_some_and(|one| one == "parquet")
    });
    found
}

fn what_did_not_change_is_not_standardised_again() {
    let sandbox = Sandbox::with_data();
    let all = |word: &str| -> BTreeMap<String, String> {
        let ids = ["registry", "pensions", "ration_cards", "scholarships"];
        ids.iter().map(|id| ((*id).to_owned(), word.to_owned())).collect()
    };
    sandbox.run(&[]).expect(0);
    assert_eq!(standardised(&sandbox), all("fresh"));
    sandbox.run(&[]).expect(0);
    assert_eq!(standardised(&sandbox), all("kept"));
    let kept = written(&sandbox);
    sandbox.run(&["--full"]).expect(0);
    assert_eq!(standardised(&sandbox), all("fresh"));
    let fresh = written(&sandbox);
    assert!(kept.keys().eq(fresh.keys()) && kept.len() > 20);
    for (name, bytes) in &kept {
        assert!(fresh[name] == *bytes, "{} differs", name.display());
    }
    // A list that changed was standardised again by a partial run, alone; a word that changes its meaning concerns all.
    let name = "data/scholarships/scholarships_2026.csv";
    let changed = sandbox.read(name).replacen("SC26-", "SC27-", 1);
    sandbox.write(name, &changed);
    sandbox.run(&["--source", "scholarships"]).expect(0);
    sandbox.run(&[]).expect(0);
    assert_eq!(standardised(&sandbox), all("kept"), "a partial run forgets nothing");
    sandbox.edit("pipelines/common/words/gender.toml", "\"mle\"", "\"mle\", \"mlex\"");
    sandbox.run(&[]).expect(0);
    assert_eq!(standardised(&sandbox), all("fresh"));
}

/// The first member of a case leaves the list; the case keeps its id.
/// Two people under one key are named by who they are: rows in another order change nothing.
fn who_shares_a_key_keeps_his_place() {
    let sandbox = Sandbox::with_data();
    let name = "data/scholarships/scholarships_2026.csv";
    let text = sandbox.read(name);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let key = lines[1].split(',').next().expect("a key").to_owned();
    let own = lines[2].split(',').next().expect("a key").to_owned();
    lines[2] = lines[2].replacen(&own, &key, 1);
    sandbox.write(name, &(lines.join("\r\n") + "\r\n"));
    sandbox.run(&[]).expect(0);
    lines.swap(1, 2);
    sandbox.write(name, &(lines.join("\r\n") + "\r\n"));
    sandbox.run(&[]).expect(0);
    let receipt = receipt(&sandbox, "out/latest");
    let inputs = receipt["inputs"].as_array().expect("inputs");
    let one = inputs.iter().find(|input| input["source_id"] == "scholarships").expect("an input");
    assert_eq!(
        [&one["records_new"], &one["records_gone"], &one["records_changed"]],
        [0, 0, 0],
        "{one}"
    );
}

fn cases_keep_their_ids() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let sql = "SELECT case_id, min(record_id) AS first_record, count(*) AS members FROM duplicates\n\
        WHERE source_id = 'scholarships' AND scope = 'within_source' GROUP BY case_id ORDER BY members DESC, case_id LIMIT 1";
    let case = &query(&sandbox, sql)[0];
    let (id, first) = (
        case["case_id"].as_str().expect("an id"),
        case["first_record"].as_str().expect("a record"),
    );
    // Another row takes its place under a key that sorts before it: a fresh id would come from that one.
    let name = "data/scholarships/scholarships_2026.csv";
    let text = sandbox.read(name);
    let row = text.lines().find(|line| line.starts_with(first)).expect("the row").to_owned();
    let earlier = row.replacen("SC26-", "SC00-", 1);
    sandbox.write(name, &text.replacen(&row, &format!("{row}\r\n{earlier}"), 1));
    sandbox.run(&[]).expect(0);
    let now = count(
        &sandbox,
        &format!(
            "SELECT count(*) FROM duplicates WHERE case_id = '{id}' AND record_id LIKE 'SC00-%'"
        ),
    );
    assert_eq!(now, 1, "the new first member joins the known case");
}

/// A list is gone, and with it the first members of findings; what is left of them are the same cases.
fn findings_keep_their_ids_when_members_leave() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let ids = |sandbox: &Sandbox, having: &str| -> Vec<String> {
        let sql = format!(
            "SELECT case_id FROM findings WHERE finding = 'PHONE_SHARED'\n\
             GROUP BY case_id HAVING {having} ORDER BY case_id"
        );
        let text = |row: &serde_json::Value| row["case_id"].as_str().expect("an id").to_owned();
        query(sandbox, &sql).iter().map(text).collect()
    };
    let known = ids(&sandbox, "true");
    let losing = ids(&sandbox, "min(source_id) = 'pensions' AND max(source_id) <> 'pensions'");
    std::fs::remove_dir_all(sandbox.path("data/pensions")).expect("the dump");
    sandbox.edit(
        "pipelines/people-hub/sources/pensions.toml",
        "on_missing = \"fail\"",
        "on_missing = \"skip\"",
    );
    sandbox.run(&[]).expect(0);
    let now = ids(&sandbox, "true");
    assert!(now.iter().all(|id| known.contains(id)), "{known:?} {now:?}");
    assert!(now.iter().any(|id| losing.contains(id)), "{losing:?} {now:?}");
}

fn a_delta_keeps_the_rest() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let before = count(&sandbox, "SELECT count(*) FROM routing WHERE source_id = 'scholarships'");
    sandbox.edit(
        "pipelines/people-hub/sources/scholarships.toml",
        "mode = \"full\"",
        "mode = \"delta\"",
    );
    let name = "data/scholarships/scholarships_2026.csv";
    let text = sandbox.read(name);
    let lines: Vec<&str> = text.lines().collect();
    // One known record again, one new.
    let delta = [lines[0], lines[1], &lines[2].replacen("SC26-", "SC27-", 1)].join("\r\n");
    sandbox.write(name, &delta);
    sandbox.run(&[]).expect(0);
    assert_eq!(
        count(&sandbox, "SELECT count(*) FROM routing WHERE source_id = 'scholarships'"),
        before + 1
    );
}

fn remains_of_a_dead_run_are_cleared() {
    let sandbox = Sandbox::with_data();
    sandbox.write("out/runs/.preparing-people-hub-x/stages/records/x.parquet", "half");
    sandbox.write("out/state/people-hub/generations/people-hub-x/landed/x.parquet", "half");
    sandbox.run(&[]).expect(0);
    assert!(!sandbox.path("out/runs/.preparing-people-hub-x").exists());
    assert!(!sandbox.path("out/state/people-hub/generations/people-hub-x").exists());
}

/// A run of one source neither takes the place of the whole one nor loses what the state knows of the others.
fn a_run_of_one_source_forgets_nothing() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let latest = std::fs::read_link(sandbox.path("out/latest")).expect("latest");
    let partial = sandbox.run(&["--source", "scholarships"]).expect(0);
    assert!(partial.stderr.contains("a run of some sources alone"), "{}", partial.stderr);
    assert!(sandbox.read(partial.stdout.trim()).contains("\"partial\": true"));
    assert_eq!(std::fs::read_link(sandbox.path("out/latest")).expect("latest"), latest);
    std::fs::rename(sandbox.path("data/ration"), sandbox.path("away")).expect("moved away");
    sandbox.run(&[]).expect(0);
    let taken = query(&sandbox, "SELECT taken FROM scorecard WHERE source_id = 'ration_cards'");
    assert_eq!(taken[0]["taken"], "use_last", "its landed copy outlived the partial run");
    let inputs = receipt(&sandbox, "out/latest")["inputs"].as_array().expect("inputs").clone();
    let new: u64 = inputs.iter().map(|input| input["records_new"].as_u64().expect("a count")).sum();
    assert_eq!(new, 0, "nobody is new: {inputs:?}");
}

/// As a run of its own: somebody stands there once more, under another number and without an id.
fn the_registry_is_laid_beside_itself() {
    let sandbox = Sandbox::with_data();
    let text = sandbox.read("data/registry/people_hub.csv");
    let row = text.lines().nth(1).expect("a resident");
    let cells: Vec<&str> = row.split(',').collect();
    let once_more = row.replacen(cells[0], "R-900000-1", 1).replacen(cells[8], "", 1);
    sandbox.write("data/registry/people_hub.csv", &format!("{text}{once_more}\r\n"));
    sandbox.run(&["--source", "registry"]).expect(0);
    let both = format!(
        "SELECT count(*) FROM duplicates WHERE scope = 'registry' AND record_id IN ('{}', 'R-900000-1')\n\
         AND array_has(evidence, 'ACCEPTED_PAIRS')",
        cells[0]
    );
    assert_eq!(count(&sandbox, &both), 2);
    assert_eq!(receipt(&sandbox, "out/latest")["inputs"][1]["source_id"], "registry_itself");
}

/// A night with one application, by somebody of whom the registry knows nothing alike: there is no pair to look at.
fn a_list_that_meets_nobody_is_answered() {
    let sandbox = Sandbox::with_data();
    let name = "data/scholarships/scholarships_2026.csv";
    let list = sandbox.read(name);
    let header = list.lines().next().expect("a header");
    let stranger = "SC26-90000099,Zebulon Quixworth,Ephraim Quixworth,17-05-2009,Male,,,Govt School,School,Farawaypet,Elsewhere,Guntur,3500,,,10-08-2026,Yes";
    sandbox.write(name, &format!("{header}\n{stranger}\n"));
    let outcome = sandbox.run(&["--source", "scholarships"]).expect(0);
    let run = outcome.stdout.trim().trim_end_matches("/receipt.json").to_owned();
    let receipt = receipt(&sandbox, &run);
    assert_eq!(receipt["candidates"][0]["pairs_compared"], 0, "{}", receipt["candidates"]);
    let sql = "SELECT lookup, count(*) AS n FROM answers GROUP BY lookup";
    let answers = sandbox.milaan(["sql", &run, sql, "--format", "json"]).expect(0);
    assert!(answers.stdout.contains("\"not_found\""), "{}", answers.stdout);
    assert!(answers.stdout.contains("\"n\":1"), "{}", answers.stdout);
}

/// The same dumps give the same weights file, which a run takes; without one, `run` asks for it and `train` writes it.
fn training_is_repeatable_and_serves() {
    let sandbox = Sandbox::with_data();
    let file = "pipelines/people-hub/match/person_v1.weights.toml";
    std::fs::remove_file(sandbox.path(file)).expect("removed");
    let refused = sandbox.run(&[]).expect(2);
    assert!(refused.stderr.contains("`milaan train` writes them"), "{}", refused.stderr);
    let args = ["train", "pipelines/people-hub", "--data", "data"];
    let first = sandbox.milaan(args).expect(0);
    assert!(
        first.stderr.contains("random pairs") && first.stdout.contains("person_name"),
        "{}",
        first.stderr
    );
    let written = sandbox.read(file);
    sandbox.milaan(args).expect(0);
    assert_eq!(sandbox.read(file), written);
    sandbox.run(&[]).expect(0);
}

/// The rules as they are, on the rows of the last run; one that makes too many is refused, and without a run nothing is told.
fn check_counts_pairs_on_the_last_run() {
    let sandbox = Sandbox::with_data();
    let check = || sandbox.milaan(["check", "pipelines/people-hub", "--data", "data"]);
    assert!(check().expect(0).stdout.contains("pairs: not estimated, since there is no run"));
    sandbox.run(&[]).expect(0);
    let told = check().expect(0).stdout;
    assert!(told.contains("pairs by blocking rule, on the rows of people-hub-"), "{told}");
    let by_id = count(
        &sandbox,
        "SELECT count(*) FROM records AS l JOIN registry AS r ON r.national_id_token = l.national_id_token",
    );
    assert!(told.contains(&format!("    national_id: {by_id}\n")), "{by_id}: {told}");
    let by_name = count(
        &sandbox,
        "SELECT count(*) FROM records AS l JOIN registry AS r\n\
         ON r.person_name_key = l.person_name_key AND r.village_key = l.village_key",
    );
    assert!(told.contains(&format!("    whole_name_village: {by_name}\n")), "{by_name}: {told}");
    sandbox.edit("pipelines/people-hub/pipeline.toml", "[limits]\n", "[limits]\npairs_max = 10\n");
    let refused = check().expect(2);
    let said =
        format!("blocking `national_id` would make {by_id} pairs of the rows of run `people-hub-");
    assert!(refused.stderr.contains(&said), "{}", refused.stderr);
    assert!(refused.stderr.contains("`pairs_max` is 10"), "{}", refused.stderr);
}
