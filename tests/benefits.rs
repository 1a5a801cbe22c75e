//! Benefits, planted: for which days they are, whether they are given, what overlaps, who is entitled, what the registry is told.

use std::sync::OnceLock;

use serde_json::Value;

use crate::harness::{Sandbox, count};

crate::tests!(
    a_purchase_of_one_day_overlaps_on_that_day_alone,
    periods_are_read_and_what_is_not_is_an_issue,
    days_do_not_slide_with_the_date_of_reference,
    a_permitted_pair_is_never_flagged_where_another_rule_forbids_it,
    a_benefit_that_is_not_paid_overlaps_with_nothing_and_fills_no_gap,
    a_household_is_judged_as_one,
    a_record_in_review_of_any_member_leaves_the_gap_open,
    a_scheme_without_a_rule_is_undetermined,
    gaps_and_entitlements_keep_their_cases,
    a_correction_is_an_update_and_a_telephone_is_no_change,
    an_expired_card_is_no_death,
    an_inactive_resident_is_reviewed,
);

const REGISTRY: &str = "data/registry/people_hub.csv";
const LIST: &str = "data/grants/grants.csv";

const SOURCE: &str = r#"title = "Grants"
department = "Grants"
[files]
paths = ["grants/*.csv"]
[record]
key = ["Key"]
[columns]
"Key" = { field = "identifier", role = "grant" }
"Name" = { field = "person_name" }
"Father" = { field = "relative_name" }
"Born" = { field = "birth_date", layout = "dmy" }
"Mobile" = { field = "phone" }
"Village" = { field = "place", role = "village" }
"Mandal" = { field = "place", role = "mandal" }
"District" = { field = "place", role = "district" }
"Scheme" = { field = "scheme" }
"Amount" = { field = "benefit_amount" }
"From" = { field = "valid_from", layout = "dmy" }
"To" = { field = "valid_to", layout = "dmy" }
"Period" = { field = "period" }
"Given" = { field = "given_on", layout = "dmy" }
"Status" = { field = "status" }
"Request" = { field = "request_type" }
"Approval" = { field = "approval_ref" }
"#;

const STACKING: &str = r#"version = 7
[columns]
rule = "text"
holder = "text"
scheme_a = "text"
scheme_b = "text"
permitted = "boolean"
valid_from = "date"
valid_to = "date?"
[[rule]]
rule = "alpha_or_beta"
holder = "person"
scheme_a = "alpha"
scheme_b = "beta"
permitted = false
valid_from = 2017-01-01
[[rule]]
rule = "no_gamma_in_the_quarter"
holder = "person"
scheme_a = "alpha"
scheme_b = "gamma"
permitted = false
valid_from = 2026-07-01
valid_to = 2026-09-30
[[rule]]
rule = "alpha_or_delta"
holder = "person"
scheme_a = "alpha"
scheme_b = "delta"
permitted = false
valid_from = 2017-01-01
[[rule]]
rule = "delta_beside_alpha_since_2026"
holder = "person"
scheme_a = "delta"
scheme_b = "alpha"
permitted = true
valid_from = 2026-01-01
"#;

const TARGETING: &str = r#"version = 3
[columns]
rule = "text"
scheme = "text"
benefit_group = "text"
unit = "text"
seek_gaps = "boolean"
age_min = "integer?"
age_max = "integer?"
gender = "text?"
score_max = "number?"
needs = "text?"
amount_min = "number?"
amount_max = "number?"
quantity_min = "number?"
quantity_max = "number?"
valid_from = "date"
valid_to = "date?"
[[rule]]
rule = "alpha_of_the_oldest"
scheme = "alpha"
benefit_group = "alpha"
unit = "household"
seek_gaps = true
age_min = 96
amount_min = 1000.0
amount_max = 1000.0
valid_from = 2017-01-01
[[rule]]
rule = "beta_for_all"
scheme = "beta"
benefit_group = "beta"
unit = "person"
seek_gaps = false
amount_min = 1000.0
amount_max = 1000.0
valid_from = 2017-01-01
"#;

