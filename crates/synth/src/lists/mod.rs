//! The departments' lists: what a programme has, how rows are drafted range by range, and how they reach their files in order.

mod book;
mod text;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use arrow::{array::RecordBatch, error::ArrowError};
use chrono::NaiveDate;

pub(crate) use self::{
    book::BookLayout,
    text::{TextLayout, Total},
};
use self::{book::BookSink, text::TextSink};
use crate::{
    Error,
    cases::{Case, joined},
    claim::{Claim, Clerk, Source, Subject},
    dice::Dice,
    flat::{self, Columns},
    output::{Folder, Lines, Told, Truth},
    plan::{Plan, Portion, Window},
    range::Range,
    survey::Entry,
    world::{Need, World},
};

/// A programme: its registry and its lists.
#[derive(Debug)]
pub(crate) struct Programmed {
    pub(crate) registry: RegistryLayout,
    /// Whom the lists look for; those of the lists and of their second choices.
    pub(crate) needs: &'static [Need],
    pub(crate) lists: &'static [List],
}

/// How the registry's dump is laid out.
#[derive(Debug)]
pub(crate) struct RegistryLayout {
    pub(crate) path: &'static str,
    pub(crate) header: &'static [&'static str],
    pub(crate) cells: for<'e> fn(&'e Entry<'_>, &mut Dice) -> Vec<Cow<'e, str>>,
}

/// Whether a row of one list forbids a row of another, both of one person.
type Excludes = fn(&Draft, &Draft) -> bool;

/// One department's list.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) source: Source,
    pub(crate) need: Need,
    /// Whom it looks for where there are too few of the first.
    pub(crate) wider: Need,
    /// Share of all records; the list with 0 has the rest.
    pub(crate) share: f64,
    /// Rows of one range, in the list's order.
    pub(crate) draft: fn(&Clerk, &Range, Plan) -> Vec<Draft>,
    /// Gives a row its key from its number in the list, unless the draft has it already.
    pub(crate) key: fn(&World, u64, &mut Draft),
    /// Another list, by its place, and whether its row (the first) forbids this one's.
    pub(crate) excluded_by: Option<(usize, Excludes)>,
    /// Another list, by its place, that pays the same scheme.
    pub(crate) same_scheme_as: Option<usize>,
    pub(crate) layout: Layout,
}

#[derive(Debug)]
pub(crate) enum Layout {
    Text(TextLayout),
    Book(BookLayout),
}

/// What stands behind a row's cells where two lines ran together in the export.
const BROKEN: [&str; 3] = ["see", "next", "line"];

/// One cell of a row.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Date(NaiveDate),
    /// The row's number on its sheet.
    Serial,
}

impl Cell {
    /// Text, or nothing where it is empty.
    pub(crate) fn text(value: &str) -> Self {
        if value.is_empty() { Self::Empty } else { Self::Text(value.to_owned()) }
    }

    /// Whether it is a text with this in it.
    pub(crate) fn holds(&self, part: &str) -> bool {
        matches!(self, Self::Text(text) if text.contains(part))
    }
}

/// One row before it has its place.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) cells: Vec<Cell>,
    /// What the list adds up: money, or grams.
    pub(crate) total: u64,
    /// Whether the benefit is given: one that is held or withheld overlaps with none.
    pub(crate) paid: bool,
    /// The department's own key.
    pub(crate) key: String,
    pub(crate) claim: Claim,
}

/// Rows of one list in one range, ready to be written.
#[derive(Debug)]
pub(crate) struct Portioned {
    pub(crate) part: usize,
    pub(crate) body: Body,
    pub(crate) told: Vec<Told>,
    pub(crate) total: u64,
    /// The list's rows and its truth.
    pub(crate) flat: Option<(RecordBatch, RecordBatch)>,
}

#[derive(Debug)]
pub(crate) enum Body {
    /// Lines; before each of the rows of these numbers (from 0, rising, one may come twice) stands a line that is no row.
    Lines(Vec<u8>, Vec<usize>),
    Cells(Vec<Vec<Cell>>),
}

/// Drafts a row for each person listed; neighbours change places now and then.
pub(crate) fn per_person(
    clerk: &Clerk,
    range: &Range,
    mut plan: Plan,
    line: fn(&Clerk, &Subject) -> Draft,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for household in range.households(clerk.world) {
        plan.people(clerk.world, &household, &mut |subject| drafts.push(line(clerk, subject)));
    }
    shuffled(drafts, 60, &mut range.dice(clerk.world, 10 + clerk.source as u64))
}

/// The rows in an order that is nearly that of the registry.
pub(crate) fn shuffled<T>(rows: Vec<T>, width: usize, dice: &mut Dice) -> Vec<T> {
    let mut window = Window::new(width);
    let mut mixed = Vec::with_capacity(rows.len());
    for row in rows {
        mixed.extend(window.pass(row, dice));
    }
    mixed.extend(window.rest());
    mixed
}

