//! `milaan review`: pairs go out blind, decisions come back, the next run holds to them as long as the data stay.

use std::collections::BTreeMap;

use crate::harness::{Outcome, Sandbox, count, query, receipt};

crate::tests!(
    decisions_pin_pairs,
    a_decision_falls_when_data_change,
    a_file_with_faults_is_not_taken,
    samples_estimate_false_matches,
    reviewers_teach,
);

fn export(sandbox: &Sandbox, more: &[&str]) -> Outcome {
    let mut args = vec!["review", "export", "pipelines/people-hub"];
    args.extend(more);
    sandbox.milaan(args)
}

fn import(sandbox: &Sandbox, file: &str) -> Outcome {
    sandbox.milaan(["review", "import", "pipelines/people-hub", file])
}

/// The cells of a file without quoted ones, by header.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    assert!(!text.contains('"'), "no cell is quoted");
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(|line| line.split(','));
    let header: Vec<&str> = lines.next().expect("a header").collect();
    lines
        .map(|cells| {
            header.iter().zip(cells).map(|(h, c)| ((*h).to_owned(), c.to_owned())).collect()
        })
        .collect()
}

/// A file that comes back: pairs and what is said of them.
fn decided(decisions: &[(&str, &str)]) -> String {
    let mut text = "pair_id,decision,decided_by,decided_on,note\r\n".to_owned();
    for (pair, decision) in decisions {
        text.push_str(&format!("{pair},{decision},Clerk 7,2026-11-20,seen the card\r\n"));
    }
    text
}

/// What was answered for the record of a pair: lookup and resident.
fn lookup(sandbox: &Sandbox, row: &BTreeMap<String, String>) -> (String, Option<String>) {
    let sql = format!(
        "SELECT lookup, resident_ref FROM routing WHERE source_id = '{}' AND file = '{}' AND sheet = '{}' AND row = {}",
        row["list"], row["list_file"], row["list_sheet"], row["list_row"]
    );
    let found = &query(sandbox, &sql)[0];
    let text = |name: &str| found[name].as_str().map(str::to_owned);
    (text("lookup").expect("a lookup"), text("resident_ref"))
}

fn decisions_pin_pairs() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let told = export(&sandbox, &["-o", "queue.csv"]).expect(0);
    assert_eq!(told.stdout.trim(), "queue.csv");
    let text = sandbox.read("queue.csv");
    let header = text.lines().next().expect("a header");
    for hidden in ["weight", "probability", "band", "evidence", "rule"] {
        assert!(!header.contains(hidden), "blind: {header}");
    }
    for wanted in
        ["pair_id", "person_name_here", "person_name_there", "decision", "decided_by", "note"]
    {
        assert!(header.contains(wanted), "{header}");
    }
    assert!(header.ends_with("decision,decided_by,decided_on,note"), "{header}");
    let again = export(&sandbox, &["-o", "queue.csv"]).expect(2);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    export(&sandbox, &["-o", "again.csv"]).expect(0);
    assert_eq!(sandbox.read("again.csv"), text, "the same data, the same file");

    // A record whose number is another resident's waits; two others are accepted.
    let queue = rows(&text);
    let same = queue.iter().find(|row| row["person_name"] == "same").expect("a pair of one name");
    assert_eq!(lookup(&sandbox, same).0, "ambiguous");
    export(&sandbox, &["-o", "high.csv", "--sample", "2", "--band", "high"]).expect(0);
    let accepted = rows(&sandbox.read("high.csv"));
    let [different, unsure] = accepted.as_slice() else { panic!("two pairs") };
    let id = |row: &BTreeMap<String, String>| row["pair_id"].clone();
    sandbox.write(
        "back.csv",
        &decided(&[(&id(same), "same"), (&id(different), "DIFFERENT"), (&id(unsure), "UNSURE")]),
    );
    let taken = import(&sandbox, "back.csv").expect(0);
    assert!(taken.stderr.contains("taken: 1 SAME, 1 DIFFERENT, 1 UNSURE"), "{}", taken.stderr);
    assert!(!taken.stderr.contains("Clerk"), "{}", taken.stderr);
    sandbox.run(&[]).expect(0);
    assert_eq!(lookup(&sandbox, same), ("found".to_owned(), Some(same["resident_ref"].clone())));
    let (lookup_now, resident) = lookup(&sandbox, different);
    assert_ne!(resident, Some(different["resident_ref"].clone()), "{lookup_now}");
    assert_eq!(lookup(&sandbox, unsure).0, "ambiguous");
    let decisions = &receipt(&sandbox, "out/latest")["decisions"];
    assert_eq!(
        [&decisions["same"], &decisions["different"], &decisions["unsure"]],
        [1, 1, 1],
        "{decisions}"
    );
    assert_eq!([&decisions["outdated"], &decisions["not_found"]], [0, 0], "{decisions}");
    explained(&sandbox, same);

    // The newest counts: the other way round.
    sandbox.write("back.csv", &decided(&[(&id(same), "DIFFERENT")]));
    let replaced = import(&sandbox, "back.csv").expect(0);
    assert!(
        replaced.stderr.contains("1 of them differ from an earlier decision"),
        "{}",
        replaced.stderr
    );
    let older = decided(&[(&id(same), "SAME")]).replace("2026-11-20", "2026-11-19");
    sandbox.write("older.csv", &older);
    let older = import(&sandbox, "older.csv").expect(0);
    assert!(
        older.stderr.contains("1 of them differ from a decision of a later day"),
        "{}",
        older.stderr
    );
    sandbox.run(&[]).expect(0);
    assert_ne!(lookup(&sandbox, same).1, Some(same["resident_ref"].clone()));
}

