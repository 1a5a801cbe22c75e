//! Match models, weights.

use milaan_model::matching::{Comparator, LevelTest};

use super::fixture::{Folder, check};

const MODEL: &str = "hub/match/person_v1.toml";
const WEIGHTS_FILE: &str = "hub/match/person_v1.weights.toml";

#[test]
fn as_written() {
    let pipeline = Folder::new().load().unwrap();
    let model = &pipeline.model;
    assert_eq!(model.id.as_str(), "person_v1");
    assert_eq!(model.household_keys, ["ration_card"]);
    assert_eq!((model.blocking[0].block_rows_max, model.blocking[1].block_rows_max), (200, 50));
    let keys: Vec<_> =
        model.blocking[0].keys.iter().map(|key| (key.column.as_str(), key.each)).collect();
    assert_eq!(keys, [("person_name_keys", true), ("birth_date_year", false)]);
    let id = &model.comparisons[0];
    assert_eq!((id.comparator, id.levels[0].identity), (Comparator::NationalId, true));
    assert_eq!(id.levels[1].test, LevelTest::Is(vec!["one_digit".into(), "swapped".into()]));
    let name = &model.comparisons[1];
    assert_eq!(name.levels[1].test, LevelTest::AtLeast(0.88));
    assert_eq!((&name.levels[2].test, name.levels[2].contradicts), (&LevelTest::Else, true));
    assert!((model.bands.ambiguous_margin_bits - 3.0).abs() < f64::EPSILON);
    assert!(pipeline.weights.bits("person_name", "same").is_some_and(|bits| bits > 9.0));
}

const BLOCKING: &str = r#"
- id = "person_v1"
+ id = "person_v2"
! 1: the model `person_v2` lies in a file named `person_v1` | write `id = "person_v1"`, or rename the file
! hub/match/person_v1.weights.toml:1: these are weights of `person_v1`, not of `person_v2`

- ["ration_card"]
+ ["rice_card"]
! 2: `rice_card` is no canonical column | did you mean `ration_card`? near too: `province_code`, `given_name`

- ["ration_card"]
+ ["person_name_keys[]"]
! 2: the household key `person_name_keys` is a list

- birth_date_year
+ birth_year
! 6: `birth_year` is no canonical column | did you mean `birth_date_year`? near too: `birth_date_years`, `birth_date`

- birth_date_year
+ birth_date_year[]
! 6: `birth_date_year` is no list | write `birth_date_year`

- birth_date_year
+ national_id_sealed
! 6: `national_id_sealed` is sealed and cannot be a key

- birth_date_year
+ person_name_keys[]
! 6: the key `person_name_keys` is there twice

- person_name_keys[]
+ person_name_keys
! 6: `person_name_keys` is a list | write `person_name_keys[]`: each of its elements is a key

- member_code
+ membr_code
! 10: `membr_code` is no canonical column | did you mean `member_code`? near too: `mandal_code`, `tehsil_code`

- keys = ["member_code"]
+ keys = []
! 10: `keys` is empty

- = 50
+ = 0
! 11: `block_rows_max` must be 1 or more, not 0

- "members"
+ "names"
! 9: blocking `names` is there twice (line 5)

- "members"
+ "The Members"
! 9: `The Members` is not a name: use lower-case letters, digits, `_` and `-`, a letter first, at most 48 characters | for example `the_members`
"#;

#[test]
fn blocking() {
    check(MODEL, BLOCKING);
}

const COMPARISONS: &str = r#"
- comparator = "name"
+ comparator = "nam"
! 25: `comparator` cannot be `nam` | did you mean `name`?

- comparator = "name"
+ comparator = "numeric"
! 26: the comparator `numeric` cannot compare `person_name` | for it there are `exact`, `name`, `digits`, `jaro_winkler`, `levenshtein`
! 28: `at_least` does not fit the comparator `numeric` | use `at_most`
! 29: `at_least` does not fit the comparator `numeric` | use `at_most`

- comparator = "place"
+ comparator = "exact"
! 36: the comparator `exact` takes one column, not 2
! 38: the comparator never says `village` | one of `equal`, `different`
! 39: the comparator never says `district` | one of `equal`, `different`

- ["person_name"]
+ ["person_name_key"]
! 26: no list has a column `person_name_key` | did you mean `person_name`? near too: `given_name`, `pension_identifier`

- ["person_name"]
+ []
! 26: `columns` is empty

- ["person_name"]
+ ["person_name", "surname"]
! 26: the comparator `name` takes one column, not 2

- ["village", "district"]
+ ["village", "village", "district"]
! 36: the column `village` is there twice

- ["village", "district"]
+ ["village"]
! 39: the comparator never says `district` | one of `village`, `different`

