//! Place tables: `places/*.csv`, one place a line, and `places/corrections.csv`, what an analyst settled.
//!
//! A place has `level` and `name`; besides, as far as they are known, `code`, `parent` (the code one level up, or the name of a
//! place without one), `also` (other names, `;` between), `formerly` (the codes of the places it was made of, `;` between),
//! `census` (its code in the census), `valid_from` and `valid_to` (the first and the last day, ISO). A correction has `level`,
//! `text`, `parent` (the text one level up, or nothing) and `code` (the name, where the place has none); without a code the text
//! is known to be no place of the table.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Position, Problems};
use crate::files::{TextFile, stem};
use crate::pipeline::{Place, PlaceCorrection};
use crate::suggest;

const LEVELS: &[&str] = &["province", "district", "mandal", "tehsil", "village", "habitation"];
const PLACE_COLUMNS: &[&str] =
    &["level", "code", "name", "parent", "also", "formerly", "census", "valid_from", "valid_to"];
/// Lines of a table that are said to name what no table has; of a wrong file there would be thousands.
const PROBLEMS_MAX: usize = 20;
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
            code: row.text("code").map(str::to_owned),
            name: row.need("name")?,
            parent: row.text("parent").map(str::to_owned),
            census: row.text("census").map(str::to_owned),
            also: list("also").unwrap_or_default(),
            formerly: list("formerly").unwrap_or_default(),
            valid_from: row.date("valid_from")?,
            valid_to: row.date("valid_to")?,
        };
        if !row.agrees(&place) {
            return None;
        }
        let word = match &place.code {
            Some(code) => code.clone(),
            None => [&place.name, place.parent.as_deref().unwrap_or_default()].join("\u{1f}"),
        };
        if !seen.insert((place.level.clone(), word, place.valid_from.clone())) {
            let word = place.code.as_ref().unwrap_or(&place.name);
            row.problem(format!("the {} `{word}` stands here twice", place.level), None);
            return None;
        }
        Some(place)
    })
}

/// What the tables hold, to look up what lines and corrections name.
pub(crate) struct Known<'a> {
    /// The codes, and the names in lower case, of all places.
    texts: BTreeSet<(&'a str, Cow<'a, str>)>,
    /// The places of a name in lower case: their codes; of those without one their parents.
    named: BTreeMap<(&'a str, String), BTreeSet<&'a str>>,
    /// The parent of a code.
    parents: BTreeMap<(&'a str, &'a str), &'a str>,
}

impl<'a> Known<'a> {
    /// Of all tables.
    pub(crate) fn of(places: &'a [Place]) -> Self {
        let codes = places.iter().filter_map(|place| {
            Some((place.level.as_str(), Cow::Borrowed(place.code.as_deref()?)))
        });
        let names = places
            .iter()
            .map(|place| (place.level.as_str(), Cow::Owned(place.name.to_lowercase())));
        let texts = codes.chain(names).collect();
        let (mut named, mut parents) = (BTreeMap::new(), BTreeMap::new());
        for place in places {
            let level = place.level.as_str();
            let one: &mut BTreeSet<&str> =
                named.entry((level, place.name.to_lowercase())).or_default();
            one.insert(place.code.as_deref().or(place.parent.as_deref()).unwrap_or_default());
            if let (Some(code), Some(parent)) = (&place.code, &place.parent) {
                parents.insert((level, code.as_str()), parent.as_str());
            }
        }
        Self { texts, named, parents }
    }

    fn has(&self, level: &str, text: &str) -> bool {
        let is_there = |text: &str| self.texts.contains(&(level, Cow::Borrowed(text)));
        is_there(text) || is_there(&text.to_lowercase())
    }

    fn has_level(&self, level: &str) -> bool {
        let first = self.texts.range((level, Cow::Borrowed(""))..).next();
        first.is_some_and(|(found, _)| *found == level)
    }

    /// How many places of a level a text may be: 1 for a code.
    fn count(&self, level: &'a str, text: &str) -> usize {
        if self.texts.contains(&(level, Cow::Borrowed(text)))
            && !self.named.contains_key(&(level, text.to_lowercase()))
        {
            return 1;
        }
        self.named.get(&(level, text.to_lowercase())).map_or(0, BTreeSet::len)
    }

    /// Whether the parents of a code, all of its own level, lead back to it.
    fn is_circle(&self, level: &'a str, code: &str) -> bool {
        let next = |code: &&str| self.parents.get(&(level, *code)).copied();
        let mut above = std::iter::successors(next(&code), next).take(self.parents.len());
        above.any(|one| one == code)
    }
}

