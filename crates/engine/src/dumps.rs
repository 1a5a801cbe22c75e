//! Finding a source's dumps below the data folder.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use milaan_ingest::DumpFile;
use milaan_manifest::{Diagnostic, Source};

use crate::error::Error;
use crate::truth_file;

/// The files that a source's patterns match, by name. Hidden files and Excel's lock files (`~$…`) are not dumps; a truth is
/// refused aloud, for results that knew it would be worth nothing.
pub(crate) fn find(data: &Path, source: &Source) -> Result<Vec<DumpFile>, Error> {
    let patterns = patterns(source)?;
    let mut files = Vec::new();
    walk(data, data, &patterns, &mut files)?;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut truths = Vec::new();
    for file in &files {
        if truth_file::looks_like_truth(&file.path)? {
            truths.push(is_the_truth(source, &file.name));
        }
    }
    if truths.is_empty() { Ok(files) } else { Err(Error::Dumps(truths)) }
}

fn is_the_truth(source: &Source, name: &str) -> Diagnostic {
    Diagnostic {
        position: source.paths_position.clone(),
        message: format!(
            "source `{}` takes `{name}`, which is a truth: it says who is who, and only `milaan eval` may read it",
            source.id
        ),
        hint: Some("narrow `paths`, or move the file out of the data folder".to_owned()),
    }
}

/// That a source has no dump, said so that somebody can mend it.
pub(crate) fn missing(data: &Path, source: &Source) -> Diagnostic {
    Diagnostic {
        position: source.paths_position.clone(),
        message: format!(
            "source `{}` has no dump: nothing below `{}` matches {}",
            source.id,
            data.display(),
            source.paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(" or ")
        ),
        hint: Some(
            "put the dump there, mend `paths`, or let the source wait with `on_missing = \"use_last\"`"
                .to_owned(),
        ),
    }
}

fn patterns(source: &Source) -> Result<GlobSet, Error> {
    let bad = |error: globset::Error| {
        Error::Pipeline(vec![Diagnostic {
            position: source.paths_position.clone(),
            message: format!(
                "a pattern of source `{}` cannot be read: {}",
                source.id,
                error.kind()
            ),
            hint: None,
        }])
    };
    let mut set = GlobSetBuilder::new();
    for pattern in &source.paths {
        let glob = GlobBuilder::new(pattern).literal_separator(true).build().map_err(bad)?;
        set.add(glob);
    }
    set.build().map_err(bad)
}

fn walk(
    root: &Path,
    folder: &Path,
    patterns: &GlobSet,
    files: &mut Vec<DumpFile>,
) -> Result<(), Error> {
    let entries = std::fs::read_dir(folder).map_err(Error::io("cannot list", folder))?;
    for entry in entries {
        let path: PathBuf = entry.map_err(Error::io("cannot list", folder))?.path();
        let hidden = path.file_name().is_none_or(|name| {
            name.as_encoded_bytes().starts_with(b".") || name.as_encoded_bytes().starts_with(b"~$")
        });
        if hidden {
            continue;
        }
        // A linked folder may lead back here for ever, and a pipe never ends: only folders of the tree, and regular files.
        let kind = std::fs::symlink_metadata(&path).map_err(Error::io("cannot look at", &path))?;
        if kind.is_dir() {
            walk(root, &path, patterns, files)?;
            continue;
        }
        if !path.is_file() {
            continue;
        }
        let Ok(relative) = path.strip_prefix(root) else { continue };
        if patterns.is_match(relative) {
            let name = relative.to_string_lossy().replace('\\', "/");
            files.push(DumpFile { path, name });
        }
    }
    Ok(())
}

/// The run's date of reference where none is given: the newest date a source states, else the newest in a dump's name
/// (`…2026_10…`, `…2026-10-31…`), else the newest dump's modification day. Never today: a rerun must give the same.
pub(crate) fn as_of(stated: impl Iterator<Item = String>, files: &[DumpFile]) -> Option<String> {
    stated
        .max()
        .or_else(|| files.iter().filter_map(|file| date_in_name(&file.name)).max())
        .or_else(|| files.iter().filter_map(|file| modified_day(&file.path)).max())
}

fn date_in_name(name: &str) -> Option<String> {
    let numbers: Vec<&str> =
        name.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    numbers.windows(2).enumerate().find_map(|(at, pair)| {
        let year: i32 = pair[0].parse().ok().filter(|year| (1990..2100).contains(year))?;
        let month: u32 = pair[1].parse().ok()?;
        let day = numbers.get(at + 2).and_then(|day| day.parse().ok()).unwrap_or(1);
        chrono::NaiveDate::from_ymd_opt(year, month, day).map(|date| date.to_string())
    })
}

fn modified_day(path: &Path) -> Option<String> {
    let modified = std::fs::metadata(path).ok()?.modified().ok()?;
    Some(chrono::DateTime::<chrono::Utc>::from(modified).date_naive().to_string())
}

#[cfg(test)]
mod tests {
    use super::date_in_name;

    #[test]
    fn dates_in_names() {
        assert_eq!(date_in_name("pensions/pensions_2026_10.xlsx").as_deref(), Some("2026-10-01"));
        assert_eq!(date_in_name("a-2026-10-31.csv").as_deref(), Some("2026-10-31"));
        assert_eq!(date_in_name("list_15_2.csv"), None);
    }
}
