//! Columns of fixed width that nothing marks but their places: in every line a space stands where two of them meet.
//!
//! `12 Ravi Kumar Guntur` below `3  Sita       Eluru `: one space divides two columns as it divides two words, but only the
//! space between columns stands at the same place in all lines.

/// Lines that are looked at.
const LINES_MAX: usize = 400;
/// In fewer lines spaces stand below one another by chance.
const LINES_MIN: usize = 5;
/// A longer line is no line of such a table.
const LENGTH_MAX: usize = 4096;
/// Lines above the table, at most.
const TITLES_MAX: usize = 4;

/// For each character of a line whether it is something else than a space.
type Line = Vec<bool>;

/// The places of the spaces between columns, in characters; `None`: the text is no such table.
pub(super) fn columns(sample: &[u8]) -> Option<Vec<usize>> {
    let text = String::from_utf8_lossy(sample);
    let mut lines: Vec<Line> = Vec::new();
    for line in text.split('\n').map(str::trim_end).filter(|line| !line.is_empty()) {
        if line.contains('\t') || line.len() > LENGTH_MAX {
            return None;
        }
        lines.push(line.chars().map(|c| c != ' ').collect());
        if lines.len() == LINES_MAX {
            break;
        }
    }
    (0..=TITLES_MAX).find_map(|titles| of_table(lines.get(titles..)?))
}

/// The same of the lines of a table alone.
fn of_table(lines: &[Line]) -> Option<Vec<usize>> {
    if lines.len() < LINES_MIN {
        return None;
    }
    let columns = runs(lines);
    // Something has to be padded, else the file is divided by spaces.
    let padded = lines.iter().filter(|line| line.windows(2).any(|pair| pair == [false; 2])).count();
    let fits = |&(from, to): &(usize, usize)| {
        let cells = || cells(lines, from, to);
        let left = cells().all(|cell| cell[0]);
        left || cells().all(|cell| cell.len() == to - from && cell[to - from - 1])
    };
    let is_table = columns.len() > 1 && padded * 4 >= lines.len() && columns.iter().all(fits);
    is_table.then(|| columns[1..].iter().map(|(from, _)| from - 1).collect())
}

/// The filled cells of a column.
fn cells(lines: &[Line], from: usize, to: usize) -> impl Iterator<Item = &[bool]> {
    lines
        .iter()
        .filter_map(move |line| line.get(from..to.min(line.len())))
        .filter(|cell| cell.contains(&true))
}

/// The columns: places that are filled in some line, side by side. Where the first line has nothing, the second words of
/// cells stand below one another, and where it alone has something, the second word of a name.
fn runs(lines: &[Line]) -> Vec<(usize, usize)> {
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    let is_filled = |at: usize| lines.iter().any(|line| line.get(at) == Some(&true));
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in (0..width).filter(|&at| is_filled(at)) {
        match runs.last_mut() {
            Some((_, end)) if *end == at => *end = at + 1,
            _ => runs.push((at, at + 1)),
        }
    }
    let mut columns: Vec<(usize, usize)> = Vec::new();
    for (from, to) in runs {
        let is_column =
            cells(&lines[..1], from, to).next().is_some() && cells(lines, from, to).count() > 1;
        match columns.last_mut() {
            Some((_, end)) if !is_column => *end = to,
            _ => columns.push((from, to)),
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_one() {
        let table = "id name       place\n1  Ravi Kumar Guntur\n2  Sita       Eluru\n3  Lila B     Nuzvid North\n4  Asha       Ongole\n";
        assert_eq!(columns(table.as_bytes()), Some(vec![2, 13]));
        let right = "id  amount place\n 1    1.50 Guntur\n12   22.50 Eluru\n 3  333.50 Ongole\n41 4444.50 Eluru\n";
        assert_eq!(columns(right.as_bytes()), Some(vec![2, 10]));
        for no in [
            "id name\n1  Ravi\n2  Sita\n",
            "Guntur district\nGuntur division\nGuntur dealer\nGuntur depot\nGuntur dam\n",
            "a b c\n1 2 3\n4 5 6\n7 8 9\n1 2 3\n4 5 6\n",
            "Ravi went home.\nSita, his wife, stayed.\nLila saw it all\nas  it happened\nto  them, alas\n",
        ] {
            assert_eq!(columns(no.as_bytes()), None, "{no}");
        }
    }
}