/// A planted resident: household, member, name, father, birth, status.
type Resident = (u32, u32, &'static str, &'static str, &'static str, &'static str);

const RESIDENTS: &[Resident] = &[
    (1, 1, "Anumula Sitaramaiah", "Anumula Peddanna", "11-03-1961", "ALIVE"),
    (2, 1, "Bezawada Koteswari", "Bezawada Gurunadham", "12-04-1962", "ALIVE"),
    (3, 1, "Chukkala Venkatratnam", "Chukkala Bhimudu", "13-05-1963", "ALIVE"),
    (4, 1, "Dondapati Mangamma", "Dondapati Yellaiah", "14-06-1964", "ALIVE"),
    (5, 1, "Enugula Pardhasaradhi", "Enugula Kanakaiah", "15-07-1965", "ALIVE"),
    (6, 1, "Gaddam Nookaraju", "Gaddam Tatabbai", "16-08-1966", "ALIVE"),
    (7, 1, "Hanumanthu Rajeswari", "Hanumanthu Sanyasi", "17-09-1967", "ALIVE"),
    (8, 1, "Indla Subbarayudu", "Indla Chennaiah", "18-10-1968", "ALIVE"),
    (9, 1, "Jakkula Manikyam", "Jakkula Pothuraju", "19-11-1969", "INACTIVE"),
    // Households with a member of the target group (born 1925) and others.
    (20, 1, "Kancherla Achiyamma", "Kancherla Ramudu", "21-02-1925", "ALIVE"),
    (20, 2, "Kancherla Bhaskarudu", "Kancherla Ramudu", "22-03-1961", "ALIVE"),
    (21, 1, "Lingala Chandrayya", "Lingala Veeranna", "23-04-1925", "ALIVE"),
    (21, 2, "Lingala Durgamamba", "Lingala Chandrayya", "24-05-1962", "ALIVE"),
    (21, 3, "Lingala Eswaramma", "Lingala Chandrayya", "25-06-1963", "ALIVE"),
    (22, 1, "Medapati Gangayya", "Medapati Lakshmudu", "26-07-1925", "ALIVE"),
    (23, 1, "Nallamothu Haimavathi", "Nallamothu Somayya", "27-08-1925", "ALIVE"),
    (23, 2, "Boddu Chandrakala", "Boddu Tirupathi", "2009", "ALIVE"),
    (24, 1, "Boddu Chandrakala", "Boddu Tirupathi", "2009", "ALIVE"),
];