/// The decision stands in the evidence, which still adds up, and in the sentence.
fn explained(sandbox: &Sandbox, same: &BTreeMap<String, String>) {
    let sql = format!(
        "SELECT source_id, record_id FROM matches WHERE source_id = '{}' AND resident_ref = '{}' AND accepted",
        same["list"], same["resident_ref"]
    );
    let record = query(sandbox, &sql)[0]["record_id"].as_str().expect("a record").to_owned();
    let name = format!("{}/{record}", same["list"]);
    let told = sandbox.milaan(["explain", "pipelines/people-hub", &name]).expect(0).stdout;
    assert!(told.contains("accepted: reviewers decided that it is"), "{told}");
    assert!(told.contains("wrong matches in band exact: not estimated"), "{told}");
    let decision = told.lines().find(|line| line.trim().starts_with("decision")).expect("the step");
    assert!(decision.contains("same"), "{decision}");
}

fn a_decision_falls_when_data_change() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    export(&sandbox, &["-o", "queue.csv"]).expect(0);
    let queue = rows(&sandbox.read("queue.csv"));
    let of_csv =
        |row: &&BTreeMap<String, String>| row["list_file"].ends_with("scholarships_2026.csv");
    let one = queue.iter().find(of_csv).expect("a pair of a text file");
    sandbox.write("back.csv", &decided(&[(&one["pair_id"], "SAME")]));
    import(&sandbox, "back.csv").expect(0);
    sandbox.run(&[]).expect(0);
    assert_eq!(lookup(&sandbox, one).0, "found");
    // Its row is another from now on.
    let name = format!("data/{}", one["list_file"]);
    let text = sandbox.read(&name);
    let at: usize = one["list_row"].parse().expect("a row");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[at - 1].push('x');
    sandbox.write(&name, &(lines.join("\r\n") + "\r\n"));
    let told = sandbox.run(&[]).expect(0);
    assert!(told.stderr.contains("1 decisions of reviewers no longer hold"), "{}", told.stderr);
    assert_eq!(receipt(&sandbox, "out/latest")["decisions"]["outdated"], 1);
    assert_eq!(lookup(&sandbox, one).0, "ambiguous", "it waits again");
}

/// Everything wrong is named by its row, quoted nowhere, and nothing of the file is kept.
fn a_file_with_faults_is_not_taken() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    export(&sandbox, &["-o", "some.csv", "--sample", "6", "--band", "high"]).expect(0);
    let queue = rows(&sandbox.read("some.csv"));
    let id = |at: usize| queue[at]["pair_id"].as_str();
    let text = format!(
        "pair_id,decision,decided_by,decided_on,note\n{},SAME,A,2026-11-20,\nnosuchpairid,SAME,A,,\n{},Lakshmi Devi,A,,\n{},UNSURE,A,,\n\
         {},SAME,,,\n{},SAME,A,some day,\n{},SAME,A,2999-01-01,\n{},,,,\n",
        id(0),
        id(1),
        id(0),
        id(2),
        id(3),
        id(4),
        id(5)
    );
    sandbox.write("back.csv", &text);
    let refused = import(&sandbox, "back.csv").expect(1);
    for said in [
        "row 3: the pair_id is unknown",
        "row 4: the decision is an unknown word",
        "row 5: the pair is decided twice, in row 2 too",
        "row 6: decided_by is empty",
        "row 7: decided_on is no date up to today",
        "row 8: decided_on is no date up to today",
    ] {
        assert!(refused.stderr.contains(said), "{said}: {}", refused.stderr);
    }
    assert!(
        !refused.stderr.contains("Lakshmi") && !refused.stderr.contains("nosuch"),
        "{}",
        refused.stderr
    );
    assert!(!sandbox.path("out/state/people-hub/review/decisions.jsonl").exists());
    sandbox.write("none.csv", "pair_id,verdict\nx,SAME\n");
    assert!(import(&sandbox, "none.csv").expect(1).stderr.contains("decision"));
    import(&sandbox, "absent.csv").expect(2);
    // What was never given out has no decision.
    let other = Sandbox::with_data();
    other.run(&[]).expect(0);
    other.write("back.csv", &decided(&[(id(0), "SAME")]));
    assert!(import(&other, "back.csv").expect(1).stderr.contains("the pair_id is unknown"));
}

