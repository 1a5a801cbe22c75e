//! Columns behind the last named one, as remarks are that somebody wrote beside a table: kept where rows show that they are
//! columns, since a delimiter too many in a row makes a cell there as well.

use std::collections::HashSet;

use crate::fold::is_value;
use crate::layout::{Looked, typed_columns};
use crate::row::RawRow;

/// So many rows have a cell there, at least.
const ROWS_MIN: usize = 3;
/// And where no column of values shows that a row's cells stand where they should, one of so many.
const SHARE_UNTYPED: usize = 10;

/// How many columns the table has, the unnamed ones behind `named` included.
pub(crate) fn width(records: Looked<'_>, named: usize) -> usize {
    let rows = records.rows;
    let is_wide = |row: &RawRow| row.problem.is_none() && row.extent() > named;
    if rows.iter().filter(|row| is_wide(row)).count() < ROWS_MIN {
        return named;
    }
    let is_usual = |row: &RawRow| {
        row.problem.is_none() && row.extent() <= named && row.filled().count() * 2 > named
    };
    let usual: Vec<RawRow> = rows.iter().filter(|row| is_usual(row)).cloned().collect();
    let typed = typed_columns(&usual);
    // A delimiter too many behind the last column of values moves texts alone: there the last named column has to hold what it
    // holds elsewhere.
    let last = named.saturating_sub(1);
    let shows_moves = typed.last() == Some(&last);
    let known: HashSet<&str> = if shows_moves {
        HashSet::new()
    } else {
        usual.iter().map(|row| row.cell(last).unwrap_or_default()).collect()
    };
    let fits = |row: &RawRow| {
        let mut cells = typed.iter().filter_map(|&at| row.cell(at));
        (typed.is_empty() || cells.next().is_some_and(is_value) && cells.all(is_value))
            && (shows_moves || known.contains(row.cell(last).unwrap_or_default()))
    };
    // Rows of another table stand together: those of this one have its other rows about them.
    let (mut extents, mut within, mut at) = (Vec::new(), false, 0);
    while at < rows.len() {
        let from = at;
        while at < rows.len() && is_wide(&rows[at]) && (at == from || !records.gap(at)) {
            at += 1;
        }
        let (above, below) = (
            from.checked_sub(1).is_some_and(|above| is_usual(&rows[above]) && !records.gap(from)),
            rows.get(at).is_some_and(|row| is_usual(row) && !records.gap(at)),
        );
        if above || below {
            extents.extend(rows[from..at].iter().filter(|row| fits(row)).map(RawRow::extent));
        }
        within |= at > from && below && (above || from == 0);
        at = at.max(from + 1);
    }
    let least = if typed.is_empty() { rows.len().div_ceil(SHARE_UNTYPED) } else { 0 };
    extents.sort_unstable_by(|a, b| b.cmp(a));
    let all = rows.iter().filter(|row| is_wide(row)).count();
    let most_fit = extents.len() * 5 >= all * 4;
    match extents.get(ROWS_MIN.max(least) - 1) {
        Some(&width) if within && most_fit => width,
        _ => named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::testing::rows;

    fn check(text: &str, named: usize, expected: usize) {
        let (rows, gaps) = rows(text);
        assert_eq!(width(Looked { rows: &rows, gaps: &gaps }, named), expected, "{text}");
    }

    #[test]
    fn columns_behind_the_last_named_one() {
        let plain = "1,a,5\n2,b,6\n3,c,7\n";
        check(&format!("{plain}4,d,8,seen\n{plain}5,e,9,seen\n{plain}6,f,1,seen\n{plain}"), 3, 4);
        // Two such rows are too few, and none where the table ends in them.
        check(&format!("{plain}4,d,8,seen\n{plain}5,e,9,seen\n{plain}"), 3, 3);
        check(&format!("{plain}4,d,8,x\n5,e,9,x\n6,f,1,x\n"), 3, 3);
        check(&format!("{plain}\n4,d,8,x\n5,e,9,x\n6,f,1,x\n\n{plain}"), 3, 3);
        // A delimiter too many moves the numbers.
        check(&format!("{plain}4,d,x,8\n{plain}5,e,x,9\n{plain}6,f,x,1\n{plain}"), 3, 3);
        // Behind the last number it moves texts alone: what the last column never held is no remark beside it.
        let texts = "1,new,paid\n2,old,held\n3,new,paid\n";
        check(
            &format!("{texts}4,new,paid,x\n{texts}5,old,held,x\n{texts}6,old,paid,x\n{texts}"),
            3,
            4,
        );
        check(&format!("{texts}4,a,b,paid\n{texts}5,c,d,held\n{texts}6,e,f,paid\n{texts}"), 3, 3);
        // Words alone: many rows have to say so.
        let words = "a,b,c\n".repeat(9);
        check(&format!("{words}a,b,c,x\na,b,c,x\na,b,c,x\n{words}"), 3, 4);
        check(&format!("{words}{words}a,b,c,x\na,b,c,x\na,b,c,x\n{words}{words}"), 3, 3);
    }
}
