//! Profiles and the source files that are drafted from them.

use std::path::Path;

use milaan_model::Reading;

use super::{dump, wanting};
use crate::{DumpFile, Error, Profile, draft, head, profile, profile_alike};

fn of(bytes: &[u8]) -> Profile {
    let folder = tempfile::tempdir().unwrap();
    profile(&dump(folder.path(), "list.csv", bytes), &Reading::default()).unwrap()
}

#[test]
fn columns_are_guessed() {
    let list = "Pension No,Name,Father Name,Aadhaar No,Mobile,DOB,Gender,District,Amount,Remarks\n\
        1,Ravi,Raju,234123412346,9440000001,01-02-1961,M,Guntur,2750,\n\
        2,Sita,Rao,2.34E+11,9440000002,05-06-1955,F,Guntur,2750,new\n";
    let profile = of(list.as_bytes());
    let guesses: Vec<String> = profile
        .columns
        .iter()
        .map(|column| {
            let guess = &column.suspected;
            let role = guess.role.as_ref().map_or(String::new(), |role| format!(":{role}"));
            format!("{}{role}", guess.field)
        })
        .collect();
    assert_eq!(
        guesses,
        [
            "identifier:pension_no",
            "person_name",
            "relative_name",
            "national_id",
            "phone",
            "birth_date",
            "gender",
            "place:district",
            "benefit_amount",
            "text:remarks"
        ]
    );
    assert_eq!((profile.rows, profile.columns[9].filled), (2, 1));
    assert!(profile.columns[3].checks.contains(&("excel_precision_loss", 1)));
    assert_eq!((profile.columns[1].length_min, profile.columns[1].length_max), (4, 4));
    let shown = format!("{profile:?}");
    assert!(!shown.contains("Sita") && !shown.contains("234123412346"), "{shown}");
}

#[test]
fn a_draft_says_where_it_is_unsure() {
    let text = draft(&of(b"Id,Name,name,x\n1,Ravi,a,\n1,Ravi,a,\n"), "a b/list [1].csv").toml;
    let said =
        ["paths = [\"a b/list [[]1[]].csv\"]", "# ? no column is unique", "is named like another"];
    for line in said {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(text.contains("required = false }"), "{text}");
}

/// Every dump of the samples and of the public fixtures that can be read gets a source file that is accepted, and finds
/// its columns again.
#[test]
fn drafts_are_accepted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut accepted, mut seen) = (0, 0);
    for folder in ["sample-data", "../../shared/data", "../shared/data"] {
        let mut folders = vec![root.join(folder)];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                let small = path.metadata().unwrap().len() < 60_000;
                let dump = [".csv", ".xlsx", ".xls", ".xlsb", ".ods", ".tsv"];
                if small && dump.iter().any(|end| name.ends_with(end)) {
                    seen += 1;
                    accepted += usize::from(accept(&DumpFile { path, name }));
                }
            }
        }
    }
    assert!(accepted >= 10 && accepted * 2 > seen, "{accepted} of {seen}");
}

/// Whether the dump can be read; then its draft has to hold.
fn accept(file: &DumpFile) -> bool {
    let profile = match profile_alike(file, &Reading::default()) {
        Ok(profile) if !profile.columns.is_empty() => profile,
        _ => return false,
    };
    let draft = draft(&profile, &file.name);
    let source =
        milaan_manifest::parse_source(&draft.toml, Path::new(&format!("{}.toml", draft.id)))
            .unwrap_or_else(|problems| panic!("{}: {problems:?}\n{}", file.name, draft.toml));
    let again = head(file, &source.reading, 10);
    assert!(again.is_ok(), "{}: {:?}\n{}", file.name, again.err(), draft.toml);
    true
}

#[test]
fn wanted_columns_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = dump(folder.path(), "list.csv", b"Id,Name\n1,Ravi\n");
    let found = profile(&file, &wanting(&["*Name"])).unwrap();
    assert_eq!((found.columns.len(), found.columns[0].name.as_str()), (1, "Name"));
    assert!(matches!(profile(&file, &wanting(&["*Age"])), Err(Error::ColumnMissing { .. })));
}

#[test]
fn the_key_is_no_running_number() {
    let text = draft(&of(b"S.No,Card No,Name\n1,77,Ravi\n2,78,Sita\n"), "list.csv").toml;
    assert!(text.contains("key = [\"Card No\"] # unique in this dump"), "{text}");
}
