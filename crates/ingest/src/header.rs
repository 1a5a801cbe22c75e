//! Where the header stands, and which column of the file is which wanted one.

use std::collections::{HashMap, HashSet};

use milaan_model::reading::WantedColumn;

use crate::fold::{distance, fold, is_value, is_year};
use crate::layout::typed_columns;
use crate::row::RawRow;

/// How many rows are looked at before a header is chosen.
pub(crate) const LOOK_ROWS: usize = 50;
/// How many rows are looked at, at most, before it is settled how many columns the table has.
pub(crate) const WIDTH_ROWS: usize = 1000;
/// Fewer where they have so many cells.
pub(crate) const WIDTH_CELLS: usize = 1 << 20;

/// The header that holds most wanted columns.
#[derive(Debug)]
pub(crate) struct Best {
    /// Its place among the rows looked at.
    pub(crate) index: usize,
    /// Wanted columns it has.
    pub(crate) score: usize,
    /// The first required column it lacks.
    pub(crate) lacks: Option<usize>,
}

/// The row that holds the wanted columns: all required ones first, then most, then the first such row.
pub(crate) fn best(rows: &[RawRow], wanted: &[WantedColumn]) -> Option<Best> {
    let names: Vec<Vec<String>> =
        wanted.iter().map(|column| spellings(column).map(fold).collect()).collect();
    // Columns without name are called by their place, beyond the header's last one as well.
    let width = rows.iter().map(RawRow::extent).max().unwrap_or(0);
    let mut best: Option<Best> = None;
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.problem.is_none()) {
        let cells: HashSet<String> =
            unique_names(Some(row), width, &[]).iter().map(|name| fold(name)).collect();
        let has = |column: &Vec<String>| column.iter().any(|name| cells.contains(name));
        let score = names.iter().filter(|column| has(column)).count();
        let lacks = (0..wanted.len()).find(|&at| wanted[at].required && !has(&names[at]));
        let better = best
            .as_ref()
            .is_none_or(|best| (lacks.is_none(), score) > (best.lacks.is_none(), best.score));
        if score > 0 && better {
            best = Some(Best { index, score, lacks });
        }
    }
    best
}

/// A wanted column's header and aliases.
fn spellings(column: &WantedColumn) -> impl Iterator<Item = &str> {
    std::iter::once(column.header.as_str()).chain(column.aliases.iter().map(String::as_str))
}

/// The most header-like row, or `None` if the first row of the table is data already.
pub(crate) fn guess(rows: &[RawRow]) -> Option<usize> {
    let width = usual_width(rows);
    let wide = |row: &RawRow| {
        let filled = row.filled().count();
        row.problem.is_none() && (filled * 2 > width || (width == 1 && filled == 1))
    };
    let index = rows.iter().position(wide)?;
    let below: Vec<&RawRow> = rows[index + 1..].iter().filter(|row| wide(row)).collect();
    if is_data(&rows[index], &below) { None } else { Some(index) }
}

/// Where the table begins when it has no header.
pub(crate) fn first_table_row(rows: &[RawRow]) -> usize {
    let width = usual_width(rows);
    rows.iter().position(|row| row.filled().count() * 2 > width || width == 1).unwrap_or(0)
}

/// The extent that most rows have; of two the greater.
pub(crate) fn usual_width(rows: &[RawRow]) -> usize {
    let mut widths: Vec<usize> = rows
        .iter()
        .filter(|row| row.problem.is_none())
        .map(RawRow::extent)
        .filter(|&w| w > 0)
        .collect();
    widths.sort_unstable();
    let most = widths.chunk_by(|a, b| a == b).max_by_key(|run| (run.len() * run[0].min(8), run[0]));
    most.map_or(1, |run| run[0])
}

/// Whether a row looks like the rows below it: it holds values, and in no column does it stand out as a label.
fn is_data(row: &RawRow, below: &[&RawRow]) -> bool {
    let heads = |column: usize, text: &str| {
        let cells = || below.iter().filter_map(|row| row.cell(column));
        is_year(text) && cells().filter(|cell| is_year(cell)).count() * 2 < cells().count()
    };
    if !row.filled().any(|(column, text)| is_value(text) && !heads(column, text)) {
        return false;
    }
    let labels = row.filled().any(|(column, text)| {
        let (mut values, mut texts) = (0, 0);
        for cell in below.iter().filter_map(|row| row.cell(column)) {
            if is_value(cell) { values += 1 } else { texts += 1 }
        }
        if is_value(text) { texts > 0 && texts >= values } else { values > texts }
    });
    !labels
}

