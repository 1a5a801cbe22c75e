//! A workbook's cell as text: what a person would write down, never what a float prints.

use std::fmt::Write;

use calamine::{Data, DataRef, ExcelDateTime};

/// A cell of a sheet that was read whole, as a streamed one.
pub(super) fn borrowed(data: &Data) -> DataRef<'_> {
    match data {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// The text of a cell; `None` for an empty one or an error.
pub(super) fn text<'a>(cell: &'a DataRef<'_>, scratch: &'a mut String) -> Option<&'a str> {
    scratch.clear();
    match cell {
        DataRef::SharedString(text) => return Some(text),
        DataRef::String(text) | DataRef::DurationIso(text) => return Some(text),
        DataRef::DateTimeIso(text) => return Some(without_midnight(text)),
        DataRef::Bool(value) => return Some(if *value { "TRUE" } else { "FALSE" }),
        DataRef::Int(value) => write(scratch, format_args!("{value}")),
        DataRef::Float(value) => number(*value, scratch),
        DataRef::DateTime(value) if value.is_duration() => duration(value.as_f64(), scratch),
        DataRef::DateTime(value) => date(value, scratch),
        DataRef::Error(_) | DataRef::Empty => return None,
    }
    Some(scratch)
}

fn write(scratch: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = scratch.write_fmt(text);
}

/// Whole numbers as digits alone, others in the shortest form of the 15 digits that a spreadsheet program knows (0.3, not
/// 0.30000000000000004); an exponent only where no person would write digits.
fn number(value: f64, scratch: &mut String) {
    let known = if value.fract() == 0.0 {
        value
    } else {
        write(scratch, format_args!("{value:.14e}"));
        let known = scratch.parse().unwrap_or(value);
        scratch.clear();
        known
    };
    if known == 0.0 {
        scratch.push('0');
    } else if (1e15..1e21).contains(&known.abs()) && known.fract() == 0.0 {
        // Digits behind the fifteenth are not the sheet's: written as a spreadsheet shows it, so that nobody takes it
        // for an id.
        write(scratch, format_args!("{known:.14e}"));
        let shown = std::mem::take(scratch);
        let (mantissa, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
        let mantissa = mantissa.trim_end_matches('0').trim_end_matches('.');
        write(scratch, format_args!("{mantissa}E+{exponent}"));
    } else if known.abs() >= 1e21 || known.abs() < 1e-7 {
        write(scratch, format_args!("{known:e}"));
    } else {
        write(scratch, format_args!("{known}"));
    }
}

/// The serial behind 9999-12-31.
const SERIAL_END: f64 = 2_958_466.0;
/// Of the calendar that counts from 1900; in it 0 is no day.
const FIRST_YEAR: u16 = 1900;

/// ISO date, with the time unless it is midnight; a time of no day is a time alone.
fn date(value: &ExcelDateTime, scratch: &mut String) {
    let (year, month, day, hour, minute, second, milli) = value.to_ymd_hms_milli();
    let serial = value.as_f64();
    let is_time_only = (0.0..1.0).contains(&serial) && serial > 0.0;
    // Below the calendar's first day and beyond its last a spreadsheet shows no date either: the number stays one.
    if !(0.0..SERIAL_END).contains(&serial) || (serial == 0.0 && year < FIRST_YEAR) {
        return number(serial, scratch);
    }
    if !is_time_only {
        write(scratch, format_args!("{year:04}-{month:02}-{day:02}"));
        if (hour, minute, second, milli) == (0, 0, 0, 0) {
            return;
        }
        scratch.push('T');
    }
    write(scratch, format_args!("{hour:02}:{minute:02}:{second:02}"));
    if milli > 0 {
        write(scratch, format_args!(".{milli:03}"));
    }
}

/// Hours, minutes and seconds that may pass a day.
fn duration(days: f64, scratch: &mut String) {
    let millis = (days.abs() * 86_400_000.0).round() as u64;
    let (seconds, milli) = (millis / 1000, millis % 1000);
    let sign = if days < 0.0 { "-" } else { "" };
    write(
        scratch,
        format_args!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
    );
    if milli > 0 {
        write(scratch, format_args!(".{milli:03}"));
    }
}

/// A date without a time that says nothing.
pub(super) fn without_midnight(text: &str) -> &str {
    match text.split_once('T') {
        Some((day, time)) if time.chars().all(|c| matches!(c, '0' | ':' | '.' | 'Z')) => day,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{CellErrorType, ExcelDateTimeType};

    #[test]
    fn cells() {
        let moment = |value| {
            DataRef::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false))
        };
        let span = |value| {
            DataRef::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::TimeDelta, false))
        };
        for (cell, expected) in [
            (DataRef::Float(234_123_412_346.0), Some("234123412346")),
            (DataRef::Float(12.5), Some("12.5")),
            (DataRef::Float(0.1 + 0.2), Some("0.3")),
            (DataRef::Float(-0.0), Some("0")),
            (DataRef::Float(1_234_567_890_123_456_800.0), Some("1.23456789012346E+18")),
            (DataRef::Float(2_000_000_000_000_000.0), Some("2E+15")),
            (DataRef::Float(999_999_999_999_999.0), Some("999999999999999")),
            (DataRef::Int(7), Some("7")),
            (moment(45943.0), Some("2025-10-13")),
            (moment(45943.5), Some("2025-10-13T12:00:00")),
            (moment(45943.541), Some("2025-10-13T12:59:02.400")),
            (moment(0.25), Some("06:00:00")),
            (moment(0.0), Some("0")),
            (moment(-5.0), Some("-5")),
            (moment(2_958_465.0), Some("9999-12-31")),
            (moment(2_958_466.0), Some("2958466")),
            (span(1.5), Some("36:00:00")),
            (DataRef::DateTimeIso("2021-01-01T00:00:00".to_owned()), Some("2021-01-01")),
            (DataRef::DateTimeIso("2021-01-01T10:00:00".to_owned()), Some("2021-01-01T10:00:00")),
            (DataRef::Bool(true), Some("TRUE")),
            (DataRef::Error(CellErrorType::NA), None),
            (DataRef::Empty, None),
        ] {
            assert_eq!(text(&cell, &mut String::new()), expected, "{cell:?}");
        }
    }
}
