//! What leaves beside the reports: change-sets and their answers, purposes, cases and who belongs to them, and the standards' files.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Sandbox, count, ehsaas_run, files, query, root, sample_run};
use crate::sop::{none, number, some, words};

crate::tests!(
    sop_3_6_replay_gives_the_same_bytes_and_answers_are_read_back,
    sop_3_6_the_newest_answer_counts_and_strange_ones_are_said,
    sop_3_9_one_folder_a_recipient,
    sop_3_5_a_column_outside_the_purpose_stops_the_run,
    sop_3_3_a_new_beneficiary_with_other_data_can_fail_the_run,
    sop_a6_the_mode_changes_no_match,
    sop_e7_figures_are_laid_beside_those_of_before,
    sop_a2_a_former_district_is_a_variant,
    sop_a4_an_id_or_account_is_shared_by_people_not_by_records,
    sop_a8_households_are_split_between_people,
    diff_tells_new_resolved_reopened_and_unchanged,
    change_sets_have_the_columns_of_their_schema,
    the_data_package_tells_of_every_file,
    the_lineage_has_a_start_and_an_end,
    workbooks_open_with_typed_columns_and_meanings,
    sop_e10_goods_are_counted_in_their_unit,
);

fn sync_files(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    files(&sandbox.path("out/latest/sync"))
}

fn sop_3_6_replay_gives_the_same_bytes_and_answers_are_read_back() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let first = sync_files(&sandbox);
    let sent = count(&sandbox, "SELECT count(*) FROM changes");
    let ids = query(&sandbox, "SELECT change_id FROM changes ORDER BY change_id LIMIT 2");
    let id = |at: usize| ids[at]["change_id"].as_str().expect("an id").to_owned();
    sandbox.write(
        "data/acknowledgements/registry.csv",
        &format!(
            "change_id,result,answered_on\n{},accepted,2026-11-01\n{},REJECTED,2026-11-02\nnonsense\n",
            id(0),
            id(1)
        ),
    );
    let said = sandbox.run(&[]).expect(0);
    assert!(said.stderr.contains("1 lines of"), "{}", said.stderr);
    assert!(first == sync_files(&sandbox), "the same change-sets, byte by byte");
    let answered = |answer: &str| {
        count(&sandbox, &format!("SELECT count(*) FROM acknowledgements WHERE answer = '{answer}'"))
    };
    assert_eq!((answered("accepted"), answered("rejected"), answered("awaited")), (1, 1, sent - 2));
    // A list that is gone takes its changes along; who has not answered them is still asked.
    std::fs::remove_dir_all(sandbox.path("data/pensions")).expect("the dump");
    sandbox.edit(
        "pipelines/people-hub/sources/pensions.toml",
        "on_missing = \"fail\"",
        "on_missing = \"skip\"",
    );
    sandbox.run(&[]).expect(0);
    assert_eq!(count(&sandbox, "SELECT count(*) FROM changes"), 0);
    assert_eq!(answered("awaited"), sent - 2);
    assert_eq!(count(&sandbox, "SELECT count(*) FROM acknowledgements WHERE is_current"), 0);
}

