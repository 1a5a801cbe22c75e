//! The one file that generates SQL for standardising: from a source's semantic fields to its canonical columns.
//!
//! Every source of a pipeline gives the same columns in the same order; what it lacks is a typed NULL. Secret fields keep no
//! raw text. The views are `landed` (in), and the SELECTs below.

mod places;

use std::collections::BTreeSet;

use milaan_functions::{BUNDLES, Bundle};
use milaan_linkage::sql::NamedQuery;
use milaan_manifest::{Column, Pipeline, Source};
use milaan_model::Sensitivity;
use milaan_model::field::{Arg, Call, CanonicalType, FIELDS, Roles, SemanticField, base_name};

pub(crate) use self::places::PLACE_TEXTS;
use crate::session::Classes;

/// A field under a role, as every source of the pipeline has it downstream.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    field_at: usize,
    role: Option<String>,
}

impl Slot {
    fn field(&self) -> &'static SemanticField {
        FIELDS[self.field_at]
    }

    fn base(&self) -> String {
        base_name(self.field(), self.role.as_deref())
    }
}

/// All slots of a pipeline: each field once without a role, fixed roles, and every role that some source uses.
pub(crate) fn slots(pipeline: &Pipeline) -> Vec<Slot> {
    let mut slots = BTreeSet::new();
    for (field_at, field) in FIELDS.iter().enumerate() {
        match field.roles {
            Roles::Optional => {
                slots.insert(Slot { field_at, role: None });
            }
            Roles::OneOf(roles) => {
                slots.extend(
                    roles.iter().map(|role| Slot { field_at, role: Some((*role).to_owned()) }),
                );
            }
            Roles::Required => {}
        }
    }
    let sources = std::iter::once(&pipeline.registry).chain(&pipeline.sources);
    for column in sources.flat_map(|source| &source.columns) {
        if let Some(field_at) = FIELDS.iter().position(|field| field.name == column.field.name) {
            slots.insert(Slot { field_at, role: column.role.clone() });
        }
    }
    slots.into_iter().collect()
}

/// One row an issue, from the `issues` of the standardised rows in the view `standardised_now`.
pub(crate) const VALUE_ISSUES: &str = "SELECT source_id, record_id, file, sheet, row,\n\
    split_part(issue, chr(31), 1) AS column_name, split_part(issue, chr(31), 2) AS code\n\
    FROM (\n\
    SELECT source_id, record_id, file, sheet, row, unnest(string_to_array(issues, chr(30))) AS issue\n\
    FROM standardised_now WHERE issues IS NOT NULL) AS found";

/// Fields that hold people's names.
pub(crate) const NAMES: [&str; 4] = ["person_name", "relative_name", "given_name", "surname"];

/// Fields by which the people who share a record key are told apart.
const SAYS_WHO: [&str; 6] =
    ["national_id", "person_name", "given_name", "surname", "relative_name", "birth_date"];

/// Fields whose values stand in many rows of a list.
const REPEATING: [&str; 16] = [
    "age",
    "approval_ref",
    "benefit_amount",
    "benefit_quantity",
    "channel",
    "code",
    "consent",
    "ekyc",
    "gender",
    "ifsc",
    "period",
    "place",
    "relation",
    "request_type",
    "scheme",
    "status",
];

/// Writes the SELECTs for one source.
#[derive(Debug)]
pub(crate) struct Standardiser<'a> {
    pub(crate) pipeline: &'a Pipeline,
    pub(crate) source: &'a Source,
    pub(crate) slots: &'a [Slot],
    /// The run's date of reference, ISO.
    pub(crate) as_of: &'a str,
    /// Whether some key stands on several rows.
    pub(crate) repeated_keys: bool,
    /// Whether names and places in Arabic letters are read as the registry spells them ([`super::spellings`]).
    pub(crate) spelled: bool,
}