/// The names of a header's columns: as written, the empty ones numbered, the second of a name marked.
pub(crate) fn unique_names(row: Option<&RawRow>, width: usize, reserved: &[&str]) -> Vec<String> {
    let mut taken: HashSet<String> = reserved.iter().map(|&name| name.to_owned()).collect();
    // How often each name came: a row of one value five thousand times is named as fast as any other.
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut names = Vec::with_capacity(width);
    for column in 0..width {
        let written = row.and_then(|row| row.cell(column)).map(one_line);
        let name = written.unwrap_or_else(|| format!("column_{}", column + 1));
        let mut unique = name.clone();
        while !taken.insert(unique.clone()) {
            let count = counts.entry(name.clone()).or_insert(1);
            *count += 1;
            unique = format!("{name}_{count}");
        }
        names.push(unique);
    }
    names
}

/// The names of some of a header's columns; one without a name is called by its place in the file, so that it is found again.
pub(crate) fn names(row: Option<&RawRow>, places: &[usize], reserved: &[&str]) -> Vec<String> {
    let width = places.last().map_or(0, |last| last + 1);
    let mut names = unique_names(row, width, reserved);
    places.iter().map(|&at| std::mem::take(&mut names[at])).collect()
}

/// The header's columns up to the last named one; wider if most rows below, or a row below under an unnamed but
/// present header cell, fill more.
pub(crate) fn width(header: Option<&RawRow>, below: &[RawRow]) -> usize {
    let extents: Vec<usize> =
        below.iter().filter(|row| row.problem.is_none()).map(RawRow::extent).collect();
    let Some(header) = header else {
        return extents.iter().copied().max().unwrap_or(1).max(1);
    };
    let named = header.extent();
    let unnamed =
        extents.iter().copied().filter(|&extent| extent <= header.len()).max().unwrap_or(0);
    let mut wider: Vec<usize> = extents.iter().copied().filter(|&extent| extent > named).collect();
    wider.sort_unstable();
    let is_usual = wider.len() * 2 > extents.len() && !are_moved(below, named, wider.len());
    let usual = if is_usual { wider[wider.len() / 2] } else { 0 };
    named.max(unnamed).max(usual).max(1)
}

/// Whether rows wider than the header have cells that moved, a delimiter too many: where others have the header's width, columns
/// of values up to the last one have to show that cells stand where they should.
fn are_moved(below: &[RawRow], named: usize, wider: usize) -> bool {
    let is_narrow = |row: &RawRow| {
        row.problem.is_none() && row.len() <= named && row.filled().count() * 2 > named
    };
    let narrow: Vec<RawRow> = below.iter().filter(|row| is_narrow(row)).cloned().collect();
    if narrow.len() * 10 < below.len() {
        return false;
    }
    let typed = typed_columns(&narrow);
    let fits = |row: &&RawRow| {
        row.extent() > named && typed.iter().all(|&at| row.cell(at).is_none_or(is_value))
    };
    typed.last() != Some(&(named - 1)) || below.iter().filter(fits).count() * 5 < wider * 4
}

/// Columns without a name and without a filled cell: those before the first named one, all of them if the records are
/// `whole`.
pub(crate) fn empty_columns(
    header: Option<&RawRow>,
    records: &[RawRow],
    width: usize,
    whole: bool,
) -> Vec<usize> {
    let Some(header) = header else { return Vec::new() };
    let first = header.filled().next().map_or(0, |(at, _)| at);
    let until = if whole { width } else { first };
    // A line of words below a table that begins with a delimiter stands before the delimiter.
    let is_empty =
        |row: &RawRow, at| row.cell(at).is_none() || (at < first && row.only_cell().is_some());
    (0..until)
        .filter(|&at| header.cell(at).is_none())
        .filter(|&at| !records.is_empty() && records.iter().all(|row| is_empty(row, at)))
        .filter(|&at| records.iter().any(|row| row.cell(at).is_none()))
        .collect()
}

/// A header with one empty cell too many, against all records, without it.
pub(crate) fn without_slip(header: RawRow, records: &[RawRow]) -> RawRow {
    let fitting = records.iter().filter(|row| row.len() + 1 == header.len()).count();
    let mut empty = (0..header.extent()).filter(|&at| header.cell(at).is_none());
    let (Some(slip), None) = (empty.next(), empty.next()) else { return header };
    if records.len() < 2 || fitting * 10 < records.len() * 9 || header.extent() != header.len() {
        return header;
    }
    let mut kept = RawRow::default();
    kept.begin(header.number);
    (0..header.len())
        .filter(|&at| at != slip)
        .for_each(|at| kept.push(header.cell(at).unwrap_or_default()));
    kept
}