/// A planted record: resident (household and member; nobody: of household 99), scheme, amount, from, to, period, given, status.
type Record = (u32, u32, &'static str, &'static str, [&'static str; 4], &'static str);

const RECORDS: &[Record] = &[
    (1, 1, "alpha", "1000", ["", "", "", "15-09-2026"], ""),
    (1, 1, "gamma", "50", ["", "", "", "16-09-2026"], ""),
    (2, 1, "alpha", "1000", ["", "", "", "15-09-2026"], ""),
    (2, 1, "gamma", "50", ["", "", "Q3-2026", ""], ""),
    (3, 1, "alpha", "1000", ["", "", "", "15-10-2026"], ""),
    (3, 1, "gamma", "50", ["01-06-2026", "", "", ""], ""),
    (4, 1, "alpha", "1000", ["", "", "Jul 2026", ""], ""),
    (4, 1, "beta", "1000", ["", "", "Sep 2026", ""], ""),
    (5, 1, "alpha", "1000", ["", "", "Jul-Sep 2026", ""], ""),
    (5, 1, "beta", "1000", ["", "", "07/2026", ""], ""),
    (6, 1, "alpha", "1000", ["", "", "tranche 3", ""], ""),
    (6, 1, "beta", "1000", ["", "", "2026-27", ""], "Withheld"),
    (7, 1, "alpha", "1000", ["", "", "Q3-2026", ""], "PAID"),
    (7, 1, "delta", "50", ["", "", "Q3-2026", ""], "PAID"),
    (7, 1, "alpha", "1000", ["", "", "Q3-2025", ""], "PAID"),
    (7, 1, "delta", "50", ["", "", "Q3-2025", ""], "PAID"),
    (8, 1, "alpha", "1000", ["", "", "Q3-2026", ""], "HOLD"),
    (8, 1, "beta", "1000", ["", "", "Q3-2026", ""], "PAID"),
    (9, 1, "beta", "1000", ["10-10-2026", "01-01-2026", "", ""], ""),
    (20, 2, "alpha", "1000", ["", "", "Q3-2026", ""], "PAID"),
    (21, 2, "alpha", "1000", ["", "", "Q3-2026", ""], "PAID"),
    (21, 3, "alpha", "1000", ["", "", "Q3-2026", ""], "PAID"),
    (22, 1, "alpha", "1000", ["", "", "Q3-2026", ""], "EXPIRED"),
];

fn key(at: usize) -> String {
    format!("G{:04}", at + 1)
}

fn phone(household: u32, member: u32) -> String {
    format!("98480{household:02}{member:03}")
}

/// The small set with these residents, and a list of grants; not run.
fn planted() -> Sandbox {
    let sandbox = Sandbox::with_data();
    let registry = sandbox.read(REGISTRY);
    let columns: Vec<&str> = registry.lines().nth(1).expect("a resident").split(',').collect();
    let place = columns[11..14].join(",");
    let mut registry = registry.trim_end().to_owned();
    for (household, member, name, father, born, status) in RESIDENTS {
        registry += &format!(
            "\nR-{household:06}-X{member},H-X{household:05},{name},{father},Father,Female,{born},verified,,{},9-9,{place},WAP9990000{household:04},Yes,,,{status},03-06-2026",
            phone(*household, *member),
        );
    }
    sandbox.write(REGISTRY, &(registry + "\n"));
    let mut list = "Key,Name,Father,Born,Mobile,Village,Mandal,District,Scheme,Amount,From,To,Period,Given,Status,Request,Approval".to_owned();
    for (at, (household, member, scheme, amount, days, status)) in RECORDS.iter().enumerate() {
        let (_, _, name, father, born, _) = RESIDENTS
            .iter()
            .find(|resident| (resident.0, resident.1) == (*household, *member))
            .expect("a resident");
        list += &format!(
            "\n{},{name},{father},{born},{},{place},{scheme},{amount},{},{status},new,AP-{at}",
            key(at),
            phone(*household, *member),
            days.join(","),
        );
    }
    // Somebody who may be one of two, and somebody nobody knows.
    list += &format!("\nG8000,Boddu Chandrakala,Boddu Tirupathi,2009,,{place},beta,1000,,,,,,new,");
    list += &format!("\nG9000,Zzyzx Qwrtp,,1990,,{place},gamma,50,,,,,,new,");
    sandbox.write(LIST, &(list + "\n"));
    sandbox.write("pipelines/people-hub/sources/grants.toml", SOURCE);
    sandbox.write("pipelines/people-hub/policy/stacking.toml", STACKING);
    sandbox.write("pipelines/people-hub/policy/targeting.toml", TARGETING);
    sandbox
}

/// One run of it for all tests that only look.
fn run() -> &'static Sandbox {
    static RUN: OnceLock<Sandbox> = OnceLock::new();
    RUN.get_or_init(|| {
        let sandbox = planted();
        sandbox.run(&[]).expect(0);
        let found = "SELECT count(*) FROM routing WHERE source_id = 'grants' AND lookup = 'found'";
        assert_eq!(count(&sandbox, found), RECORDS.len() as u64, "every planted record is found");
        sandbox
    })
}