fn samples_estimate_false_matches() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let none = receipt(&sandbox, "out/latest")["false_matches"].clone();
    assert_eq!(none["accepted"], "not estimated", "{none}");
    assert!(
        none["bands"].as_array().expect("bands").iter().all(|band| band["rate"] == "not estimated")
    );
    let told = export(&sandbox, &["-o", "high.csv", "--sample", "20", "--band", "high"]).expect(0);
    let high = none["bands"][1]["pairs"].as_u64().expect("a count");
    assert!(told.stderr.contains(&format!("20 of {high} in band high")), "{}", told.stderr);
    let sample = rows(&sandbox.read("high.csv"));
    assert_eq!(sample.len(), 20);
    let accepted =
        sample.iter().filter(|row| lookup(&sandbox, row).1.as_ref() == Some(&row["resident_ref"]));
    assert_eq!(accepted.count(), 20, "all are accepted pairs");
    // One wrong, one unsure, one not decided.
    let mut decisions: Vec<(&str, &str)> =
        sample.iter().map(|row| (row["pair_id"].as_str(), "SAME")).collect();
    (decisions[3].1, decisions[4].1, decisions[5].1) = ("DIFFERENT", "UNSURE", "");
    sandbox.write("back.csv", &decided(&decisions));
    import(&sandbox, "back.csv").expect(0);
    sandbox.run(&[]).expect(0);
    let wrong = receipt(&sandbox, "out/latest")["false_matches"].clone();
    let band = &wrong["bands"][1];
    let counts = ["sampled", "same", "different", "unsure"].map(|name| band[name].as_u64());
    assert_eq!(counts, [20, 17, 1, 1].map(Some), "{band}");
    let rate = |name: &str| band["rate"][name].as_f64().expect("a share");
    // 1 of 18 by Wilson.
    assert!((rate("value") - 1.0 / 18.0).abs() < 1e-9, "{band}");
    assert!((rate("low") - 0.0099).abs() < 5e-4 && (rate("high") - 0.2576).abs() < 5e-4, "{band}");
    assert_eq!(
        wrong["bands"][0]["pairs"], none["bands"][0]["pairs"],
        "what is decided is not counted"
    );
    assert_eq!(wrong["accepted"], "not estimated", "nobody looked at the other band: {wrong}");
    let judged = sandbox.milaan(["eval", "out/latest", "data/truth.csv"]).expect(0).stdout;
    assert!(
        judged.contains("as reviewers sampled it") && judged.contains("0.0556 (0.0099 - "),
        "{judged}"
    );
    assert!(judged.contains("not estimated"), "{judged}");
    let high = "SELECT count(*) FROM matches WHERE band = 'high' AND array_element(levels, -1)['comparison'] = 'decision'";
    assert_eq!(count(&sandbox, high), 0, "what was decided stands in the band of what is sure");
}

/// Decided pairs move m towards what they show; without the folder of the runs training is as before.
fn reviewers_teach() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let train = |out: &str| {
        let args = ["train", "pipelines/people-hub", "--data", "data", "--dry-run", "--out", out];
        sandbox.milaan(args).expect(0)
    };
    let before = train("out");
    export(&sandbox, &["-o", "all.csv", "--sample", "60"]).expect(0);
    let sample = rows(&sandbox.read("all.csv"));
    let decisions: Vec<(&str, &str)> =
        sample.iter().map(|row| (row["pair_id"].as_str(), "SAME")).collect();
    sandbox.write("back.csv", &decided(&decisions));
    import(&sandbox, "back.csv").expect(0);
    let after = train("out");
    assert!(
        after.stderr.contains("pairs that reviewers hold for one person counted in"),
        "{}",
        after.stderr
    );
    assert_ne!(after.stdout, before.stdout);
    assert_eq!(train("elsewhere").stdout, before.stdout);
}