/// A header broken over several lines in its cell, on one.
fn one_line(text: &str) -> String {
    // Half a quote is a slip.
    let half = text.starts_with('"') != text.ends_with('"');
    let text = if half && text.len() > 1 { text.trim_matches('"').trim() } else { text };
    if text.contains(['\n', '\r']) {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text.to_owned()
    }
}

/// For each wanted column the file's column: the same text first, the folded text then, header before aliases.
pub(crate) fn map(names: &[String], wanted: &[WantedColumn]) -> Vec<Option<usize>> {
    let mut claimed = vec![false; names.len()];
    let mut places = vec![None; wanted.len()];
    for exact in [true, false] {
        let key = |name: &str| if exact { name.to_owned() } else { fold(name) };
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            by_name.entry(key(name)).or_default().push(at);
        }
        for (column, place) in wanted.iter().zip(&mut places).filter(|(_, place)| place.is_none()) {
            *place = spellings(column).find_map(|spelling| {
                by_name.get(&key(spelling))?.iter().copied().find(|&at| !claimed[at])
            });
            if let Some(at) = *place {
                claimed[at] = true;
            }
        }
    }
    places
}

/// The header nearest to a wanted column, if it is near enough to be a slip.
pub(crate) fn nearest(column: &WantedColumn, names: &[String]) -> Option<String> {
    let candidates = names.iter().filter_map(|name| {
        let folded = fold(name);
        let near = |spelling: &str| {
            let wanted = fold(spelling);
            distance(&wanted, &folded, (wanted.chars().count() / 3).clamp(1, 4))
        };
        spellings(column).filter_map(near).min().map(|far| (far, name))
    });
    candidates.min_by_key(|(far, _)| *far).map(|(_, name)| name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&[&str]]) -> Vec<RawRow> {
        let make = |(at, cells): (usize, &&[&str])| {
            let mut row = RawRow::default();
            row.begin(at as u64 + 1);
            cells.iter().for_each(|cell| row.push(cell));
            row
        };
        lines.iter().enumerate().map(make).collect()
    }

    fn column(header: &str, required: bool) -> WantedColumn {
        WantedColumn { header: header.to_owned(), aliases: vec![], required }
    }

    #[test]
    fn guesses() {
        let cases: &[(&[&[&str]], Option<usize>)] = &[
            (&[&["id", "name"], &["1", "a"]], Some(0)),
            (&[&["1", "english"], &["2", "x"], &["3", "german"]], None),
            (&[&["2", "x"]], None),
            (&[&["id", "100022"], &["id1", "TRUE"], &["id2", "TRUE"]], Some(0)),
            (&[&["Musei", "2011"], &["A", "23.8"], &["B", "in restauro"]], Some(0)),
            (&[&["id", "1", "2"], &["name", "de", "fr"], &["population", "83", "66"]], Some(0)),
            (
                &[
                    &["Pensions, Guntur"],
                    &[],
                    &["id", "name", "amount"],
                    &["1", "a", "5"],
                    &["2", "b", "6"],
                ],
                Some(2),
            ),
            (&[&["# made today"], &["f1", "f2"], &["11", "12"]], Some(1)),
            (&[&["name"], &["Ravi"], &["Sita"]], Some(0)),
            (&[&["9440000001"], &["9440000002"]], None),
            (&[], None),
        ];
        for (lines, expected) in cases {
            assert_eq!(guess(&rows(lines)), *expected, "{lines:?}");
        }
    }

    #[test]
    fn best_row_has_all_required() {
        let rows =
            rows(&[&["Name of office"], &["Name"], &["S.No", "NAME", "Amount"], &["1", "x", "2"]]);
        let wanted = [column("Name", true), column("amount", true), column("Age", false)];
        let found = best(&rows, &wanted).unwrap();
        assert_eq!((found.index, found.score, found.lacks), (2, 2, None));
        let found = best(&rows, &[column("Name", true), column("Village", true)]).unwrap();
        assert_eq!((found.index, found.lacks), (1, Some(1)));
    }

    #[test]
    fn names_and_mapping() {
        let rows = rows(&[&["id", "", "Name", "Name", "row", "Mother\nName"]]);
        let names = unique_names(rows.first(), 6, &["row"]);
        assert_eq!(names, ["id", "column_2", "Name", "Name_2", "row_2", "Mother Name"]);
        let wanted = [column("NAME", true), column("Name", true), column("gone", false)];
        assert_eq!(map(&names, &wanted), [None, Some(2), None]);
        assert_eq!(nearest(&column("Mothr name", true), &names), Some("Mother Name".to_owned()));
        assert_eq!(nearest(&column("Bank account", true), &names), None);
    }
}
