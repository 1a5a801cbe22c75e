//! Years: values as any number, but where they name columns.

use crate::fold::{is_value, is_year};
use crate::row::RawRow;

/// Whether a row holds names and no values. Years are names where they follow one another: 2023, 2024.
pub(crate) fn is_names(row: &RawRow) -> bool {
    let values = || row.filled().filter(|(_, cell)| is_value(cell));
    values().next().is_none() || (values().all(|(_, cell)| is_year(cell)) && follow(row))
}

/// Whether a row of names and years stands over columns that hold something else: the table's first full row, or one that names
/// what the row above it leaves without name.
pub(crate) fn head(rows: &[RawRow], at: usize) -> bool {
    let row = &rows[at];
    let filled = row.filled().count();
    let topmost = || rows[..at].iter().all(|above| above.filled().count() < filled);
    let values = || row.filled().filter(|(_, cell)| is_value(cell));
    row.problem.is_none()
        && values().next().is_some()
        && values().all(|(column, cell)| is_year(cell) && !holds_years(&rows[at + 1..], column))
        && (topmost() || (row.cell(0).is_none() && follow(row)))
        && (values().count() < filled || follow(row))
}

/// Whether half of a column or more are years, where it holds anything.
pub(crate) fn holds_years(rows: &[RawRow], column: usize) -> bool {
    let cells = rows.iter().filter_map(|row| row.cell(column));
    let (years, all) =
        cells.fold((0, 0), |(years, all), cell| (years + usize::from(is_year(cell)), all + 1));
    all == 0 || years * 2 >= all
}

/// Whether a row's years are two or more, each one after or before the last.
fn follow(row: &RawRow) -> bool {
    let years = || row.filled().filter(|(_, cell)| is_year(cell));
    let years: Vec<i32> = years().filter_map(|(_, cell)| cell.parse().ok()).collect();
    let by = |step: i32| years.windows(2).all(|pair| pair[1] - pair[0] == step);
    years.len() > 1 && (by(1) || by(-1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::testing;

    fn rows(lines: &[&str]) -> Vec<RawRow> {
        testing::rows(&lines.join("\n")).0
    }

    #[test]
    fn years_that_name_columns() {
        for (line, names) in [
            ("State,2011,2012", true),
            ("State,2012,2011,2010", true),
            ("Kadapa,1950,2012", false),
            ("Kadapa,2000", false),
            ("State,2011,2012,7", false),
            ("name,amount", true),
        ] {
            assert_eq!(is_names(&rows(&[line])[0]), names, "{line}");
        }
    }

    #[test]
    fn headers_of_years() {
        assert!(head(&rows(&["State,2011", "A,23.8", "B,7"]), 0));
        assert!(head(&rows(&["Id,Amount,,Place", ",2024,2025,", "1,5,6,x", "2,7,8,y"]), 1));
        assert!(!head(&rows(&["pid,name,rs", "A0,Ali,2000", "A1,Zainab,500", "A2,G,500"]), 1));
        assert!(!head(&rows(&["dist,m,f", "Kadapa,2001,2002", "A,114,76"]), 1));
        // A column of years has a year at its top.
        assert!(!head(&rows(&["Ravi,1961", "Sita,1955"]), 0));
    }
}