- name = "place"
+ name = "person_name"
! 34: comparison `person_name` is there twice (line 24)

- [[comparison]]
+ [[comparision]]
! 13: unknown key `comparision` | did you mean `comparison`?
"#;

#[test]
fn comparisons() {
    check(MODEL, COMPARISONS);
}

const LEVELS: &str = r#"
- at_least = 0.88
+ at_least = 0.98
! 29: the level `close` can never be reached | the level `same` takes all from 0.97 before: closest first

- at_least = 0.88
+ at_least = 0
! 29: `at_least` must be above 0 and at most 1, not 0

- at_least = 0.88
+ at_least = 1.5
! 29: `at_least` must be above 0 and at most 1, not 1.5

- at_least = 0.88
+ at_most = 2
! 29: `at_most` does not fit the comparator `name` | use `at_least`

- at_least = 0.88
+ at_least = 0.88, is = ["equal"]
! 29: the level `close` has more than one test

- , at_least = 0.88
+
! 29: the level `close` has no test | only the last level has no test

- , contradicts = true
+ , at_least = 0.2
! 30: the last level `different` has a test | add a level without a test: what no other one takes

- , contradicts = true
+ , identity = true
! 30: `identity` has no meaning here | only the comparator `national_id` says that two are one person

- identity = true
+ identity = true, contradicts = true
! 18: a level is either `identity` or `contradicts`

- identity = true
+ identity = "yes"
! 18: `identity` must be true or false, not text

- ["one_digit", "swapped"]
+ ["one_digit", "swaped"]
! 19: the comparator never says `swaped` | did you mean `swapped`?

- ["one_digit", "swapped"]
+ ["one_digit", "equal"]
! 19: `equal` never reaches the level `near` | the level `equal` takes it before

- ["one_digit", "swapped"]
+ ["one_digit", "swapped", "different"]
! 20: the level `different` can never be reached | the levels before it take every word of the comparator

- is = ["district"]
+ is = ["mandal"]
! 39: the comparator never says `mandal` | one of `village`, `district`, `different`

- { name = "close"
+ { name = "same"
! 29: level `same` is there twice (line 28)
"#;

#[test]
fn levels() {
    check(MODEL, LEVELS);
}

const BANDS: &str = r#"
- 0.99
+ 0.4
! 44: `accept_probability` (0.4) must be above `review_probability` (0.5)

- 0.99
+ 1
! 44: `accept_probability` must be between 0 and 1, not 1

- = 0.5
+ = "half"
! 45: `review_probability` must be a number, not text

- = 3
+ = -1
! 46: `ambiguous_margin_bits` must be 0 or more, not -1

- [bands]
+ [band]
! 43: unknown key `band` | did you mean `bands`?
"#;

#[test]
fn bands() {
    check(MODEL, BANDS);
}

const WEIGHTS: &str = r#"
- model = "person_v1"
+ model = "person_v2"
! 1: these are weights of `person_v2`, not of `person_v1`

- 0.8\n
+ 101\n
! 2: `expected_found` must be above 0 and at most 100, not 101

- close = {
+ closer = {
! 9: the level `close` of `person_name` has no weight | `milaan train` writes the weights
! 11: `person_name` has no level `closer` | did you mean `close`?

- close = { m = 0.25, u = 0.003 }\n
+
! 9: the level `close` of `person_name` has no weight | `milaan train` writes the weights

- [levels.place]
+ [levels.places]
! 4: the comparison `place` has no weights | `milaan train` writes the weights
! 14: the model has no comparison `places` | did you mean `place`?

- m = 0.70
+ m = 0.60
! 9: the m of `person_name` add up to 0.9000, not 1

- m = 0.70
+ m = 0
! 10: `m` must be above 0 and at most 1, not 0

- , u = 0.001
+
! 10: `u` is missing in level `same`

- u = 0.78
+ u = 0.2
! 14: the u of `place` add up to 0.4200, not 1
"#;

#[test]
fn weights() {
    check(WEIGHTS_FILE, WEIGHTS);
}

#[test]
fn missing_files() {
    let folder = Folder::new();
    folder.remove(WEIGHTS_FILE);
    assert_eq!(
        folder.problems(),
        [
            "hub/match/person_v1.weights.toml: the weights of the match model are missing | `milaan train` writes them"
        ]
    );
    let folder = Folder::new();
    folder.replace("hub/pipeline.toml", "person_v1", "persn_v1");
    assert_eq!(
        folder.problems(),
        [
            "hub/pipeline.toml:6: there is no match model `match/persn_v1.toml` | did you mean `person_v1.toml`?"
        ]
    );
}
