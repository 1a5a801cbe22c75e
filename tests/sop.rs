//! The acceptance checks of the two orders (domain.md section 1), row by row, on the shared runs of both samples. docs/sop.md lists them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::harness::{Sandbox, ehsaas_run, receipt, root, sample_run};
use crate::sample::csv_rows;

crate::tests!(
    sop_a0_both_date_layouts_are_read_day_first,
    sop_a1_every_row_names_the_registry_snapshot,
    sop_a2_a_mismatch_has_both_values_and_its_rule,
    sop_a3_socio_economic_and_identity_columns_reach_no_open_sink,
    sop_a4_the_registry_is_laid_beside_itself,
    sop_a5_the_matrix_has_every_benefit_of_a_resident_and_nothing_else,
    sop_a7_lists_past_the_deadline_are_overdue,
    sop_3_1_household_is_found_where_the_person_is_not,
    sop_3_2_channels_and_requests_add_up,
    sop_3_2_every_record_has_one_outcome,
    sop_3_3_found_ekyc_yes_copies_the_registry,
    sop_3_3_found_ekyc_no_authenticates,
    sop_3_4_not_found_is_enrolled_without_an_adverse_word,
    sop_a15_every_situation_has_one_action,
    sop_3_6_only_approved_changes_are_shared,
    sop_3_8_without_consent_no_digits,
    sop_3_9_a_department_gets_its_own_rows_and_columns,
    sop_a22_the_run_audits_itself,
    sop_e1_coverage_stands_beside_who_is_not_found,
    sop_e2_three_agencies_in_one_run,
    sop_e4_a_missing_input_is_undetermined,
    sop_e5_totals_reconcile_from_dump_to_matrix,
    sop_e8_one_program_passes_both_countries,
    sop_e9_decisions_carry_policy_version_and_evidence,
    sop_e12_two_agencies_one_person_one_case,
    sop_e13_gaps_stand_beside_overlaps,
    sop_e14_a_permitted_pair_is_never_flagged,
    every_report_is_filled_by_the_samples,
    the_page_of_the_orders_names_real_tests,
);

/// Rows of a query over the latest run, for a reader of restricted columns.
fn rows(sandbox: &Sandbox, sql: &str) -> Vec<Value> {
    let args = ["sql", "out/latest", sql, "--format", "json", "--clearance", "restricted"];
    serde_json::from_str(&sandbox.milaan(args).expect(0).stdout).expect("JSON rows")
}

pub(crate) fn number(sandbox: &Sandbox, sql: &str) -> f64 {
    let rows = rows(sandbox, sql);
    let value = rows[0].as_object().and_then(|row| row.values().next()).cloned();
    match value {
        Some(Value::Number(number)) => number.as_f64().expect("a number"),
        Some(Value::String(text)) => text.parse().expect("a number"),
        _ => 0.0,
    }
}

pub(crate) fn none(sandbox: &Sandbox, from: &str) {
    let found = number(sandbox, &format!("SELECT count(*) FROM {from}"));
    assert!(found == 0.0, "{found} rows of {from}");
}

pub(crate) fn some(sandbox: &Sandbox, from: &str) {
    assert!(number(sandbox, &format!("SELECT count(*) FROM {from}")) > 0.0, "no rows of {from}");
}

pub(crate) fn words(sandbox: &Sandbox, sql: &str) -> BTreeSet<String> {
    let rows = rows(sandbox, sql);
    let text = |row: &Value| row.as_object()?.values().next()?.as_str().map(str::to_owned);
    rows.iter().filter_map(text).collect()
}