/// All lists of a programme with the rows each range has of them.
#[derive(Debug)]
pub(crate) struct Plans {
    lists: Vec<(Vec<Portion>, u64)>,
}

impl Plans {
    /// Shares `records` out to lists and ranges; `fitting` are counts by range and need.
    pub(crate) fn new(
        (world, ranges): (&World, &[Range]),
        programmed: &Programmed,
        records: u64,
        fitting: &[Vec<u64>],
    ) -> Result<Self, Error> {
        let share = |list: &List| (records as f64 * list.share).round() as u64;
        let named: u64 = programmed.lists.iter().map(share).sum();
        let mut lists = Vec::new();
        for list in programmed.lists {
            let rows = if list.share > 0.0 { share(list) } else { records - named };
            let counts = |need: Need| -> Vec<u64> {
                let at = programmed.needs.iter().position(|other| *other == need);
                fitting.iter().map(|counts| at.map_or(0, |at| counts[at])).collect()
            };
            let first = counts(list.need);
            let enough = crate::plan::registered_of(rows, &world.rates) <= first.iter().sum();
            let (need, counts) =
                if enough { (list.need, first) } else { (list.wider, counts(list.wider)) };
            let order = (list.source, need, rows);
            lists.push((Portion::of_ranges((world, ranges), order, &counts)?, rows));
        }
        Ok(Self { lists })
    }

    /// Drafts and lays out the rows of one range, list by list.
    pub(crate) fn portion(
        &self,
        world: &World,
        programmed: &Programmed,
        range: &Range,
        with_flat: bool,
    ) -> Result<Vec<Portioned>, Error> {
        let mut drafted = Vec::new();
        for (list, (ranges, _)) in programmed.lists.iter().zip(&self.lists) {
            let portion = ranges[range.number as usize];
            let clerk = Clerk { world, source: list.source };
            let mut drafts = (list.draft)(&clerk, range, portion.plan(world, range));
            for (nth, draft) in drafts.iter_mut().enumerate() {
                (list.key)(world, portion.first_row + nth as u64, draft);
            }
            drafted.push(drafts);
        }
        tell_overlaps(programmed.lists, &mut drafted);
        tell_duplicates(programmed.lists, &mut drafted);
        let lists = programmed.lists.iter().zip(&self.lists).zip(drafted);
        let laid_out = |((list, (ranges, rows)), drafts): ((&List, &(Vec<Portion>, u64)), _)| {
            let first_row = ranges[range.number as usize].first_row;
            let middle = (rows / 2).checked_sub(first_row).map(|row| row as usize);
            laid_out((world, list), range, (drafts, middle), with_flat)
        };
        lists.map(laid_out).collect()
    }
}

/// Marks the rows of people who are paid two benefits that exclude one another: in two lists, or twice in one.
fn tell_overlaps(lists: &[List], drafted: &mut [Vec<Draft>]) {
    let (mut told, mut untold) = (Vec::new(), Vec::new());
    for (at, list) in lists.iter().enumerate() {
        let rows = rows_of_people(&drafted[at]);
        let twice = drafted[at].iter().filter(|draft| draft.claim.cases.contains(&Case::Overlap));
        let theirs = twice.filter_map(|draft| rows.get(draft.claim.resident_ref.as_str()));
        let (paid, unpaid): (Vec<_>, Vec<_>) =
            theirs.partition(|rows| rows.iter().all(|row| drafted[at][*row].paid));
        told.extend(paid.into_iter().flatten().map(|row| (at, *row)));
        untold.extend(unpaid.into_iter().flatten().map(|row| (at, *row)));
        let Some((other, excludes)) = list.excluded_by else { continue };
        let others = rows_of_people(&drafted[other]);
        for (person, rows) in &rows {
            for (row, beside) in rows.iter().flat_map(|row| {
                others.get(person).into_iter().flatten().map(move |one| (*row, *one))
            }) {
                let (one, two) = (&drafted[other][beside], &drafted[at][row]);
                if one.paid && two.paid && excludes(one, two) {
                    told.extend([(at, row), (other, beside)]);
                }
            }
        }
    }
    for (at, row) in untold {
        drafted[at][row].claim.cases.retain(|case| *case != Case::Overlap);
    }
    for (at, row) in told {
        let cases = &mut drafted[at][row].claim.cases;
        if !cases.contains(&Case::Overlap) {
            cases.push(Case::Overlap);
        }
    }
}

