//! `birth_columns`: All that a list keeps of a birth date, from one reading.

use std::fmt::Write as _;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Date32Builder, Int32Builder, ListBuilder, StringBuilder};
use datafusion::common::Result;
use milaan_kernels::date::Date;

use crate::birth;
use crate::bundle::{Part, parts};
use crate::shell::{Kind, ResultClass, Rows, SqlFunction};

/// See the module.
pub(super) const FUNCTION: SqlFunction = SqlFunction {
    name: "birth_columns",
    args: &[
        ("text", Kind::Text),
        ("age", Kind::Text),
        ("layout", Kind::Text),
        ("as_of", Kind::Date),
    ],
    variadic: false,
    returns: Kind::Parts(&[
        ("date", Kind::Date),
        ("precision", Kind::Text),
        ("year", Kind::Integer),
        ("latest", Kind::Date),
        ("years", Kind::TextList),
        ("issue", Kind::Text),
    ]),
    class: ResultClass::Inherit,
    doc: "birth_date, birth_date_precision, birth_year, birth_latest, birth_years and birth_date_issue, by one reading. NULL gives NULL parts",
    example: (
        "SELECT get_field(birth_columns('5-1-1980', NULL, 'dmy', DATE '2026-10-31'), 'year')",
        "1980",
    ),
    eval,
};

/// See [`FUNCTION`].
pub(super) const PARTS: &[Part] = &[
    Part { name: "date", function: "birth_date", args: &[0, 2, 3] },
    Part { name: "precision", function: "birth_date_precision", args: &[0, 1, 2, 3] },
    Part { name: "year", function: "birth_year", args: &[0, 1, 2, 3] },
    Part { name: "latest", function: "birth_latest", args: &[0, 1, 2, 3] },
    Part { name: "years", function: "birth_years", args: &[0, 1, 2, 3] },
    Part { name: "issue", function: "birth_date_issue", args: &[0, 2, 3] },
];

fn eval(rows: &Rows<'_>) -> Result<ArrayRef> {
    let mut dates = Date32Builder::with_capacity(rows.len());
    let mut precisions = StringBuilder::with_capacity(rows.len(), rows.len() * 4);
    let mut years = Int32Builder::with_capacity(rows.len());
    let mut latest = Date32Builder::with_capacity(rows.len());
    let mut all_years = ListBuilder::new(StringBuilder::with_capacity(rows.len(), rows.len() * 4));
    let mut issues = StringBuilder::new();
    for row in rows.iter() {
        let stated = birth::of_text(row, 0, 2, 3);
        let born = match stated {
            Some(Ok(born)) => Some(born),
            Some(Err(_)) => birth::of_year(row).or_else(|| birth::of_age(row)),
            None => birth::of_age(row),
        };
        dates.append_option(stated.and_then(|stated| stated.ok()?.date).map(Date::days));
        precisions.append_option(born.map(|born| born.precision.as_str()));
        years.append_option(born.map(|born| born.year));
        latest.append_option(born.and_then(|born| birth::latest(row, born)).map(Date::days));
        match born {
            Some(born) => {
                for year in birth::years(row, born) {
                    // A builder takes all that is written to it; the value ends with what is appended.
                    let _ = write!(all_years.values(), "{year}");
                    all_years.values().append_value("");
                }
                all_years.append(true);
            }
            None => all_years.append_null(),
        }
        issues.append_option(stated.and_then(Result::err));
    }
    let columns: Vec<ArrayRef> = vec![
        Arc::new(dates.finish()),
        Arc::new(precisions.finish()),
        Arc::new(years.finish()),
        Arc::new(latest.finish()),
        Arc::new(all_years.finish()),
        Arc::new(issues.finish()),
    ];
    parts(&FUNCTION, columns)
}