fn rows(sandbox: &Sandbox, sql: &str) -> Vec<Value> {
    let args = ["sql", "out/latest", sql, "--format", "json", "--clearance", "restricted"];
    serde_json::from_str(&sandbox.milaan(args).expect(0).stdout).expect("JSON rows")
}

/// The cells of a query's rows in the order of its columns, joined by a blank.
fn lines(sandbox: &Sandbox, sql: &str) -> Vec<String> {
    let (_, columns) = sql.split_once("SELECT ").expect("a SELECT");
    let (columns, _) = columns.split_once(" FROM").unwrap_or((columns, ""));
    let columns: Vec<&str> = columns
        .trim_start_matches("DISTINCT ")
        .split(", ")
        .map(|column| column.rsplit(' ').next().unwrap_or(column))
        .collect();
    let cell = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";"),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    };
    let line =
        |row: &Value| columns.iter().map(|name| cell(&row[*name])).collect::<Vec<_>>().join(" ");
    rows(sandbox, sql).iter().map(line).collect()
}

/// The overlaps over a planted resident: rule and periods.
fn overlaps(household: u32) -> Vec<String> {
    let sql = format!(
        "SELECT rule, period_a, period_b FROM overlaps WHERE resident_ref = 'R-{household:06}-X1' ORDER BY 1, 2, 3"
    );
    lines(run(), &sql)
}

fn a_purchase_of_one_day_overlaps_on_that_day_alone() {
    assert!(overlaps(1).is_empty(), "two purchases on two days: {:?}", overlaps(1));
    assert_eq!(overlaps(2), ["no_gamma_in_the_quarter 2026-09 2026-Q3"]);
    assert!(overlaps(3).is_empty(), "bought after the rule had ended: {:?}", overlaps(3));
    let turned = "SELECT count(*) FROM benefits WHERE starts > ends OR starts IS NULL AND known_by <> 'unread'";
    assert_eq!(count(run(), turned), 0);
    let reversed =
        "SELECT column_name FROM issues WHERE source_id = 'grants' AND code = 'DATES_REVERSED'";
    assert_eq!(lines(run(), reversed), ["To"]);
}

fn periods_are_read_and_what_is_not_is_an_issue() {
    assert!(overlaps(4).is_empty(), "July and September: {:?}", overlaps(4));
    assert_eq!(overlaps(5), ["alpha_or_beta 2026-Q3 2026-07"]);
    assert!(overlaps(6).is_empty(), "nobody knows for which days: {:?}", overlaps(6));
    let sql =
        "SELECT column_name, code FROM issues WHERE source_id = 'grants' AND code LIKE 'PERIOD%'";
    assert_eq!(lines(run(), sql), ["Period PERIOD_UNREADABLE"]);
    let sql = "SELECT period, starts, ends, known_by FROM benefits WHERE resident_ref = 'R-000006-X1' ORDER BY period";
    assert_eq!(lines(run(), sql), ["FY2026-27 2026-04-01 2027-03-31 period", "unread - - unread"]);
    let sql = "SELECT period FROM benefit_matrix WHERE holder = 'R-000005-X1' ORDER BY period";
    assert_eq!(lines(run(), sql), ["2026-07", "2026-Q3"], "the one spelling");
}

fn days_do_not_slide_with_the_date_of_reference() {
    let sql = "SELECT record_id, period, starts, ends, known_by FROM benefits WHERE source_id = 'grants' AND known_by <> 'list'\n\
        AND known_by <> 'since' ORDER BY record_id";
    let before = lines(run(), sql);
    let later = planted();
    later.run(&["--as-of", "2027-02-28"]).expect(0);
    assert_eq!(before, lines(&later, sql));
    assert!(before.len() > 15);
}