/// Marks the rows of people whom two lists of one scheme have.
fn tell_duplicates(lists: &[List], drafted: &mut [Vec<Draft>]) {
    for (at, list) in lists.iter().enumerate() {
        let Some(other) = list.same_scheme_as else { continue };
        let people = |drafts: &[Draft]| -> HashSet<String> {
            drafts.iter().map(|draft| draft.claim.resident_ref.clone()).collect()
        };
        let (here, there) = (people(&drafted[at]), people(&drafted[other]));
        for list in [at, other] {
            for claim in drafted[list].iter_mut().map(|draft| &mut draft.claim) {
                let known = !claim.resident_ref.is_empty();
                if known
                    && here.contains(&claim.resident_ref)
                    && there.contains(&claim.resident_ref)
                {
                    claim.cases.push(Case::DuplicateAcross);
                }
            }
        }
    }
}

/// The rows of each person in the registry.
fn rows_of_people(drafts: &[Draft]) -> HashMap<&str, Vec<usize>> {
    let mut rows: HashMap<&str, Vec<usize>> = HashMap::new();
    for (row, draft) in drafts.iter().enumerate() {
        if !draft.claim.resident_ref.is_empty() {
            rows.entry(&draft.claim.resident_ref).or_default().push(row);
        }
    }
    rows
}

/// Puts the drafted rows into the form their file needs; `middle` is the row before which a list repeats its header.
fn laid_out(
    (world, list): (&World, &List),
    range: &Range,
    (drafts, middle): (Vec<Draft>, Option<usize>),
    with_flat: bool,
) -> Result<Portioned, Error> {
    let total = drafts.iter().map(|draft| draft.total).sum();
    let flat = with_flat.then(|| flat_rows(world, list, &drafts)).transpose();
    let flat = flat.map_err(Error::Columns)?;
    let told = drafts.iter().map(|draft| Told {
        resident_ref: draft.claim.resident_ref.clone(),
        cases: joined(draft.claim.cases.clone()),
    });
    let told = told.collect();
    let body = match &list.layout {
        Layout::Book(_) => Body::Cells(drafts.into_iter().map(|draft| draft.cells).collect()),
        Layout::Text(layout) => {
            let middle = middle.filter(|row| layout.repeated && *row > 0 && *row < drafts.len());
            let mut lines = Lines::new((layout.shape)(range.part));
            let mut no_rows = Vec::new();
            let mut dice = range.dice(world, 20 + list.source as u64);
            for (nth, draft) in drafts.iter().enumerate() {
                if middle == Some(nth) {
                    lines.write(layout.header)?;
                    no_rows.push(nth);
                }
                let cells = draft.cells.iter().map(|cell| match cell {
                    Cell::Text(text) => text.as_str(),
                    _ => "",
                });
                if dice.chance(world.rates.line_broken) {
                    lines.write(cells.clone().chain(BROKEN))?;
                    no_rows.push(nth);
                }
                lines.write(cells)?;
            }
            Body::Lines(lines.finish()?, no_rows)
        }
    };
    Ok(Portioned { part: range.part, body, told, total, flat })
}

fn flat_rows(
    world: &World,
    list: &List,
    drafts: &[Draft],
) -> Result<(RecordBatch, RecordBatch), ArrowError> {
    let (mut rows, mut truth) = (Columns::new(flat::LIST), Columns::new(flat::TRUTH));
    // Only the scholarships state no age.
    let age = list.source != Source::Scholarships && list.source != Source::Stipends;
    for draft in drafts {
        let key = format!("{}/{}", list.source.id(), draft.key);
        flat::list_row(&mut rows, world, &key, &draft.claim, age);
        truth.push([key.as_str(), &draft.claim.resident_ref]);
    }
    Ok((rows.finish()?, truth.finish()?))
}

/// The file or files of one list being written.
pub(crate) enum Sink {
    Text(TextSink),
    Book(Box<BookSink>),
}

impl Sink {
    pub(crate) fn new(list: &'static List) -> Self {
        match &list.layout {
            Layout::Text(layout) => Self::Text(TextSink::new(list.source, layout)),
            Layout::Book(layout) => Self::Book(Box::new(BookSink::new(list.source, layout))),
        }
    }

    /// Writes the rows of the next range.
    pub(crate) fn take(
        &mut self,
        world: &World,
        portion: Portioned,
        (folder, truth): (&mut Folder, &mut Truth),
    ) -> Result<(), Error> {
        match self {
            Self::Text(sink) => sink.take(world, portion, (folder, truth)),
            Self::Book(sink) => sink.take(world, portion, (folder, truth)),
        }
    }

    /// Writes totals and closes the files.
    pub(crate) fn close(self, folder: &mut Folder) -> Result<(), Error> {
        match self {
            Self::Text(sink) => sink.close(),
            Self::Book(sink) => sink.close(folder),
        }
    }
}