fn sop_3_6_the_newest_answer_counts_and_strange_ones_are_said() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let ids = query(&sandbox, "SELECT change_id FROM changes ORDER BY change_id LIMIT 3");
    let id = |at: usize| ids[at]["change_id"].as_str().expect("an id").to_owned();
    let head = "change_id,result,answered_on\n";
    // The later day; on one day the later file, and in it the later row.
    let first = format!(
        "{head}{0},rejected,2026-11-02\n{0},accepted,2026-11-01\n{1},accepted,2026-11-01\n",
        id(0),
        id(1)
    );
    let second = format!(
        "{head}{0},accepted,2026-11-01\n{0},rejected,2026-11-01\npppppppppppp,accepted,2026-11-03\n{1},accepted,2026-13-03\n",
        id(1),
        id(2)
    );
    sandbox.write("data/acknowledgements/registry.1.csv", &first);
    sandbox.write("data/acknowledgements/registry.2.csv", &second);
    sandbox.write("data/acknowledgements/nobody.csv", &first);
    let said = sandbox.run(&[]).expect(0).stderr;
    assert!(said.contains("1 lines of") && said.contains("nobody of that name was sent"), "{said}");
    let answer = |id: &str| {
        let sql = format!(
            "SELECT concat(answer, ' ', coalesce(answered_on, ''), ' ', is_known) AS said FROM acknowledgements WHERE change_id = '{id}'"
        );
        query(&sandbox, &sql).iter().map(|row| row["said"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(answer(&id(0)), ["rejected 2026-11-02 true"]);
    assert_eq!(answer(&id(1)), ["rejected 2026-11-01 true"]);
    assert_eq!(answer(&id(2)), ["awaited  true"]);
    assert_eq!(answer("pppppppppppp"), ["accepted 2026-11-03 false"]);
    // Answers stay where they are; a change answered before and no longer in the list is no strange one.
    std::fs::remove_dir_all(sandbox.path("data/pensions")).expect("the dump");
    sandbox.edit(
        "pipelines/people-hub/sources/pensions.toml",
        "on_missing = \"fail\"",
        "on_missing = \"skip\"",
    );
    sandbox.run(&[]).expect(0);
    assert!(answer(&id(0)).is_empty() && answer("pppppppppppp").len() == 1);
}

fn sop_3_9_one_folder_a_recipient() {
    let wanted = ["bisp", "registry", "utility-stores", "waseela"];
    let names = sync_files(ehsaas_run()).into_keys();
    let folders: std::collections::BTreeSet<String> =
        names.filter_map(|name| Some(name.split_once('/')?.0.to_owned())).collect();
    assert_eq!(folders.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
    let sandbox = ehsaas_run();
    let rejects = query(sandbox, "SELECT DISTINCT source_id FROM rejects");
    assert!(rejects.iter().any(|row| row["source_id"] == "utility_stores"), "{rejects:?}");
    assert!(sandbox.path("out/latest/sync/utility-stores/rejects.csv").is_file());
}

fn sop_a2_a_former_district_is_a_variant() {
    some(
        sample_run(),
        "mismatches WHERE field = 'district' AND reason = 'FORMER_DISTRICT' AND kind = 'variant' AND severity = 'low'",
    );
    // Two districts of one split still contradict where the mandals do.
    some(
        sample_run(),
        "mismatches AS d JOIN mismatches AS m ON m.source_id = d.source_id AND m.record_id = d.record_id\n\
         WHERE d.field = 'district' AND d.kind = 'contradiction' AND m.field = 'mandal' AND m.kind = 'contradiction'",
    );
    none(
        sample_run(),
        "mismatches AS d LEFT JOIN mismatches AS m ON m.source_id = d.source_id AND m.record_id = d.record_id AND m.field = 'mandal'\n\
         WHERE d.field = 'district' AND d.kind = 'contradiction' AND m.field IS NULL",
    );
}

fn sop_a4_an_id_or_account_is_shared_by_people_not_by_records() {
    for sandbox in [sample_run(), ehsaas_run()] {
        for finding in ["ID_SHARED", "BANK_SHARED"] {
            some(sandbox, &format!("findings WHERE finding = '{finding}'"));
            // Two residents, or a name that contradicts: never one resident and a record that waits and may be she.
            none(
                sandbox,
                &format!(
                    "(SELECT f.case_id FROM findings AS f JOIN routing AS r ON r.source_id = f.source_id AND r.record_id = f.record_id\n\
                     WHERE f.finding = '{finding}' AND array_has(f.evidence, 'DIFFERENT_RESIDENTS')\n\
                     GROUP BY f.case_id HAVING count(DISTINCT r.resident_ref) < 2)"
                ),
            );
        }
    }
}

fn sop_a8_households_are_split_between_people() {
    for sandbox in [sample_run(), ehsaas_run()] {
        for (finding, others) in [
            ("HOUSEHOLD_SPLIT", "coalesce(d.ration_card, d.household_id)"),
            ("HOUSEHOLD_MERGE", "r.household_ref"),
        ] {
            some(sandbox, &format!("findings WHERE finding = '{finding}'"));
            none(
                sandbox,
                &format!(
                    "(SELECT f.case_id FROM findings AS f\n\
                     JOIN routing AS r ON r.source_id = f.source_id AND r.record_id = f.record_id\n\
                     JOIN records AS d ON d.source_id = f.source_id AND d.record_id = f.record_id\n\
                     WHERE f.finding = '{finding}' GROUP BY f.case_id\n\
                     HAVING count(DISTINCT r.resident_ref) < 2 OR count(DISTINCT {others}) < 2)"
                ),
            );
        }
    }
}

fn sop_3_5_a_column_outside_the_purpose_stops_the_run() {
    for (to, said) in [
        (
            "\"person_name\", \"birth_date\"]",
            "`birth_date` is outside the purpose `ration_delivery`",
        ),
        ("\"person_name\", \"phone\"]", "`phone` is outside the purpose"),
    ] {
        let sandbox = Sandbox::with_data();
        let from = "\"person_name\", \"gender\", \"village\"]";
        sandbox.edit(
            "pipelines/people-hub/pipeline.toml",
            &format!("columns = [{from}"),
            &format!("columns = [{to}"),
        );
        let outcome = sandbox.run(&[]).expect(2);
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
        assert!(!sandbox.path("out").exists(), "nothing was read or written");
    }
    let sandbox = Sandbox::with_data();
    sandbox.edit(
        "pipelines/people-hub/pipeline.toml",
        "\"district\"]\n",
        "\"district\", \"bank_account\"]\n",
    );
    let outcome = sandbox.run(&[]).expect(2);
    assert!(
        outcome.stderr.contains("no change-set offers the column `bank_account`"),
        "{}",
        outcome.stderr
    );
}

fn sop_3_3_a_new_beneficiary_with_other_data_can_fail_the_run() {
    let sandbox = Sandbox::with_data();
    sandbox.write(
        "pipelines/people-hub/checks/new_beneficiaries_have_the_registrys_data.sql",
        "-- SOP 3.3\nSELECT source_id, record_id FROM violations WHERE rule = 'SOP-3.3'\n",
    );
    let outcome = sandbox.run(&[]).expect(1);
    assert!(
        outcome.stderr.contains("new_beneficiaries_have_the_registrys_data"),
        "{}",
        outcome.stderr
    );
    assert!(!sandbox.path("out/latest").exists());
}

fn sop_a6_the_mode_changes_no_match() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&[]).expect(0);
    let sql = "SELECT record_id, lookup, resident_ref, match_weight FROM routing WHERE source_id = 'scholarships' ORDER BY 1";
    let (identified, modes) = (
        query(&sandbox, sql),
        "SELECT DISTINCT mode FROM routing WHERE source_id = 'scholarships'",
    );
    assert_eq!(query(&sandbox, modes)[0]["mode"], "identify");
    let source = "pipelines/people-hub/sources/scholarships.toml";
    sandbox.edit(source, "request_type = \"new\"", "request_type = \"modification\"");
    sandbox.run(&[]).expect(0);
    assert_eq!(query(&sandbox, modes)[0]["mode"], "deliver");
    assert_eq!(query(&sandbox, sql), identified);
}

fn sop_e7_figures_are_laid_beside_those_of_before() {
    let sandbox = Sandbox::with_data();
    sandbox.run(&["--as-of", "2026-10-31"]).expect(0);
    assert_eq!(count(&sandbox, "SELECT count(before_as_of) FROM scorecard"), 0);
    for _ in 0..2 {
        sandbox.run(&["--as-of", "2026-12-31"]).expect(0);
        assert_eq!(
            count(&sandbox, "SELECT count(*) FROM scorecard WHERE before_as_of = '2026-10-31'"),
            4
        );
        assert_eq!(
            count(&sandbox, "SELECT count(*) FROM scorecard WHERE found_share_change = 0"),
            3
        );
        let overdue = "SELECT count(*) FROM scorecard WHERE sync = 'overdue' AND age_days = 61";
        assert_eq!(
            count(&sandbox, overdue),
            2,
            "pensions and rice cards say of which day they are"
        );
    }
}

fn diff_tells_new_resolved_reopened_and_unchanged() {
    let sandbox = Sandbox::with_data();
    let run = |name: &str| {
        let path = sandbox.run(&[]).expect(0).stdout.trim().replace("/receipt.json", "");
        assert!(sandbox.path(&path).is_dir(), "{name}");
        // Runs are told apart by the second in which they began.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        path
    };
    let diff = |a: &str, b: &str| -> Value {
        let outcome = sandbox.milaan(["diff", a, b, "--json"]).expect(0);
        serde_json::from_str(&outcome.stdout).expect("JSON")
    };
    let length = |value: &Value, kind: &str| -> usize {
        let reports = value.as_object().expect("reports").values();
        reports.map(|report| report[kind].as_array().expect(kind).len()).sum()
    };
    let first = run("first");
    let dump = sandbox.read("data/scholarships/scholarships_2026.csv");
    let half: Vec<&str> = dump.lines().take(70).collect();
    sandbox.write("data/scholarships/scholarships_2026.csv", &format!("{}\n", half.join("\r\n")));
    let second = run("second");
    let resolved = diff(&first, &second);
    assert!(length(&resolved, "resolved") > 0 && length(&resolved, "reopened") == 0, "{resolved}");
    assert!(resolved["findings"]["unchanged"].as_u64() > Some(0));
    sandbox.write("data/scholarships/scholarships_2026.csv", &dump);
    let third = run("third");
    let reopened = diff(&second, &third);
    assert_eq!(length(&reopened, "reopened"), length(&resolved, "resolved"));
    let backwards = diff(&first, &first);
    assert_eq!((length(&backwards, "new"), length(&backwards, "resolved")), (0, 0));
    let table = sandbox.milaan(["diff", &first, &second]).expect(0).stdout;
    assert!(table.starts_with("report") && table.contains("duplicates"), "{table}");
    sandbox.milaan(["diff", "out", &second]).expect(2);
}

/// That every line keeps the whole schema: `just standards`.
fn change_sets_have_the_columns_of_their_schema() {
    for sandbox in [sample_run(), ehsaas_run()] {
        let mut sets = 0;
        for (name, bytes) in sync_files(sandbox) {
            let Some(stem) = name.strip_suffix(".jsonl") else { continue };
            let schema = sandbox.read(&format!("out/latest/sync/{stem}.schema.json"));
            let schema: Value = serde_json::from_str(&schema).expect("a schema");
            let wanted: Vec<_> = schema["required"].as_array().expect("columns").iter().collect();
            for line in String::from_utf8(bytes).expect("UTF-8").lines() {
                let line: Value = serde_json::from_str(line).expect("a line");
                assert_eq!(line.as_object().expect("an object").len(), wanted.len(), "{name}");
                assert!(
                    wanted
                        .iter()
                        .all(|column| line.get(column.as_str().expect("a name")).is_some())
                );
            }
            sets += 1;
        }
        assert_eq!(sets, 4);
    }
}

fn the_data_package_tells_of_every_file() {
    for sandbox in [sample_run(), ehsaas_run()] {
        let package = sandbox.read("out/latest/datapackage.json");
        let package: Value = serde_json::from_str(&package).expect("JSON");
        assert_eq!(package["created"], crate::harness::receipt(sandbox, "out/latest")["finished"]);
        let listed = |path: &str| {
            let resources = package["resources"].as_array().expect("resources");
            resources.iter().any(|resource| resource["path"] == path)
        };
        for name in files(&sandbox.path("out/latest/sync")).keys() {
            assert!(listed(&format!("sync/{name}")), "{name}");
        }
        for resource in package["resources"].as_array().expect("resources") {
            let path = resource["path"].as_str().expect("a path");
            let size =
                std::fs::metadata(sandbox.path(&format!("out/latest/{path}"))).expect(path).len();
            assert_eq!(resource["bytes"], size, "{path}");
        }
    }
}

fn the_lineage_has_a_start_and_an_end() {
    let lines = sample_run().read("out/latest/lineage.jsonl");
    let events: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an event")).collect();
    let kinds: Vec<_> = events.iter().map(|event| event["eventType"].as_str()).collect();
    assert_eq!(kinds, [Some("START"), Some("COMPLETE")]);
    assert_eq!(events[0]["run"]["runId"], events[1]["run"]["runId"]);
    assert!(events[1]["outputs"].as_array().expect("outputs").len() > 20);
    let failed = Sandbox::with_data();
    std::fs::remove_dir_all(failed.path("data/pensions")).expect("the dump");
    let path = failed.run(&[]).expect(1).stdout.trim().replace("receipt.json", "lineage.jsonl");
    assert!(failed.read(&path).contains("\"FAIL\""));
}

fn workbooks_open_with_typed_columns_and_meanings() {
    use calamine::{Data, Reader as _};
    for name in ["scorecard", "overlaps", "review_queue", "duplicates", "sop_audit"] {
        let path = sample_run().path(&format!("out/latest/reports/{name}.xlsx"));
        let mut book = calamine::open_workbook_auto(path).expect("a workbook");
        let names = book.sheet_names();
        let (last, tables) = names.split_last().expect("sheets");
        assert_eq!(last, "columns");
        let heights: Vec<usize> = tables
            .iter()
            .map(|table| book.worksheet_range(table).expect("a sheet").height() - 1)
            .collect();
        let rows = count(sample_run(), &format!("SELECT count(*) FROM {name}"));
        assert_eq!(heights.iter().sum::<usize>() as u64, rows, "{name}");
        if name == "review_queue" {
            // A sheet a district.
            let districts = query(sample_run(), &format!("SELECT DISTINCT district FROM {name}"));
            assert_eq!(districts.len(), tables.len());
        } else {
            assert_eq!(tables, [name]);
        }
        let sheet = book.worksheet_range(&tables[0]).expect("a sheet");
        let meanings = book.worksheet_range("columns").expect("a sheet");
        assert_eq!(meanings.height(), sheet.width() + 1, "{name}");
        if name == "scorecard" {
            let header: Vec<String> =
                sheet.rows().next().expect("a header").iter().map(ToString::to_string).collect();
            let at = |column: &str| header.iter().position(|name| name == column).expect(column);
            let row = sheet.rows().nth(1).expect("a row");
            assert!(matches!(row[at("rows_read")], Data::Float(_) | Data::Int(_)));
            assert!(
                matches!(row[at("stated_on")], Data::DateTime(_)),
                "{:?}",
                row[at("stated_on")]
            );
            assert!(matches!(row[at("sync")], Data::String(_)));
        }
    }
}

fn sop_e10_goods_are_counted_in_their_unit() {
    let units = words(
        ehsaas_run(),
        "SELECT DISTINCT unit FROM benefit_matrix WHERE benefit_type = 'in_kind'",
    );
    assert!(units.contains("kg") && units.contains("litre"), "{units:?}");
    let mut kilograms = 0.0;
    for (name, delimiter) in
        [("punjab", b','), ("sindh", b'\t'), ("khyber_pakhtunkhwa", b','), ("balochistan", b';')]
    {
        let path = root().join(format!("sample-data/ehsaas/utility_stores/subsidy_{name}.csv"));
        let text = std::fs::read_to_string(path).expect("a dump");
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        for row in reader.records().map(|row| row.expect("a row")) {
            // A line with more cells than the header is rejected.
            if row.get(15) == Some("kg") && row.len() == 19 {
                kilograms += row[14].parse::<f64>().expect("a quantity");
            }
        }
    }
    let sql = "SELECT CAST(sum(quantity) AS DOUBLE) FROM benefit_matrix WHERE unit = 'kg'";
    let found = number(ehsaas_run(), sql);
    assert!((kilograms - found).abs() < 0.005, "{kilograms} {found}");
}