fn a_permitted_pair_is_never_flagged_where_another_rule_forbids_it() {
    assert_eq!(
        overlaps(7),
        ["alpha_or_delta 2025-Q3 2025-Q3"],
        "permitted since 2026, either way round"
    );
    let days = "SELECT valid_from, valid_to FROM forbidden WHERE rule = 'alpha_or_delta'";
    assert_eq!(lines(run(), days), ["2017-01-01 2025-12-31"]);
}

fn a_benefit_that_is_not_paid_overlaps_with_nothing_and_fills_no_gap() {
    assert!(overlaps(8).is_empty(), "{:?}", overlaps(8));
    let gap = |household: u32| {
        lines(run(), &format!("SELECT gap, reasons FROM gaps WHERE holder = 'H-X{household:05}'"))
    };
    assert_eq!(gap(22), ["receives_nothing ELIGIBLE_NO_BENEFIT;BENEFIT_NOT_PAID"]);
    assert!(gap(20).is_empty(), "somebody of the household is paid: {:?}", gap(20));
    let sql =
        "SELECT entitlement, reasons, received_amount FROM entitlements WHERE holder = 'H-X00022'";
    assert_eq!(lines(run(), sql), ["none IN_TARGET_GROUP;BENEFIT_NOT_PAID -"]);
}

fn a_household_is_judged_as_one() {
    let of = |household: u32| {
        let sql = format!(
            "SELECT unit, entitlement, reasons, received_amount, records FROM entitlements WHERE holder = 'H-X{household:05}'"
        );
        lines(run(), &sql)
    };
    assert_eq!(of(20), ["household ok IN_TARGET_GROUP 1000.0 grants/G0020"], "the eldest is meant");
    assert_eq!(
        of(21),
        ["household over IN_TARGET_GROUP;MORE_THAN_GRANTED 2000.0 grants/G0021;grants/G0022"]
    );
    assert_eq!(of(4), ["household over NOT_IN_TARGET_GROUP 1000.0 grants/G0007"]);
}

fn a_record_in_review_of_any_member_leaves_the_gap_open() {
    let sql = "SELECT lookup FROM routing WHERE record_id = 'G8000'";
    assert_eq!(lines(run(), sql), ["ambiguous"]);
    let sql = "SELECT resident_ref, gap, reasons FROM gaps WHERE holder = 'H-X00023'";
    assert_eq!(
        lines(run(), sql),
        ["R-000023-X1 undetermined ELIGIBLE_NO_BENEFIT;RECORD_IN_REVIEW"]
    );
}

fn a_scheme_without_a_rule_is_undetermined() {
    let sql = "SELECT DISTINCT rule, entitlement, reasons, policy_version FROM entitlements WHERE scheme IN ('gamma', 'delta') ORDER BY 3";
    assert_eq!(
        lines(run(), sql),
        ["no_rule undetermined NO_ACCEPTED_RESIDENT;NO_RULE 3", "no_rule undetermined NO_RULE 3"]
    );
    let missing = "SELECT count(*) AS n FROM benefits AS b LEFT ANTI JOIN (SELECT unnest(records) AS record FROM entitlements) AS e\n\
        ON e.record = concat(b.source_id, '/', b.record_id)";
    assert_eq!(lines(run(), missing), ["0"], "no benefit is left out");
}

fn gaps_and_entitlements_keep_their_cases() {
    let sandbox = planted();
    let receipt = |sandbox: &Sandbox| {
        let path = sandbox.run(&[]).expect(0).stdout.trim().replace("/receipt.json", "");
        std::thread::sleep(std::time::Duration::from_millis(1100));
        path
    };
    let first = receipt(&sandbox);
    // Household 22's benefit is paid again.
    sandbox.edit(LIST, "Q3-2026,,EXPIRED", "Q3-2026,,PAID");
    let second = receipt(&sandbox);
    let said = sandbox.milaan(["diff", &first, &second, "--json"]).expect(0).stdout;
    let said: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(said["gaps"]["resolved"].as_array().map(Vec::len), Some(1), "{said}");
    assert_eq!(said["gaps"]["new"].as_array().map(Vec::len), Some(0));
    assert_eq!(said["entitlements"]["new"].as_array().map(Vec::len), Some(0));
    assert_eq!(said["entitlements"]["resolved"].as_array().map(Vec::len), Some(0));
    for report in ["gaps", "entitlements"] {
        let sql = format!("SELECT count(*) - count(DISTINCT case_id) AS n FROM {report}");
        assert_eq!(lines(&sandbox, &sql), ["0"], "a case of {report} is one row");
    }
}

