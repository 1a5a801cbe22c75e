//! `milaan eval` on runs made by hand: every number is one that can be counted on fingers.

use datafusion::dataframe::DataFrameWriteOptions;
use datafusion::prelude::SessionContext;
use serde_json::{Value, json};

use crate::harness::{Sandbox, sample_run};

crate::tests!(
    a_list_beside_the_registry,
    rules_and_blocks_too_large,
    stated_and_observed,
    a_list_that_is_the_registry,
    a_run_without_stages_or_rules,
    both_programmes_are_judged_in_full,
);

/// Writes the rows of a query to a Parquet file.
fn parquet(sandbox: &Sandbox, relative: &str, sql: &str) {
    let path = sandbox.path(relative);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let path = path.to_str().expect("a path").to_owned();
    runtime.block_on(async {
        let frame = SessionContext::new().sql(sql).await.expect(sql);
        frame.write_parquet(&path, DataFrameWriteOptions::new(), None).await.expect("written");
    });
}

/// People by `(key, id, names, birth date, phone)`, as the standardised stages have them; `more` columns stand first.
fn people(more: &str, rows: &str) -> String {
    format!(
        "SELECT {more}, CAST(id AS VARCHAR) AS national_id_token, names AS person_name_keys,\n\
         array_to_string(names, ' ') AS person_name_raw, CAST(born AS DATE) AS birth_date, CAST(phone AS VARCHAR) AS phone,\n\
         'day' AS birth_date_precision, 1990 AS birth_date_year, 'F' AS gender, 'guntur' AS district_key\n\
         FROM (VALUES {rows}) AS t (key, id, names, born, phone)"
    )
}

/// The report `routing` by `(record_id, row, lookup, resident_ref, band)`.
fn routing(source: &str, rows: &str) -> String {
    format!(
        "SELECT '{source}' AS source_id, record_id, 'l.csv' AS file, '' AS sheet, CAST(row AS BIGINT) AS row, lookup,\n\
         CAST(resident_ref AS VARCHAR) AS resident_ref, CAST(band AS VARCHAR) AS band\n\
         FROM (VALUES {rows}) AS t (record_id, row, lookup, resident_ref, band)"
    )
}

/// Pairs by `(record_id, resident_ref, match_probability, band, contradictions, accepted)`; NULL: not in the report.
const PAIR_COLUMNS: &str =
    "(record_id, resident_ref, match_probability, band, contradictions, accepted)";

fn write_pairs(sandbox: &Sandbox, source: &str, rows: &str) {
    let from = format!("FROM (VALUES {rows}) AS t {PAIR_COLUMNS}");
    let stage = format!(
        "SELECT '{source}' AS source_id, record_id, resident_ref, 'id' AS rule, 1.0 AS match_weight, match_probability,\n\
         band, CAST(contradictions AS BIGINT) AS contradictions {from}"
    );
    parquet(sandbox, "run/stages/pairs/l.parquet", &stage);
    let report = format!(
        "SELECT '{source}' AS source_id, record_id, resident_ref, band, accepted {from} WHERE accepted IS NOT NULL"
    );
    parquet(sandbox, "run/reports/matches.parquet", &report);
}

fn eval(sandbox: &Sandbox) -> Value {
    let outcome = sandbox.milaan(["eval", "run", "truth.csv", "--json"]).expect(0);
    sandbox.milaan(["eval", "run", "truth.csv"]).expect(0);
    serde_json::from_str(&outcome.stdout).expect("JSON")
}

/// Whether two numbers are one.
fn near(found: &Value, wanted: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - wanted).abs() < 1e-9, "{found}, not {wanted}");
}