/// The lines of a change-set of the latest run.
fn lines(sandbox: &Sandbox, name: &str) -> Vec<Value> {
    let text = sandbox.read(&format!("out/latest/sync/{name}.jsonl"));
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

fn sop_a0_both_date_layouts_are_read_day_first() {
    let sql = "SELECT date_parse('31-08-2017', 'dmy') AS a, date_parse('31/8/2017', 'dmy') AS b,\n\
        date_parse('30/9/2017', 'dmy') AS c, date_parse('9/30/2017', 'dmy') AS d";
    let row = &rows(sample_run(), sql)[0];
    assert_eq!(row["a"], "2017-08-31");
    assert_eq!(row["b"], "2017-08-31");
    assert_eq!(row["c"], "2017-09-30");
    assert!(row.get("d").is_none_or(Value::is_null), "never month before day");
}

fn sop_a1_every_row_names_the_registry_snapshot() {
    let snapshot = receipt(sample_run(), "out/latest")["registry_snapshot"].clone();
    for report in ["routing", "matches"] {
        let sql = format!("SELECT DISTINCT registry_snapshot AS s FROM {report}");
        assert_eq!(rows(sample_run(), &sql), [serde_json::json!({ "s": snapshot })], "{report}");
    }
    for set in ["registry/changes", "rural-development/records"] {
        assert!(lines(sample_run(), set).iter().all(|line| line["registry_snapshot"] == snapshot));
    }
}

fn sop_a2_a_mismatch_has_both_values_and_its_rule() {
    some(sample_run(), "mismatches WHERE suggested_side = 'registry'");
    none(
        sample_run(),
        "mismatches WHERE suggested_side = 'registry' AND kind NOT LIKE 'missing%'\n\
         AND (dump_value IS NULL OR registry_value IS NULL)",
    );
    none(sample_run(), "mismatches WHERE rule = 'no_rule'");
    let rules = words(sample_run(), "SELECT DISTINCT rule FROM mismatches");
    for rule in ["verified_beats_declared", "newer_beats_older", "only_the_list_has_it"] {
        assert!(rules.contains(rule), "{rules:?}");
    }
}

fn sop_a3_socio_economic_and_identity_columns_reach_no_open_sink() {
    let names = words(
        sample_run(),
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'registry'",
    );
    for column in ["person_name", "poverty_score", "scheme", "national_id_token", "ekyc"] {
        assert!(names.contains(column), "no {column}");
    }
    for column in ["poverty_score", "birth_date", "phone", "national_id_sealed"] {
        let sql = format!("SELECT {column} FROM registry");
        sample_run().milaan(["sql", "out/latest", &sql]).expect(2);
    }
    let sealed = ["sql", "out/latest", "SELECT national_id_sealed FROM registry", "--clearance"];
    sample_run().milaan(sealed.iter().chain(&["restricted"])).expect(2);
}

fn sop_a4_the_registry_is_laid_beside_itself() {
    some(sample_run(), "duplicates WHERE scope = 'registry'");
    none(
        sample_run(),
        "(SELECT case_id FROM duplicates WHERE scope = 'registry' GROUP BY case_id HAVING count(*) < 2)",
    );
}

fn sop_a5_the_matrix_has_every_benefit_of_a_resident_and_nothing_else() {
    let held = "SELECT DISTINCT a.resident_ref, d.source_id, d.scheme FROM records AS d JOIN answers AS a\n\
        ON a.source_id = d.source_id AND a.record_id = d.record_id WHERE a.lookup = 'found' AND d.scheme IS NOT NULL";
    let shown = "SELECT DISTINCT holder AS resident_ref, source_id, scheme FROM benefit_matrix WHERE holder <> '-'";
    none(sample_run(), &format!("(({held}) EXCEPT ({shown}))"));
    none(sample_run(), &format!("(({shown}) EXCEPT ({held}))"));
    some(
        sample_run(),
        "(SELECT holder FROM benefit_matrix WHERE holder <> '-' GROUP BY holder HAVING count(DISTINCT agency) > 1)",
    );
    none(sample_run(), "benefit_matrix WHERE household_amount < amount");
}

fn sop_a7_lists_past_the_deadline_are_overdue() {
    none(sample_run(), "scorecard WHERE sync = 'overdue'");
    none(
        sample_run(),
        "scorecard WHERE (sync = 'unknown') <> (age_days IS NULL OR days_max IS NULL)",
    );
    some(sample_run(), "scorecard WHERE sync = 'unknown'");
    some(sample_run(), "sop_audit WHERE clause = '3.10.sync' AND verdict = 'fail'");
    none(sample_run(), "scorecard WHERE days_max <> 30");
    some(sample_run(), "scorecard WHERE age_days IS NOT NULL AND found_share > 0");
}

fn sop_3_1_household_is_found_where_the_person_is_not() {
    some(sample_run(), "routing WHERE lookup = 'household_found' AND resident_ref IS NULL");
    none(sample_run(), "routing WHERE lookup = 'household_found' AND household_ref IS NULL");
}

fn sop_3_2_channels_and_requests_add_up() {
    let counted = |from: &str| {
        rows(
            sample_run(),
            &format!(
                "SELECT channel, request_type, count(*) AS n FROM {from} WHERE source_id = 'pensions' GROUP BY 1, 2 ORDER BY 1, 2"
            ),
        )
    };
    let routed = counted("routing");
    assert_eq!(routed, counted("records"));
    let channels: BTreeSet<_> = routed.iter().map(|row| row["channel"].to_string()).collect();
    let kinds: BTreeSet<_> = routed.iter().map(|row| row["request_type"].to_string()).collect();
    assert_eq!((channels.len(), kinds.len()), (4, 2), "{routed:?}");
    let modes = words(sample_run(), "SELECT DISTINCT mode FROM routing");
    assert_eq!(modes.len(), 2, "identify and deliver");
}

fn sop_3_2_every_record_has_one_outcome() {
    let known = "'found', 'household_found', 'ambiguous', 'not_found', 'not_checkable'";
    let read = number(
        sample_run(),
        "SELECT sum(rows_landed) FROM scorecard WHERE source_id <> 'registry'",
    );
    let routed =
        number(sample_run(), &format!("SELECT count(*) FROM routing WHERE lookup IN ({known})"));
    assert_eq!((read as u64, routed as u64), (4000, 4000));
}

fn registry_rows() -> BTreeMap<String, BTreeMap<String, String>> {
    let path = root().join("sample-data/people-hub/registry/people_hub.csv");
    let text = std::fs::read_to_string(path).expect("the registry");
    csv_rows(&text).into_iter().map(|row| (row["Resident Id"].clone(), row)).collect()
}

fn sop_3_3_found_ekyc_yes_copies_the_registry() {
    let registry = registry_rows();
    let mut copied = 0;
    for line in lines(sample_run(), "rural-development/records") {
        if line["action"] != "USE_REGISTRY" {
            continue;
        }
        assert_eq!(line["provenance"], "registry");
        let resident = &registry[line["resident_ref"].as_str().expect("a resident")];
        assert_eq!(resident["eKYC"], "Yes");
        assert_eq!(line["person_name"], resident["Name"].as_str());
        assert_eq!(line["relative_name"], resident["Relative Name"].as_str());
        copied += 1;
    }
    assert!(copied > 500, "{copied}");
}

fn sop_3_3_found_ekyc_no_authenticates() {
    none(
        sample_run(),
        "routing WHERE lookup = 'found' AND ekyc = false AND action NOT IN ('AUTHENTICATE', 'REVIEW')",
    );
    some(sample_run(), "routing WHERE action = 'AUTHENTICATE' AND array_has(reasons, 'EKYC_NO')");
    none(
        sample_run(),
        "mismatches AS m JOIN routing AS r ON r.source_id = m.source_id AND r.record_id = m.record_id\n\
         WHERE r.action = 'AUTHENTICATE' AND m.registry_value IS NOT NULL",
    );
    let released =
        ["person_name", "relative_name", "birth_date", "gender", "village", "resident_ref"];
    let lines = lines(sample_run(), "rural-development/records");
    let waiting: Vec<_> = lines.iter().filter(|line| line["action"] == "AUTHENTICATE").collect();
    assert!(waiting.len() > 50);
    for line in waiting {
        assert!(released.iter().all(|column| line[column].is_null()), "{line}");
    }
}

fn sop_3_4_not_found_is_enrolled_without_an_adverse_word() {
    none(sample_run(), "routing WHERE lookup = 'not_found' AND action <> 'ENROL'");
    let enrolled = sample_run().read("out/latest/reports/enrolments.csv").to_lowercase();
    assert!(enrolled.lines().count() > 100);
    for word in
        ["ghost", "fake", "fraud", "bogus", "reject", "cancel", "delete", "drop", "ineligible"]
    {
        assert!(!enrolled.contains(word), "{word}");
    }
}

fn sop_a15_every_situation_has_one_action() {
    none(
        sample_run(),
        "(SELECT lookup, standing FROM routes GROUP BY lookup, standing HAVING count(DISTINCT action) > 1)",
    );
    none(
        sample_run(),
        "routing WHERE lookup = 'ambiguous' AND (action <> 'REVIEW' OR resident_ref IS NOT NULL)",
    );
    none(sample_run(), "routing WHERE lookup = 'found' AND ekyc IS NULL AND action <> 'REVIEW'");
    some(sample_run(), "routing WHERE array_has(reasons, 'EKYC_UNKNOWN') AND action = 'REVIEW'");
    for reason in ["DECEASED_REPORTED", "EKYC_STALE"] {
        for sandbox in [sample_run(), ehsaas_run()] {
            some(sandbox, &format!("routing WHERE array_has(reasons, '{reason}')"));
            none(
                sandbox,
                &format!("routing WHERE array_has(reasons, '{reason}') AND action <> 'REVIEW'"),
            );
        }
    }
    // What the registry holds of somebody whose eKYC is too old is not shown either.
    none(
        sample_run(),
        "mismatches AS m JOIN routing AS r ON r.source_id = m.source_id AND r.record_id = m.record_id\n\
         WHERE array_has(r.reasons, 'EKYC_STALE') AND m.registry_value IS NOT NULL",
    );
    some(sample_run(), "routing WHERE array_has(reasons, 'ID_CONFLICT') AND action = 'REVIEW'");
    some(sample_run(), "routing WHERE array_has(reasons, 'REVIEW_BAND') AND action = 'REVIEW'");
    none(
        sample_run(),
        "routing WHERE array_has(reasons, 'SECOND_CANDIDATE_CLOSE') AND action <> 'REVIEW'",
    );
}

fn sop_3_6_only_approved_changes_are_shared() {
    for sandbox in [sample_run(), ehsaas_run()] {
        let changes = lines(sandbox, "registry/changes");
        assert!(changes.len() > 100);
        let ids: BTreeSet<_> = changes.iter().map(|line| line["change_id"].to_string()).collect();
        assert_eq!(ids.len(), changes.len(), "an id names one change");
        assert!(changes.iter().all(|line| line["approval_ref"].is_string()));
        let operations: BTreeSet<_> =
            changes.iter().map(|line| line["operation"].to_string()).collect();
        assert!(operations.contains("\"insert\"") && operations.contains("\"update\""));
        some(sandbox, "benefits WHERE approval_ref IS NULL AND lookup = 'found'");
        let awaited = "SELECT count(*) FROM acknowledgements WHERE answer = 'awaited'";
        assert_eq!(number(sandbox, awaited) as usize, changes.len(), "nobody has answered yet");
    }
}

fn sop_3_8_without_consent_no_digits() {
    some(sample_run(), "issues WHERE code = 'CONSENT_MISSING'");
    none(
        sample_run(),
        "records WHERE national_id_sealed IS NOT NULL AND NOT coalesce(consent, false)",
    );
    some(
        sample_run(),
        "records WHERE national_id_token IS NOT NULL AND NOT coalesce(consent, false)",
    );
    some(sample_run(), "violations WHERE rule = 'SOP-3.8'");
}

fn sop_3_9_a_department_gets_its_own_rows_and_columns() {
    for (recipient, source, has, has_not) in [
        ("civil-supplies", "ration_cards", "village", "birth_date"),
        ("social-welfare", "scholarships", "birth_date", "village"),
        ("rural-development", "pensions", "district", "poverty_score"),
    ] {
        let lines = lines(sample_run(), &format!("{recipient}/records"));
        assert!(lines.iter().all(|line| line["source_id"] == source), "{recipient}");
        assert!(lines.iter().all(|line| line.get(has).is_some() && line.get(has_not).is_none()));
    }
}

fn sop_a22_the_run_audits_itself() {
    let clauses = words(sample_run(), "SELECT clause FROM sop_audit");
    for clause in 1..=10 {
        assert!(clauses.contains(&format!("3.{clause:02}")), "{clauses:?}");
    }
    none(sample_run(), "sop_audit WHERE verdict = 'pass' AND violations > 0");
    some(sample_run(), "sop_audit WHERE clause = '3.03.new' AND verdict = 'fail'");
    some(sample_run(), "violations WHERE rule = 'SOP-3.3'");
    for sandbox in [sample_run(), ehsaas_run()] {
        // What cannot be counted says why; what is counted is counted from the rows that the violations list.
        none(sandbox, "sop_audit WHERE (verdict = 'not_applicable') <> (reason IS NOT NULL)");
        none(sandbox, "sop_audit WHERE verdict <> 'not_applicable' AND records = 0");
        for (clause, rule) in [("3.03.new", "SOP-3.3"), ("3.06", "SOP-3.6"), ("3.08", "SOP-3.8")] {
            let of = |sql: String| number(sandbox, &sql);
            let audited = of(format!("SELECT violations FROM sop_audit WHERE clause = '{clause}'"));
            let listed = of(format!("SELECT count(*) FROM violations WHERE rule = '{rule}'"));
            assert!((audited - listed).abs() < 0.5, "{clause}: {audited} audited, {listed} listed");
        }
    }
}

fn sop_e1_coverage_stands_beside_who_is_not_found() {
    let areas = words(sample_run(), "SELECT DISTINCT area FROM enrolments");
    assert!(areas.contains("covered"), "{areas:?}");
    some(sample_run(), "enrolments WHERE village_found_share > 0.5");
    none(sample_run(), "enrolments WHERE village_found_share > 1");
}

fn sop_e2_three_agencies_in_one_run() {
    let agencies = words(ehsaas_run(), "SELECT DISTINCT agency FROM benefit_matrix");
    assert_eq!(agencies.len(), 4, "{agencies:?}");
}

fn sop_e4_a_missing_input_is_undetermined() {
    some(
        sample_run(),
        "entitlements WHERE scheme = 'disabled' AND array_has(reasons, 'INPUT_MISSING')",
    );
    none(
        sample_run(),
        "entitlements WHERE missing_inputs IS NOT NULL AND entitlement <> 'undetermined'",
    );
    none(
        sample_run(),
        "entitlements WHERE array_has_any(reasons, ['INPUT_MISSING', 'NO_ACCEPTED_RESIDENT', 'NO_RULE']) AND entitlement <> 'undetermined'",
    );
    none(
        ehsaas_run(),
        "entitlements WHERE array_has_any(reasons, ['INPUT_MISSING', 'NO_ACCEPTED_RESIDENT', 'NO_RULE']) AND entitlement <> 'undetermined'",
    );
}

fn sop_e5_totals_reconcile_from_dump_to_matrix() {
    for sandbox in [sample_run(), ehsaas_run()] {
        let receipt = receipt(sandbox, "out/latest");
        let checks = receipt["checks"].as_array().expect("checks");
        let check = checks.iter().find(|check| check["name"] == "matrix_reconciles_with_the_lists");
        assert_eq!(check.expect("the check")["rows"], 0);
    }
    let path = root().join("sample-data/people-hub/scholarships/scholarships_2026.csv");
    let dump = csv_rows(&std::fs::read_to_string(path).expect("the dump"));
    let amounts = dump.iter().filter_map(|row| row["Scholarship Amount"].parse::<f64>().ok());
    let sql =
        "SELECT CAST(sum(amount) AS DOUBLE) FROM benefit_matrix WHERE source_id = 'scholarships'";
    assert!((amounts.sum::<f64>() - number(sample_run(), sql)).abs() < 0.005);
}

fn sop_e8_one_program_passes_both_countries() {
    for (sandbox, scheme) in [(sample_run(), "XXXX-XXXX-"), (ehsaas_run(), "XXXXX-")] {
        assert_eq!(receipt(sandbox, "out/latest")["verdict"], "done");
        some(sandbox, &format!("records WHERE national_id_masked LIKE '{scheme}%'"));
    }
}

fn sop_e9_decisions_carry_policy_version_and_evidence() {
    for sandbox in [sample_run(), ehsaas_run()] {
        none(
            sandbox,
            "overlaps WHERE policy_version <> 2 OR chain IS NULL OR weakest_record IS NULL OR status <> 'PROPOSED'",
        );
        none(sandbox, "overlaps WHERE chain_probability > weakest_link");
        none(
            sandbox,
            "entitlements WHERE policy_version <> 1 OR (weakest_link IS NULL AND NOT array_has(reasons, 'NO_ACCEPTED_RESIDENT'))",
        );
        none(sandbox, "gaps WHERE policy_version <> 1");
    }
}

fn sop_e12_two_agencies_one_person_one_case() {
    some(ehsaas_run(), "overlaps WHERE holder = 'person' AND agency_a <> agency_b");
    none(
        ehsaas_run(),
        "(SELECT source_a, record_a, source_b, record_b, rule FROM overlaps GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1)",
    );
    some(sample_run(), "overlaps WHERE holder = 'household'");
}

fn sop_e13_gaps_stand_beside_overlaps() {
    for sandbox in [sample_run(), ehsaas_run()] {
        some(
            sandbox,
            "gaps WHERE gap = 'receives_nothing' AND array_has(reasons, 'ELIGIBLE_NO_BENEFIT')",
        );
        some(sandbox, "overlaps");
        none(
            sandbox,
            "gaps AS g JOIN benefits AS b ON b.resident_ref = g.resident_ref AND b.scheme = g.scheme WHERE b.lookup = 'found' AND b.paid",
        );
    }
}

fn sop_e14_a_permitted_pair_is_never_flagged() {
    some(
        sample_run(),
        "benefits AS a JOIN benefits AS b ON b.resident_ref = a.resident_ref WHERE a.scheme = 'old age' AND b.scheme = 'rice card'",
    );
    none(sample_run(), "overlaps WHERE scheme_a = 'rice card' OR scheme_b = 'rice card'");
    none(ehsaas_run(), "overlaps WHERE scheme_b = 'education stipend' AND holder = 'household'");
    let found = words(sample_run(), "SELECT DISTINCT entitlement FROM entitlements");
    for word in ["over", "under", "ok", "undetermined"] {
        assert!(found.contains(word), "{found:?}");
    }
    assert!(words(ehsaas_run(), "SELECT DISTINCT entitlement FROM entitlements").contains("none"));
}

/// `rejects` alone is empty: the samples have no row that cannot be read (tests/bad_input.rs has them).
fn every_report_is_filled_by_the_samples() {
    for sandbox in [sample_run(), ehsaas_run()] {
        let receipt = receipt(sandbox, "out/latest");
        for report in receipt["reports"].as_array().expect("reports") {
            if report["name"] != "rejects" {
                assert!(report["rows"].as_u64() > Some(0), "{} is empty", report["name"]);
            }
        }
    }
}

fn the_page_of_the_orders_names_real_tests() {
    let page = std::fs::read_to_string(root().join("docs/sop.md")).expect("docs/sop.md");
    let known: BTreeSet<&str> = [TESTS, crate::sharing::TESTS, crate::sample::TESTS]
        .iter()
        .flat_map(|tests| tests.iter().filter_map(|(name, _)| name.rsplit("::").next()))
        .collect();
    let named: BTreeSet<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|name| name.trim_start_matches("sample::"))
        .filter(|name| name.starts_with("sop_") && *name != "sop_audit")
        .collect();
    let stray: Vec<_> = named.difference(&known).collect();
    assert!(named.len() > 25 && stray.is_empty(), "{stray:?}");
    for test in known.iter().filter(|name| name.starts_with("sop_")) {
        assert!(named.contains(test), "docs/sop.md does not tell of {test}");
    }
}