/// The change of a record: its operation and id.
fn change(sandbox: &Sandbox, record: &str) -> [String; 2] {
    let sql = format!("SELECT operation, change_id FROM changes WHERE record_id = '{record}'");
    let rows = rows(sandbox, &sql);
    assert_eq!(rows.len(), 1, "{record}");
    ["operation", "change_id"].map(|name| rows[0][name].as_str().expect(name).to_owned())
}

fn a_correction_is_an_update_and_a_telephone_is_no_change() {
    let sandbox = planted();
    let (called, corrected, closed, refused) = ("G0002", "G0003", "G0005", "G0007");
    let all = [called, corrected, closed, refused];
    let night = || {
        sandbox.run(&[]).expect(0);
        all.map(|record| change(&sandbox, record))
    };
    let edit = |record: &str, from: &str, to: &str| {
        let list = sandbox.read(LIST);
        let line = list.lines().find(|line| line.starts_with(record)).expect("a record");
        assert!(line.contains(from), "{line}");
        sandbox.write(LIST, &list.replacen(line, &line.replacen(from, to, 1), 1));
    };
    let first = night();
    assert!(first.iter().all(|[operation, _]| operation == "insert"), "{first:?}");

    edit(called, &phone(1, 1), "9848099999");
    edit(corrected, ",1000,", ",1100,");
    edit(closed, "15-10-2026,,", "15-10-2026,Surrendered,");
    let second = night();
    assert_eq!(second[0], first[0], "a telephone is nothing that the change says");
    assert_eq!(second[1][0], "update", "another amount corrects what was shared");
    assert_eq!(second[2][0], "close");
    assert_eq!(second[3], first[3]);

    edit(corrected, ",1100,", ",1000,");
    edit(closed, "Surrendered", "");
    edit(refused, ",1000,", ",900,");
    sandbox.write(
        "data/acknowledgements/registry.csv",
        &format!("change_id,result,answered_on\n{},rejected,2026-11-02\n", first[3][1]),
    );
    let third = night();
    assert_eq!(third[0], first[0]);
    assert_eq!(third[1][0], "update");
    assert_ne!(third[1][1], first[1][1], "or the registry would take it for the first");
    assert_ne!(third[1][1], second[1][1]);
    assert_eq!(third[2][0], "insert", "granted anew after it was closed");
    assert_ne!(third[2][1], first[2][1]);
    assert_eq!(third[3][0], "insert", "the registry never took the one before");
    let sent = sandbox.read("out/latest/sync/registry/changes.jsonl");
    assert_eq!(night(), third);
    assert!(sent == sandbox.read("out/latest/sync/registry/changes.jsonl"), "byte by byte");
}

fn an_expired_card_is_no_death() {
    let sql = "SELECT status_meaning('Expired') AS person, benefit_state('Expired') AS card";
    assert_eq!(lines(run(), sql), ["deceased closed"]);
    let sql = "SELECT count(*) AS n FROM routing WHERE record_id = 'G0023' AND array_has(reasons, 'DECEASED_REPORTED')";
    assert_eq!(lines(run(), sql), ["0"]);
}

fn an_inactive_resident_is_reviewed() {
    let sql = "SELECT action, reasons FROM routing WHERE record_id = 'G0019'";
    assert_eq!(lines(run(), sql), ["REVIEW INACTIVE_REPORTED"]);
}