impl Standardiser<'_> {
    /// The steps: `record_keys`, `keyed` (every landed row with its record id), `standardised`.
    pub(crate) fn steps(&self) -> Vec<NamedQuery> {
        let step = |name: &str, sql| NamedQuery { name: name.to_owned(), sql };
        vec![
            step("record_keys", self.record_keys()),
            step("keyed", self.keyed()),
            step("standardised", self.standardised()),
        ]
    }

    /// The key of every landed row: to see whether one stands twice.
    pub(crate) fn record_keys(&self) -> String {
        format!("SELECT {} AS record_key FROM landed", self.record_key())
    }

    /// The classes of the `standardised` columns.
    pub(crate) fn classes(&self) -> Classes {
        let mut classes: Classes =
            ["source_id", "record_id", "file", "sheet", "row", "fingerprint", "issues"]
                .iter()
                .chain(&["resident_ref", "household_ref"])
                .map(|name| ((*name).to_owned(), Sensitivity::Internal))
                .collect();
        for slot in self.slots {
            let (field, base) = (slot.field(), slot.base());
            if field.keeps_raw {
                classes.insert(format!("{base}_raw"), field.class);
            }
            for canonical in field.canonical {
                classes.insert(canonical.column(&base), canonical.class);
            }
        }
        classes
    }

    /// The columns, as paths in the file, that hold hardly any value twice among the rows of a list.
    pub(crate) fn distinct_columns(&self) -> Vec<Vec<String>> {
        let named = ["record_id", "resident_ref", "fingerprint"].map(|name| vec![name.to_owned()]);
        let mut columns = named.to_vec();
        for slot in self.slots.iter().filter(|slot| !REPEATING.contains(&slot.field().name)) {
            let (field, base) = (slot.field(), slot.base());
            if field.keeps_raw {
                columns.push(vec![format!("{base}_raw")]);
            }
            for canonical in field.canonical {
                let name = canonical.column(&base);
                match canonical.kind {
                    // The keys of names and the years of a birth (lists) are few; so are the masks that show four digits.
                    CanonicalType::Text | CanonicalType::Bytes
                        if !matches!(canonical.suffix, "_precision" | "_masked") =>
                    {
                        columns.push(vec![name]);
                    }
                    _ => {}
                }
            }
        }
        columns
    }

    /// Every landed row with its record id. Copies of a key that say the same person get `~2`, `~3` …; where a key is that of several
    /// people, each is named by a fingerprint of what says who it is, so that nobody takes another's place when rows are sorted anew
    /// or one is left out. (A `~` in a key is doubled.) A missing key is named by lineage: nobody is lost for want of a key.
    /// Telling copies apart sorts the whole list, so it is left out where no key is repeated.
    fn keyed(&self) -> String {
        let named = format!("SELECT *, {} AS record_key FROM landed", self.record_key());
        let no_key = "concat('no-key:', file, '#', sheet, ':', row)";
        if !self.repeated_keys {
            return format!(
                "SELECT *, CAST(1 AS BIGINT) AS record_copy, coalesce(record_key, {no_key}) AS record_id\n\
                 FROM ({named}) AS named"
            );
        }
        format!(
            "SELECT *,\n\
             \x20 concat(\n\
             \x20   coalesce(record_key, {no_key}),\n\
             \x20   CASE WHEN record_key IS NOT NULL AND person_first <> person_last THEN concat('~', person_mark) ELSE '' END,\n\
             \x20   CASE WHEN record_key IS NOT NULL AND person_copy > 1 THEN concat('~', person_copy) ELSE '' END) AS record_id\n\
             FROM (\n\
             \x20 SELECT *,\n\
             \x20   min(person_mark) OVER (PARTITION BY record_key) AS person_first,\n\
             \x20   max(person_mark) OVER (PARTITION BY record_key) AS person_last,\n\
             \x20   row_number() OVER (PARTITION BY record_key, person_mark ORDER BY row_mark, file, sheet, row) AS person_copy,\n\
             \x20   row_number() OVER (PARTITION BY record_key ORDER BY person_mark, row_mark, file, sheet, row) AS record_copy\n\
             \x20 FROM (\n\
             \x20   SELECT *, left(fingerprint({who}), 12) AS person_mark, fingerprint({cells}) AS row_mark\n\
             \x20   FROM ({named}) AS named\n\
             \x20 ) AS marked\n\
             ) AS counted",
            who = self.headers(|column| SAYS_WHO.contains(&column.field.name)),
            cells = self.headers(|_| true),
        )
    }

    /// The landed columns that are wanted, in the manifest's order; all where none is.
    fn headers(&self, wanted: impl Fn(&Column) -> bool) -> String {
        let landed = || self.source.columns.iter().filter(|column| column.constant.is_none());
        let some = landed().any(&wanted);
        let each: Vec<String> = landed()
            .filter(|column| !some || wanted(column))
            .map(|column| ident(&column.header))
            .collect();
        each.join(", ")
    }

    fn record_key(&self) -> String {
        let personal = self
            .source
            .key
            .iter()
            .filter_map(|header| self.source.columns.iter().find(|column| &column.header == header))
            .any(|column| column.field.class > Sensitivity::Internal);
        let parts: Vec<String> = self.source.key.iter().map(|header| ident(header)).collect();
        format!("replace(record_id({}, {}), '~', '~~')", i32::from(personal), parts.join(", "))
    }

    fn standardised(&self) -> String {
        let mut columns = vec![
            format!("{} AS source_id", literal(self.source.id.as_str())),
            "record_id, file, sheet, row".to_owned(),
        ];
        for slot in self.slots {
            let (field, base) = (slot.field(), slot.base());
            let column = self.column(field, slot.role.as_deref());
            if field.keeps_raw {
                columns.push(format!(
                    "{} AS {}",
                    self.raw(field, slot.role.as_deref()),
                    ident(&format!("{base}_raw"))
                ));
            }
            for canonical in field.canonical {
                columns.push(format!(
                    "{} AS {}",
                    self.call(&canonical.call, field, slot.role.as_deref(), column),
                    ident(&canonical.column(&base))
                ));
            }
        }
        columns.push(format!("fingerprint({}) AS fingerprint", self.headers(|_| true)));
        columns.push(format!("{} AS issues", self.issues()));
        if self.source.id == self.pipeline.registry.id {
            let household = milaan_model::field::find("household_id");
            let household = household.map_or_else(null_text, |field| self.raw(field, None));
            columns.push("record_id AS resident_ref".to_owned());
            columns.push(format!("record_id(0, {household}) AS household_ref"));
        }
        format!("SELECT\n  {}\nFROM keyed", columns.join(",\n  "))
    }

    /// What was not understood in a row, as `row_issues` has it; NULL where all was. Codes only, never a value. It costs no
    /// second pass over the rows.
    fn issues(&self) -> String {
        let key = literal(&self.source.key.join(" + "));
        let mut found = vec![
            when("record_key IS NULL", &key, "KEY_MISSING"),
            when("record_copy > 1 AND record_key IS NOT NULL", &key, "KEY_DUPLICATE"),
        ];
        for column in self.source.columns.iter().filter(|column| column.constant.is_none()) {
            let header = literal(&column.header);
            if let Some(issue) = &column.field.issue {
                let code = self.call(issue, column.field, column.role.as_deref(), Some(column));
                found.push(format!("{header}, {code}"));
            }
            found.push(format!("{header}, cell_issue({})", ident(&column.header)));
            match column.field.name {
                "national_id" => found.extend(self.id_issues(column, &header)),
                "valid_to" => found.push(self.reversed(column, &header)),
                _ => {}
            }
        }
        format!("row_issues({})", found.join(", "))
    }

    /// What is wrong with an identity number besides itself: no consent to it, and (where it tells) another gender.
    fn id_issues(&self, column: &Column, header: &str) -> Vec<String> {
        let role = column.role.as_deref();
        let raw_of = |name, role| {
            milaan_model::field::find(name).map_or_else(null_text, |field| self.raw(field, role))
        };
        let mut found = Vec::new();
        if let Some(token) = column.field.canonical.iter().find(|one| one.suffix == "_token") {
            let token = self.call(&token.call, column.field, role, Some(column));
            let given = format!("coalesce(consent_parse({}), false)", raw_of("consent", None));
            let missing = format!("{token} IS NOT NULL AND NOT {given}");
            found.push(when(&missing, header, "CONSENT_MISSING"));
        }
        if column.scheme.as_deref() == Some("cnic") {
            let (raw, gender) = (self.raw(column.field, role), raw_of("gender", role));
            found.push(format!("{header}, id_gender_issue('cnic', {raw}, {gender})"));
        }
        found
    }

    /// A last day that lies before the first one.
    fn reversed(&self, column: &Column, header: &str) -> String {
        let day = |name| {
            let field = milaan_model::field::find(name)?;
            let one = self.column(field, column.role.as_deref())?;
            let call = &field.canonical.first()?.call;
            Some(self.call(call, field, column.role.as_deref(), Some(one)))
        };
        match (day("valid_from"), day("valid_to")) {
            (Some(from), Some(to)) => when(&format!("{to} < {from}"), header, "DATES_REVERSED"),
            _ => format!("{header}, {}", null_text()),
        }
    }

    fn column(&self, field: &SemanticField, role: Option<&str>) -> Option<&Column> {
        self.source
            .columns
            .iter()
            .find(|column| column.field.name == field.name && column.role.as_deref() == role)
    }

    /// The landed text of a field: its column, its constant, what it is made of, or a typed NULL.
    fn raw(&self, field: &SemanticField, role: Option<&str>) -> String {
        if let Some(column) = self.column(field, role) {
            return match &column.constant {
                Some(text) => literal(text),
                None => ident(&column.header),
            };
        }
        let parts: Vec<String> = field
            .made_of
            .iter()
            .filter_map(|name| self.column(milaan_model::field::find(name)?, role))
            .map(|column| ident(&column.header))
            .collect();
        if parts.is_empty() {
            return null_text();
        }
        format!("nullif(trim(concat_ws(' ', {})), '')", parts.join(", "))
    }

    /// A call in SQL; a part of the field's bundle where there is one, so that a text is read once for all of them.
    fn call(
        &self,
        call: &Call,
        field: &SemanticField,
        role: Option<&str>,
        column: Option<&Column>,
    ) -> String {
        if call.args.contains(&Arg::Role) && !role.is_some_and(|level| self.has_places(level)) {
            return null_text();
        }
        if call.function == "place_key" {
            return self.arg(&Arg::PlaceKey, field, role, column);
        }
        let sql = |arg: &Arg| self.arg(arg, field, role, column);
        let bundle = column.and(bundle_of(field));
        let part = bundle.and_then(|(bundle, args)| {
            let part = bundle.parts.iter().find(|part| part.function == call.function)?;
            Some((bundle.function.name, args, part.name))
        });
        if let Some((function, args, part)) = part {
            let args: Vec<String> = args.iter().map(sql).collect();
            return format!("get_field({function}({}), '{part}')", args.join(", "));
        }
        let is_stated = |arg: &&Arg| **arg != Arg::Pattern || pattern_of(column).is_some();
        let args: Vec<String> = call.args.iter().filter(is_stated).map(sql).collect();
        format!("{}({})", call.function, args.join(", "))
    }

    fn arg(
        &self,
        arg: &Arg,
        field: &SemanticField,
        role: Option<&str>,
        column: Option<&Column>,
    ) -> String {
        match arg {
            Arg::Raw => self.spelled_raw(field, role),
            Arg::Other(name) => milaan_model::field::find(name)
                .map_or_else(null_text, |other| self.spelled_raw(other, other_role(other, role))),
            Arg::Scheme => scheme_of(column),
            Arg::Pattern => pattern_of(column).map_or_else(null_text, literal),
            Arg::Country => literal(&self.pipeline.country),
            Arg::Layout => {
                let stated = column.and_then(|column| column.layout.as_deref());
                literal(stated.unwrap_or(&self.source.layout))
            }
            Arg::YearStarts => self.pipeline.financial_year_starts.to_string(),
            Arg::AsOf => {
                let stated = self.source.as_of.as_deref().unwrap_or(self.as_of);
                format!("DATE {}", literal(stated))
            }
            Arg::Role => role.map_or_else(null_text, literal),
            Arg::PlaceKey => self.place_key(self.raw(field, role)),
            Arg::AboveKey => {
                let above = role.map_or_else(Vec::new, |role| self.above_keys(role));
                if above.is_empty() { self.place_key(null_text()) } else { above.join(", ") }
            }
        }
    }

    /// The landed text of a field; a name as the registry spells it.
    fn spelled_raw(&self, field: &SemanticField, role: Option<&str>) -> String {
        let raw = self.raw(field, role);
        if self.spelled && NAMES.contains(&field.name) && raw != null_text() {
            format!("latin_spelling('name', {raw})")
        } else {
            raw
        }
    }
}