/// Eight records that the truth tells of, one that it does not, one row of the truth without a record; three rules, of which
/// two have over-full blocks.
fn by_hand() -> Sandbox {
    let sandbox = Sandbox::new();
    let rule = |name: &str, keys: &[&str], most: u64| json!({"name": name, "keys": keys, "block_rows_max": most});
    let receipt = json!({
        "inputs": [{"source_id": "registry"}, {"source_id": "l", "same_as_registry": false}],
        "overfull_blocks": [{"rule": "name_date"}, {"rule": "phone"}],
        "model": {"id": "m", "blocking": [
            rule("id", &["national_id_token"], 50),
            rule("name_date", &["person_name_keys[]", "birth_date"], 2),
            rule("phone", &["phone"], 1),
        ]},
    });
    sandbox.write("run/receipt.json", &receipt.to_string());
    let d = "'2000-01-01'";
    let registry = format!(
        "('R1', '111', make_array('a'), {d}, NULL), ('R2', '222', make_array('b'), {d}, NULL), ('R3', NULL, make_array('c'), NULL, '9'),\n\
         ('R4', NULL, make_array('k', 'm'), {d}, '9'), ('R5', '555', make_array('k'), {d}, NULL),\n\
         ('R6', NULL, make_array('z', 'q'), {d}, '7'), ('R7', NULL, make_array('k'), {d}, NULL)"
    );
    parquet(&sandbox, "run/stages/registry/r.parquet", &people("key AS resident_ref", &registry));
    let records = format!(
        "('a1', '111', make_array('x'), {d}, NULL), ('a2', NULL, make_array('b'), {d}, '1'), ('a3', NULL, make_array('x'), {d}, '9'),\n\
         ('a4', NULL, make_array('k', 'm'), {d}, '9'), ('a5', '555', make_array('k'), {d}, NULL), ('a6', NULL, make_array('x'), {d}, '7'),\n\
         ('a7', NULL, make_array('x'), NULL, NULL), ('a8', NULL, make_array('p', 'q'), {d}, '7'), ('a10', NULL, make_array('x'), {d}, NULL)"
    );
    let more = "'l' AS source_id, key AS record_id";
    parquet(&sandbox, "run/stages/records/l.parquet", &people(more, &records));
    let answers = "('a1', 1, 'found', 'R1', 'exact'), ('a2', 2, 'found', 'R3', 'high'), ('a3', 3, 'not_found', NULL, NULL),\n\
        ('a4', 4, 'ambiguous', NULL, 'review'), ('a5', 5, 'not_found', NULL, NULL), ('a6', 6, 'found', 'R6', 'high'),\n\
        ('a7', 7, 'not_found', NULL, NULL), ('a8', 8, 'found', 'R6', 'high'), ('a10', 10, 'not_found', NULL, NULL)";
    parquet(&sandbox, "run/reports/routing.parquet", &routing("l", answers));
    let pairs = "('a1', 'R1', 0.9995, 'exact', 0, true), ('a2', 'R3', 0.995, 'high', 0, true), ('a2', 'R2', 0.2, 'low', 0, NULL),\n\
        ('a4', 'R4', 0.7, 'review', 1, false), ('a6', 'R6', 0.992, 'high', 0, true), ('a8', 'R6', 0.9995, 'high', 0, true),\n\
        ('a10', 'R7', 0.95, 'low', 2, NULL)";
    write_pairs(&sandbox, "l", pairs);
    let truth = "source_id,file,sheet,row,resident_ref,cases\nl,l.csv,,1,R1,twin\nl,l.csv,,2,R2,twin;age_off\nl,l.csv,,3,R3,twin\n\
        l,l.csv,,4,R4,\nl,l.csv,,5,R5,\nl,l.csv,,6,,relative_not_registered\nl,l.csv,,7,,not_registered\nl,l.csv,,8,R6,\nl,l.csv,,9,R1,\n\
        elsewhere,x.csv,,1,R1,\n";
    sandbox.write("truth.csv", truth);
    sandbox
}

fn a_list_beside_the_registry() {
    let judged = eval(&by_hand());
    assert_eq!(judged["records"], 8);
    assert_eq!(judged["records_without_truth"], 1, "a10");
    assert_eq!(judged["truth_without_record"], 1, "row 9");
    assert_eq!(judged["sources_left_out"], json!(["elsewhere"]));
    assert_eq!(judged["judged_by_pairs"], json!([]));
    let counts =
        |rates: &Value| ["linked", "right", "wrong", "missed"].map(|name| rates[name].as_u64());
    assert_eq!(counts(&judged["accepted"]), [7, 2, 2, 5].map(Some));
    near(&judged["accepted"]["precision"], 0.5);
    near(&judged["accepted"]["recall"], 2.0 / 7.0);
    near(&judged["accepted"]["f1"], 4.0 / 11.0);
    assert_eq!(counts(&judged["with_review"]), [7, 3, 2, 4].map(Some), "a4 is found by people");
    assert_eq!(counts(&judged["bands"]["high"]), [2, 1, 2, 1].map(Some), "a2, a6, a8");
    // Three accepted would give 2·2 of 3 + 7; down to 0.7 it is 2·3 of 5 + 7.
    near(&judged["best"]["threshold"], 0.7);
    near(&judged["best"]["f1"], 0.5);
    let misses = json!({
        "total": 5, "no_record": 1, "wrong_resident": 1, "blocked_away": 1, "scored_low": 1, "ambiguous": 1,
        "other": 0, "with_contradiction": 1,
    });
    assert_eq!(judged["misses"], misses, "row 9, a2, a3, a5, a4");
    let case = |name: &str| {
        let case = &judged["cases"][name];
        ["linked", "right", "missed", "given_another", "not_registered", "not_registered_accepted"]
            .map(|count| case[count].as_u64().expect(count))
    };
    assert_eq!(case("twin"), [3, 1, 2, 1, 0, 0]);
    assert_eq!(case("age_off"), [1, 0, 1, 1, 0, 0]);
    assert_eq!(case("relative_not_registered"), [0, 0, 0, 0, 1, 1], "a6 was given R6");
    assert_eq!(case("not_registered"), [0, 0, 0, 0, 1, 0]);
    let lookups = json!({"found": 4, "ambiguous": 1, "not_found": 3});
    assert_eq!(judged["lookups"], lookups);
}

