//! Place tables: `places/*.csv`, one place a line, and `places/corrections.csv`, what an analyst settled.
//!
//! A place has `level`, `code` and `name`; besides, as far as they are known, `parent` (the code one level up), `also` (other
//! names, `;` between), `formerly` (the codes of the places it was made of, `;` between), `valid_from` and `valid_to` (the first
//! and the last day, ISO). A correction has `level`, `text`, `parent` (the text one level up, or nothing) and `code`; without a
//! code the text is known to be no place of the table.

use std::collections::BTreeSet;

use crate::diagnostic::{Position, Problems};
use crate::files::{TextFile, stem};
use crate::pipeline::{Place, PlaceCorrection};
use crate::suggest;

const LEVELS: &[&str] = &["province", "district", "mandal", "tehsil", "village", "habitation"];
const PLACE_COLUMNS: &[&str] =
    &["level", "code", "name", "parent", "also", "formerly", "valid_from", "valid_to"];
const CORRECTION_COLUMNS: &[&str] = &["level", "text", "parent", "code"];

/// The stem of the file of corrections.
pub(crate) const CORRECTIONS: &str = "corrections";

/// Reads a table of places.
pub(crate) fn read(file: &TextFile, problems: &Problems) -> Option<Vec<Place>> {
    let rows = Rows::read(file, PLACE_COLUMNS, &["level", "code", "name"], problems)?;
    let mut seen = BTreeSet::new();
    rows.each(|row| {
        let list = |name| {
            let text = row.text(name)?;
            Some(
                text.split(';')
                    .map(str::trim)
                    .filter(|one| !one.is_empty())
                    .map(str::to_owned)
                    .collect(),
            )
        };
        let place = Place {
            level: row.level()?,
            code: row.need("code")?,
            name: row.need("name")?,
            parent: row.text("parent").map(str::to_owned),
            also: list("also").unwrap_or_default(),
            formerly: list("formerly").unwrap_or_default(),
            valid_from: row.date("valid_from")?,
            valid_to: row.date("valid_to")?,
        };
        if !seen.insert((place.level.clone(), place.code.clone(), place.valid_from.clone())) {
            row.problem(format!("the {} `{}` stands here twice", place.level, place.code), None);
            return None;
        }
        Some(place)
    })
}

/// Reads the corrections; their codes must be those of `places`.
pub(crate) fn read_corrections(
    file: &TextFile,
    places: &[Place],
    problems: &Problems,
) -> Option<Vec<PlaceCorrection>> {
    let rows = Rows::read(file, CORRECTION_COLUMNS, &["level", "text"], problems)?;
    rows.each(|row| {
        let level = row.level()?;
        let code = row.text("code").map(str::to_owned);
        let is_known =
            |code: &String| places.iter().any(|place| place.level == level && place.code == *code);
        if let Some(code) = code.as_ref().filter(|code| !is_known(code)) {
            row.problem(format!("there is no {level} with the code `{code}`"), None);
            return None;
        }
        let parent = row.text("parent").map(str::to_owned);
        Some(PlaceCorrection { text: row.need("text")?, level, parent, code })
    })
}

/// The lines of a CSV file, its header checked.
struct Rows<'a> {
    file: &'a TextFile,
    problems: &'a Problems,
    header: Vec<String>,
}

impl<'a> Rows<'a> {
    fn read(
        file: &'a TextFile,
        known: &[&str],
        needed: &[&str],
        problems: &'a Problems,
    ) -> Option<Self> {
        let mut reader = reader(file);
        let header: Vec<String> = reader
            .headers()
            .map(|header| header.iter().map(str::to_owned).collect())
            .unwrap_or_default();
        let at = Position { file: file.path.clone(), line: 1 };
        let mut fits = true;
        for name in header.iter().filter(|name| !known.contains(&name.as_str())) {
            let hint = suggest::among(name, known.iter().copied());
            problems.push(at.clone(), format!("`{name}` is no column of this table"), Some(hint));
            fits = false;
        }
        for name in needed.iter().filter(|name| !header.iter().any(|one| one == *name)) {
            problems.push(at.clone(), format!("the column `{name}` is missing"), None);
            fits = false;
        }
        fits.then_some(Rows { file, problems, header })
    }

    /// Every line as a value; all problems are said, `None` if there is one.
    fn each<T>(&self, mut value: impl FnMut(&Row<'_>) -> Option<T>) -> Option<Vec<T>> {
        let mut values = Vec::new();
        let mut fits = true;
        for record in reader(self.file).records() {
            let line =
                |position: Option<&csv::Position>| position.map_or(0, |at| at.line() as usize);
            match record {
                Ok(cells) => {
                    let row = Row { rows: self, line: line(cells.position()), cells };
                    match value(&row) {
                        Some(value) => values.push(value),
                        None => fits = false,
                    }
                }
                Err(error) => {
                    let at =
                        Position { file: self.file.path.clone(), line: line(error.position()) };
                    self.problems.push(
                        at,
                        "the line has other columns than the header".to_owned(),
                        None,
                    );
                    fits = false;
                }
            }
        }
        fits.then_some(values)
    }
}

fn reader(file: &TextFile) -> csv::Reader<&[u8]> {
    let text = file.text.trim_start_matches('\u{feff}');
    csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes())
}

/// One line.
struct Row<'a> {
    rows: &'a Rows<'a>,
    line: usize,
    cells: csv::StringRecord,
}

impl Row<'_> {
    fn text(&self, column: &str) -> Option<&str> {
        let at = self.rows.header.iter().position(|name| name == column)?;
        self.cells.get(at).filter(|text| !text.is_empty())
    }

    fn need(&self, column: &str) -> Option<String> {
        if self.text(column).is_none() {
            self.problem(format!("`{column}` is empty"), None);
        }
        self.text(column).map(str::to_owned)
    }

    fn level(&self) -> Option<String> {
        let level = self.need("level")?;
        if LEVELS.contains(&level.as_str()) {
            return Some(level);
        }
        let hint = suggest::among(&level, LEVELS.iter().copied());
        self.problem(format!("`{level}` is no level of a place"), Some(hint));
        None
    }

    /// An ISO date or nothing.
    #[expect(
        clippy::option_option,
        reason = "outside: whether it could be read; inside: whether there is one"
    )]
    fn date(&self, column: &str) -> Option<Option<String>> {
        let Some(text) = self.text(column) else { return Some(None) };
        let date: Option<toml::value::Datetime> = text.parse().ok();
        let iso = date.filter(|date| date.time.is_none()).and_then(|date| date.date);
        if iso.is_none() {
            self.problem(
                format!("`{column}` must be a date such as 2022-04-04, not `{text}`"),
                None,
            );
        }
        iso.map(|date| Some(date.to_string()))
    }

    fn problem(&self, message: String, hint: Option<String>) {
        let at = Position { file: self.rows.file.path.clone(), line: self.line };
        self.rows.problems.push(at, message, hint);
    }
}

/// Whether a file of the folder holds corrections.
pub(crate) fn is_corrections(path: &std::path::Path) -> bool {
    stem(path) == CORRECTIONS
}