/// The bundle that has a part for every function of a field, with its arguments.
fn bundle_of(field: &SemanticField) -> Option<(&'static Bundle, Vec<Arg>)> {
    BUNDLES.iter().find_map(|bundle| {
        let mut args = vec![None; bundle.function.args.len()];
        for call in field.canonical.iter().map(|one| &one.call).chain(&field.issue) {
            let part = bundle.parts.iter().find(|part| part.function == call.function)?;
            for (place, arg) in part.args.iter().zip(call.args) {
                let known = args.get_mut(*place)?.get_or_insert(*arg);
                if known != arg {
                    return None;
                }
            }
        }
        Some((bundle, args.into_iter().collect::<Option<Vec<Arg>>>()?))
    })
}

/// A column and, on a condition, a code, for `row_issues`.
fn when(condition: &str, column: &str, code: &str) -> String {
    format!("{column}, CASE WHEN {condition} THEN {} END", literal(code))
}

/// Consent is the record's, whoever's id it is about; the other fields follow the role.
fn other_role<'r>(other: &SemanticField, role: Option<&'r str>) -> Option<&'r str> {
    if other.name == "consent" { None } else { role }
}

fn scheme_of(column: Option<&Column>) -> String {
    column.and_then(|column| column.scheme.as_deref()).map_or_else(null_text, literal)
}

fn pattern_of(column: Option<&Column>) -> Option<&str> {
    column?.pattern.as_deref()
}

fn null_text() -> String {
    "CAST(NULL AS VARCHAR)".to_owned()
}

pub(crate) fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