fn rules_and_blocks_too_large() {
    let judged = eval(&by_hand());
    let blocking = &judged["blocking"];
    assert_eq!((&blocking["true_pairs"], &blocking["found"]), (&json!(7), &json!(5)));
    near(&blocking["recall"]["value"], 5.0 / 7.0);
    let rule = |at: usize| {
        let rule = &blocking["rules"][at];
        let counts = ["found", "first", "overfull"].map(|name| rule[name].as_u64().expect(name));
        (rule["rule"].as_str().expect("a name"), counts)
    };
    assert_eq!(rule(0), ("id", [2, 2, 0]), "a1, a5");
    // a2 by b; a4 by m, since the block of k has three rows; a8 by its second name; a5 shares k alone.
    assert_eq!(rule(1), ("name_date", [3, 3, 1]));
    // a8 by 7; a3 and a4 share 9 with two residents, which is too many.
    assert_eq!(rule(2), ("phone", [1, 0, 2]));
    near(&blocking["rules"][1]["recall"]["value"], 3.0 / 7.0);
}

fn stated_and_observed() {
    let judged = eval(&by_hand());
    let bins = judged["reliability"].as_array().expect("bins");
    let edges: Vec<f64> = bins.iter().map(|bin| bin["from"].as_f64().expect("an edge")).collect();
    assert_eq!(edges, [0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999]);
    let pairs = |which: &str| -> Vec<(u64, u64)> {
        let counts =
            |bin: &Value| ["pairs", "right"].map(|name| bin[which][name].as_u64().expect(name));
        bins.iter().map(|bin| counts(bin).into()).collect()
    };
    // a10 has no truth: its pair at 0.95 is in no bin.
    assert_eq!(pairs("all"), [(0, 0), (0, 0), (1, 1), (1, 1), (0, 0), (2, 0), (2, 2)]);
    assert_eq!(pairs("uncontradicted"), [(0, 0), (0, 0), (1, 1), (0, 0), (0, 0), (2, 0), (2, 2)]);
    near(&bins[5]["all"]["mean_probability"], 0.9935);
    near(&bins[6]["all"]["share"]["value"], 1.0);
    // Wilson, two of two.
    let low = bins[6]["all"]["share"]["low"].as_f64().expect("a bound");
    assert!((low - 0.342_38).abs() < 1e-4, "{low}");
}

/// b1, b2, b3 are one person, b4, b5 and a row that is not in the run another, b6 a third.
fn a_list_that_is_the_registry() {
    let sandbox = Sandbox::new();
    let receipt = json!({
        "inputs": [{"source_id": "registry"}, {"source_id": "s", "same_as_registry": true}],
        "overfull_blocks": [],
        "model": {"id": "m", "blocking": [{"name": "phone", "keys": ["phone"], "block_rows_max": 9}]},
    });
    sandbox.write("run/receipt.json", &receipt.to_string());
    let row = |key: &str, phone: u32| format!("('{key}', NULL, make_array('x'), NULL, '{phone}')");
    let rows = [("b1", 1), ("b2", 1), ("b3", 1), ("b4", 2), ("b5", 2), ("b6", 3)]
        .map(|(key, phone)| row(key, phone))
        .join(", ");
    parquet(&sandbox, "run/stages/registry/r.parquet", &people("key AS resident_ref", &rows));
    let more = "'s' AS source_id, key AS record_id";
    parquet(&sandbox, "run/stages/records/s.parquet", &people(more, &rows));
    let answers: Vec<String> =
        (1..=6).map(|n| format!("('b{n}', {n}, 'found', 'b{n}', NULL)")).collect();
    parquet(&sandbox, "run/reports/routing.parquet", &routing("s", &answers.join(", ")));
    // The ends of one pair stand the other way round: that must not matter.
    let pairs = "('b1', 'b2', 0.9995, 'high', 0, true), ('b2', 'b3', 0.7, 'review', 0, false), ('b5', 'b4', 0.995, 'high', 0, true),\n\
        ('b3', 'b6', 0.993, 'high', 0, true), ('b1', 'b3', 0.02, 'low', 1, NULL)";
    write_pairs(&sandbox, "s", pairs);
    let truth = "source_id,file,sheet,row,resident_ref,cases\ns,l.csv,,1,P,twin\ns,l.csv,,2,P,\ns,l.csv,,3,P,\ns,l.csv,,4,Q,\n\
        s,l.csv,,5,Q,\ns,l.csv,,6,,\ns,l.csv,,7,Q,\n";
    sandbox.write("truth.csv", truth);
    let judged = eval(&sandbox);
    assert_eq!(judged["judged_by_pairs"], json!(["s"]));
    assert_eq!(judged["records"], 6);
    let counts =
        |rates: &Value| ["linked", "right", "wrong", "missed"].map(|name| rates[name].as_u64());
    assert_eq!(
        counts(&judged["accepted"]),
        [6, 2, 1, 4].map(Some),
        "three of P, one of Q, two with row 7"
    );
    near(&judged["accepted"]["precision"], 2.0 / 3.0);
    near(&judged["accepted"]["f1"], 4.0 / 9.0);
    assert_eq!(counts(&judged["with_review"]), [6, 3, 1, 3].map(Some));
    near(&judged["best"]["threshold"], 0.02);
    near(&judged["best"]["f1"], 8.0 / 11.0);
    let misses = json!({
        "total": 4, "no_record": 2, "wrong_resident": 0, "blocked_away": 0, "scored_low": 1, "ambiguous": 1,
        "other": 0, "with_contradiction": 1,
    });
    assert_eq!(judged["misses"], misses);
    assert_eq!(
        (&judged["blocking"]["true_pairs"], &judged["blocking"]["found"]),
        (&json!(6), &json!(4))
    );
    assert_eq!(judged["cases"]["twin"]["linked"], 2, "b1 with b2 and with b3");
    assert_eq!(judged["cases"]["twin"]["right"], 1);
}