/// Says which lines of a table name places that no table has. Where no table has a level above, parents are left alone.
pub(crate) fn check_named(file: &TextFile, known: &Known<'_>, problems: &Problems) -> Option<()> {
    let rows = Rows::read(file, PLACE_COLUMNS, &[], problems)?;
    let (mut wrong, mut contradicting) = (0_usize, 0_usize);
    rows.each(|row| {
        let (level, name) = (row.text("level")?, row.text("name").unwrap_or_default());
        let above = || LEVELS.iter().rev().filter(|above| depth(above) < depth(level));
        let parent = row.text("parent");
        // The nearest level above that has the parent.
        let found = parent.and_then(|parent| above().find(|above| known.has(above, parent)));
        if let Some((message, hint)) = contradiction(row, known, found.copied()) {
            contradicting += 1;
            if contradicting <= PROBLEMS_MAX {
                row.problem(message, Some(hint));
            }
            return None;
        }
        let has_some = above().any(|above| known.has_level(above));
        let parent = parent.filter(|_| has_some && found.is_none());
        let formerly = row.text("formerly").unwrap_or_default().split(';').map(str::trim);
        let mut formerly = formerly.filter(|code| !code.is_empty() && !known.has(level, code));
        let missing = parent.or_else(|| formerly.next())?;
        wrong += 1;
        if wrong <= PROBLEMS_MAX {
            row.problem(
                format!("the {level} `{name}` names `{missing}`, which no table has"),
                None,
            );
        }
        Some(())
    });
    if wrong > PROBLEMS_MAX {
        let more = format!("{} more lines name places that no table has", wrong - PROBLEMS_MAX);
        problems.push_file(&file.path, &more, None);
    }
    if contradicting > PROBLEMS_MAX {
        let more =
            format!("{} more lines have a parent that cannot be", contradicting - PROBLEMS_MAX);
        problems.push_file(&file.path, &more, None);
    }
    (wrong + contradicting == 0).then_some(())
}

/// What the parent of a line contradicts, and what to do; `above`: the level that has it.
fn contradiction(
    row: &Row<'_>,
    known: &Known<'_>,
    above: Option<&'static str>,
) -> Option<(String, String)> {
    let (level, parent) = (row.text("level")?, row.text("parent")?);
    let name = row.text("name").unwrap_or_default();
    let Some(above) = above else {
        let level = LEVELS.iter().find(|known| **known == level)?;
        let is_circle = row.text("code").is_some_and(|code| known.is_circle(level, code));
        let message =
            format!("the {level} `{name}` has the parent `{parent}`, and so lies in itself");
        let hint = "the parent is the code of a place of a level above, or nothing".to_owned();
        return is_circle.then_some((message, hint));
    };
    let count = known.count(above, parent);
    let message = format!(
        "the {level} `{name}` has the parent `{parent}`, which {count} places of the level {above} are called"
    );
    (count > 1).then(|| (message, "name the parent by its code".to_owned()))
}

/// How far down a level is; mandal and tehsil are the same.
fn depth(level: &str) -> usize {
    let at = LEVELS.iter().position(|known| *known == level).unwrap_or_default();
    if at > 2 { at - 1 } else { at }
}

/// Reads the corrections; their codes must be those of places.
pub(crate) fn read_corrections(
    file: &TextFile,
    known: &Known<'_>,
    problems: &Problems,
) -> Option<Vec<PlaceCorrection>> {
    let rows = Rows::read(file, CORRECTION_COLUMNS, &["level", "text"], problems)?;
    let mut seen = BTreeSet::new();
    rows.each(|row| {
        let level = row.level()?;
        let code = row.text("code").map(str::to_owned);
        if let Some(code) = code.as_ref().filter(|code| !known.has(&level, code)) {
            row.problem(format!("there is no {level} with the code `{code}`"), None);
            return None;
        }
        let (text, parent) = (row.need("text")?, row.text("parent").map(str::to_owned));
        let word = [text.as_str(), parent.as_deref().unwrap_or_default()].map(str::to_lowercase);
        if !seen.insert((level.clone(), word)) {
            row.problem(format!("the {level} `{text}` is settled here twice"), None);
            return None;
        }
        Some(PlaceCorrection { level, text, parent, code })
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

    /// Whether a place agrees with itself: its last day is not before its first, and its codes are whole.
    fn agrees(&self, place: &Place) -> bool {
        if let (Some(from), Some(to)) = (&place.valid_from, &place.valid_to)
            && to < from
        {
            let message = format!("`valid_to` {to} lies before `valid_from` {from}");
            self.problem(message, Some("has one been taken for the other?".to_owned()));
            return false;
        }
        let codes = [("code", &place.code), ("parent", &place.parent), ("census", &place.census)];
        let codes = codes.into_iter().filter_map(|(column, code)| Some((column, code.as_ref()?)));
        let formerly = place.formerly.iter().map(|code| ("formerly", code));
        let Some((column, code)) = codes.chain(formerly).find(|(_, code)| is_shortened(code))
        else {
            return true;
        };
        let message = format!("`{column}` is `{code}`: a spreadsheet has shortened the number");
        self.problem(
            message,
            Some("format the column as text and write the table again".to_owned()),
        );
        false
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

/// `2.8E+03`, `1.23457E+11`: scientific notation, as no code is written.
fn is_shortened(code: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    code.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
        exponent.strip_prefix(['+', '-']).is_some_and(digits) && digits(whole) && digits(part)
    })
}

/// Whether a file of the folder holds corrections.
pub(crate) fn is_corrections(path: &std::path::Path) -> bool {
    stem(path) == CORRECTIONS
}
