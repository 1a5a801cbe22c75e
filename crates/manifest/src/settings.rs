//! `pipeline.toml`: what the pipeline is called and where its parts lie.

use std::path::{Path, PathBuf};

use milaan_model::Name;

use crate::countries::is_country;
use crate::diagnostic::{Position, Problems};
use crate::files::{TextFile, resolve};
use crate::pipeline::Limits;
use crate::recipients::{self, Stated};
use crate::table::{Document, Table};
use crate::value::{Value, all_of};

const KEYS: &[&str] = &[
    "id",
    "title",
    "country",
    "financial_year_starts",
    "data",
    "include",
    "registry",
    "match",
    "purpose",
    "purposes",
    "recipient",
    "limits",
];
const LIMITS_KEYS: &[&str] =
    &["skipped_share_max", "reject_share_max", "shrink_share_max", "issue_share_max", "pairs_max"];

/// A file or folder that `pipeline.toml` names.
#[derive(Debug)]
pub(crate) struct Part {
    /// As stated.
    pub(crate) stated: String,
    /// Where it lies.
    pub(crate) path: PathBuf,
    /// Where it is named.
    pub(crate) position: Position,
}

/// `pipeline.toml` as read; what could not be read is `None`, and was said.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) id: Option<Name>,
    pub(crate) title: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) financial_year_starts: Option<u32>,
    pub(crate) data: Option<PathBuf>,
    pub(crate) include: Vec<Part>,
    pub(crate) registry: Option<Part>,
    pub(crate) model: Option<Part>,
    pub(crate) purpose: Option<String>,
    pub(crate) recipients: Option<Vec<Stated>>,
    pub(crate) limits: Limits,
}

/// Reads `pipeline.toml`.
pub(crate) fn read(file: &TextFile, folder: &Path, problems: &Problems) -> Settings {
    Document::read(&file.path, &file.text, problems, KEYS, |root| read_root(root, folder))
}

fn read_root(root: &Table<'_>, folder: &Path) -> Settings {
    let part = |value: &Value<'_>| {
        let stated = value.text()?;
        let path = resolve(folder, &stated);
        Some(Part { stated, path, position: value.position() })
    };
    let registry = match root.get("registry") {
        Some(value) => part(&value),
        None => Some(Part {
            stated: "registry.toml".to_owned(),
            path: folder.join("registry.toml"),
            position: root.position(),
        }),
    };
    let include = root
        .get("include")
        .and_then(|value| all_of(value.items()?.iter().map(part)))
        .unwrap_or_default();
    Settings {
        id: root.need("id").and_then(|value| value.name()),
        title: root.need("title").and_then(|value| value.text()),
        country: root.need("country").and_then(|value| read_country(&value)),
        financial_year_starts: match root.get("financial_year_starts") {
            Some(value) => read_month(&value),
            None => Some(1),
        },
        data: root.get("data").and_then(|value| part(&value)).map(|part| part.path),
        include,
        registry,
        model: root.need("match").and_then(|value| part(&value)),
        purpose: root.need("purpose").and_then(|value| value.text()),
        recipients: recipients::read(root),
        limits: root
            .section("limits", LIMITS_KEYS)
            .map(|table| read_limits(&table))
            .unwrap_or_default(),
    }
}

fn read_country(value: &Value<'_>) -> Option<String> {
    let country = value.text()?;
    if is_country(&country) {
        return Some(country);
    }
    let upper = country.to_uppercase();
    let meant = if upper == "UK" { "GB".to_owned() } else { upper };
    let hint = if is_country(&meant) {
        format!("did you mean `{meant}`?")
    } else {
        "for example `IN` or `PK`".to_owned()
    };
    let message = format!("`country` must be a country's two letters (ISO 3166), not `{country}`");
    value.problem(message, Some(hint));
    None
}

fn read_month(value: &Value<'_>) -> Option<u32> {
    let is_month = |month: f64| (1.0..=12.0).contains(&month) && month.fract() == 0.0;
    value.number("a month, from 1 to 12", is_month).map(|month| month as u32)
}

fn read_limits(table: &Table<'_>) -> Limits {
    let share = |key, default: f64| {
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        table.get(key).and_then(|value| value.number("from 0 to 1", is_share)).unwrap_or(default)
    };
    let default = Limits::default();
    Limits {
        skipped_share_max: share("skipped_share_max", default.skipped_share_max),
        reject_share_max: share("reject_share_max", default.reject_share_max),
        shrink_share_max: share("shrink_share_max", default.shrink_share_max),
        issue_share_max: share("issue_share_max", default.issue_share_max),
        pairs_max: table
            .get("pairs_max")
            .and_then(|value| value.positive())
            .unwrap_or(default.pairs_max),
    }
}