/// An old receipt does not tell the rules, and stages are swept in time: the scores stay, the rest is absent.
fn a_run_without_stages_or_rules() {
    let sandbox = by_hand();
    let mut receipt: Value =
        serde_json::from_str(&sandbox.read("run/receipt.json")).expect("a receipt");
    receipt.as_object_mut().expect("an object").remove("model");
    sandbox.write("run/receipt.json", &receipt.to_string());
    let judged = eval(&sandbox);
    assert_eq!((&judged["blocking"], &judged["misses"]), (&Value::Null, &Value::Null));
    assert_eq!(judged["reliability"].as_array().expect("bins").len(), 7);
    std::fs::remove_dir_all(sandbox.path("run/stages")).expect("swept");
    let judged = eval(&sandbox);
    near(&judged["accepted"]["f1"], 4.0 / 11.0);
    assert_eq!((&judged["best"], &judged["reliability"]), (&Value::Null, &json!([])));
}

/// On real runs of both programmes the parts agree with one another.
fn both_programmes_are_judged_in_full() {
    let ehsaas = Sandbox::new();
    let order = "synth data --programme ehsaas --residents 600 --records 400 --seed 11";
    ehsaas.milaan(order.split(' ')).expect(0);
    ehsaas.milaan(["run", "pipelines/ehsaas", "--data", "data"]).expect(0);
    for (programme, sandbox) in [("people-hub", sample_run()), ("ehsaas", &ehsaas)] {
        let outcome = sandbox.milaan(["eval", "out/latest", "data/truth.csv", "--json"]).expect(0);
        let judged: Value = serde_json::from_str(&outcome.stdout).expect("JSON");
        let accepted = &judged["accepted"];
        let count = |value: &Value| value.as_u64().expect("a count");
        for (dimension, groups) in judged["subgroups"].as_object().expect("subgroups") {
            for name in ["records", "linked", "right", "wrong"] {
                let sum: u64 = groups
                    .as_object()
                    .expect("groups")
                    .values()
                    .map(|group| count(&group[name]))
                    .sum();
                assert_eq!(sum, count(&accepted[name]), "{programme}: {name} by {dimension}");
            }
        }
        assert_eq!(judged["subgroups"].as_object().map(serde_json::Map::len), Some(8));
        assert_eq!(judged["misses"]["total"], accepted["missed"], "{programme}");
        let blocking = &judged["blocking"];
        assert_eq!(blocking["true_pairs"], accepted["linked"]);
        let rules = blocking["rules"].as_array().expect("rules");
        assert_eq!(
            rules.iter().map(|rule| count(&rule["first"])).sum::<u64>(),
            count(&blocking["found"])
        );
        let missed = count(&judged["misses"]["blocked_away"]);
        assert!(missed + count(&blocking["found"]) <= count(&blocking["true_pairs"]));
        let found_after = count(&accepted["right"]);
        assert!(
            found_after <= count(&blocking["found"]),
            "{programme}: nobody is found unsearched"
        );
        assert!(judged["best"]["f1"].as_f64() >= accepted["f1"].as_f64().map(|f1| f1 - 0.02));
    }
}
